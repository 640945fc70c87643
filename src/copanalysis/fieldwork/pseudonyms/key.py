"""The key: which pseudonym stands for whom, and the numbers that were given out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from copanalysis.study.privacy.findings import DUTCH
from copanalysis.study.privacy.word_lists import folded

PARTS = re.compile(r"(?P<prefix>[a-z][a-z-]*)-(?P<number>\d{2,})")
DIGITS = ("phone", "bsn", "licence_plate")


@dataclass(frozen=True)
class Entry:
    """One way in which somebody or something is written, and the pseudonym for it.

    ``document`` is "" where the form means the same everywhere (a full name, a phone number);
    a first name means somebody in one document.
    """

    pseudonym: str
    kind: str
    form: str
    document: str

    @property
    def place(self) -> tuple[str, str, str]:
        """What may stand in a key once: kind, form without differences of writing, document."""
        return self.kind, comparable(self.form, kind=self.kind), self.document


@dataclass(frozen=True)
class Key:
    """The entries of a key, in the order in which they were made."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def _by_place(self) -> dict[tuple[str, str, str], str]:
        return {entry.place: entry.pseudonym for entry in self.entries}

    def pseudonym(self, kind: str, form: str, *, document: str) -> str:
        """The pseudonym of a form in a document, or of the form everywhere; "" when unknown."""
        known, same = self._by_place, comparable(form, kind=kind)
        return known.get((kind, same, document)) or known.get((kind, same, ""), "")

    @property
    def people(self) -> tuple[str, ...]:
        """Every form of every person, to look for in files that should hold none."""
        forms = (entry.form for entry in self.entries if entry.kind == "person")
        return tuple(dict.fromkeys(forms))

    def extended(self, entries: Iterable[Entry]) -> Key:
        """A key with more entries; a form that it holds already keeps its pseudonym."""
        added = {entry.place: entry for entry in reversed(list(entries))}
        new = [e for place, e in reversed(added.items()) if place not in self._by_place]
        return Key((*self.entries, *new))

    def next_number(self, prefix: str) -> int:
        """The first number after all that were given out with a prefix."""
        parts = (PARTS.fullmatch(entry.pseudonym) for entry in self.entries)
        return 1 + max((int(p["number"]) for p in parts if p and p["prefix"] == prefix), default=0)


def comparable(form: str, *, kind: str) -> str:
    """A form without differences of writing: "06-12345678" and "+31 6 12345678" are one."""
    if kind == "phone":
        digits = re.sub(r"\D", "", form.replace("(0)", ""))
        return re.sub(r"^(?:0031|31|0)(?=[1-9]\d{8}$)", "", digits)
    if kind == "email":
        return re.sub(r"\s", "", form.casefold())
    return re.sub(r"[\s.-]", "", form.casefold()) if kind in DIGITS else folded(form)


def prefix_of(kind: str, role: str = "") -> str:
    """The word in a pseudonym: the role of somebody who speaks, else the kind, in Dutch."""
    return role or DUTCH[kind]


def numbered(prefix: str, number: int) -> str:
    """A pseudonym ("respondent-07"); in running text it stands in brackets."""
    return f"{prefix}-{number:02d}"
