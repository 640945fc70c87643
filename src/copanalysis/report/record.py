"""What a page registered, kept in its folder so that Word, XLSX and others can be made of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from copanalysis.report.objects import Drawing, Figure, Released
from copanalysis.study.measurement import NotMeasured

RECORD = "objects.json"
NOT_KEPT = ("steps", "cell")


@dataclass(frozen=True)
class Record:
    """The released tables and drawn figures of a page by id, in the order of registration."""

    tables: Mapping[str, Released] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)


def record_json(
    tables: Mapping[str, Released | NotMeasured], figures: Mapping[str, Figure | NotMeasured]
) -> str:
    """The registered objects as JSON; figures name their table, their pictures are files.

    How a table was made stays out: its steps hold counts that no reader may see.
    Values stay exact, dates become ISO 8601 texts, suppressed cells are missing as they are in
    `Released`. What was not measured has no object. The same objects give the same text.
    """
    record = {
        "tables": {id: table_entry(t) for id, t in tables.items() if isinstance(t, Released)},
        "figures": {id: _figure(f) for id, f in figures.items() if isinstance(f, Figure)},
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def read_record(folder: Path) -> Record:
    """The objects that a page folder holds, as they were registered; none without a record."""
    path = folder / RECORD
    if not path.is_file():
        return Record()
    record = json.loads(path.read_text(encoding="utf-8"))
    tables = {id: _read_table(entry) for id, entry in record["tables"].items()}
    figures = {id: _read_figure(e, tables, folder) for id, e in record["figures"].items()}
    return Record(tables, figures)


def picture_files(figure: Figure) -> dict[str, bytes]:
    """The pictures of a figure by file name: for the desk and for the phone."""
    names = [path.name for path in picture_paths(Path(), figure.id)]
    return dict(zip(names, (figure.drawing.desk, figure.drawing.phone), strict=True))


def picture_paths(folder: Path, id: str) -> list[Path]:
    """Where the pictures of a figure stand in the folder of its page."""
    return [folder / "figures" / f"{id}{end}.png" for end in ("", "_phone")]


def table_entry(table: Released) -> dict[str, Any]:
    """A table as the record holds it: what it shows, without how it was made."""
    entry = {f.name: getattr(table, f.name) for f in fields(Released) if f.name not in NOT_KEPT}
    entry["columns"], entry["formats"] = dict(table.columns), dict(table.formats)
    entry["data"] = {c: [_plain(value) for value in table.data[c]] for c in table.data}
    entry["hidden"] = {c: table.hidden[c].tolist() for c in table.hidden if table.hidden[c].any()}
    return entry


def _plain(value: Any) -> Any:
    """A cell as JSON holds it."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _read_table(entry: Mapping[str, Any]) -> Released:
    data = pd.DataFrame(entry["data"])
    hidden = pd.DataFrame(False, index=data.index, columns=data.columns)
    hidden = hidden.assign(**entry["hidden"])
    given = {"key": tuple(entry["key"]), "notes": tuple(entry["notes"])}
    return Released(**{**entry, **given, "data": data, "hidden": hidden})


def _figure(figure: Figure) -> dict[str, Any]:
    entry = {f.name: getattr(figure, f.name) for f in fields(Figure) if f.name != "drawing"}
    drawing = figure.drawing
    sizes = {"desk_size": drawing.desk_size, "phone_size": drawing.phone_size}
    return {**entry, "table": drawing.table.id, "alt": drawing.alt, **sizes}


def _read_figure(entry: Mapping[str, Any], tables: Mapping[str, Released], folder: Path) -> Figure:
    said = dict(entry)
    pictures = picture_paths(folder, entry["id"])
    drawing = Drawing(
        *(path.read_bytes() for path in pictures),
        alt=said.pop("alt"),
        table=tables[said.pop("table")],
        desk_size=tuple(said.pop("desk_size")),
        phone_size=tuple(said.pop("phone_size")),
    )
    return Figure(**said, drawing=drawing)
