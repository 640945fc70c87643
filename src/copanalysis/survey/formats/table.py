"""Any other table: one row of headers, one respondent per row, no tool recognised."""

from __future__ import annotations

from copanalysis.errors import Problem
from copanalysis.survey.export import Column, Export
from copanalysis.survey.formats.assembly import Layout, assemble
from copanalysis.survey.formats.kinds import guess_type
from copanalysis.survey.formats.sheet import Sheet, body_of, name_columns


def read_table(sheet: Sheet) -> Export:
    """Read a plain rectangular table as an export of unknown origin.

    Every column is taken for a whole question, named by its header; ids, moments and status
    are unknown, so every row counts as complete. A warning says so.
    """
    body = body_of(sheet, headers=1)
    names, problems = name_columns(sheet.header(width=body.width), where=sheet.path.name)
    columns = [
        Column(name, text=name, item=name, type=guess_type(body.column(i)))
        for i, name in enumerate(names)
    ]
    unknown = Problem(
        sheet.path.name,
        "a table that no survey tool is known to write",
        "an export of LimeSurvey, Qualtrics, Microsoft Forms, Google Forms, SurveyMonkey or SPSS",
        "say in columns.csv what each column holds; check which rows are complete",
        "warning",
    )
    layout = Layout(f"table-{sheet.medium}", "unknown", columns, problems=[unknown, *problems])
    return assemble(sheet, body, layout)
