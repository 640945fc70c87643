"""Prose whose numbers are pointers into registered tables.

A pointer stands between braces: ``{got[network].share}`` is the share in the row "network" of
the table "got". Rows are named by their key (several keys with a comma: ``[3,network]``), by
rank in the table as shown (``[#1]``, ``[#2-#4]``, ``[#last]``; "Anders" has no rank), or by a
condition (``[direction=up]``, ``[max=share]``, ties included); a table of one row needs none
(``{directions.n_up}``). Several rows give a list in words.
A format may follow: ``{got[network].share:words}`` is the share in words by the scale of
study.toml, ``{directions.n:words}`` a count in letters, and ``{codes[x].n_sources:quantifier}``
a number of the sources of its row by the scale for those ("enkele van de 13"): its verb may be
singular or plural, so that it stands best after a preposition ("genoemd door", "in"). What goes
along with a count of one and with any other stands in ``{table[row].n?is|zijn}``.
``{tab:got}`` and ``{fig:got}`` are cross-references, ``{param.wave}`` names a parameter in
words, ``{item:q4_got}`` is the wording of an item, ``{wave:3}`` and ``{phase:1}`` their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.fieldwork.sources import quantifier
from copanalysis.report.cells import hidden_cells, wholly_hidden
from copanalysis.report.columns import KNOWN
from copanalysis.report.markup import slug
from copanalysis.report.numbers import HIDDEN, SHOWS, in_words, join_words, show
from copanalysis.report.objects import Released
from copanalysis.study.measurement import NotMeasured

POINTER = re.compile(
    r"\{([a-z]\w*)(?:\[([^\]{}]*)\])?(?:([.:])(\w+))?(?::(\w+)|\?([^|{}\d]*)\|([^|{}\d]*))?\}"
)
FORMATS = ("words", "quantifier", *SHOWS)
REFERENCES = ("tab", "fig", "item", "wave", "phase")
SENTENCES = re.compile(
    r"(?<=[.!?])(?=\s+[A-Z\u201c\u2018{])"
)  # a sentence with the space before it
LEFT_OUT = "(Niet getoond: {} met aantallen die naar personen kunnen leiden.)"
BRACES = re.compile(r"\{[^{}]*\}")
HEADING = re.compile(r"^#{1,6}\s.*$", re.M)
NOT_TYPED = re.compile(
    r"`[^`]*`"  # code and ids
    r"|!?\[[^\]]*\]\([^)]*\)"  # links
    r"|\[(?:§|B\d)[^\]]*\]"  # citations: [§ 4.2.1], [B3]
    r"|\b[A-Za-z]+\d+\b"  # names that end in a number: Wi2021
    r"|^\s*\d+\.\s(?=\S)",  # the mark of a numbered list
    re.M,
)


@dataclass(frozen=True)
class Number:
    """One number in the text: the pointer as written, the cells it names, what is shown.

    ``words`` says that it is no number but the words of a cell; ``of`` says in Dutch what the
    text is, ``cell`` which notebook cell holds it.
    """

    pointer: str
    table: str
    rows: tuple[str, ...]
    column: str
    shown: str
    words: bool = False
    of: str = ""
    cell: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The pointer without its braces: what names the number within its page."""
        return self.pointer.strip("{}")

    @property
    def anchor(self) -> str:
        """The id of its definition on the page."""
        return number_anchor(self.id)


def number_anchor(id: str) -> str:
    """The id that the definition of a number has on its page."""
    return f"num-{slug(id.replace('#', 'nr-').replace('=', '-is-'))}"


def typed_numbers(text: str) -> list[str]:
    """Digits in prose that no pointer, heading, id, citation or link accounts for."""
    bare = NOT_TYPED.sub(" ", HEADING.sub(" ", BRACES.sub(" ", text)))
    return re.findall(r"\S*\d\S*", bare)


def resolve(
    text: str,
    *,
    find: Callable[[str], Released | NotMeasured],
    reference: Callable[[str, str], str],
    words: dict[str, str],
    scales: Mapping[str, list],
    whole: bool = True,
) -> tuple[str, list[Number]]:
    """The text with every pointer filled in, as Markdown, and the numbers that it shows.

    ``find`` gives a registered table by id, ``reference`` the text of a cross-reference by
    kind and id, ``words`` the parameters in words, ``scales`` are the scales "shares" and
    "quantifiers" of study.toml [words]. A paragraph that points into a table that
    could not be measured is replaced by the reason. Unless the text must stay ``whole``, as a
    title must, a sentence with a hidden number is left out and the paragraph says so. Raises one
    CopanalysisError that lists every typed number and every pointer that leads nowhere.
    """
    problems = [
        Problem("prose", repr(n), "a pointer such as {table[row].column}", "point to a table")
        for n in typed_numbers(text)
    ]
    numbers: list[Number] = []
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        sentences = [
            _Sentence(sentence, find, reference, words, scales)
            for sentence in SENTENCES.split(paragraph)
        ]
        problems += [problem for sentence in sentences for problem in sentence.problems]
        shown = [sentence for sentence in sentences if whole or not sentence.hidden]
        numbers += [number for sentence in shown for number in sentence.numbers]
        paragraphs.append(_paragraph(sentences, shown))
    if problems:
        raise CopanalysisError("This prose cannot be shown.", problems)
    return "\n\n".join(paragraphs), numbers


def _paragraph(sentences: Sequence[_Sentence], shown: Sequence[_Sentence]) -> str:
    """The sentences shown, and that others are not; of what was not measured the reasons."""
    reasons = [f"{str(r).rstrip('.')}." for sentence in sentences for r in sentence.not_measured]
    if reasons:
        return "\n".join(dict.fromkeys(reasons))
    text, left_out = "".join(sentence.text for sentence in shown), len(sentences) - len(shown)
    if not left_out:
        return text
    counted = "één zin" if left_out == 1 else f"{in_words(left_out)} zinnen"
    return f"{text.strip()} {LEFT_OUT.format(counted)}".lstrip()


class _Sentence:
    """A sentence with its pointers filled in, and what they led to."""

    def __init__(self, text: str, find, reference, words, scales) -> None:
        self.find, self.reference = find, reference
        self.words, self.scales = words, scales
        self.problems: list[Problem] = []
        self.numbers: list[Number] = []
        self.not_measured: list[NotMeasured] = []
        self.hidden = False
        self.text = BRACES.sub(self.fill, text)

    def fill(self, match: re.Match) -> str:
        pointer = match.group()
        parsed = POINTER.fullmatch(pointer)
        try:
            if parsed is None:
                raise _refused("no pointer", "{table[row].column}, {tab:id}, {fig:id}")
            return self._text(pointer, *parsed.groups())
        except CopanalysisError as error:
            for p in error.problems or (Problem("", error.summary, "a pointer", "correct it"),):
                self.problems.append(Problem(f"prose, {pointer}", p.found, p.expected, p.fix))
            return pointer

    def _text(self, pointer, name, row, mark, part, format, one, many) -> str:
        if mark == ":" and name in REFERENCES:
            return self.reference(name, part)
        if name == "param":
            if part not in self.words:
                raise _refused(f"parameter {part!r}", "one of " + ", ".join(self.words))
            return self.words[part]
        table = self.find(name)
        if not table:
            self.not_measured.append(table)
            return ""
        if mark != "." or part not in table.data:
            raise _refused(f"column {part!r}", "one of " + ", ".join(table.data.columns))
        if format and format not in FORMATS:
            raise _refused(f"format {format!r}", "one of " + ", ".join(FORMATS))
        if one is not None:
            return one if _is_one(table, select_rows(table, row), part) else many
        if wholly_hidden(table):  # also no label: which row is the largest tells too
            self.hidden = True
            return HIDDEN
        chosen = select_rows(table, row)
        shown = [self._shown(table, i, part, format) for i in chosen.index]
        text = join_words(dict.fromkeys(shown)) if shown else "geen enkele"
        row_keys = table.row_keys
        keys = tuple(row_keys[table.data.index.get_loc(i)] for i in chosen.index)
        words = (table.formats.get(part) or _kind_of(part)) == "text"
        number = Number(pointer, name, keys, part, text, words=words)
        self.numbers.append(number)
        return text if words or not keys else _linked(number)

    def _shown(self, table: Released, index, column: str, format: str | None) -> str:
        place = table.data.index.get_loc(index)
        if hidden_cells(table, column)[place]:
            self.hidden = True
            return HIDDEN
        value = table.data.at[index, column]
        kind = table.formats.get(column) or _kind_of(column)
        if format == "words":
            return _in_words(value, kind, self.scales["shares"])
        if format == "quantifier":
            return self._quantifier(table, index, value)
        return show(value, format or kind)

    def _quantifier(self, table: Released, index, value) -> str:
        """A number of the sources in its row in words: "een aantal van de 13"."""
        if "base" not in table.data or pd.isna(value):
            raise _refused("a quantifier without its base", "a count in a row with a base")
        base = int(table.data.at[index, "base"])
        return f"{quantifier(int(value), base, scale=self.scales['quantifiers'])} {base}"


def select_rows(table: Released, selector: str | None) -> pd.DataFrame:
    """The rows that a pointer names; CopanalysisError says which there are when none fits."""
    data = table.data
    if selector is None:
        if len(data) != 1:
            raise _refused("no row", f"a row of {table.id}: {_known_rows(table)}")
        return data
    if selector.startswith("#"):
        return _by_rank(data, selector)
    if selector.startswith("max="):
        column = selector.removeprefix("max=")
        if column not in data or data[column].dtype.kind in "OU":
            raise _refused(f"column {column!r}", "a column with numbers")
        if data[column].isna().all():  # as of codes on which coders agree nowhere
            return data.iloc[:0]
        return data[data[column].eq(data[column].max())]
    if "=" in selector:
        column, _, value = selector.partition("=")
        if column not in data:
            raise _refused(f"column {column!r}", "one of " + ", ".join(data.columns))
        return data[data[column].astype(str).eq(value)]
    keys = table.row_keys
    if selector not in keys:
        raise _refused(f"row {selector!r}", f"a row of {table.id}: {_known_rows(table)}")
    return data.iloc[[keys.index(selector)]]


def _by_rank(data: pd.DataFrame, selector: str) -> pd.DataFrame:
    ranked = data[data["option"].ne("other")] if "option" in data else data
    ranks = re.fullmatch(r"#(\d+)(?:-#(\d+))?", selector.replace("#last", f"#{len(ranked)}"))
    first, last = (int(ranks[1]), int(ranks[2] or ranks[1])) if ranks else (0, 0)
    if not 1 <= first <= last <= len(ranked):
        raise _refused(f"rank {selector}", f"#1 to #{len(ranked)}, or #last")
    return ranked.iloc[first - 1 : last]


def _known_rows(table: Released) -> str:
    keys = table.row_keys
    return ", ".join(keys[:12]) + (" ..." if len(keys) > 12 else "")


def _is_one(table: Released, chosen: pd.DataFrame, column: str) -> bool:
    kind = table.formats.get(column) or _kind_of(column)
    if kind != "count":
        raise _refused(f"words for one and many by a {kind}", "a count")
    return len(chosen) == 1 and bool(chosen[column].eq(1).all())


def _linked(number: Number) -> str:
    return f'<a class="number" href="#{number.anchor}">{number.shown}</a>'


def unlinked(text: str) -> str:
    """Filled prose without the links behind its numbers and references, for titles."""
    return re.sub(r"</?a\b[^>]*>", "", text)


def text_paragraphs(filled: str) -> list[str]:
    """The paragraphs of filled prose as a reader sees them, for the manifest."""
    return unlinked(filled).split("\n\n")


def _kind_of(column: str) -> str:
    if column in ("ci_low", "ci_high") or column.startswith("share"):
        return "share"
    return KNOWN.get(column, ("", "count" if column.startswith("n_") else "text"))[1]


def _in_words(value, kind: str, share_words: list) -> str:
    if pd.isna(value):
        return show(value, "text")
    if kind == "share":
        return next(words for limit, words in share_words if value <= limit + 1e-12)
    if kind == "count":
        return in_words(value)
    raise _refused(f"words for a {kind}", "words for a share or a count")


def _refused(found: str, expected: str) -> CopanalysisError:
    return CopanalysisError("", [Problem("", found, expected, "correct the pointer")])
