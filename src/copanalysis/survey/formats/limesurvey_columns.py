"""What each LimeSurvey column holds: from the questionnaire, else judged by the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copanalysis.errors import Problem
from copanalysis.study.names import normalise
from copanalysis.survey.export import Column
from copanalysis.survey.formats.kinds import (
    TICKS,
    answered,
    guess_row_type,
    guess_type,
    is_other,
    looks_ticked,
)
from copanalysis.survey.formats.limesurvey_headings import Heading
from copanalysis.survey.formats.sheet import Body
from copanalysis.survey.formats.structure import Structure, other_survey


def columns_of(
    headings: Sequence[Heading], body: Body, structure: Structure | None, *, where: str
) -> tuple[list[Column], list[Problem]]:
    """A Column per heading: from the questionnaire where it knows it, else by the answers."""
    templates = _templates(headings, structure) if structure else [None] * len(headings)
    problems = []
    questions = [i for i, heading in enumerate(headings) if heading.meta is None]
    unknown = [headings[i].name for i in questions if templates[i] is None]
    if structure and questions and len(unknown) == len(questions):
        problems.append(other_survey(structure, where=where))
    elif structure and unknown:
        problems.append(_not_in_structure(where, structure, unknown))
    guessed = _guessed_columns(headings, body)
    columns = [
        replace(template, name=heading.name) if template else guess
        for heading, template, guess in zip(headings, templates, guessed, strict=True)
    ]
    return columns, problems


def _templates(headings: Sequence[Heading], structure: Structure) -> list[Column | None]:
    """The questionnaire's column for each heading: by code, else by text in running order."""
    by_code = {(c.item, c.option.replace("#", "_")): c for c in structure.columns}
    found: list[Column | None] = []
    at = 0
    for heading in headings:
        if heading.meta is not None:
            found.append(None)
        elif heading.code:
            found.append(by_code.get((heading.code, heading.option.replace("#", "_"))))
        else:
            after = range(at, len(structure.columns))
            fits = (i for i in after if _fits(heading, structure.columns[i]))
            index = next(fits, None)
            found.append(None if index is None else structure.columns[index])
            at = at if index is None else index + 1
    return found


def _fits(heading: Heading, template: Column) -> bool:
    """Whether a heading of texts, perhaps cut off with "..", can be this column."""
    if not template.option and heading.option_text:  # a question that itself ends in brackets
        return _begins_alike(f"{heading.text} [{heading.option_text}]", template.text)
    if template.other and is_other(heading.option_text):
        return _begins_alike(heading.text, template.text)
    if template.option.endswith("comment"):
        return bool(heading.option_text) and _begins_alike(heading.text, template.text)
    whole = _begins_alike(heading.text, template.text)
    return whole and _begins_alike(heading.option_text, template.option_text)


def _begins_alike(shown: str, full: str) -> bool:
    left, right = (normalise(text.replace("_", " ")) for text in (shown, full))
    cut = shown.rstrip(" _").endswith("..")
    return left == right or (cut and bool(left) and right.startswith(left))


def _guessed_columns(headings: Sequence[Heading], body: Body) -> list[Column]:
    """Columns judged by their answers, for headings that no questionnaire explains."""
    groups: dict[str, list[int]] = {}
    for i, heading in enumerate(headings):
        if heading.meta is None:
            groups.setdefault(heading.code or heading.text, []).append(i)
    columns = [Column(heading.name, text=heading.text, type="meta") for heading in headings]
    for item, members in groups.items():
        for i, column in zip(members, _group(item, members, headings, body), strict=True):
            columns[i] = column
    return columns


def _group(item: str, members: list[int], headings: Sequence[Heading], body: Body) -> list[Column]:
    cells = {i: body.column(i) for i in members}
    parts = [i for i in members if _is_part(headings[i], len(members))]
    ticks = [i for i in parts if looks_ticked(cells[i])]
    empty = [i for i in parts if not answered(cells[i])]
    rows = [i for i in parts if i not in ticks and i not in empty and not _write_in(headings[i])]
    has_other = any(headings[i].option == "other" for i in parts)
    is_multiple = not rows and bool(ticks or (has_other and len(empty) > 1))
    row_type = "multiple" if is_multiple else guess_row_type(cells[i] for i in rows)
    columns = []
    for i in members:
        heading = headings[i]
        column = Column(heading.name, text=heading.text, item=item)
        if i not in parts:
            text = column.text if heading.code else heading.name
            guess = guess_type(cells[i])
            columns.append(replace(column, text=text, item=heading.code or text, type=guess))
            continue
        column = replace(column, option=heading.option, option_text=heading.option_text)
        if not heading.option:
            column = replace(column, option=heading.option_text)
        columns.append(_typed_part(column, heading, cells[i], row_type))
    return columns


def _typed_part(column: Column, heading: Heading, cells: list[str | None], row_type: str) -> Column:
    if _write_in(heading) and not looks_ticked(cells):
        is_comment = heading.option.endswith("comment")
        return replace(column, type="open", other=not is_comment)
    ticked = TICKS if row_type == "multiple" else frozenset()
    return replace(column, type=row_type, ticked=ticked)


def _is_part(heading: Heading, siblings: int) -> bool:
    return bool(heading.option) or (bool(heading.option_text) and siblings > 1)


def _write_in(heading: Heading) -> bool:
    if heading.option:
        return heading.option == "other" or heading.option.endswith("comment")
    return is_other(heading.option_text)


def _not_in_structure(where: str, structure: Structure, names: list[str]) -> Problem:
    shown = ", ".join(name[:60] for name in names[:8])
    return Problem(
        where,
        f"{len(names)} column(s) that {structure.path.name} does not know: {shown}",
        "the questionnaire of this very export",
        "look whether the survey was changed after the structure was saved",
        "warning",
    )
