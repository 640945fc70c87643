"""From an export to tidy answers: one row per respondent and item, or per option of a multiple
item, with every cell that was read otherwise than it stands written to the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from copanalysis.study.names import normalise
from copanalysis.study.plan import Item, Study
from copanalysis.survey.boxes import joined_item, ticked_item
from copanalysis.survey.export import Export
from copanalysis.survey.tidying import (
    ANSWER_COLUMNS,
    CODE_COLUMNS,
    LOG_COLUMNS,
    Tidying,
    empty_state,
    filled,
)
from copanalysis.survey.wiring import Wire


def respondent_ids(export: Export, *, wave: str) -> list[str]:
    """Pseudonyms in order of the rows ("1-0001"); nothing of the tool's own ids remains."""
    return [f"{wave}-{i:04d}" for i in range(1, len(export.responses) + 1)]


def tidy_answers(
    export: Export, wires: Iterable[Wire], *, study: Study, wave: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Tidy answers, cleaning log and code list of one export.

    Returns ``answers`` (columns of tables.csv; one row per respondent and single, scale or
    open item, and per respondent and option of a multiple item) and ``log`` (one row per cell
    read otherwise than it stands: column, row, old, new, rule) and ``codes`` (the usual raw
    value of each code in each column); together they give back every raw cell
    (``restoration.raw_cells``). States keep kinds of missing apart: "none_ticked" (shown, no
    box ticked), "skipped" (shown, no answer), "not_shown" (routed past, or after the point
    where a partial respondent stopped), "dont_know".
    Where a tool exports ticks only, an untouched multiple item that a respondent passed
    counts as none_ticked: the file cannot tell it from skipped.
    """
    work = Tidying(export, study, wave, respondent_ids(export, wave=wave))
    by_item: dict[str, list[Wire]] = {}
    for wire in wires:
        by_item.setdefault(wire.item, []).append(wire)
    reached = _last_reached(export, by_item, study, wave)
    for position, item in enumerate(study.items_of(wave)):
        passed = [position <= last for last in reached]
        shown = [p and r for p, r in zip(passed, work.routed_to(item), strict=True)]
        _tidy_item(work, item, by_item[item.id], shown)
    answers = _finished(work)
    codes = pd.DataFrame(work.codes, columns=CODE_COLUMNS, dtype="string")
    log = pd.DataFrame(work.log, columns=LOG_COLUMNS).astype("string").astype({"row": "Int64"})
    return answers, log, codes


def _tidy_item(work: Tidying, item: Item, wires: list[Wire], shown: list[bool]) -> None:
    if item.type == "multiple" and any(wire.role == "joined" for wire in wires):
        joined_item(work, item, wires, shown)
    elif item.type == "multiple":
        ticked_item(work, item, wires, shown)
    elif item.type == "open":
        _open_item(work, item, wires[0], shown)
    else:
        _coded_item(work, item, wires[0], shown)


def _last_reached(
    export: Export, by_item: dict[str, list[Wire]], study: Study, wave: str
) -> list[int]:
    """Per respondent the position of the last item seen: the last for who finished, else the
    last with an answer."""
    order = [item.id for item in study.items_of(wave)]
    last = []
    for response in export.responses:
        if response.status != "partial":
            last.append(len(order))
            continue
        seen = [
            position
            for position, id in enumerate(order)
            if any(filled(response.cells[wire.index]) for wire in by_item[id])
        ]
        last.append(max(seen, default=-1))
    return last


def _open_item(work: Tidying, item: Item, wire: Wire, shown: list[bool]) -> None:
    nothing = {normalise_answer(t) for t in work.study.settings["cleaning"]["non_answers"]}
    texts, states = [], []
    for i, cell in enumerate(work.cells(wire)):
        text, state = None, empty_state(cell, shown[i], "skipped")
        if filled(cell):
            text, state = cell.strip(), "answered"
            if normalise_answer(text) in nothing:
                text, state = None, "skipped"
                work.note(i, wire, cell, None, "non_answer")
            elif text != cell:
                work.note(i, wire, cell, text, "spaces_removed")
        texts.append(text)
        states.append(state)
    work.add(item.id, "", [None] * len(texts), texts, states)


def normalise_answer(text: str) -> str:
    """A short answer for comparing with the list of non-answers: case and spaces apart."""
    return " ".join(text.casefold().split())


def _coded_item(work: Tidying, item: Item, wire: Wire, shown: list[bool]) -> None:
    code_of = code_reader(wire, study=work.study, wave=work.wave)
    cells = work.cells(wire)
    values, states = [], []
    for i, cell in enumerate(cells):
        value, state = None, empty_state(cell, shown[i], "skipped")
        if filled(cell):
            value, state = code_of(cell)
            if value is None:
                work.note(i, wire, cell, None, state if state == "dont_know" else "no_option")
        values.append(value)
        states.append(state)
    work.note_spellings(wire, cells, values)
    work.add(item.id, "", values, [None] * len(values), states)


def code_reader(wire: Wire, *, study: Study, wave: str) -> Callable[[str], tuple[str | None, str]]:
    """What a filled cell of a closed item says: its code (None for none) and its state."""
    spellings = study.option_spellings(wire.item, wave=wave)
    unsure = {normalise(t) for t in study.settings["cleaning"]["dont_know"]}

    def read(cell: str) -> tuple[str | None, str]:
        label = normalise(wire.column.labels.get(cell, cell))
        if label in unsure:
            return None, "dont_know"
        if cell in wire.column.missing or label not in spellings:
            return None, "skipped"
        return spellings[label], "answered"

    return read


def _finished(work: Tidying) -> pd.DataFrame:
    answers = pd.concat(work.answers, ignore_index=True)
    answers["text"] = answers["text"].astype("string")
    cop_items = [item.id for item in work.study.items_of(work.wave) if item.scale == "cop"]
    named = answers[answers["item"].isin(cop_items)].set_index("respondent")["value"]
    answers["cop"] = answers["respondent"].map(named).fillna("")
    kinds = dict.fromkeys(("wave", "cop", "item", "option", "value", "state"), "category")
    return answers[ANSWER_COLUMNS].astype({"respondent": "string", **kinds})
