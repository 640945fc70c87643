"""Whether survey, conversations, observations and registers say the same of a topic."""

from __future__ import annotations

import pandas as pd

from copanalysis.evidence.sources import Sources
from copanalysis.evidence.strength import DIRECTIONS, SPEAKING, source_directions
from copanalysis.evidence.tallies import LOOK_UP, evidence_tallies
from copanalysis.fieldwork.quotes import QUOTE_COLUMNS, chosen_quotes
from copanalysis.study.evidence_ids import read_references
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Study
from copanalysis.survey.intervals import wilson_interval

AMOUNTS = tuple(LOOK_UP)  # the kinds of source of which an amount can be found


def convergence_coding(directions: pd.DataFrame, *, id: str, study: Study) -> pd.DataFrame:
    """Agreement, partial agreement, dissonance or silence between kinds of source.

    The triangulation protocol of Farmer, Robinson, Elliott and Eyles (2006, Qualitative Health
    Research 16:377), with the rule of ``[[convergence]]`` in study.toml: the first that fits.
    Returns id, n_speaking, n_for, n_against, n_mixed (kinds of source), convergence and
    convergence_name; one row per id of ``directions`` (see ``strength.source_directions``).
    """
    named = {"for": "n_for", "against": "n_against", "mixed": "n_mixed"}
    counts = pd.crosstab(directions[id], directions["direction"])
    counts = counts.reindex(columns=SPEAKING, fill_value=0).rename(columns=named)
    counts = counts.reindex(directions[id].drop_duplicates()).reset_index()
    counts.columns.name = None
    counts.insert(1, "n_speaking", counts[list(named.values())].sum(axis=1))
    found = [_coded(row, study) for row in counts.itertuples()]
    return counts.assign(
        convergence=[rule["id"] for rule in found],
        convergence_name=[rule["label"] for rule in found],
    )


def _coded(row, study: Study) -> dict:
    """The first rule that fits; sources oppose each other where some support and some do not."""
    opposed = min(row.n_for, row.n_against)
    return next(
        rule
        for rule in study.settings["convergence"]
        if row.n_speaking >= rule["speaking"]
        and opposed <= rule["opposed"]
        and row.n_mixed <= rule["mixed"]
    )


def directions_in_words(directions: pd.DataFrame, *, id: str) -> pd.DataFrame:
    """One row per id and a column per kind of source (item, code, obs, reg, doc) with what it says
    in Dutch ("" where the row names no evidence of that kind)."""
    words = directions.assign(direction=directions["direction"].map(DIRECTIONS))
    wide = words.pivot(index=id, columns="kind", values="direction").reindex(columns=AMOUNTS)
    wide.columns.name = None
    ordered = wide.reindex(directions[id].drop_duplicates())
    return ordered.astype("string").fillna("").reset_index()


def joint_display(sources: Sources) -> pd.DataFrame:
    """Survey, conversations and observations side by side for every topic of convergence.csv.

    Returns topic, label, chapter, share (of respondents, for the first survey id that supports
    the topic, missing without one) with ci_low, ci_high and base_item; n_code and n_code_against
    (conversations, the largest of the ids) of base_code; n_obs meetings of base_obs; the words
    of each kind (item, code, obs, reg, doc), convergence and convergence_name.
    """
    study = sources.study
    topics = study.table("convergence.csv")
    tallies = evidence_tallies(topics, id="topic", sources=sources)
    directions = source_directions(tallies, id="topic")
    coded = convergence_coding(directions, id="topic", study=study)
    words = directions_in_words(directions, id="topic")
    first = tallies[tallies["side"].eq("for")].groupby(["topic", "kind"], sort=False).first()
    most = tallies.groupby(["topic", "kind", "side"], sort=False)[["n", "base"]].max()
    out = topics[["topic", "label", "chapter"]].merge(words, on="topic").merge(coded, on="topic")
    for column, (table, key) in {
        "n_item": (first["n"], ("item",)),
        "base_item": (first["base"], ("item",)),
        "n_code": (most["n"], ("code", "for")),
        "n_code_against": (most["n"], ("code", "counter")),
        "base_code": (most["base"], ("code", "for")),
        "n_obs": (most["n"], ("obs", "for")),
        "base_obs": (most["base"], ("obs", "for")),
    }.items():
        out[column] = [table.get((topic, *key), pd.NA) for topic in out["topic"]]
    return out.assign(**_interval(out, confidence=study.confidence))


def joint_quotes(sources: Sources) -> pd.DataFrame:
    """A quote for every topic of convergence.csv, for its joint display.

    It illustrates the first code that supports the topic, chosen from all conversations by the
    rule of ``quotes.chosen_quotes``. Returns topic and the columns of that function; a topic
    without a code, or of which no passage can be quoted, has no row.
    """
    topics = sources.study.table("convergence.csv")
    firsts = {
        topic: next((r.id for r in read_references(evidence) if r.kind == "code"), "")
        for topic, evidence in zip(topics["topic"], topics["evidence"], strict=True)
    }
    named = pd.DataFrame(
        {"topic": list(firsts), "code": [c.split("+")[0] for c in firsts.values()]}
    )
    documents, used = sources.table("documents"), sources.coded
    if isinstance(documents, NotMeasured) or isinstance(used, NotMeasured):
        return named.iloc[:0].reindex(columns=["topic", *QUOTE_COLUMNS])
    segments = sources.tables["segments"]
    coders = segments[segments["coder"].isin(sources.study.settings["coding"]["coders"])]
    codes = [code for code in named["code"].unique() if code]
    who = {"documents": documents, "coders": coders, "study": sources.study}
    return named.merge(chosen_quotes(used, codes=codes, **who), on="code")


def _interval(table: pd.DataFrame, *, confidence: float) -> dict[str, object]:
    n, base = (pd.to_numeric(table[c]).astype(float) for c in ("n_item", "base_item"))
    low, high = wilson_interval(n.fillna(0), base.fillna(0), population=None, confidence=confidence)
    return {"share": n / base, "ci_low": low, "ci_high": high}
