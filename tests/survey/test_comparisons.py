"""Two unlinked waves: published intervals, directions, order, and what cannot be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.comparisons import (
    common_cops,
    count_directions,
    same_order,
    wave_difference,
)
from copanalysis.survey.intervals import newcombe_interval, wilson_interval

CODES = ("insight", "network", "policy")


def options_of(codes=CODES, item="q4"):
    return pd.DataFrame(
        [(item, code, code.title(), k, "answer") for k, code in enumerate(codes, 1)],
        columns=["item", "option", "label", "position", "kind"],
    )


def wave_rows(wave, ticks, base, *, cop="a", item="q4", codes=CODES):
    """``base`` respondents of a multiple item, of whom the first ticks[code] ticked code."""
    rows = []
    for k in range(base):
        state = "answered" if any(k < ticks.get(code, 0) for code in codes) else "none_ticked"
        for code in codes:
            value = "1" if k < ticks.get(code, 0) else "0"
            rows.append((wave, f"{wave}-{cop}-{k:04d}", cop, item, code, value, state))
    columns = ["wave", "respondent", "cop", "item", "option", "value", "state"]
    return pd.DataFrame(rows, columns=columns)


def compare(answers, **changes):
    ask = {
        "item": "q4",
        "options": options_of(),
        "base": "answered",
        "first": "1",
        "last": "3",
        "cops": "all",
        "wordings": {"1": "Wat leverde het op?", "3": "Wat leverde  het op?"},
        "population": None,
        "confidence": 0.95,
    }
    return wave_difference(answers, **(ask | changes))


# Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10, rows (a) to (h).
TABLE_II = [
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((6, 7, 2, 7), (0.0582, 0.8062)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1611, 0.2775)),
    ((0, 10, 0, 10), (-0.2775, 0.2775)),
    ((10, 10, 0, 20), (0.6791, 1.0000)),
    ((10, 10, 0, 10), (0.6075, 1.0000)),
]


@pytest.mark.parametrize(("counts", "expected"), TABLE_II)
def test_difference_interval_is_that_of_newcombe_1998(counts, expected):
    k1, n1, k2, n2 = counts
    answers = pd.concat([wave_rows("3", {"insight": k1}, n1), wave_rows("1", {"insight": k2}, n2)])
    row = compare(answers).iloc[0]
    assert row["difference"] == pytest.approx(k1 / n1 - k2 / n2)
    assert row["ci_low"] == pytest.approx(expected[0], abs=5e-5)
    assert row["ci_high"] == pytest.approx(expected[1], abs=5e-5)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
@settings(max_examples=60, deadline=None)
def test_independent_interval_agrees_with_statsmodels(n1, n2, data):
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    margins = [
        (k / n, *wilson_interval(k, n, population=None, confidence=0.9))
        for k, n in ((k1, n1), (k2, n2))
    ]
    found = newcombe_interval(*margins, correlation=0.0)
    expected = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", alpha=0.1)
    np.testing.assert_allclose(found, expected, atol=1e-10)


def three_ways():
    return pd.concat(
        [
            wave_rows("1", {"insight": 20, "network": 40, "policy": 10}, 80),
            wave_rows("3", {"insight": 50, "network": 38, "policy": 1}, 74),
            wave_rows("2", {"insight": 1}, 5),
        ]
    )


def test_wave_difference_shows_both_waves_and_which_way_it_went():
    table = compare(three_ways())
    assert list(table.columns) == [
        *("item", "option", "label", "position", "cops", "cop_ids", "first", "last"),
        *("n_first", "share_first", "base_first", "n_last", "share_last", "base_last"),
        *("difference", "ci_low", "ci_high", "direction", "same_wording", "interval_method"),
    ]
    assert table["direction"].tolist() == ["up", "unclear", "down"]
    assert table["base_first"].tolist() == [80] * 3
    assert table["n_last"].tolist() == [50, 38, 1]
    assert table["same_wording"].all()
    assert set(table["interval_method"]) == {"newcombe: wilson | wilson"}


def test_turning_the_waves_round_turns_the_difference_round():
    there, back = compare(three_ways()), compare(three_ways(), first="3", last="1")
    np.testing.assert_allclose(there["difference"], -back["difference"])
    np.testing.assert_allclose(there["ci_low"], -back["ci_high"])


def test_each_wave_gets_its_own_population_correction():
    plain = compare(three_ways())
    table = compare(three_ways(), population={"1": 79, "3": 75})
    method = "newcombe: wilson, no fpc: more answers than members | wilson, fpc"
    assert set(table["interval_method"]) == {method}
    narrower = table["ci_high"] - table["ci_low"] < plain["ci_high"] - plain["ci_low"]
    assert narrower.all()
    with pytest.raises(CopanalysisError, match="no members of '3'"):
        compare(three_ways(), population={"1": 250})


def test_two_complete_waves_leave_no_doubt():
    table = compare(three_ways(), population={"1": 80, "3": 74})
    np.testing.assert_allclose(table["ci_low"], table["difference"])
    assert table["direction"].tolist() == ["up", "up", "down"]


def test_a_single_choice_item_is_compared_as_well():
    rows = [("1", "agree")] * 3 + [("1", "disagree")] * 7 + [("3", "agree")] * 9
    answers = pd.DataFrame(rows, columns=["wave", "value"]).assign(
        respondent=[str(k) for k in range(len(rows))],
        cop="a",
        item="x1",
        option="",
        state="answered",
    )
    options = options_of(("agree", "disagree"), item="x1")
    table = compare(answers, item="x1", options=options)
    assert table["share_first"].tolist() == [0.3, 0.7]
    assert table["share_last"].tolist() == [1.0, 0.0]


def test_common_cops_are_those_with_respondents_in_both_waves():
    answers = pd.concat(
        [
            wave_rows("1", {}, 2, cop="zeeland"),
            wave_rows("1", {}, 2, cop="amsterdam"),
            wave_rows("1", {}, 1, cop=""),
            wave_rows("3", {}, 2, cop="amsterdam"),
            wave_rows("3", {}, 1, cop=""),
        ]
    )
    assert common_cops(answers, first="1", last="3") == ("amsterdam",)
    kinds = dict.fromkeys(("wave", "cop"), "category")
    assert common_cops(answers.astype(kinds), first="1", last="3") == ("amsterdam",)


def test_only_respondents_of_common_cops_are_compared_when_asked():
    answers = pd.concat(
        [
            wave_rows("1", {"insight": 9}, 10, cop="zeeland"),
            wave_rows("1", {"insight": 2}, 8, cop="amsterdam"),
            wave_rows("3", {"insight": 3}, 6, cop="amsterdam"),
        ]
    )
    assert compare(answers)["base_first"].iloc[0] == 18
    row = compare(answers, cops="common").iloc[0]
    assert (row["n_first"], row["base_first"], row["n_last"], row["base_last"]) == (2, 8, 3, 6)
    assert row["cops"] == "common"


def without(answers, wave, **state):
    changed = answers.copy()
    own = changed["wave"] == wave
    for column, value in state.items():
        changed.loc[own, column] = value
    return changed


@pytest.mark.parametrize(
    ("answers", "cops", "reason"),
    [
        (wave_rows("1", {}, 3), "all", "er zijn geen antwoorden uit golf 3"),
        (
            without(three_ways(), "3", item="other"),
            "all",
            "de vraag is in golf 3 niet gesteld",
        ),
        (
            without(three_ways(), "1", state="not_asked"),
            "all",
            "de vraag is in golf 1 niet gesteld",
        ),
        (
            without(three_ways(), "3", cop="b"),
            "common",
            "er is geen CoP die in golf 1 en 3 allebei voorkomt",
        ),
        (
            without(three_ways(), "3", state="skipped", value=None),
            "all",
            "in golf 3 gaf niemand antwoord op de vraag",
        ),
    ],
)
def test_what_cannot_be_compared_is_not_measured(answers, cops, reason):
    assert compare(answers, cops=cops) == NotMeasured("q4", reason)


def test_not_measured_passes_through():
    gone = NotMeasured("q4", "om een reden")
    assert compare(gone) is gone
    assert count_directions(gone) is gone
    assert same_order(gone) is gone
    assert common_cops(gone, first="1", last="3") is gone


def test_different_wordings_are_not_compared_unless_asked_for_by_name():
    wordings = {"1": ["Wat hoop je?", "Netwerk"], "3": ["Wat kreeg je?", "Netwerk"]}
    with pytest.raises(CopanalysisError) as caught:
        compare(three_ways(), wordings=wordings)
    assert "Wat hoop je? / Netwerk" in str(caught.value)
    assert "Wat kreeg je? / Netwerk" in str(caught.value)
    table = compare(three_ways(), wordings=wordings, across_wordings=True)
    assert not table["same_wording"].any()


def test_everything_wrong_with_the_comparison_is_listed():
    with pytest.raises(CopanalysisError) as caught:
        compare(three_ways(), wordings={}, cops="some", first="3", last="3")
    assert [problem.where for problem in caught.value.problems] == ["wordings"] * 2 + [
        "cops",
        "waves",
    ]


def test_directions_are_counted_and_the_largest_difference_named():
    row = count_directions(compare(three_ways())).iloc[0]
    assert row[["n", "n_up", "n_down", "n_unclear"]].tolist() == [3, 1, 1, 1]
    assert row[["n_higher", "n_lower", "n_equal"]].tolist() == [2, 1, 0]
    assert (row["largest_option"], row["largest_label"]) == ("insight", "Insight")
    assert row["largest_difference"] == pytest.approx(50 / 74 - 20 / 80)
    assert row["largest_direction"] == "up"


def test_equal_shares_on_different_bases_count_as_equal():
    answers = pd.concat([wave_rows("1", {"insight": 2}, 6), wave_rows("3", {"insight": 1}, 3)])
    assert count_directions(compare(answers))["n_equal"].iloc[0] == 3


def shares(first, last):
    labels = list("ABCDE")[: len(first)]
    return pd.DataFrame({"label": labels, "share_first": first, "share_last": last})


def test_a_change_of_order_is_found_with_the_options_that_changed_places():
    # R 4.2.2: cor(c(.5,.4,.4,.2,.1), c(.45,.5,.3,.1,.2), method = "kendall") and "spearman"
    row = same_order(shares([0.5, 0.4, 0.4, 0.2, 0.1], [0.45, 0.5, 0.3, 0.1, 0.2])).iloc[0]
    assert row["kendall"] == pytest.approx(0.5270462767)
    assert row["spearman"] == pytest.approx(0.7181848465)
    assert not row["same_order"]
    assert (row["n_swaps"], row["swaps"]) == (2, "A ↔ B; D ↔ E")


def test_everything_higher_in_the_same_order_is_the_same_order():
    row = same_order(shares([0.5, 0.4, 0.2], [0.6, 0.5, 0.3])).iloc[0]
    assert row["same_order"]
    assert (row["n"], row["n_swaps"], row["swaps"]) == (3, 0, "")
    assert row["kendall"] == pytest.approx(1)


def test_a_tie_is_no_swap_and_has_no_rank_correlation_when_all_tie():
    row = same_order(shares([0.5, 0.4], [0.3, 0.3])).iloc[0]
    assert row["same_order"]
    assert np.isnan(row["kendall"])
    assert np.isnan(row["spearman"])
