"""The columns of an export: columns.csv in the order of the questionnaire."""

from __future__ import annotations

import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.plan import Study


def export_columns(study: Study, *, wave: str, format: str) -> pd.DataFrame:
    """The question columns of an export: column, item, option, role ("text" for a write-in).

    Sorted by item and option as fielded, the tick box "other" before its text. Raises one
    CopanalysisError when columns.csv lacks a column for an item or option of the wave; only
    a LimeSurvey export has no tick box for "other": there the text is the tick.
    """
    listed = study.table("columns.csv")
    listed = listed[listed["format"].eq(format) & listed["wave"].isin(["", wave])]
    listed = listed[listed["role"].isin(["", "text"])]
    columns, problems = [], []
    for item in study.items_of(wave):
        own = listed[listed["item"].eq(item.id)]
        options = [""] if item.type != "multiple" else study.options(item.id, wave=wave)["option"]
        for option in options:
            rows = own[own["option"].eq(option)].sort_values("role")
            columns += rows[["column", "item", "option", "role"]].to_dict("records")
            if rows.empty:
                where = f"columns.csv, {item.id} {option}".strip()
                found, expected = f"no column for format {format}", "one row for the twin to write"
                problems.append(Problem(where, found, expected, "add its column to columns.csv"))
    refuse_if_any(f"The twin cannot write wave {wave} as {format}", problems)
    return pd.DataFrame(columns)
