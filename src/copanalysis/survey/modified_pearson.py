"""The modified Pearson statistic of multiple-response tables: its value, its second-order
Rao-Scott correction, and its bootstrap, after Bilder and Loughin. Arrays in, numbers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from copanalysis.study.measurement import NotMeasured

Floats = NDArray[np.float64]
ZERO_CELL = 0.5
BATCH_CELLS = 4_000_000  # resampled ticks held at a time


@dataclass(frozen=True)
class Bootstrap:
    """p-values of the sum of the parts, of the product and of the least of their p-values, and
    of each part by itself.

    Each is (r + 1) / (B + 1) for the r of ``used`` resamples that are at least as extreme
    (Davison and Hinkley 1997, 4.2.5), so never 0; NaN without a resample. A part counts over
    all resamples: one without variation is not extreme.
    """

    used: int
    p_sum: float
    p_product: float
    p_minimum: float
    p_parts: Floats


def pearson(cells: Floats) -> Floats:
    """Pearson's statistic, without continuity correction, of every r x c table in an array.

    Shape (..., r, c) in, (...) out. A cell of 0 counts as 0.5 first, as in the R package MRCV.
    NaN where a row or column of the table is empty.
    """
    counts = np.asarray(cells, dtype=float)
    down, across = counts.sum(axis=-1), counts.sum(axis=-2)
    valid = (down > 0).all(axis=-1) & (across > 0).all(axis=-1)
    counts = np.where(counts == 0, ZERO_CELL, counts)
    down, across = counts.sum(axis=-1, keepdims=True), counts.sum(axis=-2, keepdims=True)
    expected = down * across / counts.sum(axis=(-2, -1), keepdims=True)
    return np.where(valid, ((counts - expected) ** 2 / expected).sum(axis=(-2, -1)), np.nan)


def second_order(statistic: float, *, terms: int, squares: float) -> tuple[float, float, float]:
    """Second-order Rao-Scott correction of a sum of dependent chi-squares.

    ``terms`` is the trace of the matrix whose eigenvalues weigh the sum, ``squares`` the sum
    of their squares. Returns the corrected statistic, its degrees of freedom and its p-value
    (Rao and Scott 1984; Bilder and Loughin 2004, Biometrics 60:241-248, appendix).
    """
    corrected, df = terms * statistic / squares, terms**2 / squares
    return corrected, df, float(chi2.sf(corrected, df))


def independence_squares(first: Floats, second: Floats, weights: Floats) -> float:
    """Sum of squared eigenvalues for two multiple-response items.

    ``first`` (k, I) and ``second`` (k, J) hold the ticks of k patterns of answers, ``weights``
    how many respondents gave each. The covariance is that of the cells less the product of
    their margins, as Bilder and Loughin (2004) estimate it.
    """
    share = weights / weights.sum()
    sides = []
    for ticks in (first, second):
        mean = share @ ticks
        sides.append((ticks - mean) / np.sqrt(mean * (1 - mean)))
    products = (sides[0][:, :, None] * sides[1][:, None, :]).reshape(len(share), -1)
    products = products - share @ products
    covariance = (products * share[:, None]).T @ products
    return float((covariance**2).sum())


def group_squares(ticks: Floats, groups: NDArray[np.intp], weights: Floats) -> float:
    """Sum of squared eigenvalues for one grouping and one multiple-response item.

    Groups are independent multinomials (Bilder, Loughin and Nettleton 2000, Communications in
    Statistics - Simulation 29:1285-1316): the covariance within each group is its own. With
    B_g that matrix in units of the pooled variances and a_g the share of a group, the sum is
    that of (1 - 2 a_g) tr(B_g²), plus tr of the square of the mean of B_g: linear in groups.
    """
    count = int(groups.max()) + 1
    size = np.bincount(groups, weights, count)
    pooled = weights @ ticks / weights.sum()
    unit = (ticks - pooled) / np.sqrt(pooled * (1 - pooled))
    parts = np.zeros((count, ticks.shape[1], ticks.shape[1]))
    for option in range(ticks.shape[1]):
        for other in range(option, ticks.shape[1]):
            product = np.bincount(groups, weights * unit[:, option] * unit[:, other], count)
            parts[:, option, other] = parts[:, other, option] = product / size
    sums = [np.bincount(groups, weights * column, count) for column in unit.T]
    means = np.stack(sums, axis=1) / size[:, None]
    parts -= means[:, :, None] * means[:, None, :]
    part = size / size.sum()
    within = ((1 - 2 * part) * (parts**2).sum(axis=(1, 2))).sum()
    return float(within + (np.tensordot(part, parts, axes=1) ** 2).sum())


def bootstrap(
    draw: Callable[[np.random.Generator, int], Floats],
    observed: Floats,
    *,
    df: int,
    people: int,
    width: int,
    resamples: int,
    seed: int,
) -> Bootstrap:
    """Compare observed parts of a statistic with those of resamples under the hypothesis.

    ``draw`` gives, for a generator and a number of resamples, the parts (resamples, m) of each
    (NaN where it has none: such a resample is discarded, as in MRCV). ``people`` and ``width``
    bound the memory: so many ticks one resample holds.
    """
    generator = np.random.default_rng(seed)
    size = max(1, BATCH_CELLS // max(1, people * width))
    starts = range(0, resamples, size)
    parts = [draw(generator, min(size, resamples - start)) for start in starts]
    drawn = np.concatenate(parts) if parts else np.empty((0, len(observed)))
    p_parts = _share_at_least(np.nan_to_num(drawn) >= observed - 1e-9)
    drawn = drawn[~np.isnan(drawn).any(axis=1)]
    if not len(drawn):
        return Bootstrap(0, np.nan, np.nan, np.nan, p_parts)
    p, p_drawn = chi2.logsf(observed, df), chi2.logsf(drawn, df)
    extreme = (
        drawn.sum(axis=1) >= observed.sum() - 1e-9,
        p_drawn.sum(axis=1) <= p.sum() + 1e-9,
        p_drawn.min(axis=1) <= p.min() + 1e-9,
    )
    return Bootstrap(len(drawn), *(float(_share_at_least(e)) for e in extreme), p_parts)


def _share_at_least(extreme: NDArray[np.bool_]) -> Floats:
    count = len(extreme)
    return (extreme.sum(axis=0) + 1) / (count + 1) if count else np.full(extreme.shape[1:], np.nan)


def too_small(expected: Floats, small: Mapping[str, float]) -> NDArray[np.bool_]:
    """Whether expected counts are too small for a chi-square, by [small_counts] of study.toml.

    Over the last two axes: shape (..., r, c) in, (...) out.
    """
    few = (expected < small["expected"]).mean(axis=(-2, -1)) > small["share"]
    return few | (expected.min(axis=(-2, -1)) < small["least"])


def result_row(
    what: str,
    method: str,
    parts: Floats,
    *,
    df: int,
    corrected: tuple[float, float, float],
    drawn: Bootstrap,
    base: int,
    expected: Floats,
    small: Mapping[str, float],
) -> pd.DataFrame | NotMeasured:
    """One test of ``what`` in one row, in all its versions.

    Returns base, statistic (modified Pearson: the sum of ``parts``), rs2_statistic, rs2_df and
    p_rs2 (second-order Rao-Scott), resamples and p_bootstrap, p_product, p_minimum (see
    ``Bootstrap``), p_bonferroni (least p-value of the parts, times their number), effect (root
    mean square of Cramér's V over the parts), least_expected, p (of the version that fits:
    Rao-Scott, or where the expected counts are `too_small` the bootstrap), method and
    weighting. Where they are too small p_rs2 and p_bonferroni, which rest on a chi-square, are
    missing, and without a bootstrap the test is NotMeasured.
    """
    p_parts = chi2.sf(parts, df)
    weak = bool(too_small(expected.reshape(1, -1), small))
    if weak and not drawn.used:
        reason = "de verwachte aantallen zijn te klein voor chi-kwadraat, en er is geen bootstrap"
        return NotMeasured(what, reason)
    version = "bootstrap" if weak else "Rao-Scott van de tweede orde"
    row = {
        "base": base,
        "statistic": parts.sum(),
        "rs2_statistic": corrected[0],
        "rs2_df": corrected[1],
        "p_rs2": np.nan if weak else corrected[2],
        "resamples": drawn.used,
        "p_bootstrap": drawn.p_sum,
        "p_product": drawn.p_product,
        "p_minimum": drawn.p_minimum,
        "p_bonferroni": np.nan if weak else min(1.0, p_parts.min() * len(parts)),
        "effect": np.sqrt((parts / base).mean()),
        "least_expected": expected.min(),
        "p": drawn.p_sum if weak else corrected[2],
        "method": f"{method}, gewijzigde Pearson-toets, {version}",
        "weighting": "ongewogen",
    }
    return pd.DataFrame([row])
