"""Which column of an export holds which item and option: by columns.csv, else by wording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.study.names import normalise
from copanalysis.study.plan import Item, Study
from copanalysis.survey.export import Column, Export

TITLES = 20  # rows that may stand above the headers
SHORTEST_PREFIX = 40  # a wording cut off by the survey tool still matches from this length


@dataclass(frozen=True)
class Wire:
    """One column of an export and what it holds.

    ``role`` is "value" (the whole answer of a single, scale or open item), "tick" (one box of
    a multiple item), "joined" (all picks of a multiple item in one cell) or "text" (the
    write-in of "Anders, namelijk").
    """

    index: int
    column: Column
    item: str
    option: str
    role: str


def wire_columns(
    export: Export, *, study: Study, wave: str
) -> tuple[tuple[Wire, ...], list[Problem]]:
    """Match the columns of an export to the items and options of a wave.

    A row of columns.csv for this wave and format goes first; without one, the question text
    and option text must equal the wording as fielded (case, spaces, quotes and end marks
    apart; a wording that the tool cut off matches from 40 characters). Returns the wires and
    the problems: an item of the wave without a column is an error, and so is an option without
    one where each has a column of its own; a column that matches nothing is a warning. Headers
    that stand under a title are one error.
    """
    below = _headers_below(export, study, wave)
    if below is not None:
        return (), [below]
    listed = _listed_columns(export, study, wave)
    wires: list[Wire] = []
    problems: list[Problem] = []
    for index, column in enumerate(export.columns):
        if column.type == "meta" and not listed.get(column.name, ("",))[0]:
            continue
        found = listed.get(column.name) or _by_wording(column, study, wave)
        if found is None:
            problems.append(_unused(export, column))
        elif found[0]:
            wires.append(Wire(index, column, *found))
    problems += _missing_items(export, wires, study, wave)
    problems += _missing_options(export, wires, study, wave)
    problems += _double_wires(export, wires)
    return tuple(wires), problems


def wiring_table(wires: tuple[Wire, ...], *, wave: str) -> pd.DataFrame:
    """The wiring as a table: wave, column, item, option, role; one row per wired column."""
    rows = [(wave, w.column.name, w.item, w.option, w.role) for w in wires]
    return pd.DataFrame(rows, columns=["wave", "column", "item", "option", "role"], dtype="string")


def _listed_columns(export: Export, study: Study, wave: str) -> dict[str, tuple[str, str, str]]:
    types = {item.id: item.type for item in study.items_of(wave)}
    offered = {id: set(study.options(id, wave=wave)["option"]) for id in types}
    joined = {c.name for c in export.columns if c.joiner}
    listed = {}
    for row in study.sheets["columns.csv"].rows:
        fits = row["wave"] in ("", wave) and export.format.startswith(row["format"])
        if not fits or (row["item"] and row["item"] not in types):
            continue
        if row["item"] and row["option"] and row["option"] not in offered[row["item"]]:
            continue  # not in this wave
        role = row["role"] or _role(types[row["item"]], row["column"] in joined)
        listed[row["column"]] = (row["item"], row["option"], role)
    return listed


def _role(type: str, joined: bool) -> str:
    if type != "multiple":
        return "value"
    return "joined" if joined else "tick"


def _by_wording(column: Column, study: Study, wave: str) -> tuple[str, str, str] | None:
    for item in study.items_of(wave):
        if item.type == "scale" and _same(column.option_text, item.wording):
            return item.id, "", "value"
        if not (_same(column.text, item.wording) or _same(column.item, item.wording)):
            continue
        return _whole_or_part(column, item, study, wave)
    return None


def _whole_or_part(
    column: Column, item: Item, study: Study, wave: str
) -> tuple[str, str, str] | None:
    if item.type != "multiple":
        return (item.id, "", "value") if not column.option_text else None
    if column.other:
        return item.id, "other", "text"
    if not column.option_text:
        return item.id, "", "joined"
    option = study.option_spellings(item.id, wave=wave).get(normalise(column.option_text))
    return (item.id, option, "tick") if option else None


def _same(text: str, wording: str) -> bool:
    text, wording = normalise(text), normalise(wording)
    return text == wording or (len(text) >= SHORTEST_PREFIX and wording.startswith(text))


def _unused(export: Export, column: Column) -> Problem:
    return Problem(
        f"{export.path.name}, column {column.name}",
        "a column that matches no item of this wave",
        "a wording of items.csv, or a row in columns.csv",
        "add a row to data/instruments/columns.csv (role ignore to leave it out)",
        "warning",
    )


def _headers_below(export: Export, study: Study, wave: str) -> Problem | None:
    """The row under the headers that holds the headers: a title stands above them."""
    wordings = [item.wording for item in study.items_of(wave)]
    rows = study.sheets["columns.csv"].rows
    listed = {row["column"] for row in rows if row["wave"] in ("", wave)}

    def named(cells: Iterable[str | None]) -> int:
        texts = {cell.strip() for cell in cells if cell and cell.strip()}
        return sum(text in listed or any(_same(text, w) for w in wordings) for text in texts)

    here = named(column.name for column in export.columns)
    for response in export.responses[:TITLES]:
        if named(response.cells) > max(here, len(wordings) // 2):
            return Problem(
                f"{export.path.name}, row {response.row}",
                "the headers of the columns, under something else",
                "the headers in the first row",
                "delete the rows above them, and save or export it again",
            )
    return None


def _missing_items(export: Export, wires: list[Wire], study: Study, wave: str) -> list[Problem]:
    wired = {wire.item for wire in wires}
    return [
        Problem(
            export.path.name,
            f"no column for {item.id}",
            f"the question {item.wording[:60]!r}",
            "name its column in data/instruments/columns.csv, or take the wave out of items.csv",
        )
        for item in study.items_of(wave)
        if item.id not in wired
    ]


def _missing_options(export: Export, wires: list[Wire], study: Study, wave: str) -> list[Problem]:
    """Options fielded in the wave that have no box, where a file has a column for each option."""
    return [
        Problem(
            export.path.name,
            f"no column for {_listed_labels(missing)} of {item.id}",
            f"a column for every option of {item.wording[:60]!r}",
            "export the whole question again or name the column in data/instruments/columns.csv; "
            "an option that this wave did not offer gets its waves in scales.csv",
        )
        for item in study.items_of(wave)
        if item.type == "multiple" and (missing := _without_box(item, wires, study, wave))
    ]


def _without_box(item: Item, wires: list[Wire], study: Study, wave: str) -> dict[str, str]:
    """Code and label of each option without a column; "other" may be its write-in alone."""
    own = [wire for wire in wires if wire.item == item.id]
    if not own or any(wire.role == "joined" for wire in own):
        return {}
    boxes = {wire.option for wire in own if wire.role == "tick"}
    return {
        row.option: row.label
        for row in study.options(item.id, wave=wave).itertuples()
        if row.kind != "other" and row.option not in boxes
    }


def _listed_labels(options: dict[str, str]) -> str:
    return ", ".join(f"{code} ({label[:60]!r})" for code, label in options.items())


def _double_wires(export: Export, wires: list[Wire]) -> list[Problem]:
    seen: dict[tuple[str, str, str], str] = {}
    problems = []
    for wire in wires:
        first = seen.setdefault((wire.item, wire.option, wire.role), wire.column.name)
        if first != wire.column.name:
            problems.append(
                Problem(
                    f"{export.path.name}, column {wire.column.name}",
                    f"{wire.item} {wire.option} again, as in column {first}",
                    "one column for each item and option",
                    "give one of them the role ignore in columns.csv",
                )
            )
    return problems
