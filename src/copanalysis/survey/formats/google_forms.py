"""Google Forms: the CSV of the form itself, and the CSV or workbook of its response sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from copanalysis.study.names import normalise
from copanalysis.survey.export import Column, Export
from copanalysis.survey.formats.assembly import Layout, assemble, leading_roles
from copanalysis.survey.formats.joined import joined_options
from copanalysis.survey.formats.kinds import guess_row_type, guess_type
from copanalysis.survey.formats.sheet import Body, Sheet, body_of, name_columns, split_heading

JOINERS = (";", ", ")  # the form's own CSV, the response sheet
STAMPS = ("timestamp", "tijdstempel")
META = {
    **dict.fromkeys(STAMPS, "submitted"),
    **dict.fromkeys(
        (
            "email address",
            "e-mailadres",
            "username",
            "gebruikersnaam",
            "score",
            "total score",
            "totaalscore",
        ),
        "",
    ),
}


def is_google_forms(sheet: Sheet) -> bool:
    """Whether the first column is Google's timestamp."""
    return normalise(next(iter(sheet.header()), "")) in STAMPS


def read_google_forms(sheet: Sheet) -> Export:
    """Read the responses to a Google Form; everything it holds was submitted.

    Picks are joined with ", " in the response sheet and with ";" in the form's own CSV. The
    file does not say which questions allow several picks: a column counts as such when its
    answers fall apart into options that recur (see `joined_options`). Rows of a grid are
    columns "Question [row]".
    """
    body = body_of(sheet, headers=1)
    names, problems = name_columns(sheet.header(width=body.width), where=sheet.path.name)
    roles = leading_roles(names, META)
    columns = [
        Column(name, text=name, type="meta") if i in roles else column
        for i, (name, column) in enumerate(zip(names, _questions(names, body), strict=True))
    ]
    layout = Layout(
        f"google-forms-{sheet.medium}",
        "Google Forms",
        columns,
        {role: i for i, role in reversed(roles.items()) if role},
        month_first=True,
        problems=problems,
    )
    return assemble(sheet, body, layout)


def _questions(names: Sequence[str], body: Body) -> list[Column]:
    split = [split_heading(name) for name in names]
    grids = Counter(text for text, row in split if row)
    grid_cells: dict[str, list] = {text: [] for text in grids}
    for i, (text, row) in enumerate(split):
        if row:
            grid_cells[text].append(body.column(i))
    columns = []
    for i, (name, (text, row)) in enumerate(zip(names, split, strict=True)):
        cells = body.column(i)
        if row and grids[text] > 1:
            column = Column(name, text=text, item=text, option=row, option_text=row)
            columns.append(replace(column, type=guess_row_type(grid_cells[text])))
        else:
            columns.append(_question(Column(name, text=name, item=name), cells))
    return columns


def _question(column: Column, cells: list[str | None]) -> Column:
    guess = guess_type(cells)
    if guess in ("number", "date"):
        return replace(column, type=guess)
    for joiner in JOINERS:
        if joined_options(cells, joiner=joiner):
            return replace(column, type="multiple", joiner=joiner)
    return replace(column, type=guess)
