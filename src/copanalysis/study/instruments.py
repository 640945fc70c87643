"""Reading the instrument files: every row with its line number, every problem collected."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from copanalysis.errors import Problem
from copanalysis.study.evidence_schemas import EVIDENCE_SCHEMAS
from copanalysis.study.frames import FRAMES
from copanalysis.study.schemas import SCHEMAS, Field, Schema

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "data/instruments"
SHEETS: tuple[Schema, ...] = (*SCHEMAS, *FRAMES, *EVIDENCE_SCHEMAS)


@dataclass(frozen=True)
class Sheet:
    """One instrument file as read: ``rows`` are dictionaries of text, ``lines`` their numbers."""

    schema: Schema
    rows: tuple[Mapping[str, str], ...]
    lines: tuple[int, ...]

    def values(self, column: str) -> set[str]:
        """The values of one column, without empty ones."""
        return {row[column] for row in self.rows if row[column]}

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows as a table of text columns, made once: take a copy before you change it."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.schema.names), dtype="string")


def read_instruments(root: Path, waves: list[str]) -> tuple[dict[str, Sheet], list[Problem]]:
    """All instrument files under ``root``, with every problem of form or reference in them.

    Returns a mapping of file name to Sheet (an unreadable file gives an empty Sheet) and the
    problems. ``waves`` are the wave ids of study.toml, to which a "waves" column refers.
    """
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for schema in SHEETS:
        sheets[schema.file], found = _read_sheet(root / FOLDER / schema.file, schema)
        problems += found
    for sheet in sheets.values():
        for row, line in zip(sheet.rows, sheet.lines, strict=True):
            for field in sheet.schema.fields:
                where = f"{FOLDER}/{sheet.schema.file}, line {line}, column {field.name}"
                problems += _value_problems(where, row[field.name], field, sheets, waves)
        problems += _repeated_keys(sheet)
    return sheets, problems


def _read_sheet(path: Path, schema: Schema) -> tuple[Sheet, list[Problem]]:
    where = f"{FOLDER}/{schema.file}"
    empty = Sheet(schema, (), ())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return empty, [Problem(where, "no such file", "an instrument file", "restore it from git")]
    except UnicodeDecodeError:
        return empty, [Problem(where, "not UTF-8", "UTF-8 text", "save it as UTF-8 (CSV UTF-8)")]
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip() for name in next(reader, [])]
    problems = _header_problems(where, header, schema)
    if problems:
        return empty, problems
    rows, lines = [], []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            found = f"{len(cells)} cells"
            place = f"{where}, line {reader.line_num}"
            fix = "add or remove a separator, or put quotes around a text that holds one"
            problems.append(Problem(place, found, f"{len(header)} cells", fix))
            continue
        rows.append(dict(zip(header, (cell.strip() for cell in cells), strict=True)))
        lines.append(reader.line_num)
    return Sheet(schema, tuple(rows), tuple(lines)), problems


def _header_problems(where: str, header: list[str], schema: Schema) -> list[Problem]:
    expected = "the columns " + ", ".join(schema.names)
    problems = [
        Problem(where, f"no column {name!r}", expected, f"add the column {name}")
        for name in schema.names
        if name not in header
    ]
    problems += [
        Problem(where, f"unknown column {name!r}", expected, "remove or rename it")
        for name in header
        if name not in schema.names
    ]
    if len(set(header)) < len(header):
        problems.append(Problem(where, "a column name twice", expected, "keep one of them"))
    return problems


def _value_problems(
    where: str, value: str, field: Field, sheets: Mapping[str, Sheet], waves: list[str]
) -> list[Problem]:
    if not value:
        if field.required:
            return [Problem(where, "an empty cell", "a value", "fill it in")]
        return []
    if not _parses(value, field.kind):
        expected = {"int": "a whole number", "number": "a number", "date": "a date as 2024-01-31"}
        return [Problem(where, repr(value), expected[field.kind], "correct it")]
    if field.allowed and value not in field.allowed:
        return [Problem(where, repr(value), "one of " + ", ".join(field.allowed), "correct it")]
    if not field.refers:
        return []
    known = (
        set(waves)
        if field.refers == ("waves",)
        else sheets[field.refers[0]].values(field.refers[1])
    )
    place = "study.toml [[waves]]" if field.refers == ("waves",) else " ".join(field.refers)
    parts = value.split() if field.many else [value]
    return [
        Problem(where, repr(part), f"a value that stands in {place}", "correct it or add it there")
        for part in parts
        if part not in known
    ]


def _parses(value: str, kind: str) -> bool:
    parse = {"int": int, "number": float, "date": date.fromisoformat}.get(kind)
    if parse is None:
        return True
    try:
        parse(value)
    except ValueError:
        return False
    return True


def _repeated_keys(sheet: Sheet) -> list[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    problems = []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        key = tuple(row[name] for name in sheet.schema.key)
        if key in seen:
            where = f"{FOLDER}/{sheet.schema.file}, line {line}"
            found = f"{', '.join(sheet.schema.key)} = {', '.join(key)}, as on line {seen[key]}"
            problems.append(Problem(where, found, "each key once", "remove or rename one of them"))
        seen.setdefault(key, line)
    return problems
