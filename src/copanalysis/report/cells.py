"""The cells of a released table: as Dutch text, which are hidden, and what is wrong with them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from copanalysis.errors import Problem
from copanalysis.report.numbers import HIDDEN, NBSP, show, show_interval
from copanalysis.report.objects import FORMATS, Released, said_once

INTERVAL = "interval"
BOUNDS = ("ci_low", "ci_high")
UNCERTAIN = "uncertain"
BASES = ("base",)  # columns that say who was counted, which small counts do not hide
MOST_BESIDE = 4  # columns that one row on its own may have beside each other
ALL_HIDDEN = "Geen enkel aantal in deze tabel is getoond."


def bounds_of(column: str) -> tuple[str, str] | None:
    """The two columns that an interval column stands for: ci_low and ci_high of "interval",
    x_ci_low and x_ci_high of "x_interval"; None for another column."""
    if column != INTERVAL and not column.endswith(f"_{INTERVAL}"):
        return None
    stem = column.removesuffix(INTERVAL)
    return f"{stem}{BOUNDS[0]}", f"{stem}{BOUNDS[1]}"


def row_anchor(table_id: str, *key: object) -> str:
    """The id of one row of a registered table: "tab-<id>--<key>", keys joined by "--".

    White space in a key becomes a hyphen; all else stays, as HTML ids may hold it.
    """
    return "--".join([f"tab-{table_id}", *("-".join(str(part).split()) for part in key)])


@said_once
def shown_cells(released: Released) -> pd.DataFrame:
    """Every shown cell as Dutch text, in the shape of ``columns``: "57%", "–", "niet getoond"."""
    return pd.DataFrame({column: _texts(released, column) for column in released.columns})


def hidden_cells(released: Released, column: str) -> np.ndarray:
    """Which cells of a column were suppressed, by row position; an interval when a bound was."""
    if bounds := bounds_of(column):
        return hidden_cells(released, bounds[0]) | hidden_cells(released, bounds[1])
    if column not in released.hidden.columns:
        return np.zeros(len(released.data), dtype=bool)
    return released.hidden[column].to_numpy(dtype=bool)


def heads_rows(released: Released, column: str) -> bool:
    """Whether a column says which row it is: a key, its label or its name."""
    if column in released.key or column == "label":
        return True
    stem, _, kind = column.rpartition("_")
    return kind in ("label", "name") and any(key.startswith(stem) for key in released.key)


@said_once
def wholly_hidden(released: Released) -> bool:
    """Whether a table tells nothing: every number in it was suppressed, but for the base."""
    told = [c for c in released.columns if not heads_rows(released, c) and c not in BASES]
    return bool(told) and all(hidden_cells(released, column).all() for column in told)


def stands_upright(released: Released) -> bool:
    """Whether a table of one row reads better as a list of headers and values."""
    return len(released.data) == 1 and len(released.columns) > MOST_BESIDE


def uncertain_rows(released: Released) -> list[bool]:
    """Which rows rest on codes on which coders did not agree enough (column "uncertain")."""
    if UNCERTAIN not in released.data:
        return [False] * len(released.data)
    return [bool(value) for value in released.data[UNCERTAIN]]


@said_once
def released_problems(released: Released) -> list[Problem]:
    """Everything that keeps a released table from being shown; empty when it is in order."""
    where = f"table {released.id!r}"
    data = released.data
    named = {"title": released.title, "number": released.number, "id": released.id}
    said = {"base": released.base, "source": released.source}
    problems = [
        Problem(where, f"no {field}", f"a {field}", f"give {field}= when registering the table")
        for field, text in {**named, **said}.items()
        if not str(text).strip()
    ]
    if data.empty or not released.columns:
        fix = "register a table with rows, or say in the text that there is nothing to show"
        problems.append(Problem(where, "no rows or no columns", "at least one of each", fix))
        return problems
    problems += _column_problems(released, where)
    return problems or _cell_problems(released, where)


def _column_problems(released: Released, where: str) -> list[Problem]:
    needed = {*released.key}
    for column in released.columns:
        needed |= set(bounds_of(column) or (column,))
    problems = [
        Problem(where, f"no column {c!r}", "it in the data", "correct key= or columns=")
        for c in sorted(needed - set(released.data.columns))
    ]
    problems += [
        Problem(
            f"{where}, column {c!r}", repr(format_of(released, c)), f"one of {FORMATS}", "set it"
        )
        for c in released.columns
        if format_of(released, c) not in FORMATS
    ]
    return problems


def _cell_problems(released: Released, where: str) -> list[Problem]:
    names = pd.Series(anchors(released))
    problems = [
        Problem(where, f"several rows {a!r}", "one row per key", "add the column that parts them")
        for a in names[names.duplicated()].unique()
    ]
    if not released.hidden.empty and len(released.hidden) != len(released.data):
        found = f"{len(released.hidden)} rows in hidden, {len(released.data)} in data"
        fix = "let disclosure control give both"
        return [*problems, Problem(where, found, "the same rows", fix)]
    leaks = [
        c
        for c in released.hidden.columns.intersection(released.data.columns)
        if (hidden_cells(released, c) & released.data[c].notna().to_numpy()).any()
    ]
    fix = "make the suppressed cells missing in data"
    expected = "no value where hidden is true"
    return problems + [Problem(f"{where}, column {c!r}", "a value", expected, fix) for c in leaks]


def format_of(released: Released, column: str) -> str:
    """The format of a shown column; of an interval that of both its bounds, "" without one."""
    if bounds := bounds_of(column):
        return released.formats.get(column, released.formats.get(bounds[0], ""))
    return released.formats.get(column, "")


def header_of(released: Released, column: str) -> str:
    """The header of a shown column, with the unit that its cells leave out."""
    header = released.columns[column]
    points = format_of(released, column) == "points" and "procentpunt" not in header
    return f"{header} (procentpunt)" if points else header


def _texts(released: Released, column: str) -> list[str]:
    format, data = format_of(released, column), released.data
    if bounds := bounds_of(column):
        pairs = zip(data[bounds[0]], data[bounds[1]], strict=True)
        texts = [show_interval(low, high, format) for low, high in pairs]
    else:
        texts = [show(value, format) for value in data[column]]
    if format == "points":  # in the narrow cells of a table the unit stands in the header
        texts = [text.removesuffix(f"{NBSP}procentpunt") for text in texts]
    hidden = hidden_cells(released, column)
    return [HIDDEN if secret else text for text, secret in zip(texts, hidden, strict=True)]


@said_once
def anchors(released: Released) -> list[str]:
    """The anchor of every row."""
    keys = released.data[list(released.key)].itertuples(index=False, name=None)
    return [row_anchor(released.id, *key) for key in keys]
