"""What pages leave behind for disclosure control, and what it decides, as files.

``reports/pages/<id>/counts.json`` says which counts the tables of a page tell and in which cells,
without the values: readers may have it. ``data/processed/disclosure`` holds the values
(``counts/<id>.json``) and what to hide (``pattern/<id>.json``); neither leaves the project.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copanalysis.report.disclosure.counts import (
    Counted,
    Counts,
    as_record,
    counted_of,
    from_record,
    of_record,
)
from copanalysis.report.disclosure.places import counts_path, pattern_path

PUBLIC = "counts.json"


@dataclass(frozen=True)
class Told:
    """What one table tells: its counts, those hidden, and the headers of its columns."""

    counts: Counts
    withheld: frozenset[Counted] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)


def public_text(tables: Mapping[str, Told]) -> str:
    """The record that readers may see: counts by table, by the headers of the CSV file."""
    return _text(
        {
            id: as_record(told.counts, headers=told.headers, secret=False)
            for id, told in tables.items()
        }
    )


def read_public(path: Path) -> dict[str, Counts]:
    """The counts of a page as its public record has them, by table."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return {id: from_record(table) for id, table in record.items()}


def write_private(root: Path, page: str, tables: Mapping[str, Told]) -> None:
    """Keep the counts of a page with their values, for the protection of the whole report."""
    record = {
        id: {
            "told": as_record(told.counts, headers={}, secret=True),
            "withheld": [of_record(of) for of in sorted(told.withheld)],
        }
        for id, told in tables.items()
    }
    _write(counts_path(root, page), record)


def read_private(root: Path, page: str) -> dict[str, Told] | None:
    """The counts of a page with their values, by table; None when it left none."""
    path = counts_path(root, page)
    if not path.is_file():
        return None
    record = json.loads(path.read_text(encoding="utf-8"))
    return {
        id: Told(from_record(table["told"]), frozenset(map(counted_of, table["withheld"])))
        for id, table in record.items()
    }


def read_pattern(root: Path, page: str) -> frozenset[Counted]:
    """What the protection of the whole report hides on a page; empty before it ran."""
    path = pattern_path(root, page)
    record = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return frozenset(map(counted_of, record))


def write_pattern(root: Path, page: str, hidden: Iterable[Counted]) -> None:
    """Write what to hide on a page; leaves a file that says the same untouched."""
    record = [of_record(of) for of in sorted(hidden)]
    path = pattern_path(root, page)
    if not path.is_file() or path.read_text(encoding="utf-8") != _text(record):
        _write(path, record)


def _text(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False, indent=None, sort_keys=True) + "\n"


def _write(path: Path, record: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(_text(record), encoding="utf-8")
    temporary.replace(path)
