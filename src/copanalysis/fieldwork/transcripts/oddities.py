"""What is odd in a transcript, whatever format it came in, told without a word of its text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from copanalysis.errors import Problem
from copanalysis.fieldwork.transcripts.labels import LONG_TRANSCRIPT, folded
from copanalysis.fieldwork.transcripts.spoken import Reading, Spoken, spots

BREAKS = dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")
# Control characters, save the tab, and halves of broken ones.
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")
INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068")


def one_line(text: str) -> str:
    """A text without line ends (each becomes a space) and without control characters."""
    text = text.replace("\r\n", "\n").translate(BREAKS)
    return CONTROL.sub("", text).strip()


def oddities(reading: Reading, *, name: str) -> Iterator[Problem]:
    """Empty turns, unknown or doubtful speakers, times that go back, hidden characters."""
    spoken = [turn for turn in reading.spoken if one_line(turn.text)]
    yield from _empty(reading, name)
    yield from _unknown(spoken, reading.unit, name)
    yield from _spellings(spoken, reading.unit, name)
    yield from _heard_once(spoken, reading.unit, name)
    if reading.unit != "cue":  # cues are compared one by one when they are read
        yield from _backward(spoken, reading.unit, name)
    yield from _characters(reading, name)


def _empty(reading: Reading, name: str) -> Iterator[Problem]:
    places = [turn.place for turn in reading.spoken if not one_line(turn.text)]
    if places:
        yield Problem(
            spots(name, reading.unit, places),
            f"{len(places)} turn(s) without text, left out",
            "text behind every speaker",
            "look whether something was lost there",
            "warning",
        )


def _unknown(spoken: Sequence[Spoken], unit: str, name: str) -> Iterator[Problem]:
    places = [turn.place for turn in spoken if not turn.speaker]
    if places and len(places) == len(spoken):
        yield Problem(
            name,
            "no speakers at all; every line, paragraph or cue became a turn of its own",
            "lines that begin with 'Name:'",
            "write the speakers before what they say if the analysis needs them",
            "warning",
        )
    elif places:
        yield Problem(
            spots(name, unit, places),
            f"{len(places)} turn(s) of an unknown speaker",
            "a speaker for every turn",
            "write 'Name:' before the text there",
            "warning",
        )


def _spellings(spoken: Sequence[Spoken], unit: str, name: str) -> Iterator[Problem]:
    """Speakers written in more ways that differ in case, space or points only."""
    ways: dict[str, dict[str, int]] = defaultdict(dict)
    for turn in spoken:
        bare = "".join(char for char in folded(turn.speaker) if char.isalnum())
        ways[bare].setdefault(turn.speaker, turn.place)
    places = [place for way in ways.values() if len(way) > 1 for place in way.values()]
    if places:
        yield Problem(
            spots(name, unit, places),
            "a speaker who is written in more than one way, read as different speakers",
            "one way of writing per speaker",
            "write the speaker in one way",
            "warning",
        )


def _heard_once(spoken: Sequence[Spoken], unit: str, name: str) -> Iterator[Problem]:
    counts = Counter(turn.speaker for turn in spoken if turn.speaker)
    places = [turn.place for turn in spoken if counts[turn.speaker] == 1]
    if places and len(spoken) >= LONG_TRANSCRIPT:
        yield Problem(
            spots(name, unit, places),
            "a speaker who speaks once",
            "speakers who speak more than once",
            "look whether it is a speaker, or a sentence with a colon",
            "note",
        )


def _backward(spoken: Sequence[Spoken], unit: str, name: str) -> Iterator[Problem]:
    timed = [turn for turn in spoken if turn.start is not None]
    pairs = pairwise(timed)
    places = [turn.place for before, turn in pairs if turn.start < before.start]
    if places:
        yield Problem(
            spots(name, unit, places),
            "a time before that of the turn above it; kept in the order of the file",
            "times that go up",
            "correct the time or the order",
            "warning",
        )


def _characters(reading: Reading, name: str) -> Iterator[Problem]:
    control = [turn.place for turn in reading.spoken if CONTROL.search(turn.text.translate(BREAKS))]
    hidden = [turn.place for turn in reading.spoken if INVISIBLE & set(turn.text)]
    if control:
        yield Problem(
            spots(name, reading.unit, control),
            "control characters, left out",
            "text",
            "look whether letters are missing there",
            "warning",
        )
    if hidden:
        yield Problem(
            spots(name, reading.unit, hidden),
            "invisible characters inside the text, kept",
            "text without them: a name that holds one is not found as that name",
            "take them out in the source",
            "warning",
        )


def header_note(name: str, unit: str, places: Sequence[int]) -> list[Problem]:
    """The note that lines above the conversation were read as a header, if there are any."""
    found = "a header (date, place, who asks the questions), not read as what was said"
    expected = "turns of speakers below it"
    where = spots(name, unit, places)
    return [Problem(where, found, expected, "nothing", "note")] if places else []


def doubted_note(name: str, unit: str, places: Sequence[int]) -> list[Problem]:
    """The warning that words with a colon were not taken for speakers, if there are any."""
    found = "a name or word with a colon that stands there once, taken as text"
    expected = "speakers who speak more than once"
    fix = "if it is a speaker, give that name and its role"
    where = spots(name, unit, places)
    return [Problem(where, found, expected, fix, "warning")] if places else []
