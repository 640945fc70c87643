"""A chain of causes and effects: boxes in layers, arrows as strong as the evidence on them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import matplotlib as mpl
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.alternatives import chain_alt
from copanalysis.report.charts_schemes import BOX_FILL, BOX_PAD, flow_list
from copanalysis.report.drawing import INK, PAPER, Canvas, Sheet, drawn, foot, text_width, wrapped
from copanalysis.report.marks import chart_data
from copanalysis.report.objects import Drawing, Released

ARROWS, GAP, WAY = 0.32, 0.26, 0.1  # inches: least between layers and boxes, height of a way
PORTS = 0.8  # of the height of a box, over which its arrows leave and arrive
SIZE = 0.9  # of the usual text, for many layers beside each other
SWEEPS = 8
# line width and dashes by level, from strong to not measured
LINES = ((3.0, "-"), (2.0, "-"), (1.1, "-"), (1.1, "--"), (1.1, ":"), (1.1, ":"))
PLACES = (0.5, 0.38, 0.62, 0.28, 0.72, 0.2, 0.8)  # of an arrow, where its number may stand
Link = tuple[str, str]
Point = tuple[float, float]


@dataclass(frozen=True)
class Layers:
    """Names in layers from left to right; a link that skips a layer has a way (itself) in it."""

    names: tuple[tuple[str | Link, ...], ...]
    paths: Mapping[Link, tuple[str | Link, ...]]


def chain(
    table: Released, *, source: str, target: str, number: str, strength: str, level: str
) -> Drawing:
    """What leads to what, and how strongly each step is supported.

    Parameters
    ----------
    table
        One row per arrow: ``source`` and ``target`` (names of boxes), ``number`` (the short text
        that stands on the arrow), ``strength`` (in words, for the legend) and ``level`` (0 for
        the strongest; thinner and broken lines below).

    The phone gets the arrows as an indented list.

    Raises
    ------
    CopanalysisError
        When a column is missing, the arrows run in a circle, or labels cannot be made legible.
    """
    data = chart_data(table, source, target, number, strength, level)
    text = data.astype({source: str, target: str, number: str, strength: str})
    links = list(zip(text[source], text[target], strict=True))
    layers = _layers(table, links)
    styles = [LINES[min(int(n), len(LINES) - 1)] for n in data[level]]
    legend = dict(sorted(zip(data[level], text[strength], strict=True)))

    def paint(sheet: Sheet, room: float) -> Canvas:
        below = foot(table, sheet)
        if sheet.beside:
            arrows = list(zip(links, text[number], styles, strict=True))
            return _paint(sheet, room, layers, arrows, legend, below)
        words = text[number] + ". " + text[target] + " (" + text[strength] + ")"
        paths = pd.DataFrame({source: text[source], target: words})
        heads = [table.columns.get(c, c) for c in (source, target)]
        return flow_list(sheet, room, heads, paths, below)

    names = dict.fromkeys(name for link in links for name in link)
    return drawn(table, paint, alt=chain_alt(len(names), text[strength].tolist()))


def _layers(table: Released, links: Sequence[Link]) -> Layers:
    """Every name one layer after the last that leads to it, ordered so that arrows cross less."""
    depth = _depths(table, links)
    names = [[n for n, d in depth.items() if d == i] for i in range(max(depth.values()) + 1)]
    paths: dict[Link, tuple] = {}
    for link in links:
        between = range(depth[link[0]] + 1, depth[link[1]])
        for i in between:
            names[i].append(link)
        paths[link] = (link[0], *(link for _ in between), link[1])
    return Layers(tuple(map(tuple, _untangled(names, paths.values()))), paths)


def _depths(table: Released, links: Sequence[Link]) -> dict[str, int]:
    depth = dict.fromkeys((name for link in links for name in link), 0)
    for _ in range(len(depth)):
        before = dict(depth)
        for a, b in links:
            depth[b] = max(depth[b], depth[a] + 1)
        if depth == before:
            return depth
    where, found = f"table {table.id!r}", "arrows that run in a circle"
    fix = "take out the arrow that leads back"
    problem = Problem(where, found, "arrows in one direction", fix)
    refuse_if_any(f"Table {table.id!r} cannot be drawn", [problem])
    return depth


def _untangled(names: list[list], paths: Iterable[tuple]) -> list[list]:
    """Each layer in the order of the mean place of its neighbours, swept forth and back."""
    steps = {pair for path in paths for pair in pairwise(path)}
    linked = steps | {(b, a) for a, b in steps}
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for i in range(1, len(names)) if forth else range(len(names) - 2, -1, -1):
            places = {name: place for place, name in enumerate(names[i - 1 if forth else i + 1])}
            means = {
                name: [place for other, place in places.items() if (other, name) in linked]
                for name in names[i]
            }
            names[i] = sorted(names[i], key=lambda n, m=means: sum(m[n]) / (len(m[n]) or 1))
    return names


def _paint(
    sheet: Sheet,
    room: float,
    layers: Layers,
    arrows: Sequence[tuple[Link, str, tuple[float, str]]],
    legend: Mapping[int, str],
    below: float,
) -> Canvas:
    sheet = replace(sheet, size=sheet.size * SIZE)
    places = _places(sheet, layers)
    words = [
        {name: _lines(name, width, sheet) for name in names}
        for names, (_, width) in zip(layers.names, places, strict=True)
    ]
    heights = [[_height(sheet, lines) for lines in layer.values()] for layer in words]
    tallest = max(sum(h) + GAP * room * (len(h) - 1) for h in heights)
    key = 0.1 + sheet.line
    canvas = Canvas(sheet, 0.1 + tallest + 0.15 + key + below)
    middles: list[dict] = []
    for place, layer, own in zip(places, words, heights, strict=True):
        middles.append(_draw_layer(canvas, place, (0.1, tallest), layer, own))
    taken: list[Point] = []
    tall = [dict(zip(layer, own, strict=True)) for layer, own in zip(words, heights, strict=True)]
    ports = _ports(layers, middles, tall)
    for link, number, style in arrows:
        curve = _curve(places, link, layers, middles)
        for end in (0, -1):
            curve[end] = (curve[end][0], curve[end][1] + ports[link, end])
        _draw_arrow(canvas, curve, style)
        taken.append(_draw_number(canvas, curve, number, taken))
    _draw_key(canvas, legend, 0.1 + tallest + 0.15)
    return canvas


def _places(sheet: Sheet, layers: Layers) -> list[Point]:
    """The left edge and the width of each layer: of its longest word, where all of them fit."""
    longest = [
        max(text_width(w, sheet.size) for n in names if isinstance(n, str) for w in n.split())
        for names in layers.names
    ]
    widths = [width + 2 * BOX_PAD + 0.03 for width in longest]
    gaps = max(len(widths) - 1, 1)
    room = sheet.inner - ARROWS * gaps
    scale = min(1.0, room / sum(widths))
    extra = max(0.0, room - sum(widths)) / 4
    widths = [width * scale + extra / len(widths) for width in widths]
    between = ARROWS + 3 * extra / gaps
    lefts = [sheet.margin + sum(widths[:i]) + i * between for i in range(len(widths))]
    return list(zip(lefts, widths, strict=True))


def _lines(name: str | Link, width: float, sheet: Sheet) -> list[str]:
    """The words in a box; a way through a layer has none."""
    return wrapped(name, width - 2 * BOX_PAD, sheet.size) if isinstance(name, str) else []


def _height(sheet: Sheet, lines: Sequence[str]) -> float:
    return len(lines) * sheet.line + BOX_PAD if lines else WAY


def _draw_layer(
    canvas: Canvas,
    across: tuple[float, float],
    down: tuple[float, float],
    layer: Mapping[str | Link, list[str]],
    heights: Sequence[float],
) -> dict[str | Link, float]:
    """The boxes of one layer, spread over the height; gives the middle of each."""
    (x, width), (top, tallest) = across, down
    gap = (tallest - sum(heights)) / (len(heights) + 1)
    y, middles = top + gap, {}
    for (name, lines), height in zip(layer.items(), heights, strict=True):
        middles[name] = y + height / 2
        if lines:
            canvas.bar(x, y, width, height, BOX_FILL)
            canvas.text(x + BOX_PAD, y + height / 2, lines)
        y += height + gap
    return middles


def _ports(
    layers: Layers, middles: Sequence[Mapping], heights: Sequence[Mapping]
) -> dict[tuple[Link, int], float]:
    """How far from the middle of its box each arrow leaves (0) and arrives (-1): arrows of one box
    stand under each other, in the order of where they come from or go to."""
    depth = {name: i for i, names in enumerate(layers.names) for name in names}
    ports = {}
    for end, way in ((0, 1), (-1, -1)):
        for box in dict.fromkeys(path[end] for path in layers.paths.values()):
            beside = middles[depth[box] + way]
            own = [link for link, path in layers.paths.items() if path[end] == box]
            own.sort(key=lambda k, b=beside, at=way if way > 0 else -2: b[layers.paths[k][at]])
            apart = PORTS * heights[depth[box]][box] / len(own)
            for place, link in enumerate(own):
                ports[link, end] = (place - (len(own) - 1) / 2) * apart
    return ports


def _curve(
    places: Sequence[Point], link: Link, layers: Layers, middles: Sequence[Mapping]
) -> list[Point]:
    """The points of an arrow, from the right of one box to the left of the other."""
    path = layers.paths[link]
    first = next(i for i, names in enumerate(layers.names) if link[0] in names)
    points: list[Point] = []
    for i, name in enumerate(path, first):
        (left, width), y = places[i], middles[i][name]
        points += [(left, y)] if i > first else []
        points += [(left + width, y)] if name != link[1] else []
    return points


def _draw_arrow(canvas: Canvas, points: Sequence[Point], style: tuple[float, str]) -> None:
    vertices, codes = [points[0]], [1]
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (x1 + x2) / 2
        vertices += [(middle, y1), (middle, y2), (x2, y2)]
        codes += [4, 4, 4]
    drawn_as = {"color": INK, "lw": style[0], "linestyle": style[1], "shrinkA": 0, "shrinkB": 0}
    path = mpl.path.Path(vertices, codes)
    arrow = mpl.patches.FancyArrowPatch(
        path=path, arrowstyle="-|>", mutation_scale=9, joinstyle="miter", **drawn_as
    )
    canvas.add(arrow)


def _draw_number(
    canvas: Canvas, points: Sequence[Point], number: str, taken: Sequence[Point]
) -> Point:
    """The number of an arrow in a white spot on its first bend, clear of the others."""
    apart = max(canvas.sheet.line, text_width(number, canvas.sheet.size) + 0.08)
    places = [_along(points[0], points[1], part) for part in PLACES]
    free = [p for p in places if all(math.dist(p, other) > apart for other in taken)]
    clear = [min((math.dist(p, other) for other in taken), default=apart) for p in places]
    place = free[0] if free else places[clear.index(max(clear))]
    box = {"boxstyle": "round,pad=0.06", "fc": PAPER, "ec": "none"}
    canvas.text(*place, number, ha="center", bold=True, bbox=box)
    return place


def _along(start: Point, end: Point, part: float) -> Point:
    """A point of the bend between two points: a cubic curve that leaves and arrives level."""
    middle = (start[0] + end[0]) / 2
    weights = ((1 - part) ** 3, 3 * part * (1 - part) ** 2, 3 * part**2 * (1 - part), part**3)
    xs, ys = (start[0], middle, middle, end[0]), (start[1], start[1], end[1], end[1])
    return tuple(sum(w * v for w, v in zip(weights, side, strict=True)) for side in (xs, ys))


def _draw_key(canvas: Canvas, legend: Mapping[int, str], top: float) -> None:
    sheet, x, y = canvas.sheet, canvas.sheet.margin, top + canvas.sheet.line / 2
    for level, name in legend.items():
        width, dashes = LINES[min(int(level), len(LINES) - 1)]
        canvas.line([x, x + 0.4], [y, y], colour=INK, lw=width, linestyle=dashes)
        canvas.text(x + 0.48, y, name)
        x += 0.48 + text_width(name, sheet.size) + 0.25
