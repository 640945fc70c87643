"""Agreement between coders: per code, overall, and the passages on which they differ.

The reliability data come from ``coding_units``: did this coder give this unit of coding this
code (yes, no, or not judged). Coders keep the order in which they stand there; "first" and
"second" are the first two. A coefficient that does not exist is missing, with the reason in
Dutch. Formulas and sources are in ``agreement_coefficients`` and ``agreement_sets``; stretches
with boundaries of the coders' own are in ``unitizing``, characters in ``agreement_characters``.
"""

from __future__ import annotations

import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.fieldwork import agreement_coefficients as measures
from copanalysis.fieldwork.agreement_characters import kappa_characters
from copanalysis.fieldwork.agreement_passages import disagreements
from copanalysis.fieldwork.agreement_ratings import Bootstrap, Ratings, collapsed
from copanalysis.fieldwork.agreement_results import (
    UNPAIRED,
    code_measures,
    coefficients,
    interval,
    measured,
    paired_counts,
    point,
    undefined_reason,
)
from copanalysis.fieldwork.agreement_sets import (
    jaccard_distances,
    masi_distances,
    mean_jaccard,
    set_ratings,
)
from copanalysis.fieldwork.agreement_spans import documents_coded
from copanalysis.fieldwork.agreement_units import coding_units, judgements

__all__ = [
    "Bootstrap",
    "agreement_table",
    "coding_units",
    "coefficients",
    "disagreements",
    "documents_coded",
    "kappa_characters",
    "overall_agreement",
]

SUFFICIENT, INSUFFICIENT, UNDETERMINED = "voldoende", "onvoldoende", "niet te bepalen"
NOT_USED = "geen van de codeurs gebruikte deze code"
ALWAYS_USED = "alle codeurs gaven elke eenheid deze code"


def agreement_table(
    coding: pd.DataFrame, *, coefficient: str, threshold: float, bootstrap: Bootstrap
) -> pd.DataFrame:
    """Agreement on each code, with a verdict by one coefficient.

    Units that fewer than two coders judged are left out, so that every number is of the same
    units (only ``coefficients`` lets them count, where irrCAC does).

    Parameters
    ----------
    coding : DataFrame
        As ``coding_units`` returns it: unit, document, code, coder, used.
    coefficient : str
        The coefficient that is judged and gets the interval: "percent_agreement", "alpha"
        (nominal, since a code is given or not), "ac1", and "kappa" with two coders or
        "kappa_light" and "kappa_fleiss" with more.
    threshold : float
        A code is "voldoende" from this value on; the interval does not enter the verdict.
    bootstrap : Bootstrap
        How the interval is made.

    Returns
    -------
    DataFrame
        One row per code: code; n_units; n_coder_1, n_coder_2, ... (units given the code by
        each coder); both, only_first, only_second (with two coders) or all_coders,
        some_coders (with more); the coefficients (percent_agreement is a share); ci_low,
        ci_high, ci_resamples (draws in which the coefficient existed); verdict ("voldoende",
        "onvoldoende", "niet te bepalen"); reason (Dutch: why it cannot be determined, else
        ""). A code that nobody used, or everybody everywhere, was not put to the test: its
        verdict is "niet te bepalen" by any coefficient.

    Raises
    ------
    CopanalysisError
        As ``agreement_units.judgements``, and for a coefficient that does not exist for this
        number of coders.
    """
    found = judgements(coding).compared
    functions = code_measures(len(found.coders))
    if coefficient not in functions:
        expected = f"one of {', '.join(functions)} with {len(found.coders)} coders"
        problem = Problem("coefficient", repr(coefficient), expected, "choose one of these")
        refuse_if_any("No agreement table", [problem])
    clusters = found.clusters(bootstrap.resample, times=1)
    rows = []
    for code, rating in zip(found.codes, found.ratings, strict=True):
        ratings = collapsed(rating, clusters=clusters, categories=2)
        row = {"code": code, **_use(ratings)}
        row |= {name: point(function, ratings) for name, function in functions.items()}
        limits = interval(functions[coefficient], ratings, bootstrap)
        row |= dict(zip(("ci_low", "ci_high", "ci_resamples"), limits, strict=True))
        rows.append(row | _verdict(row[coefficient], threshold, ratings))
    return pd.DataFrame(rows).astype({"code": "str", "verdict": "str", "reason": "str"})


def agreement_by_code(coding: pd.DataFrame, *, coefficient: str) -> pd.Series:
    """One coefficient of ``agreement_table`` per code (the index), without interval and verdict:
    missing where the code was not put to the test."""
    found = judgements(coding).compared
    measure = code_measures(len(found.coders))[coefficient]
    clusters = found.clusters("unit", times=1)
    values = [
        point(measure, collapsed(rating, clusters=clusters, categories=2))
        for rating in found.ratings
    ]
    return pd.Series(values, index=found.codes, name=coefficient, dtype=float)


def _use(ratings: Ratings) -> dict[str, int]:
    """How many of the compared units have the code, by coder and together."""
    weights = ratings.weights[0] * ratings.paired
    used, judged = ratings.patterns == 1, ratings.patterns >= 0
    counts = {"n_units": weights.sum()}
    counts |= {f"n_coder_{i}": weights @ column for i, column in enumerate(used.T, 1)}
    everyone = (used == judged).all(axis=1)
    if used.shape[1] == 2:
        counts["both"] = weights @ everyone
        counts["only_first"] = weights @ (used[:, 0] & ~used[:, 1])
        counts["only_second"] = weights @ (used[:, 1] & ~used[:, 0])
    else:
        counts["all_coders"] = weights @ everyone
        counts["some_coders"] = weights @ (used.any(axis=1) & ~everyone)
    return {name: int(number) for name, number in counts.items()}


def _verdict(value: float, threshold: float, ratings: Ratings) -> dict[str, str]:
    not_given, given = paired_counts(ratings)
    if given and not_given:
        reason = undefined_reason(value, ratings)
    elif given or not_given:
        reason = ALWAYS_USED if given else NOT_USED
    else:
        reason = UNPAIRED
    if reason:
        return {"verdict": UNDETERMINED, "reason": reason}
    return {"verdict": SUFFICIENT if value >= threshold else INSUFFICIENT, "reason": ""}


def overall_agreement(coding: pd.DataFrame, *, bootstrap: Bootstrap) -> pd.DataFrame:
    """Agreement over all codes together, on the units that two or more coders judged.

    The measures of ``agreement_table`` count every code on every unit as one decision; codes
    that differ much in how often they occur raise the chance-corrected ones. The other
    measures compare the sets of codes that the coders gave a unit: identical_sets (share of
    pairs of coders with exactly the same codes), alpha_sets (nominal), alpha_masi and
    alpha_jaccard (alpha with that distance) and jaccard (see ``agreement_sets.mean_jaccard``).

    Parameters
    ----------
    coding, bootstrap : see ``agreement_table``
        A unit or document is drawn with all its codes.

    Returns
    -------
    DataFrame
        One row per measure: measure, label (Dutch), value, ci_low, ci_high, ci_resamples,
        n_units (units, or for the first measures decisions on units), reason (Dutch, "" when
        the value exists).
    """
    found = judgements(coding).compared
    decisions = collapsed(
        found.ratings.reshape(-1, len(found.coders)),
        clusters=found.clusters(bootstrap.resample, times=len(found.codes)),
        categories=2,
    )
    clusters = found.clusters(bootstrap.resample, times=1)
    sets, members = set_ratings(found.used, found.given, clusters=clusters)
    jaccard = jaccard_distances(members)
    functions = {
        "identical_sets": measures.percent_agreement,
        "alpha_sets": measures.alpha_by_distance((jaccard > 0).astype(float)),
        "alpha_masi": measures.alpha_by_distance(masi_distances(members)),
        "alpha_jaccard": measures.alpha_by_distance(jaccard),
        "jaccard": mean_jaccard(jaccard, empty=~members.any(axis=1)),
    }
    tables = [
        measured(decisions, code_measures(len(found.coders)), bootstrap=bootstrap),
        measured(sets, functions, bootstrap=bootstrap),
    ]
    return pd.concat(tables, ignore_index=True)
