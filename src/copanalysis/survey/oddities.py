"""What an export holds that cannot be right: values that fit no option, ids that are not unique,
no respondents at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.study.identifiers import masked_texts, names_of_study
from copanalysis.study.names import normalise
from copanalysis.study.plan import Study
from copanalysis.survey.answers import code_reader
from copanalysis.survey.boxes import NO_TICKS
from copanalysis.survey.export import Column, Export
from copanalysis.survey.formats.kinds import NO_TICKS as NO_CODES
from copanalysis.survey.formats.kinds import NUMBER
from copanalysis.survey.formats.sheet import LISTED, row_list
from copanalysis.survey.tidying import filled
from copanalysis.survey.wiring import Wire

LONGEST = 60  # characters shown of a value
Cells = list[tuple[int, str]]  # the row and text of each cell that holds an answer


def export_oddities(
    export: Export, wires: Iterable[Wire], *, study: Study, wave: str
) -> list[Problem]:
    """What is wrong with the rows and cells of an export that is wired to the items of a wave.

    A value that fits no option of its item is a warning per column, with how often and from
    which row it stands there; it is an error when not one answer of the column fits, and when
    numbers under a tick box leave open which of them means yes. Missing values that the file
    declares fit. Identifiers of people are masked in what is told. Respondent ids that are empty
    or come twice are warnings, an export without respondents is an error.
    """
    if not export.responses:
        return [_no_respondents(export)]
    found = [_unfit(export, wire, study, wave) for wire in wires]
    return [*filter(None, found), *_id_problems(export)]


def _no_respondents(export: Export) -> Problem:
    return Problem(
        export.path.name,
        "headers and not one respondent",
        "a row for every respondent",
        "export all responses again, or take the folder away until the wave is fielded",
    )


def _unfit(export: Export, wire: Wire, study: Study, wave: str) -> Problem | None:
    column = wire.column
    cells = [(r.row, r.cells[wire.index]) for r in export.responses]
    given = [(row, cell) for row, cell in cells if filled(cell) and cell not in column.missing]
    fits = _fitting(wire, given, study, wave)
    unfit = [(row, cell) for row, cell in given if not fits(cell)]
    if not unfit:
        return None
    where = f"{export.path.name}, column {column.name}"
    told = _told_values(unfit, column, study)
    if wire.role == "tick":
        return _unfit_box(where, wire, told, any_fits=len(unfit) < len(given))
    if len(unfit) < len(given):
        found = f"values that are no option of {wire.item}: {told}"
        fix = "correct them, or add the spelling to also in scales.csv; they count as skipped"
        return Problem(where, found, "options as in data/instruments/scales.csv", fix, "warning")
    if export.format.startswith("spss") and not column.labels:
        found = f"values without a value label, which stand for nothing: {told}"
        fix = "save the file again with the value labels of the questionnaire"
        return Problem(where, found, f"a label that is an option of {wire.item}", fix)
    found = f"not one answer fits an option of {wire.item}: {told}"
    fix = "put the questionnaire file (.lss, .qsf) beside it, export again with the answers in "
    fix += "full, or add the spellings to also in scales.csv"
    return Problem(where, found, "options as in data/instruments/scales.csv", fix)


def _unfit_box(where: str, wire: Wire, told: str, *, any_fits: bool) -> Problem:
    if not wire.column.ticked:
        found = f"numbers without a label under a tick box: {told}"
        fix = "give the values labels (Gekozen, Niet gekozen), or write 0 for not ticked"
        return Problem(where, found, "1 for ticked and 0 for not", fix)
    found = f"texts under a tick box that are neither yes nor no: {told}"
    fix = "correct them or export again with answer codes; they count as not ticked"
    level = "warning" if any_fits else "error"
    return Problem(where, found, "yes, no or nothing", fix, level)


def _fitting(wire: Wire, given: Cells, study: Study, wave: str) -> Callable[[str], bool]:
    """Whether a cell of this column says something that its item knows."""
    if wire.role == "tick":
        return _fitting_box(wire.column, given)
    if wire.role != "value" or study.item(wire.item, wave=wave).type == "open":
        return lambda cell: True
    read = code_reader(wire, study=study, wave=wave)
    return lambda cell: read(cell)[1] != "skipped"


def _fitting_box(column: Column, given: Cells) -> Callable[[str], bool]:
    def is_no(cell: str) -> bool:
        return cell.strip() in NO_CODES or normalise(column.labels.get(cell, cell)) in NO_TICKS

    if column.ticked:
        return lambda cell: cell in column.ticked or cell in column.labels or is_no(cell)
    numbers = {cell for _, cell in given if NUMBER.fullmatch(cell) and cell not in column.labels}
    unsure = numbers if len(numbers - {"0"}) > 1 else set()
    return lambda cell: cell not in unsure


def _told_values(unfit: Cells, column: Column, study: Study) -> str:
    """Each value with how often it comes and where first, the commonest first."""
    table = pd.DataFrame(unfit, columns=["row", "cell"])
    same = table.groupby("cell", sort=False)["row"].agg(["size", "first"])
    same = same.sort_values("size", ascending=False, kind="stable")
    shown = pd.Series([_labelled(cell, column) for cell in same.index], dtype="string")
    shown = masked_texts(shown, names=names_of_study(study.names))["text"]
    parts = [
        f"{text} (row {first})" if n == 1 else f"{text} ({n} times, first in row {first})"
        for text, n, first in zip(shown, same["size"], same["first"], strict=True)
    ]
    more = [f"and {len(parts) - LISTED} other values"] if len(parts) > LISTED else []
    return ", ".join(parts[:LISTED] + more)


def _labelled(cell: str, column: Column) -> str:
    label = column.labels.get(cell, "")
    return repr(cell[:LONGEST]) + (f" = {label[:LONGEST]!r}" if label else "")


def _id_problems(export: Export) -> Iterator[Problem]:
    """Ids are told by their rows alone: one can point to a person."""
    rows: dict[str, list[int]] = {}
    for response in export.responses:
        rows.setdefault(response.id.strip(), []).append(response.row)
    empty = rows.pop("", [])
    twice = [row_list(same) for same in rows.values() if len(same) > 1]
    if twice:
        more = f" and {len(twice) - LISTED} more" if len(twice) > LISTED else ""
        yield Problem(
            export.path.name,
            f"{len(twice)} respondent id(s) that come again: {'; '.join(twice[:LISTED])}{more}",
            "an id of its own for every respondent",
            "look whether somebody was exported twice; every row is kept as a respondent",
            "warning",
        )
    if empty and rows:
        yield Problem(
            f"{export.path.name}, {row_list(empty)}",
            f"{len(empty)} row(s) without a respondent id",
            "an id for every respondent",
            "look whether the row was added by hand; it is kept as a respondent",
            "warning",
        )
