"""Disclosure control: what a table may show, by the thresholds of study.toml."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

REVEALING = ("n", "share", "ci_low", "ci_high", "removed")


def suppress_small_cells(
    table: pd.DataFrame,
    *,
    groups: Sequence[str],
    identifying: bool,
    exhaustive: bool,
    minimum_base: int,
    minimum_cell: int,
) -> pd.DataFrame:
    """Which cells of a table of counts must be hidden: True where hidden, shaped as ``table``.

    A row whose base is under ``minimum_base`` shows no count, share or interval. In an
    ``identifying`` table (broken down by CoP, or about one CoP) a count under
    ``minimum_cell`` is hidden, and so is one that leaves fewer than that in the rest of the
    base, zero included: nobody and everybody say as much as one. Where the categories of a
    group add up to its base (``exhaustive``) and one cell alone is hidden, the next smallest
    goes with it, because the rest would give the hidden one away. ``groups`` are the columns
    that make a group. Tables without n and base are left whole.
    """
    hidden = pd.DataFrame(False, index=table.index, columns=table.columns)
    if not {"n", "base"} <= set(table.columns):
        return hidden
    small_base = table["base"] < minimum_base
    rows = small_base.copy()
    if identifying:
        rest = table["base"] - table["n"]
        rows |= (table["n"] < minimum_cell) | (rest < minimum_cell)
        if exhaustive:
            rows |= _companions(table, rows, small_base, groups)
    for column in REVEALING:
        if column in table:
            hidden[column] = rows
    return hidden


def _companions(
    table: pd.DataFrame, rows: pd.Series, small_base: pd.Series, groups: Sequence[str]
) -> pd.Series:
    """The smallest shown cell of each group in which exactly one cell is hidden."""
    key = [table[g] for g in groups] or [pd.Series(0, index=table.index)]
    alone = rows.groupby(key, observed=True).transform("sum").eq(1) & ~small_base
    candidates = table["n"].where(alone & ~rows)
    smallest = candidates.groupby(key, observed=True).rank(method="first").eq(1)
    return smallest.fillna(False)
