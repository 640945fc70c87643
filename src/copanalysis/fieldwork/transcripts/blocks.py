"""Paragraphs and tables of a word processor turned into lines of a conversation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from copanalysis.errors import Problem
from copanalysis.fieldwork.transcripts.header import interviewers, is_header_table, without_header
from copanalysis.fieldwork.transcripts.labels import (
    MOST_WORDS,
    folded,
    label_of,
    looks_like_a_name,
    role_of_word,
)
from copanalysis.fieldwork.transcripts.lines import spoken_of
from copanalysis.fieldwork.transcripts.oddities import header_note
from copanalysis.fieldwork.transcripts.spoken import Line, Reading, spots
from copanalysis.fieldwork.transcripts.tables import Row, lines_of_table


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its place in the document (1, 2, ...), its text in runs, bold or not."""

    place: int
    runs: tuple[tuple[str, bool], ...]
    heading: bool = False

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)


@dataclass(frozen=True)
class Table:
    rows: tuple[Row, ...]


@dataclass
class Marks:
    """The places of what stands in a document beside its running text."""

    insertions: list[int] = field(default_factory=list)
    deletions: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    footnotes: list[int] = field(default_factory=list)
    boxes: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)


TOLD = {
    "insertions": ("{n} tracked insertion(s), kept", "note"),
    "deletions": ("{n} tracked deletion(s), left out", "warning"),
    "comments": ("{n} comment(s), not read as what was said", "note"),
    "footnotes": ("{n} footnote(s) or endnote(s), not read as what was said", "note"),
    "boxes": ("{n} text box(es) or embedded document(s), whose text is not read", "warning"),
    "hidden": ("{n} piece(s) of hidden text, left out", "warning"),
}
FIXES = {
    "insertions": "nothing; accept or reject the changes to settle them",
    "deletions": "nothing; reject a deletion in the word processor if the words were said",
    "boxes": "move what was said into the running text",
    "hidden": "show the text in the word processor and keep or delete it",
}


def cell_text(blocks: Iterable[Paragraph | Table]) -> str:
    """The text of what stands in a cell of a table, a line per paragraph."""
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            texts.append(block.text)
        else:
            texts += [text for row in block.rows for text in row.cells]
    return "\n".join(text for text in texts if text.strip())


def reading_of(
    blocks: Sequence[Paragraph | Table],
    marks: Marks,
    *,
    format: str,
    name: str,
    known: Collection[str],
) -> Reading:
    """The conversation in the blocks of a document, and all that was not read as such."""
    headings = [b.place for b in blocks if isinstance(b, Paragraph) and b.heading]
    body = [b for b in blocks if not (isinstance(b, Paragraph) and b.heading)]
    telling = [b for b in body if isinstance(b, Table) and is_header_table(_cells(b))]
    about_it = {id(table) for table in telling}
    rest = [b for b in body if id(b) not in about_it]
    lines, unread = _lines(rest, known)
    fields, length = without_header(lines)
    about = [line.place for line in lines[:length]]
    about += [row.place for table in telling for row in table.rows]
    fields += [(row[0], row[1]) for table in telling for row in _cells(table)]
    spoken, doubts = spoken_of(lines[length:], name=name, unit="paragraph", known=known)
    problems = [*_headings(headings, name), *header_note(name, "paragraph", about)]
    problems += [*_marked(marks, name), *_unread(unread, name), *doubts]
    problems += _bold_questions(rest, lines[length:], name)
    return Reading(
        format,
        "paragraph",
        spoken,
        tuple(problems),
        len(marks.insertions),
        len(marks.deletions),
        interviewers(fields),
    )


def _cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def _lines(
    blocks: Iterable[Paragraph | Table], known: Collection[str]
) -> tuple[list[Line], list[int]]:
    """Lines of the running text and of tables with turns; places of tables that hold none."""
    blocks = list(blocks)
    names = _bold_names([b for b in blocks if isinstance(b, Paragraph)], known)
    lines: list[Line] = []
    unread: list[int] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines += _paragraph_lines(block, names)
            continue
        turns = lines_of_table(block.rows, known=known)
        if turns is None:
            unread.append(block.rows[0].place)
        lines += turns or []
    return lines, unread


def _bold_beginning(paragraph: Paragraph) -> str:
    """The bold text that a paragraph begins with."""
    first = takewhile(lambda run: run[1] or not run[0].strip(), paragraph.runs)
    return "".join(text for text, _ in first).strip()


def _bold_names(paragraphs: Iterable[Paragraph], known: Collection[str]) -> frozenset[str]:
    """The names in bold without a colon that begin paragraphs and come back, folded."""
    beginnings = [_bold_beginning(paragraph) for paragraph in paragraphs]
    bare = [text for text in beginnings if ":" not in text and looks_like_a_name(text)]
    counts = Counter(map(folded, bare))
    told = {folded(name) for name in known}
    return frozenset(n for n in counts if counts[n] > 1 or n in told or role_of_word(n))


def _paragraph_lines(paragraph: Paragraph, names: Collection[str]) -> Iterator[Line]:
    bold, text = _bold_beginning(paragraph), paragraph.text.strip()
    rest = text[len(bold) :].lstrip()
    if folded(bold) in names and not rest.startswith(":"):
        yield Line(rest, paragraph.place, speaker=" ".join(bold.split()))
        return
    name, colon, more = bold.partition(":")
    sure = (bool(colon) and not more.strip()) or (bool(bold) and rest.startswith(":"))
    sure = sure and len(name.split()) <= MOST_WORDS
    for number, line in enumerate(text.split("\n")):
        yield Line(line, paragraph.place, sure=sure and number == 0)


def _headings(places: Sequence[int], name: str) -> Iterator[Problem]:
    if places:
        found = f"{len(places)} heading(s), kept out of what was said"
        where = spots(name, "paragraph", places)
        yield Problem(where, found, "turns of speakers below headings", "nothing", "note")


def _marked(marks: Marks, name: str) -> Iterator[Problem]:
    for kind, (found, level) in TOLD.items():
        places = getattr(marks, kind)
        if places:
            where = spots(name, "paragraph", places)
            fix = FIXES.get(kind, "nothing")
            yield Problem(where, found.format(n=len(places)), "running text", fix, level)


def _unread(places: Sequence[int], name: str) -> Iterator[Problem]:
    if places:
        yield Problem(
            spots(name, "paragraph", places),
            f"{len(places)} table(s) that hold no turns, not read",
            "a column of speakers and a column of text",
            "if things were said there, give the table the headings Spreker and Tekst",
            "warning",
        )


def _bold_questions(
    blocks: Iterable[Paragraph | Table], lines: Iterable[Line], name: str
) -> Iterator[Problem]:
    """Paragraphs wholly in bold without a speaker: often questions of the interviewer."""
    unnamed = {line.place for line in lines if line.speaker is None and label_of(line.text) is None}
    places = [
        block.place
        for block in blocks
        if isinstance(block, Paragraph) and block.place in unnamed
        if block.text.strip() and _bold_beginning(block) == block.text.strip()
    ]
    if places:
        yield Problem(
            spots(name, "paragraph", places),
            f"{len(places)} paragraph(s) wholly in bold without a speaker, read as going on with "
            "the speaker before",
            "a speaker before every turn",
            "write 'Interviewer:' before the questions",
            "warning",
        )
