"""Which registers a file holds, told without what stands in their rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copanalysis.errors import Problem
from copanalysis.fieldwork.registers.reading import read_register
from copanalysis.fieldwork.registers.recognition import missing_headers, recognised, unknown_headers
from copanalysis.fieldwork.registers.values import Reader
from copanalysis.fieldwork.registers.workbooks import RawSheet, read_sheets
from copanalysis.study.plan import Study
from copanalysis.study.registers import Register, study_registers


def inspect_register(path: Path, *, study: Study) -> dict[str, Any]:
    """What a file of registers holds, ready for JSON.

    Keys: kind ("register"), path, sheets (name, register or "", header_row, rows, columns:
    name, header as registers.csv has it, filled) and problems of reading. Checks between rows
    and registers need all files: `copanalysis check` does those.
    """
    registers = study_registers(study.sheets)
    sheets, problems = read_sheets(path, name=path.name)
    reader = Reader(study)
    told = [_sheet(sheet, registers, reader, problems) for sheet in sheets]
    return {
        "kind": "register",
        "path": str(path),
        "sheets": told,
        "problems": [problem.as_dict() for problem in problems],
    }


def register_text(found: Mapping[str, Any]) -> str:
    """The result of `inspect_register` as text for a terminal."""
    lines = [found["path"]]
    for sheet in found["sheets"]:
        name = sheet["name"] or "the list"
        if not sheet["register"]:
            lines.append(f"{name}: headers of no register")
            continue
        rows, header = sheet["rows"], sheet["header_row"]
        lines.append(f"{name}: register {sheet['register']}, {rows} rows, headers in row {header}")
        for column in sheet["columns"]:
            lines.append(f"  {column['name']} ({column['header']}): {column['filled']} filled")
    if found["problems"]:
        lines += ["", "To look at:"]
    for problem in found["problems"]:
        lines.append(f"- {problem['level']}: {problem['where']}: found {problem['found']}.")
        lines.append(f"  Expected {problem['expected']}; {problem['fix']}.")
    return "\n".join(lines) + "\n"


def _sheet(
    sheet: RawSheet,
    registers: Mapping[str, Register],
    reader: Reader,
    problems: list[Problem],
) -> dict[str, Any]:
    known = recognised(sheet, registers=registers.values())
    if known is None:
        return {"name": sheet.name, "register": "", "header_row": None, "rows": 0, "columns": []}
    table, found = read_register(known, reader=reader)
    problems += [*missing_headers(known), *unknown_headers(known), *found]
    columns = [
        {"name": c.name, "header": c.header, "filled": int(table[c.name].notna().sum())}
        for c in known.register.columns
        if c.above or c.name in known.places
    ]
    return {
        "name": sheet.name,
        "register": known.register.name,
        "header_row": known.header + 1,
        "rows": len(table),
        "columns": columns,
    }
