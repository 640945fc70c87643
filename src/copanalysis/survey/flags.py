"""Flags on respondents: test, duplicate, empty, speeder, straightliner, too many picks.

A flag never removes a row. Which flags keep a respondent out of the analysis is a rule in
study.toml ([cleaning] left_out)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from copanalysis.study.plan import Study
from copanalysis.survey.answers import normalise_answer, respondent_ids
from copanalysis.survey.export import Export
from copanalysis.survey.tidying import LOG_COLUMNS
from copanalysis.survey.wiring import Wire

RESPONDENT_FLAGS = ("test", "duplicate", "empty", "speeder", "straightliner", "over_max")


def flag_respondents(
    answers: pd.DataFrame, *, export: Export, wires: Iterable[Wire], study: Study, wave: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Respondents with their flags, and one log row per flag raised.

    ``answers`` are the tidy answers of the export. Returns ``respondents`` (columns of
    tables.csv, one row per row of the export) and ``log``. Rules: "test" is marked by the tool
    or has a word of [cleaning] test_words as an open answer; "duplicate" repeats every cell of
    an earlier row and holds a text in the respondent's own words; "empty" answers nothing but
    the CoP; "speeder" takes less than the stated share of the median time of completes;
    "straightliner" gives all statements the same answer and ticks all options of an item;
    "over_max" ticks more than an item allows. Picks outside the options ticked before are
    logged per option ("outside_previous") and do not mark the respondent.
    """
    rules = study.settings["cleaning"]
    people = _respondents(answers, export, wave)
    people["test"] = people["status"].eq("test") | _has_test_word(answers, people, rules)
    people["duplicate_of"] = _duplicates(export, wires, answers, people)
    people["empty"] = _empty(answers, people, study, wave)
    people["speeder"] = _speeders(people, rules["speeder_share_of_median"])
    people["straightliner"] = _straightliners(answers, people, study, wave)
    over = _over_max(answers, study, wave)
    people["over_max"] = people["respondent"].isin(over["respondent"])
    people["left_out"] = _left_out(people, rules["left_out"])
    people["used"] = people["left_out"].eq("")
    log = pd.concat(
        [
            _flag_log(people),
            _item_log(over, people, "over_max"),
            _item_log(_outside(answers, study, wave), people, "outside_previous"),
        ],
        ignore_index=True,
    )
    return people, log.reindex(columns=LOG_COLUMNS).astype("string").astype({"row": "Int64"})


def _respondents(answers: pd.DataFrame, export: Export, wave: str) -> pd.DataFrame:
    people = pd.DataFrame(
        {
            "wave": wave,
            "respondent": pd.Series(respondent_ids(export, wave=wave), dtype="string"),
            "row": [r.row for r in export.responses],
            "status": [r.status for r in export.responses],
            "started": pd.to_datetime([r.started for r in export.responses]),
            "submitted": pd.to_datetime([r.submitted for r in export.responses]),
            "seconds": pd.array([r.seconds for r in export.responses], dtype="Float64"),
        }
    )
    cop = answers.drop_duplicates("respondent").set_index("respondent")["cop"].astype("string")
    people.insert(3, "cop", people["respondent"].map(cop).fillna("").astype("string"))
    took = (_timed(people["submitted"]) - _timed(people["started"])).dt.total_seconds()
    people["seconds"] = people["seconds"].fillna(took.astype("Float64"))
    return people


def _timed(moments: pd.Series) -> pd.Series:
    """Moments of which the time is known: a date alone stands as midnight."""
    return moments.where(moments.ne(moments.dt.normalize()))


def _among(people: pd.DataFrame, respondents: Iterable[str]) -> pd.Series:
    return people["respondent"].isin(set(respondents))


def _has_test_word(answers: pd.DataFrame, people: pd.DataFrame, rules: dict) -> pd.Series:
    words = {normalise_answer(word) for word in rules["test_words"]}
    texts = answers.dropna(subset=["text"])
    hits = texts["text"].map(normalise_answer).isin(words)
    return _among(people, texts.loc[hits, "respondent"])


def _duplicates(
    export: Export, wires: Iterable[Wire], answers: pd.DataFrame, people: pd.DataFrame
) -> pd.Series:
    columns = [wire.index for wire in wires]
    worded = set(answers.dropna(subset=["text"])["respondent"])
    first: dict[tuple, str] = {}
    duplicate_of = []
    for response, who in zip(export.responses, people["respondent"], strict=True):
        cells = tuple(response.cells[i] for i in columns)
        earlier = first.setdefault(cells, who) if who in worded else who
        duplicate_of.append("" if earlier == who else earlier)
    return pd.Series(duplicate_of, dtype="string")


def _empty(answers: pd.DataFrame, people: pd.DataFrame, study: Study, wave: str) -> pd.Series:
    about_cop = {item.id for item in study.items_of(wave) if item.scale == "cop"}
    content = answers["state"].isin(["answered", "dont_know", "refused"]) & ~answers["item"].isin(
        about_cop
    )
    return ~_among(people, answers.loc[content, "respondent"])


def _speeders(people: pd.DataFrame, share: float) -> pd.Series:
    timed = people["status"].eq("complete") & ~people["test"]
    median = people.loc[timed, "seconds"].median()
    fast = people["seconds"].lt(share * median) if pd.notna(median) else pd.Series(False)
    return (timed & fast.fillna(False)).astype(bool)


def _straightliners(
    answers: pd.DataFrame, people: pd.DataFrame, study: Study, wave: str
) -> pd.Series:
    items = study.items_of(wave)
    scales = pd.Series([item.scale for item in items if item.type == "scale"], dtype=object)
    least = study.settings["cleaning"]["straightline_items"]
    same: set[str] = set()
    for scale in scales[scales.map(scales.value_counts()).ge(least)].unique():
        ids = [item.id for item in items if item.scale == scale]
        given = answers[answers["item"].isin(ids) & answers["state"].eq("answered")]
        values = given.groupby("respondent", observed=True)["value"].agg(["nunique", "count"])
        same |= set(values.index[values["nunique"].eq(1) & values["count"].eq(len(ids))])
    multiple = {item.id for item in items if item.type == "multiple"}
    boxes = answers[answers["item"].isin(multiple) & answers["option"].ne("other")]
    ticked = boxes["value"].eq("1").groupby([boxes["respondent"], boxes["item"]], observed=True)
    all_ticked = ticked.all()
    full = set(all_ticked[all_ticked].index.get_level_values("respondent"))
    return _among(people, same & full)


def _over_max(answers: pd.DataFrame, study: Study, wave: str) -> pd.DataFrame:
    frames = []
    for item in study.items_of(wave):
        if item.max_picks is not None:
            own = answers[answers["item"].eq(item.id) & answers["value"].eq("1")]
            picks = own.groupby("respondent", observed=True).size()
            over = picks[picks > item.max_picks]
            found = {"respondent": over.index, "old": over.to_numpy(), "new": item.max_picks}
            frames.append(pd.DataFrame(found).assign(item=item.id, option=""))
    empty = pd.DataFrame(columns=["respondent", "old", "new", "item", "option"])
    return pd.concat(frames, ignore_index=True) if frames else empty


def _outside(answers: pd.DataFrame, study: Study, wave: str) -> pd.DataFrame:
    """Picks in an item that takes its options from an earlier one, not ticked there."""
    frames = [pd.DataFrame(columns=["respondent", "option", "item"])]
    scale = {item.id: item.scale for item in study.items_of(wave)}
    ticked = answers[answers["value"].eq("1")]
    for item in study.items_of(wave):
        if item.asked_if and scale.get(item.asked_if) == item.scale and item.type == "multiple":
            keys = ["respondent", "option"]
            own = ticked.loc[ticked["item"].eq(item.id), keys]
            before = ticked.loc[ticked["item"].eq(item.asked_if), keys]
            joined = own.merge(before, on=keys, how="left", indicator=True)
            outside = joined.loc[joined["_merge"].eq("left_only"), keys]
            frames.append(outside.assign(item=item.id))
    return pd.concat(frames, ignore_index=True)


def _left_out(people: pd.DataFrame, rules: list[str]) -> pd.Series:
    """The first rule, in the order of study.toml, that keeps a respondent out ("" if none)."""
    conditions = [_flag(people, name) for name in rules]
    reasons = np.select(conditions, rules, default="") if rules else ""
    return pd.Series(reasons, index=people.index, dtype="string")


def _flag(people: pd.DataFrame, name: str) -> pd.Series:
    raised = people["duplicate_of"].ne("") if name == "duplicate" else people[name]
    return raised.astype(bool)


def _flag_log(people: pd.DataFrame) -> pd.DataFrame:
    frames = []
    for name in RESPONDENT_FLAGS[:-1]:
        hit = people[_flag(people, name)]
        new = hit["duplicate_of"] if name == "duplicate" else ""
        frame = hit[["wave", "respondent", "row"]].assign(new=new, kind="flag", rule=name)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _item_log(found: pd.DataFrame, people: pd.DataFrame, rule: str) -> pd.DataFrame:
    rows = found.merge(people[["wave", "respondent", "row"]], on="respondent", how="left")
    return rows.assign(kind="flag", rule=rule)
