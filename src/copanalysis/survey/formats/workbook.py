"""Excel workbooks read into a Sheet; every part is checked before the workbook reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.study.archive import unpack
from copanalysis.survey.formats import archive
from copanalysis.survey.formats.sheet import Row, Sheet, row_list
from copanalysis.survey.formats.text import formula_note

MAX_CELLS = 20_000_000  # of the rectangle up to the last cell used
MAX_TEXT = 1_000_000_000  # characters after shared texts are put in their cells
MAX_INTEGER = 10**16  # Python writes larger ones with an exponent
REFERENCE = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]+)(\d+)[\"']")
WHOLE_NUMBER = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>\s*(\d{1,9})\s*<")
SHARED_TEXT = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?>(.*?)</(?:\w+:)?si>", re.DOTALL)
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
ERROR_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\bt\s*=\s*[\"']e[\"']")
WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def read_workbook(path: Path, data: bytes) -> Sheet:
    """Read the one worksheet with answers of an .xlsx file.

    Numbers become the shortest text that reads back ("3", "2.5"), dates ISO 8601, yes/no
    "TRUE" and "FALSE". Row numbers are those of Excel. Formulas are never worked out: the
    value that Excel stored is read and a note says so. Raises CopanalysisError when the file
    is damaged, protected, larger than the bounds, or holds several filled worksheets.
    """
    parts = unpack(data, where=path.name, wanted=_is_wanted, most=archive.MAX_UNPACKED)
    _refuse_doctype(parts, path.name)
    _refuse_size(parts, path.name)
    name, values = _filled_sheet(parts, path.name)
    rows = tuple(
        Row(number, tuple(_text(value) for value in cells))
        for number, cells in enumerate(values, 1)
    )
    rows = _without_blank_ends(rows)
    problems = tuple(_cell_problems(rows, parts, f"{path.name}, sheet {name}"))
    return Sheet(path, "xlsx", "utf-8", rows, problems)


def _is_wanted(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and not name.startswith("xl/theme/")


def _refuse_doctype(parts: dict[str, bytes], where: str) -> None:
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise CopanalysisError(
            f"{where} declares a document type in its XML, which Excel never does. It is refused."
        )


def _refuse_size(parts: dict[str, bytes], where: str) -> None:
    """Refuse a rectangle of cells, or texts repeated in cells, that would fill the memory."""
    shared = [len(m[1]) for m in SHARED_TEXT.finditer(parts.get("xl/sharedStrings.xml", b""))]
    for part in (part for name, part in parts.items() if WORKSHEET.fullmatch(name)):
        columns = rows = 1
        for letters, number in set(REFERENCE.findall(part)):
            columns = max(columns, _column_number(letters))
            rows = max(rows, int(number))
        if columns * rows > MAX_CELLS or _text_length(part, shared) > MAX_TEXT:
            raise CopanalysisError(
                f"{where} reaches to row {rows} and column {columns}, more than a survey export "
                "holds. Delete the rows and columns behind the answers and save it again."
            )


def _text_length(part: bytes, shared: list[int]) -> int:
    """At most so many characters once the shared texts stand in their cells."""
    values = part.count(b"<v") + part.count(b":v")
    bound = values * max(shared, default=0)
    if bound <= MAX_TEXT:
        return bound
    uses = (int(m[1]) for m in WHOLE_NUMBER.finditer(part))  # plain numbers too: no harm
    return sum(shared[i] for i in uses if i < len(shared))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _filled_sheet(parts: dict[str, bytes], where: str) -> tuple[str, list[list[object]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(archive.stored_zip(parts))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except (CalamineError, ValueError, OSError) as error:
        raise CopanalysisError(
            f"{where} is no readable Excel workbook. Open it in Excel and save it again as .xlsx, "
            "or export it again."
        ) from error
    filled = {name: values for name, values in sheets.items() if any(map(any, values))}
    if len(filled) != 1:
        named = ", ".join(filled) or "none"
        raise CopanalysisError(
            f"{where} has {len(filled)} worksheets with something in them ({named}); expected one. "
            "Keep the worksheet with the answers, one row per respondent, and save it again."
        )
    return next(iter(filled.items()))


def _text(value: object) -> str | None:
    if value == "" and isinstance(value, str):
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < MAX_INTEGER
        return str(int(value)) if whole else repr(value)
    return str(value)  # texts as they are, dates and times as ISO 8601


def _without_blank_ends(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    filled = [i for i, row in enumerate(rows) if any(cell is not None for cell in row.cells)]
    return rows[filled[0] : filled[-1] + 1] if filled else ()


def _cell_problems(rows: tuple[Row, ...], parts: dict[str, bytes], where: str) -> Iterable[Problem]:
    written = [row.number for row in rows if any(c and c.startswith("=") for c in row.cells)]
    if written:
        yield formula_note(f"{where}, {row_list(written)}", len(written))
    sheets = [part for name, part in parts.items() if WORKSHEET.fullmatch(name)]
    formulas = sum(len(FORMULA.findall(part)) for part in sheets)
    if formulas:
        yield Problem(
            where,
            f"{formulas} cell(s) with a formula",
            "answers as the survey tool wrote them",
            "nothing is worked out here: the value stored last was read; look whether it is right",
            "warning",
        )
    errors = sum(len(ERROR_CELL.findall(part)) for part in sheets)
    if errors:
        yield Problem(
            where,
            f"{errors} cell(s) with an Excel error (#N/A, #VALUE!), read as empty",
            "answers",
            "look at those cells, or export again",
            "warning",
        )
