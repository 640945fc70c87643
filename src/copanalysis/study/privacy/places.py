"""Rules that find places, and small organisations that point to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from copanalysis.study.privacy.findings import Finding
from copanalysis.study.privacy.full_names import KnownNames
from copanalysis.study.privacy.passages import Passage
from copanalysis.study.privacy.vocabulary import (
    COMPASS,
    SMALL_ORGANISATIONS,
    TITLES,
    TO_PLACES,
)
from copanalysis.study.privacy.word_lists import folded, given_names, places

LONG = 5  # letters of a place that is seldom a plain word
OWN_NAME = (
    r"(?P<small>(?:\s(?:[Dd]e|[Hh]et|van|'t))*)"
    r"\s(?P<own>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?)"
)
ORGANISATION = re.compile(rf"(?<!\w){SMALL_ORGANISATIONS}{OWN_NAME}")
NAMED_BY_COMPASS = re.compile(
    r"(?<=[\w,;]\s)(?P<own>[A-Z][a-zà-ÿ]{4,})\s(?P<side>[A-Z][a-z]+)(?!\w)"
)


@dataclass(frozen=True)
class Places:
    """What finds places in one passage; ``wide`` as in `People`."""

    passage: Passage
    known: KnownNames
    wide: bool

    def findings(self) -> list[Finding]:
        """Places of the list of Dutch places, unless they are a CoP's name or larger than one."""
        spans = list(self._within_sentences())
        met = {self.passage.key(*span) for span in spans}
        spans += [*self._at_begins(met), *(self._by_signs() if self.wide else ())]
        found = []
        for at, behind in spans:
            start, end = self.passage.words[at].start, self.passage.words[behind - 1].end
            found.append(Finding(start, end, "place", self.passage.text[start:end], "place"))
        return found

    def _within_sentences(self) -> Iterator[tuple[int, int]]:
        for at, behind in self._candidates:
            if not self.passage.words[at].first and (behind - at > 1 or self._is_place(at)):
                yield at, behind

    def _at_begins(self, met: set[str]) -> Iterator[tuple[int, int]]:
        """Places that begin a sentence, and are no plain word: long ones, or met elsewhere."""
        for at, behind in self._candidates:
            word, key = self.passage.words[at], self.passage.key(at, behind)
            sure = key in met or (len(key) >= LONG and self._is_place(at))
            if word.first and sure and not self.passage.is_plain_at_begin(word):
                yield at, behind

    def _by_signs(self) -> Iterator[tuple[int, int]]:
        """Streets, and words behind "in", "uit", "gemeente" that nothing else explains."""
        words = self.passage.words
        for at, word in self.passage.capitals:
            named = word.key in given_names() or word.key in self.known.forms
            if not at or word.first or word.acronym or at in self.passage.nobodys or named:
                continue
            to_place = words[at - 1].key in TO_PLACES and not self.passage.is_plain(word)
            if word.street or to_place:
                yield at, at + 1

    def _is_place(self, at: int) -> bool:
        """Whether a word of the list of places is one here, and not somebody's name."""
        words = self.passage.words
        before = words[at - 1].key if at else ""
        if before in TO_PLACES:
            return True
        is_name = words[at].key in given_names() or words[at].key in self.known.forms
        return before not in TITLES and not is_name

    @cached_property
    def _candidates(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for at, behind in self.passage.stretches(places()):
            if (not found or at >= found[-1][1]) and self._fits(at, behind):
                found.append((at, behind))
        return found

    def _fits(self, at: int, behind: int) -> bool:
        words = self.passage.words[at:behind]
        if not words[-1].capital or words[0].acronym:
            return False
        if not (words[0].capital or words[0].text.startswith(("'s", "de", "den", "het"))):
            return False
        return self.passage.nobodys.isdisjoint(range(at, behind))


def find_organisations(text: str, *, known: KnownNames) -> Iterator[Finding]:
    """Small organisations with a name of their own ("Taalhuis De Brug", "Buurtmaatjes Oost").

    A large organisation, a CoP or a town behind such a word is no such name.
    """
    for found in ORGANISATION.finditer(text):
        if found["small"] or not _is_nobodys(found["own"], known):
            yield Finding(found.start(), found.end(), "organisation", found[0], "organisation")
    for found in NAMED_BY_COMPASS.finditer(text):
        if folded(found["side"]) in COMPASS and not _is_nobodys(found["own"], known):
            yield Finding(found.start(), found.end(), "organisation", found[0], "organisation")


def _is_nobodys(name: str, known: KnownNames) -> bool:
    words = {folded(name), folded(name.split()[0])}
    return not words.isdisjoint(known.nobodys | places())
