"""What every reader of survey exports returns: columns, rows and respondents, values untouched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from copanalysis.errors import Problem

TYPES = ("single", "multiple", "scale", "open", "number", "date", "meta")
STATUSES = ("complete", "partial", "test")


@dataclass(frozen=True)
class Column:
    """One column of an export.

    ``name`` is the header that identifies the column in the file (made unique with " (2)",
    " (3)" where the file repeats it). ``text`` is the question as shown. ``item`` groups the
    columns of one question: its code where the format has one, else its text. ``option`` and
    ``option_text`` name the sub-question, grid row or tick box of this column ("" when the
    column holds the whole item). ``other`` marks the write-in column of "Anders, namelijk".
    ``type`` is one of TYPES; a "multiple" column with ``joiner`` holds all picks of the item
    in one cell, without it the column is one tick box whose ``ticked`` values mean yes.
    ``labels`` maps stored values to labels; ``missing`` are user-missing values.
    """

    name: str
    text: str = ""
    item: str = ""
    option: str = ""
    option_text: str = ""
    other: bool = False
    type: str = "open"
    joiner: str = ""
    ticked: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Response:
    """One respondent's row: where it stands, what the tool knows of it, the raw cells.

    ``row`` is the row (or line, or record) number as an editor or spreadsheet shows it,
    counting from 1. ``status`` is one of STATUSES. ``cells`` has one entry per column:
    the text as it stands in the file, ``None`` where the cell is empty, and NOT_SHOWN where
    the tool states that the question was not shown to this respondent. ``link`` is the token or
    code of the respondent's own that tells who answered in another wave too.
    """

    row: int
    cells: tuple[str | None, ...]
    id: str = ""
    status: str = "complete"
    started: datetime | None = None
    submitted: datetime | None = None
    seconds: float | None = None
    link: str = ""


NOT_SHOWN = "{question_not_shown}"


@dataclass(frozen=True)
class Export:
    """A survey export as read: ``columns`` include the metadata columns (type "meta")."""

    path: Path
    format: str
    origin: str
    encoding: str
    columns: tuple[Column, ...]
    responses: tuple[Response, ...]
    multiple_response_sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
