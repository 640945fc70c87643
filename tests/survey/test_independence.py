"""Marginal independence against MRCV and R, by its properties, and what is not tested."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import NEVER_SMALL, SMALL, chosen, farmer, mrcv, options_of, r_values, ticked
from scipy.stats import chi2, chi2_contingency, fisher_exact

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.independence import mmi_test, spmi_test
from copanalysis.survey.independence_options import mmi_options, spmi_pairs

R = r_values("independence.csv")
WASTE, STORE = ["w1", "w2", "w3"], ["y1", "y2", "y3", "y4"]
RULES = {"base": "answered", "minimum_base": 10, "small": NEVER_SMALL, "resamples": 0, "seed": 7}
DRAWS = {name: RULES[name] for name in ("small", "resamples", "seed")}
FAMILY = {"family": "alle paren", "correction": "bonferroni"}


def both_items(data=None):
    data = farmer() if data is None else data
    return pd.concat([ticked("w", data[WASTE]), ticked("y", data[STORE])])


def pair(answers=None, **changes):
    items = {"rows": "w", "options_rows": options_of("w", WASTE)}
    items |= {"columns": "y", "options_columns": options_of("y", STORE)}
    answers = both_items() if answers is None else answers
    return spmi_test(answers, **(items | RULES | changes))


def grouped(group, data=None, **changes):
    data = farmer() if data is None else data
    answers = ticked("y", data[STORE], cop=[f"g{g}" for g in group])
    ask = {"item": "y", "options": options_of("y", STORE), "by": "cop"}
    return mmi_test(answers, **(ask | RULES | changes))


# Values of MI.test in the R package MRCV 0.4-0 (see mrcv_farmer2.json).
def test_spmi_is_that_of_mrcv():
    expected = mrcv()["SPMI_farmer2"]["result"]
    row = pair().iloc[0]
    assert row["statistic"] == pytest.approx(expected["general"]["X.sq.S"], abs=1e-6)
    assert row["rs2_statistic"] == pytest.approx(expected["rs2"]["X.sq.S.rs2"], abs=1e-6)
    assert row["rs2_df"] == pytest.approx(expected["rs2"]["df.rs2"], abs=1e-6)
    assert row["p_rs2"] == pytest.approx(expected["rs2"]["p.value.rs2"], rel=1e-6)
    assert row["p_bonferroni"] == pytest.approx(expected["bon"]["p.value.bon"], abs=1e-6)


def test_pairs_and_their_bonferroni_are_those_of_mrcv():
    expected = mrcv()["SPMI_farmer2"]["result"]
    ask = {"rows": "w", "options_rows": options_of("w", WASTE), "base": "answered"}
    ask |= {"columns": "y", "options_columns": options_of("y", STORE), "minimum_base": 10}
    table = spmi_pairs(both_items(), **ask, confidence=0.95, **DRAWS, **FAMILY)
    assert table["phi"].abs().is_monotonic_decreasing
    table = table.sort_values(["row_option", "column_option"])
    values = np.ravel(expected["general"]["X.sq.S.ij"]["values"])
    np.testing.assert_allclose(table["statistic"], values, atol=1e-6)
    values = np.ravel(expected["bon"]["X.sq.S.ij.p.bon"]["values"])
    np.testing.assert_allclose(table["p_adjusted"], values, atol=1e-6)
    np.testing.assert_array_equal(table["n"], np.ravel(mrcv()["marginal_farmer2"]))
    ticks = farmer()[WASTE + STORE].sum()
    assert table["row_n"].tolist() == [ticks[o] for o in table["row_option"]]
    assert table["column_n"].tolist() == [ticks[o] for o in table["column_option"]]


def test_bootstrap_is_within_simulation_error_of_mrcv():
    """Of 1999 resamples MRCV found p of 0 to 0.005 in two streams of random numbers."""
    row = pair(resamples=1999, small=SMALL).iloc[0]
    assert row["resamples"] == 1999
    assert row["p_bootstrap"] <= 0.003
    assert row["p_product"] <= 0.003
    assert row["p_minimum"] == pytest.approx(0.003, abs=0.004)
    assert row["p"] == row["p_bootstrap"]  # expected counts are small here


def test_the_seed_gives_the_same_bootstrap_again():
    one, again, other = (pair(resamples=99, seed=s)["p_minimum"].iloc[0] for s in (3, 3, 4))
    assert one == again
    assert pair(resamples=99, seed=5)["p_minimum"].iloc[0] != one or other != one


@pytest.mark.parametrize("most", [1, 2])
def test_mmi_is_that_of_r(most):
    waste = farmer()[WASTE].sum(axis=1)
    group, name = np.minimum(waste, most), f"mmi{most + 1}"
    row = grouped(group).iloc[0]
    assert row["statistic"] == pytest.approx(R[f"{name}_parts"].sum(), abs=1e-6)
    assert row["rs2_statistic"] == pytest.approx(R[f"{name}_corrected"][0], abs=1e-6)
    assert row["rs2_df"] == pytest.approx(R[f"{name}_df"][0], abs=1e-6)
    assert row["p_rs2"] == pytest.approx(R[f"{name}_p"][0], abs=1e-6)
    assert row["p_bonferroni"] == pytest.approx(R[f"{name}_bonferroni"][0], abs=1e-6)


def test_mmi_options_are_those_of_r_with_their_effect():
    group = np.minimum(farmer()[WASTE].sum(axis=1), 2)
    answers = ticked("y", farmer()[STORE], cop=[f"g{g}" for g in group])
    ask = {"item": "y", "options": options_of("y", STORE), "by": "cop", "base": "answered"}
    table = mmi_options(answers, **ask, minimum_base=10, **DRAWS, **FAMILY)
    np.testing.assert_allclose(table["statistic"], R["mmi3_parts"], atol=1e-6)
    np.testing.assert_allclose(table["cramers_v"], np.sqrt(R["mmi3_parts"] / 279))
    assert table["p_adjusted"].min() == pytest.approx(R["mmi3_bonferroni"][0], abs=1e-6)


def test_groups_may_be_the_answers_to_a_single_choice_item():
    waste = np.minimum(farmer()[WASTE].sum(axis=1), 2)
    answers = pd.concat([ticked("y", farmer()[STORE]), chosen("g", waste)])
    ask = {"item": "y", "options": options_of("y", STORE), "by": "g"}
    row = mmi_test(answers, **ask, by_options=options_of("g", ["0", "1", "2"]), **RULES).iloc[0]
    assert row["rs2_statistic"] == pytest.approx(R["mmi3_corrected"][0], abs=1e-6)


def test_one_option_in_two_groups_is_the_ordinary_chi_square():
    group = (np.arange(279) % 3 == 0).astype(int)
    data = farmer().assign(y2=0, y3=0, y4=1)
    row = grouped(group, data).iloc[0]
    counts = pd.crosstab(group, farmer()["y1"])
    expected = chi2_contingency(counts, correction=False)
    assert row["options"] == 1
    assert row["statistic"] == pytest.approx(expected.statistic)
    assert row["rs2_statistic"] == pytest.approx(expected.statistic, rel=1e-3)
    assert row["rs2_df"] == pytest.approx(1, rel=1e-3)
    assert row["p_bonferroni"] == pytest.approx(expected.pvalue)


@given(st.integers(0, 10_000), st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_order_of_people_options_and_groups_is_of_no_matter(seed, groups):
    generator = np.random.default_rng(seed)
    data = pd.DataFrame(generator.integers(0, 2, (40, 4)), columns=STORE)
    group = np.concatenate([np.arange(groups), generator.integers(0, groups, 40 - groups)])
    order = generator.permutation(40)
    there = grouped(group, data)
    turned = grouped((groups - 1 - group)[order], data.iloc[order].reset_index(drop=True))
    columns = ["statistic", "rs2_statistic", "rs2_df", "p_rs2", "effect"]
    np.testing.assert_allclose(there[columns], turned[columns])


def test_copies_of_an_option_add_nothing_to_the_evidence():
    """Four times the same option is one test: the correction finds its one degree of freedom."""
    group = (np.arange(279) % 2).astype(int)
    data = farmer().assign(y2=farmer()["y1"], y3=farmer()["y1"], y4=farmer()["y1"])
    row = grouped(group, data).iloc[0]
    assert row["rs2_df"] == pytest.approx(1, abs=0.01)
    assert row["statistic"] == pytest.approx(4 * row["rs2_statistic"], rel=0.01)


def test_people_outside_either_base_do_not_count():
    answers = both_items()
    gone = answers["item"].eq("w") & answers["respondent"].isin(["1-00000", "1-00278"])
    answers.loc[gone, ["value", "state"]] = [None, "skipped"]
    assert pair(answers)["base"].iloc[0] == 277


def test_people_of_no_known_group_do_not_count():
    answers = ticked("y", farmer()[STORE], cop=["", "", *(f"g{k % 2}" for k in range(277))])
    ask = {"item": "y", "options": options_of("y", STORE), "by": "cop"}
    row = mmi_test(answers, **ask, **RULES).iloc[0]
    assert (row["base"], row["groups"]) == (277, 2)


def test_small_expected_counts_take_the_bootstrap_and_say_so():
    group = np.repeat([0, 1], [6, 273])
    row = grouped(group, small=SMALL, resamples=199).iloc[0]
    assert row["p"] == row["p_bootstrap"]
    assert row[["p_rs2", "p_bonferroni"]].isna().all()  # what does not fit is not shown
    assert "bootstrap" in row["method"]
    assert row["resamples"] <= 199
    row = grouped(np.arange(279) % 2, small=SMALL, resamples=199).iloc[0]
    assert row["p"] == row["p_rs2"]
    assert "Rao-Scott" in row["method"]


def test_small_expected_counts_without_a_bootstrap_are_refused():
    group = np.repeat([0, 1], [6, 273])
    assert "te klein voor chi-kwadraat" in grouped(group, small=SMALL).reason
    assert "te klein voor chi-kwadraat" in pair(small=SMALL).reason


def test_in_the_follow_up_only_options_with_small_counts_take_the_bootstrap():
    group = np.repeat([0, 1], [40, 239])
    few = farmer().assign(y4=(np.arange(279) % 56 == 3).astype(int))
    answers = ticked("y", few[STORE], cop=[f"g{g}" for g in group])
    ask = {"item": "y", "options": options_of("y", STORE), "by": "cop", "base": "answered"}
    ask |= {"minimum_base": 10, "small": SMALL, "seed": 1, **FAMILY}
    table = mmi_options(answers, **ask, resamples=999).set_index("option")
    assert table.loc["y4", "method"] == "chi-kwadraat per optie, bootstrap"
    exact = fisher_exact(pd.crosstab(group, few["y4"])).pvalue
    assert table.loc["y4", "p"] == pytest.approx(exact, abs=0.15)
    assert table.loc["y1", "p"] == pytest.approx(chi2.sf(table.loc["y1", "statistic"], 1))
    refused = mmi_options(answers, **ask, resamples=0).set_index("option")
    assert np.isnan(refused.loc["y4", "p"])
    assert refused.loc["y4", "method"].endswith("geweigerd: te kleine aantallen")
    assert refused["n_family"].iloc[0] == table["n_family"].iloc[0] - 1


def test_what_cannot_be_tested_says_why():
    group = np.arange(279) % 2
    assert "kleiner dan 300" in grouped(group, minimum_base=300).reason
    assert grouped(np.zeros(279, int)).reason == "er is maar één groep met antwoorden"
    nothing = farmer().assign(y1=0, y2=1, y3=0, y4=1)
    assert "iedereen hetzelfde" in grouped(group, nothing).reason
    assert "iedereen hetzelfde" in pair(both_items(farmer().assign(w1=0, w2=0, w3=1))).reason
    assert pair(NotMeasured("w", "weg")).reason == "weg"
    absent = both_items().query("item == 'y'")
    assert "niet gesteld" in pair(absent).reason


def test_too_many_options_together_are_refused():
    many = [f"o{k}" for k in range(62)]
    ticks = np.random.default_rng(1).integers(0, 2, (30, 62))
    answers = pd.concat(
        [both_items(farmer().tail(30)), ticked("z", pd.DataFrame(ticks, columns=many))]
    )
    ask = {"columns": "z", "options_columns": options_of("z", many)}
    with pytest.raises(CopanalysisError, match="at most 62"):
        pair(answers, **ask)
