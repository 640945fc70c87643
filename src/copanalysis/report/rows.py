"""The frame of charts with one labelled row per item: labels, axis, legend and their places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from copanalysis.report.drawing import GAP, GRID, MUTED, Canvas, Sheet, text_width, wrapped
from copanalysis.report.marks import base_words
from copanalysis.report.numbers import HIDDEN, MISSING, show
from copanalysis.report.objects import Released

PAD = 0.07  # inches between a mark and its label
SWATCH = 0.15
LABEL_GAP = 0.03
LABEL_PART = 0.42  # of the sheet, at most, for labels beside the marks


@dataclass(frozen=True)
class Axis:
    """A scale from zero to ``high``, its ticks (value and text), and its title under them."""

    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    title: str = ""

    def half(self, sheet: Sheet, tick: int) -> float:
        """Half the width of the text under a tick, in inches."""
        return text_width(self.ticks[tick][1], sheet.size) / 2 if self.ticks else 0.0


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a name and the colour and marker that stand for it."""

    name: str
    colour: str
    marker: str = ""


@dataclass(frozen=True)
class Rows:
    """A canvas with its frame drawn, and where the marks of each row go."""

    canvas: Canvas
    left: float
    right: float
    tops: tuple[float, ...]
    marks: float
    high: float

    def x(self, value: float) -> float:
        """The place of a value on the horizontal scale, in inches."""
        return self.left + value / self.high * (self.right - self.left)


def share_axis(top: float, title: str) -> Axis:
    """A scale for shares up to ``top``, in at most five whole steps."""
    step = next(s for s in (5, 10, 20) if top * 100 <= 5 * s + 1e-9 or s == 20)
    count = max(2, math.ceil(top * 100 / step - 1e-9))
    ticks = tuple((i * step / 100, show(i * step / 100, "share")) for i in range(count + 1))
    return Axis(ticks[-1][0], ticks, title)


def titled(table: Released, column: str, base: str) -> str:
    """The title of the axis: the header of the column and the base."""
    header, words = table.columns.get(column, "Aandeel"), base_words(table.data, base)
    return f"{header} ({words})" if words else header


def row_frame(
    sheet: Sheet,
    room: float,
    labels: Sequence[str],
    *,
    marks: float,
    axis: Axis,
    ends: Sequence[tuple[float, str]],
    foot: float,
    legend: Sequence[Key] = (),
    lead: float = 0.0,
    headroom: float = 0.0,
) -> Rows:
    """Draw labels, legend, grid and axis for rows with marks of height ``marks`` (inches).

    ``ends`` are the values at which direct labels start, with their texts: the scale shrinks
    until the longest fits. ``lead`` is room before the scale for labels left of it, ``headroom``
    room over each row's marks; ``foot`` is left empty at the bottom. An axis without ticks
    draws no grid.
    """
    column = _label_width(sheet, labels)
    left = sheet.margin + (column + 0.16 if sheet.beside else axis.half(sheet, 0)) + lead
    right = _right_edge(sheet, left, axis, ends)
    lines = [wrapped(label, column, sheet.size) for label in labels]
    keys = legend_lines(legend, sheet)
    head = len(keys) * sheet.line + (0.12 if keys else 0.04)
    tops, bottom = _row_places(sheet, room, [len(x) for x in lines], (marks, headroom), head)
    title = wrapped(axis.title, sheet.width - sheet.margin - left, sheet.size) if axis.title else []
    below = sheet.line * (bool(axis.ticks) + len(title)) + 0.1 * bool(axis.ticks or title)
    canvas = Canvas(sheet, bottom + below + foot)
    rows = Rows(canvas, left, right, tuple(tops), marks, axis.high)
    draw_legend(canvas, keys, 0.02)
    _draw_axis(rows, axis, title, head, bottom)
    for words, top in zip(lines, tops, strict=True):
        _draw_label(canvas, words, top - (0 if sheet.beside else headroom), marks)
    return rows


def _label_width(sheet: Sheet, labels: Sequence[str]) -> float:
    if not sheet.beside:
        return sheet.inner
    widest = max(text_width(label, sheet.size) for label in labels)
    return min(widest + 0.02, LABEL_PART * sheet.width)


def _right_edge(sheet: Sheet, left: float, axis: Axis, ends: Sequence[tuple[float, str]]) -> float:
    limit = sheet.width - sheet.margin
    widths = [limit - left - axis.half(sheet, -1)]
    for value, text in ends:
        if value > 0:
            space = limit - left - PAD - text_width(text, sheet.size)
            widths.append(space / (value / axis.high))
    return left + max(min(widths), 0.5)


def _row_places(
    sheet: Sheet, room: float, lines: Sequence[int], heights: tuple[float, float], head: float
) -> tuple[list[float], float]:
    """The top of each row's marks, and the bottom of the last row."""
    gap, y, tops = 0.13 * room, head, []
    marks, headroom = heights
    for count in lines:
        text = count * sheet.line
        before = max((text - marks) / 2, headroom) if sheet.beside else text + LABEL_GAP + headroom
        after = max((text - marks) / 2, 0.0) if sheet.beside else 0.0
        tops.append(y + before)
        y += before + marks + after + gap
    return tops, y - gap / 2


def _draw_label(canvas: Canvas, words: list[str], top: float, marks: float) -> None:
    x = canvas.sheet.margin
    if canvas.sheet.beside:
        canvas.text(x, top + marks / 2, words)
    else:
        canvas.text(x, top - LABEL_GAP, words, va="bottom")


def _draw_axis(rows: Rows, axis: Axis, title: list[str], top: float, bottom: float) -> None:
    canvas, line = rows.canvas, rows.canvas.sheet.line
    for value, text in axis.ticks:
        x = rows.x(value)
        colour = MUTED if value == 0 else GRID
        # The phone writes labels between the marks: a grid line would strike them through.
        spans = [(top, bottom)] if canvas.sheet.beside else _mark_spans(rows)
        ys = [y for start, end in spans for y in (start, end, GAP)]
        canvas.line([x, x, GAP] * len(spans), ys, colour=colour, zorder=0.5)
        canvas.text(x, bottom + line * 0.6, text, ha="center", colour=MUTED)
    if title:
        under = line * 1.15 if axis.ticks else 0.0
        canvas.text(rows.left, bottom + under + 0.03, title, va="top", colour=MUTED)


def _mark_spans(rows: Rows) -> list[tuple[float, float]]:
    return [(top, top + rows.marks) for top in rows.tops]


def legend_lines(keys: Sequence[Key], sheet: Sheet) -> list[list[tuple[Key, str, float]]]:
    """The entries of a legend set in lines: key, its text and where it starts, in inches."""
    lines: list[list[tuple[Key, str, float]]] = []
    x = sheet.inner + 1
    for key in keys:
        for i, words in enumerate(wrapped(key.name, sheet.inner - SWATCH - PAD, sheet.size)):
            width = SWATCH + PAD + text_width(words, sheet.size)
            if i or x + width > sheet.inner:
                lines.append([])
                x = 0.0
            lines[-1].append((key if i == 0 else Key("", ""), words, x))
            x += width + 0.22
    return lines


def draw_legend(canvas: Canvas, lines: list[list[tuple[Key, str, float]]], top: float) -> None:
    """Draw the lines of a legend from ``top`` down."""
    sheet = canvas.sheet
    for i, line in enumerate(lines):
        y = top + (i + 0.5) * sheet.line
        for key, words, start in line:
            x = sheet.margin + start
            if key.marker:
                canvas.dot(x + SWATCH / 2, y, key.colour, key.marker)
            elif key.colour:
                canvas.bar(x, y - 0.06, SWATCH, 0.12, key.colour)
            canvas.text(x + SWATCH + PAD, y, words)


def draw_absent(rows: Rows, y: float, text: str) -> None:
    """A row without a value: hatched when it was suppressed, an en dash when there is none."""
    x = rows.left
    if text == HIDDEN:
        rows.canvas.veil(x, y - 0.07, 0.3, 0.14)
        x += 0.3
    rows.canvas.text(x + PAD, y, text if text == HIDDEN else MISSING, colour=MUTED)
