"""Dates and times as survey tools write them; day and month told apart by the whole file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from copanalysis.errors import Problem

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januari jan",
            "february februari feb",
            "march maart mar mrt maa",
            "april apr",
            "may mei",
            "june juni jun",
            "july juli jul",
            "august augustus aug",
            "september sep sept",
            "october oktober oct okt",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
TIME = (
    r"(?:[T,]?\s*(?:om|at|,)?\s*(?P<h>\d{1,2})[:.](?P<mi>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?)?(?:\s*(?-i:[A-Z]{1,5})?(?:[+-]\d{1,2}(?::?\d{2})?)?)?\s*"
)
YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + TIME, re.I)
YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})" + TIME, re.I
)
DAY_NAMED = re.compile(r"(?P<d>\d{1,2})[\s-]+(?P<name>[a-z]+)\.?[\s-]+(?P<y>\d{4})" + TIME, re.I)
MONTH_NAMED = re.compile(r"(?P<name>[a-z]+)\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})" + TIME, re.I)
SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")  # Excel day numbers of 1954 to 2119
EXCEL_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True)
class Moments:
    """The moments of some columns, column by column, and how day and month were told apart."""

    columns: tuple[tuple[datetime | None, ...], ...]
    problems: tuple[Problem, ...]


def read_moments(
    columns: Sequence[Sequence[str | None]], *, where: str, month_first: bool
) -> Moments:
    """Parse the date columns of one file together.

    Year-first dates, month names and Excel day numbers are plain. For 05-06-2023 the whole
    file decides: one part above 12 anywhere settles the order; failing that, a.m./p.m. means
    month first, dashes and dots mean day first, and for slashes ``month_first`` (the tool's
    habit) decides, with a note. Time zones are dropped: times are local, as written. A cell
    that is no date gives None and is counted in a warning.
    """
    texts = [cell.strip() for column in columns for cell in column if cell and cell.strip()]
    first, notes = _order(texts, where, month_first)
    parsed = tuple(tuple(_moment(cell, first) for cell in column) for column in columns)
    found = sum(moment is not None for column in parsed for moment in column)
    if found < len(texts):
        notes.append(
            Problem(
                where,
                f"{len(texts) - found} cell(s) that are no date",
                "a date such as 2023-05-15 09:12",
                "look at the date columns; those moments count as unknown",
                "warning",
            )
        )
    timeless = sum(
        moment is not None and moment.time() == time.min and ":" not in (cell or "")
        for cells, moments in zip(columns, parsed, strict=True)
        for cell, moment in zip(cells, moments, strict=True)
    )
    if timeless and len(columns) > 1:  # from one to another there would be a duration
        notes.append(_timeless(where, timeless))
    return Moments(parsed, tuple(notes))


def _timeless(where: str, n: int) -> Problem:
    return Problem(
        where,
        f"{n} date(s) without a time",
        "a date with a time, such as 2023-05-15 09:12",
        "nothing, or export again with times: how long those respondents took is unknown",
        "note",
    )


def _order(texts: list[str], where: str, habit: bool) -> tuple[bool, list[Problem]]:
    """Whether the month stands first, and the notes on how sure that is."""
    numeric = [found for text in texts if (found := YEAR_LAST.fullmatch(text))]
    day_first = sum(int(found["a"]) > 12 for found in numeric)
    month_first = sum(int(found["b"]) > 12 for found in numeric)
    if day_first and month_first:
        clash = f"{day_first} date(s) with the day first and {month_first} with the month first"
        fix = "export again with dates as 2023-05-15; the commoner order was taken"
        problem = Problem(where, clash, "one order of day and month", fix, "warning")
        return month_first > day_first, [problem]
    if day_first or month_first or not any(found["a"] != found["b"] for found in numeric):
        return bool(month_first), []
    if any(found["half"] for found in numeric):
        return True, [_unsure(where, "month first, as times have a.m. or p.m.")]
    if any(found["mark"] != "/" for found in numeric):
        return False, [_unsure(where, "day first, as dates have dashes or dots")]
    taken = "month first" if habit else "day first"
    return habit, [_unsure(where, f"{taken}, the habit of this tool")]


def _unsure(where: str, taken: str) -> Problem:
    return Problem(
        where,
        "dates in which day and month cannot be told apart",
        "a day above 12 somewhere",
        f"look at one date; they were read {taken}",
        "note",
    )


def _moment(cell: str | None, month_first: bool) -> datetime | None:
    text = (cell or "").strip()
    if SERIAL.fullmatch(text):
        days = float(text.replace(",", "."))
        return EXCEL_EPOCH + timedelta(seconds=round(days * 86_400))
    for pattern in (YEAR_FIRST, YEAR_LAST, DAY_NAMED, MONTH_NAMED):
        if found := pattern.fullmatch(text):
            return _built(found.groupdict(), month_first)
    return None


def _built(parts: dict[str, str | None], month_first: bool) -> datetime | None:
    if "a" in parts:
        parts["m"], parts["d"] = parts["a"], parts["b"]
        if not month_first:
            parts["m"], parts["d"] = parts["b"], parts["a"]
    month = MONTHS.get((parts.get("name") or "").lower(), 0) or int(parts.get("m") or 0)
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    hour = int(parts["h"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"][0] in "pP" else 0)
    try:
        return datetime(
            year, month, int(parts["d"]), hour, int(parts["mi"] or 0), int(parts["s"] or 0)
        )
    except ValueError:  # 31-02-2023, 25:70: no such moment, counted by read_moments
        return None


def is_date(text: str) -> bool:
    """Whether a text is written as a date (an Excel day number is not, it may be an answer)."""
    text = text.strip()
    return any(p.fullmatch(text) for p in (YEAR_FIRST, YEAR_LAST, DAY_NAMED, MONTH_NAMED))
