"""Ratings in the compact form that every coefficient counts on, and their resampling.

Units with the same ratings are interchangeable, so ratings are kept as distinct patterns (one
row of ratings over the coders) with the number of units that show each. A coefficient is then
a function of those numbers, and a bootstrap is the same function of many sets of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from copanalysis.errors import Problem, refuse_if_any

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RESAMPLE = ("unit", "document")


@dataclass(frozen=True)
class Bootstrap:
    """How an interval is made: percentiles over resamples drawn with replacement.

    ``resample`` is what is drawn: "unit" (units are independent) or "document" (units of one
    document belong together; the safer choice for turns of an interview). ``resamples`` is the
    number of draws, ``seed`` makes them the same every time, ``confidence`` is two-sided.
    """

    resample: str
    resamples: int
    seed: int
    confidence: float

    def __post_init__(self) -> None:
        checks = (
            ("resample", self.resample in RESAMPLE, " or ".join(RESAMPLE)),
            ("resamples", self.resamples >= 1, "1 or more draws"),
            ("confidence", 0 < self.confidence < 1, "a number between 0 and 1"),
        )
        refuse_if_any(
            "No bootstrap interval",
            [
                Problem(f"bootstrap, {name}", repr(getattr(self, name)), expected, "correct it")
                for name, right, expected in checks
                if not right
            ],
        )

    def draws(self, clusters: Integers, times: Integers) -> Floats:
        """Resampled totals: ``clusters`` (t x p counts, each occurring ``times``) to draws x p.

        No draws at all from fewer than two clusters: every draw would be the data themselves.
        """
        n = times.sum()
        if n < 2:
            return np.empty((0, clusters.shape[1]))
        generator = np.random.default_rng(self.seed)
        drawn = generator.multinomial(n, times / n, size=self.resamples)
        return drawn @ clusters.astype(float)

    def interval(self, values: Floats) -> tuple[float, float, int]:
        """Lower and upper limit over the draws in which the value exists, and their number."""
        defined = values[~np.isnan(values)]
        if not defined.size:
            return np.nan, np.nan, 0
        tail = (1 - self.confidence) / 2
        low, high = np.quantile(defined, [tail, 1 - tail])
        return float(low), float(high), int(defined.size)


@dataclass(frozen=True)
class Ratings:
    """Ratings of units by coders as distinct patterns.

    ``patterns`` (p x m) holds category numbers 0 to ``categories`` - 1, and -1 where the coder
    did not judge the unit. ``clusters`` (t x p) are the distinct compositions of what is
    resampled, in numbers of units per pattern, and ``times`` (t) how often each occurs.
    """

    patterns: Integers
    clusters: Integers
    times: Integers
    categories: int

    @property
    def weights(self) -> Floats:
        """Units per pattern, as one row."""
        return (self.times @ self.clusters).astype(float)[None, :]

    @property
    def counts(self) -> Floats:
        """How many coders put a pattern in each category: p x categories."""
        numbers = np.arange(self.categories)
        return (self.patterns[:, :, None] == numbers).sum(axis=1).astype(float)

    @property
    def raters(self) -> Floats:
        """How many coders judged each pattern."""
        return (self.patterns >= 0).sum(axis=1).astype(float)

    @property
    def paired(self) -> NDArray[np.bool_]:
        """Patterns that two or more coders judged."""
        return self.raters >= 2

    @property
    def n_units(self) -> int:
        """Units that two or more coders judged."""
        return int(self.weights[0, self.paired].sum())

    def draws(self, bootstrap: Bootstrap) -> Floats:
        """Units per pattern in each resample."""
        return bootstrap.draws(self.clusters, self.times)


def collapsed(ratings: ArrayLike, *, clusters: ArrayLike, categories: int) -> Ratings:
    """Ratings (units x coders, -1 for missing) as patterns; ``clusters`` names what is drawn."""
    patterns, pattern = np.unique(np.asarray(ratings), axis=0, return_inverse=True)
    pattern = pattern.reshape(-1)
    cluster, names = pd.factorize(np.asarray(clusters))
    if len(names) == len(pattern):  # every unit on its own: one cluster type per pattern
        times = np.bincount(pattern, minlength=len(patterns))
        return Ratings(patterns, np.eye(len(patterns), dtype=np.int64), times, categories)
    cell = cluster * len(patterns) + pattern
    table = np.bincount(cell, minlength=len(names) * len(patterns))
    types, times = np.unique(table.reshape(len(names), -1), axis=0, return_counts=True)
    return Ratings(patterns, types, times, categories)
