"""The order in which a reader meets results: ranked options, tables under each other."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from copanalysis.study.measurement import NotMeasured


def ranked(table: pd.DataFrame | NotMeasured, *, by: str) -> pd.DataFrame | NotMeasured:
    """The rows from large to small by a column, the option "other" (Anders) last.

    Ties keep the order of the table; rows without a value come after those with one. A table
    broken down by group keeps its groups together, in the order of the table.
    """
    if isinstance(table, NotMeasured):
        return table
    groups = [column for column in ("wave", "cop") if column in table]
    last = table["option"].eq("other") if "option" in table else False
    order = table.assign(_last=last, _size=-table[by].astype("Float64"))
    for column in groups:
        order[f"_{column}"] = pd.factorize(order[column])[0]
    keys = [f"_{column}" for column in groups] + ["_last", "_size"]
    order = order.sort_values(keys, kind="stable", na_position="last")
    return table.loc[order.index].reset_index(drop=True)


def without_other(table: pd.DataFrame | NotMeasured) -> pd.DataFrame | NotMeasured:
    """The table without the row of "other" (Anders), where only options as fielded count."""
    if isinstance(table, NotMeasured):
        return table
    return table[table["option"].ne("other")].reset_index(drop=True)


def stacked(
    tables: Mapping[str, pd.DataFrame | NotMeasured], *, name: str, whole: bool = True
) -> pd.DataFrame | NotMeasured:
    """Tables of the same columns under each other, with a first column ``name`` that holds the
    key of each.

    One that could not be measured makes the whole NotMeasured; with ``whole=False`` it is left
    out (say so by `left_out`), and only when none is left the first of them is returned.
    """
    missing = [table for table in tables.values() if isinstance(table, NotMeasured)]
    if missing and (whole or len(missing) == len(tables)):
        return missing[0]
    frames = [
        table.assign(**{name: key})
        for key, table in tables.items()
        if not isinstance(table, NotMeasured)
    ]
    return pd.concat(frames, ignore_index=True)


def left_out(tables: Mapping[str, pd.DataFrame | NotMeasured]) -> list[str]:
    """For the notes of ``stacked(..., whole=False)``, in Dutch: what is not in it, and why."""
    return [
        f"Niet getoetst: {key}; {table.reason}."
        for key, table in tables.items()
        if isinstance(table, NotMeasured)
    ]


def joined(
    table: pd.DataFrame | NotMeasured, other: pd.DataFrame | NotMeasured, *, on: str | list[str]
) -> pd.DataFrame | NotMeasured:
    """The columns of two tables side by side for the keys of the first, in its order."""
    for side in (table, other):
        if isinstance(side, NotMeasured):
            return side
    return table.merge(other, on=on, how="inner")
