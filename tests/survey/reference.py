"""Answers made of matrices of ticks, and the numbers that R gave for them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parents[1] / "data" / "statistics"
SMALL = {"expected": 5, "share": 0.2, "least": 1, "group": 5}  # as in study.toml
NEVER_SMALL = dict.fromkeys(SMALL, 0)  # for the versions of a test that the rule would refuse
COLUMNS = ["wave", "respondent", "cop", "item", "option", "value", "state"]


def r_values(file: str) -> dict[str, np.ndarray]:
    """The output of a script in R: a vector per name (the script stands beside it)."""
    table = pd.read_csv(FOLDER / file)
    return {name: rows["value"].to_numpy() for name, rows in table.groupby("name", sort=False)}


def mrcv() -> dict:
    """Values of the R package MRCV for the farmer data; its origin stands in the file."""
    return json.loads((FOLDER / "mrcv_farmer2.json").read_text(encoding="utf-8"))


def farmer() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "mrcv_farmer2.csv")


def options_of(item: str, codes, label: str = "{}") -> pd.DataFrame:
    rows = [(item, c, label.format(c), k, "answer") for k, c in enumerate(codes, 1)]
    return pd.DataFrame(rows, columns=["item", "option", "label", "position", "kind"])


def ticked(item: str, ticks: pd.DataFrame, *, wave: str = "1", cop="a") -> pd.DataFrame:
    """Tidy answers of a multiple-response item: a respondent per row of ``ticks``."""
    cops = [cop] * len(ticks) if isinstance(cop, str) else list(cop)
    rows = []
    for k, row in enumerate(ticks.to_dict("records")):
        state = "answered" if any(row.values()) else "none_ticked"
        for code, tick in row.items():
            rows.append((wave, f"{wave}-{k:05d}", cops[k], item, code, str(int(tick)), state))
    return pd.DataFrame(rows, columns=COLUMNS)


def chosen(item: str, values, *, wave: str = "1", cop="a") -> pd.DataFrame:
    """Tidy answers of a single-choice or scale item: a respondent per value."""
    cops = [cop] * len(values) if isinstance(cop, str) else list(cop)
    rows = [
        (wave, f"{wave}-{k:05d}", cops[k], item, "", str(value), "answered")
        for k, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
