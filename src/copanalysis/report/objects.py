"""What a chapter registers: the released table, the drawn figure, and their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, TypeVar

import pandas as pd

from copanalysis.study.measurement import NotMeasured

Said = TypeVar("Said")
FORMATS = ("text", "count", "share", "points", "number", "p", "date")


@dataclass(frozen=True)
class Released:
    """A table after disclosure control, as every output shows it.

    ``data`` holds exact values, one row per ``key`` (the columns that identify a row);
    ``columns`` maps the columns to show, in order, to their Dutch headers; ``formats`` gives
    each its format (one of FORMATS: "share" is a proportion 0-1 shown as a whole percentage,
    "points" a difference of proportions in percentage points, "p" a p-value). ``ci_low`` and
    ``ci_high`` are shown together as one column "interval" when that name is in ``columns``,
    and ``x_ci_low`` and ``x_ci_high`` as "x_interval"; ``formats`` then holds the format of
    both bounds under that name.
    ``hidden`` has the shape of ``data``: True where the cell was suppressed (its value in
    ``data`` is missing) and prints as "niet getoond"; a missing value that is not hidden
    prints as "–". ``source``, ``base`` and ``notes`` are Dutch sentences for under the table.
    ``steps`` tell how it was made (`study.steps`), ``cell`` the notebook cell (id, number).
    """

    id: str
    number: str
    title: str
    data: pd.DataFrame
    key: tuple[str, ...]
    columns: Mapping[str, str]
    formats: Mapping[str, str]
    base: str
    source: str
    question: str = ""
    synthetic: bool = True
    notes: tuple[str, ...] = ()
    hidden: pd.DataFrame = field(default_factory=pd.DataFrame)
    steps: tuple[Mapping[str, Any], ...] = ()
    cell: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def row_keys(self) -> list[str]:
        """How a pointer names each row: its key values with commas."""
        if not self.key:
            return [""] * len(self.data)
        rows = self.data[list(self.key)].itertuples(index=False, name=None)
        return [",".join(map(str, row)) for row in rows]


def said_once(function: Callable[[Released], Said]) -> Callable[[Released], Said]:
    """The function, whose answer is kept with the table: a released table does not change, and
    page, data file, manifest and figures ask the same of it."""

    @wraps(function)
    def call(released: Released) -> Said:
        kept = released.__dict__.setdefault("_said", {})
        if function not in kept:
            kept[function] = function(released)
        return kept[function]

    return call


@dataclass(frozen=True)
class NotShown(NotMeasured):
    """Stands where a figure would stand of whose table nothing may be shown."""

    def __str__(self) -> str:
        return f"Niet getoond: {self.reason}"


@dataclass(frozen=True)
class Drawing:
    """A figure drawn from one released table: PNG for the desk and the phone, and its words."""

    desk: bytes
    phone: bytes
    alt: str
    table: Released
    desk_size: tuple[int, int]
    phone_size: tuple[int, int]


@dataclass(frozen=True)
class Figure:
    """A drawing registered in a chapter: numbered, with a headline that says the finding.

    ``drawn_from`` is a hash of what it was drawn from, and one of its pictures.
    """

    id: str
    number: str
    title: str
    subtitle: str
    drawing: Drawing
    base: str
    source: str
    question: str = ""
    synthetic: bool = True
    drawn_from: str = ""
