"""Proportional odds of a scale item between groups, with a test of the proportionality and
standard errors that allow for clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, xlogy
from scipy.stats import chi2, norm
from scipy.stats import t as student
from statsmodels.miscmodels.ordinal_model import OrderedModel

from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.clusters import FEWEST, bias_reduced, named_clusters
from copanalysis.survey.intervals import Floats
from copanalysis.survey.ordinal import Answers, Scale, scale_by_group

LEAST_CATEGORIES = 3
MOST_STEPS, SMALLEST_STEP = 25, 1e-8


def proportional_odds(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    by: str,
    cluster: str,
    minimum_base: int,
    confidence: float,
) -> Answers:
    """How much larger the odds of standing higher on a scale are in each group than in the first.

    Parameters
    ----------
    answers, item, options, by, cluster, minimum_base : see the module ``ordinal``

    Returns
    -------
    DataFrame
        One row per group but the first: item, by, group, reference, base, odds_ratio (above 1:
        nearer the last option of the scale), ci_low, ci_high, p, statistic_proportional,
        df_proportional and p_proportional, clusters, method, weighting. NotMeasured when the
        item was not asked, a base is too small, fewer than three categories were used, a group
        used one end of the scale only, the likelihood has no maximum, there are fewer than four
        clusters or one of them makes up a group, or the odds are not
        proportional: the likelihood-ratio test rejects it at 1 - ``confidence``. The
        ranks (``ordinal.rank_test``) then remain.

    Notes
    -----
    Fitted by ``OrderedModel`` of statsmodels; agrees with R ``ordinal::clm`` and
    ``MASS::polr``. The test of proportionality is the likelihood-ratio test against a model
    with nominal effects of the group (``ordinal::nominal_test``), which for one grouping is the
    saturated model. With ``cluster`` covariance and degrees of freedom of Student's t are those
    of `clusters.bias_reduced`, because clusters are few; without its correction the sandwich is
    that of R ``sandwich::vcovCL``, which is too small for twelve (benchmarks/coverage.md).
    """
    found = scale_by_group(
        answers, item=item, options=options, by=by, cluster=cluster, minimum_base=minimum_base
    )
    if isinstance(found, NotMeasured):
        return found
    counts = found.counts[:, found.counts.sum(axis=0) > 0]
    if counts.shape[1] < LEAST_CATEGORIES:
        reason = f"er zijn minder dan {LEAST_CATEGORIES} categorieën gebruikt"
        return NotMeasured(item, reason)
    if _separated(counts):
        return NotMeasured(item, "een groep gebruikte maar één uiteinde van de schaal")
    fitted = _fitted(found)
    if fitted is None:
        return NotMeasured(item, "de schatting van de kansverhoudingen heeft geen uitkomst")
    lack = 2 * (_saturated(counts) - fitted.log_likelihood)
    df = (counts.shape[0] - 1) * (counts.shape[1] - 2)
    p_proportional = float(chi2.sf(lack, df))
    if p_proportional < 1 - confidence:
        reason = "de groepen verschillen niet op elke grens van de schaal evenveel"
        return NotMeasured(item, f"{reason} (kansverhoudingen zijn niet proportioneel)")
    table = _odds_ratios(found, fitted, cluster, confidence)
    if table["p"].isna().any():
        return NotMeasured(item, "er zijn te weinig clusters voor een standaardfout")
    table.insert(0, "item", item)
    table.insert(1, "by", by)
    tested = {"statistic_proportional": lack, "df_proportional": df}
    return table.assign(**tested, p_proportional=p_proportional, weighting="ongewogen")


@dataclass(frozen=True)
class Fitted:
    """The log odds ratios of the groups and the thresholds at the maximum, the log-likelihood
    there, and of every cluster its score (clusters, parameters) and information."""

    parameters: Floats
    log_likelihood: float
    scores: Floats
    information: Floats


def _fitted(found: Scale) -> Fitted | None:
    """None without a maximum."""
    _, category = np.unique(found.category, return_inverse=True)
    groups, top = len(found.groups) - 1, category.max()
    dummies = (found.group[:, None] == np.arange(1, groups + 1)).astype(float)
    model = OrderedModel(category, dummies, distr="logit")
    start = model.fit(method="bfgs", disp=False, warn_convergence=False).params
    found_at = _maximum(model, start)
    if found_at is None:
        return None
    limits = model.transform_threshold_params(found_at)[1:-1]
    parameters = np.concatenate([found_at[:groups], limits])
    cells, clusters = (groups + 1) * (top + 1), int(found.cluster.max()) + 1
    place = (found.cluster * (groups + 1) + found.group) * (top + 1) + category
    count = np.bincount(place, minlength=clusters * cells).reshape(clusters, cells)
    scores, information = _of_cells(parameters, groups, top)
    sums = count @ scores, np.tensordot(count, information, axes=1)
    return Fitted(parameters, float(model.loglike(found_at)), *sums)


def _of_cells(parameters: Floats, groups: int, top: int) -> tuple[Floats, Floats]:
    """Score (cells, parameters) and observed information of one answer in each cell: groups by
    categories 0 to ``top``, with logit P(category <= k) = threshold k - log odds of the group."""
    width = len(parameters)
    lines = np.zeros((groups + 1, top + 2, width))  # derivatives of the bounds of a category
    for k in range(top):
        lines[:, k + 1, groups + k] = 1
        lines[1:, k + 1, :groups] = -np.eye(groups)
    bounds = lines @ parameters
    bounds[:, 0], bounds[:, -1] = -np.inf, np.inf
    below = expit(bounds)
    slope = below * (1 - below)
    curve = slope * (1 - 2 * below)
    chance = np.diff(below, axis=1).reshape(-1, 1)
    first = np.diff(slope[..., None] * lines, axis=1).reshape(-1, width) / chance
    second = curve[..., None, None] * lines[..., :, None] * lines[..., None, :]
    second = np.diff(second, axis=1).reshape(-1, width, width) / chance[..., None]
    return first, first[:, :, None] * first[:, None, :] - second


def _maximum(model: OrderedModel, start: Floats) -> Floats | None:
    """Where the score is 0, by Newton's steps from near it; None when they do not get there."""
    parameters = np.asarray(start, dtype=float)
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(model.hessian(parameters), model.score(parameters))
        parameters = parameters - step
        if np.abs(step).max() < SMALLEST_STEP:
            return parameters
    return None


def _odds_ratios(found: Scale, fitted: Fitted, cluster: str, confidence: float) -> pd.DataFrame:
    groups, clusters = len(found.groups) - 1, len(fitted.scores)
    covariance, reference = np.linalg.inv(fitted.information.sum(axis=0)), norm
    if cluster:
        covariance, df = bias_reduced(fitted.scores, fitted.information)
        reference = student(df[:groups] if clusters >= FEWEST else np.nan)
    estimate, error = fitted.parameters[:groups], np.sqrt(np.diag(covariance))[:groups]
    half = reference.ppf((1 + confidence) / 2) * error
    way = (
        f"gecorrigeerd voor weinig clusters{named_clusters(cluster)}"
        if cluster
        else "volgens het model"
    )
    return pd.DataFrame(
        {
            "group": found.groups[1:],
            "reference": found.groups[0],
            "base": len(found.group),
            "odds_ratio": np.exp(estimate),
            "ci_low": np.exp(estimate - half),
            "ci_high": np.exp(estimate + half),
            "p": 2 * reference.sf(np.abs(estimate) / error),
            "clusters": clusters if cluster else 0,
            "method": "proportionele kansverhoudingen, standaardfout: " + way,
        }
    )


def _saturated(counts: np.ndarray) -> float:
    """The log-likelihood of a distribution of its own for each group."""
    size = counts.sum(axis=1, keepdims=True)
    return float(xlogy(counts, counts / size).sum())


def _separated(counts: np.ndarray) -> bool:
    """Whether a group stands wholly in the first or in the last category: no finite odds ratio."""
    used = counts > 0
    alone = used.sum(axis=1) == 1
    return bool((alone & (used[:, 0] | used[:, -1])).any())
