"""What is in a survey export, without any respondent's own words: for a person and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from copanalysis.survey.export import NOT_SHOWN, STATUSES, Column, Export
from copanalysis.survey.formats import (
    Structure,
    joined_options,
    read_export,
    split_joined,
    structure_of,
)
from copanalysis.survey.formats.kinds import answered

RECURRING = 2  # an answer given by fewer respondents is never shown
SHOWN = 110  # characters of a wording on one line of the text


def inspect_survey(path: Path, *, structure: Path | None = None) -> dict[str, Any]:
    """Describe a survey export as plain values for JSON.

    Keys: kind ("survey"), path, format, origin, encoding, rows, complete, partial, test,
    metadata (names of the tool's own columns), items, multiple_response_sets and problems
    (where, found, expected, fix, level). An item has name, text, type, required (True, False
    or None where the file does not say), condition, answered (respondents), other (has a
    write-in), columns, rows (of a grid), options (code, label, n, inferred) and missing (the
    user-missing values: code, label, n). Open answers
    and write-ins never appear; an option that no questionnaire states appears only when two
    respondents gave it (who sends the same form twice counts once), and is marked as inferred.
    Raises CopanalysisError as `read_export`.
    """
    export = read_export(path, structure=structure)
    questionnaire = structure_of(export, structure=structure)
    statuses = Counter(response.status for response in export.responses)
    return {
        "kind": "survey",
        "path": str(path),
        "format": export.format,
        "origin": export.origin,
        "encoding": export.encoding,
        "rows": len(export.responses),
        **{status: statuses[status] for status in STATUSES},
        "metadata": [column.name for column in export.columns if column.type == "meta"],
        "items": _items(export, questionnaire),
        "multiple_response_sets": {
            name: list(variables) for name, variables in export.multiple_response_sets.items()
        },
        "problems": [problem.as_dict() for problem in export.problems],
    }


def inspection_text(found: dict[str, Any]) -> str:
    """The result of `inspect_survey` as text for a terminal."""
    lines = [
        f"{found['path']}: {found['origin']} ({found['format']}, {found['encoding']})",
        f"{found['rows']} responses: {found['complete']} complete, {found['partial']} partial, "
        f"{found['test']} test; {len(found['items'])} questions",
        "",
    ]
    for item in found["items"]:
        lines += _item_lines(item)
    for name, variables in found["multiple_response_sets"].items():
        lines.append(f"Multiple-response set {name}: {', '.join(variables)}")
    if found["problems"]:
        lines += ["", "To look at:"]
    for problem in found["problems"]:
        lines.append(f"- {problem['level']}: {problem['where']}: found {problem['found']}.")
        lines.append(f"  Expected {problem['expected']}; {problem['fix']}.")
    return "\n".join(lines) + "\n"


def _items(export: Export, questionnaire: Structure | None) -> list[dict[str, Any]]:
    groups: dict[str, list[int]] = {}
    for i, column in enumerate(export.columns):
        if column.type != "meta":
            groups.setdefault(column.item or column.name, []).append(i)
    once = _first_of_same(export, [i for at in groups.values() for i in at])
    return [_item(name, at, export, questionnaire, once) for name, at in groups.items()]


def _first_of_same(export: Export, asked: Sequence[int]) -> list[int]:
    """Positions of the responses without those that repeat all answers of an earlier one."""
    first: dict[tuple[str | None, ...], int] = {}
    for position, response in enumerate(export.responses):
        first.setdefault(tuple(response.cells[i] for i in asked), position)
    return list(first.values())


def _item(
    name: str,
    at: Sequence[int],
    export: Export,
    questionnaire: Structure | None,
    once: Sequence[int],
) -> dict[str, Any]:
    columns = [export.columns[i] for i in at]
    cells = [[response.cells[i] for response in export.responses] for i in at]
    main = next((c for c in columns if not c.other), columns[0])
    answers = list(zip(*cells, strict=True))
    return {
        "name": name,
        "text": main.text,
        "type": main.type,
        "required": questionnaire.required.get(name) if questionnaire else None,
        "condition": questionnaire.relevance.get(name, "") if questionnaire else "",
        "answered": sum(_has_answer(columns, row) for row in answers),
        "other": any(map(_has_write_in, columns, cells)),
        "columns": [column.name for column in columns],
        "rows": [c.option_text or c.option for c in columns if c.type == "scale" and c.option],
        "options": _options(columns, cells, once),
        "missing": _missing(columns, cells),
    }


def _has_answer(columns: Sequence[Column], row: Sequence[str | None]) -> bool:
    return any(
        cell in column.ticked if column.ticked else bool(cell and cell.strip())
        for column, cell in zip(columns, row, strict=True)
        if cell is not None and cell != NOT_SHOWN and cell not in column.missing
    )


def _options(
    columns: Sequence[Column], cells: Sequence[Sequence[str | None]], once: Sequence[int]
) -> list[dict[str, Any]]:
    """The options of an item: its tick boxes, else labels, else answers that recur.

    ``once`` are the responses that may vouch for an inferred option.
    """
    ticks = [(c, cells[i]) for i, c in enumerate(columns) if c.type == "multiple" and c.ticked]
    if ticks:
        return [
            _option(c.option, c.option_text, sum(cell in c.ticked for cell in column), False)
            for c, column in ticks
        ]
    options: dict[str, dict[str, Any]] = {}
    for column, values in zip(columns, cells, strict=True):
        for option in _column_options(column, values, [values[i] for i in once]):
            known = options.setdefault(option["code"], {**option, "n": 0})
            known["n"] += option["n"]
    return list(options.values())


def _column_options(
    column: Column, cells: Sequence[str | None], vouching: Sequence[str | None]
) -> Iterable[dict[str, Any]]:
    if column.other or column.type not in ("single", "multiple", "scale"):
        return
    if column.joiner:
        yield from _joined(column, cells, vouching)
        return
    counts = Counter(cell for cell in answered(cells) if cell not in column.missing)
    for code, label in column.labels.items():
        written = counts[label] if label != code else 0
        if code not in column.missing:
            yield _option(code, label, counts[code] + written, False)
    if not column.labels:
        for value, n in Counter(answered(vouching)).items():
            if n >= RECURRING and value not in column.missing:
                yield _option(value, value, counts[value], True)


def _missing(
    columns: Sequence[Column], cells: Sequence[Sequence[str | None]]
) -> list[dict[str, Any]]:
    """User-missing values: code, label and how many cells hold it."""
    counts: Counter[tuple[str, str]] = Counter()
    for column, values in zip(columns, cells, strict=True):
        for code in column.missing:
            counts[code, column.labels.get(code, "")] += sum(cell == code for cell in values)
    return [{"code": c, "label": label, "n": n} for (c, label), n in sorted(counts.items())]


def _has_write_in(column: Column, cells: Sequence[str | None]) -> bool:
    """Whether it is the write-in column, or joined cells leave a part that is no option."""
    if not column.joiner:
        return column.other
    options = _joined_labels(column, cells)
    spelt = [*options, *options.values()]
    different = set(answered(cells))
    return any(split_joined(cell, options=spelt, joiner=column.joiner)[1] for cell in different)


def _joined_labels(column: Column, cells: Sequence[str | None]) -> Mapping[str, str]:
    """Code and label of the options in joined cells: as stated, else inferred."""
    return column.labels or {o: o for o in joined_options(cells, joiner=column.joiner)}


def _joined(
    column: Column, cells: Sequence[str | None], vouching: Sequence[str | None]
) -> Iterable[dict[str, Any]]:
    labels = _joined_labels(column, vouching)
    spellings = {**{label: code for code, label in labels.items()}, **{c: c for c in labels}}
    counts: Counter[str] = Counter()
    for cell, n in Counter(answered(cells)).items():
        picks, _ = split_joined(cell, options=list(spellings), joiner=column.joiner)
        counts.update(dict.fromkeys((spellings[pick] for pick in picks), n))
    for code, label in labels.items():
        yield _option(code, label, counts[code], not column.labels)


def _option(code: str, label: str, n: int, inferred: bool) -> dict[str, Any]:
    return {"code": code, "label": label, "n": n, "inferred": inferred}


def _item_lines(item: dict[str, Any]) -> list[str]:
    marks = [item["type"], f"{item['answered']} answered"]
    marks += ["required"] if item["required"] else []
    marks += ["with a write-in"] if item["other"] else []
    marks += [f"asked if {item['condition']}"] if item["condition"] else []
    lines = [f"{_cut(item['name'])}: {', '.join(marks)}"]
    if item["text"] not in ("", item["name"]):
        lines.append(f"  {_cut(item['text'])}")
    lines += [f"  row: {_cut(row)}" for row in item["rows"]]
    for option in item["options"]:
        code = f"{option['code']} = " if option["code"] != option["label"] else ""
        inferred = ", inferred" if option["inferred"] else ""
        lines.append(f"  - {_cut(code + option['label'])} ({option['n']}{inferred})")
    for value in item["missing"]:
        lines.append(f"  user-missing {value['code']} {value['label']} ({value['n']})")
    return lines


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."
