"""A released table as data: the columns that CSV and workbook share, and the CSV itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from copanalysis.errors import refuse_if_any
from copanalysis.report.cells import (
    bounds_of,
    format_of,
    header_of,
    hidden_cells,
    released_problems,
)
from copanalysis.report.markup import SYNTHETIC
from copanalysis.report.numbers import HIDDEN, show
from copanalysis.report.objects import Released

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"(-?\d+(?:,\d+)?)(%?)")
TEXTUAL = ("text", "date")


@dataclass(frozen=True)
class DataColumn:
    """One column: header, format, and its cells as texts, rounded as the report shows them.

    Counts stand without points, negative numbers with a hyphen and differences in percentage
    points as bare numbers, so that a Dutch spreadsheet reads numbers.
    """

    header: str
    format: str
    texts: tuple[str, ...]

    @property
    def values(self) -> tuple[float | None, ...]:
        """The numbers that the texts say; None where a cell is no number ("–", "<1%")."""
        return tuple(None if self.format in TEXTUAL else _number(text) for text in self.texts)


def data_columns(released: Released) -> list[DataColumn]:
    """The shown columns in order; an interval takes two.

    Raises
    ------
    CopanalysisError
        With every problem that `released_problems` finds.
    """
    refuse_if_any(f"Table {released.id!r} cannot be written", released_problems(released))
    return list(_columns(released))


def table_csv(released: Released) -> bytes:
    """The table as CSV: semicolons, decimal comma, UTF-8 with BOM, as `data_columns` gives it.

    Text that a spreadsheet would run as a formula gets an apostrophe in front. Synthetic data
    say so in a last column.
    """
    columns = data_columns(released)
    if released.synthetic:
        texts = (SYNTHETIC,) * len(released.data)
        columns.append(DataColumn("gegevens", "text", texts))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.header) for column in columns])
    cells = [c.texts if c.format != "text" else map(_harmless, c.texts) for c in columns]
    writer.writerows(zip(*cells, strict=True))
    return out.getvalue().encode("utf-8-sig")


def _columns(released: Released) -> Iterator[DataColumn]:
    for column in released.columns:
        format = format_of(released, column)
        header = header_of(released, column).replace(
            "\u00ad", ""
        )  # where a narrow screen hyphenates
        if bounds := bounds_of(column):
            for bound, word in zip(bounds, ("van", "tot"), strict=True):
                yield DataColumn(f"{header} {word}", format, _texts(released, bound, format))
        else:
            yield DataColumn(header, format, _texts(released, column, format))


def _texts(released: Released, column: str, format: str) -> tuple[str, ...]:
    hidden = hidden_cells(released, column)
    return tuple(
        HIDDEN if secret else _text(value, format)
        for value, secret in zip(released.data[column], hidden, strict=True)
    )


def _text(value: object, format: str) -> str:
    text = show(value, format)
    if format == "count":
        return text.replace(".", "").replace("−", "-")
    if format in ("number", "points"):
        bare = text.removesuffix("\u00a0procentpunt").removeprefix("+")
        return bare.replace(".", "").replace("−", "-")
    return text.replace("\u00a0", " ") if format == "date" else text


def _number(text: str) -> float | None:
    parts = NUMBER.fullmatch(text)
    if parts is None:
        return None
    number = float(parts[1].replace(",", "."))
    return number / 100 if parts[2] else number


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
