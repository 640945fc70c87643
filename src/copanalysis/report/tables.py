"""A released table as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from copanalysis.errors import refuse_if_any
from copanalysis.report.cells import (
    ALL_HIDDEN,
    anchors,
    format_of,
    header_of,
    heads_rows,
    released_problems,
    shown_cells,
    stands_upright,
    uncertain_rows,
    wholly_hidden,
)
from copanalysis.report.markup import escape, sentence, source_line, tag
from copanalysis.report.numbers import HIDDEN, MISSING
from copanalysis.report.objects import Released

# What fits beside each other on a screen of 320 CSS px, as it is and with the letter spacing of
# WCAG 1.4.12, which readers may set.
PHONE_PX, LETTER_PX, SPACED_PX, PADDING_PX, HEAD_LETTERS = 288, 7.8, 10, 12, 11
MOST_REFLOWED, DENSE = 5, 7  # columns
SHORT_HEAD = 12  # letters up to which a row header may keep a column on the phone
SHORT_CODE = 8  # letters up to which a column of row headers takes no more width than it needs
WIDE = 100  # letters of the longest words side by side from which a portrait page is too narrow
PROSE = 100  # letters from which a cell is sentences, which head no row
LONG = 30  # letters from which a cell is prose, which must not be squeezed to a word a line


def table_html(released: Released) -> str:
    """The registered table as HTML: caption, scoped headers, base, source and notes.

    Columns in ``key``, "label", and the labels and names of keys ("wave_name") head their row,
    with the text before them; of two such columns, one whose values repeat row after row heads
    a group of rows, unless both hold the same words in a row. Ids are "tab-<id>" and, per row,
    those of `row_anchor`. A table too wide for a phone lies in a scroll region that the keyboard
    reaches; where they fit, its row headers stand over their cells there. One row of many columns
    is a list of headers and values; of a table that tells nothing a sentence says so.

    Raises
    ------
    CopanalysisError
        With every problem that `released_problems` finds.
    """
    return _table(released, id=f"tab-{released.id}", name=f"Tabel {released.number}", rows=True)


def data_table_html(released: Released, *, id: str, name: str) -> str:
    """The table behind a figure, under an id of its own and without row anchors."""
    return _table(released, id=id, name=name, rows=False)


def is_wide(released: Released) -> bool:
    """Whether a table is printed on a page turned on its side."""
    if wholly_hidden(released) or stands_upright(released):
        return False
    cells = shown_cells(released)
    words = (_longest_word(header, cells[c]) for c, header in released.columns.items())
    return sum(words) >= WIDE


@dataclass(frozen=True)
class Layout:
    """How a table stands: under which column rows are grouped, what heads a row, what follows.

    ``long`` are the columns that hold prose, ``short`` those of codes and numbers. A table too
    wide for a phone has a ``region`` to scroll in; with ``reflow`` its row headers stand over
    their cells there.
    """

    group: str | None
    heads: list[str]
    others: list[str]
    long: frozenset[str]
    short: frozenset[str]
    region: bool
    reflow: bool

    @property
    def columns(self) -> list[str]:
        """Row headers first: a header that follows its cells is not read with them."""
        return [*self.heads, *self.others]

    @property
    def style(self) -> str | None:
        """The classes that the style sheet goes by."""
        names = {
            f"cop-reflow cop-{len(self.others)}": self.reflow,
            "cop-grouped": self.group,
            "cop-dense": len(self.columns) >= DENSE,
        }
        return " ".join(name for name, holds in names.items() if holds) or None

    def role(self, name: str) -> str | None:
        """The role that an element loses to the style sheet when its row reflows."""
        return name if self.reflow else None


def _layout(released: Released, cells: pd.DataFrame) -> Layout:
    shown = list(released.columns)
    known = [i for i, column in enumerate(shown) if heads_rows(released, column)] or [0]
    heads = [c for c in shown[: known[-1]] if not _kind(released, c)] + [shown[known[-1]]]
    prose = [i for i, c in enumerate(heads) if i and cells[c].str.len().max() > PROSE]
    heads = heads[: prose[0]] if prose else heads
    others = [c for c in released.columns if c not in heads]
    told_apart = len(heads) == 2 and cells[heads[0]].ne(cells[heads[1]]).all()
    grouped = [c for c in heads if told_apart and _in_groups(cells[c])]
    group = grouped[0] if grouped else None
    heads = [c for c in heads if c != group]
    letters = {c: _longest_word(released.columns[c], cells[c]) for c in (*heads, *others)}
    least = {c: HEAD_LETTERS for c in heads if not group}
    wide = sum(max(n, least.get(c, 0)) * SPACED_PX + PADDING_PX for c, n in letters.items())
    numbers = all(_kind(released, c) for c in others) and 1 < len(others) <= MOST_REFLOWED
    beside = sum(letters[c] * LETTER_PX + PADDING_PX for c in others)
    region = wide > PHONE_PX
    over = len(heads) == 1 and (not group or cells[heads[0]].str.len().max() > SHORT_HEAD)
    return Layout(
        group,
        heads,
        others,
        frozenset(c for c in letters if cells[c].str.len().max() > LONG),
        frozenset(c for c in heads if cells[c].str.len().max() <= SHORT_CODE),
        region,
        region and over and numbers and beside <= PHONE_PX,
    )


def _longest_word(header: str, texts: pd.Series) -> int:
    """The letters that a column holds on one line at least; numbers hold on to their units."""
    words = [*re.split("[ -]", header), *(word for text in texts for word in text.split(" "))]
    return max(len(word) for word in words)


def _in_groups(values: pd.Series) -> bool:
    """Whether values repeat, and every repeat follows the value directly."""
    runs = (values != values.shift()).sum()
    return bool(runs == values.nunique() < len(values))


def _kind(released: Released, column: str) -> str | None:
    return None if format_of(released, column) in ("text", "date") else "cop-n"


def _table(released: Released, *, id: str, name: str, rows: bool) -> str:
    refuse_if_any(f"Table {released.id!r} cannot be shown", released_problems(released))
    if wholly_hidden(released):
        return _untold(released, id=id, name=name)
    title = tag("span", f"{escape(name)}.", class_="cop-number") + " " + escape(released.title)
    caption, ids = tag("caption", title), anchors(released) if rows else [None] * len(released.data)
    if stands_upright(released):
        table = _upright(released, caption, id=id, anchor=ids[0])
    else:
        table = _beside(released, caption, id=id, name=name, ids=ids)
    turned = " cop-wide" if is_wide(released) else ""
    return tag("div", table, _note(released, f"{id}-note"), class_=f"cop-object cop-table{turned}")


def _untold(released: Released, *, id: str, name: str) -> str:
    """What stands where a table would that tells nothing."""
    title = tag("b", f"{escape(name)}. {escape(released.title.rstrip('.'))}.")
    said = tag("p", f"{title} {ALL_HIDDEN}", class_="not-measured")
    return tag("div", said, _note(released, f"{id}-note"), id=id, class_="cop-object cop-table")


def _upright(released: Released, caption: str, *, id: str, anchor: str | None) -> str:
    """A table of one row, with its headers under each other and its values beside them."""
    (cells,) = shown_cells(released).to_dict("records")
    lines = [
        tag(
            "tr",
            tag("th", escape(header_of(released, column)), scope="row"),
            tag("td", escape(text), class_="cop-empty" if text in (HIDDEN, MISSING) else None),
        )
        for column, text in cells.items()
    ]
    body = tag("tbody", *lines, id=anchor)
    return tag("table", caption, body, id=id, class_="cop-upright", aria_describedby=f"{id}-note")


def _beside(
    released: Released, caption: str, *, id: str, name: str, ids: Sequence[str | None]
) -> str:
    """A table with its headers beside each other, in a region to scroll where it needs one."""
    cells = shown_cells(released)
    layout = _layout(released, cells)
    rows = zip(cells.to_dict("records"), ids, uncertain_rows(released), strict=True)
    table = tag(
        "table",
        caption,
        tag("thead", _head_row(released, layout), role=layout.role("rowgroup")),
        *_bodies(released, layout, rows),
        id=id,
        role=layout.role("table"),
        class_=layout.style,
        aria_describedby=f"{id}-note",
    )
    if not layout.region:
        return table
    return tag("div", table, class_="cop-scroll", role="region", aria_label=name, tabindex="0")


def _head_row(released: Released, layout: Layout) -> str:
    heads = [
        tag(
            "th",
            escape(header_of(released, column)),
            scope="col",
            role=layout.role("columnheader"),
            class_=_kind(released, column) if column in layout.others else None,
        )
        for column in layout.columns
    ]
    return tag("tr", *heads, role=layout.role("row"))


def _bodies(
    released: Released, layout: Layout, rows: Iterable[tuple[dict[str, str], str | None, bool]]
) -> Iterator[str]:
    """One body, or one per group under a header that spans the table."""
    for title, members in groupby(rows, key=lambda row: row[0].get(layout.group)):
        lines = [_row(released, layout, *row) for row in members]
        if layout.group:
            spans = {"scope": "rowgroup", "colspan": len(layout.columns), "class_": "cop-group"}
            head = tag("th", escape(title), role=layout.role("rowheader"), **spans)
            lines.insert(0, tag("tr", head, role=layout.role("row")))
        yield tag("tbody", *lines, role=layout.role("rowgroup"))


def _row(
    released: Released, layout: Layout, cells: dict[str, str], anchor: str | None, uncertain: bool
) -> str:
    def style(column: str) -> str | None:
        empty = "cop-empty" if cells[column] in (HIDDEN, MISSING) else None
        long = "cop-long" if column in layout.long else None
        return " ".join(filter(None, (_kind(released, column), long, empty))) or None

    width = {**dict.fromkeys(layout.long, "cop-long"), **dict.fromkeys(layout.short, "cop-short")}
    heads = [
        tag(
            "th",
            escape(cells[c]),
            scope="row",
            role=layout.role("rowheader"),
            class_=width.get(c),
        )
        for c in layout.heads
    ]
    others = [
        tag(
            "td",
            escape(cells[c]),
            role=layout.role("cell"),
            class_=style(c),
        )
        for c in layout.others
    ]
    faint = "cop-uncertain" if uncertain else None
    return tag("tr", *heads, *others, id=anchor, role=layout.role("row"), class_=faint)


def _note(released: Released, id: str) -> str:
    lines = [sentence("Basis", released.base)]
    lines.append(source_line(released.source, synthetic=released.synthetic))
    lines += [tag("p", escape(note)) for note in released.notes]
    return tag("div", *lines, id=id, class_="cop-note")
