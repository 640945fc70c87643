"""A scale item between groups: ranks with ties, and proportional odds, with clusters.

The answers are ordered categories, so nothing here takes a mean of codes. ``by`` is a column of
groups (wave, cop); ``cluster`` a column of clusters that respondents share (cop), or "" for
independent respondents. Options of kind "answer" count, in order of position; who answered
otherwise does not. Under ``minimum_base`` respondents the answer is NotMeasured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import item_answers
from copanalysis.survey.clusters import clustered_difference, named_clusters
from copanalysis.survey.intervals import Floats
from copanalysis.survey.ticks import too_small

Answers = pd.DataFrame | NotMeasured
HIGHER = "kans op een hogere plaats"


@dataclass(frozen=True)
class Scale:
    """Respondents of a scale item: their category, group and cluster, as numbers from 0.

    ``labels`` are the categories in order and ``groups`` the names of the groups in order;
    without clusters every respondent is one.
    """

    labels: list[str]
    groups: list[str]
    category: NDArray[np.intp]
    group: NDArray[np.intp]
    cluster: NDArray[np.intp]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Respondents by group and category."""
        shape = len(self.groups), len(self.labels)
        cells = self.group * shape[1] + self.category
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def scale_by_group(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    by: str,
    cluster: str,
    minimum_base: int,
) -> Scale | NotMeasured:
    """The respondents of a scale item that named their group (and cluster), ready to compare."""
    refuse_if_any(f"Item {item} cannot be compared", _cluster_problems(by, cluster))
    columns = list(dict.fromkeys([by, "wave", *([cluster] if cluster else [])]))
    ask = {"options": options, "base": "answered", "by": columns, "types": ("single",)}
    found = item_answers(answers, item=item, **ask)
    if isinstance(found, NotMeasured):
        return found
    scale = found.options[found.options["kind"].eq("answer")]
    picks = found.picks.astype(dict.fromkeys(columns, "str"))
    kept = picks["option"].isin(scale["option"]) & picks[columns].ne("").all(axis=1)
    rows = picks[kept].reset_index(drop=True)
    refusal = too_small(item, len(rows), minimum_base)
    if refusal is not None:
        return refusal
    group, groups = pd.factorize(rows[by], sort=True)
    if len(groups) < 2:
        return NotMeasured(item, "er is maar één groep met antwoorden")
    category = pd.Index(scale["option"]).get_indexer(rows["option"])
    clusters = pd.factorize(rows[cluster])[0] if cluster else np.arange(len(rows))
    if clusters.max() == 0:
        return NotMeasured(item, "alle deelnemers horen bij één cluster")
    return Scale(list(scale["label"]), list(groups), category, group, clusters)


def _cluster_problems(by: str, cluster: str) -> list[Problem]:
    if by != cluster:
        return []
    fix = "compare groups that are no clusters, or take cluster=''"
    return [Problem("cluster", f"{cluster!r}, as by", "another column than by", fix)]


def rank_test(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    by: str,
    cluster: str,
    minimum_base: int,
    small: Mapping[str, float],
    resamples: int,
    seed: int,
    confidence: float,
) -> Answers:
    """Is a scale answered alike in every group? By ranks, with ties.

    Parameters
    ----------
    answers, item, options, by, cluster, minimum_base : see the module
    small : mapping
        [small_counts] of study.toml: without clusters a group smaller than its ``group`` is
        refused, because the chi-square then does not fit the ranks.
    resamples, seed, confidence
        Of the interval of the effect: by bootstrap of respondents, or with ``cluster`` by the
        standard error.

    Returns
    -------
    DataFrame
        One row: item, by, groups, base, statistic, df, p, effect with ci_low and ci_high,
        effect_name, method, weighting. Without ``cluster`` the statistic is that of Kruskal and
        Wallis, corrected for ties, with its chi-square; the effect is, for two groups, the
        probability that someone in the last group stands higher on the scale (nearer its last
        option) than someone in the first, ties counting half; for more groups epsilon squared,
        the share of the variance of the ranks between groups. With ``cluster`` two groups are
        compared; the statistic is Student's t, and the effect the same probability, as
        estimated with the clusters taken into account.

    Notes
    -----
    With two groups this is the test of Mann and Whitney without continuity correction (the
    statistic is the square of its z). Agrees with R ``kruskal.test``, ``wilcox.test(exact =
    FALSE, correct = FALSE)`` and coin. Effects: Vargha and Delaney (2000), Journal of
    Educational and Behavioral Statistics 25:101-132; Kelley (1935). Interval: percentiles.
    With clusters: `clusters.clustered_difference` of the ranks, as shares of all respondents,
    whose difference in means is that probability less a half.
    """
    found = scale_by_group(
        answers, item=item, options=options, by=by, cluster=cluster, minimum_base=minimum_base
    )
    if isinstance(found, NotMeasured):
        return found
    if (found.counts.sum(axis=0) > 0).sum() < 2:
        return NotMeasured(item, "iedereen gaf hetzelfde antwoord")
    if cluster:
        row = _clustered(found, item, cluster, confidence)
    else:
        rules = {"resamples": resamples, "seed": seed, "confidence": confidence}
        row = _independent(found, item, small["group"], **rules)
    if isinstance(row, NotMeasured):
        return row
    known = {"item": item, "by": by, "groups": len(found.groups), "base": len(found.group)}
    return pd.DataFrame([known | row | {"weighting": "ongewogen"}])


def _independent(
    found: Scale, item: str, least: float, *, resamples: int, seed: int, confidence: float
) -> dict[str, float | str] | NotMeasured:
    counts = found.counts
    fewest = int(counts.sum(axis=1).min())
    if fewest < least:
        return NotMeasured(item, f"een groep heeft {fewest} antwoorden, minder dan {least}")
    statistic, df = float(kruskal_wallis(counts)), len(found.groups) - 1
    drawn = _effect(_drawn_within_groups(counts, resamples, seed))
    drawn = drawn[~np.isnan(drawn)]
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    low, high = np.quantile(drawn, tails) if len(drawn) else (np.nan, np.nan)
    two = df == 1
    name = "Mann-Whitney" if two else "Kruskal-Wallis"
    return {
        "statistic": statistic,
        "df": df,
        "p": float(chi2.sf(statistic, df)),
        "effect": float(_effect(counts)),
        "ci_low": low,
        "ci_high": high,
        "effect_name": HIGHER if two else "epsilon-kwadraat",
        "method": f"{name} met knopen, interval door bootstrap van respondenten",
    }


def _clustered(
    found: Scale, item: str, cluster: str, confidence: float
) -> dict[str, float | str] | NotMeasured:
    if len(found.groups) > 2:
        return NotMeasured(item, "met clusters zijn alleen twee groepen te vergelijken")
    ties = found.counts.sum(axis=0)
    ranks = (ties.cumsum() - (ties - 1) / 2) / ties.sum()
    called = named_clusters(cluster)
    told = clustered_difference(ranks[found.category], found.group, found.cluster)
    if np.isnan(told.error):
        return NotMeasured(item, f"er zijn te weinig clusters{called} voor een standaardfout")
    low, high = told.interval(confidence)
    return {
        "statistic": told.difference / told.error,
        "df": told.df,
        "p": told.p,
        "effect": told.difference + 0.5,
        "ci_low": max(0.0, low + 0.5),
        "ci_high": min(1.0, high + 0.5),
        "effect_name": HIGHER,
        "method": f"rangen met knopen in een GEE met clusters{called}, uitwisselbare "
        "samenhang, standaardfout en vrijheidsgraden gecorrigeerd voor weinig clusters",
    }


def kruskal_wallis(counts: NDArray) -> Floats:
    """The statistic of Kruskal and Wallis, corrected for ties, of counts (..., groups,
    categories). NaN where a group is empty or all answers are equal."""
    counts = np.asarray(counts, dtype=float)
    ties, size = counts.sum(axis=-2), counts.sum(axis=-1)
    total = ties.sum(axis=-1)
    ranks = ties.cumsum(axis=-1) - (ties - 1) / 2
    sums = (counts * ranks[..., None, :]).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = 12 / (total * (total + 1)) * (sums**2 / size).sum(axis=-1) - 3 * (total + 1)
        return plain / (1 - (ties**3 - ties).sum(axis=-1) / (total**3 - total))


def superiority(counts: NDArray) -> Floats:
    """P(last > first) + P(equal) / 2 for two groups, of counts (..., 2, categories)."""
    first, last = (np.asarray(counts, dtype=float)[..., k, :] for k in (0, 1))
    below = first.cumsum(axis=-1) - first / 2
    with np.errstate(invalid="ignore"):
        return (last * below).sum(axis=-1) / (first.sum(axis=-1) * last.sum(axis=-1))


def _effect(counts: NDArray) -> Floats:
    if counts.shape[-2] == 2:
        return superiority(counts)
    return kruskal_wallis(counts) / (counts.sum(axis=(-2, -1)) - 1)


def _drawn_within_groups(counts: NDArray, resamples: int, seed: int) -> NDArray:
    generator = np.random.default_rng(seed)
    groups = [generator.multinomial(row.sum(), row / row.sum(), size=resamples) for row in counts]
    return np.stack(groups, axis=1)
