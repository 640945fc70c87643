"""Lines of a text turned into what each speaker said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from copanalysis.errors import Problem
from copanalysis.fieldwork.transcripts.clock import HASH_LAST, ONLY_TIME, SET_OFF_FIRST, seconds
from copanalysis.fieldwork.transcripts.labels import (
    Label,
    accepted,
    folded,
    label_of,
    looks_like_a_name,
)
from copanalysis.fieldwork.transcripts.oddities import doubted_note
from copanalysis.fieldwork.transcripts.spoken import Line, Spoken

LONGEST_MARK = 30  # characters of a time at the end of a line


@dataclass(frozen=True)
class Piece:
    """A line of which is known whether somebody begins to speak; None means that one goes on."""

    speaker: str | None
    said: str
    place: int
    start: float | None = None
    end: float | None = None


def spoken_of(
    lines: Sequence[Line], *, name: str, unit: str, known: Collection[str]
) -> tuple[tuple[Spoken, ...], list[Problem]]:
    """What each speaker said, empty turns included, and the labels that were doubted.

    A line with a label begins a turn, a line without one goes on with the turn before. A time
    on a line of its own is the beginning of the turn that follows. Without any label every line
    is a turn of an unknown speaker. ``known`` are names of speakers that were told.
    """
    judged = [(line, label_of(line.text) if line.speaker is None else None) for line in lines]
    names = [label.name for _, label in judged if label]
    sure = [label.name for line, label in judged if label and line.sure]
    speakers = accepted(names, known={*known, *sure})
    pieces = list(_pieces(judged, speakers))
    labelled = any(piece.speaker for piece in pieces)
    spoken = tuple(_joined(group) for group in _groups(pieces, every=not labelled))
    doubted = [
        line.place
        for line, label in judged
        if label and folded(label.name) not in speakers and looks_like_a_name(label.name)
    ]
    return spoken, doubted_note(name, unit, doubted)


def _pieces(
    judged: Iterable[tuple[Line, Label | None]], speakers: Collection[str]
) -> Iterator[Piece]:
    waiting: float | None = None
    for line, label in judged:
        alone = ONLY_TIME.fullmatch(line.text)
        if alone and line.speaker is None:
            waiting = seconds(alone["mark"])
            continue
        if not line.text.strip() and not line.speaker:
            continue
        piece = _piece(line, label if label and folded(label.name) in speakers else None)
        start = waiting if piece.start is None else piece.start
        yield Piece(piece.speaker, piece.said, piece.place, start, piece.end)
        waiting = None


def _piece(line: Line, label: Label | None) -> Piece:
    said, start = (label.said, label.start) if label else (line.text.strip(), line.start)
    speaker = label.name if label else line.speaker
    said = said.strip()
    early, late = SET_OFF_FIRST.match(said), HASH_LAST.search(said[-LONGEST_MARK:])
    end = seconds(late["mark"]) if late else None
    said = said.removesuffix(late["mark"]) if late else said
    if early:
        start = seconds(early["mark"]) if start is None else start
        said = said[early.end() :]
    return Piece(speaker, said.strip(), line.place, start, end)


def _groups(pieces: Iterable[Piece], *, every: bool) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        if group and (every or piece.speaker is not None):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _joined(group: Sequence[Piece]) -> Spoken:
    first = group[0]
    said = " ".join(piece.said for piece in group if piece.said)
    ends = [piece.end for piece in group if piece.end is not None]
    end = ends[-1] if ends else None
    return Spoken(first.speaker or "", said, first.place, first.start, end)
