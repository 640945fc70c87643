"""Cues of a caption file (VTT, SRT) turned into what each speaker said."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.fieldwork.transcripts.clock import seconds
from copanalysis.fieldwork.transcripts.labels import (
    accepted,
    folded,
    label_of,
    looks_like_a_name,
)
from copanalysis.fieldwork.transcripts.oddities import doubted_note
from copanalysis.fieldwork.transcripts.spoken import Spoken, spots

CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
TIMING = re.compile(rf"\s*(?P<start>{CLOCK})\s*-->\s*(?P<end>{CLOCK})(?:\s.*)?")
NEXT_CUE = re.compile(rf"^(?=[ \t]*{CLOCK}[ \t]*-->[ \t]*{CLOCK})", re.MULTILINE)
NUMBER_BELOW = re.compile(r"(?:^|\n)[ \t]*\d+[ \t]*\n?$")  # of a next cue without a blank line
BLANK = re.compile(r"\n(?:[ \t]*\n)+")
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:\s([^<>]*))?>", re.IGNORECASE)
TAG = re.compile(
    r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<[\d:.]+>|\{\\[^{}]*\}", re.IGNORECASE
)


@dataclass(frozen=True)
class Cue:
    """A caption: its place among the cues (1, 2, ...), its times, and its text as written."""

    place: int
    start: float
    end: float
    text: str
    hours: bool  # whether its times tell hours


@dataclass(frozen=True)
class Said:
    """What stands in a cue of one speaker; None where the cue does not say who speaks."""

    speaker: str | None
    cue: Cue
    text: str


def blocks(text: str) -> list[str]:
    """The blocks of a caption file: what stands between blank lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [block.strip("\n") for block in BLANK.split(text) if block.strip()]


def cues_of(texts: Iterable[str], *, name: str) -> tuple[list[Cue], list[Problem]]:
    """The cues in blocks of a file; text without a time goes with the cue before it.

    Raises CopanalysisError when there is no cue at all.
    """
    cues: list[Cue] = []
    stray: dict[int, list[str]] = {}
    for block in texts:
        _, *timed = NEXT_CUE.split(block)
        if not timed and not block.strip().isdigit():  # a number alone is that of the next cue
            stray.setdefault(len(cues), []).append(block)
        for number, part in enumerate(timed, 1):
            cues.append(_cue(len(cues) + 1, part, last=number == len(timed)))
    if not cues:
        raise CopanalysisError(f"{name} holds no captions with times; it is no caption file.")
    whole = [replace(cue, text="\n".join([cue.text, *stray.get(cue.place, ())])) for cue in cues]
    return whole, [*_stray(list(stray), name), *_order(cues, name)]


def _cue(place: int, block: str, *, last: bool) -> Cue:
    """The cue in a block that begins with its times; unless last, it may end in a number."""
    times, _, text = block.partition("\n")
    found = TIMING.match(times)
    text = text if last else NUMBER_BELOW.sub("", text)
    hours = found["start"].count(":") == 2
    return Cue(place, seconds(found["start"]), seconds(found["end"]), text, hours)


def has_voices(cues: Iterable[Cue]) -> bool:
    """Whether any cue names its speaker in a voice tag."""
    return any(VOICE.search(cue.text) for cue in cues)


def spoken_in(
    cues: Sequence[Cue], *, name: str, known: Collection[str]
) -> tuple[tuple[Spoken, ...], list[Problem]]:
    """What each speaker said, and what was odd.

    Cues of one speaker in a row are one turn, from the start of the first to the end of the
    last. A cue without a label goes with the speaker before it ("Name:" stands where the
    speaker changes); a cue without a voice tag, or without "[SPEAKER_00]:", where others have
    one, is of an unknown speaker, and is not joined with another.
    """
    problems: list[Problem] = []
    if has_voices(cues):
        said = [part for cue in cues for part in _voices(cue)]
    else:
        said, problems = _labelled(cues, known, name)
        if any(part.speaker for part in said) and not _in_brackets(said):
            problems += _going_on([part.cue.place for part in said if not part.speaker], name)
            said = list(_continued(said))
    silent = {cue.place for cue in cues} - {part.cue.place for part in said if part.text}
    problems += _silent(sorted(silent), name)
    return tuple(_merged(part for part in said if part.text)), problems


def _voices(cue: Cue) -> Iterator[Said]:
    first, *rest = VOICE.split(cue.text)
    if _plain(first):
        yield Said(None, cue, _plain(first))
    for who, text in zip(rest[::2], rest[1::2], strict=True):
        yield Said(" ".join(html.unescape(who or "").split()) or None, cue, _plain(text))


def _labelled(
    cues: Sequence[Cue], known: Collection[str], name: str
) -> tuple[list[Said], list[Problem]]:
    lines = [(cue, _plain(line)) for cue in cues for line in cue.text.split("\n")]
    judged = [(cue, line, label_of(line)) for cue, line in lines]
    names = [label.name for _, _, label in judged if label]
    speakers = accepted(names, known=known, anywhere=True)
    said: list[Said] = []
    doubted: list[int] = []
    for cue, line, label in judged:
        if label and folded(label.name) in speakers:
            said.append(Said(label.name, cue, label.said))
            continue
        doubted += [cue.place] if label and looks_like_a_name(label.name) else []
        same_cue = said and said[-1].cue is cue
        said.append(Said(said[-1].speaker if same_cue else None, cue, line))
    return said, doubted_note(name, "cue", doubted)


def _in_brackets(said: Iterable[Said]) -> bool:
    """Whether speakers stand in brackets, as speaker recognition puts them in every cue."""
    return any(part.speaker and part.cue.text.lstrip().startswith("[") for part in said)


def _plain(text: str) -> str:
    return " ".join(html.unescape(TAG.sub("", text)).split("\n")).strip()


def _continued(said: Iterable[Said]) -> Iterator[Said]:
    speaker: str | None = None
    for part in said:
        speaker = part.speaker or speaker
        yield replace(part, speaker=speaker)


def _merged(said: Iterable[Said]) -> Iterator[Spoken]:
    """One turn for what a known speaker says in a row, and for what stands in one cue."""
    groups: list[list[Said]] = []
    for part in said:
        before = groups[-1][-1] if groups else None
        same = before is not None and part.speaker == before.speaker
        if same and (part.speaker or part.cue is before.cue):
            groups[-1].append(part)
        else:
            groups.append([part])
    for group in groups:
        first, last = group[0], group[-1]
        text = " ".join(part.text for part in group)
        cue = first.cue
        yield Spoken(first.speaker or "", text, cue.place, cue.start, last.cue.end)


def _going_on(places: Sequence[int], name: str) -> list[Problem]:
    found = f"{len(places)} cue(s) without a speaker, read as going on with the speaker before"
    fix = "look whether the speaker changes there"
    where = spots(name, "cue", places)
    return [Problem(where, found, "a speaker at every change", fix, "note")] if places else []


def _silent(places: Sequence[int], name: str) -> list[Problem]:
    found = f"{len(places)} cue(s) without text, left out"
    fix = "look whether something was lost there"
    where = spots(name, "cue", places)
    return [Problem(where, found, "text in every cue", fix, "warning")] if places else []


def _stray(places: Sequence[int], name: str) -> Iterator[Problem]:
    if places:
        yield Problem(
            spots(name, "cue", places),
            "text without a time below a cue (below the heading where the cue is 0), read as "
            "part of that cue",
            "a line with times above every text",
            "take out the blank line, or write the times",
            "warning",
        )


def _order(cues: Sequence[Cue], name: str) -> Iterator[Problem]:
    pairs = list(pairwise(cues))
    back = [b.place for a, b in pairs if b.start < a.start]
    over = [b.place for a, b in pairs if a.start <= b.start < a.end]
    wrong = [cue.place for cue in cues if cue.end < cue.start]
    if back:
        found = f"{len(back)} cue(s) that begin before the cue above; kept in the order of the file"
        fix = "put the cues in order of time"
        yield Problem(spots(name, "cue", back), found, "cues in order of time", fix, "warning")
    if wrong:
        found = f"{len(wrong)} cue(s) that end before they begin"
        fix = "correct the times"
        yield Problem(spots(name, "cue", wrong), found, "an end after the begin", fix, "warning")
    if over:
        found = f"{len(over)} cue(s) that begin before the cue above has ended"
        fix = "nothing where people speak at once; else correct the times"
        yield Problem(spots(name, "cue", over), found, "one cue after the other", fix, "note")
