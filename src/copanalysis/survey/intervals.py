"""Intervals for a share and for a difference of two shares: vectorised, nothing rounded."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from copanalysis.errors import Problem, refuse_if_any

METHOD = "wilson"
METHOD_FPC = "wilson, fpc"
METHOD_TOO_MANY = "wilson, no fpc: more answers than members"

Floats = NDArray[np.float64]
Margin = tuple[ArrayLike, ArrayLike, ArrayLike]


def wilson_interval(
    count: ArrayLike, base: ArrayLike, *, population: ArrayLike | None, confidence: float
) -> tuple[Floats, Floats]:
    """Wilson score interval for the share ``count / base``, with finite population correction.

    Parameters
    ----------
    count, base : array-like, shape (k,) or scalar
        Respondents that chose something, and respondents in the base.
    population : array-like, scalar or None
        Members of the group that was surveyed; None, or NaN in an array, means no correction.
    confidence : float
        Two-sided confidence level, between 0 and 1.

    Returns
    -------
    tuple of two float arrays
        Lower and upper limit as proportions. NaN where the base is 0. When everybody answered
        (population equals base) both limits are the share itself.

    Raises
    ------
    CopanalysisError
        When a count is outside 0 to base, a population is smaller than its base, or the
        confidence is not between 0 and 1.

    Notes
    -----
    The correction replaces n by the effective sample size n* = n (N - 1) / (N - n). That is
    the n for which PQ/n equals the variance of a share drawn without replacement,
    (PQ/n)(N - n)/(N - 1) (Cochran 1977, Sampling Techniques, 3.2), so the limits are still
    the exact solutions of the score equation (Wilson 1927; O'Neill 2021, arXiv:2109.12464).
    Without population it agrees with R ``prop.test(correct = FALSE)`` and with statsmodels
    ``proportion_confint(method="wilson")``.
    """
    whole = np.nan if population is None else population
    n, size, members = (
        np.asarray(part, dtype=float) for part in np.broadcast_arrays(count, base, whole)
    )
    refuse_if_any("No Wilson interval", _interval_problems(n, size, members, confidence))
    z = norm.ppf((1 + confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = n / size
        inverse = np.where(np.isnan(members), 1 / size, (members - size) / (size * (members - 1)))
        weight = z**2 * np.where(members == size, 0.0, inverse)  # z² / n*
        centre = (share + weight / 2) / (1 + weight)
        half = np.sqrt(weight * (share * (1 - share) + weight / 4)) / (1 + weight)
    # 0 of n and n of n have a limit of exactly 0 and 1; floating point may just miss it.
    return np.clip(centre - half, 0, share), np.clip(centre + half, share, 1)


def _interval_problems(
    count: Floats, base: Floats, members: Floats, confidence: float
) -> list[Problem]:
    checks = (
        (~((count >= 0) & (count <= base)), "count", count, "0 to the base", "count once each"),
        (
            members < base,
            "population",
            members,
            "no fewer members than answers",
            "correct the population, or give None for no finite population correction",
        ),
    )
    problems = []
    for wrong, what, values, expected, fix in checks:
        if np.any(wrong):
            shown = zip(
                np.atleast_1d(values[wrong])[:5], np.atleast_1d(base[wrong])[:5], strict=True
            )
            found = ", ".join(f"{value:g} with base {size:g}" for value, size in shown)
            problems.append(Problem(f"{what} of an interval", found, expected, fix))
    return problems + confidence_problems(confidence)


def confidence_problems(confidence: float) -> list[Problem]:
    """The problem of a confidence level that is not between 0 and 1, if it is not."""
    if 0 < confidence < 1:
        return []
    expected = "a number between 0 and 1"
    return [Problem("confidence", repr(confidence), expected, "give 0.95 for 95 percent")]


def share_intervals(
    count: ArrayLike, base: ArrayLike, *, population: ArrayLike, confidence: float
) -> pd.DataFrame:
    """Shares with their Wilson intervals, as the columns of a table.

    Arguments as for ``wilson_interval``, with ``population`` one value per row (NaN for
    none). Where there are more answers than members the correction cannot exist: the interval
    is then given without it, and ``interval_method`` says so.

    Returns
    -------
    DataFrame
        One row per count: share, ci_low, ci_high (proportions; NaN for base 0) and
        interval_method.
    """
    n, size, members = (
        np.asarray(part, dtype=float) for part in np.broadcast_arrays(count, base, population)
    )
    too_many = members < size
    low, high = wilson_interval(
        n, size, population=np.where(too_many, np.nan, members), confidence=confidence
    )
    method = np.where(np.isnan(members), METHOD, np.where(too_many, METHOD_TOO_MANY, METHOD_FPC))
    with np.errstate(invalid="ignore"):
        share = n / size
    return pd.DataFrame(
        {"share": share, "ci_low": low, "ci_high": high, "interval_method": method}
    ).astype({"interval_method": "str"})


def newcombe_interval(
    first: Margin, second: Margin, *, correlation: ArrayLike
) -> tuple[Floats, Floats]:
    """Newcombe's interval for ``first`` minus ``second``, built from their score intervals.

    Parameters
    ----------
    first, second : tuple of (share, low, high)
        The two shares, each with its own Wilson limits.
    correlation : array-like
        0 for independent groups; the result of ``paired_correlation`` for the same people.

    Returns
    -------
    tuple of two float arrays
        Lower and upper limit of the difference, between -1 and 1.

    Notes
    -----
    Independent: method 10 of Newcombe (1998), Statistics in Medicine 17:873-890. Paired:
    method 10 of Newcombe (1998), Statistics in Medicine 17:2635-2650.
    """
    p1, low1, high1 = (np.asarray(part, dtype=float) for part in first)
    p2, low2, high2 = (np.asarray(part, dtype=float) for part in second)
    down = _combined(p1 - low1, high2 - p2, correlation)
    up = _combined(high1 - p1, p2 - low2, correlation)
    return np.clip(p1 - p2 - down, -1, 1), np.clip(p1 - p2 + up, -1, 1)


def _combined(one: Floats, other: Floats, correlation: ArrayLike) -> Floats:
    squared = one**2 - 2 * np.asarray(correlation) * one * other + other**2
    return np.sqrt(np.maximum(squared, 0.0))


def paired_correlation(
    both: ArrayLike, only_first: ArrayLike, only_second: ArrayLike, neither: ArrayLike
) -> Floats:
    """Newcombe's corrected phi of a paired 2 x 2 table (0 where a margin is empty).

    A positive association is lowered by half the number of pairs in its numerator, not below
    0: the correction that distinguishes method 10 from method 8 in Newcombe (1998), Statistics
    in Medicine 17:2635-2650.
    """
    a, b, c, d = (
        np.asarray(part, dtype=float) for part in (both, only_first, only_second, neither)
    )
    product = a * d - b * c
    corrected = np.where(product > 0, np.maximum(product - (a + b + c + d) / 2, 0.0), product)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(margins > 0, corrected / np.sqrt(margins), 0.0)
