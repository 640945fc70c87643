"""What a chapter registers: the released table, the drawn figure, and their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

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

    @property
    def row_keys(self) -> list[str]:
        """How a pointer names each row: its key values with commas."""
        return [",".join(str(self.data.at[i, c]) for c in self.key) for i in self.data.index]


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
    """A drawing registered in a chapter: numbered, with a headline that says the finding."""

    id: str
    number: str
    title: str
    subtitle: str
    drawing: Drawing
    base: str
    source: str
    question: str = ""
    synthetic: bool = True
