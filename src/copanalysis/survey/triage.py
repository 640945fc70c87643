"""Write-ins of "Anders, namelijk" under the decisions that researchers wrote in decisions.csv."""

from __future__ import annotations

import pandas as pd

from copanalysis.study.plan import Study
from copanalysis.survey.answers import normalise_answer
from copanalysis.survey.tidying import LOG_COLUMNS


def apply_decisions(
    answers: pd.DataFrame, *, respondents: pd.DataFrame, study: Study
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers with every decision of decisions.csv carried out, and one log row per change.

    A decision names an item and a write-in (compared without case and spaces). "move" ticks
    the closed option it belongs to and unticks "other" (the text stays); "keep" leaves it as
    an answer of its own; "clear" unticks "other" for a text that says nothing. A write-in
    without a decision is left as it is: ``undecided_write_ins`` lists those.
    """
    decisions = _decisions(study)
    written = _write_ins(answers)
    found = written.merge(decisions, on=["item", "key"], how="inner")
    out = answers.copy()
    out["value"] = out["value"].astype("string")
    log = []
    for action, option_column in (("move", "option"), ("move", None), ("clear", None)):
        rows = found[found["action"].eq(action)]
        target = rows[option_column] if option_column else pd.Series("other", index=rows.index)
        value = "1" if option_column else "0"
        changed = _set(out, rows["respondent"], rows["item"], target, value)
        log.append(changed.assign(rule=f"write_in_{action}"))
    out["value"] = out["value"].astype(pd.CategoricalDtype(sorted(out["value"].dropna().unique())))
    rows = respondents[["wave", "respondent", "row"]]
    notes = pd.concat(log, ignore_index=True).merge(rows, on="respondent", how="left")
    notes = notes.assign(kind="change").reindex(columns=LOG_COLUMNS)
    return out, notes.astype("string").astype({"row": "Int64"})


def undecided_write_ins(answers: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """Write-ins that no decision covers: wave, item, text, one row each (for decisions.csv)."""
    written = _write_ins(answers)
    known = written.merge(_decisions(study), on=["item", "key"], how="left")
    open_ = known[known["action"].isna()]
    return open_[["wave", "item", "text"]].reset_index(drop=True)


def _decisions(study: Study) -> pd.DataFrame:
    table = study.table("decisions.csv")
    return table.assign(key=table["text"].map(normalise_answer))[
        ["item", "key", "action", "option"]
    ]


def _write_ins(answers: pd.DataFrame) -> pd.DataFrame:
    rows = answers[answers["option"].eq("other") & answers["text"].notna()]
    rows = rows[["wave", "respondent", "item", "text"]].astype("string")
    return rows.assign(key=rows["text"].map(normalise_answer).astype("string"))


def _set(
    answers: pd.DataFrame, who: pd.Series, item: pd.Series, option: pd.Series, value: str
) -> pd.DataFrame:
    """Set ticks in place on our own copy; returns the cells that really changed."""
    wanted = pd.MultiIndex.from_arrays([who, item, option])
    index = pd.MultiIndex.from_frame(answers[["respondent", "item", "option"]].astype("string"))
    hit = index.isin(wanted) & answers["value"].ne(value).fillna(False)
    changed = answers.loc[hit, ["respondent", "item", "option", "value"]]
    answers.loc[hit, "value"] = value
    return changed.rename(columns={"value": "old"}).assign(new=value)
