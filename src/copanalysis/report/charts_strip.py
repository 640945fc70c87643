"""Numbers as dots on a row each: who came, beside how many there were."""

from __future__ import annotations

import math
from collections import Counter

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.alternatives import strip_alt
from copanalysis.report.drawing import GRID, Canvas, Sheet, drawn, foot
from copanalysis.report.marks import chart_data, values
from copanalysis.report.numbers import show
from copanalysis.report.objects import Drawing, Released
from copanalysis.report.rows import Axis, Key, row_frame

LOOKS = (("#4F93CF", "o"), ("#1D5A9E", "s"), ("#D9731A", "D"), ("#08203D", "^"))
MARKS, SPREAD = 0.3, 0.11  # inches: height of a row, distance between equal dots
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


def strip(table: Released, *, row: str, value: str, kind: str) -> Drawing:
    """One row per name with a dot per number, its look by kind.

    Parameters
    ----------
    table
        One row per dot: ``row`` (rows keep their order in the table), ``value`` (a count) and
        ``kind`` (at most four, named in the legend). A missing value draws nothing; a row whose
        values are all missing stays empty.

    Equal dots in a row lie beside each other, a thin line joins the lowest and the highest.

    Raises
    ------
    CopanalysisError
        When a column is missing, there are more than four kinds, or labels cannot be made
        legible.
    """
    data = chart_data(table, row, value, kind).astype({row: str, kind: str})
    labels, kinds = data[row].unique().tolist(), data[kind].unique().tolist()
    where, found = f"table {table.id!r}", f"{len(kinds)} kinds"
    problem = Problem(where, found, "at most four", "draw fewer kinds")
    refuse_if_any(f"Table {table.id!r} cannot be drawn", [problem] * (len(kinds) > len(LOOKS)))
    keys = [Key(name, *look) for name, look in zip(kinds, LOOKS, strict=False)]
    numbers = values(table, value)
    dots = [
        (labels.index(name), number, keys[kinds.index(what)])
        for name, number, what in zip(data[row], numbers, data[kind], strict=True)
        if not math.isnan(number)
    ]
    axis = _axis(max((number for _, number, _ in dots), default=1), table.columns.get(value, ""))

    def paint(sheet: Sheet, room: float) -> Canvas:
        space = {"marks": MARKS, "foot": foot(table, sheet), "legend": keys}
        rows = row_frame(sheet, room * 0.6, labels, axis=axis, ends=[], **space)
        for i, top in enumerate(rows.tops):
            own = [number for place, number, _ in dots if place == i]
            y = top + MARKS / 2
            if own:
                rows.canvas.line([rows.x(min(own)), rows.x(max(own))], [y, y], colour=GRID, lw=2)
        seen: Counter = Counter()
        for place, number, key in dots:
            shift = (seen[place, number] + 1) // 2 * SPREAD * (-1) ** seen[place, number]
            seen[place, number] += 1
            y = rows.tops[place] + MARKS / 2 + shift
            rows.canvas.dot(rows.x(number), y, key.colour, key.marker)
        return rows.canvas

    return drawn(table, paint, alt=strip_alt(labels, kinds, numbers))


def _axis(top: float, title: str) -> Axis:
    """A scale for counts up to ``top``, in at most six whole steps."""
    step = next(s for s in STEPS if top <= 6 * s or s == STEPS[-1])
    count = max(1, math.ceil(top / step))
    ticks = tuple((i * step, show(i * step, "count")) for i in range(count + 1))
    return Axis(ticks[-1][0], ticks, title)
