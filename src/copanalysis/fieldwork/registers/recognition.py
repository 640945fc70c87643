"""Which register a sheet is: the row of headers tells, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from copanalysis.errors import Problem
from copanalysis.fieldwork.registers.workbooks import SUFFIXES, RawSheet, read_sheets
from copanalysis.study.names import normalise
from copanalysis.study.plan import Study
from copanalysis.study.registers import Register, study_registers

SEARCHED = 40  # rows in which headers may stand: titles, notes and a form's block come first
ALIKE = 0.6  # share of the headers from which a sheet counts as a damaged register
FEWEST = 5  # headers of a damaged register that lacks most of what is required


@dataclass(frozen=True)
class Recognised:
    """A sheet as a register: its header row (from 0) and the cell of each column."""

    sheet: RawSheet
    register: Register
    header: int
    places: Mapping[str, int]

    @property
    def missing(self) -> list[str]:
        """Headers of required columns that are not there."""
        return [
            column.header
            for column in self.register.columns
            if column.required and not column.above and column.name not in self.places
        ]


def recognised(sheet: RawSheet, *, registers: Iterable[Register]) -> Recognised | None:
    """The register that a sheet holds, or None when it holds none.

    A sheet may be a register when a row has all its required headers, or most of them and
    others besides, or most of all its headers and at least five; of several it is the one with
    most headers, a missing one counting double.
    """
    registers = list(registers)
    found = [
        Recognised(sheet, register, number, _places(words, register))
        for number, words in enumerate(map(header_words, sheet.rows[:SEARCHED]))
        if sum(map(bool, words)) > 1
        for register in registers
    ]
    return max(filter(_is_alike, found), key=_likeness, default=None)


def missing_headers(found: Recognised) -> list[Problem]:
    """The required headers that a sheet lacks."""
    where = f"{found.sheet.where}, row {found.header + 1}"
    known = ", ".join(repr(c.header) for c in found.register.columns if not c.above)
    return [
        Problem(
            where,
            f"no column {header!r}",
            f"the columns of the register {found.register.name}: {known}",
            "put the header back, or add this way of writing to data/instruments/registers.csv",
        )
        for header in found.missing
    ]


def unknown_headers(found: Recognised) -> list[Problem]:
    """Columns with something in them that the register does not know: they are not read."""
    known = {*found.places.values()}
    headers, rows = found.sheet.rows[found.header], found.sheet.rows[found.header + 1 :]
    return [
        Problem(
            f"{found.sheet.where}, row {found.header + 1}",
            f"a column {str(cell)!r} that the register {found.register.name} does not know",
            "the columns of registers.csv",
            "nothing to do if it may be left out; else add it to data/instruments/registers.csv",
            "note",
        )
        for at, (cell, word) in enumerate(zip(headers, header_words(headers), strict=True))
        if cell != ""
        and at not in known
        and not any(word in column.spellings for column in found.register.ignored)
        and any(at < len(row) and row[at] != "" for row in rows)
    ]


def header_words(row: Sequence[object]) -> list[str]:
    """The cells of a row as headers are compared: normalised text, "" for anything else."""
    return [normalise(cell) if isinstance(cell, str) else "" for cell in row]


def _places(words: Sequence[str], register: Register) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, word in enumerate(words):
        for column in register.columns:
            if not column.above and column.name not in places and word in column.spellings:
                places[column.name] = at
                break
    return places


def _is_alike(found: Recognised) -> bool:
    columns = [c for c in found.register.columns if not c.above]
    required = [c for c in columns if c.required]
    if not found.missing:
        return len(found.places) > 1
    share = 1 - len(found.missing) / len(required)
    if share >= ALIKE and len(found.places) > len(required):
        return True
    words = set(header_words(found.sheet.rows[found.header]))
    ignored = sum(not words.isdisjoint(c.spellings) for c in found.register.ignored)
    known = len(found.places) + ignored
    return known >= max(FEWEST, ALIKE * (len(columns) + len(found.register.ignored)))


def _likeness(found: Recognised) -> tuple[int, bool, int]:
    return len(found.places) - 2 * len(found.missing), not found.missing, -found.header


def is_register_file(path: Path, *, study: Study) -> bool:
    """Whether any sheet of a file has the headers of a register."""
    if path.suffix.lower() not in SUFFIXES:
        return False
    registers = study_registers(study.sheets).values()
    sheets, _ = read_sheets(path, name=path.name)
    return any(recognised(sheet, registers=registers) for sheet in sheets)
