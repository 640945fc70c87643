"""Measures as rows of a table: value, interval, and in Dutch why a value does not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.fieldwork import agreement_coefficients as measures
from copanalysis.fieldwork.agreement_coefficients import Coefficient
from copanalysis.fieldwork.agreement_ratings import Bootstrap, Floats, Ratings, collapsed
from copanalysis.fieldwork.agreement_spans import column_problems

LABELS = {
    "percent_agreement": "Overeenstemming",
    "kappa": "Cohens kappa",
    "kappa_light": "Kappa van Light (gemiddelde over de paren codeurs)",
    "kappa_fleiss": "Kappa van Fleiss",
    "alpha": "Krippendorffs alfa",
    "ac1": "AC1 van Gwet",
    "identical_sets": "Precies dezelfde codes",
    "alpha_sets": "Krippendorffs alfa op verzamelingen codes (gelijk of niet)",
    "alpha_masi": "Krippendorffs alfa op verzamelingen codes (MASI)",
    "alpha_jaccard": "Krippendorffs alfa op verzamelingen codes (Jaccard)",
    "jaccard": "Gemiddelde Jaccard-overeenkomst",
}
UNPAIRED = "geen enkele eenheid is door twee codeurs beoordeeld"
NO_VARIATION = "alle oordelen zijn gelijk, dus is niet te zeggen wat op toeval zou berusten"
PAIR_WITHOUT = "voor een van de paren codeurs is de maat niet te bepalen"
LEVELS: dict[str, Callable[[np.ndarray], Coefficient]] = {
    "nominal": lambda values: measures.alpha_nominal,
    "ordinal": lambda values: measures.alpha_ordinal,
    "interval": lambda values: measures.alpha_by_distance(np.subtract.outer(values, values) ** 2),
    "ratio": lambda values: measures.alpha_by_distance(_ratio_distances(values)),
}


def code_measures(
    coders: int, *, alpha: Coefficient = measures.alpha_nominal
) -> dict[str, Coefficient]:
    """The coefficients for a number of coders, by the names that tables give them."""
    several = {"kappa_light": measures.kappa_light, "kappa_fleiss": measures.kappa_fleiss}
    return {
        "percent_agreement": measures.percent_agreement,
        **({"kappa": measures.kappa_cohen} if coders == 2 else several),
        "alpha": alpha,
        "ac1": measures.ac1,
    }


def point(coefficient: Coefficient, ratings: Ratings) -> float:
    """The coefficient of the ratings themselves; NaN where it does not exist."""
    return float(coefficient(ratings, ratings.weights)[0])


def interval(
    coefficient: Coefficient, ratings: Ratings, bootstrap: Bootstrap | None
) -> tuple[float, float, int]:
    """Its bootstrap limits and the number of draws in which it existed."""
    if bootstrap is None:
        return np.nan, np.nan, 0
    return bootstrap.interval(coefficient(ratings, ratings.draws(bootstrap)))


def measured(
    ratings: Ratings,
    functions: Mapping[str, Coefficient],
    *,
    bootstrap: Bootstrap | None,
) -> pd.DataFrame:
    """One row per measure, with the columns of ``agreement.overall_agreement``."""
    rows = []
    for name, function in functions.items():
        value = point(function, ratings)
        reason = undefined_reason(value, ratings)
        limits = interval(function, ratings, bootstrap)
        rows.append((name, LABELS[name], value, *limits, ratings.n_units, reason))
    columns = ["measure", "label", "value", "ci_low", "ci_high", "ci_resamples", "n_units"]
    table = pd.DataFrame(rows, columns=[*columns, "reason"])
    return table.astype({"measure": "str", "label": "str", "reason": "str"})


def undefined_reason(value: float, ratings: Ratings) -> str:
    """Why a value does not exist, "" when it does."""
    if not np.isnan(value):
        return ""
    used = paired_counts(ratings)
    if not used.any():
        return UNPAIRED
    return NO_VARIATION if (used > 0).sum() == 1 else PAIR_WITHOUT


def paired_counts(ratings: Ratings) -> Floats:
    """Ratings per category in units that two or more coders judged."""
    return ratings.weights[0] @ np.where(ratings.paired[:, None], ratings.counts, 0.0)


def coefficients(ratings: pd.DataFrame, *, level: str, bootstrap: Bootstrap | None) -> pd.DataFrame:
    """All coefficients for ratings in one variable, at a stated level of measurement.

    Parameters
    ----------
    ratings : DataFrame
        One row per unit and coder: unit, document, coder, value (missing where the coder did
        not judge the unit). Values are numbers, unless the level is nominal.
    level : {"nominal", "ordinal", "interval", "ratio"}
        Level of measurement for alpha; the other coefficients are nominal.
    bootstrap : Bootstrap or None
        How the intervals are made; None for no intervals.

    Returns
    -------
    DataFrame
        As ``overall_agreement``, for the coefficients of ``agreement_table``.

    Raises
    ------
    CopanalysisError
        For missing columns, an unknown level, fewer than two coders, a unit rated twice by
        one coder, values that are no numbers, and negative values on a ratio scale.
    """
    refuse_if_any("Agreement cannot be calculated", _rating_problems(ratings, level))
    if level != "nominal":
        ratings = ratings.astype({"value": "float64"})
    wide = ratings.pivot(index=["document", "unit"], columns="coder", values="value")
    wide = wide[list(dict.fromkeys(ratings["coder"]))]
    numbers, values = pd.factorize(wide.to_numpy().ravel(), sort=True)
    by_document = bootstrap is not None and bootstrap.resample == "document"
    documents = wide.index.get_level_values("document")
    found = collapsed(
        numbers.reshape(wide.shape),
        clusters=documents if by_document else np.arange(len(wide)),
        categories=len(values),
    )
    functions = code_measures(wide.shape[1], alpha=LEVELS[level](values))
    return measured(found, functions, bootstrap=bootstrap)


def _ratio_distances(values: np.ndarray) -> np.ndarray:
    total = np.add.outer(values, values)
    difference = np.subtract.outer(values, values)
    return np.divide(difference, total, out=np.zeros(total.shape), where=total > 0) ** 2


def _rating_problems(ratings: pd.DataFrame, level: str) -> list[Problem]:
    problems = column_problems(ratings, "ratings", ("unit", "document", "coder", "value"))
    if level not in LEVELS:
        problems.append(Problem("level", repr(level), " or ".join(LEVELS), "state the level"))
    if problems:
        return problems
    values = ratings["value"].dropna()
    numeric = pd.api.types.is_numeric_dtype(values)
    checks = (
        (ratings["coder"].nunique() < 2, "fewer than two coders", "two or more"),
        (
            ratings.duplicated(["unit", "document", "coder"]).any(),
            "a unit that a coder rated twice",
            "one rating per unit and coder",
        ),
        (level != "nominal" and not numeric, "values that are no numbers", "numbers"),
        (
            level == "ratio" and numeric and bool((values < 0).any()),
            "negative values",
            "values of 0 or more on a ratio scale",
        ),
    )
    fix = "correct the ratings or the level"
    return [Problem("ratings", found, expected, fix) for wrong, found, expected in checks if wrong]
