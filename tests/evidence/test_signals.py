"""Signals: repeats once, age on the reference day, the top by a written rule and by others."""

from dataclasses import replace

import pandas as pd
import pytest

from copanalysis.evidence.signals import (
    issues_by_rule,
    rule_stability,
    signal_ageing,
    signal_issues,
    signal_routes,
    top_issues,
)

COLUMNS = ["signal", "date", "cop", "issue", "status", "feedback", "feedback_on", "level", "route"]
ROWS = [
    ("1", "2023-12-01", "a", "Kinderopvang", "open", "no", None, "national", "cop divosa"),
    ("2", "2024-01-02", "b", "Kinderopvang", "done", "yes", "2024-01-12", "national", "cop lcc"),
    ("3", "2023-06-01", "a", "Tolken", "open", "no", None, "regional", "cop"),
    (
        "4",
        "2023-07-01",
        "a",
        "Tolken",
        "in_progress",
        "yes",
        "2023-07-21",
        "regional",
        "cop divosa",
    ),
    ("5", "2023-07-02", "a", "Tolken", "refused", "no", None, "regional", "cop"),
    ("6", "2023-01-01", "c", None, "done", "no", None, "local", "cop"),
]


@pytest.fixture
def signals():
    table = pd.DataFrame(ROWS, columns=COLUMNS).assign(topic="toets", duplicate_of=None)
    repeat = table.iloc[[0]].assign(signal="7", cop="c", duplicate_of="1")
    dates = {"date": "datetime64[ns]", "feedback_on": "datetime64[ns]"}
    return pd.concat([table, repeat], ignore_index=True).astype(dates)


@pytest.fixture
def two(study):
    """The study with a top of two and two rules."""
    rules = [
        {"id": "main", "label": "A", "by": ["n_cops"], "only_open": True, "level": ""},
        {"id": "many", "label": "B", "by": ["n_signals"], "only_open": False, "level": ""},
    ]
    own = {"reference": pd.Timestamp("2024-02-01").date(), "open": ["open", "in_progress"]}
    settings = {**study.settings, "signals": {**own, "top": 2}, "signal_rules": rules}
    return replace(study, settings=settings)


def test_issues_count_signals_communities_and_age(signals, two):
    issues = signal_issues(signals, study=two).set_index("issue")
    counts = ["n_signals", "n_cops", "n_open", "n_feedback", "days_open"]
    assert issues.loc["Kinderopvang", counts].tolist() == [2, 2, 1, 1, 62]  # the repeat is left out
    assert issues.loc["Tolken", counts].tolist() == [3, 1, 2, 1, 245]
    assert issues.loc["toets", "n_signals"] == 1  # without an issue the topic
    assert pd.isna(issues.loc["toets", "days_open"])


def test_the_top_follows_its_rule(signals, two):
    assert list(top_issues(signals, study=two, rule="main")["issue"]) == ["Kinderopvang", "Tolken"]
    assert list(top_issues(signals, study=two, rule="many")["issue"]) == ["Tolken", "Kinderopvang"]


def test_a_rule_may_leave_out_levels_and_what_is_closed(signals, two):
    two.settings["signal_rules"][0]["level"] = "regional"
    assert list(top_issues(signals, study=two, rule="main")["issue"]) == ["Tolken"]


def test_other_rules_stand_beside_the_first(signals, two):
    table = issues_by_rule(signals, study=two)
    ranks = table.pivot(index="issue", columns="rule", values="rank")
    assert ranks.loc["Kinderopvang"].tolist() == [1, 2]
    assert ranks.loc["Tolken"].tolist() == [2, 1]
    assert rule_stability(table).iloc[0].to_dict() == {"n_always": 2, "n_ever": 2, "n_rules": 2}


def test_age_and_feedback_by_status(signals, two):
    table = signal_ageing(signals, study=two).set_index("status")
    assert table.loc["all", "n_signals"] == 6
    assert table.loc["all", "share_feedback"] == pytest.approx(2 / 6)
    assert table.loc["done", "days_to_feedback"] == 10
    assert table.loc["open", "days_oldest"] == 245
    assert table.drop("all")["n_signals"].sum() == table.loc["all", "n_signals"]


def test_every_step_of_a_route_tells_how_many_came_there(signals):
    routes = signal_routes(signals, names={"cop": "CoP", "divosa": "Divosa", "lcc": "LCC"})
    assert routes["step_1"].unique().tolist() == ["CoP (6)"]
    steps = routes.set_index("route")["step_2"].to_dict()
    assert steps == {"cop": "", "cop divosa": "Divosa (2)", "cop lcc": "LCC (1)"}
    assert routes["n_signals"].sum() == 6
