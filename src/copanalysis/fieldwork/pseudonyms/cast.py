"""Who is who: the people in all documents together, each with one pseudonym."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from copanalysis.fieldwork.pseudonyms.key import Entry, Key, numbered, prefix_of
from copanalysis.study.privacy.full_names import SLIP_FROM, FullName, full_name, is_slip
from copanalysis.study.privacy.word_lists import folded, given_names, surnames

MAN = re.compile(r"\b(?:heer|meneer|menneer|mijnheer|dhr\.?)\s+$", re.IGNORECASE)
WOMAN = re.compile(r"\b(?:mevrouw|mevr\.?|mw\.?|mej\.?|juf|juffrouw)\s+$", re.IGNORECASE)
DOUBLED = re.compile(r"(.)\1+")
PET_ENDINGS = ("je", "tje", "ke", "ie", "s")
PET_FROM = 4  # letters of a name cut short ("Siets")
INTERVIEWER = "interviewer"


@dataclass(frozen=True)
class Mention:
    """A person as written in a document; ``role`` is that of a speaker's label."""

    document: str
    form: str
    gender: str = ""  # "m" or "f" where a title in front tells
    label: bool = False
    role: str = ""

    @property
    def name(self) -> FullName:
        return full_name(self.form)

    @property
    def key(self) -> str:
        return folded(self.form)

    @property
    def is_full(self) -> bool:
        """Whether it holds a given name, not only an initial, and a surname."""
        return bool(self.name.core) and len(folded(self.name.given)) > 1

    @property
    def place(self) -> tuple[str, str]:
        """Where the form means this person: everywhere when it is full, else in its document."""
        return self.key, "" if self.is_full else self.document


@dataclass
class Person:
    """Somebody, the names met, and the documents in which those names stand in full."""

    pseudonym: str = ""
    role: str = ""
    names: set[FullName] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)  # documents in which any form stands
    genders: set[str] = field(default_factory=set)

    def goes_by(self, mention: Mention) -> bool:
        """Whether a form is one of this person's, and no title says otherwise."""
        return self._may_be(mention) and any(_is_form(mention, name) for name in self.names)

    def may_go_by(self, mention: Mention) -> bool:
        """The same for a form with a slip in it, cut short or made small."""
        return self._may_be(mention) and any(_is_near(mention.key, name) for name in self.names)

    def is_named(self, name: FullName) -> bool:
        """Whether a full name is this person's, a slip allowed."""
        return any(_same(name, own) for own in self.names)

    def _may_be(self, mention: Mention) -> bool:
        return not mention.gender or not self.genders or mention.gender in self.genders


@dataclass(frozen=True)
class Doubt:
    """A person who was linked, or kept apart, on little: to be looked at in the key."""

    document: str
    pseudonym: str
    reason: str


Verdict = tuple[Person, str]  # who is meant, and why that is to be doubted ("" when it is not)


class Cast:
    """Everybody in a key and in the documents that are pseudonymised together.

    A full name (a slip in it allowed) means one person everywhere. A first name, a surname or
    initials mean the one person of whom the same document has the full name; else the one person
    of that name anywhere; where two could be meant, or a title contradicts, somebody of that
    document alone.
    """

    def __init__(self, key: Key) -> None:
        self.key = key
        self.doubts: tuple[Doubt, ...] = ()
        self._people: list[Person] = []
        self._by_place: dict[tuple[str, str], Person] = {}
        for entry in key.entries:
            if entry.kind == "person":
                person = self._of_key(entry.pseudonym)
                self._meet(person, Mention(entry.document, entry.form))

    @property
    def names(self) -> tuple[FullName, ...]:
        """The names of everybody met."""
        return tuple(name for person in self._people for name in sorted(person.names, key=str))

    def resolve(self, mentions: Sequence[Mention]) -> dict[Mention, str]:
        """The pseudonym of every mention; the key holds them afterwards."""
        found: dict[Mention, Person] = {}
        doubts: dict[Mention, str] = {}
        ordered = sorted(mentions, key=lambda m: (not m.is_full, not m.label))  # stable
        for search in (self._known, self._full, self._here, self._elsewhere, self._last):
            for mention in ordered:
                if mention not in found:
                    person, doubt = self._known(mention) or search(mention) or (None, "")
                    if person is not None:
                        self._meet(person, mention, sure=not doubt)
                        found[mention] = person
                        doubts |= {mention: doubt} if doubt else {}
        self._name(found[mention] for mention in mentions)
        entries = [Entry(found[m].pseudonym, "person", m.form, m.place[1]) for m in mentions]
        self.key = self.key.extended(entries)
        new = [Doubt(m.document, found[m].pseudonym, reason) for m, reason in doubts.items()]
        self.doubts = tuple(dict.fromkeys((*self.doubts, *new)))
        return {mention: person.pseudonym for mention, person in found.items()}

    def name_others(self, kind: str, forms: Iterable[str]) -> dict[str, str]:
        """The pseudonyms of places, numbers or organisations, the same in every document."""
        named: dict[str, str] = {}
        for form in forms:
            known = self.key.pseudonym(kind, form, document="")
            prefix = prefix_of(kind)
            named[form] = known or numbered(prefix, self.key.next_number(prefix))
            self.key = self.key.extended([Entry(named[form], kind, form, "")])
        return named

    def _of_key(self, pseudonym: str) -> Person:
        for person in self._people:
            if person.pseudonym == pseudonym:
                return person
        self._people.append(Person(pseudonym))
        return self._people[-1]

    def _known(self, mention: Mention) -> Verdict | None:
        person = self._by_place.get(mention.place)
        return (person, "") if person else None

    def _full(self, mention: Mention) -> Verdict | None:
        """Whom a full name means; somebody new when nobody has it yet."""
        if not mention.is_full:
            return None
        same = [person for person in self._people if person.is_named(mention.name)]
        return (same[0] if len(same) == 1 else self._new()), ""

    def _here(self, mention: Mention) -> Verdict | None:
        """Of the people who stand in the document in full, the one whom a part of a name means."""
        here = [person for person in self._people if mention.document in person.documents]
        for test in (Person.goes_by, Person.may_go_by):
            close = [person for person in here if test(person, mention)]
            if len(close) == 1:
                doubted = test is Person.may_go_by and mention.key in given_names() | surnames()
                return close[0], "taken for a misspelling or short form" if doubted else ""
            if close:
                return self._new(), "could be more than one person of the document; kept apart"
        return None

    def _elsewhere(self, mention: Mention) -> Verdict | None:
        """Of the people of all documents, the one whom a part of a name means."""
        if mention.label and mention.role != INTERVIEWER:  # people are interviewed once
            return self._new(), ""
        fits = [p for p in self._people if any(_is_form(mention, name) for name in p.names)]
        close = [person for person in fits if person.goes_by(mention)]
        if len(close) == 1:
            return close[0], "" if mention.label else "linked to another document by part of a name"
        if fits:
            return self._new(), "could be several people of other documents; kept apart"
        return None

    def _last(self, mention: Mention) -> Verdict:
        """Somebody made by now; or of whose name, met in the document, this is a slip; or new."""
        made = self._elsewhere(mention)
        if made:
            return made
        met = [person for person in self._people if mention.document in person.met]
        close = [person for person in met if person.may_go_by(mention)]
        return (close[0] if len(close) == 1 else self._new()), ""

    def _meet(self, person: Person, mention: Mention, *, sure: bool = True) -> None:
        self._by_place.setdefault(mention.place, person)
        person.role = person.role or mention.role
        person.genders |= ({mention.gender} if sure else set()) - {""}
        person.names.add(mention.name)
        person.met.add(mention.document)
        if mention.is_full or mention.label:
            person.documents.add(mention.document)

    def _new(self) -> Person:
        self._people.append(Person())
        return self._people[-1]

    def _name(self, people: Iterable[Person]) -> None:
        """Give out pseudonyms in order of appearance; roles are known by now."""
        given: Counter[str] = Counter()
        for person in people:
            if not person.pseudonym:
                prefix = prefix_of("person", person.role)
                person.pseudonym = numbered(prefix, self.key.next_number(prefix) + given[prefix])
                given[prefix] += 1


def gender_before(text: str) -> str:
    """The gender that a title at the end of a text tells ("m", "f"), or ""."""
    if MAN.search(text):
        return "m"
    return "f" if WOMAN.search(text) else ""


def _is_form(mention: Mention, name: FullName) -> bool:
    """Whether a mention is a form of a name; initials need dots or capitals ("MO", not "Mo")."""
    kind = name.forms.get(mention.key, "")
    return bool(kind) and (kind != "initials" or "." in mention.form or mention.form.isupper())


def _same(name: FullName, other: FullName) -> bool:
    """Whether two full names are one, a slip in one of the two words allowed."""
    if not (name.core and other.core):
        return False
    given, others = folded(name.given), folded(other.given)
    core, cores = folded(name.core), folded(other.core)
    return (given == others and _alike(core, cores)) or (core == cores and _alike(given, others))


def _alike(word: str, other: str) -> bool:
    """Whether two words are one, or one is the other misspelt.

    Two names that both exist are two names, unless they differ by a doubled letter only.
    """
    if word == other or DOUBLED.sub(r"\1", word) == DOUBLED.sub(r"\1", other):
        return True
    both_exist = {word, other} <= given_names() | surnames()
    return len(word) >= SLIP_FROM and is_slip(word, other) and not both_exist


def _is_near(key: str, name: FullName) -> bool:
    given = folded(name.given)
    if len(key) >= PET_FROM and len(given) > len(key) and given.startswith(key):
        return True
    if len(given) > 1 and key.startswith(given) and key.removeprefix(given) in PET_ENDINGS:
        return True
    words = (form for form, kind in name.forms.items() if kind in ("given", "surname", "core"))
    return len(key) >= SLIP_FROM and any(is_slip(key, form) for form in words)
