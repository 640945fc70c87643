"""When a respondent started and sent in, and under which code, from columns that columns.csv
names for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from copanalysis.study.plan import Study
from copanalysis.survey.export import Export
from copanalysis.survey.formats.dates import read_moments

META_ROLES = ("id", "started", "submitted", "seconds", "link")


def with_listed_meta(export: Export, *, study: Study, wave: str) -> Export:
    """The export with the metadata columns that columns.csv lists for this wave and format.

    For tools that keep no such columns of their own (an SPSS file): rows of columns.csv with
    role id, started, submitted, seconds or link (a token, or a code that respondents made). The
    columns become "meta"; what they hold goes to the responses, where the reader found none.
    Cells stay as they are.
    """
    found = _listed(export, study, wave)
    if not found:
        return export
    names = {export.columns[index].name for index in found.values()}
    columns = tuple(replace(c, type="meta") if c.name in names else c for c in export.columns)
    cells = {
        role: [response.cells[index] for response in export.responses]
        for role, index in found.items()
    }
    roles = [role for role in ("started", "submitted") if role in cells]
    read = read_moments([cells[r] for r in roles], where=export.path.name, month_first=False)
    moments = dict(zip(roles, read.columns, strict=True))
    responses = tuple(
        replace(
            response,
            id=response.id or (cells["id"][i] or "" if "id" in cells else ""),
            started=response.started or _at(moments, "started", i),
            submitted=response.submitted or _at(moments, "submitted", i),
            link=(cells["link"][i] or "") if "link" in cells else "",
            seconds=response.seconds if response.seconds is not None else _seconds(cells, i),
        )
        for i, response in enumerate(export.responses)
    )
    problems = (*export.problems, *read.problems)
    return replace(export, columns=columns, responses=responses, problems=problems)


def _listed(export: Export, study: Study, wave: str) -> dict[str, int]:
    places = {column.name: i for i, column in enumerate(export.columns)}
    return {
        row["role"]: places[row["column"]]
        for row in study.sheets["columns.csv"].rows
        if row["role"] in META_ROLES
        and row["wave"] in ("", wave)
        and export.format.startswith(row["format"])
        and row["column"] in places
    }


def _at(moments: dict, role: str, i: int) -> datetime | None:
    return moments[role][i] if role in moments else None


def _seconds(cells: dict, i: int) -> float | None:
    cell = cells["seconds"][i] if "seconds" in cells else None
    text = (cell or "").strip().replace(",", ".")
    return float(text) if text.replace(".", "", 1).isdigit() else None
