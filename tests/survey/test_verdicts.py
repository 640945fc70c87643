"""Verdicts on two unlinked waves: the rule, the unknown overlap, and what stays unknown."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import options_of, r_values, ticked
from scipy.stats import norm

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.comparisons import wave_difference
from copanalysis.survey.design_estimates import weighted_shares
from copanalysis.survey.overlap import Overlap, correlation_bounds, possible_overlap, score_p
from copanalysis.survey.verdict_weighting import weighted_verdict_note, weighted_verdicts
from copanalysis.survey.verdicts import verdict_note, wave_verdicts

R = r_values("independence.csv")
CODES = ["a", "b", "c"]
RULE = {
    "comparisons": ["all", "common", "widest"],
    "minimum_expected": 5,
    "rise": "gestegen",
    "fall": "gedaald",
    "none": "geen",
    "unknown": "onbekend",
}
NO_OVERLAP = Overlap(0, 0)


def wave(name, shares, base, cops=("x", "y")):
    """``base`` respondents of whom a share of each CoP alike ticked each option."""
    rank = np.arange(base) // len(cops)
    ticks = {code: rank < round(share * base / len(cops)) for code, share in shares.items()}
    cop = [cops[k % len(cops)] for k in range(base)]
    return ticked("q4", pd.DataFrame(ticks), wave=name, cop=cop)


def judge(first, last, **changes):
    answers = pd.concat([first, last])
    ask = {"item": "q4", "options": options_of("q4", CODES), "base": "answered"}
    ask |= {"first": "1", "last": "3", "wordings": dict.fromkeys("13", "vraag")}
    ask |= {"population": None, "confidence": 0.95, "rule": RULE, "minimum_base": 30}
    ask |= {"power": 0.8, "family": "opties", "correction": "holm"}
    return wave_verdicts(answers, **(ask | changes))


START = {"a": 0.3, "b": 0.6, "c": 0.5}


def test_the_rule_gives_one_verdict_per_option():
    table = judge(wave("1", START, 120), wave("3", {"a": 0.8, "b": 0.1, "c": 0.5}, 100))
    assert table["verdict"].tolist() == ["gestegen", "gedaald", "geen"]
    assert table["reason"].tolist() == ["", "", ""]
    assert (table["difference"].lt(0) == table["detectable"].lt(0)).all()
    assert table["detectable"].tolist() == table["detectable_common"].tolist()
    assert table["detectable"].iloc[2] == pytest.approx(0.22, abs=0.03)


def test_differences_on_all_cops_are_those_of_wave_difference():
    waves = wave("1", START, 120), wave("3", {"a": 0.8, "b": 0.1, "c": 0.5}, 100)
    table = judge(*waves, population=250)
    ask = {"item": "q4", "options": options_of("q4", CODES), "base": "answered"}
    ask |= {"first": "1", "last": "3", "wordings": dict.fromkeys("13", "vraag")}
    plain = wave_difference(pd.concat(waves), **ask, cops="all", population=250, confidence=0.95)
    pd.testing.assert_frame_equal(table[list(plain)], plain)


def test_a_difference_that_only_all_cops_show_is_not_said():
    first = pd.concat(
        [
            wave("1", START, 100, ["x"]),
            wave("1", START, 60, ["y"]).assign(respondent=lambda t: t["respondent"] + "y"),
        ]
    )
    last = pd.concat(
        [
            wave("3", {"a": 0.9, "b": 0.6, "c": 0.5}, 100, ["z"]),
            wave("3", START, 60, ["y"]).assign(respondent=lambda t: t["respondent"] + "y"),
        ]
    )
    row = judge(first, last).iloc[0]
    assert row["p_adjusted"] < 0.05
    assert row["common_difference"] == 0
    assert row["verdict"] == "onbekend"
    assert "wijzen niet gelijk" in row["reason"]
    only_all = judge(first, last, rule=RULE | {"comparisons": ["all"]}).iloc[0]
    assert only_all["verdict"] == "gestegen"


def test_cops_in_both_waves_that_go_the_other_way_withhold_the_verdict():
    def with_y(name, cop, others, of_y):
        y = wave(name, START | {"a": of_y}, 60, ["y"])
        y["respondent"] += "y"
        return pd.concat([wave(name, START | {"a": others}, 100, [cop]), y])

    rule = RULE | {"comparisons": ["all", "common"]}
    row = judge(with_y("1", "x", 0.1, 0.8), with_y("3", "z", 0.9, 0.3), rule=rule).iloc[0]
    assert max(row["p_adjusted"], row["common_p_adjusted"]) < 0.05
    assert row["difference"] > 0 > row["common_difference"]
    assert row["verdict"] == "onbekend"


def test_what_is_not_enough_is_unknown_with_the_reason():
    row = judge(wave("1", START, 120), wave("3", START, 28)).iloc[0]
    assert (row["verdict"], row["reason"]) == ("onbekend", "een basis is kleiner dan 30")
    row = judge(wave("1", START, 120, ["x"]), wave("3", START, 80, ["y"])).iloc[0]
    assert row["reason"] == "er is geen CoP die in beide golven voorkomt"
    assert np.isnan(row["common_difference"])
    small = {"a": 0.02, "b": 0.98, "c": 0.5}
    table = judge(wave("1", small, 120), wave("3", small, 80))
    assert table["verdict"].tolist() == ["onbekend", "onbekend", "geen"]
    assert "minder dan 5 te verwachten" in table["reason"].iloc[0]


def test_a_small_base_of_the_common_cops_counts_too():
    first, last = wave("1", START, 120, ["x"]), wave("3", START, 100, ["y", "x", "z", "q"])
    row = judge(first, last).iloc[0]
    assert (row["common_base_first"], row["common_base_last"]) == (120, 25)
    few = "uit de CoP's in beide golven zijn er 120 en 25 antwoorden, en 30 per golf is het minste"
    assert row["reason"] == few
    assert row["detectable_common"] > 1.3 * row["detectable"]
    apart = judge(first, last, rule=RULE | {"comparisons": ["all", "widest"]}).iloc[0]
    assert apart["verdict"] == "geen"


def test_the_note_tells_the_test_the_overlap_and_what_is_unknown():
    small = {"a": 0.02, "b": 0.6, "c": 0.5}
    told = verdict_note(judge(wave("1", small, 120), wave("3", small, 80)))
    test, overlap, unknown, taken = told
    assert taken.startswith("Aantoonbaar is een verschil bij deze aantallen pas over alle CoP's")
    assert taken.endswith("en over de CoP's in beide golven vanaf 12 tot 23 procentpunten.")
    assert test.startswith("Toets: scoretoets")
    assert "Familie: opties (3 toetsen); correctie: Holm." in test
    assert (
        overlap == "Van de deelnemers kunnen er ten hoogste 80 in beide golven hebben geantwoord."
    )
    assert unknown.endswith("te verwachten (“a”).")
    few = verdict_note(judge(wave("1", small, 120), wave("3", small, 20), population=130))
    assert "10 tot 20" in few[1]
    assert few[2] == "Niet te zeggen: een basis is kleiner dan 30 (bij elke optie)."


EIGHT = [f"c{k}" for k in range(8)]


def test_cops_as_clusters_can_withhold_a_verdict():
    rule = RULE | {"comparisons": ["all", "clusters"]}
    start = wave("1", START, 160, EIGHT)

    def last(one, other):
        parts = [wave("3", START | {"a": s}, 80, EIGHT[k::2]) for k, s in enumerate((one, other))]
        return pd.concat([parts[0], parts[1].assign(respondent=parts[1]["respondent"] + "b")])

    alike = judge(start, last(0.65, 0.55), rule=rule).iloc[0]
    assert alike["verdict"] == "gestegen"
    assert alike["clusters_difference"] == pytest.approx(alike["difference"], abs=0.01)
    apart = judge(start, last(0.95, 0.25), rule=rule).iloc[0]
    assert apart["p_adjusted"] < 0.001 < 0.05 < apart["clusters_p_adjusted"]
    assert apart["reason"] == "alle CoP's en de CoP's als clusters wijzen niet gelijk"
    two = judge(wave("1", START, 160), wave("3", START, 160), rule=rule).iloc[0]
    assert two["reason"] == "er zijn te weinig CoP's om met hun onderlinge verschil te rekenen"


def weigh(first, last, members, **changes):
    found = judge(first, last, **changes)
    ask = {"item": "q4", "options": options_of("q4", CODES), "base": "answered"}
    ask |= {"margins": {"cop": members}, "weights": "ledental", "strata": "", "weight_shift": 0.1}
    sides = [weighted_shares(w, **ask, population=None, confidence=0.95) for w in (first, last)]
    rules = {"minimum_base": 30, "confidence": 0.95, "correction": "holm"}
    rule = changes.get("rule", RULE)
    return weighted_verdicts(found, first=sides[0], last=sides[1], rule=rule, **rules)


def test_weighting_can_change_a_verdict_and_the_note_says_which():
    rule = RULE | {"comparisons": ["all"]}
    first = pd.concat([wave("1", START, 60, [cop]).assign(cop=cop) for cop in "xy"])
    first["respondent"] += first["cop"]
    parts = [wave("3", START | {"a": s}, 60, [cop]) for cop, s in (("x", 0.8), ("y", 0.3))]
    last = pd.concat(parts)
    last["respondent"] += last["cop"]
    even = weigh(first, last, {"x": 500, "y": 500}, rule=rule)
    assert even["weighted_difference"].to_numpy() == pytest.approx(even["difference"].to_numpy())
    assert not even["changed"].any()
    assert weighted_verdict_note(even)[0].endswith("blijft elk oordeel hetzelfde.")
    uneven = weigh(first, last, {"x": 50, "y": 950}, rule=rule)
    assert uneven["weighted_difference"].iloc[0] == pytest.approx(0.05 * 0.5)
    assert uneven["changed"].tolist() == [True, False, False]
    assert "(“a”: gestegen wordt geen)" in weighted_verdict_note(uneven)[0]


def test_a_weighted_difference_has_the_error_of_both_waves():
    first, last = wave("1", START, 120), wave("3", START | {"a": 0.5}, 100)
    row = weigh(first, last, {"x": 10**6, "y": 10**6}).iloc[0]
    error = np.sqrt(0.3 * 0.7 / 119 + 0.5 * 0.5 / 99)  # equal in both CoPs, with n - 1
    assert row["weighted_p"] == pytest.approx(2 * norm.sf(0.2 / error), rel=0.05)
    assert row["weighted_ci_low"] < 0.2 < row["weighted_ci_high"]


def test_adjustment_is_within_the_family_of_options():
    one = {"a": 0.44, "b": 0.6, "c": 0.5}
    first, last = wave("1", START, 120), wave("3", one, 120)
    rule = RULE | {"comparisons": ["all"]}
    plain = judge(first, last, rule=rule, correction="none").iloc[0]
    assert plain["verdict"] == "gestegen"
    assert judge(first, last, rule=rule).iloc[0]["verdict"] == "geen"


def test_refusals():
    first, last = wave("1", START, 40), wave("3", START, 40)
    with pytest.raises(CopanalysisError, match=r"study\.toml"):
        judge(first, last, rule=RULE | {"comparisons": ["best"]})
    with pytest.raises(CopanalysisError, match="wording"):
        judge(first, last, wordings={"1": "dit", "3": "dat"})
    assert isinstance(judge(first, last, item="q9"), NotMeasured)


@pytest.mark.parametrize("counts", [(96, 125, 62, 74), (5, 146, 9, 74), (0, 40, 3, 30)])
def test_the_score_test_is_prop_test_of_r(counts):
    a, n, b, k = counts
    found = score_p(a / n, n, b / k, k, population=None, correlation=0.0)
    assert found == pytest.approx(R[f"prop_{a}_{b}"][0], abs=1e-9)


def test_score_test_at_the_edges():
    assert score_p(0, 30, 0, 40, population=None, correlation=0.0) == 1
    assert score_p(0.2, 40, 0.4, 40, population=40, correlation=0.0) == 0
    plain = score_p(0.2, 50, 0.4, 40, population=None, correlation=0.0)
    assert score_p(0.2, 50, 0.4, 40, population=100, correlation=0.0) < plain
    assert score_p(0.2, 50, 0.4, 40, population=30, correlation=0.0) == pytest.approx(plain)


def test_covariance_of_overlapping_samples_is_that_of_all_samples():
    """Every pair of samples of 3 and 2 of 5 people, 1 of them in both, drawn out in full."""
    before, after = np.array([1, 0, 1, 1, 0]), np.array([1, 1, 1, 0, 0])
    means = [
        (before[list(one)].mean(), after[list(other)].mean())
        for one in combinations(range(5), 3)
        for other in combinations(range(5), 2)
        if len(set(one) & set(other)) == 1
    ]
    real = np.cov(np.array(means).T, bias=True)
    spread = np.cov(before, after, ddof=1)
    assert real[0, 1] == pytest.approx(spread[0, 1] * (1 / 6 - 1 / 5))
    p, q = before.mean(), after.mean()
    ask = {"overlap": Overlap(1, 1), "population": 5}
    low, high = correlation_bounds(p, 3, q, 2, **ask)
    correlation = real[0, 1] / np.sqrt(real[0, 0] * real[1, 1])
    assert low - 1e-12 <= correlation <= high + 1e-12
    ends = [max(0, p + q - 1) - p * q, min(p, q) - p * q]
    phi = np.array(ends) / np.sqrt(p * (1 - p) * q * (1 - q))
    factor = (1 / 6 - 1 / 5) / np.sqrt((1 / 3 - 1 / 5) * (1 / 2 - 1 / 5))
    np.testing.assert_allclose(sorted(phi * factor), [low, high])


@given(st.lists(st.booleans(), min_size=4, max_size=40), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_real_correlation_of_the_same_people_lies_between_the_bounds(before, seed):
    generator = np.random.default_rng(seed)
    first = np.array(before, float)
    last = np.where(generator.random(len(first)) < 0.6, first, generator.random(len(first)) < 0.5)
    n = len(first)
    low, high = correlation_bounds(
        first.mean(), n, last.mean(), n, overlap=Overlap(0, n), population=None
    )
    varied = first.std() * last.std() > 0
    real = np.corrcoef(first, last)[0, 1] if varied else 0.0
    assert low - 1e-9 <= real <= high + 1e-9


def test_without_overlap_and_population_the_waves_are_independent():
    assert correlation_bounds(0.3, 50, 0.5, 40, overlap=NO_OVERLAP, population=None) == (0, 0)
    low, high = correlation_bounds(0.3, 50, 0.5, 40, overlap=NO_OVERLAP, population=200)
    assert low < 0 < high


def test_the_overlap_counts_the_same_cop_and_who_named_none():
    people = pd.DataFrame(
        [*[("1", "x")] * 5, *[("1", "y")] * 2, ("1", ""), *[("3", "x")] * 3, *[("3", "z")] * 4],
        columns=["wave", "cop"],
    )
    ask = {"first": "1", "last": "3"}
    assert possible_overlap(people, **ask, population=None) == Overlap(0, 4)
    assert possible_overlap(people, **ask, population=12) == Overlap(3, 4)
    everyone = people.assign(cop="")
    assert possible_overlap(everyone, **ask, population=None) == Overlap(0, 7)


def test_the_widest_interval_holds_the_narrowest():
    table = judge(wave("1", START, 120), wave("3", START | {"a": 0.5}, 100), population=250)
    assert (table["widest_ci_low"] <= table["ci_low"]).all()
    assert (table["ci_low"] <= table["narrowest_ci_low"]).all()
    assert (table["narrowest_ci_high"] <= table["ci_high"]).all()
    assert (table["widest_p"] >= table["narrowest_p"]).all()
    assert table["most_both"].tolist() == [100] * 3
