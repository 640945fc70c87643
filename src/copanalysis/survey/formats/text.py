"""Delimited text of unknown encoding and separator, read into a Sheet without guessing silently."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.survey.formats.sheet import Row, Sheet, row_list

SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 60  # records looked at to find the separator
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
DOUBLE_ENCODED = re.compile("[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u2122]")
LONGEST_CELL = 1_000_000


def read_text_sheet(path: Path, text: str, *, encoding: str, problems: Sequence[Problem]) -> Sheet:
    """Read delimited text (see `decode`) separated by comma, semicolon, tab or bar.

    Quoted cells may hold line ends. Row numbers are the line in an editor where the record
    starts. Raises CopanalysisError for a quote that never closes or is not doubled: reading on
    would swallow respondents.
    """
    text, skipped, stated = _without_separator_line(text)
    separator = stated or _separator(text)
    rows = _without_blank_ends(_records(text, separator, path.name, skipped))
    formulas = [row.number for row in rows if any(c and c.startswith("=") for c in row.cells)]
    notes = [formula_note(f"{path.name}, {row_list(formulas)}", len(formulas))] if formulas else []
    medium = "tsv" if separator == "\t" else "csv"
    return Sheet(path, medium, encoding, rows, (*problems, *notes))


def formula_note(where: str, n: int) -> Problem:
    """The note on cells that a spreadsheet would take for a formula; their text is not shown."""
    return Problem(
        where,
        f"{n} row(s) with a cell that begins with = as a formula does",
        "answers as text",
        "nothing here, no formula is ever worked out; take care when opening the file in Excel",
        "note",
    )


def decode(data: bytes, *, where: str) -> tuple[str, str, list[Problem]]:
    """Text, encoding name and problems of the bytes of a text file.

    UTF-8 and UTF-16 with or without byte order mark, else Windows-1252 (with a note). Raises
    CopanalysisError for NUL bytes and for bytes that no encoding explains.
    """
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), "")
    encoding = encoding or _utf16_without_bom(data)
    problems: list[Problem] = []
    if encoding:
        text = _decoded(data, encoding, where).removeprefix("\ufeff")
    elif b"\x00" in data:
        raise CopanalysisError(
            f"{where} holds NUL bytes, so it is no text file or a damaged one. "
            "Export it again as CSV (UTF-8) from the survey tool."
        )
    else:
        text, encoding, problems = _utf8_or_windows(data, where)
    if "\x00" in text:
        raise CopanalysisError(f"{where} holds NUL characters. Export it again as CSV (UTF-8).")
    if DOUBLE_ENCODED.search(text):
        problems.append(_double_encoded(where))
    return text, encoding, problems


def _decoded(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CopanalysisError(
            f"{where} starts as {encoding} but breaks off at byte {error.start}: it is damaged or "
            "cut short. Export it again as CSV (UTF-8)."
        ) from error


def _utf16_without_bom(data: bytes) -> str:
    """ "utf-16-le" or "utf-16-be" when every other byte is nearly always NUL, else ""."""
    head = data[:4096]
    pairs = len(head) // 2
    if not pairs or len(data) % 2:
        return ""
    even, odd = head[0 : 2 * pairs : 2].count(0) / pairs, head[1 : 2 * pairs : 2].count(0) / pairs
    if odd > 0.6 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.05 else ""


def _utf8_or_windows(data: bytes, where: str) -> tuple[str, str, list[Problem]]:
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            raise CopanalysisError(
                f"{where} ends in the middle of a letter: it is cut short. Export or copy it again."
            ) from error
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise CopanalysisError(
            f"{where} is neither UTF-8, UTF-16 nor Windows-1252 (byte {error.start}). "
            "Export it again as CSV (UTF-8)."
        ) from error
    note = Problem(
        where,
        "bytes that are not UTF-8, read as Windows-1252",
        "UTF-8",
        "look whether names such as Fryslân are written right; if not, export again as UTF-8",
        "note",
    )
    return text, "windows-1252", [note]


def _double_encoded(where: str) -> Problem:
    return Problem(
        where,
        "letters with accents that were encoded twice",
        "Fryslân, beïnvloeden and the like written right",
        "export again from the survey tool; do not open and save the CSV in Excel in between",
        "warning",
    )


def _without_separator_line(text: str) -> tuple[str, int, str]:
    """Drop the line "sep=;" that Excel writes; returns text, lines dropped and the separator."""
    found = re.match(r'"?sep=([,;|\t])"?(\r\n|\n|\r)', text)
    return (text[found.end() :], 1, found[1]) if found else (text, 0, "")


def _separator(text: str) -> str:
    """The separator that splits the first records most evenly into the most cells."""
    scores = {separator: _evenness(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    if scores[best] > 0:
        return best
    first = text[:4096].splitlines()[0] if text else ""
    return max(SEPARATORS, key=first.count)


def _evenness(text: str, separator: str) -> float:
    """Share of records as wide as the header, times its cells (not those after ", ")."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        records = [record for record in itertools.islice(reader, SAMPLE) if record]
    except csv.Error:
        return 0.0
    if not records or len(records[0]) < 2:
        return 0.0
    width = len(records[0])
    cells = sum(not cell.startswith(" ") for cell in records[0])
    return cells * sum(len(record) == width for record in records) / len(records)


def _without_blank_ends(rows: Iterable[Row]) -> tuple[Row, ...]:
    """All records but the blank lines before the header and after the last respondent."""
    kept = list(itertools.dropwhile(lambda row: not row.cells, rows))
    while kept and not kept[-1].cells:
        kept.pop()
    return tuple(kept)


def _records(text: str, separator: str, where: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    longest = csv.field_size_limit(LONGEST_CELL)
    start = skipped + 1
    try:
        for record in reader:
            yield Row(start, tuple(cell or None for cell in record))
            start = reader.line_num + skipped + 1
    except csv.Error as error:
        raise CopanalysisError(
            f"{where} cannot be split into cells from line {start} on ({error}). A quotation mark "
            "there is not closed or not doubled; export again, or mend that line in a text editor."
        ) from error
    finally:
        csv.field_size_limit(longest)
