"""Files that a project team keeps, as sheets of cells: Excel, OpenDocument and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.fieldwork.registers.formulas import uncomputed_formulas
from copanalysis.fieldwork.transcripts.encoding import decoded

OPEN_XML = (".xlsx", ".xlsm")
WORKBOOKS = (*OPEN_XML, ".xls", ".ods")
SUFFIXES = (*WORKBOOKS, ".csv")


@dataclass(frozen=True)
class RawSheet:
    """One sheet: cells as they stand (text, number, date or ""), row 1 first.

    ``uncomputed`` are the cells ("J12") with a formula of which the file holds no value.
    """

    file: str
    name: str
    rows: tuple[tuple[object, ...], ...]
    uncomputed: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The file, and the sheet if it has a name."""
        return f"{self.file}, sheet {self.name}" if self.name else self.file


def read_sheets(path: Path, *, name: str) -> tuple[list[RawSheet], list[Problem]]:
    """Every sheet with something in it, and what was noticed about the encoding.

    ``name`` is how the file is called in problems. Raises CopanalysisError for a file that
    cannot be read.
    """
    if path.suffix.lower() in WORKBOOKS:
        return [s for s in _workbook(path, name) if any(map(_filled, s.rows))], []
    text, problems = decoded(path.read_bytes(), name=name)
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = tuple(tuple(cell.strip() for cell in row) for row in reader)
    except csv.Error as error:
        where = f"{name}, line {reader.line_num}"
        fix = "look for a quote that is opened and not closed"
        problem = Problem(where, str(error), "cells between delimiters", fix)
        raise CopanalysisError(f"{name} cannot be read.", [problem]) from error
    return [RawSheet(name, "", rows)], problems


def _workbook(path: Path, name: str) -> list[RawSheet]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [
            RawSheet(name, sheet, _cells(workbook.get_sheet_by_name(sheet)))
            for sheet in workbook.sheet_names
        ]
    except (CalamineError, ValueError, OSError) as error:
        problem = Problem(
            name,
            "no readable workbook",
            "an Excel or OpenDocument file without a password",
            "open it, save it again as .xlsx, and close it before reading",
        )
        raise CopanalysisError(f"{name} cannot be read.", [problem]) from error
    if path.suffix.lower() not in OPEN_XML:
        return sheets
    found = uncomputed_formulas(path.read_bytes(), name=name)
    return [replace(sheet, uncomputed=found.get(sheet.name, ())) for sheet in sheets]


def _cells(sheet) -> tuple[tuple[object, ...], ...]:
    rows = sheet.to_python(skip_empty_area=False)
    return tuple(tuple(c.strip() if isinstance(c, str) else c for c in row) for row in rows)


def _filled(row: Sequence[object]) -> bool:
    return any(cell != "" for cell in row)
