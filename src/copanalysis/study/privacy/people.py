"""Rules that find people in a text: known names, titles, initials, given names, capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copanalysis.study.privacy.findings import Finding
from copanalysis.study.privacy.full_names import KnownNames
from copanalysis.study.privacy.passages import Passage, Word
from copanalysis.study.privacy.vocabulary import (
    ALWAYS_INTERFIX,
    BEFORE_INTERFIX,
    COMPOUNDS,
    EXCLAMATIONS,
    INHABITANTS,
    INTERFIXES,
    SHORT_TITLES,
    TITLES,
    TO_PLACES,
)
from copanalysis.study.privacy.word_lists import folded, given_names, places, surnames

INITIALS = re.compile(r"(?:[A-ZÀ-Ý]\.){1,5}")
DOTTED = re.compile(r"\.?\s*")
LETTER = re.compile(r"(?<![\w.])[A-Z]\.(?=,|\s[a-zà-ÿ])")  # "ik noem hem S., een jongen"
TOLD = re.compile(r"\bze(?:g|gt|ggen|i|iden)\b[^.!?:\n]*:\s*[\"'‘“]?$")  # "dan zeg ik: Liddy, om"
LOOK_BACK = 60
Span = tuple[int, int, str]  # first word, behind last word, rule


@dataclass(frozen=True)
class People:
    """What finds people in one passage.

    ``wide``: every word with a capital within a sentence that is nothing else is a name too, as
    in conversations; without it only words on the lists of names are.
    """

    passage: Passage
    known: KnownNames
    wide: bool

    def findings(self) -> list[Finding]:
        """The people met, by place; a name at the begin of a sentence by what is met elsewhere."""
        spans = [*self._known(), *self._titled(), *self._initialled(), *self._full()]
        spans += [*self._with_interfix(), *self._within_sentences()]
        spans += self._at_begins(spans)
        return [*map(self._finding, spans), *(self._letters() if self.wide else ())]

    def _letters(self) -> Iterator[Finding]:
        """A capital with a dot that stands for somebody."""
        first = {word.start for word in self.passage.words if word.first}
        for found in LETTER.finditer(self.passage.text):
            if found.start() not in first:
                yield Finding(found.start(), found.end(), "person", found[0], "letter")

    def _finding(self, span: Span) -> Finding:
        words = self.passage.words
        start, end = words[span[0]].start, words[span[1] - 1].end
        return Finding(start, end, "person", self.passage.text[start:end], span[2])

    def _known(self) -> Iterator[Span]:
        """Known forms, the longest that begins at a word."""
        done = 0
        for at, behind in self.passage.stretches(self.known.sought):
            kind = self.known.forms[self.passage.key(at, behind)]
            if at >= done and self._counts(kind, at, behind):
                yield at, behind, "known"
                done = behind

    def _counts(self, kind: str, at: int, behind: int) -> bool:
        """Whether a known form, written as it is here, is the name and not a plain word."""
        words = self.passage.words[at:behind]
        head, last = words[0], words[-1]
        if kind == "code":
            return head.text.isupper()
        if kind == "initials":
            return "." in head.text or (len(words) > 1 and all(w.acronym for w in words))
        if kind in ("full", "initial_surname"):
            return last.capital or kind == "full"
        if len(words) > 1 and kind == "surname":
            return last.capital
        if kind == "core":
            return self._is_name_within(at) and head.key not in places()
        named = not head.first or self._names_at_begin(at)
        return head.capital and len(head.key) > 1 and named

    def _titled(self) -> Iterator[Span]:
        words = self.passage.words
        for at, word in enumerate(words[:-1]):
            if word.key not in TITLES or word.acronym or not self._leads(at):
                continue
            first = at + 1
            while first < len(words) - 1 and words[first].key in TITLES:
                first += 1
            behind = self._surname_end(first)
            if behind:
                yield first, behind, "title"

    def _leads(self, at: int) -> bool:
        """Whether nothing but space, or the dot of a short title, follows a title."""
        short = self.passage.words[at].key in SHORT_TITLES
        dotted = short and DOTTED.fullmatch(self.passage.between(at, at + 1))
        return bool(dotted) or self.passage.are_spaced(at)

    def _initialled(self) -> Iterator[Span]:
        for at, word in self.passage.capitals:
            if at + 1 == len(self.passage.words):
                continue
            dotted = self.passage.text[word.end : word.end + 1] == "."
            if not INITIALS.fullmatch(word.text + "." * dotted) or not (dotted or "." in word.text):
                continue
            behind = self._surname_end(at + 1)
            if behind and self._is_surname(self.passage.words[behind - 1]):
                yield at, behind, "initials"

    def _is_surname(self, word: Word) -> bool:
        listed = word.key in surnames() or word.key in self.known.forms
        return listed and not self.passage.is_plain_at_begin(word)

    def _with_interfix(self) -> Iterator[Span]:
        """A surname on its own that begins with a capital "Van", "De" or "Te"."""
        for at, word in self.passage.capitals:
            if word.key not in INTERFIXES:
                continue
            behind = self._surname_end(at)
            if behind > at + 1 and not (word.first and not self.passage.acts(behind)):
                yield at, behind, "surname"

    def _full(self) -> Iterator[Span]:
        """A given name with a surname behind it."""
        for at, word in self.passage.capitals:
            if at + 1 == len(self.passage.words) or word.acronym or not self._is_given(word):
                continue
            if word.key in EXCLAMATIONS:  # "Hoi Noor"
                continue
            behind = self._surname_end(at + 1)
            if not behind or not self.passage.are_spaced(at):
                continue
            plain = word.first and self.passage.is_plain_at_begin(word)
            if not plain or self.passage.words[behind - 1].key in surnames():
                yield at, behind, "full"

    def _surname_end(self, at: int) -> int:
        """The word behind a surname that begins here ("van den Berg", "De Groot"); 0 if none."""
        words, core = self.passage.words, self._core(at)
        if core == len(words) or not self._could_be_core(core, bare=core == at):
            return 0
        if not all(self.passage.are_spaced(i) for i in range(at, core)):
            return 0
        more = core + 1
        doubled = (
            more < len(words) and self.passage.are_spaced(core) and words[more].key in surnames()
        )
        return more + 1 if doubled and self._could_be_core(more, bare=True) else more

    def _core(self, at: int) -> int:
        """The first word from here that is no "van", "den" or "in 't" of a surname."""
        words, core = self.passage.words, at
        while core < len(words) and core - at < 3:
            next_key = words[core + 1].key if core + 1 < len(words) else ""
            before = words[core].key in BEFORE_INTERFIX and next_key in INTERFIXES
            if words[core].key not in INTERFIXES and not before:
                break
            core += 1
        return core

    def _could_be_core(self, at: int, *, bare: bool) -> bool:
        word = self.passage.words[at]
        if not word.capital or word.acronym or self._is_nobody(at):
            return False
        return bare or word.key not in places() or word.key in surnames()

    def _within_sentences(self) -> Iterator[Span]:
        for at, word in self.passage.capitals:
            if self._is_name_within(at):
                listed = word.key in given_names() or word.key in self.known.forms
                if listed or (self.wide and word.key not in places() and not self._to_place(at)):
                    yield self._with_te(at), at + 1, "given" if listed else "capital"

    def _with_te(self, at: int) -> int:
        """Where a name begins before whose capital stands "te", "ten", "ter" or "el"."""
        taken = (
            at
            and self.passage.words[at - 1].key in ALWAYS_INTERFIX
            and self.passage.are_spaced(at - 1)
        )
        return at - 1 if taken else at

    def _is_name_within(self, at: int) -> bool:
        """A capital within a sentence that no other reason explains."""
        word = self.passage.words[at]
        if not word.capital or word.first or word.acronym or self._is_nobody(at):
            return False
        if len(word.key) == 1 or word.street:
            return False
        listed = word.key in given_names() or word.key in self.known.forms
        if word.key in places() and (self._to_place(at) or not listed):
            return False
        return listed or not self.passage.is_plain(word)

    def _to_place(self, at: int) -> bool:
        return at > 0 and self.passage.words[at - 1].key in TO_PLACES

    def _at_begins(self, spans: list[Span]) -> Iterator[Span]:
        words = self.passage.words
        met = {words[i].key for first, behind, _ in spans for i in range(first, behind)}
        met = {key for key in met if key not in INTERFIXES}
        for at, word in self.passage.capitals:
            if not word.first or word.acronym or self._is_nobody(at):
                continue
            plain = self.passage.is_plain_at_begin(word)
            sure = word.key in met and (not plain or self.passage.acts(at + 1))
            if sure or (word.key in given_names() and not plain):
                yield at, at + 1, "begin"
            elif not plain and self.known.slip_of(word.key):
                yield at, at + 1, "misspelt"
            elif not plain and self.wide and self._is_spoken_to(word):
                yield at, at + 1, "spoken_to"

    def _is_spoken_to(self, word: Word) -> bool:
        """Whether words that somebody tells to have said begin with this one and a comma."""
        told = TOLD.search(self.passage.text[max(0, word.start - LOOK_BACK) : word.start])
        return bool(told) and self.passage.text[word.end : word.end + 1] == ","

    def _names_at_begin(self, at: int) -> bool:
        """Whether the first word of a sentence is a name: it is no plain word, or acts as one."""
        plain = self.passage.is_plain_at_begin(self.passage.words[at])
        return not plain or self.passage.acts(at + 1)

    def _is_given(self, word: Word) -> bool:
        return word.key in given_names() or self.known.forms.get(word.key) == "given"

    def _is_nobody(self, at: int) -> bool:
        """Whether the word is a name that is no person's, or part of one, or made from one."""
        word, never = self.passage.words[at], self.known.nobodys
        if at in self.passage.nobodys or word.key.startswith(COMPOUNDS):
            return True
        if any(word.key.endswith(e) and word.key.removesuffix(e) in never for e in INHABITANTS):
            return True
        first, *rest = re.split(r"[-'’]", word.text)
        if not rest or rest[0][:1].isupper():
            return False
        head = folded(first)  # of "Excel-overzicht", "ISK'ers", "Z-route"
        return len(head) == 1 or first.isupper() or head in never
