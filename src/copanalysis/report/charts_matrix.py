"""A cross of two items as a table in tints, with the numbers in its cells."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.alternatives import matrix_alt
from copanalysis.report.drawing import Canvas, Sheet, drawn, foot, text_width, wrapped
from copanalysis.report.marks import chart_data, value_texts, values
from copanalysis.report.numbers import HIDDEN, MISSING
from copanalysis.report.objects import Drawing, Released

# Five tints whose text, dark on the first three and white on the last two, has at least 4.5:1.
TINTS = ("#F2F6FA", "#CFE2F3", "#94C1E6", "#1D5A9E", "#0F3B66")
DARK_TINTS = TINTS[3:]
ROW_LABEL_PART = 0.36
GAP = 0.03


@dataclass(frozen=True)
class Cells:
    """A cross: the names along its sides, and per cell its value and its text."""

    rows: list[str]
    columns: list[str]
    numbers: np.ndarray
    texts: np.ndarray


@dataclass(frozen=True)
class Grid:
    """Where the cells lie: left edge, width of a cell, and the words over each column."""

    left: float
    width: float
    heads: list[list[str]]
    letters: bool


def matrix(table: Released, *, rows: str, columns: str, value: str) -> Drawing:
    """A cross of two columns as a grid of tints, the number in every cell.

    Parameters
    ----------
    table
        One row per cell: ``rows`` and ``columns`` (in the order of the table) and ``value``,
        shown in the format that the table gives it. Cells without a row stay empty.

    Where names over the columns do not fit, letters stand there and a list below explains
    them. Suppressed cells are hatched and say so in the alternative text.

    Raises
    ------
    CopanalysisError
        When a column is missing, a cell has two rows, or labels cannot be made legible.
    """
    cells = _cells(table, rows, columns, value)
    top = np.nanmax(cells.numbers, initial=0.0) or 1.0

    def paint(sheet: Sheet, room: float) -> Canvas:
        grid = _grid(sheet, cells)
        column = grid.left - sheet.margin - 0.1 if sheet.beside else sheet.inner
        labels = [wrapped(name, column, sheet.size) for name in cells.rows]
        heights = [_row_height(sheet, words, room) for words in labels]
        head = max(len(words) for words in grid.heads) * sheet.line + 0.08
        key = _letter_lines(sheet, cells.columns) if grid.letters else []
        below = foot(table, sheet) + len(key) * sheet.line + (0.1 if key else 0)
        canvas = Canvas(sheet, head + sum(heights) + below)
        for j, words in enumerate(grid.heads):
            x = grid.left + (j + 0.5) * grid.width
            canvas.text(x, head - 0.05, words, ha="center", va="bottom")
        y = head
        for i, (words, height) in enumerate(zip(labels, heights, strict=True)):
            _draw_row(canvas, grid, y, height, words, (cells.numbers[i] / top, cells.texts[i]))
            y += height
        if key:
            canvas.text(sheet.margin, y + 0.08, key, va="top")
        return canvas

    format = table.formats.get(value, "number")
    return drawn(table, paint, alt=matrix_alt(cells.rows, cells.columns, cells.numbers, format))


def _cells(table: Released, rows: str, columns: str, value: str) -> Cells:
    data = chart_data(table, rows, columns, value).astype({rows: str, columns: str})
    twice = data.loc[data.duplicated([rows, columns]), [rows, columns]].to_numpy()
    where, fix = f"table {table.id!r}", "draw one wave or group at a time"
    refuse_if_any(
        f"Table {table.id!r} cannot be drawn",
        [Problem(where, f"two rows for {' / '.join(x)}", "one row", fix) for x in twice],
    )
    names = data[rows].drop_duplicates().tolist(), data[columns].drop_duplicates().tolist()
    data = pd.DataFrame(
        {
            "row": data[rows],
            "column": data[columns],
            "number": values(table, value),
            "text": value_texts(table, value, table.formats.get(value, "number")),
        }
    )
    wide = data.pivot(index="row", columns="column")
    numbers, texts = (wide[part].reindex(names[0], columns=names[1]) for part in ("number", "text"))
    filled = texts.astype(object).where(texts.notna(), MISSING)
    return Cells(*names, numbers.to_numpy(dtype=float), filled.to_numpy())


def _grid(sheet: Sheet, cells: Cells) -> Grid:
    widest = max(text_width(name, sheet.size) for name in cells.rows)
    label = min(widest + 0.02, ROW_LABEL_PART * sheet.width) if sheet.beside else 0.0
    left = sheet.margin + label + (0.1 if sheet.beside else 0.0)
    width = min((sheet.width - sheet.margin - left) / len(cells.columns), 1.5)
    longest = max(text_width(w, sheet.size) for name in cells.columns for w in name.split())
    letters = longest > width - 0.03
    names = string.ascii_uppercase if letters else cells.columns
    heads = [wrapped(name, width - 0.03, sheet.size) for name in names[: len(cells.columns)]]
    return Grid(left, width, heads, letters)


def _row_height(sheet: Sheet, words: Sequence[str], room: float) -> float:
    cell, text = 0.32 * room, len(words) * sheet.line
    return max(cell, text + 0.08) if sheet.beside else text + cell + 0.1


def _letter_lines(sheet: Sheet, names: Sequence[str]) -> list[str]:
    lines = []
    for letter, name in zip(string.ascii_uppercase, names, strict=False):
        first, *rest = wrapped(f"{letter}: {name}", sheet.inner, sheet.size)
        lines += [first, *rest]
    return lines


def _draw_row(
    canvas: Canvas,
    grid: Grid,
    top: float,
    height: float,
    words: list[str],
    cells: tuple[np.ndarray, np.ndarray],
) -> None:
    sheet = canvas.sheet
    if sheet.beside:
        canvas.text(sheet.margin, top + height / 2, words)
        cell_top, cell = top + GAP / 2, height - GAP
    else:
        canvas.text(sheet.margin, top + 0.02, words, va="top")
        cell_top = top + len(words) * sheet.line + 0.03
        cell = top + height - cell_top - 0.05
    for j, (part, text) in enumerate(zip(*cells, strict=True)):
        x, width = grid.left + j * grid.width + GAP / 2, grid.width - GAP
        if text == HIDDEN:
            canvas.veil(x, cell_top, width, cell)
            continue
        tint = TINTS[0] if np.isnan(part) else TINTS[min(int(part * len(TINTS)), len(TINTS) - 1)]
        canvas.bar(x, cell_top, width, cell, tint)
        ink = "#ffffff" if tint in DARK_TINTS else "#000000"
        canvas.text(x + width / 2, cell_top + cell / 2, text, ha="center", colour=ink)
