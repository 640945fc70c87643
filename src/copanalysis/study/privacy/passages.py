"""A text as words: where each stands, and whether its capital says anything."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from copanalysis.study.privacy.vocabulary import EXCLAMATIONS, STREETS, VERBS, WORDS_TOO
from copanalysis.study.privacy.word_lists import beginnings, folded, ordinary_words, surnames

WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W\d_](?:[\w]|[-'’](?!s\b|tje\b|\W)(?=[^\W\d_]))*", re.UNICODE
)
QUOTES = " \t\r\n\"'‘’“”„«»()[]*_–—-"
LOWER = re.compile(r"(?<![\w'’-])[a-zà-ÿ][a-zà-ÿ'’-]*")
MOST_WORDS = 6  # of a name
LOOK_BACK = 400  # letters; more than the blank that a line with times leaves
BETWEEN = re.compile(r"\s*-?\s*")
BEHIND_INITIAL = re.compile(r"\.?\s*")
SMALL_START = re.compile(r"(?:^|[\s\"‘“.])['’‘`][stnk]$")  # "'s Avonds", "'t Is"


@dataclass(frozen=True)
class Word:
    """A word in a text, and as a folded name. ``capital``: it begins with one; ``first``: it begins
    a sentence, so that its capital says nothing."""

    start: int
    end: int
    text: str
    capital: bool
    first: bool
    key: str

    @property
    def street(self) -> bool:
        """A street by its ending, unless it is a surname as well ("Verlaan")."""
        return self.key.endswith(STREETS) and self.key not in surnames()

    @property
    def acronym(self) -> bool:
        """All capitals, or a capital with digits in it: an abbreviation, no name."""
        return len(self.text) > 1 and (self.text.isupper() or any(c.isdigit() for c in self.text))


@dataclass(frozen=True)
class Passage:
    """A text with its words.

    ``lower`` are the words that it (or all texts around it) writes small; ``nobody`` are folded
    names that point to nobody.
    """

    text: str
    lower: Collection[str]
    nobody: frozenset[str]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return _words(self.text)[0]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The words as folded names."""
        return _words(self.text)[1]

    @cached_property
    def capitals(self) -> tuple[tuple[int, Word], ...]:
        """The words that begin with a capital, each with its number."""
        return _words(self.text)[2]

    def between(self, left: int, right: int) -> str:
        """What stands between two words by number."""
        return self.text[self.words[left].end : self.words[right].start]

    def are_joined(self, first: int, last: int) -> bool:
        """Whether the words first to last stand next to each other, as in a name."""
        return all(self._is_joined(i) for i in range(first, last))

    def _is_joined(self, at: int) -> bool:
        initial = len(self.words[at].key) == 1 or "." in self.words[at].text
        allowed = BEHIND_INITIAL if initial else BETWEEN
        return allowed.fullmatch(self.between(at, at + 1)) is not None

    def are_spaced(self, at: int) -> bool:
        """Whether only space stands between a word and the next."""
        return at + 1 < len(self.words) and self.between(at, at + 1).isspace()

    def acts(self, behind: int) -> bool:
        """Whether the name that ends before this word is followed by what it does ("... zei")."""
        return self.are_spaced(behind - 1) and self.words[behind].key in VERBS

    def is_plain(self, word: Word) -> bool:
        """Whether a word is also a plain word: a common one, or written small here."""
        listed = word.key in ordinary_words() or word.key in EXCLAMATIONS
        return listed or word.text.lower() in self.lower

    def is_plain_at_begin(self, word: Word) -> bool:
        """Whether a word that begins a sentence may be a plain word."""
        return self.is_plain(word) or word.key in WORDS_TOO

    @cached_property
    def nobodys(self) -> frozenset[int]:
        """The words, by number, that stand in a name that is nobody's."""
        met = self.stretches(self.nobody)
        return frozenset(number for at, behind in met for number in range(at, behind))

    def stretches(self, names: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Where one of some folded names stands: first word, behind the last; longest first."""
        begun, keys = beginnings(names), self.keys
        if begun.isdisjoint(keys):
            return
        for at in [at for at, key in enumerate(keys) if key in begun]:
            key, found = "", []
            for behind in range(at + 1, min(len(keys), at + MOST_WORDS) + 1):
                key += keys[behind - 1]
                if key not in begun or not self.are_joined(max(at, behind - 2), behind - 1):
                    break
                found += [(at, behind)] if key in names else []
            yield from reversed(found)

    def key(self, at: int, behind: int) -> str:
        """The words from one up to another as one folded name."""
        return "".join(self.keys[at:behind])


@lru_cache(maxsize=1 << 14)  # the same text is gone through with the names met so far, and again
def _words(text: str) -> tuple[tuple[Word, ...], tuple[str, ...], tuple[tuple[int, Word], ...]]:
    words = tuple(_word(found, text) for found in WORD.finditer(text))
    keys = tuple(word.key for word in words)
    return words, keys, tuple((at, word) for at, word in enumerate(words) if word.capital)


def _word(found: re.Match[str], text: str) -> Word:
    capital, start = found[0][0].isupper(), found.start()
    first = capital and _begins_sentence(text, start)
    return Word(start, found.end(), found[0], capital, first, folded(found[0]))


def lower_words(text: str) -> frozenset[str]:
    """The words that a text writes without a capital."""
    return frozenset(LOWER.findall(text))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - LOOK_BACK) : start].rstrip(QUOTES)
    opened = text[max(0, start - 1) : start] in ("'", '"', "‘", "“", "„")
    if SMALL_START.search(before[-3:]):
        before = before[:-2].rstrip(QUOTES)
    return opened or not before or before[-1] in ".!?:…"
