"""Ranks and proportional odds against R, with clusters, and when they are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import SMALL, chosen, options_of, r_values
from scipy.stats import kruskal, rankdata
from scipy.stats import t as student

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.clusters import bias_reduced, clustered_difference
from copanalysis.survey.ordinal import kruskal_wallis, rank_test, scale_by_group, superiority
from copanalysis.survey.proportional_odds import _fitted, proportional_odds

R = r_values("ordinal.csv")
# As in ordinal.R: a scale of five by three groups.
COUNTS = np.array([[12, 20, 9, 6, 3], [6, 16, 14, 9, 5], [4, 9, 12, 14, 8]])
CODES = list("12345")
RULES = {"minimum_base": 20, "confidence": 0.95}
DRAWS = {"small": SMALL, "resamples": 400, "seed": 5}


def scale(counts=COUNTS):
    times = np.asarray(counts)
    groups, values = np.nonzero(times >= 0)
    times = times.ravel()
    value, group = np.repeat(values + 1, times), np.repeat(groups, times)
    table = chosen("q9", value, cop=[f"g{g}" for g in group])
    cluster = np.arange(len(value)) // 4 % 11
    return table.assign(place=[f"c{c}" for c in cluster])


def ranks(table=None, **changes):
    ask = {"item": "q9", "options": options_of("q9", CODES), "by": "cop", "cluster": ""}
    return rank_test(scale() if table is None else table, **(ask | RULES | DRAWS | changes))


def odds(table=None, **changes):
    ask = {"item": "q9", "options": options_of("q9", CODES), "by": "cop", "cluster": ""}
    return proportional_odds(scale() if table is None else table, **(ask | RULES | changes))


def test_kruskal_wallis_is_that_of_r_and_coin():
    row = ranks().iloc[0]
    for name in ("kw", "coin_kw"):
        assert row["statistic"] == pytest.approx(R[f"{name}_statistic"][0], abs=1e-6)
        assert row["p"] == pytest.approx(R[f"{name}_p"][0], abs=1e-6)
    assert row["effect"] == pytest.approx(R["kw_statistic"][0] / 146)
    assert row["ci_low"] < row["effect"] < row["ci_high"]
    assert (row["df"], row["base"], row["effect_name"]) == (2, 147, "epsilon-kwadraat")


def test_two_groups_are_mann_whitney_of_r_and_coin():
    row = ranks(scale(COUNTS[[0, 2]])).iloc[0]
    assert row["statistic"] == pytest.approx(R["coin_mw_z"][0] ** 2, abs=1e-6)
    assert row["p"] == pytest.approx(R["mw_p"][0], abs=1e-6)
    assert row["p"] == pytest.approx(R["coin_mw_p"][0], abs=1e-6)
    assert row["effect"] == pytest.approx(R["mw_superiority"][0], abs=1e-6)
    assert row["ci_low"] < R["mw_superiority"][0] < row["ci_high"]
    assert row["method"].startswith("Mann-Whitney met knopen")


tables = st.lists(st.lists(st.integers(0, 6), min_size=4, max_size=4), min_size=2, max_size=4)


@given(tables.filter(lambda t: all(map(sum, t)) and (np.sum(t, axis=0) > 0).sum() > 1))
@settings(max_examples=50, deadline=None)
def test_statistic_agrees_with_scipy_and_superiority_with_pairs(counts):
    people = [np.repeat(np.arange(4), row) for row in counts]
    assert kruskal_wallis(counts) == pytest.approx(kruskal(*people).statistic)
    first, last = people[:2]
    wins = np.sign(last[:, None] - first[None, :])
    assert superiority(np.array(counts)[:2]) == pytest.approx((1 + wins.mean()) / 2)


def test_effect_of_equal_groups_is_none_and_of_apart_groups_all():
    same = ranks(scale([[5, 5, 5, 5, 5], [5, 5, 5, 5, 5]])).iloc[0]
    assert (same["effect"], same["p"]) == (0.5, 1)
    apart = ranks(scale([[9, 9, 0, 0, 0], [0, 0, 9, 9, 9]])).iloc[0]
    assert apart["effect"] == 1


def test_clusters_that_answer_alike_widen_the_interval():
    value = np.repeat([1, 1, 2, 3, 4, 2, 3, 4, 5, 5], 12)
    group = np.tile(np.repeat([0, 1], 6), 10)
    table = chosen("q9", value, cop=[f"g{g}" for g in group])
    table["place"] = [f"c{k // 12}" for k in range(120)]
    assert "te weinig clusters" in ranks(table, cluster="place").reason  # both groups are alike
    table["place"] = [f"c{k // 6}" for k in range(120)]
    plain, apart = ranks(table).iloc[0], ranks(table, cluster="place").iloc[0]
    assert plain["effect"] == pytest.approx(0.5)
    assert apart["effect"] == pytest.approx(0.5)
    assert apart["ci_high"] - apart["ci_low"] > 1.5 * (plain["ci_high"] - plain["ci_low"])
    assert "GEE met clusters" in apart["method"]


def test_ranks_with_clusters_are_the_gee_of_ranks():
    table = scale(COUNTS[[0, 2]])
    row = ranks(table, cluster="place").iloc[0]
    group = table["cop"].eq("g1").to_numpy().astype(int)
    share = rankdata(table["value"].astype(int)) / len(table)
    place = np.unique(table["place"], return_inverse=True)[1]
    told = clustered_difference(share, group, place)
    assert row["effect"] == pytest.approx(0.5 + told.difference)
    assert (row["p"], row["df"]) == pytest.approx((told.p, told.df))
    assert row["effect"] == pytest.approx(R["mw_superiority"][0], abs=0.05)


@pytest.mark.parametrize(("name", "rows"), [("three", [0, 1, 2]), ("two", [0, 2])])
def test_proportional_odds_are_those_of_r(name, rows):
    table = odds(scale(COUNTS[rows]))
    estimate = np.log(table["odds_ratio"])
    np.testing.assert_allclose(estimate, R[f"clm_{name}_estimate"], atol=1e-6)
    np.testing.assert_allclose(estimate, R[f"polr_{name}_estimate"], atol=1e-4)
    width = np.log(table["ci_high"] / table["ci_low"]) / 2 / 1.959963984540054
    np.testing.assert_allclose(width, R[f"clm_{name}_se"], atol=1e-6)
    np.testing.assert_allclose(table["p"], R[f"clm_{name}_p"], atol=1e-6)


@pytest.mark.parametrize(("name", "rows"), [("three", [0, 1, 2]), ("two", [0, 2])])
def test_the_test_of_proportionality_is_that_of_r(name, rows):
    row = odds(scale(COUNTS[rows])).iloc[0]
    assert row["statistic_proportional"] == pytest.approx(
        R[f"nominal_{name}_statistic"][0], abs=1e-6
    )
    assert row["df_proportional"] == R[f"nominal_{name}_df"][0]
    assert row["p_proportional"] == pytest.approx(R[f"nominal_{name}_p"][0], abs=1e-6)


@pytest.mark.parametrize(("name", "rows"), [("three", [0, 1, 2]), ("two", [0, 2])])
def test_the_sandwich_over_clusters_is_that_of_r_before_its_correction(name, rows):
    ask = {"item": "q9", "options": options_of("q9", CODES), "by": "cop", "cluster": "place"}
    found = _fitted(scale_by_group(scale(COUNTS[rows]), **ask, minimum_base=20))
    bread = np.linalg.inv(found.information.sum(axis=0))
    error = np.sqrt(np.diag(bread @ found.scores.T @ found.scores @ bread) * 11 / 10)
    np.testing.assert_allclose(error[: len(rows) - 1], R[f"robust_{name}_se"], atol=1e-6)


def test_with_clusters_the_standard_error_is_the_corrected_one():
    plain, clustered = odds(), odds(cluster="place")
    np.testing.assert_allclose(plain["odds_ratio"], clustered["odds_ratio"])
    ask = {"item": "q9", "options": options_of("q9", CODES), "by": "cop", "cluster": "place"}
    found = _fitted(scale_by_group(scale(), **ask, minimum_base=20))
    covariance, df = bias_reduced(found.scores, found.information)
    half = student(df[:2]).ppf(0.975) * np.sqrt(np.diag(covariance)[:2])
    np.testing.assert_allclose(np.log(clustered["ci_high"] / clustered["ci_low"]) / 2, half)
    assert clustered["clusters"].tolist() == [11, 11]


def test_turning_the_scale_round_turns_the_odds_round():
    there, back = odds(), odds(scale(COUNTS[:, ::-1]))
    np.testing.assert_allclose(there["odds_ratio"], 1 / back["odds_ratio"], rtol=1e-5)
    assert ranks(scale(COUNTS[[0, 2]]))["effect"][0] == pytest.approx(
        1 - ranks(scale(COUNTS[[0, 2], ::-1]))["effect"][0]
    )


def test_odds_that_are_not_proportional_are_refused():
    crossed = odds(scale([[30, 1, 1, 1, 30], [1, 20, 30, 20, 1]]))
    assert isinstance(crossed, NotMeasured)
    assert "niet proportioneel" in crossed.reason
    assert isinstance(ranks(scale([[30, 1, 1, 1, 30], [1, 20, 30, 20, 1]])), pd.DataFrame)


def test_what_cannot_be_compared_says_why():
    assert "minder dan 3" in odds(scale([[9, 9, 0, 0, 0], [5, 9, 0, 0, 0]])).reason
    assert "één uiteinde" in odds(scale([[9, 9, 9, 0, 0], [0, 0, 9, 0, 0]])).reason
    assert "hetzelfde antwoord" in ranks(scale([[0, 9, 0, 0, 0], [0, 12, 0, 0, 0]])).reason
    assert "kleiner dan 200" in ranks(minimum_base=200).reason
    assert "maar één groep" in odds(scale(COUNTS[:1])).reason
    assert "niet gesteld" in ranks(item="q1").reason
    assert "één cluster" in ranks(scale().assign(place="c0"), cluster="place").reason
    assert "minder dan 5" in ranks(scale([[30, 30, 0, 0, 0], [2, 1, 0, 0, 1]])).reason
    assert "alleen twee groepen" in ranks(cluster="place").reason
    with pytest.raises(CopanalysisError, match="as by"):
        ranks(cluster="cop")


def test_a_likelihood_without_a_maximum_is_refused(monkeypatch):
    monkeypatch.setattr("copanalysis.survey.proportional_odds.MOST_STEPS", 0)
    assert "geen uitkomst" in odds().reason


def test_who_named_no_group_or_cluster_does_not_count():
    table = scale()
    table.loc[table.index[:3], "cop"] = ""
    table.loc[table.index[5], "place"] = ""
    assert ranks(table)["base"][0] == 144
    assert odds(table, cluster="place")["base"][0] == 143
