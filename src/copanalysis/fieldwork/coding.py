"""A coded project as tables: documents, codes, coders, segments, memos, cases and variables."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem

DOCUMENT_KINDS = ("text", "pdf", "picture", "audio", "video")
MEMO_TARGETS = ("document", "segment", "code", "case", "coding", "project", "")
CASE_SOURCES = ("document", "segment", "code")
VARIABLE_TYPES = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")
VALUE_OWNERS = ("case", "document")
COLUMNS = {
    "documents": ("document", "name", "kind", "text", "hash", "description"),
    "codes": ("code", "name", "parent", "color", "description", "codable"),
    "coders": ("coder", "name"),
    "segments": (
        *("segment", "coding", "document", "start", "end"),
        *("text", "code", "coder", "created", "description"),
    ),
    "memos": ("memo", "name", "text", "target_kind", "target", "coder", "created"),
    "cases": ("case", "name", "description"),
    "case_sources": ("case", "kind", "target"),
    "variables": ("variable", "name", "type"),
    "values": ("owner_kind", "owner", "variable", "value"),
    "carried": ("owner", "element", "xml"),
}
DTYPES = {"start": "int64", "end": "int64", "codable": "bool"}  # every other column is text
GUID_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, "urn:copanalysis:coding")


def empty_table(table: str) -> pd.DataFrame:
    """A table of a coded project without rows, with its columns and types."""
    return _conform(pd.DataFrame(columns=list(COLUMNS[table])), table)


@dataclass(frozen=True, eq=False)
class CodedProject:
    """A coded project; the columns of each table are in ``COLUMNS``.

    Missing text is "", ids are GUIDs in lower case with hyphens. ``start`` and ``end`` count
    Unicode code points of ``documents.text``, ``end`` exclusive. ``segments`` has one row per
    code on a selection; a selection without coding has ``coding`` and ``code`` "", a coding of
    a whole document has ``segment`` "". A memo with several targets has a row per target.
    ``documents.hash`` is that of ``text_hash``, "" where the document has no text.
    ``carried`` holds what no table has a place for (sets, links, graphs, selections in pictures,
    sound and PDF pages) as XML, so that an export can give it back; ``owner`` is the GUID of the
    element around it ("" is the project). ``origin`` names the tool that wrote the file.
    """

    name: str
    documents: pd.DataFrame
    codes: pd.DataFrame
    coders: pd.DataFrame
    segments: pd.DataFrame
    memos: pd.DataFrame
    cases: pd.DataFrame
    case_sources: pd.DataFrame
    variables: pd.DataFrame
    values: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    carried: pd.DataFrame = field(default_factory=lambda: empty_table("carried"))
    origin: str = ""


Rows = Iterable[Mapping[str, Any]] | pd.DataFrame


def coded_project(
    name: str, *, origin: str = "", problems: tuple[Problem, ...] = (), **tables: Rows
) -> CodedProject:
    """A CodedProject from tables or lists of rows; a table that is not given is empty.

    Raises CopanalysisError when a table or column is unknown or missing, or a value is missing
    (missing text is "") or does not fit the type of its column.
    """
    unknown = sorted(set(tables) - set(COLUMNS))
    if unknown:
        raise CopanalysisError(f"A coded project has no table {unknown}; it has {list(COLUMNS)}.")
    frames = {table: _conform(tables.get(table, ()), table) for table in COLUMNS}
    return CodedProject(name=name, origin=origin, problems=tuple(problems), **frames)


def stable_guid(*parts: str) -> str:
    """A GUID that is the same for the same parts, for ids of projects made by this package."""
    return str(uuid.uuid5(GUID_ROOT, json.dumps(parts)))


def text_hash(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _conform(rows: Rows, table: str) -> pd.DataFrame:
    columns = list(COLUMNS[table])
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    if len(frame.columns) == 0 and len(frame) == 0:
        frame = pd.DataFrame(columns=columns)
    if sorted(frame.columns) != sorted(columns):
        raise CopanalysisError(
            f"The table {table} has the columns {list(frame.columns)}; it needs {columns}."
        )
    empty = [column for column in columns if frame[column].isna().any()]
    if empty:
        raise CopanalysisError(f'Missing values in {table}: {empty}. Missing text is written "".')
    try:
        return (
            frame[columns]
            .astype({c: DTYPES.get(c, "string") for c in columns})
            .reset_index(drop=True)
        )
    except (ValueError, TypeError) as error:
        raise CopanalysisError(f"A value in {table} does not fit its column: {error}") from error
