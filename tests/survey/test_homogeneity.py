"""The same options asked twice: against R, by its properties, and over linked waves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from reference import SMALL, farmer, options_of, r_values, ticked
from scipy.stats import chi2

from copanalysis.errors import CopanalysisError
from copanalysis.survey.homogeneity import smh_test
from copanalysis.survey.multiplicity import with_family
from copanalysis.survey.pairs import hoped_and_got

R = r_values("independence.csv")
CODES = ["a", "b", "c"]
RULES = {"base": "answered", "minimum_base": 10, "small": SMALL, "resamples": 0, "seed": 7}


def twice(data=None):
    data = farmer() if data is None else data
    before = data[["w1", "w2", "w3"]].set_axis(CODES, axis="columns")
    after = data[["y1", "y2", "y3"]].set_axis(CODES, axis="columns")
    return pd.concat([ticked("hoped", before), ticked("got", after)])


def both_options(label="{}"):
    return pd.concat([options_of("hoped", CODES), options_of("got", CODES, label)])


def homogeneity(answers=None, options=None, **changes):
    answers = twice() if answers is None else answers
    options = both_options() if options is None else options
    ask = {"first": "hoped", "second": "got", "options": options}
    return smh_test(answers, **(ask | RULES | changes))


def test_homogeneity_is_that_of_r():
    row = homogeneity().iloc[0]
    assert row["statistic"] == pytest.approx(R["smh_parts"].sum(), abs=1e-6)
    assert row["rs2_statistic"] == pytest.approx(R["smh_corrected"][0], abs=1e-6)
    assert row["rs2_df"] == pytest.approx(R["smh_df"][0], abs=1e-6)
    assert row["p_rs2"] == pytest.approx(R["smh_p"][0], rel=1e-6)
    assert row["p_bonferroni"] == pytest.approx(3 * chi2.sf(R["smh_parts"].max(), 1), rel=1e-6)


def test_the_follow_up_is_the_exact_mcnemar_of_r():
    ask = {"first": "hoped", "second": "got", "options": both_options(), "base": "answered"}
    table = hoped_and_got(twice(), **ask, population=None, confidence=0.95)
    np.testing.assert_allclose(table["p_mcnemar_exact"], R["smh_exact"], rtol=1e-6)
    table = with_family(table, p="p_mcnemar_exact", family="opties", correction="holm")
    assert (table["p_adjusted"] >= table["p_mcnemar_exact"]).all()


def test_the_bootstrap_is_near_the_corrected_value_without_a_difference():
    generator = np.random.default_rng(11)
    columns = ["w1", "w2", "w3", "y1", "y2", "y3"]
    data = pd.DataFrame(generator.integers(0, 2, (150, 6)), columns=columns)
    row = homogeneity(twice(data), resamples=999).iloc[0]
    assert row["p_bootstrap"] == pytest.approx(row["p_rs2"], abs=0.06)
    assert row["p"] == row["p_rs2"]


def test_turning_the_items_round_changes_nothing():
    there = homogeneity()
    back = homogeneity(first="got", second="hoped")
    np.testing.assert_allclose(there["rs2_statistic"], back["rs2_statistic"])


def test_options_worded_otherwise_stay_out_unless_asked_for():
    options = pd.concat([options_of("hoped", CODES), options_of("got", CODES)])
    options.loc[options["item"].eq("got") & options["option"].eq("c"), "label"] = "anders"
    row = homogeneity(options=options).iloc[0]
    assert (row["options"], row["other_wording"]) == (2, 1)
    assert row["statistic"] == pytest.approx(R["smh_parts"][:2].sum(), abs=1e-6)
    row = homogeneity(options=options, across_wordings=True).iloc[0]
    assert (row["options"], row["other_wording"]) == (3, 0)


def test_what_cannot_be_tested_says_why():
    data = farmer()
    same = data.assign(y1=data["w1"], y2=data["w2"], y3=data["w3"])
    assert "twee keer hetzelfde" in homogeneity(twice(same)).reason
    assert "kleiner dan 300" in homogeneity(minimum_base=300).reason
    known = twice().query("item == 'hoped' or option != 'c'")
    with pytest.raises(CopanalysisError, match="'c' in one only"):
        homogeneity(known, options=both_options()[:-1])
