"""Numbers, dates and lists as a Dutch reader expects them, without a system locale."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd

from copanalysis.errors import CopanalysisError, Problem

NBSP = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
MISSING = EN_DASH
HIDDEN = "niet getoond"
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
SHORT_MONTHS = (
    *("jan", "feb", "mrt", "apr", "mei", "jun"),
    *("jul", "aug", "sep", "okt", "nov", "dec"),
)
WORDS = (
    *("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"),
    *("elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien"),
    *("negentien", "twintig"),
)
# Arithmetic on floats leaves noise far behind the twelfth decimal (0.7 - 0.125); a value that
# is exactly halfway must not be rounded down because of it.
NOISE = 12


def show(value: Any, format: str, *, decimals: int = 2) -> str:
    """One value as text for a Dutch reader.

    Parameters
    ----------
    value
        The exact value. Missing values (None, NaN, NA, NaT) give "–".
    format
        "text" as it is (true and false as "ja" and "nee"; a number with a fraction needs one of
        the other formats); "count" a whole number with a point
        per thousand; "share" a proportion 0-1 as a whole percentage, rounded half up, where
        "0%" and "100%" stand only for exactly none and exactly all ("<1%", ">99%" otherwise);
        "points" a difference of proportions in whole percentage points with its sign;
        "number" with ``decimals`` decimals; "p" a p-value with three decimals, "<0,001" below
        that; "date" as "12 mei 2023", from a date or an ISO 8601 text.
    decimals
        Number of decimals; only for "number".

    Returns
    -------
    str
        Numbers and their units are joined by no-break spaces.

    Raises
    ------
    CopanalysisError
        For an unknown format, and for a value that the format cannot hold (a share outside
        0-1, a count with a fraction, text where a number is due).
    """
    if format not in SHOWS:
        fix = "correct the format"
        problem = Problem("format", repr(format), f"one of {', '.join(SHOWS)}", fix)
        raise CopanalysisError(f"There is no format {format!r}.", [problem])
    if _missing(value):
        return MISSING
    if format == "number":
        return _number(value, decimals)
    return SHOWS[format](value)


def show_interval(low: Any, high: Any, format: str, *, decimals: int = 2) -> str:
    """An interval on one line: "46% – 68%", "3,26 – 3,52", "−3 tot +12 procentpunt".

    Takes the formats of `show`. Missing when either bound is missing; from and to the same
    whole number ("count") is that number.
    """
    if _missing(low) or _missing(high):
        return MISSING
    first, last = (show(v, format, decimals=decimals) for v in (low, high))
    if format == "count" and first == last:
        return first
    if format == "points":
        return f"{first.split(NBSP)[0]}{NBSP}tot{NBSP}{last}"
    return f"{first}{NBSP}{EN_DASH}{NBSP}{last}"


def show_period(start: Any, end: Any) -> str:
    """Two dates as a period: "12 mei 2023 – 2 juni 2023", one date when they are the same."""
    first, last = show(start, "date"), show(end, "date")
    return first if last in (first, MISSING) else f"{first} {EN_DASH} {last}"


def in_words(count: int) -> str:
    """A whole number up to twenty in letters, as running Dutch text does, where none is "geen";
    digits above that."""
    number = _whole(count)
    return WORDS[number] if 0 <= number < len(WORDS) else show(number, "count")


def join_words(words: Iterable[str], *, last: str = "en") -> str:
    """Words as a list in a sentence: ["a", "b", "c"] gives "a, b en c"."""
    words = [str(word) for word in words]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _unfit(value: Any, format: str, expected: str) -> CopanalysisError:
    value = value.item() if isinstance(value, np.generic) else value
    problem = Problem(
        where=f'format "{format}"',
        found=repr(value),
        expected=expected,
        fix="give the column the format that its values have, or mend the calculation",
    )
    return CopanalysisError(f"Cannot show {value!r} as {format!r}.", [problem])


def _exact(value: Any, format: str) -> Decimal:
    """The number as written in its shortest form, so that 0.575 is halfway as it looks."""
    if isinstance(value, str):
        raise _unfit(value, format, "a number, not text")
    try:
        number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    except (TypeError, ValueError) as error:
        raise _unfit(value, format, "a number") from error
    if not number.is_finite():
        raise _unfit(value, format, "a finite number")
    return number.quantize(Decimal(1).scaleb(-NOISE))


def _rounded(number: Decimal, decimals: int = 0) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _dutch(number: Decimal) -> str:
    text = f"{abs(number):,f}".translate(str.maketrans(",.", ".,"))
    return MINUS + text if number < 0 else text


def _whole(value: Any) -> int:
    number = _exact(value, "count")
    if number != number.to_integral_value():
        raise _unfit(value, "count", "a whole number")
    return int(number)


def _number(value: Any, decimals: int) -> str:
    number = _rounded(_exact(value, "number"), decimals)
    return _dutch(abs(number) if number == 0 else number)


def _share(value: Any) -> str:
    share = _exact(value, "share")
    if not 0 <= share <= 1:
        raise _unfit(value, "share", "a proportion from 0 to 1")
    percent = _rounded(share * 100)
    if percent == 0 and share > 0:
        return "<1%"
    if percent == 100 and share < 1:
        return ">99%"
    return f"{percent}%"


def _points(value: Any) -> str:
    difference = _exact(value, "points") * 100
    points = abs(_rounded(abs(difference)))
    if points == 0:
        return f"{'<1' if difference else '0'}{NBSP}procentpunt"
    return f"{MINUS if difference < 0 else '+'}{_dutch(points)}{NBSP}procentpunt"


def _p(value: Any) -> str:
    p = _exact(value, "p")
    if not 0 <= p <= 1:
        raise _unfit(value, "p", "a probability from 0 to 1")
    return "<0,001" if p < Decimal("0.001") else _dutch(_rounded(p, 3))


def _date(value: Any) -> str:
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value[:10])
        except ValueError as error:
            raise _unfit(value, "date", "a date as 2023-05-12") from error
    if not isinstance(value, datetime.date):
        raise _unfit(value, "date", "a date")
    return NBSP.join([str(value.day), MONTHS[value.month - 1], str(value.year)])


def _text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nee"
    if isinstance(value, float | np.floating):
        raise _unfit(value, "text", "words; a number with a fraction has a format of its own")
    if isinstance(value, int | np.integer) and value < 0:
        return f"{MINUS}{-int(value)}"
    return str(value)


SHOWS = {
    "text": _text,
    "count": lambda value: _dutch(Decimal(_whole(value))),
    "share": _share,
    "points": _points,
    "number": _number,
    "p": _p,
    "date": _date,
}
