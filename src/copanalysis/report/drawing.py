"""A sheet to draw on, for the desk and the phone, with its text measured before it is placed."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.markup import SYNTHETIC
from copanalysis.report.objects import Drawing, Released

DPI = 200
PX_PER_INCH = 100  # CSS pixels: the desk sheet is 820 wide on the page, the phone sheet 358
PACKING = 8  # of PNG: 9 takes twice as long for a thirtieth less
PLACES = np.array([1, 1 << 8, 1 << 16])  # of red, green and blue in a pixel as one number
USUAL = 1 << 14  # room for the colours of a drawing; room for one a pixel takes far longer
COLOURS = 32  # of the at most 64; fewer make no visible difference and a smaller page
INK, MUTED, GRID, PAPER = "#1a1a1a", "#555555", "#d5d5d5", "#ffffff"
LEADING = 1.28
GAP = math.nan
CAP = 0.035  # inches: half the height of the caps of an interval
CAPITAL = 0.73  # height of a capital in DejaVu Sans, as a part of the text size
ABOVE = {"top": 0.0, "center": 0.5, "bottom": 1.0}
TOUCH = 1.0  # device pixels that two boxes may share before it counts as an overlap
ROOMS = (1.0, 1.35, 1.8)


@dataclass(frozen=True)
class Sheet:
    """What a drawing is made for: its width in inches, its text size in points.

    ``beside`` tells whether the labels of rows stand beside the marks or above them.
    """

    name: str
    width: float
    size: float
    beside: bool
    margin: float = 0.06

    @property
    def line(self) -> float:
        """The height of a line of text, in inches."""
        return self.size * LEADING / 72

    @property
    def inner(self) -> float:
        """The width between the margins, in inches."""
        return self.width - 2 * self.margin


DESK = Sheet("desk", 8.2, 10.5, beside=True)
PHONE = Sheet("phone", 3.58, 9.6, beside=False)
Paint = Callable[[Sheet, float], "Canvas"]


class Canvas:
    """A white figure in inches, the origin at the top left, with the marks charts are made of."""

    def __init__(self, sheet: Sheet, height: float) -> None:
        self.sheet, self.height = sheet, height
        self.figure = Figure(figsize=(sheet.width, height), dpi=DPI, facecolor=PAPER)
        renderer = FigureCanvasAgg(self.figure).get_renderer()
        renderer.get_text_width_height_descent = _measured
        self._places = Affine2D().scale(DPI, -DPI).translate(0, height * DPI).frozen()

    def add(self, artist: Artist) -> None:
        """Any mark of matplotlib, at places in inches; without axes, which take longer to set up
        than marks to draw."""
        artist.set_transform(self._places)
        self.figure.add_artist(artist)

    def text(self, x: float, y: float, words: str | Sequence[str], **style: object) -> None:
        """Text, one string per line, at even distances.

        ``ha`` as in matplotlib; ``va`` "center", "top" or "bottom" of the whole block;
        ``colour``, ``bold``, and ``halo`` for text that may lie on a grid line.
        """
        lines = [words] if isinstance(words, str) else words
        step, halo = self.sheet.line, style.pop("halo", False)
        above = {"center": len(lines) / 2, "top": 0, "bottom": len(lines)}[
            style.pop("va", "center")
        ]
        font = font_of(self.sheet.size, bold=bool(style.pop("bold", False)))
        plain = {"fontproperties": font, "color": style.pop("colour", INK), "zorder": 5}
        box = {"bbox": {"fc": PAPER, "ec": "none", "pad": 0.8}} if halo else {}
        for i, line in enumerate(lines):
            # The middle of a line is half the height of a capital above its baseline.
            baseline = y + (i + 0.5 - above) * step + CAPITAL / 2 * self.sheet.size / 72
            # A dollar sign in a label is a dollar sign, not the start of a formula.
            self.add(Text(x, baseline, line, parse_math=False, **plain, **box, **style))

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled bar with its top left corner at x, y; light fills get an outline."""
        edge = "#6e6e6e" if colour.upper() in LIGHT else colour
        size = (width, height)
        self.add(Rectangle((x, y), *size, fc=colour, ec=edge, lw=0.8))

    def veil(self, x: float, y: float, width: float, height: float) -> None:
        """A hatched bar: something was counted here that is not shown."""
        style = {"fc": PAPER, "ec": "#6e6e6e", "hatch": "////", "lw": 0.6}
        self.add(Rectangle((x, y), width, height, **style))

    def line(self, xs: Sequence[float], ys: Sequence[float], **style: object) -> None:
        """A line through points, interrupted where one is GAP; ``colour``, ``lw`` and ``zorder``
        as in matplotlib."""
        style = {"color": style.pop("colour", GRID), "lw": 0.8, **style}
        self.add(Line2D(xs, ys, solid_capstyle="butt", **style))

    def whisker(self, low: float, high: float, y: float, colour: str = "#08203d") -> None:
        """An interval from low to high at height y, with caps."""
        xs = [low, high, GAP, low, low, GAP, high, high]
        ys = [y, y, GAP, *(y - CAP, y + CAP, GAP, y - CAP, y + CAP)]
        self.line(xs, ys, colour=colour, lw=1.5, zorder=3)

    def dot(self, x: float, y: float, colour: str, marker: str = "o", size: float = 7) -> None:
        """A marker with a white rim, so that it stays apart from the line it lies on."""
        rim = {"mec": PAPER, "mew": 0.8, "zorder": 4}
        self.add(Line2D([x], [y], marker=marker, color=colour, ms=size, ls="none", **rim))


LIGHT = frozenset({"#E3E3E3", "#FFFFFF", "#F2F6FA"})


@cache
def font_of(size: float, *, bold: bool = False) -> FontProperties:
    """DejaVu Sans as matplotlib ships it, whatever other fonts the machine has."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=Path(mpl.get_data_path()) / "fonts" / "ttf" / name, size=size)


@cache
def _renderer() -> object:
    return FigureCanvasAgg(Figure(dpi=DPI)).get_renderer()


@cache
def _measured(text: str, font: FontProperties, ismath: bool) -> tuple[float, float, float]:
    """Width, height and descent in pixels: wrapping asks what drawing asks again."""
    return _renderer().get_text_width_height_descent(text, font, ismath)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text as it will be drawn, in inches."""
    return _measured(text, font_of(size, bold=bold), False)[0] / DPI


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Text in lines no wider than ``width`` inches; a word that is wider is cut with a hyphen.

    A line is taken to be as wide as its words and the spaces between them: words are measured
    once, lines not at all.
    """
    lines, wide, space = [""], 0.0, _space(size)
    for word in _fitting(text.split(" "), width, size):
        more = text_width(word, size)
        if lines[-1] and wide + space + more <= width:
            lines[-1], wide = f"{lines[-1]} {word}", wide + space + more
        else:
            lines.append(word)
            wide = more
    return [line for line in lines if line] or [""]


@cache
def _space(size: float) -> float:
    """What a space between two words adds to their width, in inches."""
    return text_width("m m", size) - 2 * text_width("m", size)


def _fitting(words: Iterable[str], width: float, size: float) -> list[str]:
    pieces: list[str] = []
    for word in words:
        while len(word) > 2 and text_width(word, size) > width:
            cut = len(word) - 1
            while cut > 1 and text_width(word[:cut] + "-", size) > width:
                cut -= 1
            pieces.append(word[:cut] + "-")
            word = word[cut:]
        pieces.append(word)
    return pieces


def foot(table: Released, sheet: Sheet) -> float:
    """The height to leave at the bottom of a drawing for the mark of synthetic data."""
    return sheet.line + 0.02 if table.synthetic else 0.04


def layout_problems(figure: Figure) -> list[str]:
    """Text that overlaps other text or runs off the figure, each named by its words.

    Compares the bounding boxes of all visible text as rendered; empty when all is legible.
    """
    figure.canvas.draw()
    boxes = [
        (text.get_text().replace("\n", " "), text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]
    page = figure.bbox
    clipped = [
        f'"{name}" runs off the figure'
        for name, box in boxes
        if min(box.x0 - page.x0, box.y0 - page.y0, page.x1 - box.x1, page.y1 - box.y1) < -TOUCH
    ]
    overlapping = [
        f'"{one}" overlaps "{other}"'
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > TOUCH and min(a.y1, b.y1) - max(a.y0, b.y0) > TOUCH
    ]
    return clipped + overlapping


def drawn(table: Released, paint: Paint, *, alt: str) -> Drawing:
    """The drawing that ``paint`` makes of a released table, for the desk and the phone.

    ``paint`` gets a sheet and a factor for the room between rows; the factor grows until no
    text overlaps or is clipped.

    Raises
    ------
    CopanalysisError
        When the labels still collide with the most room.
    """
    with mpl.rc_context(_to_defaults()):
        (desk, desk_size), (phone, phone_size) = (_picture(table, paint, s) for s in (DESK, PHONE))
    return Drawing(desk, phone, alt, table, desk_size, phone_size)


def _to_defaults() -> dict[str, object]:
    """What a style that the reader set for other plots changed, as it is without it."""
    defaults, now = mpl.rcParamsDefault, mpl.rcParams
    return {k: v for k, v in defaults.items() if k != "backend" and now[k] != v}


def _picture(table: Released, paint: Paint, sheet: Sheet) -> tuple[bytes, tuple[int, int]]:
    for room in ROOMS:
        canvas = paint(sheet, room)
        if table.synthetic:
            _mark_synthetic(canvas)
        problems = layout_problems(canvas.figure)
        if not problems:
            size = (round(sheet.width * PX_PER_INCH), round(canvas.height * PX_PER_INCH))
            return _png(canvas.figure), size
    where = f"figure from table {table.id!r}, {sheet.name} drawing"
    raise CopanalysisError(
        f"Table {table.id!r} cannot be drawn: its labels collide.",
        [Problem(where, p, "legible labels", "shorten the labels or draw less") for p in problems],
    )


def _mark_synthetic(canvas: Canvas) -> None:
    """Say so in the picture itself, which may leave the page without its caption."""
    sheet = canvas.sheet
    place = (sheet.width - sheet.margin, canvas.height - 0.02)
    canvas.text(*place, SYNTHETIC, ha="right", va="bottom", colour=MUTED)


@cache
def _index_of() -> np.ndarray:
    """Room for the place of every colour in a palette."""
    return np.zeros(1 << 24, dtype=np.uint8)


def _png(figure: Figure) -> bytes:
    """The figure as rendered last, in its most frequent colours; others take the nearest.

    Palettes made by averaging would shift the colours whose contrast was measured.
    """
    pixels = np.asarray(figure.canvas.buffer_rgba())  # of a page that nothing shines through
    drawn = Image.fromarray(pixels)
    counted = drawn.getcolors(USUAL) or drawn.getcolors(drawn.width * drawn.height)
    colours = np.array([colour[:3] for _, colour in sorted(counted, reverse=True)], dtype=np.int32)
    palette = colours[:COLOURS]
    distances = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    index_of = _index_of()
    index_of[colours @ PLACES] = distances.argmin(axis=1)
    reduced = Image.fromarray(index_of[pixels.view("<u4")[:, :, 0] & 0xFFFFFF], mode="P")
    reduced.putpalette(palette.astype(np.uint8).tobytes())
    out = io.BytesIO()
    reduced.save(out, format="png", compress_level=PACKING, dpi=(DPI, DPI))
    return out.getvalue()
