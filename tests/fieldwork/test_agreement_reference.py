"""Coefficients against published examples and R: origin beside each value.

The values of R stand in reference/agreement.json and are made by reference/agreement.R.
"""

import numpy as np
import pytest
from agreement_material import REFERENCE, coding, ratings, ratings_of_table, value

from copanalysis.fieldwork.agreement import coefficients, overall_agreement
from copanalysis.fieldwork.agreement_ratings import Bootstrap
from copanalysis.fieldwork.agreement_sets import jaccard_distances, masi_distances

CLOSE = {"abs": 1e-9, "rel": 0}
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def measures(matrix, level="nominal"):
    return coefficients(ratings(matrix), level=level, bootstrap=None)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "case", ["two_binary", "ben_gerry", "four_observers", "anxiety", "diagnoses"]
)
def test_alpha_equals_r(case, level):
    reference = REFERENCE[case]
    assert value(measures(reference["ratings"], level), "alpha") == pytest.approx(
        reference["alpha"][level], **CLOSE
    )


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: A (binary, two observers, no
# missing data), B (nominal) and E (any metric, any number of observers, missing data).
@pytest.mark.parametrize(
    ("case", "level", "published"),
    [
        ("two_binary", "nominal", 0.095),
        ("ben_gerry", "nominal", 0.692),
        ("four_observers", "nominal", 0.743),
        ("four_observers", "ordinal", 0.815),
        ("four_observers", "interval", 0.849),
        ("four_observers", "ratio", 0.797),
    ],
)
def test_alpha_equals_the_examples_of_krippendorff(case, level, published):
    assert round(value(measures(REFERENCE[case]["ratings"], level), "alpha"), 3) == published


# README of irrCAC 1.0 (Gwet), cac.raw4raters; the coefficients are given to five places there,
# the agreement (pa) and the chance agreement (pe) to seven.
@pytest.mark.parametrize(
    ("measure", "pa", "pe", "published"),
    [
        ("percent_agreement", 0.8181818, 0.0, 0.81818),
        ("ac1", 0.8181818, 0.1903212, 0.77544),
        ("kappa_fleiss", 0.8181818, 0.2387153, 0.76117),
        ("alpha", 0.805, 0.24, 0.74342),
    ],
)
def test_four_raters_with_missing_units_equal_irrcac(measure, pa, pe, published):
    found = value(measures(REFERENCE["four_observers"]["ratings"]), measure)
    assert round(found, 5) == published
    assert found == pytest.approx((pa - pe) / (1 - pe), abs=3e-7)


# README of irrCAC 1.0: distrib.6raters, the first fifteen patients of Fleiss (1971).
@pytest.mark.parametrize(
    ("measure", "published"),
    [
        ("percent_agreement", 0.5511111),
        ("ac1", 0.4448007),
        ("kappa_fleiss", 0.4139265),
        ("alpha", 0.4204384),
    ],
)
def test_six_raters_equal_irrcac(measure, published):
    found = measures(REFERENCE["diagnoses"]["ratings"][:15])
    assert value(found, measure) == pytest.approx(published, abs=5e-8)


# README of irrCAC 1.0: cont3x3abstractors, two raters.
@pytest.mark.parametrize(
    ("measure", "published"),
    [
        ("percent_agreement", 0.89),
        ("kappa", 0.7964094),
        ("ac1", 0.8493305),
        ("alpha", 0.7972585),
    ],
)
def test_two_abstractors_equal_irrcac(measure, published):
    table = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
    found = coefficients(ratings_of_table(table), level="nominal", bootstrap=None)
    assert value(found, measure) == pytest.approx(published, abs=5e-8)


# irrCAC 0.4.4 (the Python port of Gwet's package) and krippendorff 0.9.0 on cac.raw5obser.
def test_five_observers_equal_irrcac_and_krippendorff():
    n = None
    matrix = [
        [1, 1, 2, n, 2],
        [1, 1, 0, 1, n],
        [2, 3, 3, 3, n],
        [n, 0, 0, n, 0],
        [0, 0, 0, n, 0],
        [0, 0, 0, n, 0],
        [1, 0, 2, n, 1],
        [1, n, 2, 0, n],
        [2, 2, 2, n, 2],
        [2, 1, 1, 1, n],
        [n, 1, 0, 0, n],
        [0, 0, 0, 0, n],
        [1, 2, 2, 2, n],
        [3, 3, 2, 2, 3],
        [1, 1, 1, n, 1],
    ]
    found = measures(matrix)
    assert value(found, "percent_agreement") == pytest.approx(0.6155555556, abs=1e-9)
    assert value(found, "ac1") == pytest.approx(0.4966220549, abs=1e-9)
    assert value(found, "kappa_fleiss") == pytest.approx(0.4576216868, abs=1e-9)
    alphas = (0.48053024026512, 0.76868515948623, 0.77186480877557, 0.67923989723933)
    for level, expected in zip(LEVELS, alphas, strict=True):
        assert value(measures(matrix, level), "alpha") == pytest.approx(expected, abs=1e-12)


def test_kappa_equals_cohen_1960():
    """Table 2 of Cohen (1960) prints .49; R gives the decimals."""
    reference = REFERENCE["cohen_1960"]
    found = coefficients(ratings_of_table(reference["table"]), level="nominal", bootstrap=None)
    assert round(value(found, "kappa"), 2) == 0.49
    for expected in reference["kappa"].values():
        assert value(found, "kappa") == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("level", LEVELS)
def test_the_vision_of_7477_women_equals_r(level):
    reference = REFERENCE["vision"]
    matrix = ratings_of_table(reference["table"])
    found = coefficients(matrix.assign(value=matrix["value"] + 1), level=level, bootstrap=None)
    for expected in (*reference["kappa"].values(), reference["kappa_irr"]):
        assert value(found, "kappa") == pytest.approx(expected, **CLOSE)
    assert value(found, "alpha") == pytest.approx(reference["alpha"][level], **CLOSE)


@pytest.mark.parametrize("case", ["anxiety", "diagnoses"])
def test_the_kappas_of_more_than_two_coders_equal_r(case):
    reference = REFERENCE[case]
    found = measures(reference["ratings"])
    assert value(found, "kappa_light") == pytest.approx(reference["kappa_light"], **CLOSE)
    assert value(found, "kappa_fleiss") == pytest.approx(reference["kappa_fleiss"], **CLOSE)


def test_light_is_the_mean_over_the_pairs_of_coders():
    reference = REFERENCE["anxiety"]
    matrix = np.array(reference["ratings"])
    pairs = [
        value(measures(matrix[:, pair].tolist()), "kappa") for pair in ([0, 1], [0, 2], [1, 2])
    ]
    assert pairs == pytest.approx(reference["kappa_pairs"], **CLOSE)
    light = value(measures(reference["ratings"]), "kappa_light")
    assert light == pytest.approx(reference["kappa_light_psy"], **CLOSE)
    assert light == pytest.approx(np.mean(pairs), **CLOSE)


# nltk 3.10.4, masi_distance and jaccard_distance; the first pair is the one in its documentation.
@pytest.mark.parametrize(
    ("one", "other", "masi", "jaccard"),
    [
        ("ab", "abcd", 0.6666666666666667, 0.5),
        ("ab", "ab", 0.0, 0.0),
        ("ab", "bc", 0.8888888888888888, 0.6666666666666666),
        ("a", "b", 1.0, 1.0),
        ("abc", "bcd", 0.8333333333333334, 0.5),
        ("abc", "ab", 0.5555555555555556, 0.3333333333333333),
        ("", "", 0.0, 0.0),  # not in nltk: two coders who saw nothing to code agree
        ("", "a", 1.0, 1.0),  # not in nltk
    ],
)
def test_distances_between_sets(one, other, masi, jaccard):
    members = [[code in chosen for code in "abcd"] for chosen in (one, other)]
    assert masi_distances(members)[0, 1] == pytest.approx(masi, abs=1e-12)
    assert masi_distances(members)[1, 0] == pytest.approx(masi, abs=1e-12)
    assert jaccard_distances(members)[0, 1] == pytest.approx(jaccard, abs=1e-12)


# nltk 3.10.4: AnnotationTask(data, distance=...).alpha() on the same sets.
@pytest.mark.parametrize(
    ("coders", "masi", "jaccard", "same"),
    [
        (3, 0.3754066363044891, 0.43661971830985924, 0.2857142857142858),
        (2, 0.2653684612447501, 0.2936610608020702, None),
    ],
)
def test_alpha_on_sets_equals_nltk(coders, masi, jaccard, same):
    sets = {
        "u1": ("ab", "ab", "a"),
        "u2": ("a", "b", "a"),
        "u3": ("abc", "ab", "bc"),
        "u4": ("c", "c", None),
        "u5": ("ac", "b", None),
        "u6": (None, "d", "d"),
        "u7": ("bd", "ad", "abd"),
        "u8": ("c", "cd", "c"),
    }
    table = coding({unit: row[:coders] for unit, row in sets.items()}, codes="abcd")
    bootstrap = Bootstrap(resample="unit", resamples=1, seed=1, confidence=0.95)
    found = overall_agreement(table, bootstrap=bootstrap)
    assert value(found, "alpha_masi") == pytest.approx(masi, abs=1e-12)
    assert value(found, "alpha_jaccard") == pytest.approx(jaccard, abs=1e-12)
    if same is not None:
        assert value(found, "alpha_sets") == pytest.approx(same, abs=1e-12)
