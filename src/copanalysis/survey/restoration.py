"""Back from tidy answers to the raw cells: the proof that cleaning lost nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from copanalysis.study.plan import Study
from copanalysis.survey.boxes import joined_cell, labels_of


def raw_cells(tables: Mapping[str, pd.DataFrame], *, study: Study, wave: str) -> pd.DataFrame:
    """The raw cells of every wired column, rebuilt from the prepared tables of one wave.

    ``tables`` are answers, respondents, cleaning_log, wiring and codes. Returns one row per
    respondent (index) and one column per wired column of the export, text as it stands in the
    file and missing where the cell is empty. Rebuilt from the code list and the texts; what
    the log says of a cell goes before. A cell of which the log tells a mask comes back with
    the mask: its own value stands in the raw file alone.
    """
    answers = _before_decisions(tables["answers"], tables["cleaning_log"])
    people = tables["respondents"]["respondent"]
    codes = tables["codes"].astype("string").set_index(["column", "code"])["raw"]
    cells = {}
    for wire in tables["wiring"].astype("string").fillna("").itertuples():
        own = answers[answers["item"].eq(wire.item)]
        if wire.role == "joined":
            column = _joined(own, study, wire.item, wave)
        else:
            option = "other" if wire.role == "text" else wire.option
            rows = own[own["option"].eq(option)].set_index("respondent")
            is_text = wire.role == "text" or study.item(wire.item, wave=wave).type == "open"
            column = rows["text"] if is_text else _raw(rows["value"], codes, wire.column)
        cells[wire.column] = column.reindex(people)
    out = pd.DataFrame(cells, index=pd.Index(people, name="respondent"), dtype="string")
    return _with_logged(out, tables["cleaning_log"])


def _raw(values: pd.Series, codes: pd.Series, column: str) -> pd.Series:
    known = codes.loc[column] if column in codes.index.get_level_values(0) else codes.iloc[:0]
    return values.map(known.replace("", pd.NA).to_dict()).astype("string")


def _joined(own: pd.DataFrame, study: Study, item: str, wave: str) -> pd.Series:
    labels, spellings = labels_of(study, item, wave)
    ticked = own[own["value"].eq("1")].groupby("respondent", observed=True)["option"].agg(set)
    return ticked.map(lambda ticks: joined_cell(ticks, labels, spellings, ";") or pd.NA)


def _before_decisions(answers: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """The answers with every decision on a write-in undone."""
    decided = log[log["rule"].isin(["write_in_move", "write_in_clear"])].astype("string")
    old = decided.set_index(["respondent", "item", "option"])["old"]
    out = answers.astype(dict.fromkeys(("item", "option", "value", "respondent"), "string"))
    index = pd.MultiIndex.from_frame(out[["respondent", "item", "option"]].fillna(""))
    return out.assign(
        option=out["option"].fillna(""),
        value=out["value"].mask(index.isin(old.index), old.reindex(index).to_numpy()),
    )


def _with_logged(cells: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    changed = log[log["kind"].eq("change") & log["column"].notna()].astype("string")
    for row in changed.itertuples():
        cells.at[row.respondent, row.column] = row.old if row.old else pd.NA
    return cells
