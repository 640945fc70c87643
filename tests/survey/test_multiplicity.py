"""Adjusted p-values against R, families over tables, and differences that could be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import r_values
from statsmodels.stats.multitest import multipletests

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.multiplicity import (
    adjusted,
    detectable_difference,
    method_note,
    over_tables,
    p_classes,
    with_family,
)

R = r_values("independence.csv")
P = [0.001, 0.04, 0.03, 0.2, 0.008, 0.7, 0.04]
NAMES = {"holm": "holm", "benjamini_hochberg": "BH", "bonferroni": "bonferroni"}
values = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@pytest.mark.parametrize(("correction", "name"), NAMES.items())
def test_adjusted_values_are_those_of_p_adjust(correction, name):
    np.testing.assert_allclose(adjusted(P, correction=correction), R[f"adjust_{name}"], atol=1e-12)


@given(values, st.sampled_from([("holm", "holm"), ("benjamini_hochberg", "fdr_bh")]))
@settings(max_examples=60, deadline=None)
def test_adjusted_values_agree_with_statsmodels(p, names):
    expected = multipletests(p, method=names[1])[1]
    np.testing.assert_allclose(adjusted(p, correction=names[0]), expected, atol=1e-12)


def test_a_missing_value_is_no_test():
    out = adjusted([0.02, np.nan, 0.03], correction="bonferroni")
    np.testing.assert_allclose(out, [0.04, np.nan, 0.06])
    assert np.isnan(adjusted([np.nan], correction="holm")).all()
    assert adjusted([0.2, 0.3], correction="none").tolist() == [0.2, 0.3]


def test_a_family_may_stand_in_several_tables():
    tables = {
        "one": pd.DataFrame({"p": [0.01, 0.5]}),
        "gone": NotMeasured("x", "niet gesteld"),
        "two": pd.DataFrame({"p": [0.02, np.nan]}),
    }
    out = over_tables(tables, p="p", family="twee vragen", correction="holm")
    np.testing.assert_allclose(out["one"]["p_adjusted"], [0.03, 0.5])
    np.testing.assert_allclose(out["two"]["p_adjusted"], [0.04, np.nan])
    assert out["gone"] is tables["gone"]
    assert out["two"]["n_family"].tolist() == [3, 3]
    assert "p_adjusted" not in tables["one"]
    alone = with_family(tables["one"], p="p", family="een vraag", correction="holm")
    np.testing.assert_allclose(alone["p_adjusted"], [0.02, 0.5])


def test_an_unknown_correction_is_refused():
    with pytest.raises(CopanalysisError, match="declare one of these"):
        with_family(pd.DataFrame({"p": [0.1]}), p="p", family="x", correction="sidak")


def test_the_note_names_method_base_weighting_and_family():
    table = pd.DataFrame({"p": [0.1, 0.2], "base": [70, 74]})
    table = table.assign(method="McNemar", weighting="ongewogen")
    (note,) = method_note(with_family(table, p="p", family="opties", correction="holm"))
    assert note == (
        "Toets: McNemar. Basis: 70 tot 74 respondenten. Weging: ongewogen. "
        "Familie: opties (2 toetsen); correctie: Holm."
    )
    assert method_note(NotMeasured("x", "weg")) == []


def test_classes_of_p_tell_what_stands_out():
    table = pd.DataFrame({"p_adjusted": [0.0, 0.001, 0.0499, 0.05, 1.0, np.nan]})
    words = ["onder 0,001", "onder 0,01", "onder 0,05", "0,05 of meer", "0,05 of meer"]
    assert p_classes(table)["p_class"].dropna().tolist() == words
    assert p_classes(table)["p_class"].isna().tolist() == [False] * 5 + [True]
    assert not p_classes(NotMeasured("x", "weg"))


@pytest.mark.parametrize("base", [30, 75, 147])
@pytest.mark.parametrize("share", [0.1, 0.35, 0.5])
def test_the_detectable_rise_is_that_of_power_prop_test(base, share):
    found = detectable_difference([share], base, base, alpha=0.05, power=0.8)
    expected = R[f"power_{base}_{share:g}"][0]
    assert found[0] == pytest.approx(expected, abs=1e-6)


def test_detectable_differences_shrink_with_people_and_exist_at_the_edges():
    small, large = (detectable_difference(0.3, n, 90, alpha=0.05, power=0.8) for n in (40, 400))
    assert large < small
    assert 0 < detectable_difference(0.0, 90, 90, alpha=0.05, power=0.8) < 0.15
    assert np.isnan(detectable_difference(0.5, 3, 3, alpha=0.001, power=0.99))
    assert np.isnan(detectable_difference(0.5, 0, 30, alpha=0.05, power=0.8))
    rules = {"alpha": 0.05, "power": 0.8}
    mirrored = detectable_difference([0.2, 0.8], 90, 90, **rules, rise=[True, False])
    assert mirrored[0] == pytest.approx(-mirrored[1])
    assert np.isnan(detectable_difference(0.95, 90, 90, **rules))  # no share rises above one
    assert detectable_difference(0.95, 90, 90, **rules, rise=False) < -0.05
    stricter = detectable_difference(0.3, 90, 90, alpha=0.005, power=0.8)
    assert stricter > detectable_difference(0.3, 90, 90, alpha=0.05, power=0.8)
