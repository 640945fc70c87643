"""The ids of evidence: what a conclusion rests on, written so that it can be looked up.

``item:q4_got[insight+network]@3``  who chose any of these options, in a wave
``item:q6_examples[outcome.service]``
                                    whose answer in words has any of these codes, or one under it,
                                    in the wave that figures are taken from
``item:q12_learn``                  who answered a question in words at all
``code:works.content.cases+works.yes[participant]@2``
                                    conversations in which one passage has all these codes (a code
                                    stands for those under it too), with a group, in a phase
``obs:r4@2``                        observed meetings in which row 4 of the scheme is filled in
``reg:products[status=finished]``   rows of a register where a column has a value
``reg:meetings[work_forms]``        rows of a register where a column is filled in
``doc:D01``                         a document or conversation by its id
``lesson:setup1``, ``condition:members1``
                                    what that row of lessons.csv or conditions.csv rests on

Any instrument may have the columns evidence and counter_evidence, with ids separated by spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.instruments import FOLDER, Sheet

KINDS = ("item", "code", "obs", "reg", "doc", "lesson", "condition")
FORM = re.compile(rf"({'|'.join(KINDS)}):([\w.+-]+)(?:\[([\w.+= -]+)\])?(?:@(\w+))?")
COLUMNS = ("evidence", "counter_evidence")
# kind -> the instrument and the column in which its id stands; a document is data
HOMES = {
    "item": ("items.csv", "item"),
    "code": ("codebook.csv", "code"),
    "obs": ("observation_scheme.csv", "row"),
    "reg": ("tables.csv", "table"),
    "lesson": ("lessons.csv", "lesson"),
    "condition": ("conditions.csv", "condition"),
}


@dataclass(frozen=True)
class Reference:
    """One id of evidence in its parts; ``part`` and ``moment`` are "" when not given."""

    text: str
    kind: str
    id: str
    part: str
    moment: str

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands between brackets, one by one: options of an item, or codes of an open one."""
        return tuple(filter(None, self.part.split("+")))


def read_references(text: str) -> tuple[Reference, ...]:
    """The ids in a text, separated by spaces; CopanalysisError names those of another form."""
    words = {word: FORM.fullmatch(word) for word in text.split()}
    wrong = [_malformed("evidence", word) for word, match in words.items() if match is None]
    refuse_if_any("This evidence cannot be read", wrong)
    return tuple(Reference(w, *(p or "" for p in m.groups())) for w, m in words.items() if m)


def evidence_problems(settings: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Every id of evidence in the instruments that names nothing.

    Whether data stand behind an id is another question: a document, wave or meeting that is not
    there weakens a conclusion and is no mistake of the instruments.
    """
    return [
        problem
        for file, sheet in sheets.items()
        for row, line in zip(sheet.rows, sheet.lines, strict=True)
        for column in COLUMNS
        for word in row.get(column, "").split()
        for problem in _word_problems(
            f"{FOLDER}/{file}, line {line}, column {column}", word, settings, sheets
        )
    ]


def _word_problems(
    where: str, word: str, settings: Mapping[str, Any], sheets: Mapping[str, Sheet]
) -> Iterator[Problem]:
    match = FORM.fullmatch(word)
    if match is None:
        yield _malformed(where, word)
        return
    reference = Reference(word, *(part or "" for part in match.groups()))
    fix = "correct the id, or add what it names"
    for expected in _unmet(reference, settings, sheets):
        yield Problem(where, repr(word), expected, fix)


def _malformed(where: str, word: str) -> Problem:
    expected = "kind:id, kind:id[part] or kind:id[part]@moment; kinds are " + ", ".join(KINDS)
    return Problem(where, repr(word), expected, "write it in that form")


def _unmet(
    reference: Reference, settings: Mapping[str, Any], sheets: Mapping[str, Sheet]
) -> Iterator[str]:
    """What an id should name and does not."""
    if reference.kind not in HOMES:
        return
    file, column = HOMES[reference.kind]
    ids = reference.id.split("+") if reference.kind == "code" else [reference.id]
    known = _active(sheets) if reference.kind == "code" else sheets[file].values(column)
    if not known.issuperset(ids):
        yield f"a {column} of {file}"
        return
    moments = settings["waves"] if reference.kind == "item" else settings["phases"]
    if reference.moment and reference.moment not in {moment["id"] for moment in moments}:
        yield "an id of [[waves]] (items) or [[phases]] of study.toml behind @"
    allowed = _allowed_parts(reference, settings, sheets)
    given = {reference.part.partition("=")[0]} if reference.kind == "reg" else {*reference.parts}
    if reference.kind == "item" and not reference.part and not _is_open(reference, sheets):
        yield f"between brackets one or more of {', '.join(sorted(allowed))}: not all say the same"
    if reference.part and not allowed.issuperset(given):
        yield f"between brackets one of {', '.join(sorted(allowed)) or 'nothing'}"


def _active(sheets: Mapping[str, Sheet]) -> set[str]:
    return {row["code"] for row in sheets["codebook.csv"].rows if row["status"] == "active"}


def _is_open(reference: Reference, sheets: Mapping[str, Sheet]) -> bool:
    items = [row for row in sheets["items.csv"].rows if row["item"] == reference.id]
    return any(row["type"] == "open" for row in items)


def _allowed_parts(
    reference: Reference, settings: Mapping[str, Any], sheets: Mapping[str, Sheet]
) -> set[str]:
    """Options of an item or codes of an open one, groups of conversations, columns of a
    register."""
    if reference.kind == "item" and _is_open(reference, sheets):
        return _active(sheets)
    if reference.kind == "item":
        items = [row for row in sheets["items.csv"].rows if row["item"] == reference.id]
        scales = {row["scale"] for row in items} - {""}
        return {row["code"] for row in sheets["scales.csv"].rows if row["scale"] in scales}
    if reference.kind == "code":
        return set(settings.get("fieldwork", {}).get("groups", {}))
    if reference.kind == "reg":
        rows = sheets["tables.csv"].rows
        return {row["column"] for row in rows if row["table"] == reference.id}
    return set()
