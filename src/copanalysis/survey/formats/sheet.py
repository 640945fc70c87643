"""The rectangle of texts in a delimited file or worksheet, before anything is made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from copanalysis.errors import Problem

LISTED = 12  # rows named one by one in a message; the rest are counted


@dataclass(frozen=True)
class Row:
    """One record: the number an editor or spreadsheet shows for it, and its cells."""

    number: int
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class Sheet:
    """All records of a file, header rows included. ``medium`` is "csv", "tsv" or "xlsx"."""

    path: Path
    medium: str
    encoding: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()

    def header(self, index: int = 0, *, width: int | None = None) -> tuple[str, ...]:
        """The cells of a header row as one-line texts, "" where empty; of ``width`` if given."""
        cells = self.rows[index].cells if index < len(self.rows) else ()
        texts = tuple(one_line(cell or "") for cell in cells)
        return texts if width is None else (*texts, *[""] * width)[:width]


@dataclass(frozen=True)
class Body:
    """The rows of respondents, all of one width, and what was odd about them."""

    width: int
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    def column(self, index: int) -> list[str | None]:
        """All cells of one column."""
        return [row.cells[index] for row in self.rows]


def one_line(text: str) -> str:
    """A header as one line: no-break spaces, tabs and line ends become single spaces."""
    return re.sub(r"\s+", " ", text).strip()


def name_columns(headers: Sequence[str], *, where: str) -> tuple[list[str], list[Problem]]:
    """Unique names for columns: an empty header gets its number, a repeated one "(2)", "(3)".

    Returns the names and the problems: a warning that lists the repeated headers, a note that
    counts the empty ones.
    """
    filled = [header or f"column {i}" for i, header in enumerate(headers, 1)]
    repeated = [header for header, n in Counter(filled).items() if n > 1]
    taken = set(filled)
    seen: Counter[str] = Counter()
    names = []
    for header in filled:
        seen[header] += 1
        names.append(header if seen[header] == 1 else _free_name(header, seen, taken))
    return names, _header_problems(repeated, headers, where)


def _free_name(header: str, seen: Counter[str], taken: set[str]) -> str:
    while (name := f"{header} ({seen[header]})") in taken:
        seen[header] += 1
    taken.add(name)
    return name


def _header_problems(repeated: list[str], headers: Sequence[str], where: str) -> list[Problem]:
    problems = []
    if repeated:
        shown = ", ".join(repr(header[:60]) for header in repeated[:LISTED])
        problems.append(
            Problem(
                f"{where}, header",
                f"{len(repeated)} header(s) more than once: {shown}",
                "every column its own header",
                'look which is which; the later ones are called "... (2)" from here on',
                "warning",
            )
        )
    empty = sum(not header for header in headers)
    if empty:
        problems.append(
            Problem(
                f"{where}, header",
                f"{empty} column(s) with answers and no header",
                "a header above every column",
                'look what they hold; they are called "column 3" and so on from here on',
                "note",
            )
        )
    return problems


def body_of(sheet: Sheet, *, headers: int) -> Body:
    """The rows below the header rows, padded to one width; empty rows left out and reported.

    A row longer than the header keeps its extra cells (the table gets wider), a shorter one is
    filled up with empty cells; both are reported by row number.
    """
    width = max((_filled_width(row.cells) for row in sheet.rows), default=0)
    expected = len(sheet.rows[min(headers, len(sheet.rows)) - 1].cells)
    kept, empty, short, long = [], [], [], []
    for row in sheet.rows[headers:]:
        filled = _filled_width(row.cells)
        if not filled:
            empty.append(row.number)
            continue
        if len(row.cells) < expected:
            short.append(row.number)
        elif filled > expected:
            long.append(row.number)
        missing = width - len(row.cells)
        cells = row.cells[:width] if missing <= 0 else row.cells + (None,) * missing
        kept.append(Row(row.number, cells))
    return Body(width, tuple(kept), tuple(_row_problems(sheet, expected, empty, short, long)))


def _filled_width(cells: Sequence[str | None]) -> int:
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1] is not None), 0)


def _row_problems(
    sheet: Sheet, expected: int, empty: list[int], short: list[int], long: list[int]
) -> Iterable[Problem]:
    if empty:
        yield Problem(
            f"{sheet.path.name}, {row_list(empty)}",
            f"{len(empty)} row(s) without anything in them",
            "one respondent in every row",
            "nothing; an empty row is no respondent and is left out",
            "note",
        )
    for rows, what in ((short, "fewer"), (long, "more")):
        if rows:
            yield Problem(
                f"{sheet.path.name}, {row_list(rows)}",
                f"{len(rows)} row(s) with {what} cells than the {expected} of the header",
                "as many cells as headers",
                "compare them with the survey tool: cells may have moved to another column",
                "warning",
            )


def row_list(numbers: Sequence[int]) -> str:
    """ "row 7", or "rows 7, 9 and 240 more" for a long list."""
    shown = ", ".join(str(number) for number in numbers[:LISTED])
    more = f" and {len(numbers) - LISTED} more" if len(numbers) > LISTED else ""
    return f"{'row' if len(numbers) == 1 else 'rows'} {shown}{more}"


def split_heading(heading: str, *, marks: str = "[]") -> tuple[str, str]:
    """Question and row text of "Question [row]"; ("...", "") without brackets at the end.

    Brackets inside the row text are kept; of several groups at the end ("[row][scale]") all
    belong to the row.
    """
    text, rows = heading.rstrip(), []
    while text.endswith(marks[1]):
        depth = 0
        for at in range(len(text) - 1, -1, -1):
            depth += (text[at] == marks[1]) - (text[at] == marks[0])
            if depth == 0:
                break
        if depth or not text[:at].strip():
            break
        rows.insert(0, text[at + 1 : -1].strip())
        text = text[:at].rstrip()
        if marks != "[]":
            break
    return (text, " | ".join(rows)) if rows else (heading.strip(), "")
