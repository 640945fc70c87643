"""Registers as a test needs them: the twin's sheets with some cells changed, in a raw folder."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from copanalysis.twin.registers import FOLDER


def rows_of(register: str) -> list[list[str]]:
    """The rows of a register of the twin, headers first, as they are typed."""
    text = (FOLDER / f"{register}.csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def written(folder: Path, register: str, rows: list[list[str]], *, above: int = 0) -> Path:
    """A register as a Dutch list under registers/ of a raw folder, with lines above it."""
    path = folder / "registers" / f"{register}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    writer.writerows([["Lijst;"] for _ in range(above)] + rows)
    path.write_text(target.getvalue(), encoding="utf-8", newline="")
    return path


def changed(rows: list[list[str]], at: int, **cells: str) -> list[list[str]]:
    """Rows with some cells of one row (1: the first under the headers) replaced, by header."""
    out = [list(row) for row in rows]
    for header, text in cells.items():
        out[at][rows[0].index(header.replace("_", " "))] = text
    return out
