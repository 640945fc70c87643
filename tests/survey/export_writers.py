"""Survey exports as Microsoft Forms, Google Forms, SurveyMonkey and Qualtrics write them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from export_questionnaire import (
    EVERYONE,
    QUESTIONS,
    RESPONDENTS,
    Question,
    Respondent,
    label_of,
    picks_of,
)

EXCEL_EPOCH = datetime(1899, 12, 30)
FORMS_META = {
    "en": ("ID", "Start time", "Completion time", "Email", "Name"),
    "nl": ("Id", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"),
}
Table = list[list[object]]


def workbook(table: Sequence[Sequence[object]], *, dates: str = "date") -> bytes:
    """One worksheet; datetimes as real dates, as Excel day numbers, or as American text."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Sheet1")
    stamp = book.add_format({"num_format": "m/d/yy h:mm:ss"})
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime) and dates == "date":
                sheet.write_datetime(row, column, cell, stamp)
            elif isinstance(cell, datetime) and dates == "serial":
                sheet.write_number(row, column, (cell - EXCEL_EPOCH).total_seconds() / 86_400)
            elif isinstance(cell, datetime):
                sheet.write_string(row, column, f"{cell.month}/{cell.day}/{cell:%y %H:%M:%S}")
            elif isinstance(cell, int | float):
                sheet.write_number(row, column, cell)
            elif cell not in (None, ""):
                sheet.write_string(row, column, str(cell))
    book.close()
    return target.getvalue()


def microsoft_forms(language: str = "nl", respondents: Sequence[Respondent] = RESPONDENTS) -> Table:
    """The table of a Microsoft Forms workbook, odd spaces in its headers included."""
    header: list[object] = [*FORMS_META[language]]
    for question in QUESTIONS:
        texts = [text for _, text in question.rows] or [question.text]
        header += [text.replace(" de ", "\u00a0de ", 1) + "\n" for text in texts]
    table = [header]
    for respondent in respondents:
        who = [int(respondent.id), respondent.started, respondent.submitted, "anonymous", ""]
        cells = [c for q in QUESTIONS for c in _cells(q, respondent, ";", ending=";")]
        table.append([*who, *cells])
    return table


def _cells(question: Question, respondent: Respondent, joiner: str, ending: str = "") -> list[str]:
    """One cell per column of a question, picks joined."""
    answer = respondent.answers.get(question.code)
    if question.kind == "multiple":
        picks = picks_of(question, respondent)
        return [joiner.join(picks) + ending if picks else ""]
    if question.kind == "scale":
        given = answer or {}
        return [label_of(question, given[row]) if row in given else "" for row, _ in question.rows]
    if question.kind == "single":
        return [label_of(question, str(answer)) if answer else ""]
    return [str(answer or "")]


def google_forms(
    source: str = "sheet", stamp: str = "{0.day}-{0.month}-{0:%Y} {0.hour}:{0:%M:%S}"
) -> list[list[str]]:
    """The table behind a Google Form: of its response sheet (", ") or of its own CSV (";")."""
    joiner = ", " if source == "sheet" else ";"
    header = ["Tijdstempel" if source == "sheet" else "Timestamp"]
    for question in QUESTIONS:
        rows = [f"{question.text} [{text}]" for _, text in question.rows]
        header += rows or [question.text]
    table = [header]
    for respondent in RESPONDENTS:
        cells = [c for q in QUESTIONS for c in _cells(q, respondent, joiner)]
        table.append([stamp.format(respondent.submitted), *cells])
    return table


def surveymonkey(
    columns: str = "condensed",
    values: str = "text",
    *,
    language: str = "en",
    respondents: Sequence[Respondent] = EVERYONE,
) -> list[list[str]]:
    """Two header rows; ``columns`` condensed or expanded, ``values`` text or numeric."""
    meta = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "First Name"]
    response, written, open_ended = "Response", "Other (please specify)", "Open-Ended Response"
    if language == "nl":
        meta = ["Respondent-ID", "Verzamelprogramma-ID", "Startdatum", "Einddatum", "IP-adres"]
        meta.append("Voornaam")
        response, open_ended = "Antwoord", "Vrij antwoord"
        written = "Anders (geef nadere toelichting)"
    first, second = list(meta), [""] * len(meta)
    for question in QUESTIONS:
        expanded = question.kind == "multiple" or (
            question.kind == "single" and columns == "expanded"
        )
        parts = [label for _, label in question.options] if expanded else [response]
        parts = [text for _, text in question.rows] or parts
        parts = [open_ended] if question.kind == "open" else parts
        parts += [written] if question.other else []
        first += [question.text, *[""] * (len(parts) - 1)]
        second += parts
    rows = []
    for respondent in respondents:
        end = respondent.submitted
        stamp = [f"{d:%m/%d/%Y %H:%M:%S}" if d else "" for d in (respondent.started, end)]
        who = [f"11430{respondent.id}", "419001", *stamp, "10.0.0.1", ""]
        cells = [c for q in QUESTIONS for c in _monkey_cells(q, respondent, columns, values)]
        rows.append([*who, *cells])
    return [first, second, *rows]


def _monkey_cells(
    question: Question, respondent: Respondent, columns: str, values: str
) -> list[str]:
    codes = [code for code, _ in question.options]

    def shown(code: str) -> str:
        return label_of(question, code) if values == "text" else str(codes.index(code) + 1)

    answer = respondent.answers.get(question.code)
    if question.kind == "multiple":
        picked = answer or ()
        written = respondent.others.get(question.code, "")
        return [*(shown(code) if code in picked else "" for code in codes), written]
    if question.kind == "scale":
        given = answer or {}
        return [shown(given[row]) if row in given else "" for row, _ in question.rows]
    if question.kind == "single" and columns == "expanded":
        return [shown(code) if code == answer else "" for code in codes]
    return [shown(str(answer)) if question.kind == "single" and answer else str(answer or "")]


QUALTRICS_META = (
    ("StartDate", "Start Date", "startDate"),
    ("EndDate", "End Date", "endDate"),
    ("Status", "Response Type", "status"),
    ("IPAddress", "IP Address", "ipAddress"),
    ("Progress", "Progress", "progress"),
    ("Duration (in seconds)", "Duration (in seconds)", "duration"),
    ("Finished", "Finished", "finished"),
    ("RecordedDate", "Recorded Date", "recordedDate"),
    ("ResponseId", "Response ID", "_recordId"),
    ("UserLanguage", "User Language", "userLanguage"),
)
LEGACY = {"ResponseId": "ResponseID", "Duration (in seconds)": "ResponseSet"}


def qualtrics(
    multiple: str = "split", values: str = "text", *, headers: int = 3
) -> list[list[str]]:
    """Qualtrics' table; picks split or joined, values as text or numeric, 3 or 2 header rows."""
    names, texts, ids = (list(part) for part in zip(*QUALTRICS_META, strict=True))
    if headers == 2:
        names = texts = [LEGACY.get(name, name) for name in names]
    for question in QUESTIONS:
        for suffix, text, key in _qualtrics_columns(question, multiple):
            names, texts = [*names, question.code + suffix], [*texts, text]
            ids = [*ids, f"QI{question.code.replace('Q', 'D')}{key}"]
    import_ids = [json.dumps({"ImportId": key}, separators=(",", ":")) for key in ids]
    rows = [_qualtrics_row(respondent, multiple, values) for respondent in EVERYONE]
    return [names, texts, *([import_ids] if headers == 3 else []), *rows]


def _qualtrics_columns(question: Question, multiple: str) -> list[tuple[str, str, str]]:
    """Suffix of the name, text and suffix of the ImportId of every column."""
    chosen = " - Selected Choice" if question.other else ""
    if question.kind == "open":
        return [("", question.text, "_TEXT")]
    if question.kind == "scale":
        return [
            (f"_{i}", f"{question.text} - {text}", f"_{i}")
            for i, (_, text) in enumerate(question.rows, 1)
        ]
    if question.kind == "single" or multiple == "joined":
        columns = [("", question.text + chosen, "")]
    else:
        labels = [label for _, label in question.options]
        labels += [question.other] if question.other else []
        columns = [
            (f"_{i}", f"{question.text}{chosen} - {label}", f"_{i}")
            for i, label in enumerate(labels, 1)
        ]
    if question.other:
        part = f"_{len(question.options) + 1}_TEXT"
        columns.append((part, f"{question.text} - {question.other} - Text", part))
    return columns


def _qualtrics_row(respondent: Respondent, multiple: str, values: str) -> list[str]:
    text = values == "text"
    started, ended = respondent.started, respondent.submitted or respondent.started
    status = ("Survey Preview", "1") if respondent.test else ("IP Address", "0")
    finished = ("True", "1") if respondent.submitted else ("False", "0")
    seconds = str(int((ended - started).total_seconds()))
    row = [f"{started:%Y-%m-%d %H:%M:%S}", f"{ended:%Y-%m-%d %H:%M:%S}", status[0 if text else 1]]
    row += ["10.0.0.1", "100" if respondent.submitted else "40", seconds]
    row += [finished[0 if text else 1], row[1], f"R_{respondent.id}", "NL"]
    for question in QUESTIONS:
        row += _qualtrics_cells(question, respondent, multiple, text)
    return row


def _qualtrics_cells(
    question: Question, respondent: Respondent, multiple: str, text: bool
) -> list[str]:
    codes = [code for code, _ in question.options]
    answer = respondent.answers.get(question.code)

    def shown(code: str) -> str:
        return label_of(question, code) if text else str(codes.index(code) + 1)

    if question.kind == "multiple":
        written = respondent.others.get(question.code, "")
        picks = [shown(code) if code in (answer or ()) else "" for code in codes]
        picks.append((question.other if text else str(len(codes) + 1)) if written else "")
        if multiple == "joined":
            return [",".join(pick for pick in picks if pick), written]
        return [*(pick if text else "1" if pick else "" for pick in picks), written]
    if question.kind == "scale":
        return [shown(answer[row]) if answer else "" for row, _ in question.rows]
    return [shown(str(answer)) if question.kind == "single" and answer else str(answer or "")]


def qualtrics_qsf() -> str:
    """The questionnaire as Qualtrics saves it."""
    elements: list[dict] = [{"Element": "BL", "PrimaryAttribute": "Survey Blocks", "Payload": {}}]
    kinds = {"single": ("MC", "SAVR"), "multiple": ("MC", "MAVR"), "open": ("TE", "ML")}
    for question in QUESTIONS:
        kind, selector = kinds.get(question.kind, ("Matrix", "Likert"))
        labels = [label for _, label in question.options]
        labels += [question.other] if question.other else []
        choices = {str(i): {"Display": f"{label}"} for i, label in enumerate(labels, 1)}
        if question.other:
            choices[str(len(labels))]["TextEntry"] = "true"
        required = "ON" if question.required else "OFF"
        payload = {
            "QuestionText": f"<p>{question.text}</p>",
            "DataExportTag": question.code,
            "QuestionID": f"QI{question.code.replace('Q', 'D')}",
            "QuestionType": kind,
            "Selector": selector,
            "Choices": choices or [],
            "ChoiceOrder": list(choices),
            "Validation": {"Settings": {"ForceResponse": required, "Type": "None"}},
        }
        if kind == "Matrix":
            rows = {str(i): {"Display": text} for i, (_, text) in enumerate(question.rows, 1)}
            payload.update(SubSelector="SingleAnswer", Choices=rows, ChoiceOrder=list(rows))
            payload.update(Answers=choices, AnswerOrder=[int(key) for key in choices])
        if question.condition:
            payload["DisplayLogic"] = {"Type": "BooleanExpression"}
        elements.append({"Element": "SQ", "PrimaryAttribute": question.code, "Payload": payload})
    return json.dumps({"SurveyEntry": {"SurveyID": "SV_1"}, "SurveyElements": elements})
