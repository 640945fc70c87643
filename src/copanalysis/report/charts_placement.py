"""Names placed on two scales: a grid of cells with the names that belong in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from copanalysis.report.alternatives import placement_alt
from copanalysis.report.drawing import (
    GRID,
    MUTED,
    Canvas,
    Sheet,
    drawn,
    foot,
    text_width,
    wrapped,
)
from copanalysis.report.marks import chart_data
from copanalysis.report.objects import Drawing, Released

PAD = 0.05


def placement(
    table: Released,
    *,
    x: str,
    y: str,
    label: str,
    x_poles: Sequence[str],
    y_poles: Sequence[str],
    steps: Sequence[int] = (-2, -1, 0, 1, 2),
) -> Drawing:
    """Where each name stands between the poles of two scales.

    Parameters
    ----------
    table
        One row per name: ``label`` and its scores ``x`` and ``y``, each one of ``steps``.
        ``x_poles`` are the words left and right, ``y_poles`` below and above.

    Cells grow with their names. Where a name would have to be cut, numbers stand in the cells and
    a list below explains them.

    Raises
    ------
    CopanalysisError
        When a column is missing or labels cannot be made legible.
    """
    data = chart_data(table, x, y, label).dropna(subset=[x, y])
    data = data[[label, x, y]].astype({label: str, x: int, y: int})
    poles = (x_poles, y_poles)

    def paint(sheet: Sheet, room: float) -> Canvas:
        width = (sheet.inner) / len(steps)
        whole = all(
            text_width(w, sheet.size) <= width - 2 * PAD for n in data[label] for w in n.split()
        )
        names = data[label] if whole else pd.Series(range(1, len(data) + 1), data.index).astype(str)
        cells = names.groupby([data[x], data[y]]).agg(list if whole else ", ".join).to_dict()
        key = [] if whole else _key(sheet, names, data[label])
        return _paint(sheet, room, cells, steps, poles, (key, foot(table, sheet)))

    names = [f"{name} ({a:+d}, {b:+d})" for name, a, b in data.itertuples(index=False)]
    return drawn(table, paint, alt=placement_alt(names, x_poles, y_poles))


def _key(sheet: Sheet, numbers: Sequence[str], names: Sequence[str]) -> list[str]:
    pairs = [f"{number}:\u00a0{name}" for number, name in zip(numbers, names, strict=True)]
    return wrapped("; ".join(pairs), sheet.inner, sheet.size)


def _paint(
    sheet: Sheet,
    room: float,
    cells: Mapping[tuple[int, int], list[str] | str],
    steps: Sequence[int],
    poles: tuple[Sequence[str], Sequence[str]],
    under: tuple[list[str], float],
) -> Canvas:
    width, rows, (key, below) = sheet.inner / len(steps), list(reversed(steps)), under
    lines = {
        place: [
            w
            for name in ([names] if isinstance(names, str) else names)
            for w in wrapped(name, width - 2 * PAD, sheet.size)
        ]
        for place, names in cells.items()
    }
    least = sheet.line * 1.4 * room
    heights = [
        max(least, *(len(lines.get((c, r), ())) * sheet.line + 2 * PAD for c in steps))
        for r in rows
    ]
    top = sheet.line + 0.1
    bottom = top + sum(heights)
    canvas = Canvas(sheet, bottom + (2 + len(key)) * sheet.line + 0.2 + below)
    _draw_grid(canvas, (width, heights), top)
    y = top
    for row, height in zip(rows, heights, strict=True):
        for i, column in enumerate(steps):
            words = lines.get((column, row))
            if words:
                canvas.text(sheet.margin + (i + 0.5) * width, y + height / 2, words, ha="center")
        y += height
    _draw_poles(canvas, poles, (top, bottom))
    if key:
        canvas.text(sheet.margin, bottom + 2 * sheet.line + 0.12, key, va="top")
    return canvas


def _draw_grid(canvas: Canvas, sizes: tuple[float, Sequence[float]], top: float) -> None:
    width, heights = sizes
    ys = [top + sum(heights[:i]) for i in range(len(heights) + 1)]
    xs = [canvas.sheet.margin + i * width for i in range(len(heights) + 1)]
    for x, y in zip(xs, ys, strict=True):
        canvas.line([xs[0], xs[-1]], [y, y], colour=GRID)
        canvas.line([x, x], [ys[0], ys[-1]], colour=GRID)


def _draw_poles(
    canvas: Canvas, poles: tuple[Sequence[str], Sequence[str]], down: tuple[float, float]
) -> None:
    """The words at the ends: the vertical scale above and below, the horizontal one under it."""
    sheet, (top, bottom), (x_poles, y_poles) = canvas.sheet, down, poles
    style = {"colour": MUTED, "bold": True}
    canvas.text(sheet.margin, top - 0.05, f"↑ {y_poles[1]}", va="bottom", **style)
    canvas.text(sheet.margin, bottom + 0.05, f"↓ {y_poles[0]}", va="top", **style)
    under, right = bottom + 0.05 + sheet.line, sheet.width - sheet.margin
    canvas.text(sheet.margin, under, f"← {x_poles[0]}", va="top", **style)
    canvas.text(right, under, f"{x_poles[1]} →", va="top", ha="right", **style)
