"""Names and their aliases: which id a written name means, and how that id is called on a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


def normalise(text: str) -> str:
    """A text for comparing wordings: one space, no case, plain quotes and dashes, no end marks."""
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ")
    text = re.sub("[\u2018\u2019\u0060\u00b4]", "'", text)
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"<[^<>]{1,80}>", " ", text)
    text = re.sub(r"\s+", " ", text).strip().casefold()
    return text.strip(" *.:;?!\u2026")


@dataclass(frozen=True)
class Name:
    """One way to write a name, from and to a day (None: without bound)."""

    alias: str
    id: str
    kind: str
    preferred: bool
    valid_from: date | None
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """Whether this way of writing was in use on the day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class Names:
    """The list of names of a study."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.names = tuple(
            Name(
                row["alias"],
                row["id"],
                row["kind"],
                row["preferred"] == "yes",
                _day(row["valid_from"]),
                _day(row["valid_to"]),
            )
            for row in rows
        )

    def ids(self, *, kind: str) -> tuple[str, ...]:
        """The ids of one kind, in the order of the file."""
        return tuple(dict.fromkeys(n.id for n in self.names if n.kind == kind))

    def resolve(self, alias: str, *, kind: str) -> str | None:
        """The id that a written name stands for, whatever its case, or None when unknown.

        An alias may hold only during some dates; it keeps meaning the same id outside them
        (a questionnaire that still says "Utrecht"), so dates are no ground for refusal.
        """
        wanted = normalise(alias)
        for name in self.names:
            if name.kind == kind and normalise(name.alias) == wanted:
                return name.id
        return wanted if wanted in self.ids(kind=kind) else None

    def in_use(self, alias: str, *, id: str, on: date) -> bool:
        """Whether an id was written so on a day; a way of writing without dates always is."""
        wanted = normalise(alias)
        own = [n for n in self.names if n.id == id and normalise(n.alias) == wanted]
        return not own or any(name.holds(on) for name in own)

    def label(self, id: str, *, on: date) -> str:
        """The preferred name of an id on a day (the id itself when it has none)."""
        for name in self.names:
            if name.id == id and name.preferred and name.holds(on):
                return name.alias
        return id

    def aliases(self, id: str) -> tuple[str, ...]:
        """Every way to write one id, preferred first."""
        own = [n for n in self.names if n.id == id]
        return tuple(dict.fromkeys(n.alias for n in sorted(own, key=lambda n: not n.preferred)))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
