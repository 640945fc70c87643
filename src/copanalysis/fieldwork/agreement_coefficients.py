"""Coefficients of agreement on ratings: each a function of how many units show which pattern.

Every function takes ``Ratings`` and ``weights`` (draws x patterns: units per pattern, one row
for the data themselves) and returns one value per row, NaN where it does not exist. Units that
fewer than two coders judged hold no agreement or disagreement; only the category shares of
Fleiss' kappa and AC1 use them, as irrCAC does.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from copanalysis.fieldwork.agreement_ratings import Floats, Ratings

Coefficient = Callable[[Ratings, Floats], Floats]


def percent_agreement(ratings: Ratings, weights: Floats) -> Floats:
    """Share of agreeing pairs of coders per unit, averaged over units with two or more coders.

    With two coders the share of units on which they agree. Gwet (2014), Handbook of Inter-Rater
    Reliability; R ``irrCAC::pa.coeff.raw``.
    """
    counts, raters, paired = ratings.counts, ratings.raters, ratings.paired
    agreeing = (counts * (counts - 1)).sum(axis=1)
    share = np.divide(agreeing, raters * (raters - 1), out=np.zeros_like(raters), where=paired)
    return _ratio(weights @ share, weights @ paired.astype(float))


def kappa_cohen(ratings: Ratings, weights: Floats) -> Floats:
    """Cohen's (1960) kappa of the first two coders, on the units that both judged.

    R ``irr::kappa2``, ``vcd::Kappa``, ``psych::cohen.kappa``. Does not exist where both coders
    always used the same one category: chance agreement is then 1.
    """
    return _kappa_of_pair(ratings, weights, 0, 1)


def kappa_light(ratings: Ratings, weights: Floats) -> Floats:
    """Light's (1971) kappa: mean of Cohen's kappa over all pairs of coders.

    R ``irr::kappam.light`` (which drops units that a third coder did not see; here each pair
    keeps all units that both saw). Does not exist where it does not for one of the pairs.
    """
    pairs = combinations(range(ratings.patterns.shape[1]), 2)
    return np.mean([_kappa_of_pair(ratings, weights, *pair) for pair in pairs], axis=0)


def _kappa_of_pair(ratings: Ratings, weights: Floats, first: int, second: int) -> Floats:
    one, other = ratings.patterns[:, first], ratings.patterns[:, second]
    both = (one >= 0) & (other >= 0)
    numbers = np.arange(ratings.categories)
    n = weights @ both.astype(float)
    agreed = weights @ (both & (one == other)).astype(float)
    rows = weights @ (both[:, None] & (one[:, None] == numbers)).astype(float)
    columns = weights @ (both[:, None] & (other[:, None] == numbers)).astype(float)
    chance = (rows * columns).sum(axis=-1)
    # In whole numbers (multiplied by n squared), so that chance agreement gives exactly 0.
    return _ratio(n * agreed - chance, n * n - chance)


def kappa_fleiss(ratings: Ratings, weights: Floats) -> Floats:
    """Fleiss' (1971) kappa for any number of coders, with missing units as Gwet (2014).

    R ``irr::kappam.fleiss`` on complete ratings, ``irrCAC::fleiss.kappa.raw`` in general.
    """
    shares = _category_shares(ratings, weights)
    chance = (shares**2).sum(axis=-1)
    return _corrected(ratings, weights, chance)


def ac1(ratings: Ratings, weights: Floats) -> Floats:
    """Gwet's (2008) AC1 for any number of coders; R ``irrCAC::gwet.ac1.raw``.

    By its formula AC1 is 1 where all ratings are equal. It is left undefined there, as the
    other coefficients are: coders who never had to choose showed no agreement in choosing.
    """
    shares = _category_shares(ratings, weights)
    chance = (shares * (1 - shares)).sum(axis=-1) / max(ratings.categories - 1, 1)
    return _corrected(ratings, weights, chance)


def _category_shares(ratings: Ratings, weights: Floats) -> Floats:
    judged = ratings.raters >= 1
    shares = ratings.counts / np.maximum(ratings.raters, 1)[:, None]
    total = weights @ judged.astype(float)
    return _ratio(weights @ shares, total[:, None])


def _corrected(ratings: Ratings, weights: Floats, chance: Floats) -> Floats:
    value = _ratio(percent_agreement(ratings, weights) - chance, 1 - chance)
    used = weights @ np.where(ratings.paired[:, None], ratings.counts, 0.0)
    return np.where((used > 0).sum(axis=-1) > 1, value, np.nan)


def alpha_by_distance(distances: Floats) -> Coefficient:
    """Krippendorff's alpha with a difference (q x q, 0 on the diagonal) between categories.

    1 - D_o / D_e over coincidences of pairable ratings (Krippendorff 2011, section E). For
    interval and ratio data the difference is the squared one; MASI and Jaccard distances
    enter as they are (Passonneau 2006).
    """

    def alpha(ratings: Ratings, weights: Floats) -> Floats:
        counts, raters = _pairable(ratings)
        within = ((counts @ distances) * counts).sum(axis=1)
        used = weights @ counts
        across = ((used @ distances) * used).sum(axis=-1)
        observed = weights @ (within / np.maximum(raters - 1, 1))
        return 1 - _ratio(observed * (used.sum(axis=-1) - 1), across)

    return alpha


def alpha_nominal(ratings: Ratings, weights: Floats) -> Floats:
    """Krippendorff's alpha for categories without order; R ``irr::kripp.alpha``."""
    return alpha_by_distance(1 - np.eye(ratings.categories))(ratings, weights)


def alpha_ordinal(ratings: Ratings, weights: Floats) -> Floats:
    """Krippendorff's alpha for ordered categories, numbered from low to high.

    The difference between two categories is the squared number of ratings between their
    middles (Krippendorff 2011, section E), so it depends on the ratings themselves.
    """
    counts, raters = _pairable(ratings)
    used = weights @ counts
    rank = np.cumsum(used, axis=-1) - used / 2
    # The sum over all pairs of (rank - rank)^2 is 2 (n sum(rank^2) - sum(rank)^2).
    within = raters * (rank**2 @ counts.T) - (rank @ counts.T) ** 2
    total = used.sum(axis=-1)
    across = total * (used * rank**2).sum(axis=-1) - (used * rank).sum(axis=-1) ** 2
    observed = (weights * within / np.maximum(raters - 1, 1)).sum(axis=-1)
    defined = (used > 0).sum(axis=-1) > 1
    return np.where(defined, 1 - _ratio(observed * (total - 1), across), np.nan)


def _pairable(ratings: Ratings) -> tuple[Floats, Floats]:
    counts = np.where(ratings.paired[:, None], ratings.counts, 0.0)
    return counts, np.where(ratings.paired, ratings.raters, 0.0)


def _ratio(above: Floats, below: Floats) -> Floats:
    """above / below, NaN where below is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)
