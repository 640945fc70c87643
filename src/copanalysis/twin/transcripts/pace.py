"""How fast people speak: the times of utterances and of captions, in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copanalysis.twin.transcripts.conversations import Conversation

WORDS_PER_MINUTE = (130, 185)  # drawn per speaker
PAUSE = (150, 1400)  # milliseconds between two speakers
OPENING = (2_000, 9_000)  # before the first word
CUT_IN = 0.06  # share of turns that begin before the other has ended
CLAUSE_END = (".", ",", "?", "!", ":", ";", "…")


@dataclass(frozen=True)
class Span:
    """A stretch of time in milliseconds from the beginning of the recording."""

    start: int
    end: int


@dataclass(frozen=True)
class Caption:
    """A few words on the screen, of one speaker; ``first`` when that speaker begins."""

    code: str
    text: str
    span: Span
    first: bool


def speaking_times(
    conversation: Conversation, rng: np.random.Generator, *, cut_in: bool = False
) -> list[Span]:
    """When every utterance begins and ends; with ``cut_in`` some begin before the last ended."""
    pace = {person.code: rng.uniform(*WORDS_PER_MINUTE) for person in conversation.people}
    now, spans = int(rng.integers(*OPENING)), []
    for utterance in conversation.utterances:
        words = len(utterance.text.split())
        length = max(400, round(words / pace[utterance.code] * 60_000))
        spans.append(Span(now, now + length))
        early = cut_in and rng.random() < CUT_IN and length > 2_000
        now += length + (-int(rng.integers(120, 600)) if early else int(rng.integers(*PAUSE)))
    return spans


def captions(conversation: Conversation, spans: Sequence[Span], *, longest: int) -> list[Caption]:
    """The utterances cut into captions of at most so many words, timed by their words."""
    found = []
    for utterance, span in zip(conversation.utterances, spans, strict=True):
        parts = cut(utterance.text, longest=longest)
        words = np.cumsum([0, *(len(part.split()) for part in parts)])
        marks = span.start + (words * (span.end - span.start) // words[-1])
        for number, part in enumerate(parts):
            own = Span(int(marks[number]), int(marks[number + 1]))
            found.append(Caption(utterance.code, part, own, number == 0))
    return found


def cut(text: str, *, longest: int) -> list[str]:
    """A text in parts of at most so many words, where possible at the end of a clause."""
    words, parts = text.split(" "), []
    while len(words) > longest:
        ends = [n for n in range(longest // 2, longest + 1) if words[n - 1].endswith(CLAUSE_END)]
        size = ends[-1] if ends else longest
        parts.append(" ".join(words[:size]))
        words = words[size:]
    return [*parts, " ".join(words)]
