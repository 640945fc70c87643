"""Work in progress on one export: answers and log as they grow, and what counts as filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from copanalysis.study.plan import Item, Study
from copanalysis.survey.export import NOT_SHOWN, Export
from copanalysis.survey.wiring import Wire

ANSWER_COLUMNS = ["wave", "respondent", "cop", "item", "option", "value", "text", "state"]
LOG_COLUMNS = [
    "wave",
    "respondent",
    "row",
    "column",
    "item",
    "option",
    "old",
    "new",
    "kind",
    "rule",
]


CODE_COLUMNS = ["wave", "column", "code", "raw"]


@dataclass
class Tidying:
    """Work in progress on one export: the answers and the log as they grow."""

    export: Export
    study: Study
    wave: str
    respondents: list[str]
    answers: list[pd.DataFrame] = field(default_factory=list)
    log: list[tuple] = field(default_factory=list)
    codes: list[tuple] = field(default_factory=list)
    states: dict[str, list[str]] = field(default_factory=dict)

    def cells(self, wire: Wire) -> list[str | None]:
        return [response.cells[wire.index] for response in self.export.responses]

    def note(self, i: int, wire: Wire, old: str | None, new: str | None, rule: str) -> None:
        """Log that the cell of respondent number ``i`` was read otherwise than it stands."""
        row = self.export.responses[i].row
        who = self.respondents[i]
        entry = (self.wave, who, row, wire.column.name, wire.item, wire.option)
        self.log.append((*entry, old or "", new or "", "change", rule))

    def add(self, item: str, option: str, values: Sequence, texts: Sequence, states: Sequence):
        """One block of answers: an item, or one option of it, for all respondents."""
        block = pd.DataFrame({"respondent": self.respondents, "value": values, "text": texts})
        block = block.assign(wave=self.wave, item=item, option=option, state=list(states))
        self.answers.append(block)
        self.states[item] = list(states)

    def routed_to(self, item: Item) -> list[bool]:
        """Who came to an item: all, or who answered the item that it depends on."""
        if not item.asked_if:
            return [True] * len(self.respondents)
        return [state == "answered" for state in self.states[item.asked_if]]

    def note_spellings(
        self, wire: Wire, cells: Sequence[str | None], values: Sequence[str | None]
    ) -> None:
        """Keep the usual raw value behind each code of a column, and log every other one."""
        usual = usual_spellings(cells, values)
        self.codes += [
            (self.wave, wire.column.name, code, raw or "") for code, raw in usual.items()
        ]
        for i, (cell, value) in enumerate(zip(cells, values, strict=True)):
            if value is not None and cell != usual[value]:
                self.note(i, wire, cell, value, "spelling")


def filled(cell: str | None) -> bool:
    return cell is not None and cell != NOT_SHOWN and bool(cell.strip())


def empty_state(cell: str | None, shown: bool, otherwise: str) -> str:
    return otherwise if shown and cell != NOT_SHOWN else "not_shown"


def usual_spellings(cells: Sequence[str | None], values: Sequence[str | None]) -> dict[str, str]:
    """The most frequent raw value behind each code (the first one met among equals)."""
    counts: dict[str, Counter] = {}
    for cell, value in zip(cells, values, strict=True):
        if value is not None:
            counts.setdefault(value, Counter())[cell] += 1
    return {value: counter.most_common(1)[0][0] for value, counter in counts.items()}
