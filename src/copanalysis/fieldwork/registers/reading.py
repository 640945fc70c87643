"""A recognised sheet as a table: every cell read, every problem with its place, nothing dropped
without a note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.fieldwork.registers.recognition import Recognised, header_words
from copanalysis.fieldwork.registers.values import Cell, Reader
from copanalysis.study.names import normalise
from copanalysis.study.registers import Column

LISTED = 12  # cells named one by one; the rest are counted
TOTALS = ("totaal", "totalen", "subtotaal", "gemiddeld", "gemiddelde")


def read_register(found: Recognised, *, reader: Reader) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows of a register and what is wrong with its cells.

    Columns are those of registers.csv, with ``file`` (file and sheet) and ``row`` (in the
    sheet, from 1). A value above the table is repeated on every row. Empty rows are skipped;
    a row of totals or with one remark only is left out with a note. A table without rows is
    told, and so are formulas of which the sheet holds no value.
    """
    problems: list[Problem] = _uncomputed(found)
    above = _above(found, reader, problems)
    names = [column.name for column in found.register.columns]
    rows = []
    for number, cells in _data_rows(found, problems):
        raw = {name: cells[at] if at < len(cells) else "" for name, at in found.places.items()}
        row = {**above, **_values(found, reader, raw, f"row {number}", problems)}
        own = {"file": found.sheet.where, "row": number}
        rows.append({**dict.fromkeys(names), **row, **own})
    if not rows:
        problems.append(_no_rows(found))
    table = pd.DataFrame(rows, columns=[*names, "file", "row"], dtype=object)
    return table, problems


def _uncomputed(found: Recognised) -> list[Problem]:
    cells = found.sheet.uncomputed
    if not cells:
        return []
    more = f" and {len(cells) - LISTED} more" if len(cells) > LISTED else ""
    told = f"{len(cells)} formula(s) without a stored value, read as empty"
    return [
        Problem(
            found.sheet.where,
            f"{told}: {', '.join(cells[:LISTED])}{more}",
            "values, or formulas with the value that Excel stored",
            "open the file in Excel, let it calculate and save it; nothing is worked out here",
            "warning",
        )
    ]


def _no_rows(found: Recognised) -> Problem:
    return Problem(
        found.sheet.where,
        f"the headers of the register {found.register.name} and no rows under them",
        "a row for each of what the register lists",
        "nothing to do if there is none yet; else look whether the rows were lost",
        "warning",
    )


def _above(found: Recognised, reader: Reader, problems: list[Problem]) -> dict[str, object]:
    """Values that stand over the table: the first filled cell to the right of their name."""
    raw: dict[str, object] = {column.name: "" for column in found.register.columns if column.above}
    for row in found.sheet.rows[: found.header]:
        for at, word in enumerate(header_words(row)):
            for column in found.register.columns:
                if column.above and word in column.spellings:
                    raw[column.name] = next((c for c in row[at + 1 :] if c != ""), "")
    return _values(found, reader, raw, "above the table", problems)


def _data_rows(
    found: Recognised, problems: list[Problem]
) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows under the headers that hold data, with their number in the sheet."""
    for number, row in enumerate(found.sheet.rows[found.header + 1 :], found.header + 2):
        filled = [cell for cell in row if cell != ""]
        if not filled:
            continue
        if len(filled) > 1 and normalise(str(filled[0])) not in TOTALS:
            yield number, row
            continue
        problems.append(
            Problem(
                f"{found.sheet.where}, row {number}",
                f"a remark or a total ({str(filled[0])[:60]!r})",
                "a row of the register",
                "nothing to do if that is what it is; it is not read",
                "note",
            )
        )


def _values(
    found: Recognised,
    reader: Reader,
    raw: Mapping[str, object],
    place: str,
    problems: list[Problem],
) -> dict[str, object]:
    """The cells of one row as values; empty required cells and names out of use are told."""
    where = f"{found.sheet.where}, {place}"
    values: dict[str, object] = {}
    for column in found.register.columns:
        if column.name not in raw:
            continue
        cell = reader.read(raw[column.name], column)
        values[column.name] = cell.value
        if cell.expected:
            problems.append(_cell_problem(where, column, raw[column.name], cell))
        elif cell.value is None and column.required:
            fix = "fill it in, or remove the row"
            problems.append(
                Problem(f"{where}, column {column.header}", "an empty cell", "a value", fix)
            )
    problems.extend(_names_out_of_use(found, reader, raw, values, where))
    return values


def _cell_problem(where: str, column: Column, raw: object, cell: Cell) -> Problem:
    place = f"{where}, column {column.header}"
    return Problem(place, repr(str(raw)), cell.expected, cell.fix, cell.level)


def _names_out_of_use(
    found: Recognised,
    reader: Reader,
    raw: Mapping[str, object],
    values: Mapping[str, object],
    where: str,
) -> Iterator[Problem]:
    """A CoP under a name that it did not have on the day of the row."""
    day = next((v for v in values.values() if isinstance(v, date)), None)
    names = reader.study.names
    for column in found.register.columns:
        id = values.get(column.name)
        if column.type != "cop" or id is None or day is None:
            continue
        if not names.in_use(str(raw[column.name]), id=str(id), on=day):
            yield Problem(
                f"{where}, column {column.header}",
                f"{str(raw[column.name])!r} on {day.isoformat()}",
                f"{names.label(str(id), on=day)!r}, the name on that day",
                "nothing to do: it is read as the same CoP",
                "warning",
            )
