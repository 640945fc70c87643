"""Response bias per CoP and wave, the R-indicator, and what weighting does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from reference import r_values

from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.representation import (
    representation,
    response_bias,
    weighting_note,
    weighting_sensitivity,
)

R = r_values("weighting.csv")


def rates(*waves):
    rows = [
        (wave, cop, n, members)
        for wave, counts in enumerate(waves, 1)
        for cop, n, members in [("", 99, 250), *zip("abc", *counts, strict=True)]
    ]
    return pd.DataFrame(rows, columns=["wave", "cop", "n", "members"]).astype({"wave": "str"})


ONE = ([20, 5, 9], [30, 30, 40])


def test_bias_is_the_share_of_respondents_less_that_of_members():
    table = response_bias(rates(ONE))
    np.testing.assert_allclose(table["bias"], [20 / 34 - 0.3, 5 / 34 - 0.3, 9 / 34 - 0.4])
    np.testing.assert_allclose(table["weight"], [0.3 * 34 / 20, 0.3 * 34 / 5, 0.4 * 34 / 9])
    assert (table["weight"] * table["n"]).sum() == pytest.approx(34)
    empty = response_bias(rates(([0, 0, 0], [30, 30, 40])))
    assert empty[["bias", "weight"]].isna().all(axis=None)


def test_goodness_of_fit_is_that_of_r():
    row = representation(rates(ONE), resamples=20_000, seed=3).iloc[0]
    assert row["statistic"] == pytest.approx(R["fit_statistic"][0], abs=1e-6)
    assert row["p"] == pytest.approx(R["fit_p"][0], abs=0.001)


def test_the_r_indicator_is_one_for_equal_response_and_lower_for_unequal():
    equal = representation(rates(([15, 15, 20], [30, 30, 40])), resamples=99, seed=1).iloc[0]
    assert equal["r_indicator"] == pytest.approx(1)
    assert equal["p"] == 1
    row = representation(rates(ONE), resamples=99, seed=1).iloc[0]
    rho, members = np.array([20 / 30, 5 / 30, 9 / 40]), np.array([30, 30, 40])
    spread = (members * (rho - 0.34) ** 2).sum() / 99
    assert row["r_indicator"] == pytest.approx(1 - 2 * np.sqrt(spread))


def test_waves_are_apart_and_odd_cops_are_counted():
    table = representation(rates(ONE, ([0, 12, 3], [30, 10, 40])), resamples=99, seed=1)
    assert table["wave"].tolist() == ["1", "2"]
    assert table["absent"].tolist() == [0, 1]
    assert table["over"].tolist() == [0, 1]
    rho, members = np.array([0, 1, 3 / 40]), np.array([30, 10, 40])
    spread = (members * (rho - 13 / 80) ** 2).sum() / 79
    assert table["r_indicator"][1] == pytest.approx(1 - 2 * np.sqrt(spread))
    nobody = representation(rates(([0, 0, 0], [30, 30, 40])), resamples=99, seed=1).iloc[0]
    assert np.isnan(nobody["p"])


def weighted(share, after):
    table = pd.DataFrame({"label": list("abc")[: len(share)], "share": share})
    table = table.assign(weighted_share=after, base=70, weighted_base=68, effective_base=50.5)
    table["shift"] = table["weighted_share"] - table["share"]
    table["sensitive"] = table["shift"].abs() > 0.05
    return table.assign(coverage=0.9, weighting="gewogen")


def test_sensitivity_tells_the_largest_shift_and_what_changes_places():
    tables = {
        "q4": weighted([0.5, 0.4, 0.1], [0.42, 0.45, 0.1]),
        "q9": NotMeasured("q9", "niet gesteld"),
        "q5": weighted([0.5, 0.4, 0.1], [0.5, 0.4, 0.13]),
    }
    table = weighting_sensitivity(tables)
    assert table["name"].tolist() == ["q4", "q5"]
    assert table["n_sensitive"].tolist() == [1, 0]
    assert table["n_swaps"].tolist() == [1, 0]
    assert table["largest_label"].tolist() == ["a", "c"]
    assert table["largest_shift"].tolist() == pytest.approx([-0.08, 0.03])
    assert isinstance(weighting_sensitivity({"q9": tables["q9"]}), NotMeasured)


def test_the_note_tells_the_weights_and_what_is_sensitive():
    said, sensitive = weighting_note(weighted([0.5, 0.4, 0.1], [0.42, 0.45, 0.1]))
    assert said == (
        "Weging: gewogen. Gewogen zijn 68 respondenten, die zoveel zeggen als 50 met gelijk "
        "gewicht; CoP's zonder antwoorden tellen niet mee (10% van de leden)."
    )
    assert sensitive == "Gevoelig voor weging: “a”."
    assert weighting_note(weighted([0.5], [0.5]))[1].endswith("geen van de opties.")
    assert weighting_note(NotMeasured("q", "weg")) == []
