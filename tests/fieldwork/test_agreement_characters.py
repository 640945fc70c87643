"""Kappa with each character of the texts as a unit."""

import numpy as np
import pandas as pd
import pytest
from agreement_material import ratings, segments, value

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.agreement import coefficients, kappa_characters

TEXTS = pd.DataFrame({"document": ["P01", "P02"], "text": ["x" * 100, "é🙂" * 20]})
BOTH = {"anna": ["P01", "P02"], "bram": ["P01", "P02"]}


def characters(rows, *, codes=("k",), coders=BOTH, texts=TEXTS):
    found = kappa_characters(segments(rows), texts, coders=coders, codes=codes)
    return found.set_index("code")


def test_chance_agreement_gives_kappa_zero():
    """A codes half of the text, B half of each half: they agree exactly as chance would."""
    only = {"anna": ["P01"], "bram": ["P01"]}
    row = characters([("anna", "P01", 0, 50, "k"), ("bram", "P01", 25, 75, "k")], coders=only)
    assert row.loc["k", "kappa"] == 0.0
    assert row.loc["k", "percent_agreement"] == 0.5
    assert list(row.loc["k", ["both", "only_first", "only_second", "neither"]]) == [25, 25, 25, 25]


def test_text_that_nobody_coded_counts():
    """On coded characters alone (a base that some programs use) this would be below zero."""
    row = characters([("anna", "P01", 0, 10, "k"), ("bram", "P01", 5, 15, "k")]).loc["k"]
    n, chance = 140, (10 * 10 + 130 * 130) / 140**2
    assert row["n_characters"] == n
    assert row["kappa"] == pytest.approx((130 / n - chance) / (1 - chance))


def test_it_equals_kappa_over_one_rating_per_character():
    random = np.random.default_rng(5)
    rows = [
        (coder, document, start, start + length, code)
        for coder, document, code, start, length in zip(
            random.choice(["anna", "bram"], 40),
            random.choice(["P01", "P02"], 40),
            random.choice(["k", "m"], 40),
            random.integers(0, 30, 40).tolist(),
            random.integers(1, 10, 40).tolist(),
            strict=True,
        )
    ]
    found = characters(rows, codes=("k", "m"))
    for code in ("k", "m"):
        marked = np.zeros((2, 2, 100), dtype=int)
        for coder, document, start, end, used in rows:
            if used == code:
                place = (["anna", "bram"].index(coder), ["P01", "P02"].index(document))
                marked[place][start:end] = 1
        flat = np.concatenate([marked[:, 0], marked[:, 1, :40]], axis=1).T
        naive = coefficients(ratings(flat.tolist()), level="nominal", bootstrap=None)
        assert found.loc[code, "kappa"] == pytest.approx(value(naive, "kappa"), abs=1e-12)
        assert list(found.loc[code, ["both", "only_first", "only_second"]]) == [
            int((flat == pattern).all(axis=1).sum()) for pattern in ([1, 1], [1, 0], [0, 1])
        ]


def test_only_documents_that_both_were_given_count():
    shared = {"anna": ["P01", "P02"], "bram": ["P01"]}
    rows = [("anna", "P01", 0, 10, "k"), ("bram", "P01", 0, 10, "k"), ("anna", "P02", 0, 40, "k")]
    row = characters(rows, coders=shared).loc["k"]
    assert row["n_characters"] == 100
    assert row["kappa"] == 1


@pytest.mark.parametrize(
    ("rows", "coders", "reason"),
    [
        ([], BOTH, "geen van de codeurs gebruikte deze code"),
        (
            [(c, d, 0, e, "k") for c in BOTH for d, e in (("P01", 100), ("P02", 40))],
            BOTH,
            "beide codeurs gaven elk teken deze code",
        ),
        (
            [],
            {"anna": ["P01"], "bram": ["P02"]},
            "geen enkel document is aan beide codeurs gegeven",
        ),
    ],
)
def test_kappa_that_does_not_exist_says_why(rows, coders, reason):
    row = characters(rows, coders=coders).loc["k"]
    assert np.isnan(row["kappa"])
    assert row["reason"] == reason


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(CopanalysisError, match="at most 40"):
        characters([("anna", "P02", 0, 41, "k")])
    with pytest.raises(CopanalysisError, match="two coders"):
        characters([], coders={**BOTH, "carla": ["P01"]})
    with pytest.raises(CopanalysisError, match="no document P02"):
        characters([], texts=TEXTS.iloc[:1])
    with pytest.raises(CopanalysisError, match="P01 twice"):
        characters([], texts=TEXTS.iloc[[0, 0]])
