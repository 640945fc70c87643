"""Markers on a scale: waves beside each other, and the gap between two shares."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.alternatives import gap_alt, waves_alt
from copanalysis.report.drawing import Canvas, Sheet, drawn, foot, text_width
from copanalysis.report.marks import (
    Mark,
    base_words,
    chart_data,
    ends_of,
    have_intervals,
    marks_of,
    ranked,
    top_of,
    values,
)
from copanalysis.report.numbers import HIDDEN
from copanalysis.report.objects import Drawing, Released
from copanalysis.report.rows import PAD, Key, Rows, draw_absent, row_frame, share_axis

LINK = "#6E6E6E"
WAVE_COLOURS = ("#4F93CF", "#1D5A9E", "#08203D")
WAVE_MARKERS = ("o", "s", "D")


def wave_bars(
    table: Released,
    *,
    series: str = "wave",
    label: str = "label",
    value: str = "share",
    low: str = "ci_low",
    high: str = "ci_high",
    base: str = "base",
    sort: bool = True,
) -> Drawing:
    """Up to three waves (or groups) per item, as markers with intervals and direct labels.

    Parameters
    ----------
    table
        One row per ``label`` x ``series`` with ``value`` (proportion 0-1); series keep their
        order in the table, and a number gets the header of its column as name ("Meting 1").
        The legend gives the base of each series where the table has it.
    sort
        By the last series, from large to small; False keeps the order of the table.

    An item without a row for a series shows nothing there; a suppressed one "niet getoond".

    Raises
    ------
    CopanalysisError
        As `share_bars`; also with more than three series or two rows for one mark.
    """
    data = chart_data(table, label, series, value).astype({label: str, series: str})
    names = data[series].drop_duplicates().tolist()
    _refuse_series(table, data[[label, series]], names)
    marks = marks_of(table, value, (low, high))
    keys = _series_keys(table, series, names, base)
    labels = _ordered_items(data, label, series, value) if sort else data[label].unique().tolist()
    axis = share_axis(top_of(marks), table.columns.get(value, "Aandeel"))

    def paint(sheet: Sheet, room: float) -> Canvas:
        step = sheet.line * room
        space = {"marks": step * len(names), "foot": foot(table, sheet), "legend": keys}
        rows = row_frame(sheet, 1.4 * room, labels, axis=axis, ends=ends_of(marks), **space)
        for item, name, mark in zip(data[label], data[series], marks, strict=True):
            line = names.index(name)
            y = rows.tops[labels.index(item)] + (line + 0.5) * step
            _draw_point(rows, y, keys[line], mark)
        return rows.canvas

    titles = {name: _named(table, series, name) for name in names}
    shown = pd.DataFrame(
        {"item": data[label], "name": data[series].map(titles), "value": values(table, value)}
    )
    alt = waves_alt(table, shown, list(titles.values()), intervals=have_intervals(marks))
    return drawn(table, paint, alt=alt)


def gap_bars(
    table: Released, *, first: str, second: str, label: str = "label", sort: bool = True
) -> Drawing:
    """Two shares per item joined by a line, such as hoped for and got.

    Parameters
    ----------
    table
        One row per item: ``label`` and the columns ``first`` and ``second`` (proportions 0-1),
        whose headers name them in the legend.
    sort
        By the second share, from large to small; False keeps the order of the table.

    An item of which either share is missing or suppressed shows that instead.

    Raises
    ------
    CopanalysisError
        As `share_bars`.
    """
    data = chart_data(table, label, first, second)
    labels = data[label].astype(str).tolist()
    pairs = [marks_of(table, first, None), marks_of(table, second, None)]
    if sort:
        order = ranked(labels, values(table, second))
        labels, pairs = [labels[i] for i in order], [[side[i] for i in order] for side in pairs]
    keys = [
        Key(table.columns.get(column, column), WAVE_COLOURS[2 * i], WAVE_MARKERS[i])
        for i, column in enumerate((first, second))
    ]
    both = [*pairs[0], *pairs[1]]
    axis = share_axis(top_of(both), "Aandeel")

    def paint(sheet: Sheet, room: float) -> Canvas:
        lead = max(text_width(m.text, sheet.size) for m in both if m.text != HIDDEN) + 2 * PAD
        space = {"marks": 0.26, "foot": foot(table, sheet), "legend": keys, "lead": lead}
        rows = row_frame(sheet, room, labels, axis=axis, ends=ends_of(both), **space)
        for top, one, other in zip(rows.tops, *pairs, strict=True):
            _draw_pair(rows, top + rows.marks / 2, keys, (one, other))
        return rows.canvas

    numbers = [np.array([m.value for m in side]) for side in pairs]
    return drawn(table, paint, alt=gap_alt(labels, *numbers, [key.name for key in keys]))


def _ordered_items(data: pd.DataFrame, label: str, series: str, value: str) -> list[str]:
    """The items by their value in the last series, from large to small."""
    items = data[label].drop_duplicates()
    last = data[data[series] == data[series].drop_duplicates().iloc[-1]].set_index(label)[value]
    sizes = pd.to_numeric(last.reindex(items)).to_numpy(dtype=float, na_value=np.nan)
    return items.iloc[ranked(items.tolist(), sizes)].tolist()


def _draw_point(rows: Rows, y: float, key: Key, mark: Mark) -> None:
    if math.isnan(mark.value):
        draw_absent(rows, y, mark.text)
        return
    if not math.isnan(mark.low):
        rows.canvas.whisker(rows.x(mark.low), rows.x(mark.high), y, key.colour)
    rows.canvas.dot(rows.x(mark.value), y, key.colour, key.marker)
    rows.canvas.text(rows.x(mark.end) + PAD, y, mark.text, halo=True)


def _draw_pair(rows: Rows, y: float, keys: Sequence[Key], pair: tuple[Mark, Mark]) -> None:
    absent = [mark for mark in pair if math.isnan(mark.value)]
    if absent:
        draw_absent(rows, y, absent[0].text)
        return
    xs = [rows.x(mark.value) for mark in pair]
    rows.canvas.line(xs, [y, y], colour=LINK, lw=2)
    # The second marker is the smaller: where both shares are equal the first shows around it.
    for key, x, size in zip(keys, xs, (12, 7), strict=True):
        rows.canvas.dot(x, y, key.colour, key.marker, size)
    left, right = sorted(pair, key=lambda mark: mark.value)
    rows.canvas.text(min(xs) - PAD - 0.05, y, left.text, ha="right", halo=True)
    rows.canvas.text(max(xs) + PAD + 0.05, y, right.text, halo=True)


def _named(table: Released, series: str, name: str) -> str:
    header = table.columns.get(series, "")
    return f"{header} {name}".strip() if name.isdigit() else name


def _series_keys(table: Released, series: str, names: Sequence[str], base: str) -> list[Key]:
    keys = []
    for name, colour, marker in zip(names, WAVE_COLOURS, WAVE_MARKERS, strict=False):
        rows = table.data[table.data[series].astype(str) == name]
        words = base_words(rows, base)
        extra = f", {words}" if words else ""
        keys.append(Key(f"{_named(table, series, name)}{extra}", colour, marker))
    return keys


def _refuse_series(table: Released, pairs: pd.DataFrame, names: Sequence[str]) -> None:
    where, problems = f"table {table.id!r}", []
    if len(names) > len(WAVE_COLOURS):
        fix = "draw fewer series, or use matrix()"
        problems.append(Problem(where, f"{len(names)} series", "at most three", fix))
    twice = pairs[pairs.duplicated()].to_numpy()
    found = [f"two rows for {' / '.join(pair)}" for pair in twice]
    fix = "draw one item at a time"
    problems += [Problem(where, text, "one row per mark", fix) for text in found]
    refuse_if_any(f"Table {table.id!r} cannot be drawn", problems)
