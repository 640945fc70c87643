"""From an export to tidy answers: one row per respondent and item, or per option of a multiple
item, with every cell that was read otherwise than it stands written to the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from copanalysis.study.names import normalise
from copanalysis.study.plan import Item, Study
from copanalysis.survey.export import NOT_SHOWN, Export
from copanalysis.survey.formats import split_joined
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
NO_TICKS = ("0", "n", "no", "nee", "false", "onwaar", "niet gekozen", "not selected", "unchecked")


@dataclass
class Tidying:
    """Work in progress on one export: the answers and the log as they grow."""

    export: Export
    study: Study
    wave: str
    respondents: list[str]
    answers: list[pd.DataFrame] = field(default_factory=list)
    log: list[tuple] = field(default_factory=list)

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


def respondent_ids(export: Export, *, wave: str) -> list[str]:
    """Pseudonyms in order of the rows ("1-0001"); nothing of the tool's own ids remains."""
    return [f"{wave}-{i:04d}" for i in range(1, len(export.responses) + 1)]


def tidy_answers(
    export: Export, wires: Iterable[Wire], *, study: Study, wave: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tidy answers and cleaning log of one export.

    Returns ``answers`` (columns of tables.csv; one row per respondent and single, scale or
    open item, and per respondent and option of a multiple item) and ``log`` (one row per cell
    read otherwise than it stands: column, row, old, new, rule). States keep kinds of missing
    apart: "none_ticked" (shown, no box ticked), "skipped" (shown, no answer), "not_shown"
    (routed past, or after the point where a partial respondent stopped), "dont_know".
    Where a tool exports ticks only, an untouched multiple item that a respondent passed
    counts as none_ticked: the file cannot tell it from skipped.
    """
    work = Tidying(export, study, wave, respondent_ids(export, wave=wave))
    by_item: dict[str, list[Wire]] = {}
    for wire in wires:
        by_item.setdefault(wire.item, []).append(wire)
    reached = _last_reached(export, by_item, study, wave)
    for position, item in enumerate(study.items_of(wave)):
        shown = [position <= last for last in reached]
        _tidy_item(work, item, by_item[item.id], shown)
    answers = _finished(work)
    log = pd.DataFrame(work.log, columns=LOG_COLUMNS).astype("string").astype({"row": "Int64"})
    return answers, log


def _tidy_item(work: Tidying, item: Item, wires: list[Wire], shown: list[bool]) -> None:
    if item.type == "multiple" and any(wire.role == "joined" for wire in wires):
        _joined_item(work, item, wires, shown)
    elif item.type == "multiple":
        _ticked_item(work, item, wires, shown)
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
            if any(_filled(response.cells[wire.index]) for wire in by_item[id])
        ]
        last.append(max(seen, default=-1))
    return last


def _filled(cell: str | None) -> bool:
    return cell is not None and cell != NOT_SHOWN and bool(cell.strip())


def _empty_state(cell: str | None, shown: bool, otherwise: str) -> str:
    return otherwise if shown and cell != NOT_SHOWN else "not_shown"


def _open_item(work: Tidying, item: Item, wire: Wire, shown: list[bool]) -> None:
    nothing = {normalise_answer(t) for t in work.study.settings["cleaning"]["non_answers"]}
    texts, states = [], []
    for i, cell in enumerate(work.cells(wire)):
        text, state = None, _empty_state(cell, shown[i], "skipped")
        if _filled(cell):
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
    code_of = _code_reader(work, item, wire)
    cells = work.cells(wire)
    values, states = [], []
    for i, cell in enumerate(cells):
        value, state = None, _empty_state(cell, shown[i], "skipped")
        if _filled(cell):
            value, state = code_of(cell)
            if value is None:
                work.note(i, wire, cell, None, state if state == "dont_know" else "no_option")
        values.append(value)
        states.append(state)
    _note_spellings(work, wire, cells, values)
    work.add(item.id, "", values, [None] * len(values), states)


def _code_reader(work: Tidying, item: Item, wire: Wire) -> Callable[[str], tuple[str | None, str]]:
    spellings = work.study.option_spellings(item.id, wave=work.wave)
    unsure = {normalise(t) for t in work.study.settings["cleaning"]["dont_know"]}

    def read(cell: str) -> tuple[str | None, str]:
        label = normalise(wire.column.labels.get(cell, cell))
        if label in unsure:
            return None, "dont_know"
        if cell in wire.column.missing or label not in spellings:
            return None, "skipped"
        return spellings[label], "answered"

    return read


def _note_spellings(work: Tidying, wire: Wire, cells: list, values: list) -> None:
    """Log each raw value that differs from the usual way this column writes the same code."""
    usual = usual_spellings(cells, values)
    for i, (cell, value) in enumerate(zip(cells, values, strict=True)):
        if value is not None and cell != usual[value]:
            work.note(i, wire, cell, value, "spelling")


def usual_spellings(cells: Sequence[str | None], values: Sequence[str | None]) -> dict[str, str]:
    """The most frequent raw value behind each code (the first one met among equals)."""
    counts: dict[str, Counter] = {}
    for cell, value in zip(cells, values, strict=True):
        if value is not None:
            counts.setdefault(value, Counter())[cell] += 1
    return {value: counter.most_common(1)[0][0] for value, counter in counts.items()}


def _ticked_item(work: Tidying, item: Item, wires: list[Wire], shown: list[bool]) -> None:
    ticks = {w.option: w for w in wires if w.role == "tick"}
    text_wire = next((w for w in wires if w.role == "text"), None)
    columns = {option: work.cells(wire) for option, wire in ticks.items()}
    picked = {
        option: [_is_tick(cell, ticks[option]) for cell in cells]
        for option, cells in columns.items()
    }
    texts: list[str | None] = [None] * len(shown)
    if text_wire:
        texts = _write_ins(work, text_wire)
        ticked = picked.get("other", [False] * len(shown))
        picked["other"] = [a or t is not None for a, t in zip(ticked, texts, strict=True)]
    says_no = any(_is_no(cell) for cells in columns.values() for cell in cells)
    states = []
    for i, seen in enumerate(shown):
        cells = [column[i] for column in columns.values()]
        if any(column[i] for column in picked.values()):
            states.append("answered")
        elif any(_is_no(cell) for cell in cells):
            states.append("none_ticked")
        else:
            hidden = NOT_SHOWN if NOT_SHOWN in cells else None
            states.append(_empty_state(hidden, seen, "skipped" if says_no else "none_ticked"))
    _add_options(work, item, picked, texts, states)


def _is_tick(cell: str | None, wire: Wire) -> bool:
    if not _filled(cell):
        return False
    if wire.column.ticked:
        return cell in wire.column.ticked
    return normalise(wire.column.labels.get(cell, cell)) not in NO_TICKS


def _is_no(cell: str | None) -> bool:
    return _filled(cell) and normalise(cell) in NO_TICKS


def _write_ins(work: Tidying, wire: Wire) -> list[str | None]:
    texts = []
    for i, cell in enumerate(work.cells(wire)):
        text = cell.strip() if _filled(cell) else None
        if text is not None and text != cell:
            work.note(i, wire, cell, text, "spaces_removed")
        texts.append(text)
    return texts


def _joined_item(work: Tidying, item: Item, wires: list[Wire], shown: list[bool]) -> None:
    wire = next(w for w in wires if w.role == "joined")
    spellings = work.study.option_spellings(item.id, wave=work.wave)
    labels = _labels_in_file(work, item)
    cells = work.cells(wire)
    codes = list(dict.fromkeys(spellings.values()))
    picked = {code: [False] * len(cells) for code in codes}
    texts: list[str | None] = [None] * len(cells)
    states = []
    for i, cell in enumerate(cells):
        if not _filled(cell):
            states.append(_empty_state(cell, shown[i], "none_ticked"))
            continue
        states.append("answered")
        known, unknown = split_joined(cell, options=labels, joiner=wire.column.joiner or ";")
        for label in known:
            picked[spellings[normalise(label)]][i] = True
        if unknown:
            texts[i] = wire.column.joiner.join(unknown).strip()
            picked.setdefault("other", [False] * len(cells))[i] = True
            work.note(i, wire, cell, texts[i], "write_in_split_off")
    _note_joined(work, wire, cells, picked, texts, labels, spellings)
    _add_options(work, item, picked, texts, states)


def _labels_in_file(work: Tidying, item: Item) -> list[str]:
    options = work.study.options(item.id, wave=work.wave)
    rows = work.study.sheets["scales.csv"].rows
    also = [t for r in rows if r["scale"] == item.scale for t in r["also"].split("|") if t]
    return [*options["label"], *also]


def _note_joined(work, wire, cells, picked, texts, labels, spellings) -> None:
    """Log a joined cell that the ticks and the usual labels do not give back."""
    for i, cell in enumerate(cells):
        if not _filled(cell) or texts[i] is not None:
            continue
        ticks = {code for code, column in picked.items() if column[i]}
        if cell != joined_cell(ticks, labels, spellings, wire.column.joiner):
            work.note(i, wire, cell, " ".join(sorted(ticks)), "order_or_spelling")


def joined_cell(ticks: set[str], labels: Sequence[str], spellings: dict, joiner: str) -> str:
    """The cell as Microsoft Forms (trailing ";") or Google Forms writes these picks."""
    first: dict[str, str] = {}
    for label in labels:
        first.setdefault(spellings[normalise(label)], label)
    text = joiner.join(label for code, label in first.items() if code in ticks)
    return text + joiner if joiner.strip() == ";" and text else text


def _add_options(work: Tidying, item: Item, picked: dict, texts: list, states: list) -> None:
    nothing = [None] * len(states)
    for option in work.study.options(item.id, wave=work.wave)["option"]:
        column = picked.get(option, [False] * len(states))
        values = [
            ("1" if tick else "0") if state in ("answered", "none_ticked") else None
            for tick, state in zip(column, states, strict=True)
        ]
        work.add(item.id, option, values, texts if option == "other" else nothing, states)


def _finished(work: Tidying) -> pd.DataFrame:
    answers = pd.concat(work.answers, ignore_index=True)
    answers["text"] = answers["text"].astype("string")
    routed = _routed_past(answers, work)
    answers.loc[routed, ["value", "state"]] = [None, "not_shown"]
    cop_items = [item.id for item in work.study.items_of(work.wave) if item.scale == "cop"]
    named = answers[answers["item"].isin(cop_items)].set_index("respondent")["value"]
    answers["cop"] = answers["respondent"].map(named).fillna("")
    kinds = dict.fromkeys(("wave", "cop", "item", "option", "value", "state"), "category")
    return answers[ANSWER_COLUMNS].astype({"respondent": "string", **kinds})


def _routed_past(answers: pd.DataFrame, work: Tidying) -> pd.Series:
    """Unanswered rows of an item whose condition (asked_if) was not met."""
    past = pd.Series(False, index=answers.index)
    for item in work.study.items_of(work.wave):
        if item.asked_if:
            on = answers["item"].eq(item.asked_if) & answers["state"].eq("answered")
            met = set(answers.loc[on, "respondent"])
            own = answers["item"].eq(item.id) & ~answers["state"].eq("answered")
            past |= own & ~answers["respondent"].isin(met)
    return past
