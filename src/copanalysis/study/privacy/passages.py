"""A text as words: where each stands, and whether its capital says anything."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from copanalysis.study.privacy.vocabulary import EXCLAMATIONS, WORDS_TOO
from copanalysis.study.privacy.word_lists import folded, ordinary_words

WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W\d_](?:[\w]|[-'’](?!s\b|tje\b|\W)(?=[^\W\d_]))*", re.UNICODE
)
QUOTES = " \t\r\n\"'‘’“”„«»()[]*_–—-"
LOWER = re.compile(r"(?<![\w'’-])[a-zà-ÿ][a-zà-ÿ'’-]*")
JOINED = re.compile(r"\s*(?:[.-]\s?)?")


@dataclass(frozen=True)
class Word:
    """A word in a text. ``first``: it begins a sentence, so that its capital says nothing."""

    start: int
    end: int
    text: str
    first: bool

    @cached_property
    def key(self) -> str:
        return folded(self.text)

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def acronym(self) -> bool:
        """All capitals, or a capital with digits in it: an abbreviation, no name."""
        return len(self.text) > 1 and (self.text.isupper() or any(c.isdigit() for c in self.text))


@dataclass(frozen=True)
class Passage:
    """A text with its words; ``lower`` are the words it (or all texts around it) writes small."""

    text: str
    lower: Collection[str]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(
            Word(m.start(), m.end(), m[0], _begins_sentence(self.text, m.start()))
            for m in WORD.finditer(self.text)
        )

    def between(self, left: int, right: int) -> str:
        """What stands between two words by number."""
        return self.text[self.words[left].end : self.words[right].start]

    def are_joined(self, first: int, last: int) -> bool:
        """Whether the words first to last stand next to each other, as in a name."""
        return all(JOINED.fullmatch(self.between(i, i + 1)) for i in range(first, last))

    def is_ordinary(self, word: Word) -> bool:
        """Whether a word is also a plain word: by the lists, or because it stands here small."""
        key = word.key
        return (
            key in WORDS_TOO
            or key in EXCLAMATIONS
            or key in ordinary_words()
            or word.text.lower() in self.lower
        )


def lower_words(text: str) -> frozenset[str]:
    """The words that a text writes without a capital."""
    return frozenset(LOWER.findall(text))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 60) : start].rstrip(QUOTES)
    opened = text[max(0, start - 1) : start] in ("'", '"', "‘", "“", "„")
    return opened or not before or before[-1] in ".!?:…"
