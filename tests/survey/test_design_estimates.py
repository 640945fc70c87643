"""Weighted shares against R survey, beside the unweighted ones, and when weighting is refused."""

from __future__ import annotations

import numpy as np
import pytest
from reference import chosen, farmer, options_of, r_values, ticked

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.design_estimates import weighted_shares
from copanalysis.survey.intervals import wilson_interval

R = r_values("weighting.csv")
CODES = ["y1", "y2", "y3", "y4"]
COPS = {"a": 60, "b": 70, "c": 50}
ROLES = {"m": 80, "v": 100}


def answers(rows=None):
    """The respondents of weighting.R."""
    data = farmer().iloc[::3][CODES].reset_index(drop=True)
    place = np.arange(len(data))
    cop = np.array(["a", "b", "c"])[(place % 7 >= 3).astype(int) + (place % 7 >= 5)]
    role = np.where(place % 5 >= 3, "v", "m")
    rows = place if rows is None else rows(cop)
    data = data.iloc[rows].reset_index(drop=True)
    table = ticked("y", data, cop=cop[rows])
    return table.assign(role=np.repeat(role[rows], len(CODES)))


def strata_rows(cop):
    return np.concatenate([np.flatnonzero(cop != "c"), np.flatnonzero(cop == "c")[:1]])


def weighted(table=None, **changes):
    ask = {"item": "y", "options": options_of("y", CODES), "base": "answered"}
    ask |= {"margins": {"cop": COPS}, "strata": "", "weight_shift": 0.02}
    ask |= {"population": 180, "confidence": 0.95}
    ask |= {"ci_method": "logit", "weights": "ledental"}
    return weighted_shares(answers() if table is None else table, **(ask | changes))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("post", {}),
        ("rake", {"margins": {"cop": COPS, "role": ROLES}}),
        (
            "strata",
            {
                "table": answers(strata_rows),
                "margins": {"cop": {"a": 60, "b": 20, "c": 50}},
                "strata": "cop",
            },
        ),
    ],
)
def test_weighted_shares_and_their_errors_are_those_of_r_survey(name, changes):
    table = weighted(**changes)
    np.testing.assert_allclose(table["weighted_share"], R[f"{name}_share"], atol=1e-6)
    np.testing.assert_allclose(table["weighted_se"], R[f"{name}_se"], atol=1e-6)
    if name == "strata":  # R takes other degrees of freedom for one respondent in a stratum
        return
    for k, code in enumerate(CODES[:2]):
        limits = table.loc[k, ["weighted_ci_low", "weighted_ci_high"]].astype(float)
        np.testing.assert_allclose(limits, R[f"{name}_logit_{code}"], atol=1e-6)


def test_unweighted_and_weighted_stand_side_by_side():
    row = weighted(ci_method="wilson").iloc[0]
    mean = farmer().iloc[::3]["y1"].mean()
    assert row["share"] == pytest.approx(mean)
    assert row["shift"] == pytest.approx(R["post_share"][0] - mean)
    assert row["interval_method"] == "wilson, fpc"
    assert row["weighted_ci_low"] < row["weighted_share"] < row["weighted_ci_high"]
    sizes = R["sizes"][:3]
    weights = np.repeat(np.array([60, 70, 50]) / sizes, sizes.astype(int))
    assert row["effective_base"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert row["weighting"] == "gewogen naar ledental, nagestratificeerd"
    assert weighted(strata="cop")["weighting"][0].endswith("steekproef per groep")


def test_a_share_that_shifts_is_called_sensitive():
    shifts = weighted()["shift"].abs()
    limit = shifts.max() - 1e-9
    assert weighted(weight_shift=limit)["sensitive"].sum() == 1
    assert weighted(weight_shift=shifts.max())["sensitive"].sum() == 0


def test_weights_that_are_equal_change_nothing():
    sizes = dict(zip("abc", R["sizes"][:3] * 2, strict=True))
    table = weighted(margins={"cop": sizes})
    np.testing.assert_allclose(table["weighted_share"], table["share"], atol=1e-9)
    assert table["effective_base"][0] == pytest.approx(table["base"][0])


def test_groups_without_answers_and_people_without_group_are_counted():
    table = answers()
    table.loc[table["respondent"].eq("1-00000"), "cop"] = ""
    out = weighted(table, margins={"cop": COPS | {"d": 20}}).iloc[0]
    assert out["coverage"] == pytest.approx(180 / 200)
    assert (out["base"], out["weighted_base"]) == (93, 92)
    sizes = {"cop": COPS | {"d": 20}, "role": {"m": 90, "v": 110}}
    raked = weighted(margins=sizes)
    same = weighted(margins={"cop": COPS, "role": {"m": 81, "v": 99}})
    np.testing.assert_allclose(raked["weighted_share"], same["weighted_share"], atol=1e-8)
    nobody = weighted(table.assign(cop=""))
    assert isinstance(nobody, NotMeasured)
    assert isinstance(weighted(item="z"), NotMeasured)


def test_an_option_that_nobody_or_everybody_ticked_keeps_its_share():
    data = farmer().iloc[::3][CODES].reset_index(drop=True).assign(y1=0, y2=1)
    cop = np.resize(["a", "b", "c"], len(data))
    table = weighted(ticked("y", data, cop=cop), ci_method="wilson")
    assert table["weighted_share"].tolist()[:2] == [0, 1]
    upper = wilson_interval(0, table["effective_base"][0], population=None, confidence=0.95)[1]
    assert table["weighted_ci_high"].tolist()[:2] == pytest.approx([upper, 1])
    assert table["weighted_ci_low"].tolist()[:2] == pytest.approx([0, 1 - upper])


def test_a_single_choice_item_is_weighted_too():
    values = ["x", "z", "x", "x", "z", "z"] * 10
    table = chosen("y", values, cop=["a", "b", "c"] * 20)
    out = weighted(table, options=options_of("y", ["x", "z"]), margins={"cop": COPS})
    assert out["weighted_share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"margins": {"cop": {"a": 60, "b": 70}}}, "no members of 'c'"),
        ({"margins": {"cop": COPS, "role": {"m": 80, "v": 90}}}, "one total"),
        ({"strata": "role"}, "'role'"),
        ({"margins": {}}, "no margin"),
    ],
)
def test_refusals_say_what_is_wrong(changes, message):
    with pytest.raises(CopanalysisError, match=message):
        weighted(**changes)
