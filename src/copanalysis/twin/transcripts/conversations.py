"""The conversations of the twin as they were written: who says what, with names marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem

FOLDER = Path(__file__).parents[1] / "texts" / "fieldwork"
KEYS = (
    *("id", "kind", "group", "title", "cop", "organisation"),
    *("date", "minutes", "format", "speakers"),
)
CHOICES = {
    "kind": ("interview", "phone", "focus_group", "session"),
    "group": (
        *("participant", "partner", "manager", "chain"),
        *("community_leader", "facilitator", "mixed"),
    ),
    "format": (
        *("docx", "docx-tracked", "docx-table", "odt", "txt", "pdf", "srt"),
        *("vtt-teams", "vtt-zoom", "vtt-whisper"),
    ),
}
MENTIONS = (
    *("person", "place", "phone", "email", "address"),
    *("bsn", "iban", "date_of_birth", "organisation"),
)
ASKING = ("interviewer", "onderzoeker")
PERSON = re.compile(r"([A-Z]+)=([^();]+) \(([^()]+)\)")
UTTERANCE = re.compile(r"([A-Z]+): (\S.*)")
CHANGE = re.compile(r"\{\{(ins|del):(.*?)\}\}")
MENTION = re.compile(r"\[\[([a-z_]+):(.*?)\]\]")


@dataclass(frozen=True)
class Person:
    """A speaker: code in the source, name, and what that person is in the conversation."""

    code: str
    name: str
    role: str

    @property
    def asks(self) -> bool:
        return self.role in ASKING


@dataclass(frozen=True)
class Piece:
    """A stretch of what was said; ``change`` is "", "ins" or "del" (a tracked change)."""

    text: str
    change: str = ""


@dataclass(frozen=True)
class Mention:
    """What identifies somebody: its kind and its place in the plain text of the utterance."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Utterance:
    """What one speaker says in one go: the pieces of it, and the mentions in ``text``."""

    code: str
    pieces: tuple[Piece, ...]
    mentions: tuple[Mention, ...]

    @property
    def text(self) -> str:
        """As it stands in the end: insertions kept, deletions left out."""
        return "".join(piece.text for piece in self.pieces if piece.change != "del")


@dataclass(frozen=True)
class Conversation:
    """One interview, call or group session, as in its source text."""

    id: str
    kind: str
    group: str
    title: str
    cop: str
    organisation: str
    date: date
    minutes: int
    format: str
    people: tuple[Person, ...]
    utterances: tuple[Utterance, ...]

    @property
    def interviewers(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.asks)


def read_conversations(folder: Path = FOLDER) -> tuple[Conversation, ...]:
    """Read every source text in a folder, in the order of their ids.

    A source is a header of KEYS, a blank line, and a line "CODE: text" per utterance, in which
    [[kind:text]] marks a mention and {{ins:text}}, {{del:text}} a tracked change. Raises one
    CopanalysisError with every problem in every source.
    """
    problems: list[Problem] = []
    found = []
    for path in sorted(folder.glob("*.txt")):
        header, body = _parts(path)
        own = [*_header_problems(path, header), *_body_problems(path, header, body)]
        problems += own
        if not own:
            found.append(_conversation(header, body))
    if problems or not found:
        raise CopanalysisError(f"{len(problems)} problem(s) in the texts in {folder}.", problems)
    return tuple(found)


def utterance(code: str, marked: str) -> Utterance:
    """An utterance from its marked text."""
    pieces: list[Piece] = []
    mentions: list[Mention] = []
    length = 0
    for change, text in _changes(marked):
        plain = MENTION.sub(r"\2", text)
        pieces.append(Piece(plain, change))
        if change == "del":
            continue
        shift = 0
        for mark in MENTION.finditer(text):
            start = length + mark.start() - shift
            mentions.append(Mention(mark[1], start, start + len(mark[2])))
            shift += len(mark[0]) - len(mark[2])
        length += len(plain)
    return Utterance(code, tuple(pieces), tuple(mentions))


def _changes(marked: str) -> Iterator[tuple[str, str]]:
    last = 0
    for found in CHANGE.finditer(marked):
        if found.start() > last:
            yield "", marked[last : found.start()]
        yield found[1], found[2]
        last = found.end()
    if last < len(marked):
        yield "", marked[last:]


def _parts(path: Path) -> tuple[dict[str, str], list[str]]:
    header, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields = [line.partition(":") for line in header.split("\n")]
    return {key: value.strip() for key, _, value in fields}, body.rstrip("\n").split("\n")


def _header_problems(path: Path, header: Mapping[str, str]) -> Iterator[Problem]:
    def wrong(key: str, expected: str) -> Problem:
        return Problem(f"{path.name}, {key}", repr(header.get(key)), expected, "mend the header")

    if tuple(header) != KEYS:
        yield Problem(path.name, ", ".join(header), ", ".join(KEYS), "write these lines, in order")
        return
    if header["id"] != path.stem:
        yield wrong("id", path.stem)
    for key, choices in CHOICES.items():
        if header[key] not in choices:
            yield wrong(key, " or ".join(choices))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", header["date"]):
        yield wrong("date", "a date such as 2023-11-14")
    if not header["minutes"].isdecimal():
        yield wrong("minutes", "a number")
    people = header["speakers"].split("; ")
    if not all(PERSON.fullmatch(person) for person in people):
        yield wrong("speakers", "CODE=Name (role); ...")
    elif not any(PERSON.fullmatch(person)[3] in ASKING for person in people):
        yield wrong("speakers", f"one who asks ({' or '.join(ASKING)})")


def _body_problems(path: Path, header: Mapping[str, str], body: Sequence[str]) -> Iterator[Problem]:
    codes = set(re.findall(r"([A-Z]+)=", header.get("speakers", "")))
    before = ""
    for number, line in enumerate(body, len(KEYS) + 2):
        found = UTTERANCE.fullmatch(line)
        code, expected = (found[1] if found else ""), ""
        plain = utterance(code, found[2]).text if found else ""
        if not found or code not in codes:
            expected = "CODE: text, with a code that speakers declares"
        elif code == before:
            expected = "another speaker than in the line above"
        elif "  " in plain or plain != plain.strip() or not plain.isprintable():
            expected = "single spaces and no control characters"
        elif re.search(r"\[\[|\]\]|\{\{|\}\}", plain) or set(_kinds(line)) - set(MENTIONS):
            expected = (
                f"marks [[kind:text]] of {', '.join(MENTIONS)}; {{{{ins:}}}} and {{{{del:}}}}"
            )
        if expected:
            yield Problem(f"{path.name}, line {number}", "another line", expected, "mend the line")
        before = code


def _kinds(line: str) -> list[str]:
    return [mark[1] for mark in MENTION.finditer(line)]


def _conversation(header: Mapping[str, str], body: Sequence[str]) -> Conversation:
    people = (PERSON.fullmatch(person) for person in header["speakers"].split("; "))
    lines = (UTTERANCE.fullmatch(line) for line in body)
    return Conversation(
        **{key: header[key] for key in ("id", "kind", "group", "title", "cop", "organisation")},
        date=date.fromisoformat(header["date"]),
        minutes=int(header["minutes"]),
        format=header["format"],
        people=tuple(Person(found[1], found[2], found[3]) for found in people),
        utterances=tuple(utterance(found[1], found[2]) for found in lines),
    )
