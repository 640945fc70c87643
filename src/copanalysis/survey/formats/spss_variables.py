"""The variables of an SPSS file as columns: texts, labels, missing values and sets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from copanalysis.errors import Problem
from copanalysis.survey.export import Column

SPSS_EPOCH = datetime(1582, 10, 14)
LAST_SECOND = 265_621_507_200  # the year 10000, where Python's dates end
EXACT_INTEGER = 10**16  # Python writes larger ones with an exponent
DATE_FORMATS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE")
MOMENT_FORMATS = ("DATETIME", "YMDHMS")
Cells = Mapping[str, list[str | None]]


@dataclass(frozen=True)
class Data:
    """What stands in an SPSS file: stored values and dictionary, by variable.

    ``formats`` are SPSS' own ("F8.2", "DATETIME20"), ``labels`` pairs of value and label,
    ``missing`` ranges with "lo" and "hi", ``sets`` the multiple-response sets; ``strings`` and
    ``ordinal`` name the variables of that storage and level. ``reencoded`` says that the texts
    were not in the encoding that the file states.
    """

    names: Sequence[str]
    values: Mapping[str, Sequence[Any]]
    texts: Mapping[str, str]
    formats: Mapping[str, str]
    strings: Sequence[str]
    ordinal: Sequence[str]
    labels: Mapping[str, Sequence[tuple[Any, str]]]
    missing: Mapping[str, Sequence[Mapping[str, Any]]]
    sets: Mapping[str, Mapping[str, Any]]
    encoding: str | None
    reencoded: bool


def texts_of(read: Data) -> dict[str, list[str | None]]:
    """The values of every variable as texts; None for system-missing and for an empty text."""
    return {
        name: [_text(value, _format(name, read)) for value in read.values[name]]
        for name in read.names
    }


def columns_of(read: Data, cells: Cells) -> list[Column]:
    """A column per variable; the variables of a set of dichotomies are boxes of one item."""
    columns = {name: _column(name, cells[name], read) for name in read.names}
    for name, given in read.sets.items():
        if not given["is_dichotomy"]:
            continue
        ticked = frozenset({_text(given["counted_value"], "") or ""})
        for variable in _variables(given, read):
            column = columns[variable]
            columns[variable] = replace(
                column,
                text=given["label"] or column.text,
                item=name,
                option=variable,
                option_text=column.text,
                type="multiple",
                ticked=ticked,
            )
    return list(columns.values())


def sets_of(read: Data, *, where: str) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """The multiple-response sets by name, and warnings for those that cannot be counted."""
    problems = []
    for name, given in read.sets.items():
        if not given["is_dichotomy"]:
            problems.append(_set_of_categories(where, name))
        absent = len(given["variable_list"]) - len(_variables(given, read))
        if absent:
            problems.append(_absent_variables(where, name, absent))
    return {name: tuple(_variables(given, read)) for name, given in read.sets.items()}, problems


def _variables(given: Mapping[str, Any], read: Data) -> list[str]:
    """The variables of a set as the file calls them: the set has them in small letters."""
    names = {name.casefold(): name for name in read.names}
    listed = (names.get(variable.casefold()) for variable in given["variable_list"])
    return [name for name in listed if name is not None]


def _format(name: str, read: Data) -> str:
    return read.formats.get(name, "").rstrip("0123456789.")


def _text(value: Any, kind: str) -> str | None:
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        return value
    if kind in DATE_FORMATS + MOMENT_FORMATS and 0 <= value < LAST_SECOND:
        moment = SPSS_EPOCH + timedelta(seconds=round(value))
        return str(moment.date() if kind in DATE_FORMATS else moment)
    whole = float(value).is_integer() and abs(value) < EXACT_INTEGER
    return str(int(value)) if whole else repr(float(value))


def _column(name: str, cells: list[str | None], read: Data) -> Column:
    labels = {_text(value, "") or "": label for value, label in read.labels.get(name, ())}
    missing = _missing(name, cells, read)
    type = "open" if name in read.strings else "number"
    if set(labels) - missing:
        type = "scale" if name in read.ordinal else "single"
    elif _format(name, read) in DATE_FORMATS + MOMENT_FORMATS:
        type = "date"
    text = read.texts.get(name, "")
    return Column(name, text=text, item=name, type=type, labels=labels, missing=missing)


def _missing(name: str, cells: list[str | None], read: Data) -> frozenset[str]:
    """The user-missing values of a variable: single ones, and those in a range that occur."""
    missing: set[str] = set()
    for part in read.missing.get(name, ()):
        low, high = part["lo"], part["hi"]
        if low == high:
            missing.add(_text(low, "") or "")
        elif name not in read.strings:
            values = zip(cells, read.values[name], strict=True)
            missing.update(cell for cell, v in values if cell is not None and low <= v <= high)
    return frozenset(missing)


def _set_of_categories(where: str, name: str) -> Problem:
    return Problem(
        f"{where}, set {name}",
        "a multiple-response set of categories: its variables hold picks in no fixed order",
        "a variable of its own for every option (a set of dichotomies)",
        "in SPSS make dichotomies of it (Transform, Recode), or export the source again",
        "warning",
    )


def _absent_variables(where: str, name: str, n: int) -> Problem:
    return Problem(
        f"{where}, set {name}",
        f"{n} variable(s) in the set that the file does not hold",
        "every variable of the set",
        "look whether the file was cut down; the set is read without them",
        "warning",
    )
