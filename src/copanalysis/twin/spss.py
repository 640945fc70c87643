"""Wave as a research firm delivers it: an SPSS file with labels, missing values and sets."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from copanalysis.errors import CopanalysisError
from copanalysis.study.plan import Study
from copanalysis.twin.headings import export_columns
from copanalysis.twin.targets import Targets, WavePlan

MISSING = {"dont_know": 98, "no_answer": 99}
MISSING_LABELS = {98: "weet niet", 99: "geen antwoord"}
TICK_LABELS = {0: "Niet gekozen", 1: "Gekozen"}
LONGEST_LABEL = 255  # bytes
END_OF_DICTIONARY = struct.pack("<2i", 999, 0)
CREATED_AT = 92  # place in the file of "dd mmm yyhh:mm:ss"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_spss(
    people: pd.DataFrame, folder: Path, *, study: Study, wave: str, targets: Targets
) -> list[Path]:
    """Write the responses of a wave as a .sav file; returns its path.

    Codes are the positions of the options; 98 and 99 are user-missing, other missing answers
    are system-missing. A multiple item is a set of 0/1 variables, all system-missing where
    nothing was ticked, and is stored as a multiple response set "$q4". Variables have the
    wording as label (options: their own), cut at 255 bytes as SPSS does. The creation date is
    the last day of the wave, so that the same answers give the same bytes.
    """
    plan = targets.waves[wave]
    columns = export_columns(study, wave=wave, format="spss")
    path = folder / plan.file
    values = {r.column: _values(people, r, study, wave) for r in columns.itertuples()}
    labels = {r.column: _value_labels(r, study, wave, plan) for r in columns.itertuples()}
    coded = {name: own for name, own in labels.items() if own}
    pyreadstat.write_sav(
        pd.DataFrame({**_system_variables(people), **values}),
        path,
        file_label=cut(plan.title, 64),
        column_labels=_variable_labels(columns, study, wave),
        variable_value_labels=coded,
        missing_ranges={name: list(MISSING_LABELS) for name, own in coded.items() if 98 in own},
        variable_format={"respnr": "F5.0", "duur": "F8.0", **dict.fromkeys(coded, "F2.0")},
        variable_measure={**dict.fromkeys(coded, "nominal"), "duur": "scale"},
        row_compress=True,
    )
    sets = multiple_response_sets(columns, study=study, wave=wave)
    _complete(path, sets=sets, created=plan)
    return [path]


def multiple_response_sets(
    columns: pd.DataFrame, *, study: Study, wave: str
) -> dict[str, tuple[str, list[str]]]:
    """Per set ("q4"): its label and the names of its variables."""
    ticks = columns[columns["option"].ne("") & columns["role"].ne("text")]
    return {
        item.partition("_")[0]: (cut(study.item(item, wave=wave).wording), list(own["column"]))
        for item, own in ticks.groupby("item", sort=False)
    }


def cut(text: str, longest: int = LONGEST_LABEL) -> str:
    """A text of at most so many bytes in UTF-8, no character broken."""
    return text.encode()[:longest].decode(errors="ignore")


def _system_variables(people: pd.DataFrame) -> dict[str, object]:
    return {
        "respnr": np.arange(1001, 1001 + len(people), dtype="float64"),
        "start": people["started"].astype("datetime64[us]"),  # pyreadstat loses [s]
        "eind": people["submitted"].astype("datetime64[us]"),
        "duur": people["seconds"].astype("float64"),
    }


def _values(people: pd.DataFrame, row: Any, study: Study, wave: str) -> pd.Series:
    if row.role == "text":
        return people[f"{row.item}.text"]
    options = study.options(row.item, wave=wave)
    if row.option:
        boxes = people[[f"{row.item}.{option}" for option in options["option"]]]
        return people[f"{row.item}.{row.option}"].astype(float).where(boxes.any(axis=1))
    if options.empty:
        return people[row.item]
    return (
        people[row.item].map({**options.set_index("option")["position"], **MISSING}).astype(float)
    )


def _value_labels(row: Any, study: Study, wave: str, plan: WavePlan) -> dict[int, str]:
    if row.role == "text":
        return {}
    if row.option:
        return TICK_LABELS
    options = study.options(row.item, wave=wave)
    is_cop = study.item(row.item, wave=wave).scale == "cop"
    names = plan.cop_labels if is_cop else {}
    own = {o.position: names.get(o.option, o.label) for o in options.itertuples()}
    return {**own, **MISSING_LABELS} if own and not is_cop else own


def _variable_labels(columns: pd.DataFrame, study: Study, wave: str) -> dict[str, str]:
    labels = {"respnr": "Respondentnummer", "start": "Start", "eind": "Eind", "duur": "Duur (s)"}
    for row in columns.itertuples():
        options = study.options(row.item, wave=wave).set_index("option")["label"]
        label = options[row.option] if row.option else study.item(row.item, wave=wave).wording
        labels[row.column] = cut(f"{label} (tekst)" if row.role == "text" else label)
    return labels


def _complete(path: Path, *, sets: Mapping[str, tuple[str, list[str]]], created: WavePlan) -> None:
    """Add the multiple response sets to a .sav file and give it a fixed creation date."""
    data = path.read_bytes()
    end = data.index(END_OF_DICTIONARY)
    day = datetime.combine(created.last, datetime.min.time()).replace(hour=17)
    stamp = f"{day:%d} {MONTHS[day.month - 1]} {day:%y}{day:%H:%M:%S}".encode()
    head = data[:CREATED_AT] + stamp + data[CREATED_AT + len(stamp) : end]
    path.write_bytes(head + _sets_record(sets) + data[end:])
    stored = pyreadstat.read_sav(path, metadataonly=True)[1].mr_sets
    if {name: found["variable_list"] for name, found in stored.items()} != {
        name: variables for name, (_, variables) in sets.items()
    }:
        raise CopanalysisError(
            f"The multiple response sets of {path.name} do not read back as written: the names "
            "of their variables in columns.csv must differ in their first eight characters."
        )


def _sets_record(sets: Mapping[str, tuple[str, list[str]]]) -> bytes:
    """Extension record 7 of the dictionary, as PSPP documents it: variables by short name."""
    lines = b""
    for name, (label, variables) in sets.items():
        text = label.encode()
        short = " ".join(variable[:8].lower() for variable in variables)
        lines += f"${name}=D1 1 {len(text)} ".encode() + text + f" {short}\n".encode()
    return struct.pack("<4i", 7, 7, 1, len(lines)) + lines
