"""How a table came about: the functions that made it, with their keywords, kept in its attrs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

STEPS = "copanalysis_steps"
PLAIN = (str, int, float, bool)


class Steps(tuple):
    """Steps that nobody changes: pandas copies what is in attrs with every table it derives."""

    def __deepcopy__(self, _: object) -> Steps:
        return self


def recorded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, whose tables carry the steps that led to them.

    A step is a mapping with ``function`` (its name), ``keywords`` (those whose values are text,
    numbers or lists of them), and of the first table given ``rows``, ``respondents`` (distinct
    ones, None where it has no such column) and ``waves``. The steps of the tables given come
    first.
    Anything but a DataFrame is returned as it is.
    """

    @functools.wraps(function)
    def call(*given: Any, **keywords: Any) -> Any:
        made = function(*given, **keywords)
        if not isinstance(made, pd.DataFrame):
            return made
        tables = list(_tables([*given, *keywords.values()]))
        made = made.copy(deep=False)
        made.attrs = {**made.attrs, STEPS: _steps(function.__name__, tables, keywords)}
        return made

    return call


def steps_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The steps that led to a table, oldest first; empty when none was recorded."""
    return list(table.attrs.get(STEPS, ()))


def with_kept_steps(table: pd.DataFrame) -> pd.DataFrame:
    """A table that came from a file, with its steps as `recorded` keeps them."""
    if STEPS in table.attrs:
        table.attrs[STEPS] = Steps(table.attrs[STEPS])
    return table


def _steps(name: str, tables: Sequence[pd.DataFrame], keywords: Mapping[str, Any]) -> Steps:
    first = tables[0] if tables else None
    own = {
        "function": name,
        "keywords": {key: value for key, value in keywords.items() if _plain(value)},
        "rows": None if first is None else len(first),
        "respondents": None if first is None else _respondents(first),
        "waves": [] if first is None or "wave" not in first else sorted(first["wave"].unique()),
    }
    steps: list[dict[str, Any]] = []
    for step in [step for table in tables for step in steps_of(table)] + [own]:
        if step not in steps:
            steps.append(step)
    return Steps(steps)


def _respondents(table: pd.DataFrame) -> int | None:
    if "respondent" not in table:
        return None
    person = [column for column in ("wave", "respondent") if column in table]
    return len(table[person].drop_duplicates())


def _tables(values: Sequence[Any]) -> Iterator[pd.DataFrame]:
    for value in values:
        if isinstance(value, pd.DataFrame):
            yield value
        elif isinstance(value, Mapping):
            yield from _tables(list(value.values()))
        elif isinstance(value, list | tuple):
            yield from _tables(list(value))


def _plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(part, PLAIN) for part in value)
    return value is None or isinstance(value, PLAIN)
