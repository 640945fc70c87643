"""Evidence told to the reader: what an id is, and how much of it there is, in Dutch."""

from __future__ import annotations

import pandas as pd

from copanalysis.study.evidence_ids import Reference, read_references
from copanalysis.study.plan import Study
from copanalysis.study.registers import study_registers, vocabulary_labels

UNITS = {
    "item": "deelnemers",
    "code": "gesprekken",
    "obs": "bijeenkomsten",
    "reg": "regels",
    "doc": "documenten",
}


def evidence_words(tallies: pd.DataFrame, *, study: Study) -> pd.Series:
    """One phrase per row of ``tallies.evidence_tallies``, with its index: "Kortere lijnen (14 van
    38 gesprekken)", or with the reason when it could not be measured."""
    minimum = study.settings["disclosure"]["minimum_people"]
    phrases = [
        _phrase(row, reference_name(study, read_references(row.reference)[0]), minimum=minimum)
        for row in tallies.itertuples()
    ]
    return pd.Series(phrases, index=tallies.index, dtype="string")


def _phrase(row, name: str, *, minimum: int) -> str:
    if row.reason:
        return f"{name} (niet te meten: {row.reason})"
    if row.kind == "code" and row.base < minimum:  # so few people that their number names them
        return f"{name} (in minder dan {minimum} gesprekken nagegaan)"
    amount = str(row.n) if pd.isna(row.base) else f"{row.n} van {row.base}"
    doubt = ", codering onzeker" if row.uncertain else ""
    return f"{name} ({amount} {UNITS[row.kind]}{doubt})"


def reference_name(study: Study, reference: Reference) -> str:
    """What an id of evidence names, in Dutch and without amounts."""
    return NAMES[reference.kind](study, reference)


def _item(study: Study, reference: Reference) -> str:
    item = next(i for i in study.items if i.id == reference.id)
    wave = f", {study.wave(reference.moment).label}" if reference.moment else ""
    if item.type == "open":
        shorts = _code_names(study)
    else:
        options = study.options(item.id, wave=item.waves[-1])
        shorts = dict(zip(options["option"], options["short"], strict=True))
    chosen = " of ".join(shorts[part] for part in reference.parts)
    return f"{item.short}{wave}" + (f": {chosen}" if chosen else "")


def _code(study: Study, reference: Reference) -> str:
    names = _code_names(study)
    coded = ", ".join(names[code] for code in reference.id.split("+"))
    return coded + _moment(study, reference)


def _code_names(study: Study) -> dict[str, str]:
    return {row["code"]: row["name"] for row in study.sheets["codebook.csv"].rows}


def _obs(study: Study, reference: Reference) -> str:
    return f"Observatie, rij {reference.id.removeprefix('r')}" + _moment(study, reference)


def _reg(study: Study, reference: Reference) -> str:
    name = study.settings["evidence"]["names"].get(reference.id, reference.id)
    column, _, value = reference.part.partition("=")
    if not value:
        return name
    vocabulary = study_registers(study.sheets)[reference.id].column(column).vocabulary
    return f"{name}, {vocabulary_labels(study.sheets, vocabulary).get(value, value)}"


def _doc(study: Study, reference: Reference) -> str:
    return f"Document {reference.id}"


def _moment(study: Study, reference: Reference) -> str:
    labels = {phase["id"]: phase["label"] for phase in study.settings["phases"]}
    return f", {labels[reference.moment]}" if reference.moment else ""


NAMES = {"item": _item, "code": _code, "obs": _obs, "reg": _reg, "doc": _doc}
