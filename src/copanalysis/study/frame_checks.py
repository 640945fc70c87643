"""What the instruments of observation, registers and analysis must satisfy between their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from copanalysis.errors import Problem
from copanalysis.study.instruments import FOLDER, Sheet
from copanalysis.study.names import normalise
from copanalysis.study.registers import register_problems

CHOSEN = ("choice", "choices", "scale")
ASSUMED = {"": 0, "filled": 0, "is": 1, "between": 2}  # rule of an assumption -> its arguments
ANSWERS = "observation_answers"


def frame_problems(settings: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Problems in registers, vocabularies, fields, assumptions and placements together."""
    return [
        *register_problems(sheets),
        *_vocabulary_problems(sheets["vocabularies.csv"]),
        *_field_problems(sheets["observation_fields.csv"], settings),
        *_assumption_problems(sheets),
        *_placement_problems(sheets),
    ]


def _lines(sheet: Sheet) -> Iterator[tuple[str, Mapping[str, str]]]:
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        yield f"{FOLDER}/{sheet.schema.file}, line {line}", row


def _vocabulary_problems(vocabularies: Sheet) -> Iterator[Problem]:
    met: dict[tuple[str, str], str] = {}
    for where, row in _lines(vocabularies):
        for text in {row["label"], *row["also"].split("|")} - {""}:
            code = met.setdefault((row["vocabulary"], normalise(text)), row["code"])
            if code != row["code"]:
                found = f"{text!r} means {row['code']} here and {code} above"
                expected = "one meaning per spelling within a vocabulary"
                yield Problem(where, found, expected, "remove it from one of them")


def _field_problems(fields: Sheet, settings: Mapping[str, Any]) -> Iterator[Problem]:
    phases = {phase["id"] for phase in settings["phases"]}
    for where, row in _lines(fields):
        if unknown := set(row["phases"].split()) - phases:
            found = f"phases {' '.join(sorted(unknown))}"
            yield Problem(where, found, "ids of [[phases]] in study.toml", "correct them")
        if (row["type"] in CHOSEN) != bool(row["vocabulary"]):
            found = f"type {row['type']} with vocabulary {row['vocabulary']!r}"
            expected = f"a vocabulary with {', '.join(CHOSEN)} only"
            yield Problem(where, found, expected, "mend either")


def _assumption_problems(sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    columns = {(row["register"], row["column"]) for row in sheets["registers.csv"].rows}
    columns |= {(ANSWERS, row["field"]) for row in sheets["observation_fields.csv"].rows}
    columns |= {("", "")}
    for where, row in _lines(sheets["assumptions.csv"]):
        if (row["register"], row["column"]) not in columns:
            found = f"column {row['column']!r} of register {row['register']!r}"
            expected = "a column of registers.csv, or a field of the observations"
            yield Problem(where, found, expected, "correct either, or clear both")
        name, *arguments = row["rule"].split() or [""]
        if ASSUMED.get(name) != len(arguments) or bool(name) != bool(row["register"]):
            expected = "filled, is CODE, or between LOW HIGH; nothing without a register"
            yield Problem(where, repr(row["rule"]), expected, "correct the rule")


def _placement_problems(sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    """Every CoP has a place on every tension, or a matrix of them has holes."""
    placed = {(row["cop"], row["tension"]) for row in sheets["placements.csv"].rows}
    cops = {row["cop"] for row in sheets["placements.csv"].rows}
    for tension in sorted(sheets["tensions.csv"].values("tension")):
        for cop in sorted(cops):
            if (cop, tension) not in placed:
                found, expected = f"no row for {cop} on {tension}", "each CoP on each tension"
                yield Problem(f"{FOLDER}/placements.csv", found, expected, "add it")
