"""Proportional odds of a scale item between groups, with a test of the proportionality and
standard errors that allow for clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import xlogy
from scipy.stats import chi2, norm
from scipy.stats import t as student
from statsmodels.miscmodels.ordinal_model import OrderedModel

from copanalysis.study.measurement import NotMeasured
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
        used one end of the scale only, the likelihood has no maximum, or the odds are not
        proportional: the likelihood-ratio test rejects it at 1 - ``confidence``. The
        ranks (``ordinal.rank_test``) then remain.

    Notes
    -----
    Fitted by ``OrderedModel`` of statsmodels; agrees with R ``ordinal::clm`` and
    ``MASS::polr``. The test of proportionality is the likelihood-ratio test against a model
    with nominal effects of the group (``ordinal::nominal_test``), which for one grouping is the
    saturated model. With ``cluster`` the covariance is the sandwich over clusters, as a GEE
    with working independence (``geepack::ordgee``), times G / (G - 1), and p and interval are
    those of Student's t with G - 1 degrees of freedom for G clusters, because they are few.
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
    fitted = _fitted(found, clustered=bool(cluster))
    if fitted is None:
        return NotMeasured(item, "de schatting van de kansverhoudingen heeft geen uitkomst")
    estimate, covariance, log_likelihood = fitted
    lack = 2 * (_saturated(counts) - log_likelihood)
    df = (counts.shape[0] - 1) * (counts.shape[1] - 2)
    p_proportional = float(chi2.sf(lack, df))
    if p_proportional < 1 - confidence:
        reason = "de groepen verschillen niet op elke grens van de schaal evenveel"
        return NotMeasured(item, f"{reason} (kansverhoudingen zijn niet proportioneel)")
    table = _odds_ratios(found, estimate, covariance, cluster, confidence)
    table.insert(0, "item", item)
    table.insert(1, "by", by)
    tested = {"statistic_proportional": lack, "df_proportional": df}
    return table.assign(**tested, p_proportional=p_proportional, weighting="ongewogen")


def _fitted(found: Scale, *, clustered: bool) -> tuple[Floats, Floats, float] | None:
    """Log odds ratios of the groups, their covariance, and the log-likelihood; None without a
    maximum."""
    _, category = np.unique(found.category, return_inverse=True)
    groups = len(found.groups) - 1
    dummies = (found.group[:, None] == np.arange(1, groups + 1)).astype(float)
    model = OrderedModel(category, dummies, distr="logit")
    start = model.fit(method="bfgs", disp=False, warn_convergence=False).params
    parameters = _maximum(model, start)
    if parameters is None:
        return None
    bread = np.linalg.inv(-model.hessian(parameters))
    if clustered:
        scores = model.score_obs(parameters)
        sums = np.zeros((found.cluster.max() + 1, scores.shape[1]))
        np.add.at(sums, found.cluster, scores)
        factor = len(sums) / (len(sums) - 1)
        bread = factor * bread @ sums.T @ sums @ bread
    return parameters[:groups], bread[:groups, :groups], float(model.loglike(parameters))


def _maximum(model: OrderedModel, start: Floats) -> Floats | None:
    """Where the score is 0, by Newton's steps from near it; None when they do not get there."""
    parameters = np.asarray(start, dtype=float)
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(model.hessian(parameters), model.score(parameters))
        parameters = parameters - step
        if np.abs(step).max() < SMALLEST_STEP:
            return parameters
    return None


def _odds_ratios(
    found: Scale, estimate: Floats, covariance: Floats, cluster: str, confidence: float
) -> pd.DataFrame:
    clusters = int(found.cluster.max()) + 1
    error = np.sqrt(np.diag(covariance))
    reference = student(clusters - 1) if cluster else norm
    half = reference.ppf((1 + confidence) / 2) * error
    way = f"robuust voor clusters ({cluster})" if cluster else "model"
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
            "method": "proportionele kansverhoudingen (OrderedModel), standaardfout: " + way,
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
