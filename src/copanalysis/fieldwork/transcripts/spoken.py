"""What every reader of transcripts gives: who said what, where in the file, and what was odd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copanalysis.errors import Problem

SHOWN_PLACES = 8


@dataclass(frozen=True)
class Line:
    """A line or paragraph as it stands in the file, before it is known who speaks.

    ``place`` counts lines, paragraphs or pages from 1. ``speaker`` is told by the layout (a
    column of a table, bold type); None means that only the text can tell. ``sure`` means that
    the layout marks the beginning of ``text``, up to the colon, as a speaker.
    """

    text: str
    place: int
    speaker: str | None = None
    start: float | None = None
    sure: bool = False


@dataclass(frozen=True)
class Spoken:
    """What one speaker said in one go; times in seconds where the format tells them."""

    speaker: str
    text: str
    place: int
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True)
class Reading:
    """A transcript as read from one format.

    ``unit`` is what ``place`` counts ("line", "cue"). ``interviewers`` are the names that the
    document itself gives for who asks the questions.
    """

    format: str
    unit: str
    spoken: tuple[Spoken, ...]
    problems: tuple[Problem, ...] = ()
    insertions: int = 0
    deletions: int = 0
    interviewers: tuple[str, ...] = ()


def spots(name: str, unit: str, places: Sequence[int]) -> str:
    """Places in a file for a message: "P01.docx, paragraphs 3, 7 and 12"."""
    places = sorted(set(places))
    if not places:
        return name
    if len(places) == 1:
        return f"{name}, {unit} {places[0]}"
    shown = ", ".join(str(place) for place in places[: SHOWN_PLACES - 1])
    left = len(places) - (SHOWN_PLACES - 1)
    rest = f"{left} more" if left > 1 else str(places[-1])
    if left <= 0:
        shown, rest = ", ".join(str(place) for place in places[:-1]), str(places[-1])
    return f"{name}, {unit}s {shown} and {rest}"
