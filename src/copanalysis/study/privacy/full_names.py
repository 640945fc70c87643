"""Full names and every form in which a text may write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from copanalysis.study.privacy.vocabulary import INTERFIXES, NO_NAMES, TITLES
from copanalysis.study.privacy.word_lists import folded

IN_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
CODE = re.compile(r"[A-Z]{1,5}\d{0,2}")
# Weakest last. A "code" is the label of a speaker that stands for a name ("AW").
SLIP_FROM = 5  # letters
FORMS = ("full", "initial_surname", "surname", "given", "initials", "core", "code")


@dataclass(frozen=True)
class FullName:
    """A person's name: given name, words such as "van den", and the core of the surname.

    A single word is a given name; a speaker's label such as "AW" is only ``code``.
    """

    given: str = ""
    interfix: str = ""
    core: str = ""
    code: str = ""

    def __str__(self) -> str:
        return self.code or " ".join(p for p in (self.given, self.interfix, self.core) if p)

    @cached_property
    def forms(self) -> dict[str, str]:
        """Every form, folded, with the strongest of FORMS that it is."""
        given, interfix, core = self.given, self.interfix, self.core
        made = [("code", self.code), ("given", given), ("given", given.replace("-", " "))]
        if core:
            first, short = given[:1], _short(interfix)
            made += [("full", f"{given}{i}{core}") for i in (interfix, short) if given]
            made += [("initial_surname", f"{first}{i}{core}") for i in (interfix, short) if first]
            made += [("surname", f"{i}{core}") for i in (interfix, short)]
            made += [("core", core)] if interfix else []
            made += [("initials", f"{first}{core[0]}")] if first else []
            made += [("initials", f"{first}{_short(interfix)}{core[0]}")] if first else []
        return _strongest((folded(form), kind) for kind, form in made if form)


def full_name(text: str) -> FullName:
    """Take a name apart: "Annemiek van den Akker", "Akker, Annemiek van den", "mw. Akker", "AW"."""
    bare = " ".join(IN_BRACKETS.sub(" ", text).split())
    if CODE.fullmatch(bare):
        return FullName(code=bare)
    if bare.count(",") == 1:
        last, first = (part.strip() for part in bare.split(","))
        bare = f"{first} {last}"
    words = bare.split()
    first = 0
    while first < len(words) - 1 and _is_title(words, first):
        first += 1
    return _taken_apart(words[first:], titled=first > 0)


def _is_title(words: list[str], at: int) -> bool:
    """Whether a word is a title, or the "de" of "de heer"."""
    return folded(words[at]) in TITLES or (
        words[at].lower() == "de" and folded(words[at + 1]) in TITLES
    )


def _taken_apart(words: list[str], *, titled: bool) -> FullName:
    if len(words) == 1 and not titled:
        return FullName(given=words[0])
    first = 0 if titled or folded(words[0]) in INTERFIXES else 1
    after = first
    while after < len(words) - 1 and folded(words[after]) in INTERFIXES:
        after += 1
    return FullName(" ".join(words[:first]), " ".join(words[first:after]), " ".join(words[after:]))


def _short(interfix: str) -> str:
    """ "vd" of "van den": the first letters of the small words."""
    return "".join(word[0] for word in interfix.lower().split())


@dataclass(frozen=True)
class KnownNames:
    """The names a project knows: people, and names that point to nobody (CoPs, organisations)."""

    people: tuple[FullName, ...] = ()
    never: frozenset[str] = frozenset()

    @cached_property
    def nobodys(self) -> frozenset[str]:
        """``never`` with the words and names that are nobody's in any study."""
        return self.never | NO_NAMES

    @cached_property
    def forms(self) -> dict[str, str]:
        """The forms of all people, folded, with the strongest of FORMS that each is."""
        return _strongest(form for person in self.people for form in person.forms.items())

    @cached_property
    def sought(self) -> frozenset[str]:
        """The forms that are looked for in texts."""
        return frozenset(self.forms) - self.never

    @cached_property
    def _words(self) -> tuple[str, ...]:
        """The forms of one word that are long enough to be known again with a slip in them."""
        kinds = ("given", "surname", "core")
        return tuple(f for f, kind in self.forms.items() if kind in kinds and len(f) >= SLIP_FROM)

    def slip_of(self, key: str) -> str:
        """The one form of which a folded word is a misspelling ("Boekhari"); "" if none or more."""
        close = [form for form in self._words if is_slip(key, form)]
        return close[0] if len(close) == 1 and key not in self.forms else ""


def is_slip(key: str, form: str) -> bool:
    """Whether two words of the same first letter differ by one letter, or by two that swapped."""
    if abs(len(key) - len(form)) > 1 or key == form or key[:1] != form[:1]:
        return False
    start = next((i for i, (a, b) in enumerate(zip(key, form, strict=False)) if a != b), None)
    if start is None:
        return True
    rest, other = key[start:], form[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def _strongest(forms: Iterable[tuple[str, str]]) -> dict[str, str]:
    best: dict[str, str] = {}
    for form, kind in forms:
        if form not in best or FORMS.index(kind) < FORMS.index(best[form]):
            best[form] = kind
    return best


def known_names(people: Iterable[str], *, never: Iterable[str] = ()) -> KnownNames:
    """Names as written (full names, one-word names, labels), and names that are nobody's."""
    names = dict.fromkeys(full_name(name) for name in people if folded(name))
    return KnownNames(tuple(names), frozenset(folded(name) for name in never))
