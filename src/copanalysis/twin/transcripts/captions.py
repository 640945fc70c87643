"""Conversations as caption files: VTT of Teams, Zoom and Whisper, and SRT."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from copanalysis.twin.transcripts.conversations import Conversation
from copanalysis.twin.transcripts.pace import Caption, captions, cut, speaking_times

WORDS = {"vtt-teams": 24, "vtt-zoom": 18, "vtt-whisper": 12, "srt": 14}
LINE_WORDS = 12  # Teams breaks a caption in lines


def caption_file(
    conversation: Conversation, labels: Mapping[str, str], rng: np.random.Generator
) -> bytes:
    """A conversation as captions in its own format, in UTF-8."""
    format = conversation.format
    spans = speaking_times(conversation, rng, cut_in=format == "vtt-teams")
    cues = captions(conversation, spans, longest=WORDS[format])
    if format == "srt":
        return b"\xef\xbb\xbf" + "\r\n".join(_srt(cues, labels)).encode()
    if format == "vtt-teams":
        meeting = uuid.UUID(bytes=rng.bytes(16), version=4)
        return "\n".join(_teams(cues, labels, meeting)).encode()
    lines = _zoom(cues, labels) if format == "vtt-zoom" else _whisper(cues, labels)
    return "\n".join(lines).encode()


def _teams(cues: Sequence[Caption], labels: Mapping[str, str], meeting: uuid.UUID) -> list[str]:
    """A cue has an id of the meeting; the speaker stands in a voice tag."""
    lines = ["WEBVTT", ""]
    for number, cue in enumerate(cues):
        text = "\n".join(escape(part, quote=False) for part in cut(cue.text, longest=LINE_WORDS))
        name = escape(labels[cue.code], quote=False)
        lines += [f"{meeting}/{number}-0", _times(cue), f"<v {name}>{text}</v>", ""]
    return lines


def _zoom(cues: Sequence[Caption], labels: Mapping[str, str]) -> list[str]:
    """Every cue has a number and begins with the name of the speaker."""
    lines = ["WEBVTT", ""]
    for number, cue in enumerate(cues, 1):
        text = escape(f"{labels[cue.code]}: {cue.text}", quote=False)
        lines += [str(number), _times(cue), text, ""]
    return lines


def _whisper(cues: Sequence[Caption], labels: Mapping[str, str]) -> list[str]:
    """No numbers; times without hours in the first hour; the recognised speaker in brackets."""
    lines = ["WEBVTT", ""]
    for cue in cues:
        times = " --> ".join(_short(mark) for mark in (cue.span.start, cue.span.end))
        lines += [times, f"[{labels[cue.code]}]: {cue.text}", ""]
    return lines


def _srt(cues: Sequence[Caption], labels: Mapping[str, str]) -> list[str]:
    """Numbered captions; the speaker is named where another begins to speak."""
    lines = []
    for number, cue in enumerate(cues, 1):
        name = f"{labels[cue.code]}: " if cue.first else ""
        lines += [str(number), _times(cue).replace(".", ","), f"{name}{cue.text}", ""]
    return lines


def _times(cue: Caption) -> str:
    return " --> ".join(clock(mark) for mark in (cue.span.start, cue.span.end))


def clock(milliseconds: int) -> str:
    """A time as 00:12:31.250."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def _short(milliseconds: int) -> str:
    return clock(milliseconds).removeprefix("00:")
