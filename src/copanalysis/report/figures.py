"""The charts of a report, and a registered figure as HTML."""

from __future__ import annotations

import re

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.charts_bars import funnel_bars, share_bars
from copanalysis.report.charts_chain import chain
from copanalysis.report.charts_dots import gap_bars, wave_bars
from copanalysis.report.charts_likert import likert_bars
from copanalysis.report.charts_matrix import matrix
from copanalysis.report.charts_placement import placement
from copanalysis.report.charts_schemes import flow, timeline
from copanalysis.report.charts_strip import strip
from copanalysis.report.datasheet import table_csv
from copanalysis.report.drawing import layout_problems
from copanalysis.report.markup import data_uri, escape, sentence, source_line, tag
from copanalysis.report.objects import Figure
from copanalysis.report.tables import data_table_html

__all__ = [
    "chain",
    "figure_html",
    "figure_problems",
    "flow",
    "funnel_bars",
    "gap_bars",
    "layout_problems",
    "likert_bars",
    "matrix",
    "placement",
    "share_bars",
    "strip",
    "timeline",
    "wave_bars",
]

PHONE = "(max-width: 600px)"
ALT_LENGTH = 30
FILLER = frozenset({"figuur", "grafiek", "afbeelding", "plaatje", "image", "figure", "chart"})


def figure_html(figure: Figure) -> str:
    """A registered figure as HTML, with the data behind it and a download of them.

    The picture is the phone drawing on screens up to 600 CSS px wide and the desk drawing on
    wider ones, both inside the page. The fold holds the released table under ids of its own
    ("fig-<id>-data") and a link that saves it as CSV; on paper the table is referred to.

    Raises
    ------
    CopanalysisError
        With every problem that `figure_problems` finds, or those of the table.
    """
    refuse_if_any(f"Figure {figure.id!r} cannot be shown", figure_problems(figure))
    return tag(
        "figure",
        tag("figcaption", _caption(figure)),
        _picture(figure),
        _fold(figure),
        id=f"fig-{figure.id}",
        class_="cop-object cop-figure",
    )


def figure_problems(figure: Figure) -> list[Problem]:
    """Everything that keeps a figure from being shown; empty when it is in order."""
    where = f"figure {figure.id!r}"
    fields = ("id", "number", "title", "subtitle", "base", "source")
    problems = [
        Problem(where, f"no {name}", f"a {name}", f"give {name}= when registering the figure")
        for name in fields
        if not str(getattr(figure, name)).strip()
    ]
    alt = " ".join(figure.drawing.alt.split())
    words = set(re.findall(r"\w+", alt.lower()))
    fix = "let the chart write it, or describe what the drawing shows"
    if len(alt) < ALT_LENGTH or words <= FILLER:
        expected = f"at least {ALT_LENGTH} characters that describe the drawing"
        problems.append(Problem(where, f"alternative text {alt!r}", expected, fix))
    if alt in (figure.title.strip(), figure.subtitle.strip()):
        expected = "other words than the caption"
        problems.append(Problem(where, f"alternative text {alt!r}", expected, fix))
    return problems


def _caption(figure: Figure) -> str:
    number = tag("span", f"Figuur {escape(figure.number)}.", class_="cop-number")
    return "".join(
        [
            tag("p", f"{number} {escape(figure.title)}", class_="cop-headline"),
            tag("p", escape(figure.subtitle), class_="cop-subtitle"),
            tag(
                "div",
                sentence("Basis", figure.base),
                source_line(figure.source, synthetic=figure.synthetic),
                tag(
                    "p", f"Gegevens: tabel {escape(figure.drawing.table.number)}.", class_="printed"
                ),
                class_="cop-note",
            ),
        ]
    )


def _picture(figure: Figure) -> str:
    drawing = figure.drawing
    (width, height), (phone_width, phone_height) = drawing.desk_size, drawing.phone_size
    phone = {"width": phone_width, "height": phone_height}
    return tag(
        "picture",
        tag("source", media=PHONE, srcset=data_uri("image/png", drawing.phone), **phone),
        tag(
            "img",
            src=data_uri("image/png", drawing.desk),
            alt=drawing.alt,
            width=width,
            height=height,
        ),
    )


def _fold(figure: Figure) -> str:
    table, name = figure.drawing.table, f"Gegevens bij figuur {figure.number}"
    csv = data_uri("text/csv;charset=utf-8", table_csv(table))
    words = f"Download de gegevens van figuur {escape(figure.number)} (CSV)"
    link = tag("a", words, href=csv, download=f"{figure.id}.csv")
    return tag(
        "details",
        tag("summary", escape(name)),
        data_table_html(table, id=f"fig-{figure.id}-data", name=name),
        tag("p", link),
        class_="cop-data",
    )
