"""Caption files as meeting software and speech recognition write them: VTT and SRT."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from copanalysis.errors import Problem
from copanalysis.fieldwork.transcripts.cues import Cue, blocks, cues_of, has_voices, spoken_in
from copanalysis.fieldwork.transcripts.encoding import decoded
from copanalysis.fieldwork.transcripts.spoken import Reading, spots

LOW_CONFIDENCE = 0.5  # of the speech recogniser in its own words; below it a cue is named
COMMENT = re.compile(r"(NOTE|STYLE|REGION)(?=\s|$)")
CONFIDENCE = re.compile(r"NOTE\s+confidence:\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
STREAM = re.compile(r"NOTE\s+(?:confidence|duration|language|recognizability):", re.IGNORECASE)


def read_vtt(data: bytes, *, name: str, known: Collection[str] = ()) -> Reading:
    """Read WebVTT: of Teams (voice tags), Zoom ("Name:"), Stream (notes) or Whisper (MM:SS).

    The kind is told by what the file holds; ``format`` is "vtt" when nothing tells it. Raises
    CopanalysisError when the bytes are no text or hold no cue.
    """
    text, problems = decoded(data, name=name)
    parts = _without_heading(blocks(text))
    notes = [part for part in parts if COMMENT.match(part)]
    cues, odd = cues_of([part for part in parts if not COMMENT.match(part)], name=name)
    spoken, doubts = spoken_in(cues, name=name, known=known)
    kind = _kind(cues, notes, any(turn.speaker for turn in spoken))
    problems += [*odd, *doubts, *_unsure(parts, name)]
    return Reading(kind, "cue", spoken, tuple(problems))


def read_srt(data: bytes, *, name: str, known: Collection[str] = ()) -> Reading:
    """Read SubRip captions; a speaker stands before the text ("Name: ...").

    Raises CopanalysisError when the bytes are no text or hold no cue.
    """
    text, problems = decoded(data, name=name)
    cues, odd = cues_of(blocks(text), name=name)
    spoken, doubts = spoken_in(cues, name=name, known=known)
    return Reading("srt", "cue", spoken, (*problems, *odd, *doubts))


def _without_heading(parts: Sequence[str]) -> list[str]:
    """The blocks below "WEBVTT"; a cue that stands right below it, no blank line, is kept."""
    heading, *rest = parts or [""]
    lines = heading.split("\n")
    timed = next((n for n, line in enumerate(lines) if "-->" in line), None)
    return rest if timed is None else ["\n".join(lines[timed:]), *rest]


def _kind(cues: Sequence[Cue], notes: Sequence[str], labelled: bool) -> str:
    if any(STREAM.match(note) for note in notes):
        return "vtt-stream"
    if has_voices(cues):
        return "vtt-teams"
    if not all(cue.hours for cue in cues):
        return "vtt-whisper"
    return "vtt-zoom" if labelled else "vtt"


def _unsure(parts: Sequence[str], name: str) -> list[Problem]:
    """The cues of which the speech recogniser itself said that it was not sure."""
    unsure, number, confidence = [], 0, 1.0
    for part in parts:
        told = CONFIDENCE.match(part)
        if told:
            confidence = float(told[1])
        elif "-->" in part:
            number += 1
            unsure += [number] if confidence < LOW_CONFIDENCE else []
            confidence = 1.0
    if not unsure:
        return []
    found = f"{len(unsure)} cue(s) that the speech recogniser was unsure of (below 0.5)"
    fix = "listen to the recording there"
    return [Problem(spots(name, "cue", unsure), found, "a checked transcript", fix, "note")]
