"""A cross of two items as a table in tints, with the numbers in its cells."""

from __future__ import annotations

import itertools
import math
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
WIDEST = 1.5


@dataclass(frozen=True)
class Cells:
    """A cross: the names along its sides, and per cell its part of the largest and its text."""

    rows: list[str]
    columns: list[str]
    parts: np.ndarray
    texts: np.ndarray

    def turned(self) -> Cells:
        """The same cross with rows and columns exchanged."""
        return Cells(self.columns, self.rows, self.parts.T, self.texts.T)


@dataclass(frozen=True)
class Grid:
    """Where the cells lie: left edge, width of a cell, how many fit beside each other."""

    left: float
    width: float
    fits: int

    def bands(self, cells: Cells) -> list[range]:
        """The columns in bands that fit the sheet, as equal as can be."""
        count = len(cells.columns)
        per = math.ceil(count / math.ceil(count / self.fits))
        return [range(start, min(start + per, count)) for start in range(0, count, per)]


def matrix(table: Released, *, rows: str, columns: str, value: str, ranks: bool = False) -> Drawing:
    """A cross of two columns as a grid of tints, the number in every cell.

    Parameters
    ----------
    table
        One row per cell: ``rows`` and ``columns`` (in the order of the table) and ``value``,
        shown in the format that the table gives it. Cells without a row stay empty.
    ranks
        Whether ``value`` is a place of which the first is the highest: that is darkest then.

    Where names over the columns do not fit, letters stand there and a list below explains
    them. Columns that do not fit beside each other stand in bands under each other; the phone
    exchanges rows and columns where that needs fewer. Suppressed cells are hatched, and
    counted in the alternative text.

    Raises
    ------
    CopanalysisError
        When a column is missing, a cell has two rows, or labels cannot be made legible.
    """
    cells, numbers = _cells(table, rows, columns, value)
    if ranks:
        cells = replace(cells, parts=1 - cells.parts + np.nanmin(cells.parts, initial=1.0))

    def paint(sheet: Sheet, room: float) -> Canvas:
        shown = cells
        if not sheet.beside and _grid(sheet, cells.turned()).fits >= len(cells.rows):
            shown = cells if _grid(sheet, cells).fits >= len(cells.columns) else cells.turned()
        return _paint(sheet, room, shown, foot(table, sheet))

    format = table.formats.get(value, "number")
    alt = matrix_alt(cells.rows, cells.columns, numbers, format, ranks=ranks)
    return drawn(table, paint, alt=alt)


def _paint(sheet: Sheet, room: float, cells: Cells, below: float) -> Canvas:
    grid = _grid(sheet, cells)
    bands = grid.bands(cells)
    width = (sheet.width - sheet.margin - grid.left) / len(bands[0])
    grid = replace(grid, width=min(width, WIDEST))
    longest = max(text_width(w, sheet.size) for name in cells.columns for w in name.split())
    letters = longest > grid.width - GAP
    names = list(_letters(len(cells.columns))) if letters else cells.columns
    heads = [wrapped(name, grid.width - GAP, sheet.size) for name in names]
    labels = [wrapped(name, _label_width(sheet, cells), sheet.size) for name in cells.rows]
    heights = [_row_height(sheet, words, room) for words in labels]
    key = _key_lines(sheet, names, cells.columns) if letters else []
    head = max(len(words) for words in heads) * sheet.line + 0.08
    length = len(bands) * (head + sum(heights)) + len(key) * sheet.line + (0.1 if key else 0)
    canvas = Canvas(sheet, length + below)
    y = 0.0
    for band in bands:
        for place, j in enumerate(band):
            x = grid.left + (place + 0.5) * grid.width
            canvas.text(x, y + head - 0.05, heads[j], ha="center", va="bottom")
        y += head
        for i, (words, height) in enumerate(zip(labels, heights, strict=True)):
            _draw_row(
                canvas, grid, (y, height), words, (cells.parts[i, band], cells.texts[i, band])
            )
            y += height
    if key:
        canvas.text(sheet.margin, y + 0.08, key, va="top")
    return canvas


def _cells(table: Released, rows: str, columns: str, value: str) -> tuple[Cells, np.ndarray]:
    """The cross, and its exact numbers."""
    data = chart_data(table, rows, columns, value).astype({rows: str, columns: str})
    twice = data.loc[data.duplicated([rows, columns]), [rows, columns]].to_numpy()
    where, fix = f"table {table.id!r}", "draw one wave or group at a time"
    refuse_if_any(
        f"Table {table.id!r} cannot be drawn",
        [Problem(where, f"two rows for {' / '.join(x)}", "one row", fix) for x in twice],
    )
    sides = data[rows].unique().tolist(), data[columns].unique().tolist()
    format = table.formats.get(value, "number")
    frame = pd.DataFrame({"row": data[rows], "column": data[columns]})
    frame["number"] = values(table, value)
    frame["text"] = value_texts(table, value, format)
    wide = frame.pivot(index="row", columns="column").reindex(sides[0])
    numbers = wide["number"].reindex(columns=sides[1]).to_numpy(dtype=float)
    texts = wide["text"].reindex(columns=sides[1]).astype(object)
    largest = np.nanmax(numbers, initial=0.0) or 1.0
    filled = texts.where(texts.notna(), MISSING).to_numpy()
    return Cells(*sides, numbers / largest, filled), numbers


def _label_width(sheet: Sheet, cells: Cells) -> float:
    if not sheet.beside:
        return sheet.inner
    widest = max(text_width(name, sheet.size) for name in cells.rows)
    return min(widest + 0.02, ROW_LABEL_PART * sheet.width)


def _grid(sheet: Sheet, cells: Cells) -> Grid:
    left = sheet.margin + (_label_width(sheet, cells) + 0.1 if sheet.beside else 0.0)
    shown = {text for text in cells.texts.ravel() if text != HIDDEN}
    least = max((text_width(text, sheet.size) for text in shown), default=0.3) + 3 * GAP
    fits = max(1, int((sheet.width - sheet.margin - left) / least))
    return Grid(left, least, fits)


def _letters(count: int) -> Iterator[str]:
    """A, B, ... Z, AA, AB, ..."""
    alphabet = string.ascii_uppercase
    longer = (a + b for a in alphabet for b in alphabet)
    return itertools.islice(itertools.chain(alphabet, longer), count)


def _row_height(sheet: Sheet, words: Sequence[str], room: float) -> float:
    cell, text = 0.32 * room, len(words) * sheet.line
    return max(cell, text + 0.08) if sheet.beside else text + cell + 0.1


def _key_lines(sheet: Sheet, letters: Sequence[str], names: Sequence[str]) -> list[str]:
    """What the letters stand for: running on at the desk, one under the other on the phone."""
    pairs = [f"{letter}: {name}" for letter, name in zip(letters, names, strict=True)]
    texts = ["; ".join(pairs)] if sheet.beside else pairs
    return [line for text in texts for line in wrapped(text, sheet.inner, sheet.size)]


def _draw_row(
    canvas: Canvas,
    grid: Grid,
    place: tuple[float, float],
    words: list[str],
    cells: tuple[np.ndarray, np.ndarray],
) -> None:
    top, height = place
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
