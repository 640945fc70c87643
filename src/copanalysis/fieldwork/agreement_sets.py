"""Several codes on one unit: each coder's judgement as a set of codes, and how sets differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from copanalysis.fieldwork.agreement_coefficients import Coefficient
from copanalysis.fieldwork.agreement_ratings import Floats, Ratings, collapsed


def jaccard_distances(members: ArrayLike) -> Floats:
    """1 - |A and B| / |A or B| between all pairs of sets.

    Parameters
    ----------
    members : array-like of bool, shape (sets, codes)
        Which codes are in each set.

    Returns
    -------
    float array, shape (sets, sets)
        0 for identical sets, and so for two empty sets; 1 for disjoint ones, and so for an
        empty set with a set that is not.
    """
    shared, union, _ = _overlaps(members)
    return 1 - np.divide(shared, union, out=np.ones_like(shared), where=union > 0)


def masi_distances(members: ArrayLike) -> Floats:
    """MASI distance between all pairs of sets: 1 - Jaccard similarity x monotonicity.

    Monotonicity is 1 for identical sets, 2/3 where one contains the other, 1/3 where they
    share something and each has something of its own, 0 where they share nothing (Passonneau
    2006, Measuring agreement on set-valued items). Arguments and empty sets as
    ``jaccard_distances``; agrees with ``nltk.metrics.masi_distance`` on sets that are not empty.
    """
    shared, union, sizes = _overlaps(members)
    smallest = np.minimum(sizes[:, None], sizes[None, :])
    same, inside, touching = shared == union, shared == smallest, shared > 0
    monotonicity = np.select([same, inside, touching], [1.0, 2 / 3, 1 / 3], 0.0)
    return 1 - monotonicity * (1 - jaccard_distances(members))


def _overlaps(members: ArrayLike) -> tuple[Floats, Floats, Floats]:
    sets = np.asarray(members, dtype=float)
    sizes = sets.sum(axis=1)
    shared = sets @ sets.T
    return shared, sizes[:, None] + sizes[None, :] - shared, sizes


def mean_jaccard(distances: Floats, *, empty: ArrayLike) -> Coefficient:
    """Mean Jaccard similarity over pairs of coders and units where one of both used a code.

    ``empty`` marks the sets without a code: two of those are left out, so that passages on
    which nothing was coded do not raise the mean. Not corrected for chance.
    """
    similarity, blank = 1 - distances, np.asarray(empty, dtype=float)

    def value(ratings: Ratings, weights: Floats) -> Floats:
        counts, raters, nothing = ratings.counts, ratings.raters, ratings.counts @ blank
        left_out = nothing * (nothing - 1)
        total = ((counts @ similarity) * counts).sum(axis=1) - raters - left_out
        pairs = weights @ (raters * (raters - 1) - left_out)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(pairs > 0, (weights @ total) / pairs, np.nan)

    return value


def set_ratings(
    used: np.ndarray, given: np.ndarray, *, clusters: pd.Series
) -> tuple[Ratings, np.ndarray]:
    """Judgements (codes x units x coders) as ratings whose categories are sets of codes.

    Returns the ratings and the members of each set (sets x codes). ``given`` (units x coders)
    is False where the coder did not judge the unit.
    """
    sets = np.moveaxis(used, 0, -1)
    members, number = np.unique(sets[given], axis=0, return_inverse=True)
    rating = np.full(given.shape, -1, dtype=np.int64)
    rating[given] = number.reshape(-1)
    return collapsed(rating, clusters=clusters, categories=len(members)), members
