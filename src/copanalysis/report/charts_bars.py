"""Bars: shares from large to small, and the steps of a funnel."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from copanalysis.report.alternatives import bars_alt, funnel_alt
from copanalysis.report.cells import uncertain_rows
from copanalysis.report.drawing import Canvas, Sheet, drawn, foot
from copanalysis.report.marks import (
    Mark,
    chart_data,
    ends_of,
    have_intervals,
    marks_of,
    optional_texts,
    ranked,
    top_of,
    value_texts,
    values,
    with_extra,
)
from copanalysis.report.objects import Drawing, Released
from copanalysis.report.rows import PAD, Axis, Key, Rows, draw_absent, row_frame, share_axis, titled

BAR, FAINT = "#4F93CF", "#8C939B"
AGREEMENT = (
    Key("codeurs voldoende eens", BAR),
    Key("codeurs te weinig eens: een aanwijzing", FAINT),
)


def share_bars(
    table: Released,
    *,
    label: str = "label",
    value: str = "share",
    low: str = "ci_low",
    high: str = "ci_high",
    count: str = "n",
    base: str = "base",
    sort: bool = True,
) -> Drawing:
    """Horizontal bars of shares, labelled "57% (42)", with intervals where the table has them.

    Parameters
    ----------
    table
        One row per bar: ``label``, ``value`` (proportion 0-1) and, where present, the interval
        ``low`` to ``high``, the number ``count`` and the ``base`` (shown in the axis title).
    sort
        From large to small, "Anders, ..." last; False keeps the order of the table.

    Suppressed bars are hatched and say "niet getoond"; they are not drawn as zero.

    Raises
    ------
    CopanalysisError
        When a column is missing, a share lies outside 0-1, or labels cannot be made legible.
    """
    data = chart_data(table, label, value)
    marks = marks_of(table, value, (low, high), count=count)
    labels = data[label].astype(str).tolist()
    if sort:
        order = ranked(labels, values(table, value))
        marks, labels = [marks[i] for i in order], [labels[i] for i in order]
    axis = share_axis(top_of(marks), titled(table, value, base))
    colours = _colours(table, order if sort else range(len(labels)))
    legend = AGREEMENT if FAINT in colours else ()

    def paint(sheet: Sheet, room: float) -> Canvas:
        space = {"marks": 0.25, "foot": foot(table, sheet), "legend": legend}
        rows = row_frame(sheet, room, labels, axis=axis, ends=ends_of(marks), **space)
        for top, mark, colour in zip(rows.tops, marks, colours, strict=True):
            _draw_bar(rows, top, mark, colour)
        return rows.canvas

    numbers = np.array([mark.value for mark in marks])
    alt = bars_alt(table, labels, numbers, intervals=have_intervals(marks))
    return drawn(table, paint, alt=alt)


def funnel_bars(
    table: Released, *, label: str = "label", value: str = "n", share: str = "share"
) -> Drawing:
    """The steps of a response or a process, in the order of the table, as bars of counts.

    Parameters
    ----------
    table
        One row per step: ``label``, the count ``value`` and, where present, ``share`` (of what
        the table itself says), which stands behind the count: "147 (59%)".

    Raises
    ------
    CopanalysisError
        As `share_bars`.
    """
    data = chart_data(table, label, value)
    labels = data[label].astype(str).tolist()
    texts = with_extra(value_texts(table, value, "count"), optional_texts(table, share, "share"))
    nan = math.nan
    marks = [Mark(v, nan, nan, t) for v, t in zip(values(table, value), texts, strict=True)]
    axis = Axis(top_of(marks) or 1.0)

    def paint(sheet: Sheet, room: float) -> Canvas:
        space = {"marks": 0.28, "foot": foot(table, sheet)}
        rows = row_frame(sheet, room, labels, axis=axis, ends=ends_of(marks), **space)
        for top, mark in zip(rows.tops, marks, strict=True):
            _draw_bar(rows, top, mark)
        return rows.canvas

    return drawn(table, paint, alt=funnel_alt(labels, texts))


def _colours(table: Released, order: Iterable[int]) -> list[str]:
    uncertain = uncertain_rows(table)
    return [FAINT if uncertain[i] else BAR for i in order]


def _draw_bar(rows: Rows, top: float, mark: Mark, colour: str = BAR) -> None:
    y = top + rows.marks / 2
    if math.isnan(mark.value):
        draw_absent(rows, y, mark.text)
        return
    rows.canvas.bar(rows.left, top, rows.x(mark.value) - rows.left, rows.marks, colour)
    if not math.isnan(mark.low):
        rows.canvas.whisker(rows.x(mark.low), rows.x(mark.high), y)
    rows.canvas.text(rows.x(mark.end) + PAD, y, mark.text, halo=True)
