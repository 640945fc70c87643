"""The communities themselves: the assumptions of the design, membership, meetings, topics."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from copanalysis.evidence.sources import Sources
from copanalysis.study.plan import Study

OUTCOMES = ("met", "not_met", "unknown")


def assumption_counts(checks: pd.DataFrame) -> pd.DataFrame:
    """Per assumption how many communities met it: assumption, label, n_met, n_not_met, n_unknown.

    ``checks`` are those of ``fieldwork.registers.assumptions``.
    """
    counts = checks.groupby(["assumption", "label"], sort=False)["outcome"].value_counts()
    wide = counts.unstack(fill_value=0).reindex(columns=list(OUTCOMES), fill_value=0)
    wide = wide.rename(columns={result: f"n_{result}" for result in OUTCOMES})
    wide.columns.name = None
    order = checks[["assumption", "label"]].drop_duplicates()
    return order.merge(wide.reset_index(), on=["assumption", "label"])


def assumptions_by_cop(checks: pd.DataFrame) -> pd.DataFrame:
    """Per community how many assumptions it met: cop, n_met, n_not_met, n_unknown, and not_met (the
    labels of those it did not meet, "" without any)."""
    counts = pd.crosstab(checks["cop"], checks["outcome"]).reindex(
        columns=list(OUTCOMES), fill_value=0
    )
    wide = counts.rename(columns={result: f"n_{result}" for result in OUTCOMES})
    wide.columns.name = None
    failed = checks[checks["outcome"].eq("not_met")]
    labels = failed.groupby("cop", sort=False)["label"].agg("; ".join)
    return wide.assign(not_met=labels.reindex(wide.index).fillna("")).reset_index()


def cop_overview(sources: Sources) -> pd.DataFrame:
    """One row per community: the columns of the register cops with members_first and members_last
    (on the first and last list), organisations (on the last), n_meetings (held) and days_between
    (median between them); no rows without that register."""
    cops, members, meetings = (sources.tables[name] for name in ("cops", "members", "meetings"))
    lists = members.sort_values("date").groupby("cop", observed=True)
    held = meetings[meetings["kind"].eq("cop") & meetings["date"].notna()].sort_values("date")
    dates = held.groupby("cop", observed=True)["date"]
    apart = dates.diff().dt.days.groupby(held["cop"], observed=True)
    found = {
        "members_first": lists["members"].first(),
        "members_last": lists["members"].last(),
        "organisations": lists["organisations"].last(),
        "n_meetings": dates.size(),
        "days_between": apart.median(),
    }
    return cops.assign(**{name: cops["cop"].map(column) for name, column in found.items()})


def turnout(sources: Sources) -> pd.DataFrame:
    """Who came: one row per meeting of a community that was held and counted; none without the
    registers of meetings and members.

    Returns cop, meeting, date, phase, format, present, members (on the last list before, or the
    first) and rate (present of members; above 1 where more came than are on the list).
    """
    meetings, members = sources.tables["meetings"], sources.tables["members"]
    held = meetings[meetings["kind"].eq("cop") & meetings["present"].notna()]
    held = held.dropna(subset=["date"]).sort_values("date")
    lists = members.sort_values("date")[["cop", "date", "members"]].astype({"cop": str})
    rows = held.astype({"cop": str})
    matched = pd.merge_asof(rows, lists, on="date", by="cop")
    first = lists.groupby("cop")["members"].first()
    known = matched["members"].fillna(matched["cop"].map(first))
    phases = [sources.study.phase_of(day.date()) for day in matched["date"]]
    table = matched.assign(members=known, rate=matched["present"] / known, phase=phases)
    shown = ["cop", "meeting", "date", "phase", "format", "present", "members", "rate"]
    return table[shown].sort_values(["cop", "date"], ignore_index=True)


def attendance_dots(turnout: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """The turnout as dots to draw: cop, meeting, date, kind (present per phase, or members) and
    number; a row per meeting, and one per community for its members at the last meeting."""
    labels = {phase["id"]: phase["label"] for phase in study.settings["phases"]}
    present = turnout.assign(
        kind="aanwezig, " + turnout["phase"].map(labels).fillna("buiten de fasen"),
        number=turnout["present"],
    )
    last = turnout.groupby("cop", as_index=False).last()
    members = last.assign(kind="leden", number=last["members"])
    return pd.concat([members, present], ignore_index=True)[
        ["cop", "meeting", "date", "kind", "number"]
    ]


def topic_matrix(topics: pd.DataFrame, *, names: Mapping[str, str]) -> pd.DataFrame:
    """How often each community spoke of each category (of coder 1): cop, category, category_name,
    n_topics; one row per pair, zero included. ``names`` gives the categories in order."""
    counts = topics.groupby(["cop", "category_1"], observed=True).size()
    pairs = pd.MultiIndex.from_product([sorted(topics["cop"].unique()), list(names)])
    table = counts.reindex(pairs, fill_value=0).rename("n_topics").reset_index()
    table.columns = ["cop", "category", "n_topics"]
    return table.assign(category_name=table["category"].map(names))


def topic_overlap(topics: pd.DataFrame) -> pd.DataFrame:
    """Whether two coders put topics in the same category, and topics that one coder puts in more.

    Returns one row: n_topics (coded by both), n_equal, share_equal, n_double (topics that stand
    in more than one category of coder 1).
    """
    both = topics.dropna(subset=["category_1", "category_2"])
    equal = both["category_1"].astype(str).eq(both["category_2"].astype(str))
    categories = topics.groupby("topic")["category_1"].nunique()
    row = {"n_topics": len(both), "n_equal": int(equal.sum()), "share_equal": equal.mean()}
    return pd.DataFrame([row | {"n_double": int(categories.gt(1).sum())}])


def topics_by_phase(topics: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """Kinds of topic per phase: phase, kind, n_topics, share_of_all (of the topics in it)."""
    phases = [study.phase_of(day.date()) for day in topics["date"]]
    rows = topics.assign(phase=phases)
    rows = rows[rows["phase"].ne("")]
    counts = rows.groupby(["phase", "kind"], observed=True).size().rename("n_topics").reset_index()
    totals = counts.groupby("phase")["n_topics"].transform("sum")
    return counts.assign(share_of_all=counts["n_topics"] / totals)


def listed_counts(table: pd.DataFrame, *, column: str, names: Mapping[str, str]) -> pd.DataFrame:
    """How often each code stands in a column of codes separated by spaces, and in how many
    communities: code, label, n_rows, n_cops; from most to least. ``names`` gives the labels."""
    one = table[["cop", column]].dropna().assign(code=lambda t: t[column].str.split())
    one = one.explode("code")
    grouped = one.groupby("code")
    counts = pd.DataFrame({"n_rows": grouped.size(), "n_cops": grouped["cop"].nunique()})
    out = counts.sort_values(["n_rows", "code"], ascending=[False, True]).reset_index()
    return out.assign(label=out["code"].map(names))
