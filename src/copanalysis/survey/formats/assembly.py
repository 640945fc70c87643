"""From the rows and columns of a file to an Export: ids, moments, status, problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from copanalysis.errors import Problem
from copanalysis.study.names import normalise
from copanalysis.survey.export import NOT_SHOWN, Column, Export, Response
from copanalysis.survey.formats.dates import Moments, read_moments
from copanalysis.survey.formats.sheet import Body, Row, Sheet

SECONDS = re.compile(r"\d+(?:[.,]\d+)?")


def always_complete(row: Row) -> str:
    """The status of a row in a tool that only exports what was submitted."""
    return "complete"


@dataclass(frozen=True)
class Layout:
    """How to read the rows: which column (by position) plays which part.

    ``roles`` may hold "id", "started", "submitted" and "seconds". ``status`` tells a row's
    status; ``month_first`` is the tool's habit for dates that the file itself leaves open.
    """

    format: str
    origin: str
    columns: Sequence[Column]
    roles: Mapping[str, int] = field(default_factory=dict)
    status: Callable[[Row], str] = always_complete
    month_first: bool = False
    problems: Sequence[Problem] = ()


def assemble(sheet: Sheet, body: Body, layout: Layout) -> Export:
    """The Export of a sheet: one Response per row of ``body``, problems of every step together.

    A partial response has no moment of submission, also where its tool notes the last visit.
    """
    moments = _moments(sheet, body, layout)
    started = moments.get("started") or [None] * len(body.rows)
    submitted = moments.get("submitted") or [None] * len(body.rows)
    responses = tuple(
        Response(
            row=row.number,
            cells=row.cells,
            id=_cell(row, layout, "id"),
            status=(status := layout.status(row)),
            started=started[i],
            submitted=None if status == "partial" else submitted[i],
            seconds=_seconds(_cell(row, layout, "seconds")),
        )
        for i, row in enumerate(body.rows)
    )
    notes = moments.get("problems", ())
    problems = (*sheet.problems, *body.problems, *layout.problems, *notes)
    return Export(
        path=sheet.path,
        format=layout.format,
        origin=layout.origin,
        encoding=sheet.encoding,
        columns=tuple(layout.columns),
        responses=responses,
        problems=problems,
    )


def _moments(sheet: Sheet, body: Body, layout: Layout) -> dict[str, Sequence]:
    roles = [role for role in ("started", "submitted") if role in layout.roles]
    columns = [
        [None if cell == NOT_SHOWN else cell for cell in body.column(layout.roles[role])]
        for role in roles
    ]
    where = f"{sheet.path.name}, date columns"
    found: Moments = read_moments(columns, where=where, month_first=layout.month_first)
    return {**dict(zip(roles, found.columns, strict=True)), "problems": found.problems}


def _cell(row: Row, layout: Layout, role: str) -> str:
    if role not in layout.roles:
        return ""
    cell = row.cells[layout.roles[role]]
    return "" if cell in (None, NOT_SHOWN) else cell.strip()


def _seconds(text: str) -> float | None:
    return float(text.replace(",", ".")) if SECONDS.fullmatch(text) else None


def leading_roles(names: Sequence[str], meta: Mapping[str, str]) -> dict[int, str]:
    """Role by position of the metadata columns, which stand before the first question.

    A question that happens to be called "Naam" further on is no metadata.
    """
    roles: dict[int, str] = {}
    for i, name in enumerate(names):
        role = meta.get(normalise(name))
        if role is None:
            break
        roles[i] = role
    return roles
