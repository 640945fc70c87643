"""The signals of the communities: ageing, feedback, the way they went, the main issues by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from copanalysis.study.plan import Study
from copanalysis.study.registers import study_registers, vocabulary_labels

LEAD = ["issue", "n_signals", "n_cops", "n_open", "n_feedback", "days_open"]


def unique_signals(signals: pd.DataFrame) -> pd.DataFrame:
    """The signals without those that repeat another (``duplicate_of``)."""
    return signals[signals["duplicate_of"].isna()].reset_index(drop=True)


def signal_issues(signals: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """Signals brought together by overarching issue (by topic where none is given).

    ``signals`` is the register. Repeats count once. Returns issue, n_signals, n_cops (different
    communities), n_open (status in ``[signals] open``), n_feedback, days_open (age of the oldest
    open signal on ``[signals] reference``, missing without one), level (the one most named).
    """
    rules = study.settings["signals"]
    own = unique_signals(signals)
    own = own.assign(
        issue=own["issue"].fillna(own["topic"]),
        open=own["status"].isin(rules["open"]),
        days=(pd.Timestamp(rules["reference"]) - own["date"]).dt.days,
    )
    grouped = own.groupby("issue")
    table = pd.DataFrame(
        {
            "n_signals": grouped.size(),
            "n_cops": grouped["cop"].nunique(),
            "n_open": grouped["open"].sum(),
            "n_feedback": grouped["feedback"].agg(lambda f: int(f.eq("yes").sum())),
            "days_open": own["days"].where(own["open"]).groupby(own["issue"]).max(),
            "level": grouped["level"].agg(lambda names: names.astype(str).mode().iloc[0]),
        }
    )
    return table.reset_index().astype({"days_open": "Int64"})


def top_issues(signals: pd.DataFrame, *, study: Study, rule: str) -> pd.DataFrame:
    """The main issues by one ``[[signal_rules]]`` of study.toml: the first ``[signals] top``.

    A rule names the columns to rank by (from much to little, ties by the next, then by name) and
    may leave out issues of another level or without an open signal. Returns the columns of
    ``signal_issues`` and rank (1, 2, ...).
    """
    ranked = _ranked(signal_issues(signals, study=study), _rule(study, rule))
    return ranked.head(study.settings["signals"]["top"])


def issues_by_rule(signals: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """Every issue that is in the top by any rule: issue, rule, rule_name, rank (missing where the
    rule leaves it out), in_top; one row per issue and rule, issues in the order of the first."""
    issues, top = signal_issues(signals, study=study), study.settings["signals"]["top"]
    frames = []
    for rule in study.settings["signal_rules"]:
        ranked = _ranked(issues, rule)[["issue", "rank"]]
        names = issues[["issue"]].merge(ranked, on="issue", how="left")
        frames.append(names.assign(rule=rule["id"], rule_name=rule["label"]))
    table = pd.concat(frames, ignore_index=True).astype({"rank": "Int64"})
    table = table.assign(in_top=table["rank"].le(top).fillna(False).astype(bool))
    table = table[table["issue"].isin(table.loc[table["in_top"], "issue"])]
    first = table[table["rule"].eq(study.settings["signal_rules"][0]["id"])]
    order = first.sort_values("rank", na_position="last")["issue"].tolist()
    place = table["issue"].map({name: i for i, name in enumerate(order)})
    return table.assign(_place=place).sort_values(["_place"], kind="stable").drop(columns="_place")


def rule_stability(by_rule: pd.DataFrame) -> pd.DataFrame:
    """How far the top is the same by every rule: n_always (issues in the top by all rules), n_ever
    (by any), n_rules. One row."""
    times = by_rule.groupby("issue")["in_top"].sum()
    rules = by_rule["rule"].nunique()
    row = {"n_always": int(times.eq(rules).sum()), "n_ever": int(times.gt(0).sum())}
    return pd.DataFrame([row | {"n_rules": rules}])


def signal_ageing(signals: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """Age and feedback of signals by status (each that the register knows), and over all ("all"):
    status, n_signals, days (median age on the reference day), days_oldest, n_feedback,
    share_feedback, days_to_feedback (median, missing without any)."""
    own = unique_signals(signals)
    age = (pd.Timestamp(study.settings["signals"]["reference"]) - own["date"]).dt.days
    own = own.assign(days=age, wait=(own["feedback_on"] - own["date"]).dt.days)
    vocabulary = study_registers(study.sheets)["signals"].column("status").vocabulary
    known = vocabulary_labels(study.sheets, vocabulary)
    groups = [(status, own[own["status"].eq(status)]) for status in known]
    rows = [
        (
            status,
            len(group),
            group["days"].median(),
            group["days"].max(),
            int(group["feedback"].eq("yes").sum()),
            group["feedback"].eq("yes").mean(),
            group["wait"].median(),
        )
        for status, group in [*groups, ("all", own)]
    ]
    columns = ["status", "n_signals", "days", "days_oldest", "n_feedback"]
    return pd.DataFrame(rows, columns=[*columns, "share_feedback", "days_to_feedback"])


def signal_routes(signals: pd.DataFrame, *, names: Mapping[str, str]) -> pd.DataFrame:
    """The ways that signals went, step by step: route, n_signals, step_1 to step_k ("Divosa (49)":
    the name of ``names`` with how many signals came there as their k-th step, "" past the end)."""
    own = unique_signals(signals)
    steps = own["route"].fillna("cop").str.split(expand=True)
    shown = pd.DataFrame(index=own.index)
    for i in steps:
        counts = steps[i].value_counts()
        labels = {code: f"{names.get(code, code)} ({n})" for code, n in counts.items()}
        shown[f"step_{i + 1}"] = steps[i].map(labels).fillna("")
    grouped = shown.assign(route=own["route"].fillna("cop")).groupby("route", sort=False)
    table = grouped.first().assign(n_signals=grouped.size()).reset_index()
    return table.sort_values("n_signals", ascending=False, kind="stable", ignore_index=True)


def _rule(study: Study, id: str) -> Mapping[str, Any]:
    return next(rule for rule in study.settings["signal_rules"] if rule["id"] == id)


def _ranked(issues: pd.DataFrame, rule: Mapping[str, Any]) -> pd.DataFrame:
    kept = issues[issues["n_open"].gt(0)] if rule["only_open"] else issues
    kept = kept[kept["level"].eq(rule["level"])] if rule["level"] else kept
    order = kept.sort_values("issue").sort_values(
        rule["by"], ascending=False, kind="stable", na_position="last", ignore_index=True
    )
    return order.assign(rank=range(1, len(order) + 1))
