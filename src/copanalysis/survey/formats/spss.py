"""SPSS data files (.sav, .zsav), read in a process of its own: damage there can be fatal."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.study.archive import MIB
from copanalysis.survey.export import Export
from copanalysis.survey.formats.archive import MAX_UNPACKED
from copanalysis.survey.formats.assembly import Layout, assemble
from copanalysis.survey.formats.sheet import Body, Row, Sheet
from copanalysis.survey.formats.spss_metadata import is_meta, origin_of, roles_of, status_of
from copanalysis.survey.formats.spss_variables import Data, columns_of, sets_of, texts_of

SIGNATURES = {b"$FL2": "sav", b"$FL3": "zsav"}
FALLBACK_ENCODING = "WINDOWS-1252"
HEADER = 176
TABLE_ROW = 24
READER = "import sys; from copanalysis.survey.formats.spss import send; send(sys.argv[1])"
DAMAGED = 3  # how the reading process ends when pyreadstat refuses the file
TIME_LIMIT = 900  # seconds


def read_spss(path: Path, data: bytes) -> Export:
    """Read an SPSS file; stored numbers become the shortest text ("1", "2.5"), dates ISO 8601.

    Value labels, user-missing values (single ones and ranges, as far as they occur) and
    multiple-response sets come along. A set of dichotomies makes its variables tick boxes of
    one item, called after the set. Rows are numbered by case. Raises CopanalysisError for a
    damaged file and for one that unpacks to more than the bound.
    """
    check_size(data, where=path.name)
    read, notes = _read(path)
    cells = texts_of(read)
    columns = columns_of(read, cells)
    sets, problems = sets_of(read, where=path.name)
    origin = origin_of(read.names)
    roles = roles_of(read.names, columns, origin)
    columns = [
        replace(c, type="meta") if c.name in roles.values() or is_meta(c.name, origin) else c
        for c in columns
    ]
    rows = tuple(Row(i, case) for i, case in enumerate(zip(*cells.values(), strict=True), 1))
    sheet = Sheet(path, SIGNATURES[data[:4]], read.encoding or "utf-8", rows)
    at = {role: read.names.index(name) for role, name in roles.items()}
    layout = Layout(
        f"spss-{sheet.medium}",
        origin,
        columns,
        {role: i for role, i in at.items() if role not in ("status", "finished")},
        status_of(at, origin),
        problems=[*notes, *problems],
    )
    export = assemble(sheet, Body(len(columns), rows, ()), layout)
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


def _read(path: Path) -> tuple[Data, list[Problem]]:
    """Values and dictionary of the file, from a process that may crash without harm."""
    command = [sys.executable, "-P", "-c", READER, str(path.absolute())]
    try:
        run = subprocess.run(command, capture_output=True, check=False, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise _damaged(path.name) from error
    if run.returncode == 1:  # an error of this program, not of the file
        raise RuntimeError(run.stderr.decode("utf-8", "replace"))
    if run.returncode:
        raise _damaged(path.name)
    try:
        read = Data(**json.loads(run.stdout))
    except (ValueError, TypeError) as error:
        raise _damaged(path.name) from error
    if not all(isinstance(name, str) for name in read.names) or len(set(read.names)) < len(
        read.names
    ):
        raise _damaged(path.name)
    return read, [_encoding_problem(path.name)] if read.reencoded else []


def _encoding_problem(where: str) -> Problem:
    return Problem(
        where,
        "texts that are not in the encoding the file states, read as Windows-1252",
        "one encoding",
        "look whether names such as Fryslân are right; if not, save it as Unicode in SPSS",
        "warning",
    )


def send(path: str) -> None:
    """Read a file with pyreadstat and write it to standard output as the JSON of a Data."""
    import pyreadstat

    options = {"user_missing": True, "output_format": "dict", "disable_datetime_conversion": True}
    for encoding in (None, FALLBACK_ENCODING):
        try:
            values, dictionary = pyreadstat.read_sav(path, encoding=encoding, **options)
        except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
            if encoding is None and _is_about_encoding(error):
                continue
            sys.exit(DAMAGED)
        json.dump(_as_plain(values, dictionary, encoding is not None), sys.stdout)
        return
    sys.exit(DAMAGED)


def _is_about_encoding(error: Exception) -> bool:
    return isinstance(error, UnicodeDecodeError) or "encoding" in str(error)


def _as_plain(values: Any, dictionary: Any, reencoded: bool) -> dict[str, Any]:
    storage = dictionary.readstat_variable_types
    measure = dictionary.variable_measure
    labels = dictionary.variable_value_labels
    return {
        "names": list(dictionary.column_names),
        "values": {name: list(column) for name, column in values.items()},
        "texts": {name: text or "" for name, text in dictionary.column_names_to_labels.items()},
        "formats": {name: kind or "" for name, kind in dictionary.original_variable_types.items()},
        "strings": [name for name, kind in storage.items() if kind == "string"],
        "ordinal": [name for name, level in measure.items() if level == "ordinal"],
        "labels": {name: list(given.items()) for name, given in labels.items()},
        "missing": dictionary.missing_ranges,
        "sets": dictionary.mr_sets,
        "encoding": dictionary.file_encoding,
        "reencoded": reencoded,
    }
