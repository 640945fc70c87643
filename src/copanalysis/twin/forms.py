"""Wave as Microsoft Forms exports it: a workbook with question texts as headings."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pandas as pd
import xlsxwriter

from copanalysis.study.plan import Item, Study
from copanalysis.twin.targets import Targets

SPACE = "\u00a0"  # Forms ends a heading with one, and keeps those of a pasted question
CLOCK = "m/d/yy h:mm:ss"


def write_forms(
    people: pd.DataFrame, folder: Path, *, study: Study, wave: str, targets: Targets
) -> list[Path]:
    """Write the responses of a wave as a Forms workbook in Dutch; returns its path.

    One sheet; picks of a multiple item stand in one cell, each followed by ";", with the
    write-in in the place of "Anders, namelijk..."; each statement has a column of its own.
    The creation date of the workbook is the last day of the wave, so that the same answers
    give the same bytes.
    """
    plan = targets.waves[wave]
    columns: dict[str, list] = {
        "Id": list(range(1, len(people) + 1)),
        "Begintijd": list(people["started"].dt.to_pydatetime()),
        "Tijd van voltooien": list(people["submitted"].dt.to_pydatetime()),
        "E-mail": ["anonymous"] * len(people),
        "Naam": [""] * len(people),
    }
    for item in study.items_of(wave):
        columns[_heading(item)] = _cells(people, item, study, wave)
    path = folder / plan.file
    as_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls"), False)
    with xlsxwriter.Workbook(path, as_text) as book:
        book.set_properties({"created": datetime.combine(plan.last, time(17))})
        clock = book.add_format({"num_format": CLOCK})
        sheet = book.add_worksheet("Sheet1")
        for number, (heading, cells) in enumerate(columns.items()):
            style = clock if isinstance(cells[0], datetime) else None
            sheet.write_string(0, number, heading)
            sheet.write_column(1, number, cells, style)
    return [path]


def _heading(item: Item) -> str:
    if item.type == "scale":
        return item.wording
    return item.wording.replace(" (", f"{SPACE}(") + SPACE


def _cells(people: pd.DataFrame, item: Item, study: Study, wave: str) -> list[str]:
    labels = study.options(item.id, wave=wave).set_index("option")["label"].to_dict()
    if item.type == "open":
        return list(people[item.id])
    if item.type != "multiple":
        return list(people[item.id].map({**labels, "": ""}))
    picked = pd.DataFrame(
        {o: people[f"{item.id}.{o}"].map({True: f"{t};", False: ""}) for o, t in labels.items()}
    )
    if "other" in labels:
        written = people[f"{item.id}.text"]
        picked["other"] = (written + ";").where(written.ne(""), picked["other"])
    return list(picked.sum(axis=1))
