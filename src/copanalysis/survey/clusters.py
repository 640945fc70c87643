"""Respondents of few clusters: what a difference between two groups is worth when those who
share a CoP answer alike.

With twelve CoPs the usual sandwich over clusters is too small and its normal reference too
narrow. `bias_reduced` corrects the first and gives the degrees of freedom for the second;
`clustered_difference` uses both on a generalised estimating equation (GEE) with exchangeable
working correlation. A cluster bootstrap was tried and fell short: see benchmarks/coverage.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from copanalysis.survey.intervals import Floats

ROUNDS, SETTLED = 200, 1e-12
NAMED = {"cop": "CoP's"}  # what clusters are called in a note, by their column
FEWEST = 4  # clusters; with fewer there is nothing to estimate a variance from
ALONE = 1e-8  # share of its own information that a cluster must leave to the others


def named_clusters(column: str) -> str:
    """ " (CoP's)" after the word clusters in a note; "" for a column that has no name there."""
    return f" ({NAMED[column]})" if column in NAMED else ""


@dataclass(frozen=True)
class ClusteredDifference:
    """Mean of the last group minus that of the first, allowing for clusters.

    ``error`` is its standard error, ``df`` the degrees of freedom of Student's t, ``correlation``
    that of two respondents of one cluster. All NaN where it cannot be told (see
    `clustered_difference`).
    """

    difference: float
    error: float
    df: float
    correlation: float

    @property
    def p(self) -> float:
        """Two-sided p-value of no difference."""
        return float(2 * student.sf(abs(self.difference) / self.error, self.df))

    def interval(self, confidence: float) -> tuple[float, float]:
        """The interval of the difference."""
        half = student.ppf((1 + confidence) / 2, self.df) * self.error
        return float(self.difference - half), float(self.difference + half)


UNTOLD = ClusteredDifference(np.nan, np.nan, np.nan, np.nan)


def clustered_difference(values: Floats, group: Floats, cluster: Floats) -> ClusteredDifference:
    """The difference of the means of two groups whose respondents share clusters.

    Parameters
    ----------
    values : array, shape (people,)
        A tick as 0 or 1 (the difference is then one of shares), or ranks as a share of people.
    group : int array, shape (people,)
        0 or 1; a cluster may be in both.
    cluster : int array, shape (people,)
        From 0 without gaps.

    Returns
    -------
    ClusteredDifference
        NaN with fewer than four clusters, where all values are equal, and where one cluster
        alone makes up a group (the difference may then be that of the cluster).

    Notes
    -----
    Linear GEE (Liang and Zeger 1986, Biometrika 73:13-22) with the moment estimate of the
    exchangeable correlation: estimate and correlation agree with R ``geepack::geeglm``.
    Covariance and degrees of freedom as `bias_reduced`. Takes time and memory linear in people.
    """
    width = int(cluster.max()) + 1
    if width < FEWEST or np.ptp(values) == 0:
        return UNTOLD
    cells = cluster * 2 + group
    count = np.bincount(cells, minlength=2 * width).reshape(width, 2).astype(float)
    total = np.bincount(cells, values, 2 * width).reshape(width, 2)
    squares, correlation = float((values**2).sum()), 0.0
    for _ in range(ROUNDS):
        information, moment = _weighted(count, total, correlation)
        means = np.linalg.solve(information.sum(axis=0), moment.sum(axis=0)).cumsum()
        before, correlation = correlation, _correlation(count, total, squares, means)
        if abs(correlation - before) < SETTLED:
            break
    information, moment = _weighted(count, total, correlation)
    estimate = np.linalg.solve(information.sum(axis=0), moment.sum(axis=0))
    covariance, df = bias_reduced(moment - information @ estimate, information)
    error = np.sqrt(covariance[1, 1])
    if not error > SETTLED:
        return UNTOLD
    return ClusteredDifference(float(estimate[1]), float(error), float(df[1]), correlation)


def _weighted(count: Floats, total: Floats, correlation: float) -> tuple[Floats, Floats]:
    """Of every cluster X'V⁻¹X (clusters, 2, 2) and X'V⁻¹y (clusters, 2), with X a constant and
    the last group, and V 1 on the diagonal and the correlation beside it."""
    size = count.sum(axis=1)
    shared = correlation / (1 + (size - 1) * correlation)
    design = np.stack([size, count[:, 1]], axis=1)
    plain = np.stack([design, np.stack([count[:, 1]] * 2, axis=1)], axis=1)
    information = plain - shared[:, None, None] * design[:, :, None] * design[:, None, :]
    answers = np.stack([total.sum(axis=1), total[:, 1]], axis=1)
    moment = answers - (shared * answers[:, 0])[:, None] * design
    return information / (1 - correlation), moment / (1 - correlation)


def _correlation(count: Floats, total: Floats, squares: float, means: Floats) -> float:
    """The mean product of two residuals of one cluster, in units of their variance."""
    size = count.sum(axis=1)
    rest = float(squares - 2 * (total * means).sum() + (count * means**2).sum())
    variance = rest / size.sum()
    products = float((((total - count * means).sum(axis=1)) ** 2).sum() - rest)
    found = products / (size * (size - 1)).sum() / variance
    return float(np.clip(found, -0.999 / max(1.0, size.max() - 1), 0.999))


def bias_reduced(scores: Floats, information: Floats) -> tuple[Floats, Floats]:
    """Covariance of estimates from few clusters, and degrees of freedom of each.

    Parameters
    ----------
    scores : array, shape (clusters, parameters)
        Of each cluster the sum of its estimating function at the estimate.
    information : array, shape (clusters, parameters, parameters)
        Of each cluster its part of the (working) information.

    Returns
    -------
    covariance : array, shape (parameters, parameters)
    df : array, shape (parameters,)
        NaN, both, where one cluster alone determines a parameter.

    Notes
    -----
    The sandwich with the scores of each cluster enlarged for its leverage, (I - B M)^(-1/2), so
    that it has no bias under the working covariance: Bell and McCaffrey (2002), Survey
    Methodology 28:169-181; for GEE Kauermann and Carroll (2001), JASA 96:1387-1396. Degrees of
    freedom: Satterthwaite's under that covariance (Pustejovsky and Tipton 2018, JBES
    36:672-683). With independence agrees with R ``clubSandwich`` (CR2, Satterthwaite).
    """
    bread = np.linalg.inv(information.sum(axis=0))
    left, vectors = np.linalg.eig(np.eye(len(bread)) - information @ bread)
    if left.real.min() < ALONE:
        return np.full_like(bread, np.nan), np.full(len(bread), np.nan)
    scaled = vectors / np.sqrt(left.real)[:, None, :]
    enlarged = bread @ (scaled @ np.linalg.inv(vectors)).real
    parts = (enlarged @ scores[:, :, None])[:, :, 0]
    return parts.T @ parts, _satterthwaite(enlarged, information, bread)


def _satterthwaite(enlarged: Floats, information: Floats, bread: Floats) -> Floats:
    """(tr P)² / tr(P²) with P the covariance of the parts of each parameter over clusters,
    without holding clusters by clusters: P is a diagonal less a product of low rank."""
    own = np.einsum("gpi,gij,gpj->pg", enlarged, information, enlarged)
    outer = np.einsum("gpi,gij->pgj", enlarged, information)
    cross = np.einsum("pgi,ij,pgj->pg", outer, bread, outer)
    inner = np.einsum("pgi,pgj->pij", outer, outer) @ bread
    squares = (own**2).sum(axis=1) - 2 * (own * cross).sum(axis=1)
    squares += np.einsum("pij,pji->p", inner, inner)
    return (own - cross).sum(axis=1) ** 2 / squares
