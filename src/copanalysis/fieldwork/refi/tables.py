"""A coded project as a folder of Parquet files, in and out, whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.fieldwork.coding import COLUMNS, CodedProject, coded_project
from copanalysis.fieldwork.refi.reading import load
from copanalysis.fieldwork.refi.writing import write_project

ABOUT = "problems.json"


def import_tables(path: Path, folder: Path, *, counting: str | None = None) -> CodedProject:
    """Read a REFI-QDA project and write a Parquet file per table, and problems.json.

    ``folder`` must not exist yet, or be empty. problems.json holds the project's name and
    origin, the problems, and the losses. Raises CopanalysisError as reading does; nothing is
    then written.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CopanalysisError(f"{folder} is there and not empty. Name a new folder, or empty it.")
    reading = load(path, counting=counting)
    project = reading.project
    about = {
        "name": project.name,
        "origin": project.origin,
        "problems": [problem.as_dict() for problem in project.problems],
        "losses": reading.losses,
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        part = Path(scratch) / folder.name
        part.mkdir()
        for table, file in _files().items():
            getattr(project, table).to_parquet(part / file, index=False)
        text = json.dumps(about, ensure_ascii=False, indent=2)
        (part / ABOUT).write_text(text + "\n", encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        os.replace(part, folder)
    return project


def export_tables(folder: Path, path: Path) -> tuple[Problem, ...]:
    """Write the tables of a folder made by :func:`import_tables` as .qdpx.

    Returns the warnings of :func:`write_project`. Raises CopanalysisError when a table is
    missing or cannot be written as it stands; no file is then made or changed.
    """
    folder = Path(folder)
    missing = [n for n in (ABOUT, *_files().values()) if not (folder / n).is_file()]
    if missing:
        raise CopanalysisError(f"{folder} is no folder of a coded project: it has no {missing}.")
    tables = {table: _table(folder / file) for table, file in _files().items()}
    about = _about(folder / ABOUT)
    project = coded_project(str(about["name"]), origin=str(about.get("origin", "")), **tables)
    return write_project(project, path)


def _files() -> dict[str, str]:
    return {table: f"{table}.parquet" for table in COLUMNS}


def _table(file: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(file)
    except (OSError, ValueError) as error:
        raise CopanalysisError(f"{file} is no Parquet table: {error}") from error


def _about(file: Path) -> dict[str, Any]:
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CopanalysisError(f"{file} is not JSON: {error}") from error
    if not isinstance(about, dict) or "name" not in about:
        raise CopanalysisError(f"{file} does not name the project.")
    return about
