"""Items with boxes: ticks in columns of their own, or all picks joined in one cell."""

from __future__ import annotations

from collections.abc import Sequence

from copanalysis.study.names import normalise
from copanalysis.study.plan import Item, Study
from copanalysis.survey.export import NOT_SHOWN
from copanalysis.survey.formats import split_joined
from copanalysis.survey.tidying import Tidying, empty_state, filled
from copanalysis.survey.wiring import Wire

NO_TICKS = ("0", "n", "no", "nee", "false", "onwaar", "niet gekozen", "not selected", "unchecked")


def ticked_item(work: Tidying, item: Item, wires: list[Wire], shown: list[bool]) -> None:
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
            states.append(empty_state(hidden, seen, "skipped" if says_no else "none_ticked"))
    values = _add_options(work, item, picked, texts, states)
    for option, wire in ticks.items():
        if option != "other" or text_wire is None:
            work.note_spellings(wire, columns[option], values[option])
        else:
            work.note_spellings(wire, columns[option], [_code(c, wire) for c in columns[option]])


def _code(cell: str | None, wire: Wire) -> str | None:
    """The code of a tick box by its own cell, whatever stands in the write-in beside it."""
    return "1" if _is_tick(cell, wire) else "0" if _is_no(cell) else None


def _is_tick(cell: str | None, wire: Wire) -> bool:
    if not filled(cell):
        return False
    if wire.column.ticked:
        return cell in wire.column.ticked
    return normalise(wire.column.labels.get(cell, cell)) not in NO_TICKS


def _is_no(cell: str | None) -> bool:
    return filled(cell) and normalise(cell) in NO_TICKS


def _write_ins(work: Tidying, wire: Wire) -> list[str | None]:
    texts = []
    for i, cell in enumerate(work.cells(wire)):
        text = cell.strip() if filled(cell) else None
        if text is not None and text != cell:
            work.note(i, wire, cell, text, "spaces_removed")
        texts.append(text)
    return texts


def joined_item(work: Tidying, item: Item, wires: list[Wire], shown: list[bool]) -> None:
    wire = next(w for w in wires if w.role == "joined")
    labels, spellings = labels_of(work.study, item.id, work.wave)
    cells = work.cells(wire)
    codes = list(dict.fromkeys(spellings.values()))
    picked = {code: [False] * len(cells) for code in codes}
    texts: list[str | None] = [None] * len(cells)
    states = []
    for i, cell in enumerate(cells):
        if not filled(cell):
            states.append(empty_state(cell, shown[i], "none_ticked"))
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


def labels_of(study: Study, item: str, wave: str) -> tuple[list[str], dict[str, str]]:
    """Every label that a joined cell may hold, as fielded first, and the code of each."""
    scale = study.item(item, wave=wave).scale
    rows = study.sheets["scales.csv"].rows
    also = [t for r in rows if r["scale"] == scale for t in r["also"].split("|") if t]
    labels = [*study.options(item, wave=wave)["label"], *also]
    return labels, study.option_spellings(item, wave=wave)


def _note_joined(work, wire, cells, picked, texts, labels, spellings) -> None:
    """Log a joined cell that the ticks and the usual labels do not give back."""
    for i, cell in enumerate(cells):
        if not filled(cell) or texts[i] is not None:
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


def _add_options(
    work: Tidying, item: Item, picked: dict, texts: list, states: list
) -> dict[str, list[str | None]]:
    nothing = [None] * len(states)
    values = {}
    for option in work.study.options(item.id, wave=work.wave)["option"]:
        column = picked.get(option, [False] * len(states))
        values[option] = [
            ("1" if tick else "0") if state in ("answered", "none_ticked") else None
            for tick, state in zip(column, states, strict=True)
        ]
        text = texts if option == "other" else nothing
        work.add(item.id, option, values[option], text, states)
    return values
