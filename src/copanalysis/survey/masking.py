"""Open answers without what identifies a person, each mask told in the cleaning log."""

from __future__ import annotations

import pandas as pd

from copanalysis.study.identifiers import masked_texts, names_of_study
from copanalysis.study.plan import Study
from copanalysis.survey.tidying import LOG_COLUMNS

CELL = ["wave", "respondent", "item", "option"]
PLACE = [*CELL, "row", "column"]
RULE = "masked_"


def mask_identifiers(
    answers: pd.DataFrame,
    log: pd.DataFrame,
    *,
    people: pd.DataFrame,
    wiring: pd.DataFrame,
    study: Study,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers and cleaning log in which a mask ("[persoon]") stands for every identifier.

    ``answers`` and ``log`` are those of one wave, ``people`` its respondents (respondent, row)
    and ``wiring`` what its columns hold. Names of people, phone numbers, addresses and the like
    are found by `masked_texts`; places and organisations stay. The log gains a row of kind
    "mask" for every kind of identifier in a cell: where it stands, and rule ("masked_person").
    It repeats neither the old value nor the new one, so a masked value can be looked up in the
    raw file alone, by row and column.
    """
    parts = {"text": answers["text"], "old": log["old"], "new": log["new"]}
    done = masked_texts(pd.concat(parts).astype("string"), names=names_of_study(study.names))
    cells = {"text": _placed(answers[CELL], people, wiring), "old": log[PLACE], "new": log[PLACE]}
    met = [table.assign(rule=done.loc[part, "kinds"].str.split()) for part, table in cells.items()]
    kept = log.assign(old=done.loc["old", "text"], new=done.loc["new", "text"])
    masks = _rows(pd.concat(met, ignore_index=True))
    return answers.assign(text=done.loc["text", "text"]), pd.concat([kept, masks])


def _placed(cells: pd.DataFrame, people: pd.DataFrame, wiring: pd.DataFrame) -> pd.DataFrame:
    """Cells of the answers with their row and column in the raw file."""
    wires = wiring.astype("string").fillna("")
    wires = wires.sort_values("role", key=lambda role: role.eq("text"))  # before the box it ticks
    option = wires["option"].mask(wires["role"].eq("text"), "other")
    column = dict(zip(zip(wires["item"], option, strict=True), wires["column"], strict=True))
    keys = zip(cells["item"], cells["option"].astype("string").fillna(""), strict=True)
    columns = [column.get((item, option)) or column.get((item, "")) for item, option in keys]
    row_of = people.set_index("respondent")["row"]
    return cells.assign(row=cells["respondent"].map(row_of), column=columns)


def _rows(cells: pd.DataFrame) -> pd.DataFrame:
    """A row of the log for every kind of identifier in every cell."""
    met = cells.explode("rule").dropna(subset="rule").drop_duplicates()
    return met.assign(rule=RULE + met["rule"], kind="mask").reindex(columns=LOG_COLUMNS)
