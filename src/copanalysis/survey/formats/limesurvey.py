"""LimeSurvey exports: the CSV of every heading style, and the tab-separated VV file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from copanalysis.errors import Problem
from copanalysis.survey.export import NOT_SHOWN, Column, Export, Response
from copanalysis.survey.formats.assembly import Layout, assemble
from copanalysis.survey.formats.kinds import NO_TICKS, NOT_APPLICABLE, TICKS, answered
from copanalysis.survey.formats.limesurvey_columns import columns_of
from copanalysis.survey.formats.limesurvey_headings import Heading, is_telling, read_headings
from copanalysis.survey.formats.sheet import (
    Body,
    Row,
    Sheet,
    body_of,
    name_columns,
    split_heading,
)
from copanalysis.survey.formats.structure import Structure

ANONYMOUS_DATE = date(1980, 1, 1)
LONGEST_YES = 12
ESCAPES = (("{newline}", "\n"), ("{cr}", "\r"), ("{tab}", "\t"), ("{quote}", '"'))


def is_limesurvey(sheet: Sheet) -> bool:
    """Whether the headings are LimeSurvey's."""
    return is_telling(sheet.header()) or _is_vv(sheet)


def read_limesurvey(sheet: Sheet, structure: Structure | None) -> Export:
    """Read a LimeSurvey CSV or VV file, with the questionnaire (.lss) where there is one.

    A response without a submit date is partial; the date 1980-01-01, which LimeSurvey writes
    in anonymous surveys, counts as submitted at an unknown moment. NOT_SHOWN stands for
    "{question_not_shown}" and for "N/A" under a tick box: in both LimeSurvey stored nothing.
    """
    is_vv = _is_vv(sheet)
    body = body_of(sheet, headers=2 if is_vv else 1)
    shown = sheet.header(1 if is_vv else 0, width=body.width)
    names, problems = name_columns(shown, where=sheet.path.name)
    headings = _vv_headings(sheet, shown) if is_vv else read_headings(shown)
    headings = [replace(h, name=name) for h, name in zip(headings, names, strict=True)]
    body = replace(body, rows=_stored_values(body.rows)) if is_vv else body
    columns, more = columns_of(headings, body, structure, where=sheet.path.name)
    columns, unsure = with_own_yes(columns, body, where=sheet.path.name)
    body = replace(body, rows=_hidden_ticks(body.rows, columns))
    format = "limesurvey-vv" if is_vv else f"limesurvey-{sheet.medium}"
    return assemble_limesurvey(sheet, body, headings, columns, format, [*problems, *more, *unsure])


def assemble_limesurvey(
    sheet: Sheet,
    body: Body,
    headings: Sequence[Heading],
    columns: Sequence[Column],
    format: str,
    problems: Sequence[Problem],
) -> Export:
    """The Export of a LimeSurvey table, its status by submit date."""
    roles = {h.meta: i for i, h in reversed(list(enumerate(headings))) if h.meta}
    problems = list(problems)
    if "submitted" not in roles:
        problems.append(_no_submit_date(sheet.path.name))
    submitted = roles.get("submitted")

    def status(row: Row) -> str:
        is_open = submitted is not None and row.cells[submitted] in (None, NOT_SHOWN)
        return "partial" if is_open else "complete"

    layout = Layout(format, "LimeSurvey", columns, roles, status, problems=problems)
    export = assemble(sheet, body, layout)
    return replace(export, responses=tuple(map(_without_placeholder, export.responses)))


def _without_placeholder(response: Response) -> Response:
    is_real = response.submitted is None or response.submitted.date() != ANONYMOUS_DATE
    return response if is_real else replace(response, submitted=None)


def with_own_yes(
    columns: list[Column], body: Body, *, where: str
) -> tuple[list[Column], list[Problem]]:
    """Tick boxes that also know the word the export was told to write for yes.

    One short text that recurs in the tick boxes of the file and is no usual yes or no counts
    as yes, with a note; anything else is not guessed at, and a warning says so.
    """
    ticks = [i for i, column in enumerate(columns) if column.ticked]
    found = Counter(cell.strip() for i in ticks for cell in answered(body.column(i)))
    own = {word: n for word, n in found.items() if word not in TICKS | NO_TICKS | NOT_APPLICABLE}
    if not own:
        return columns, []
    word, n = max(own.items(), key=lambda pair: pair[1])
    if len(own) > 1 or n < 2 or len(word) > LONGEST_YES:
        return columns, [_neither_yes_nor_no(where, len(own))]
    wider = [replace(c, ticked=c.ticked | {word}) if c.ticked else c for c in columns]
    return wider, [_own_yes(where, word)]


def _is_vv(sheet: Sheet) -> bool:
    codes = sheet.header(1)
    return "id" in codes and "submitdate" in codes


def _vv_headings(sheet: Sheet, codes: Sequence[str]) -> list[Heading]:
    """VV has texts in row 1 and codes in row 2; the row text stands in round brackets."""
    texts = sheet.header(0, width=len(codes))
    headings = []
    for heading, text in zip(read_headings(codes), texts, strict=True):
        if heading.meta is None:
            question, row = split_heading(text, marks="()") if heading.option else (text, "")
            heading = replace(heading, text=question, option_text=row)
        headings.append(heading)
    return headings


def _stored_values(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(replace(row, cells=tuple(map(_stored_value, row.cells))) for row in rows)


def _stored_value(cell: str | None) -> str | None:
    """What LimeSurvey stored, behind the escapes of VV files."""
    if cell is None or cell == NOT_SHOWN or "{" not in cell:
        return cell
    for escape, meant in ESCAPES:
        cell = cell.replace(escape, meant)
    return cell.replace("{lbrace}", "{")


def _hidden_ticks(rows: Sequence[Row], columns: Sequence[Column]) -> tuple[Row, ...]:
    """Rows in which "N/A" under a tick box reads NOT_SHOWN."""
    ticks = {i for i, column in enumerate(columns) if column.ticked}
    return tuple(
        replace(
            row,
            cells=tuple(
                NOT_SHOWN if i in ticks and cell in NOT_APPLICABLE else cell
                for i, cell in enumerate(row.cells)
            ),
        )
        for row in rows
    )


def _no_submit_date(where: str) -> Problem:
    return Problem(
        where,
        "no column with the submit date",
        "the column submitdate (Date submitted)",
        "export again with the response metadata; without it every response counts as complete",
        "warning",
    )


def _neither_yes_nor_no(where: str, n: int) -> Problem:
    return Problem(
        f"{where}, tick boxes",
        f"{n} different texts under tick boxes that are neither yes nor no",
        "Y, Yes, Ja or 1 for a box that is ticked",
        "export again with answer codes; boxes with those texts count as not ticked",
        "warning",
    )


def _own_yes(where: str, word: str) -> Problem:
    return Problem(
        f"{where}, tick boxes",
        f"{word!r} under tick boxes, read as ticked",
        "Y, Yes, Ja or 1 for a box that is ticked",
        "look at the export settings (convert Y to); if it means no, export again",
        "note",
    )
