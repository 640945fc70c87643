"""What the unknown overlap of respondents between two unlinked waves can do to a difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from copanalysis.survey.intervals import Floats


@dataclass(frozen=True)
class Overlap:
    """The fewest and the most people that can be in the base of both waves."""

    fewest: int
    most: int


def possible_overlap(
    people: pd.DataFrame, *, first: str, last: str, population: int | None
) -> Overlap:
    """How many respondents of one wave can also be in the other.

    ``people`` has a row per respondent (wave, cop). A person stays in one CoP, so at most the
    smaller of both numbers of a CoP can be the same people; who named no CoP ("") can be
    anyone. With a ``population`` at least what two waves have above it is in both.
    """
    counts = people.groupby(["cop", "wave"], observed=True).size().unstack(fill_value=0)
    counts = counts.reindex(columns=[first, last], fill_value=0)
    total = counts.sum()
    unknown = int(counts.loc[counts.index == ""].to_numpy().sum())
    within = int(counts.loc[counts.index != ""].min(axis=1).sum())
    most = min(within + unknown, int(total.min()))
    fewest = 0 if population is None else max(0, int(total.sum()) - population)
    return Overlap(min(fewest, most), most)


def correlation_bounds(
    share_first: ArrayLike,
    base_first: ArrayLike,
    share_last: ArrayLike,
    base_last: ArrayLike,
    *,
    overlap: Overlap,
    population: float | None,
) -> tuple[Floats, Floats]:
    """The least and the largest correlation that both shares can have.

    Parameters
    ----------
    share_first, base_first, share_last, base_last : array-like, shape (k,)
        Shares and their bases.
    overlap : Overlap
        From ``possible_overlap``.
    population : float or None
        Members, for the finite population correction (None, or fewer than a base: none).

    Returns
    -------
    tuple of two float arrays
        Between -1 and 1; 0 where a share has no variance.

    Notes
    -----
    Two samples without replacement of sizes a and b with m people in common have
    cov(p, q) = s (m / ab - 1 / N), with s the covariance of the two answers of one person
    (Tam 1984, The American Statistician 38:288-289). The answers of those people are unknown
    too: s lies between the bounds of Fréchet, max(0, p + q - 1) - pq and min(p, q) - pq. The
    extremes are at the ends of m and s.
    """
    p, n, q, k = (
        np.asarray(a, float)
        for a in np.broadcast_arrays(share_first, base_first, share_last, base_last)
    )
    usable = population is not None and population >= max(n.max(), k.max())
    inverse = 1 / population if usable else 0.0
    spread = np.sqrt(p * (1 - p) * q * (1 - q) * (1 / n - inverse) * (1 / k - inverse))
    ends = [
        (m / (n * k) - inverse) * covariance
        for m in (overlap.fewest, overlap.most)
        for covariance in (np.maximum(0, p + q - 1) - p * q, np.minimum(p, q) - p * q)
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = [np.where(spread > 0, np.clip(end / spread, -1, 1), 0.0) for end in ends]
    return np.minimum.reduce(found), np.maximum.reduce(found)


def score_p(
    share_first: ArrayLike,
    base_first: ArrayLike,
    share_last: ArrayLike,
    base_last: ArrayLike,
    *,
    population: float | None,
    correlation: ArrayLike,
) -> Floats:
    """Two-sided p-value of a difference of two shares, with the variance under no difference.

    With correlation 0 and no population it is the chi-square test without continuity
    correction (R ``prop.test(correct = FALSE)``). The finite population correction of each
    wave is (N - n) / (N - 1); none where a base exceeds N. 1 when nobody or everybody chose
    the option in both waves.
    """
    p, n, q, k = (
        np.asarray(a, float)
        for a in np.broadcast_arrays(share_first, base_first, share_last, base_last)
    )
    pooled = (n * p + k * q) / (n + k)
    variances = []
    for size in (n, k):
        left = 1.0 if population is None else (population - size) / (population - 1)
        variances.append(pooled * (1 - pooled) / size * np.where(np.less(left, 0), 1.0, left))
    one, other = variances
    variance = one + other - 2 * np.asarray(correlation) * np.sqrt(one * other)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(q - p) / np.sqrt(np.maximum(variance, 0))
    return np.where(p == q, 1.0, 2 * norm.sf(z))
