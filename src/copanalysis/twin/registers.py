"""The synthetic twin of the registers: workbooks, lists and forms as a project team keeps them."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError
from copanalysis.study.entry_form import write_entry_form
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study

FOLDER = Path(__file__).parent / "texts" / "registers"
OWN, SOURCE = "registers", "source.toml"
DOCUMENTS, FORMS = "documenten", "observaties"
MADE_BY = "copanalysis twin"
TOLD = f"""synthetic = true
made_by = "{MADE_BY}"
note = "Verzonnen registers, gemaakt om de analyse te kunnen tonen."
"""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(r"\d{1,6}")
HASHED = "SHA-256"
Row = Sequence[str]


def write_registers_twin(out: Path, *, study: Study, texts: Path = FOLDER) -> list[Path]:
    """Write the twin's registers, whole or not at all; returns the files.

    ``out`` is the raw folder: only ``registers`` in it is replaced. The same texts and
    instruments give the same bytes. Raises CopanalysisError for registers there that the twin
    did not make.
    """
    folder = out / OWN
    _refuse_other_registers(folder)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".twin-") as temporary:
        made = Path(temporary) / "made"
        _write_documents(made / DOCUMENTS, texts / "documents")
        _write_forms(made / FORMS, texts / "observations.csv", study)
        layout = tomllib.loads((texts / "layout.toml").read_text(encoding="utf-8"))
        created = datetime.combine(study.settings["phases"][0]["start"], time())
        for file in layout["files"]:
            sheets = [(sheet, _rows(texts / sheet["rows"], made)) for sheet in file["sheets"]]
            if file["file"].endswith(".csv"):
                _write_list(made / file["file"], sheets[0][1])
            else:
                _write_workbook(made / file["file"], sheets, created)
        (made / SOURCE).write_text(TOLD, encoding="utf-8")
        names = sorted(p.relative_to(made) for p in made.rglob("*") if p.is_file())
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        made.rename(folder)
    return [folder / name for name in names]


def _refuse_other_registers(folder: Path) -> None:
    source = folder / SOURCE
    told = source.read_text(encoding="utf-8") if source.is_file() else ""
    if folder.exists() and any(folder.iterdir()) and f'made_by = "{MADE_BY}"' not in told:
        raise CopanalysisError(
            f"{folder} holds registers that the twin did not make, which would be lost: choose "
            "another folder, or move those registers away first."
        )


def _write_documents(folder: Path, source: Path) -> None:
    folder.mkdir(parents=True)
    for path in sorted(source.iterdir()):
        (folder / path.name).write_bytes(path.read_bytes())


def _write_forms(folder: Path, source: Path, study: Study) -> None:
    """One filled-in form per observation: rows of the source are fields, or the form's head."""
    folder.mkdir(parents=True)
    forms: dict[str, dict[str, tuple[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(source.read_text(encoding="utf-8"))):
        answers = forms.setdefault(row["observation"], {})
        answers[row["field"]] = (row["answer"], row["note"])
    fields = {row["field"] for row in study.sheets["observation_fields.csv"].rows}
    for observation, told in forms.items():
        head = {name: text for name, (text, _) in told.items() if name not in fields}
        answers = {name: answer for name, answer in told.items() if name in fields}
        path = folder / head.pop("file")
        head["observation"] = observation
        write_entry_form(path, study=study, head=head, answers=answers)


def _rows(path: Path, made: Path) -> list[Row]:
    """The cells of a register; hashes are those of the files that were just made."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    if HASHED in rows[0]:
        at, file = rows[0].index(HASHED), rows[0].index("Bestand")
        for row in rows[1:]:
            row[at] = file_hash(made / row[file]) if row[file] else ""
    return rows


def _write_list(path: Path, rows: Sequence[Row]) -> None:
    """A list with semicolons as a Dutch spreadsheet exports it."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows(rows)
    path.write_text(target.getvalue(), encoding="utf-8-sig", newline="")


def _write_workbook(
    path: Path, sheets: Sequence[tuple[Mapping[str, Any], list[Row]]], created: datetime
) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": created})
        formats = {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "header": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "day": workbook.add_format({"num_format": "d-m-yyyy", "align": "left"}),
        }
        for layout, rows in sheets:
            _write_sheet(workbook.add_worksheet(layout["name"]), layout, rows, formats)


def _write_sheet(
    sheet: Any, layout: Mapping[str, Any], rows: list[Row], formats: Mapping[str, Any]
) -> None:
    at = 0
    if layout["title"]:
        sheet.merge_range(0, 0, 0, len(rows[0]) - 1, layout["title"], formats["title"])
        at = 1
    for text in layout["above"]:
        sheet.write_string(at, 0, text)
        at += 1
    for column, header in enumerate(rows[0]):
        sheet.write_string(at, column, header, formats["header"])
        longest = max(len(row[column]) for row in rows)
        sheet.set_column(column, column, min(max(longest, 8), 50))
    sheet.freeze_panes(at + 1, 0)
    for number, row in enumerate(rows[1:], at + 1):
        for column, text in enumerate(row):
            _write_cell(sheet, number, column, text, formats["day"])
    for number, text in enumerate(layout["below"], at + len(rows)):
        sheet.write_string(number, 0, text)


def _write_cell(sheet: Any, row: int, column: int, text: str, day: Any) -> None:
    """What Excel makes of what is typed: dates and whole numbers, else text."""
    if DAY.fullmatch(text):
        sheet.write_datetime(row, column, date.fromisoformat(text), day)
    elif NUMBER.fullmatch(text):
        sheet.write_number(row, column, int(text))
    elif text:
        sheet.write_string(row, column, text)
