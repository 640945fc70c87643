"""One XLSX workbook with every released table of a report, after a sheet that lists them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from copanalysis.report.datasheet import data_columns
from copanalysis.report.markup import SYNTHETIC
from copanalysis.report.objects import Released
from copanalysis.report.publication import Publication

CONTENTS = "Inhoud"
WIDEST, NARROWEST = 60, 8  # letters
STYLE = "Table Style Light 1"
NUMBER_FORMATS = {
    "count": "#,##0",
    "share": "0%",
    "points": "+0;-0;0",
    "number": "#,##0.00",
    "p": "0.000",
}
LONG_AGO = datetime.datetime(2000, 1, 1)


@dataclass(frozen=True)
class Sheet:
    """One released table with the page it stands on and the name of its sheet."""

    name: str
    page: str
    table: Released


def write_workbook(whole: Publication, out: Path) -> Path:
    """Write the tables of all pages, each on a sheet named after its number.

    Numbers are rounded as shown and stand as numbers, differences in percentage points as bare
    ones; suppressed cells say "niet getoond", an interval takes two columns, as in the CSV.
    Text stays text, also when it looks like a formula. The same tables give the same bytes.
    """
    sheets = list(_sheets(whole))
    book = xlsxwriter.Workbook(str(out))
    created = datetime.datetime.fromisoformat(whole.data_date) if whole.data_date else LONG_AGO
    book.set_properties({"title": f"{whole.title}: tabellen", "created": created})
    looks = {
        "title": book.add_format({"bold": True, "font_size": 13}),
        "link": book.get_default_url_format(),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        **{f: book.add_format({"num_format": code}) for f, code in NUMBER_FORMATS.items()},
    }
    _write_contents(book.add_worksheet(CONTENTS), sheets, whole, looks)
    for place, sheet in enumerate(sheets, 1):
        _write_table(book.add_worksheet(sheet.name), sheet, place, looks)
    book.close()
    return out


def _sheets(whole: Publication) -> Iterator[Sheet]:
    used = {CONTENTS.lower()}
    for page in whole.pages:
        for table in page.record.tables.values():
            name, number = table.number[:26], 2
            while name.lower() in used:
                name, number = f"{table.number[:26]} ({number})", number + 1
            used.add(name.lower())
            yield Sheet(name, page.title, table)


def _write_contents(sheet: Any, sheets: Sequence[Sheet], whole: Publication, looks: dict) -> None:
    sheet.write_string(0, 0, f"{whole.title}: tabellen", looks["title"])
    note = f"Alle tabellen zijn gemaakt met {SYNTHETIC}." if whole.synthetic else ""
    sheet.write_string(1, 0, note or "Getallen zijn afgerond zoals in het rapport.")
    headers = ("Blad", "Pagina", "Titel", "Basis", "Bron", "Rijen")
    rows = [
        (s.name, s.page, s.table.title, s.table.base, s.table.source, len(s.table.data))
        for s in sheets
    ]
    _add_table(sheet, 3, headers, len(rows), CONTENTS)
    for i, row in enumerate(rows, 4):
        sheet.write_url(i, 0, f"internal:'{row[0]}'!A1", looks["link"], row[0])
        for j, value in enumerate(row[1:5], 1):
            sheet.write_string(i, j, value, looks["wrap"])
        sheet.write_number(i, 5, row[5])
    for j, width in enumerate((10, 32, WIDEST, WIDEST, 40, 8)):
        sheet.set_column(j, j, width)
    sheet.freeze_panes(4, 1)


def _write_table(sheet: Any, shown: Sheet, place: int, looks: dict) -> None:
    table = shown.table
    source = f"{table.source} ({SYNTHETIC})" if table.synthetic else table.source
    sheet.write_string(0, 0, f"Tabel {table.number}. {table.title}", looks["title"])
    lines = [f"Basis: {table.base}", f"Bron: {source}", *table.notes]
    for i, line in enumerate(lines, 1):
        sheet.write_string(i, 0, line)
    sheet.write_url(len(lines) + 1, 0, f"internal:'{CONTENTS}'!A1", string="Naar de inhoud")
    top = len(lines) + 3
    columns = data_columns(table)
    _add_table(sheet, top, [c.header for c in columns], len(table.data), f"Tabel{place}")
    for j, column in enumerate(columns):
        for i, (value, text) in enumerate(zip(column.values, column.texts, strict=True), top + 1):
            if value is None:
                sheet.write_string(i, j, text, looks["wrap"])
            else:
                sheet.write_number(i, j, value, looks[column.format])
        letters = max(map(len, (column.header, *column.texts)))
        sheet.set_column(j, j, min(max(letters + 2, NARROWEST), WIDEST))
    sheet.freeze_panes(top + 1, 0)


def _add_table(sheet: Any, top: int, headers: Sequence[str], rows: int, name: str) -> None:
    """A table in the sense of the spreadsheet: its header row is one for screen readers too."""
    columns = [{"header": header} for header in _unique(headers)]
    options = {"columns": columns, "name": name, "style": STYLE, "autofilter": False}
    sheet.add_table(top, 0, top + rows, len(headers) - 1, options)


def _unique(headers: Sequence[str]) -> Iterator[str]:
    """Headers that differ, as a spreadsheet wants them: the second of two gets a number."""
    seen: list[str] = []
    for header in headers:
        seen.append(header.lower())
        again = seen.count(header.lower())
        yield header if again == 1 else f"{header} ({again})"
