"""The counts of the twin: what the report prints, and every target."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
from twin_readback import MULTIPLE, OPEN, TEST_WORDS, ticks_of

from copanalysis.twin.targets import ANSWERED, read_targets


def test_the_funnel_of_wave_1_gives_147_132_and_125(rows, used):
    assert len(rows["1"]) == 147
    assert len(used["1"]) == 132
    assert ticks_of(used["1"], "q4_got").any(axis=1).sum() == 125
    assert rows["1"]["submitted"].isna().sum() == 14


def test_the_rows_that_nobody_answered_are_three_tests_five_repeats_and_seven_empty(rows):
    table = rows["1"]
    assert table[OPEN].isin(TEST_WORDS).all(axis=1).sum() == 3
    answers = table.drop(columns=["started", "submitted", "seconds"])
    worded = answers[OPEN].ne("").any(axis=1)
    assert answers[worded].duplicated().sum() == 5
    empty = ~answers.drop(columns="q1_cop").map(bool).any(axis=1)
    assert [int(empty.sum()), int(answers.loc[empty, "q1_cop"].ne("").sum())] == [7, 3]


def test_a_repeat_comes_after_what_it_repeats(rows):
    for wave in ("1", "3"):
        answers = rows[wave].drop(columns=["started", "submitted", "seconds"])
        worded = answers[OPEN].ne("").any(axis=1)
        groups = rows[wave][worded & answers.duplicated(keep=False)].groupby(OPEN)
        assert all((g["started"].iloc[1] > g["submitted"].iloc[0]) for _, g in groups)
        assert len(groups) == {"1": 5, "3": 1}[wave]


def test_waves_2_and_3_have_146_and_74_answers_of_148_and_76_rows(rows, used):
    assert [len(rows["2"]), len(used["2"])] == [148, 146]
    assert [len(rows["3"]), len(used["3"])] == [76, 74]


def test_every_target_is_met_exactly(used, study):
    targets = read_targets()
    off = {}
    for (wave, item), counts in targets.counts.items():
        if item in MULTIPLE:
            ticks = ticks_of(used[wave], item)
            found = {**ticks.sum().to_dict(), ANSWERED: int(ticks.any(axis=1).sum())}
        elif item in OPEN:
            continue
        else:
            found = Counter(used[wave][item])
        off |= {
            (wave, item, option): (found.get(option, 0), n)
            for option, n in counts.items()
            if option not in ("(dont_know)", "(no_answer)") and found.get(option, 0) != n
        }
    assert not off


def test_open_answers_and_non_answers_reach_their_counts(used, texts):
    targets = read_targets()
    known = {" ".join(text.split()) for text in texts["text"]}
    for (wave, item), counts in targets.counts.items():
        if item in OPEN:
            given = used[wave][item].map(lambda text: " ".join(text.split()))
            real = int(given.isin(known).sum())
            assert {ANSWERED: real, "(non-answer)": int(given.ne("").sum()) - real} == counts


def test_published_shares_follow_from_the_data(used, study):
    published = study.table("published.csv")
    shares = published[published["statistic"].eq("share") & published["printed"].ne("")]
    for row in shares.itertuples():
        given = used[row.wave or row.wave_assumed][row.item]
        share = given[given.ne("")].eq(row.option).mean()
        assert round(100 * share) == int(row.printed), (row.item, row.option)
    assert len(shares) == 9


def test_satisfaction_rests_on_52_and_passing_on_and_cooperation_on_everyone(used):
    assert used["3"]["x1_satisfaction"].ne("").sum() == 52
    assert used["2"]["x2_pass_on"].value_counts().to_dict() == {
        "often": 70,
        "sometimes": 67,
        "never": 9,
    }
    assert used["3"]["x3_cooperation"].ne("").all()


def test_every_outcome_is_a_little_higher_in_wave_3_and_none_beyond_chance(used):
    first = ticks_of(used["1"], "q4_got")
    first = first[first.any(axis=1)]
    last = ticks_of(used["3"], "q4_got")
    assert len(last) == 74 == last.any(axis=1).sum()
    pooled = (first.sum() + last.sum()) / (len(first) + len(last))
    error = np.sqrt(pooled * (1 - pooled) * (1 / len(first) + 1 / len(last)))
    z = (last.mean() - first.mean()) / error
    assert z.gt(0).all()
    assert z.lt(1.96).all()


def test_policy_and_methods_are_hoped_for_more_than_gained(used):
    for wave, table in used.items():
        hoped, got = ticks_of(table, "q3_hoped"), ticks_of(table, "q4_got")
        hoped, got = hoped[hoped.any(axis=1)].mean(), got[got.any(axis=1)].mean()
        assert (hoped[["policy", "methods"]] > got[["policy", "methods"]]).all(), wave


def test_fieldwork_runs_from_the_first_to_the_last_day(used):
    targets = read_targets()
    for wave, table in used.items():
        plan = targets.waves[wave]
        assert table["started"].min().date() == plan.first
        assert table["submitted"].max().date() == plan.last
    assert targets.waves["1"].last == date(2023, 6, 30)
