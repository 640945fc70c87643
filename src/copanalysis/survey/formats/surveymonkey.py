"""SurveyMonkey: CSV or workbook with two header rows, English and Dutch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copanalysis.errors import Problem
from copanalysis.study.names import normalise
from copanalysis.survey.export import Column, Export
from copanalysis.survey.formats.assembly import Layout, assemble
from copanalysis.survey.formats.kinds import answered, guess_row_type, guess_type, is_other
from copanalysis.survey.formats.sheet import Body, Sheet, body_of, name_columns

META = {
    "respondent id": "id",
    "respondent-id": "id",
    "respondentid": "id",
    "start date": "started",
    "startdate": "started",
    "startdatum": "started",
    "begindatum": "started",
    "end date": "submitted",
    "enddate": "submitted",
    "einddatum": "submitted",
    **dict.fromkeys(
        (
            "collector id",
            "collector-id",
            "collectorid",
            "verzamelprogramma-id",
            "verzamelaar-id",
            "ip address",
            "ip-adres",
            "email address",
            "e-mailadres",
            "first name",
            "voornaam",
            "last name",
            "achternaam",
            "language",
            "taal",
        ),
        "",
    ),
}
CUSTOM = ("custom data", "aangepaste gegevens")
WHOLE = {
    "response",
    "open-ended response",
    "antwoord",
    "respons",
    "open antwoord",
    "vrij antwoord",
    "open vraag",
}


def is_surveymonkey(sheet: Sheet) -> bool:
    """Whether the first columns are SurveyMonkey's respondent and collector."""
    names = {normalise(name) for name in sheet.header()[:4]}
    ids = {"respondent id", "respondent-id", "respondentid"}
    return bool(names & ids) and any("collector" in n or n.startswith("verzamel") for n in names)


def read_surveymonkey(sheet: Sheet) -> Export:
    """Read a SurveyMonkey export of individual answers, condensed or expanded, text or codes.

    The first header row holds the question above its first column only, the second the
    option, the row of a matrix, or "Response". A column whose only value is its own option
    text (or its number) is a tick box. SurveyMonkey marks no unfinished answers: a response
    without an end date counts as partial.
    """
    body = body_of(sheet, headers=2)
    questions, below = (sheet.header(i, width=body.width) for i in range(2))
    roles = _roles(questions, below)
    groups = _groups(questions, roles)
    shown = [
        _name(questions, below, members, i) if i not in roles else questions[i]
        for i, members in enumerate(groups)
    ]
    names, problems = name_columns(shown, where=sheet.path.name)
    columns = [Column(name, text=name, type="meta") for name in names]
    for members in {members[0]: members for members in groups if members}.values():
        text = questions[members[0]]
        parts = [below[i] for i in members]
        cells = [body.column(i) for i in members]
        for i, column in zip(members, _group(text, parts, cells), strict=True):
            columns[i] = replace(column, name=names[i])
    ended = next((i for i, role in roles.items() if role == "submitted"), None)
    layout = Layout(
        f"surveymonkey-{sheet.medium}",
        "SurveyMonkey",
        columns,
        {role: i for i, role in reversed(roles.items()) if role},
        lambda row: "partial" if ended is not None and row.cells[ended] is None else "complete",
        month_first=True,
        problems=[*problems, *_single_ticks(sheet, body, columns)],
    )
    return assemble(sheet, body, layout)


def _roles(questions: Sequence[str], below: Sequence[str]) -> dict[int, str]:
    """Role by position of the metadata: known names at the start, nothing under them."""
    roles: dict[int, str] = {}
    for i, (name, part) in enumerate(zip(questions, below, strict=True)):
        known = META.get(normalise(name))
        if known is None and normalise(name).startswith(CUSTOM):
            known = ""
        if known is None or part:
            break
        roles[i] = known
    return roles


def _groups(questions: Sequence[str], roles: dict[int, str]) -> list[list[int]]:
    """For every column the columns of its question; [] for metadata."""
    groups: list[list[int]] = []
    current: list[int] = []
    for i, question in enumerate(questions):
        if i in roles:
            groups.append([])
            continue
        if question or not current:
            current = []
        current.append(i)
        groups.append(current)
    return groups


def _name(questions: Sequence[str], below: Sequence[str], members: list[int], i: int) -> str:
    question = questions[members[0]]
    return question if len(members) == 1 else f"{question} [{below[i]}]"


def _group(text: str, parts: list[str], cells: list[list[str | None]]) -> list[Column]:
    """The columns of one question, judged by the second header row and the answers."""
    whole = [not part or normalise(part) in WHOLE for part in parts]
    if len(parts) == 1 and not _is_tick(parts[0], 1, cells[0]):
        whole = [True]
    rows = [i for i, is_whole in enumerate(whole) if not is_whole]
    others = [i for i in rows if is_other(parts[i]) and not _is_tick(parts[i], i + 1, cells[i])]
    rows = [i for i in rows if i not in others]
    filled = [i for i in rows if answered(cells[i])]
    is_ticks = bool(filled) and all(_is_tick(parts[i], i + 1, cells[i]) for i in filled)
    row_type = guess_row_type(cells[i] for i in rows)
    columns = []
    for i, part in enumerate(parts):
        column = Column("", text=text, item=text)
        if not whole[i]:
            column = replace(column, option=part, option_text=part)
        if i in others:
            columns.append(replace(column, other=True))
        elif i in rows and is_ticks:
            ticked = frozenset({part, *answered(cells[i])} - {"0"})
            columns.append(replace(column, type="multiple", ticked=ticked))
        else:
            columns.append(replace(column, type=row_type if i in rows else guess_type(cells[i])))
    return columns


def _is_tick(part: str, position: int, cells: list[str | None]) -> bool:
    """Whether the column says nothing but its own option, as text, position or 1."""
    values = set(answered(cells)) - {"0"}
    return bool(values) and len(values) == 1 and values <= {part, str(position), "1"}


def _single_ticks(sheet: Sheet, body: Body, columns: Sequence[Column]) -> list[Problem]:
    """A note when no respondent ticks more than one box: maybe a single choice, expanded."""
    items: dict[str, list[int]] = {}
    for i, column in enumerate(columns):
        if column.ticked:
            items.setdefault(column.item, []).append(i)
    suspect = [
        item
        for item, members in items.items()
        if len(members) > 1
        and all(sum(row.cells[i] is not None for i in members) <= 1 for row in body.rows)
    ]
    return [
        Problem(
            f"{sheet.path.name}, question {item[:60]!r}",
            "a column for each option, and never more than one ticked",
            "one column for a question with a single answer",
            "if only one answer was allowed, export again with condensed columns",
            "note",
        )
        for item in suspect
    ]
