"""The entry form for observations: an Excel sheet made from the scheme, its fields and terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from math import ceil
from pathlib import Path
from typing import Any

from copanalysis.study.plan import Study
from copanalysis.study.registers import Column, study_registers, vocabulary_labels

REGISTER = "observation_answers"
SHEET = "Observatie"
TITLE = "Observatieformulier CoP's inburgering"
TOLD = "Vul de gele vakken in; de rest staat vast. Schrijf geen namen van personen op."
HEADERS = ("Rij", "Vraag", "Veld", "Omschrijving", "Antwoord", "Toelichting", "Hulp")
WIDTHS = (6, 44, 18, 34, 34, 34, 52)
LINE = 15  # points of one line of text
ROOM = 3  # lines to write a text on
FIRST_HEAD = 3  # the sheet row (from 0) of the first cell of the head


def write_entry_form(
    path: Path,
    *,
    study: Study,
    head: Mapping[str, str] | None = None,
    answers: Mapping[str, tuple[str, str]] | None = None,
) -> Path:
    """Write the form, empty or filled in, and return its path.

    ``head`` gives values for the block above the table (columns of the register
    observation_answers with place "above"); ``answers`` an answer and a remark per field of
    observation_fields.csv. Answers have drop-downs or number checks by the type of their field;
    everything else is locked, without a password.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(path) as workbook:
        created = datetime.combine(study.settings["phases"][0]["start"], time())
        workbook.set_properties({"title": TITLE, "created": created})
        form = _Form(workbook, study)
        form.write_head(head or {})
        form.write_fields(answers or {})
        form.finish()
    return path


class _Form:
    """The one sheet while it is written."""

    def __init__(self, workbook: Any, study: Study) -> None:
        self.study = study
        self.sheet = workbook.add_worksheet(SHEET)
        wrapped = {"text_wrap": True, "valign": "top", "align": "left"}
        self.bold = workbook.add_format({"bold": True, **wrapped})
        self.plain = workbook.add_format(wrapped)
        yellow = {"bg_color": "#FFF8DC", "border": 1, "border_color": "#C8B98A", "locked": False}
        self.open = workbook.add_format({**yellow, **wrapped})
        self.day = workbook.add_format({**yellow, **wrapped, "num_format": "d-m-yyyy"})
        columns = study_registers(study.sheets)[REGISTER].columns
        self.above = [column for column in columns if column.above]

    @property
    def header_row(self) -> int:
        return FIRST_HEAD + len(self.above) + 1

    def write_head(self, head: Mapping[str, str]) -> None:
        """Title, what to do, and the block that tells which meeting it was."""
        self.sheet.merge_range(0, 0, 0, len(HEADERS) - 1, TITLE, self.bold)
        self.sheet.merge_range(1, 0, 1, len(HEADERS) - 1, TOLD, self.plain)
        for row, column in enumerate(self.above, FIRST_HEAD):
            self.sheet.write_string(row, 1, column.header, self.bold)
            self._write_head(row, column, head.get(column.name, ""))
            self._validate(row, 2, self._head_options(column), column.header)

    def write_fields(self, answers: Mapping[str, tuple[str, str]]) -> None:
        """A line per field; the question of a row stands once, at its first field."""
        for at, header in enumerate(HEADERS):
            self.sheet.write_string(self.header_row, at, header, self.bold)
            self.sheet.set_column(at, at, WIDTHS[at])
        questions = {r["row"]: r for r in self.study.sheets["observation_scheme.csv"].rows}
        shown = set()
        fields = self.study.sheets["observation_fields.csv"].rows
        for row, field in enumerate(fields, self.header_row + 1):
            question = "" if field["row"] in shown else questions[field["row"]]["question"]
            shown.add(field["row"])
            self._write_field(row, field, question, *answers.get(field["field"], ("", "")))

    def _write_field(
        self, row: int, field: Mapping[str, str], question: str, answer: str, remark: str
    ) -> None:
        texts = [field["row"], question, field["field"], field["label"], answer, remark]
        texts.append(self._help(field))
        for at, text in enumerate(texts):
            self.sheet.write_string(row, at, text, self.open if at in (4, 5) else self.plain)
        if answer.isdigit():
            self.sheet.write_number(row, 4, int(answer), self.open)
        room = ROOM if field["type"] == "text" else 1
        self.sheet.set_row(row, LINE * max(room, *map(_lines, texts, WIDTHS)))
        self._validate(row, 4, self._options(field), field["label"])

    def finish(self) -> None:
        """Lock what is no answer, keep the headers in sight."""
        self.sheet.freeze_panes(self.header_row + 1, 0)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)

    def _write_head(self, row: int, column: Column, text: str) -> None:
        """One value of the head, over the width of three columns."""
        is_day = column.type == "date"
        self.sheet.merge_range(row, 2, row, 4, "", self.day if is_day else self.open)
        if is_day and text:
            self.sheet.write_datetime(row, 2, date.fromisoformat(text), self.day)
        elif text:
            self.sheet.write_string(row, 2, text, self.open)

    def _head_options(self, column: Column) -> list[str]:
        if column.type == "cop":
            names = self.study.names
            last = max(phase["end"] for phase in self.study.settings["phases"])
            return [names.label(id, on=last) for id in names.ids(kind="cop")]
        return self._labels(column.vocabulary)

    def _labels(self, vocabulary: str) -> list[str]:
        return list(vocabulary_labels(self.study.sheets, vocabulary).values())

    def _options(self, field: Mapping[str, str]) -> list[str] | int:
        """The terms to choose from, or 0 for a count."""
        if field["type"] == "count":
            return 0
        if field["type"] == "scale":
            return list(vocabulary_labels(self.study.sheets, field["vocabulary"]))
        return self._labels(field["vocabulary"]) if field["type"] == "choice" else []

    def _help(self, field: Mapping[str, str]) -> str:
        terms = vocabulary_labels(self.study.sheets, field["vocabulary"])
        if field["type"] == "scale":
            told = ", ".join(f"{code} {label}" for code, label in terms.items())
        else:
            told = ", ".join(terms.values())
        return ". ".join(filter(None, (field["help"], told.capitalize())))

    def _validate(self, row: int, at: int, options: list[str] | int, title: str) -> None:
        rule: dict[str, Any] = {"error_title": title[:32], "error_type": "stop"}
        if options == 0:
            told = "Een geheel getal, 0 of meer."
            rule |= {"validate": "integer", "criteria": ">=", "value": 0}
        elif options:
            told = "Kies uit de lijst."
            rule |= {"validate": "list", "source": options}
        else:
            return
        self.sheet.data_validation(row, at, row, at, {**rule, "error_message": told})


def _lines(text: str, width: int) -> int:
    """The lines that a text needs in a column so many characters wide."""
    return sum(max(1, ceil(len(part) / width)) for part in text.split("\n"))
