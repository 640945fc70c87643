"""A coded project as a folder of Parquet files, in and out, whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.fieldwork.coding import COLUMNS, CodedProject, coded_project
from copanalysis.fieldwork.refi.codebook import Codebook, read_codebook, write_codebook
from copanalysis.fieldwork.refi.reading import load
from copanalysis.fieldwork.refi.writing import write_project

ABOUT = "problems.json"


def import_tables(path: Path, folder: Path, *, counting: str | None = None) -> CodedProject:
    """Read a REFI-QDA project and write a Parquet file per table, and problems.json.

    ``folder`` must not exist yet, or be empty. problems.json holds the project's name and
    origin, the problems, and the losses. Raises CopanalysisError as reading does; nothing is
    then written.
    """
    reading = load(path, counting=counting)
    project = reading.project
    about = {
        "name": project.name,
        "origin": project.origin,
        "problems": [problem.as_dict() for problem in project.problems],
        "losses": reading.losses,
    }
    tables = {table: getattr(project, table) for table in COLUMNS}
    _write_folder(Path(folder), tables, about)
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


def import_codebook(path: Path, folder: Path) -> Codebook:
    """Read a REFI-QDA codebook (.qdc) and write codes.parquet, sets.parquet and problems.json.

    ``folder`` and errors as in :func:`import_tables`.
    """
    codebook = read_codebook(path)
    about = {
        "origin": codebook.origin,
        "problems": [problem.as_dict() for problem in codebook.problems],
        "losses": codebook.losses,
    }
    _write_folder(Path(folder), {"codes": codebook.codes, "sets": codebook.sets}, about)
    return codebook


def export_codebook(folder: Path, path: Path) -> None:
    """Write codes.parquet (and sets.parquet) of a folder as a REFI-QDA codebook (.qdc)."""
    codes, sets = (Path(folder) / f"{name}.parquet" for name in ("codes", "sets"))
    if not codes.is_file():
        raise CopanalysisError(f"{folder} holds no codes.parquet: import a codebook or project.")
    write_codebook(_table(codes), path, sets=_table(sets) if sets.is_file() else None)


def _write_folder(
    folder: Path, tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]
) -> None:
    """A new folder with a Parquet file per table and problems.json, whole or not at all."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CopanalysisError(f"{folder} is there and not empty. Name a new folder, or empty it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        part = Path(scratch) / folder.name
        part.mkdir()
        for name, table in tables.items():
            table.to_parquet(part / f"{name}.parquet", index=False)
        text = json.dumps(about, ensure_ascii=False, indent=2)
        (part / ABOUT).write_text(text + "\n", encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        os.replace(part, folder)


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
