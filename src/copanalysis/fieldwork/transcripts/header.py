"""The lines above a conversation that tell of it: date, place, who asks the questions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from copanalysis.fieldwork.transcripts.labels import (
    folded,
    label_of,
    looks_like_a_name,
    role_of_word,
)
from copanalysis.fieldwork.transcripts.spoken import Line
from copanalysis.fieldwork.transcripts.vocabulary import HEADER_KEYS, PARTICLES, WHO_ASKS

Field = tuple[str, str]
TOP = 20  # lines in which a header is looked for
LONGEST = 300  # characters in which people are named
BETWEEN_NAMES = re.compile(r" ?(?:[,;/&]|\ben\b|\band\b) ?")
IN_BRACKETS = re.compile(r"\s*\(([^)]*)\)")
SHAPE = re.compile(r"[tb]{0,4}p*f(?:b*f|p)*")  # title, blank, person, field: see _kind


def without_header(lines: Sequence[Line]) -> tuple[list[Field], int]:
    """The fields of the header and how many lines it takes; none and 0 without a header.

    A header is a title, if any, and lines "Datum: ...", "Plaats: ..."; a line that names a
    speaker belongs to it while it stands between or right below such lines.
    """
    found = SHAPE.match("".join(_kind(line) for line in lines[:TOP]))
    length = found.end() if found else 0
    return [field for line in lines[:length] if (field := _field(line))], length


def is_header_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table holds keys and values of a header, not what was said."""
    keys = [row[0] for row in rows if len(row) == 2 and row[0].strip()]
    telling = [key for key in keys if _is_key(key) or folded(key.rstrip(" :")) in WHO_ASKS]
    return bool(keys) and len(keys) == len(rows) and 2 * len(telling) >= len(keys)


def interviewers(fields: Iterable[Field]) -> tuple[str, ...]:
    """The names, and the codes in brackets behind them, of those who ask the questions.

    ("Interviewer", "Eva Vos (EV)") gives "Eva Vos" and "EV".
    """
    names: list[str] = []
    for key, value in fields:
        if folded(key.rstrip(" :")) in WHO_ASKS:
            for person in _people(value):
                names += [IN_BRACKETS.sub("", person), *IN_BRACKETS.findall(person)]
    return tuple(name.strip() for name in names if name.strip())


def asking_speakers(speakers: Collection[str], interviewers: Iterable[str]) -> frozenset[str]:
    """The speakers who are interviewers by name, else by the one part of it that speaks.

    "Eva Vos" is the speaker "Eva Vos" where there is one; otherwise "Eva", "Vos" or "EV" where
    just one of these speaks.
    """
    found: set[str] = set()
    for name in map(folded, interviewers):
        same = {speaker for speaker in speakers if folded(speaker) == name}
        parts = _parts(name)
        alike = {speaker for speaker in speakers if folded(speaker).replace(".", "") in parts}
        found |= same or (alike if len(alike) == 1 else set())
    return frozenset(found)


def _parts(name: str) -> set[str]:
    words = name.split()
    initials = "".join(word[0] for word in words if word not in PARTICLES)
    return {words[0], " ".join(words[1:]), words[-1], initials} - {""}


def _field(line: Line) -> Field | None:
    label = label_of(line.text)
    return (label.name, label.said) if label else None


def _kind(line: Line) -> str:
    """b(lank), f(ield), p(erson who is introduced), s(peech) or t(ext without a label)."""
    if line.speaker is not None:
        return "s"
    field = _field(line)
    if field is None:
        return "t" if line.text.strip() else "b"
    if _is_key(field[0]):
        return "f"
    introduced = folded(field[0]) in WHO_ASKS or role_of_word(field[0])
    return "p" if introduced and _is_a_name_only(field[1]) else "s"


def _is_key(key: str) -> bool:
    words = folded(key.rstrip(" :")).split()
    return bool(words) and len(words) <= 3 and words[0] in HEADER_KEYS


def _people(value: str) -> list[str]:
    return BETWEEN_NAMES.split(" ".join(value[:LONGEST].split()))


def _is_a_name_only(value: str) -> bool:
    people = [IN_BRACKETS.sub("", person) for person in _people(value)]
    return (
        bool(value)
        and len(value) <= LONGEST
        and all(looks_like_a_name(p) or role_of_word(p.strip("[]")) for p in people)
    )
