"""The data dictionary of data/processed: every table is written and read as tables.csv says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from pandas.api.types import pandas_dtype

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.study.plan import Study

DTYPES = {
    "text": "string",
    "category": "category",
    "int": "int64",
    "number": "Float64",
    "bool": "bool",
    "datetime": "datetime64[s]",
}


def conform(frame: pd.DataFrame, *, table: str, study: Study) -> pd.DataFrame:
    """The frame with the columns, order and types that tables.csv gives for ``table``.

    Raises one CopanalysisError that lists every missing or surplus column, every value that
    does not fit its type, and every empty value in a required column.
    """
    rows = _rows(table, study)
    types = {row["column"]: row["type"] for row in rows}
    problems = _column_problems(frame, table, list(types))
    refuse_if_any(f"The table {table} does not fit tables.csv", problems)
    out = frame[list(types)].reset_index(drop=True)
    for column, type in types.items():
        try:
            cast = _cast(out[column], type)
        except (ValueError, TypeError) as error:
            problems.append(_problem(table, column, str(error), f"values of type {type}"))
            continue
        if cast is not None:
            out[column] = cast
    for column in [row["column"] for row in rows if row["required"] == "yes"]:
        if out[column].isna().any():
            n = int(out[column].isna().sum())
            problems.append(_problem(table, column, f"{n} empty values", "a value in every row"))
    refuse_if_any(f"The table {table} does not fit tables.csv", problems)
    return out


def described(table: str, *, study: Study) -> tuple[tuple[str, ...], ...]:
    """What tables.csv says of a table, row by row."""
    return tuple(tuple(row.values()) for row in _rows(table, study))


def folder_of(table: str, *, study: Study) -> str:
    """The folder of data/processed in which tables.csv places a table."""
    rows = _rows(table, study)
    if not rows:
        raise CopanalysisError(f"data/instruments/tables.csv knows no table {table!r}.")
    return rows[0]["folder"]


def framed(
    rows: pd.DataFrame | Sequence[Mapping[str, object]], *, table: str, study: Study
) -> pd.DataFrame:
    """Rows as a table with just the columns of tables.csv, also when there are none."""
    columns = [row["column"] for row in _rows(table, study)]
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    frame = frame.reindex(columns=columns) if frame.empty else frame[columns]
    return conform(frame, table=table, study=study)


def _rows(table: str, study: Study) -> list[Mapping[str, str]]:
    return [row for row in study.sheets["tables.csv"].rows if row["table"] == table]


def _cast(column: pd.Series, type: str) -> pd.Series | None:
    """The column as the type says; None when it is so already."""
    if type != "category" and column.dtype == pandas_dtype(DTYPES[type]):
        return None
    if type == "category":  # sorted categories: the same data give the same file
        if _is_sorted(column):
            return None
        text = column.astype("string")
        return text.astype(pd.CategoricalDtype(sorted(text.dropna().unique())))
    if type == "int" and column.isna().any():
        return column.astype("Int64")
    return column.astype(DTYPES[type])


def _is_sorted(column: pd.Series) -> bool:
    """Whether a column is one of sorted categories of text, each in use, as it was written."""
    if not isinstance(column.dtype, pd.CategoricalDtype) or column.cat.ordered:
        return False
    categories = column.cat.categories
    texts = categories.dtype == "str" and categories.is_monotonic_increasing
    return texts and column.cat.codes[column.notna()].nunique() == len(categories)


def _column_problems(frame: pd.DataFrame, table: str, columns: list[str]) -> list[Problem]:
    if not columns:
        return [_problem(table, "-", "no rows in tables.csv", "the columns of this table")]
    missing = [c for c in columns if c not in frame]
    surplus = [c for c in frame if c not in columns]
    return [_problem(table, c, "no such column", "a column of tables.csv") for c in missing] + [
        _problem(table, c, "a column that tables.csv does not know", "a row there") for c in surplus
    ]


def _problem(table: str, column: str, found: str, expected: str) -> Problem:
    fix = "bring data/instruments/tables.csv and the table in agreement"
    return Problem(f"table {table}, column {column}", found, expected, fix)
