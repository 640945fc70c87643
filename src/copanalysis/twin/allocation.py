"""Exact counts by seeded sampling: who gives an answer is drawn, how many give it is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def sampled(rng: np.random.Generator, pull: Floats, *, n: int, among: Flags) -> NDArray[np.intp]:
    """Positions of ``n`` drawn without replacement from ``among``, likelier with a higher pull.

    A draw with weights exp(pull), made at once by adding Gumbel noise and taking the largest
    (Efraimidis & Spirakis 2006, Information Processing Letters 97:181-185, in logarithms).
    """
    keys = np.where(among, pull + rng.gumbel(size=len(pull)), -np.inf)
    return np.sort(np.argsort(-keys, kind="stable")[:n])


def flags(n: int, positions: NDArray[np.intp]) -> Flags:
    """A column of ``n`` flags, true at the positions."""
    column = np.zeros(n, dtype=bool)
    column[positions] = True
    return column


def exact_ticks(
    rng: np.random.Generator,
    pull: Floats,
    *,
    counts: Mapping[str, int],
    among: Flags,
    full: Flags,
) -> Flags:
    """Ticks (respondents down, options across) with exactly the counts per option.

    Rows of ``full`` tick everything; the other rows of ``among`` tick at least one option and
    leave at least one; rows outside ``among`` tick nothing. The counts must allow that
    (``check_targets``): every repair below moves one tick, which keeps the counts.
    """
    ticks = np.zeros(pull.shape, dtype=bool)
    ticks[full] = True
    drawing = among & ~full
    for option, count in enumerate(counts.values()):
        chosen = sampled(rng, pull[:, option], n=count - int(full.sum()), among=drawing)
        ticks[chosen, option] = True
    for row in np.flatnonzero(drawing & ~ticks.any(axis=1)):
        giver = _extreme(ticks, drawing, most=True)
        option = int(np.argmax(ticks[giver] * ticks.sum(axis=0)))
        ticks[[giver, row], option] = [False, True]
    for row in np.flatnonzero(drawing & ticks.all(axis=1)):
        option = int(np.argmin(ticks.sum(axis=0)))
        taker = _extreme(ticks, drawing & ~ticks[:, option], most=False)
        ticks[[row, taker], option] = [False, True]
    return ticks


def _extreme(ticks: Flags, among: Flags, *, most: bool) -> int:
    """The first row of ``among`` with the most (or the fewest) ticks."""
    picks = ticks.sum(axis=1)
    return int(np.argmax(np.where(among, picks if most else -picks, -ticks.shape[1] - 1)))


def ranked_codes(
    rng: np.random.Generator, inclination: Floats, *, counts: Mapping[str, int], among: Flags
) -> NDArray[np.object_]:
    """One code per respondent of ``among``, the first codes to the most inclined; "" elsewhere.

    ``counts`` add up to the size of ``among``; noise keeps the order from being perfect.
    """
    noisy = inclination + rng.normal(scale=0.6, size=len(inclination))
    order = np.argsort(np.where(among, -noisy, np.inf), kind="stable")
    codes = np.full(len(inclination), "", dtype=object)
    codes[order[: int(among.sum())]] = np.repeat(list(counts), list(counts.values()))
    return codes


def favourites(
    rng: np.random.Generator, weights: Floats, *, available: Flags, picks: NDArray[np.int64]
) -> Flags:
    """Per row the given number of picks from its available options, by weight."""
    keys = np.log(weights) + rng.gumbel(size=available.shape)
    keys = np.where(available, keys, -np.inf)
    rank = np.argsort(np.argsort(-keys, axis=1, kind="stable"), axis=1, kind="stable")
    return available & (rank < picks[:, None])
