"""Stacked bars of answers on a scale, the neutral answer in its place or aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.alternatives import likert_alt
from copanalysis.report.drawing import MUTED, Canvas, Sheet, drawn, foot, text_width
from copanalysis.report.marks import base_words, chart_data
from copanalysis.report.numbers import HIDDEN, show
from copanalysis.report.objects import Drawing, Released
from copanalysis.report.rows import Axis, Key, Rows, draw_absent, row_frame

# From the most negative to the most positive answer, by the number of answers.
NEGATIVE, NEUTRAL, POSITIVE = ("#6B2A00", "#D9731A"), "#E3E3E3", ("#4A90D0", "#0F3B66")
PALETTES = {
    2: (NEGATIVE[1], POSITIVE[0]),
    3: (NEGATIVE[1], NEUTRAL, POSITIVE[0]),
    4: (*NEGATIVE, *POSITIVE),
    5: (*NEGATIVE, NEUTRAL, *POSITIVE),
}
LIGHT_TEXT, DARK_TEXT = "#ffffff", "#1a1a1a"
ROUNDING = 0.005
BAR = 0.32
ASIDE = 0.3


Span = tuple[float, float]


@dataclass(frozen=True)
class Answers:
    """The shares of one chart: rows of statements, columns of answers with their colours."""

    labels: list[str]
    names: list[str]
    colours: tuple[str, ...]
    shares: np.ndarray


def likert_bars(
    table: Released,
    *,
    positive: str,
    neutral: str = "inside",
    label: str = "label",
    category: str = "category",
    value: str = "share",
    base: str = "base",
) -> Drawing:
    """Statements as rows of stacked bars that add up to 100%, with their shares written in.

    Parameters
    ----------
    table
        One row per statement x answer: ``label``, ``category`` (in the order of the scale) and
        ``value`` (proportion 0-1, adding up to 1 per statement), and ``base`` where known.
    positive
        "first" when the scale starts with its positive side ("Helemaal eens"), "last" when it
        ends there; brown to orange is negative, blue positive.
    neutral
        "inside" stacks the middle answer between the others. "aside" puts it in a column of
        its own and lets the others leave the middle, negative to the left.

    A statement with any suppressed answer is not drawn but says "niet getoond": the length of
    the others would give the suppressed one away.

    Raises
    ------
    CopanalysisError
        When a column is missing, the scale does not have two to five answers, a statement does
        not add up to 1, or labels cannot be made legible.
    """
    data = chart_data(table, label, category, value).astype({label: str, category: str})
    answers = _answers(table, data, (label, category, value), positive)
    _refuse(table, answers, positive, neutral)
    place = _places_aside if neutral == "aside" else _places_inside
    words = base_words(table.data, base)
    axis = Axis(1.0, title=f"Aandeel ({words})" if words else "Aandeel")
    keys = [Key(name, colour) for name, colour in zip(answers.names, answers.colours, strict=True)]

    def paint(sheet: Sheet, room: float) -> Canvas:
        space = {"marks": BAR, "headroom": sheet.line, "foot": foot(table, sheet), "legend": keys}
        rows = row_frame(sheet, room, answers.labels, axis=axis, ends=[], **space)
        places = place(rows, answers)
        for top, shares, spans in zip(rows.tops, answers.shares, places, strict=True):
            if np.isnan(shares).any():
                draw_absent(rows, top + BAR / 2, HIDDEN)
            else:
                _draw_row(rows.canvas, top, shares, spans, answers.colours)
        return rows.canvas

    return drawn(table, paint, alt=likert_alt(answers.labels, answers.names, answers.shares))


def _answers(
    table: Released, data: pd.DataFrame, columns: tuple[str, str, str], positive: str
) -> Answers:
    label, category, value = columns
    twice = data.loc[data.duplicated([label, category]), [label, category]]
    where, fix = f"table {table.id!r}", "draw one wave or group at a time"
    refuse_if_any(
        f"Table {table.id!r} cannot be drawn",
        [Problem(where, f"two rows for {' / '.join(x)}", "one row", fix) for x in twice.to_numpy()],
    )
    labels, names = (data[c].drop_duplicates().tolist() for c in (label, category))
    wide = data.pivot(index=label, columns=category, values=value).reindex(labels, columns=names)
    colours = PALETTES.get(len(names), ())
    colours = colours if positive == "last" else colours[::-1]
    return Answers(labels, names, colours, wide.to_numpy(dtype=float, na_value=np.nan))


def _refuse(table: Released, answers: Answers, positive: str, neutral: str) -> None:
    where, count, problems = f"table {table.id!r}", len(answers.names), []
    if positive not in ("first", "last"):
        found = f"positive={positive!r}"
        problems.append(Problem(where, found, '"first" or "last"', "say where the scale agrees"))
    if neutral not in ("inside", "aside"):
        found = f"neutral={neutral!r}"
        problems.append(Problem(where, found, '"inside" or "aside"', "choose one of the two"))
    if count not in PALETTES:
        fix = "leave out what is no point of the scale, or use share_bars"
        problems.append(Problem(where, f"{count} answers", "two to five", fix))
    if neutral == "aside" and count % 2 == 0:
        fix = 'use neutral="inside"'
        problems.append(Problem(where, f"{count} answers", "a scale with a middle", fix))
    for name, total in zip(answers.labels, answers.shares.sum(axis=1), strict=True):
        if abs(total - 1) > ROUNDING:
            fix = "take all answers, as shares of one base"
            problems.append(Problem(f"{where}, {name}", f"a total of {total:.3f}", "1", fix))
    refuse_if_any(f"Table {table.id!r} cannot be drawn", problems)


def _places_inside(rows: Rows, answers: Answers) -> list[list[Span]]:
    unit = rows.right - rows.left
    return [_laid(rows.left, shares * unit) for shares in answers.shares]


def _places_aside(rows: Rows, answers: Answers) -> list[list[Span]]:
    """Negative answers left of a middle line, positive ones right of it, neutral ones apart."""
    middle = len(answers.names) // 2
    left, neutral, right = np.split(answers.shares, [middle, middle + 1], axis=1)
    longest = [float(np.nanmax(part.sum(axis=1), initial=0)) for part in (left, right, neutral)]
    unit = (rows.right - rows.left - ASIDE) / (sum(longest) or 1)
    centre, apart = rows.left + longest[0] * unit, rows.right - longest[2] * unit
    for top in rows.tops:
        rows.canvas.line([centre] * 2, [top - 0.05, top + BAR + 0.05], colour=DARK_TEXT, lw=1.2)
    return [
        [
            *_laid(centre - a.sum() * unit, a * unit),
            (apart, float(b[0] * unit)),
            *_laid(centre, c * unit),
        ]
        for a, b, c in zip(left, neutral, right, strict=True)
    ]


def _laid(start: float, widths: np.ndarray) -> list[Span]:
    """Parts laid end to end: the left edge and the width of each."""
    edges = start + np.concatenate([[0.0], np.cumsum(widths)])
    return [(float(edge), float(width)) for edge, width in zip(edges[:-1], widths, strict=True)]


def _draw_row(
    canvas: Canvas, top: float, shares: np.ndarray, spans: list[Span], colours: Sequence[str]
) -> None:
    """Bars with their shares inside; those too narrow for it get theirs above."""
    size, above = canvas.sheet.size, []
    for share, (x, width), colour in zip(shares, spans, colours, strict=True):
        if share == 0:
            continue
        canvas.bar(x, top, width, BAR, colour)
        text = show(share, "share")
        if text_width(text, size) + 0.06 <= width:
            ink = LIGHT_TEXT if colour in (NEGATIVE[0], POSITIVE[1]) else DARK_TEXT
            canvas.text(x + width / 2, top + BAR / 2, text, ha="center", colour=ink)
        else:
            above.append((x + width / 2, text))
    for x, (centre, text) in zip(_spread(canvas, above), above, strict=True):
        y = top - canvas.sheet.line * 0.55
        canvas.line([x, centre], [y + canvas.sheet.line * 0.42, top], colour=MUTED, lw=0.7)
        canvas.text(x, y, text, ha="center")


def _spread(canvas: Canvas, labels: list[tuple[float, str]]) -> list[float]:
    """Centres of labels moved sideways, as little as needed, so that none touch."""
    sheet, places = canvas.sheet, []
    halves = [text_width(text, sheet.size) / 2 + 0.03 for _, text in labels]
    edge = sheet.margin
    for (centre, _), half in zip(labels, halves, strict=True):
        places.append(max(centre, edge + half))
        edge = places[-1] + half
    edge = sheet.width - sheet.margin
    for i in reversed(range(len(places))):
        places[i] = min(places[i], edge - halves[i])
        edge = places[i] - halves[i]
    return places
