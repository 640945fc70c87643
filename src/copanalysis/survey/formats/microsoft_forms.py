"""Microsoft Forms: the workbook (or a CSV saved from it), English and Dutch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from copanalysis.errors import Problem
from copanalysis.study.names import normalise
from copanalysis.survey.export import Column, Export
from copanalysis.survey.formats.assembly import Layout, assemble, leading_roles
from copanalysis.survey.formats.kinds import answered, guess_type
from copanalysis.survey.formats.sheet import Body, Sheet, body_of, name_columns

JOINER = ";"
META = {
    "id": "id",
    "start time": "started",
    "begintijd": "started",
    "starttijd": "started",
    "completion time": "submitted",
    "tijd van voltooien": "submitted",
    "voltooiingstijd": "submitted",
    "eindtijd": "submitted",
    **dict.fromkeys(
        (
            "email",
            "e-mail",
            "name",
            "naam",
            "last modified time",
            "tijd van laatste wijziging",
            "laatst gewijzigd",
            "language",
            "taal",
        ),
        "",
    ),
}
QUIZ = re.compile(r"(?:points|punten|feedback) - .+|total points|totaal aantal punten", re.I)


def is_microsoft_forms(sheet: Sheet) -> bool:
    """Whether the first columns are the id, start and completion time of Microsoft Forms."""
    roles = {META.get(normalise(name)) for name in sheet.header()[:4]}
    return {"id", "started", "submitted"} <= roles


def read_microsoft_forms(sheet: Sheet) -> Export:
    """Read the answers of a Microsoft Form; everything it exports was submitted.

    A question with several picks is one cell of options, each followed by ";". A statement of
    a Likert question is a column of its own with the statement as its only text. A write-in
    stands among the picks as a part that is no option.
    """
    body = body_of(sheet, headers=1)
    names, problems = name_columns(sheet.header(width=body.width), where=sheet.path.name)
    roles = leading_roles(names, META)
    columns = [
        Column(name, text=name, type="meta") if i in roles or QUIZ.fullmatch(name) else None
        for i, name in enumerate(names)
    ]
    texts = _without_counters(names)
    columns = [
        column or _question(name, texts[i], body.column(i))
        for i, (name, column) in enumerate(zip(names, columns, strict=True))
    ]
    layout = Layout(
        f"microsoft-forms-{sheet.medium}",
        "Microsoft Forms",
        columns,
        {role: i for i, role in reversed(roles.items()) if role},
        month_first=True,
        problems=[*problems, *_rankings(sheet, body, columns)],
    )
    return assemble(sheet, body, layout)


def _without_counters(names: Sequence[str]) -> list[str]:
    """Question texts without the number that Excel appends to a header it had before."""
    texts: list[str] = []
    for name in names:
        found = re.fullmatch(r"(.+?)\s?(\d{1,2})", name)
        again = found is not None and int(found[2]) > 1 and found[1] in names[: len(texts)]
        texts.append(found[1] if again else name)
    return texts


def _question(name: str, text: str, cells: list[str | None]) -> Column:
    column = Column(name, text=text, item=text)
    values = answered(cells)
    if values and all(value.rstrip().endswith(JOINER) for value in values):
        return replace(column, type="multiple", joiner=JOINER)
    return replace(column, type=guess_type(values))


def _rankings(sheet: Sheet, body: Body, columns: Sequence[Column]) -> list[Problem]:
    """A note for joined cells that all hold the same parts: a ranking rather than picks."""
    problems = []
    for i, column in enumerate(columns):
        cells = answered(body.column(i)) if column.joiner else []
        orders = {tuple(cell.rstrip().rstrip(JOINER).split(JOINER)) for cell in cells}
        if len(orders) > 1 and len({frozenset(order) for order in orders}) == 1:
            problems.append(
                Problem(
                    f"{sheet.path.name}, column {column.name}",
                    "the same options in every cell, in another order: a ranking, it seems",
                    "the options that a respondent picked",
                    "do not count it as picks; put role ignore for it in columns.csv",
                    "warning",
                )
            )
    return problems
