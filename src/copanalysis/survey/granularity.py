"""Whole numbers of people behind rounded percentages: which counts, and which bases, fit.

A percentage of whole people is a fraction with the base below the line, so rounded percentages
rule out many bases: the granularity check of Brown & Heathers (2017, Social Psychological and
Personality Science 8:363-369), here for whole distributions. Everything is integer arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from copanalysis.errors import Problem, refuse_if_any

Percentage = int | float | str | Decimal | None
Whole = NDArray[np.int64]

ROUNDINGS = ("half up", "half even")
MAX_DECIMALS = 4
MAX_BASE = 1_000_000_000  # with MAX_DECIMALS every product stays within 64 bits


def possible_bases(
    percentages: Sequence[Percentage],
    *,
    smallest: int,
    largest: int,
    decimals: int = 0,
    sums_to_base: bool = True,
) -> pd.DataFrame:
    """The bases for which whole counts exist that round to all the printed percentages.

    Parameters
    ----------
    percentages : sequence of number, text or None
        As printed, 0 to 100; None for a category whose percentage is not given.
    smallest, largest : int
        Bases to try, both included.
    decimals : int
        Decimals of the printed percentages.
    sums_to_base : bool
        True for a distribution: every respondent is in exactly one category, so the counts
        add up to the base and an unknown category takes what is left. False for a
        multiple-response item.

    Returns
    -------
    DataFrame
        One row per possible base, ascending: base, and for the k-th percentage low_k and
        high_k: the smallest and largest count it can stand for. Halves may have been rounded
        up or to even, but in one way for the whole row of percentages.

    Raises
    ------
    CopanalysisError
        For bases or percentages out of range, or more decimals than stated.
    """
    printed, problems = scaled(percentages, decimals)
    if not 1 <= smallest <= largest <= MAX_BASE:
        found, expected = f"{smallest} to {largest}", f"1 up to {MAX_BASE}, ascending"
        problems.append(Problem("bases to try", found, expected, "correct smallest and largest"))
    refuse_if_any("The percentages cannot be checked", problems)
    bases = np.arange(smallest, largest + 1, dtype=np.int64)
    lows = np.full((len(printed), len(bases)), np.iinfo(np.int64).max)
    highs = np.full((len(printed), len(bases)), -1)
    for rounding in ROUNDINGS:
        low, high = _count_bounds(printed, bases, 10**decimals, rounding)
        if sums_to_base:
            low, high = _within_base(low, high, bases)
        fits = (low <= high).all(axis=0)
        np.minimum(lows, low, out=lows, where=fits)
        np.maximum(highs, high, out=highs, where=fits)
    kept = (lows <= highs).all(axis=0)
    table = {"base": bases[kept]}
    for k in range(len(printed)):
        table |= {f"low_{k + 1}": lows[k, kept], f"high_{k + 1}": highs[k, kept]}
    return pd.DataFrame(table)


def scaled(
    percentages: Sequence[Percentage], decimals: int
) -> tuple[list[int | None], list[Problem]]:
    """Percentages as whole units of the last printed decimal, and the problems in them."""
    if not 0 <= decimals <= MAX_DECIMALS:
        expected = f"0 to {MAX_DECIMALS}"
        return [], [Problem("decimals", str(decimals), expected, "give the decimals as printed")]
    units: list[int | None] = []
    problems = []
    for k, percentage in enumerate(percentages, 1):
        number = None if percentage is None else exact_number(percentage)
        if percentage is not None and (number is None or not 0 <= number <= 100):
            found, fix = repr(percentage), "check shares only, as numbers of percent"
            problems.append(Problem(f"percentage {k}", found, "0 to 100, or None", fix))
        elif number is not None and number.scaleb(decimals) % 1:
            expected, fix = f"at most {decimals} decimals", "raise decimals"
            problems.append(Problem(f"percentage {k}", repr(percentage), expected, fix))
        else:
            units.append(None if number is None else int(number.scaleb(decimals)))
    if not percentages:
        problems.append(Problem("percentages", "none", "at least one", "give the percentages"))
    return units, problems


def exact_number(printed: object) -> Decimal | None:
    """A printed number, exactly; None for what is no finite number (``scaled`` refuses it)."""
    try:
        number = Decimal(str(printed).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _count_bounds(
    printed: Sequence[int | None], bases: Whole, scale: int, rounding: str
) -> tuple[Whole, Whole]:
    """Smallest and largest count per percentage (down) and base (across) that round to it.

    With P the printed units and S = 100 * ``scale``, a count k rounds to P when S k / n lies
    within half a unit of P; a half itself goes up, or to the even neighbour.
    """
    low = np.zeros((len(printed), len(bases)), dtype=np.int64)
    high = np.broadcast_to(bases, low.shape).copy()
    for k, units in enumerate(printed):
        if units is None:
            continue
        lower, upper = (2 * units - 1) * bases, (2 * units + 1) * bases
        whole = 200 * scale
        even = units % 2 == 0
        if rounding == "half up" or even:
            low[k] = np.maximum(-(-lower // whole), 0)
        else:
            low[k] = lower // whole + 1
        if rounding == "half even" and even:
            high[k] = np.minimum(upper // whole, bases)
        else:
            high[k] = np.minimum(-(-upper // whole) - 1, bases)
    return low, high


def _within_base(low: Whole, high: Whole, bases: Whole) -> tuple[Whole, Whole]:
    """The bounds that remain when the counts add up to the base (low > high where they cannot)."""
    return (
        np.maximum(low, bases - (high.sum(axis=0) - high)),
        np.minimum(high, bases - (low.sum(axis=0) - low)),
    )


def decimals_used(percentages: Sequence[Percentage]) -> int:
    """Decimals in use: the most that any number needs (19.0 needs none, so that a column of
    floats reads as it was printed)."""
    numbers = [exact_number(p) for p in percentages if p is not None]
    places = [-int(n.normalize().as_tuple().exponent) for n in numbers if n is not None]
    return max([0, *places])


def rounds_to(
    percentages: Sequence[Percentage], n: Whole, base: Whole, decimals: int
) -> list[bool | None]:
    """Whether each ``n`` of ``base`` rounds to its percentage, halves up or to even.

    None where the percentage is not given or the base is 0.
    """
    units, _ = scaled(percentages, decimals)
    equal: list[bool | None] = []
    for printed, count, size in zip(units, n, base, strict=True):
        if printed is None or size == 0:
            equal.append(None)
            continue
        bounds = [
            _count_bounds([printed], np.array([size]), 10**decimals, rounding)
            for rounding in ROUNDINGS
        ]
        equal.append(any(bool(low[0, 0] <= count <= high[0, 0]) for low, high in bounds))
    return equal
