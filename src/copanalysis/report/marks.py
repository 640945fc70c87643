"""What a chart reads from a released table: its marks, their labels and their order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.cells import hidden_cells, released_problems
from copanalysis.report.numbers import HIDDEN, MISSING, show
from copanalysis.report.objects import Released


@dataclass(frozen=True)
class Mark:
    """A value with its interval (NaN where there is none) and its direct label."""

    value: float
    low: float
    high: float
    text: str

    @property
    def end(self) -> float:
        """The rightmost point that is drawn; NaN when nothing is."""
        return math.nan if math.isnan(self.value) else float(np.fmax(self.value, self.high))


def chart_data(table: Released, *needed: str) -> pd.DataFrame:
    """The data of a chart, with rows numbered from 0.

    Raises
    ------
    CopanalysisError
        With every problem of the table itself, or naming every column that is missing.
    """
    refuse_if_any(f"Table {table.id!r} cannot be drawn", released_problems(table))
    where, found = f"table {table.id!r}", f"columns {', '.join(map(str, table.data.columns))}"
    fix = "name the column in the call of the chart"
    absent = [c for c in needed if c not in table.data.columns]
    problems = [Problem(where, found, f"a column {c!r}", fix) for c in absent]
    refuse_if_any(f"Table {table.id!r} cannot be drawn", problems)
    return table.data.reset_index(drop=True)


def marks_of(
    table: Released, value: str, bounds: tuple[str, str] | None, *, count: str = ""
) -> list[Mark]:
    """One mark per row for a column of shares; bounds and counts where the table has them."""
    texts = with_extra(value_texts(table, value, "share"), optional_texts(table, count, "count"))
    absent = np.full(len(texts), math.nan)
    has = bounds is not None and set(bounds) <= set(table.data.columns)
    lows, highs = (values(table, b) for b in bounds) if has else (absent, absent)
    return [Mark(*m) for m in zip(values(table, value), lows, highs, texts, strict=True)]


def optional_texts(table: Released, column: str, format: str) -> list[str]:
    """The texts of a column that a table may do without."""
    if column not in table.data.columns:
        return [MISSING] * len(table.data)
    return value_texts(table, column, format)


def with_extra(texts: Sequence[str], extras: Sequence[str]) -> list[str]:
    """Texts with a second one behind them, "57% (42)", where both are there."""
    gone = (HIDDEN, MISSING)
    return [
        text if text in gone or extra in gone else f"{text} ({extra})"
        for text, extra in zip(texts, extras, strict=True)
    ]


def top_of(marks: Sequence[Mark]) -> float:
    """The largest value to draw, or 1 when there is none."""
    ends = [mark.end for mark in marks if not math.isnan(mark.end)]
    return float(max(ends, default=1.0))


def ends_of(marks: Sequence[Mark]) -> list[tuple[float, str]]:
    """Where the direct labels start, and what they say."""
    return [(mark.end, mark.text) for mark in marks if not math.isnan(mark.end)]


def have_intervals(marks: Sequence[Mark]) -> bool:
    """Whether any mark has an interval."""
    return any(not math.isnan(mark.low) for mark in marks)


def values(table: Released, column: str) -> np.ndarray:
    """A column as floats; NaN where it is missing or suppressed."""
    return pd.to_numeric(table.data[column]).to_numpy(dtype=float, na_value=np.nan)


def value_texts(table: Released, column: str, format: str) -> list[str]:
    """A column as its direct labels."""
    pairs = zip(table.data[column], hidden_cells(table, column), strict=True)
    return [HIDDEN if secret else show(value, format) for value, secret in pairs]


def ranked(labels: Sequence[str], sizes: np.ndarray) -> list[int]:
    """Positions from large to small; unknown sizes after them, "Anders, ..." at the very end."""
    frame = pd.DataFrame({"size": sizes, "other": [str(x).startswith("Anders") for x in labels]})
    order = frame.sort_values(["other", "size"], ascending=[True, False], kind="stable")
    return order.index.tolist()


def base_words(data: pd.DataFrame, column: str) -> str:
    """The base of the shares: "n = 74", "n = 31 tot 62", or "" when the data have no bases."""
    if column not in data.columns:
        return ""
    bases = data[column].dropna()
    if bases.empty:
        return ""
    low, high = show(bases.min(), "count"), show(bases.max(), "count")
    return f"n\u00a0=\u00a0{low}" if low == high else f"n\u00a0=\u00a0{low} tot {high}"
