"""Full names and every form in which a text may write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from copanalysis.study.privacy.vocabulary import INTERFIXES, TITLES
from copanalysis.study.privacy.word_lists import folded

IN_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
CODE = re.compile(r"[A-Z]{1,5}\d{0,2}")
# Weakest last. A "code" is the label of a speaker that stands for a name ("AW").
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
        forms: dict[str, str] = {}
        for kind, form in made:
            if form and FORMS.index(kind) < FORMS.index(forms.get(folded(form), "code")) + 1:
                forms[folded(form)] = kind
        return forms


def full_name(text: str) -> FullName:
    """Take a name apart: "Annemiek van den Akker", "Akker, Annemiek van den", "mw. Akker", "AW"."""
    bare = " ".join(IN_BRACKETS.sub(" ", text).split())
    if CODE.fullmatch(bare):
        return FullName(code=bare)
    if bare.count(",") == 1:
        last, first = (part.strip() for part in bare.split(","))
        bare = f"{first} {last}"
    words = bare.split()
    titled = bool(words) and folded(words[0]) in TITLES | {"de"} and len(words) > 1
    while len(words) > 1 and folded(words[0]) in TITLES | {"de"} and _is_title(words):
        words = words[1:]
    titled = titled and len(words) < len(bare.split())
    return _taken_apart(words, titled=titled)


def _is_title(words: list[str]) -> bool:
    """Whether the first word is a title, or the "de" of "de heer"."""
    return folded(words[0]) in TITLES or folded(words[1]) in TITLES


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
    def forms(self) -> dict[str, str]:
        """The forms of all people, folded, with the strongest of FORMS that each is."""
        forms: dict[str, str] = {}
        for person in self.people:
            for form, kind in person.forms.items():
                known = forms.setdefault(form, kind)
                if FORMS.index(kind) < FORMS.index(known):
                    forms[form] = kind
        return forms


def known_names(people: Iterable[str], *, never: Iterable[str] = ()) -> KnownNames:
    """Names as written (full names, one-word names, labels), and names that are nobody's."""
    names = dict.fromkeys(full_name(name) for name in people if folded(name))
    return KnownNames(tuple(names), frozenset(folded(name) for name in never))
