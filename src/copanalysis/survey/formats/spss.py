"""SPSS data files (.sav, .zsav): labels, user-missing values, multiple-response sets, dates."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.survey.export import Column, Export
from copanalysis.survey.formats.archive import MAX_UNPACKED, MIB
from copanalysis.survey.formats.assembly import Layout, assemble
from copanalysis.survey.formats.sheet import Body, Row, Sheet
from copanalysis.survey.formats.spss_metadata import is_meta, origin_of, roles_of, status_of

SIGNATURES = {b"$FL2": "sav", b"$FL3": "zsav"}
SPSS_EPOCH = datetime(1582, 10, 14)
DATE_FORMATS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE")
MOMENT_FORMATS = ("DATETIME", "YMDHMS")
FALLBACK_ENCODING = "WINDOWS-1252"
HEADER = 176
TABLE_ROW = 24
LAST_SECOND = 265_621_507_200  # the year 10000, where Python's dates end
EXACT_INTEGER = 10**16  # Python writes larger ones with an exponent


@dataclass(frozen=True)
class Data:
    """What pyreadstat read: the stored values by variable, and the dictionary of the file."""

    values: Mapping[str, Sequence[Any]]
    dictionary: Any
    problems: tuple[Problem, ...] = ()


def read_spss(path: Path, data: bytes) -> Export:
    """Read an SPSS file; stored numbers become the shortest text ("1", "2.5"), dates ISO 8601.

    Value labels, user-missing values (single ones and ranges, as far as they occur) and
    multiple-response sets come along. A set of dichotomies makes its variables tick boxes of
    one item, called after the set. Rows are numbered by case. Raises CopanalysisError for a
    damaged file and for one that unpacks to more than the bound.
    """
    check_size(data, where=path.name)
    read = _read(path)
    names = read.dictionary.column_names
    cells = {name: _texts(name, read) for name in names}
    columns = [_column(name, cells[name], read) for name in names]
    sets, problems = _sets(read, path.name)
    columns = _with_sets(columns, read)
    origin = origin_of(names)
    roles = roles_of(names, columns, origin)
    columns = [
        replace(c, type="meta") if c.name in roles.values() or is_meta(c.name, origin) else c
        for c in columns
    ]
    rows = tuple(Row(i, case) for i, case in enumerate(zip(*cells.values(), strict=True), 1))
    sheet = Sheet(path, SIGNATURES[data[:4]], read.dictionary.file_encoding or "utf-8", rows)
    at = {role: names.index(name) for role, name in roles.items()}
    layout = Layout(
        f"spss-{sheet.medium}",
        origin,
        columns,
        {role: i for role, i in at.items() if role not in ("status", "finished")},
        status_of(at, origin),
        problems=[*read.problems, *problems],
    )
    export = assemble(sheet, Body(len(names), rows, ()), layout)
    return replace(export, multiple_response_sets=sets)


def check_size(data: bytes, *, where: str) -> None:
    """Refuse a file whose header or block table announces more than MAX_UNPACKED bytes."""
    if len(data) < HEADER:
        raise _damaged(where)
    order = "<" if struct.unpack_from("<i", data, 64)[0] in (2, 3) else ">"
    width, _, _, cases = struct.unpack_from(f"{order}4i", data, 68)
    announced = max(width, 0) * max(cases, 0) * 8
    if data.startswith(b"$FL3"):
        announced = max(announced, _announced_blocks(data, order, where))
    if announced > MAX_UNPACKED:
        raise CopanalysisError(
            f"{where} announces {announced // MIB} MiB of data, more than {MAX_UNPACKED // MIB} "
            "MiB. It is refused; no survey export is that large."
        )


def _announced_blocks(data: bytes, order: str, where: str) -> int:
    """The unpacked size that the block table at the end of a .zsav file states, times 8.

    A byte of a block can stand for a value of 8 bytes, hence the times 8.
    """
    for blocks in range(len(data) // TABLE_ROW):
        at = len(data) - TABLE_ROW * (blocks + 1)
        bias, zero, size, stated = struct.unpack_from(f"{order}2q2i", data, at)
        if (bias, zero, stated) == (-100, 0, blocks) and size > 0:
            table = struct.iter_unpack(f"{order}2q2i", data[at + TABLE_ROW :])
            return 8 * sum(max(unpacked, 0) for _, _, unpacked, _ in table)
    raise _damaged(where)


def _damaged(where: str) -> CopanalysisError:
    return CopanalysisError(
        f"{where} is a damaged or incomplete SPSS file. Save it again from SPSS or the survey tool."
    )


def _read(path: Path) -> Data:
    import pyreadstat

    options = {"user_missing": True, "output_format": "dict", "disable_datetime_conversion": True}
    for encoding in (None, FALLBACK_ENCODING):
        try:
            read = pyreadstat.read_sav(str(path), encoding=encoding, **options)
        except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
            if encoding is None and _is_about_encoding(error):
                continue
            raise _damaged(path.name) from error
        return Data(*read, _encoding_problem(path.name) if encoding else ())
    raise _damaged(path.name)


def _is_about_encoding(error: Exception) -> bool:
    return isinstance(error, UnicodeDecodeError) or "encoding" in str(error)


def _encoding_problem(where: str) -> tuple[Problem, ...]:
    problem = Problem(
        where,
        "texts that are not in the encoding the file states, read as Windows-1252",
        "one encoding",
        "look whether names such as Fryslân are right; if not, save it as Unicode in SPSS",
        "warning",
    )
    return (problem,)


def _texts(name: str, read: Data) -> list[str | None]:
    """The values of a variable as texts, None for system-missing and for an empty text."""
    stored = read.dictionary.original_variable_types[name] or ""
    kind = stored.rstrip("0123456789.")
    return [_text(value, kind) for value in read.values[name]]


def _text(value: Any, kind: str) -> str | None:
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        return value
    if kind in DATE_FORMATS + MOMENT_FORMATS and 0 <= value < LAST_SECOND:
        moment = SPSS_EPOCH + timedelta(seconds=round(value))
        return str(moment.date() if kind in DATE_FORMATS else moment)
    whole = float(value).is_integer() and abs(value) < EXACT_INTEGER
    return str(int(value)) if whole else repr(float(value))


def _column(name: str, cells: list[str | None], read: Data) -> Column:
    text = read.dictionary.column_names_to_labels.get(name) or ""
    labels = read.dictionary.variable_value_labels.get(name, {})
    labels = {_text(value, "") or "": label for value, label in labels.items()}
    missing = _missing(name, cells, read)
    kind = (read.dictionary.original_variable_types[name] or "").rstrip("0123456789.")
    type = "open" if read.dictionary.readstat_variable_types[name] == "string" else "number"
    if set(labels) - missing:
        is_scale = read.dictionary.variable_measure.get(name) == "ordinal"
        type = "scale" if is_scale else "single"
    elif kind in DATE_FORMATS + MOMENT_FORMATS:
        type = "date"
    return Column(name, text=text, item=name, type=type, labels=labels, missing=missing)


def _missing(name: str, cells: list[str | None], read: Data) -> frozenset[str]:
    """The user-missing values of a variable: single ones, and those in a range that occur."""
    missing: set[str] = set()
    for part in read.dictionary.missing_ranges.get(name, []):
        low, high = part["lo"], part["hi"]
        if low == high:
            missing.add(_text(low, "") or "")
        else:
            values = zip(cells, read.values[name], strict=True)
            missing.update(cell for cell, v in values if cell is not None and low <= v <= high)
    return frozenset(missing)


def _sets(read: Data, where: str) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """The multiple-response sets by name, and a warning for sets of categories."""
    sets = {name: tuple(s["variable_list"]) for name, s in read.dictionary.mr_sets.items()}
    problems = [
        Problem(
            f"{where}, set {name}",
            "a multiple-response set of categories: its variables hold picks in no fixed order",
            "a variable of its own for every option (a set of dichotomies)",
            "in SPSS make dichotomies of it (Transform, Recode), or export the source again",
            "warning",
        )
        for name, given in read.dictionary.mr_sets.items()
        if not given["is_dichotomy"]
    ]
    return sets, problems


def _with_sets(columns: Sequence[Column], read: Data) -> list[Column]:
    """Columns in which the variables of a set of dichotomies are the tick boxes of one item."""
    found = {column.name: column for column in columns}
    for name, given in read.dictionary.mr_sets.items():
        if not given["is_dichotomy"]:
            continue
        ticked = frozenset({_text(given["counted_value"], "") or ""})
        for variable in given["variable_list"]:
            column = found[variable]
            found[variable] = replace(
                column,
                text=given["label"] or column.text,
                item=name,
                option=variable,
                option_text=column.text,
                type="multiple",
                ticked=ticked,
            )
    return list(found.values())
