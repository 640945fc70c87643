"""From the files of the project team to tables: recognise, read, check, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.fieldwork.registers.agreement import agreement_problems
from copanalysis.fieldwork.registers.masking import mask_registers
from copanalysis.fieldwork.registers.observations import (
    ANSWERS,
    checked_answers,
    observed_meetings,
    without_copies,
)
from copanalysis.fieldwork.registers.reading import read_register
from copanalysis.fieldwork.registers.recognition import missing_headers, recognised, unknown_headers
from copanalysis.fieldwork.registers.rules import rule_problems
from copanalysis.fieldwork.registers.values import Reader
from copanalysis.fieldwork.registers.workbooks import SUFFIXES, read_sheets
from copanalysis.study.dictionary import conform
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study
from copanalysis.study.processed import write_processed
from copanalysis.study.raw import raw_folder, source_of
from copanalysis.study.registers import Register, study_registers

FOLDER = "registers"


@dataclass(frozen=True)
class PreparedRegisters:
    """The registers, ready to be written: tables by name, what was odd, what was read."""

    tables: dict[str, pd.DataFrame]
    problems: tuple[Problem, ...]
    inputs: tuple[Path, ...]


def prepare_registers(study: Study, *, raw: str = "") -> PreparedRegisters:
    """Read every register under ``registers/`` of the raw folder and check it.

    A file may hold several registers, a register may stand in several files: the headers tell
    what a sheet is. A register that is nowhere gives an empty table and a warning. Tables are
    those of registers.csv and ``observations``, as tables.csv describes them.

    Raises one CopanalysisError with every error in all files; warnings (findings that are
    kept) and notes stand in ``problems``.
    """
    folder = raw_folder(study, raw=raw) / FOLDER
    registers = study_registers(study.sheets)
    reader = Reader(study)
    files = register_files(folder)
    tables, problems = _read_files(files, folder, registers, reader)
    tables[ANSWERS], found = without_copies(tables[ANSWERS])
    problems += found
    problems += rule_problems(tables, registers=registers, study=study, folder=folder)
    tables, found = mask_registers(tables, registers=registers, people=reader.people, study=study)
    problems += found
    tables[ANSWERS], found = checked_answers(tables[ANSWERS], reader=reader)
    problems += found
    tables["observations"], found = observed_meetings(tables[ANSWERS], tables=tables, study=study)
    problems += [*found, *agreement_problems(tables, study=study, raw=folder.parent)]
    refuse_if_any("The registers cannot be used", problems)
    return PreparedRegisters(
        {name: _conformed(t, name, study) for name, t in tables.items()},
        tuple(problems),
        tuple(files),
    )


def write_registers(prepared: PreparedRegisters, *, study: Study, raw: str = "") -> Path:
    """Write the tables and their origin to data/processed/registers/, whole or not at all."""
    folder = raw_folder(study, raw=raw)
    held = prepared.tables["meetings"]["date"].max()
    source = source_of(folder) | {
        "data_date": held.date().isoformat() if pd.notna(held) else "",
        "inputs": [[p.relative_to(folder).as_posix(), file_hash(p)] for p in prepared.inputs],
        "problems": [problem.as_dict() for problem in prepared.problems],
    }
    return write_processed(study, {"source": source, **prepared.tables}, folder=FOLDER)


def register_files(folder: Path) -> list[Path]:
    """The files under a folder in which registers may stand, in alphabetical order."""
    files = sorted(folder.rglob("*")) if folder.is_dir() else []
    return [p for p in files if p.suffix.lower() in SUFFIXES and not p.name.startswith("~$")]


def _read_files(
    files: list[Path], folder: Path, registers: Mapping[str, Register], reader: Reader
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in registers}
    problems: list[Problem] = []
    for path in files:
        try:
            sheets, noticed = read_sheets(path, name=path.relative_to(folder).as_posix())
        except CopanalysisError as error:
            problems += error.problems or [
                Problem(path.name, error.summary, "a readable file", "save it again")
            ]
            continue
        problems += noticed
        for sheet in sheets:
            known = recognised(sheet, registers=registers.values())
            if known is None:
                problems.append(_unknown_sheet(sheet.where))
                continue
            problems += [*missing_headers(known), *unknown_headers(known)]
            table, cell_problems = read_register(known, reader=reader)
            found[known.register.name].append(table)
            problems += cell_problems
    problems += [_absent(name, folder) for name, tables in found.items() if not tables]
    return {name: _joined(tables, registers[name]) for name, tables in found.items()}, problems


def _joined(tables: list[pd.DataFrame], register: Register) -> pd.DataFrame:
    columns = [*(column.name for column in register.columns), "file", "row"]
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame(columns=columns, dtype=object)
    return pd.concat(filled, ignore_index=True)


def _conformed(table: pd.DataFrame, name: str, study: Study) -> pd.DataFrame:
    types = study.table("tables.csv").query("table == @name").set_index("column")["type"]
    days = [c for c in table if types.get(c) == "datetime"]
    table = table.assign(**{c: pd.to_datetime(table[c]) for c in days})
    return conform(table, table=name, study=study)


def _unknown_sheet(where: str) -> Problem:
    fix = "nothing to do if it is no register; else give it the headers of registers.csv"
    return Problem(where, "headers of no register", "a register", fix, "note")


def _absent(name: str, folder: Path) -> Problem:
    fix = f"put a file with its headers under {folder.parent.name}/{folder.name}/"
    return Problem(f"register {name}", "no file", "a sheet with its headers", fix, "warning")
