"""Where somebody who types out a long answer begins a new paragraph."""

from __future__ import annotations

import re

LONG = 85  # words
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z])")


def paragraphs(text: str) -> list[str]:
    """A text as one paragraph, or as two when it is long, cut at the sentence nearest halfway."""
    ends = [found.start() for found in SENTENCE.finditer(text)]
    if len(text.split()) < LONG or not ends:
        return [text]
    half = min(ends, key=lambda end: abs(end - len(text) / 2))
    return [text[:half], text[half + 1 :]]
