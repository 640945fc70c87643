"""Wave as LimeSurvey exports it: a CSV with question codes and answer codes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from copanalysis.study.plan import Study
from copanalysis.twin.headings import export_columns
from copanalysis.twin.limesurvey_structure import structure_xml
from copanalysis.twin.targets import Targets

CLOCK = "%Y-%m-%d %H:%M:%S"


def write_limesurvey(
    people: pd.DataFrame, folder: Path, *, study: Study, wave: str, targets: Targets
) -> list[Path]:
    """Write the responses (.csv) and the questionnaire (.lss) of a wave; returns both paths.

    The CSV is LimeSurvey's export with question codes and answer codes: every cell quoted, a
    byte order mark, "Y" or nothing per tick box, the write-in under [other], nothing where a
    question was not answered or not seen, and no submitdate for who did not finish.
    """
    plan = targets.waves[wave]
    columns = export_columns(study, wave=wave, format="limesurvey")
    questions = _questions(people, columns, study, wave)
    table = pd.concat([_system_columns(people, plan.survey), *questions], axis=1)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.to_numpy().tolist())
    responses, structure = folder / plan.file, folder / plan.structure
    responses.write_bytes(text.getvalue().encode("utf-8-sig"))
    structure.write_bytes(structure_xml(columns, study=study, wave=wave, targets=targets))
    return [responses, structure]


def _system_columns(people: pd.DataFrame, survey: int) -> pd.DataFrame:
    """The columns that LimeSurvey adds itself; a page is a group of questions."""
    number = np.arange(1, len(people) + 1)
    done = people["after"].eq("")
    ended = people["submitted"].dt.strftime(CLOCK)
    page = np.select([done, people["kind"].eq("empty")], ["4", ""], default="1")
    return pd.DataFrame(
        {
            "id": number,
            "submitdate": ended.where(done, ""),
            "lastpage": page,
            "startlanguage": "nl",
            "seed": 100_000_000 + (number * 7_919 * survey) % 900_000_000,
            "startdate": people["started"].dt.strftime(CLOCK),
            "datestamp": ended,
        }
    )


def _questions(
    people: pd.DataFrame, columns: pd.DataFrame, study: Study, wave: str
) -> list[pd.Series]:
    filled = []
    for row in columns.itertuples():
        if row.role == "text":
            cells = people[f"{row.item}.text"]
        elif row.option:
            cells = people[f"{row.item}.{row.option}"].map({True: "Y", False: ""})
        else:
            options = study.options(row.item, wave=wave)
            code = dict(zip(options["option"], "A" + options["position"].astype(str), strict=True))
            cells = people[row.item].map({**code, "": ""}) if code else people[row.item]
        filled.append(cells.rename(row.column))
    return filled
