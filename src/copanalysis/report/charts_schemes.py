"""Schemes drawn from data: a timeline of what happened, a flow from question to instrument."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import matplotlib as mpl
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.alternatives import flow_alt, timeline_alt
from copanalysis.report.drawing import (
    INK,
    MUTED,
    Canvas,
    Sheet,
    drawn,
    foot,
    text_width,
    wrapped,
)
from copanalysis.report.marks import chart_data
from copanalysis.report.numbers import SHORT_MONTHS, join_words
from copanalysis.report.objects import Drawing, Released
from copanalysis.report.rows import PAD, Axis, Key, Rows, row_frame

KIND_COLOURS = ("#1D5A9E", "#D9731A", "#4F93CF", "#08203D")
MARK = 0.2
DAY = pd.Timedelta(days=1)
BOX_FILL, BOX_PAD, BOX_GAP, ARROWS = "#F2F6FA", 0.08, 0.12, 0.6
INDENT, LINK = 0.2, "#6E6E6E"


def timeline(table: Released, *, start: str, end: str, label: str, kind: str) -> Drawing:
    """What happened when: a bar per period, a diamond per single day, coloured by kind.

    Parameters
    ----------
    table
        One row per part: ``label``, ``start``, ``end`` (dates; no end, or the same day, is a
        single moment) and ``kind`` (at most four, named in the legend). Drawn in the order of
        the table; the exact dates stand in the table under the figure.

    Raises
    ------
    CopanalysisError
        When a column is missing, a start is missing or after its end, there are more than four
        kinds, or labels cannot be made legible.
    """
    data = chart_data(table, start, end, label, kind).astype({label: str, kind: str})
    starts = pd.to_datetime(data[start])
    ends = pd.to_datetime(data[end]).fillna(starts)
    labels, kinds = data[label].tolist(), data[kind].drop_duplicates().tolist()
    _refuse_timeline(table, labels, starts, ends, kinds)
    keys = [Key(name, colour) for name, colour in zip(kinds, KIND_COLOURS, strict=False)]
    colours = [keys[kinds.index(name)].colour for name in data[kind]]
    origin = starts.min().to_period("M").start_time
    firsts, lasts = (((side - origin) / DAY).tolist() for side in (starts, ends))

    def paint(sheet: Sheet, room: float) -> Canvas:
        space = {"marks": MARK, "foot": foot(table, sheet), "legend": keys}
        axis = _month_axis(sheet, origin, ends.max())
        rows = row_frame(sheet, room, labels, axis=axis, ends=[], **space)
        for place in zip(rows.tops, firsts, lasts, colours, strict=True):
            _draw_period(rows, *place)
        return rows.canvas

    return drawn(table, paint, alt=timeline_alt(labels, starts, ends))


def flow(table: Released, *, columns: Sequence[str]) -> Drawing:
    """Boxes in columns joined by arrows: what leads to what, or what is measured by what.

    Parameters
    ----------
    table
        One row per path; ``columns`` names its steps from left to right, such as research
        question, level, instrument. Equal values are one box; where a step is missing or
        empty the path stops. Headers of the table stand over the columns.

    The phone gets the same paths as an indented list.

    Raises
    ------
    CopanalysisError
        When a column is missing, there are fewer than two, or labels cannot be made legible.
    """
    if len(columns) < 2:
        problem = Problem(f"table {table.id!r}", f"columns={columns!r}", "two or more", "name them")
        refuse_if_any(f"Table {table.id!r} cannot be drawn", [problem])
    paths = chart_data(table, *columns)[list(columns)].astype(object).replace("", None)
    heads = [table.columns.get(column, column) for column in columns]
    nodes = [paths[c].dropna().astype(str).drop_duplicates().tolist() for c in columns]
    links = _links(paths)
    nodes = _untangled(nodes, links)

    def paint(sheet: Sheet, room: float) -> Canvas:
        if sheet.beside:
            return _flow_boxes(sheet, room, heads, nodes, links, foot(table, sheet))
        return flow_list(sheet, room, heads, paths, foot(table, sheet))

    ends = [name for step in links for pair in step for name in pair]
    return drawn(table, paint, alt=flow_alt(heads, [len(n) for n in nodes], ends))


def _refuse_timeline(
    table: Released, labels: list[str], starts: pd.Series, ends: pd.Series, kinds: list[str]
) -> None:
    where, problems = f"table {table.id!r}", []
    if len(kinds) > len(KIND_COLOURS):
        fix = "merge kinds"
        problems.append(Problem(where, f"{len(kinds)} kinds", "at most four", fix))
    for label, start, end in zip(labels, starts, ends, strict=True):
        if pd.isna(start):
            fix = "give the date, or leave the row out"
            problems.append(Problem(f"{where}, {label}", "no start", "a date", fix))
        elif end < start:
            found = f"{start.date()} to {end.date()}"
            problems.append(Problem(f"{where}, {label}", found, "start first", "mend the dates"))
    refuse_if_any(f"Table {table.id!r} cannot be drawn", problems)


def _month_axis(sheet: Sheet, origin: pd.Timestamp, end: pd.Timestamp) -> Axis:
    """Months from the first to the last, as many named as fit beside each other."""
    months = pd.date_range(origin, end + pd.offsets.MonthBegin(1), freq="MS")
    high = (months[-1] - origin) / DAY
    inch = sheet.width * (0.5 if sheet.beside else 0.85) / high  # at least, per day
    for step in (1, 2, 3, 6, 12):
        ticks = [((m - origin) / DAY, name) for m, name in _month_names(months[::step])]
        ends = [(day * inch, text_width(name, sheet.size) / 2) for day, name in ticks]
        if all(b - w > a + v + PAD for (a, v), (b, w) in pairwise(ends)):
            break
    return Axis(high, tuple(ticks))


def _month_names(months: pd.DatetimeIndex) -> Iterator[tuple[pd.Timestamp, str]]:
    """Months in short, with the year where it is the first or a new one."""
    year = None
    for month in months:
        name = SHORT_MONTHS[month.month - 1]
        yield month, f"{name} {month.year}" if month.year != year else name
        year = month.year


def _draw_period(rows: Rows, top: float, first: float, last: float, colour: str) -> None:
    if first == last:
        rows.canvas.dot(rows.x(first), top + MARK / 2, colour, "D", 9)
        return
    left = rows.x(first)
    rows.canvas.bar(left, top, rows.x(last + 1) - left, MARK, colour)


def _links(paths: pd.DataFrame) -> list[list[tuple[str, str]]]:
    """Per pair of neighbouring columns the distinct pairs of values."""
    neighbours = zip(paths.columns[:-1], paths.columns[1:], strict=True)
    pairs = [paths[[a, b]].dropna().astype(str).drop_duplicates() for a, b in neighbours]
    return [list(pair.itertuples(index=False, name=None)) for pair in pairs]


def _untangled(nodes: list[list[str]], links: list[list[tuple[str, str]]]) -> list[list[str]]:
    """Each column in the order of what its boxes are linked to, so that arrows cross less."""
    ordered = [nodes[0]]
    for names, pairs in zip(nodes[1:], links, strict=True):
        frame = pd.DataFrame(pairs, columns=["before", "name"])
        places = {name: i for i, name in enumerate(ordered[-1])}
        means = frame["before"].map(places).groupby(frame["name"]).mean()
        order = means.reindex(names).sort_values(kind="stable").index
        ordered.append(order.tolist())
    return ordered


def _flow_boxes(
    sheet: Sheet,
    room: float,
    heads: list[str],
    nodes: list[list[str]],
    links: list[list[tuple[str, str]]],
    below: float,
) -> Canvas:
    width = (sheet.inner - ARROWS * (len(nodes) - 1)) / len(nodes)
    titles = [wrapped(head, width, sheet.size) for head in heads]
    boxes = [
        {name: wrapped(name, width - 2 * BOX_PAD, sheet.size) for name in names} for names in nodes
    ]
    top = max(map(len, titles)) * sheet.line + 0.1
    tallest = max(_stacked(sheet, column, BOX_GAP * room) for column in boxes)
    canvas = Canvas(sheet, top + tallest + 0.08 + below)
    lefts = [sheet.margin + i * (width + ARROWS) for i in range(len(nodes))]
    middles = []
    for x, title, column in zip(lefts, titles, boxes, strict=True):
        canvas.text(x, top - 0.06, title, va="bottom", colour=MUTED)
        middles.append(_draw_boxes(canvas, (x, top, width, tallest), column))
    for i, pairs in enumerate(links):
        for a, b in pairs:
            _arrow(canvas, (lefts[i] + width, middles[i][a]), (lefts[i + 1], middles[i + 1][b]))
    return canvas


def _stacked(sheet: Sheet, column: dict[str, list[str]], gap: float) -> float:
    """The height of a column of boxes with ``gap`` between them."""
    return sum(len(words) * sheet.line + BOX_PAD + gap for words in column.values()) - gap


def _draw_boxes(
    canvas: Canvas, area: tuple[float, float, float, float], column: dict[str, list[str]]
) -> dict[str, float]:
    """Boxes spread over the height of an area; gives the middle of each."""
    x, top, width, height = area
    spare = height - _stacked(canvas.sheet, column, 0.0)
    gap = spare / (len(column) - 1) if len(column) > 1 else 0.0
    y, middles = top + (0.0 if len(column) > 1 else spare / 2), {}
    for name, words in column.items():
        box = len(words) * canvas.sheet.line + BOX_PAD
        canvas.bar(x, y, width, box, BOX_FILL)
        canvas.text(x + BOX_PAD, y + box / 2, words)
        middles[name] = y + box / 2
        y += box + gap
    return middles


def _arrow(canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    middle = (start[0] + end[0]) / 2
    curve = mpl.path.Path([start, (middle, start[1]), (middle, end[1]), end], [1, 4, 4, 4])
    style = {"arrowstyle": "-|>", "mutation_scale": 8, "color": LINK, "lw": 0.9, "shrinkA": 0}
    canvas.add(mpl.patches.FancyArrowPatch(path=curve, shrinkB=0, **style))


def flow_list(
    sheet: Sheet, room: float, heads: list[str], paths: pd.DataFrame, below: float
) -> Canvas:
    """The paths as text: the first step, and indented under it where it leads."""
    lines = [(0.0, " → ".join(heads), False), *_path_lines(paths)]
    canvas_lines = [
        (indent, words, bold)
        for indent, text, bold in lines
        for words in wrapped(text, (sheet.inner - indent) * (0.88 if bold else 1), sheet.size)
    ]
    step = sheet.line * (0.9 + 0.1 * room)
    canvas = Canvas(sheet, len(canvas_lines) * step + 0.1 + below)
    for i, (indent, words, bold) in enumerate(canvas_lines):
        place = (sheet.margin + indent, 0.04 + (i + 0.5) * step)
        canvas.text(*place, words, bold=bold, colour=INK if i else MUTED)
    return canvas


def _path_lines(paths: pd.DataFrame) -> list[tuple[float, str, bool]]:
    """Indent, text and weight of each line of the list; paths that share a start share lines."""
    lines = []
    first, *middle, last = paths.columns
    for name, group in paths.groupby(first, sort=False):
        lines.append((0.0, str(name), True))
        steps = group.astype(object).fillna("").groupby(middle, sort=False) if middle else ()
        for key, rows in steps or [((), group)]:
            ends = join_words(word for word in rows[last].drop_duplicates() if word)
            words = " → ".join(filter(None, [*key, ends]))
            lines += [(INDENT, f"→ {words}", False)] if words else []
    return lines
