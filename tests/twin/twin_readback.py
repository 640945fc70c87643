"""Reading the twin back with pandas, calamine and pyreadstat: no reader of the project."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat

from copanalysis.study.plan import Study

TEST_WORDS = {"test", "testje", "Testje"}
OPEN = ["q6_examples", "q7_work_forms", "q8_obstacles", "q10_signs", "q12_learn"]
MULTIPLE = ["q2_aims", "q3_hoped", "q4_got", "q5_most_important", "q11_help"]


def only(folder: Path, pattern: str) -> Path:
    [path] = folder.glob(pattern)
    return path


def limesurvey_csv(twin: Path) -> pd.DataFrame:
    path = only(twin / "survey" / "wave_1", "*.csv")
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def limesurvey_rows(twin: Path, study: Study) -> pd.DataFrame:
    raw = limesurvey_csv(twin)
    out = {
        "started": pd.to_datetime(raw["startdate"]),
        "submitted": pd.to_datetime(raw["submitdate"]),
    }
    out["seconds"] = (out["submitted"] - out["started"]).dt.total_seconds()
    for row in _listed(study, "limesurvey", "1").itertuples():
        if row.role == "text":
            out[f"{row.item}.text"] = raw[row.column]
            out[f"{row.item}.other"] = raw[row.column].ne("")
        elif row.option:
            out[f"{row.item}.{row.option}"] = raw[row.column].eq("Y")
        else:
            options = study.options(row.item, wave="1")
            code = {f"A{o.position}": o.option for o in options.itertuples()}
            out[row.item] = raw[row.column].map({**code, "": ""}) if code else raw[row.column]
    return pd.DataFrame(out)


def _listed(study: Study, format: str, wave: str) -> pd.DataFrame:
    asked = {item.id for item in study.items_of(wave)}
    columns = study.table("columns.csv")
    return columns[columns["format"].eq(format) & columns["item"].isin(asked)]


def forms_sheet(twin: Path) -> pd.DataFrame:
    path = only(twin / "survey" / "wave_2", "*.xlsx")
    return pd.read_excel(path, engine="calamine", keep_default_na=False)


def forms_rows(twin: Path, study: Study) -> pd.DataFrame:
    raw = forms_sheet(twin)
    raw.columns = [" ".join(c.replace("\u00a0", " ").split()) for c in raw.columns]
    out = {"started": raw["Begintijd"], "submitted": raw["Tijd van voltooien"]}
    out["seconds"] = (out["submitted"] - out["started"]).dt.total_seconds()
    for item in study.items_of("2"):
        cells = raw[item.wording].astype(str)
        labels = study.options(item.id, wave="2").set_index("label")["option"].to_dict()
        if item.type != "multiple":
            out[item.id] = cells.map({**labels, "": ""}) if labels else cells
            continue
        labels.pop("Anders, namelijk...")
        left = cells
        for label, option in labels.items():
            out[f"{item.id}.{option}"] = cells.str.contains(f"{label};", regex=False)
            left = left.str.replace(f"{label};", "", regex=False)
        out[f"{item.id}.other"] = left.ne("")
        out[f"{item.id}.text"] = left.str.removesuffix(";")
    return pd.DataFrame(out)


def spss(twin: Path, **options) -> tuple[pd.DataFrame, object]:
    return pyreadstat.read_sav(only(twin / "survey" / "wave_3", "*.sav"), **options)


def spss_rows(twin: Path, study: Study) -> pd.DataFrame:
    raw, _ = spss(twin)
    out = {"started": raw["start"], "submitted": raw["eind"], "seconds": raw["duur"]}
    for row in _listed(study, "spss", "3").itertuples():
        options = study.options(row.item, wave="3")
        if row.role == "text":
            out[f"{row.item}.text"] = raw[row.column]
        elif row.option:
            out[f"{row.item}.{row.option}"] = raw[row.column].eq(1)
        elif len(options):
            code = options.set_index("position")["option"]
            out[row.item] = raw[row.column].map(code).fillna("")
        else:
            out[row.item] = raw[row.column]
    return pd.DataFrame(out)


def answering(table: pd.DataFrame) -> pd.DataFrame:
    answers = table.drop(columns=["started", "submitted", "seconds"])
    content = answers.drop(columns="q1_cop").map(bool).any(axis=1)
    is_test = table[OPEN].isin(TEST_WORDS).any(axis=1)
    return table[content & ~is_test & ~answers.duplicated()]


def ticks_of(table: pd.DataFrame, item: str) -> pd.DataFrame:
    boxes = [c for c in table if c.startswith(f"{item}.") and not c.endswith(".text")]
    return table[boxes].rename(columns=lambda c: c.partition(".")[2])


def contents(path: Path) -> object:
    """The bytes of a file; of a workbook those of its parts, whatever library packed them."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def files(folder: Path) -> dict[str, Path]:
    return {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
