"""Fingerprints of files: what a result was made from, said in hashes."""

from __future__ import annotations

import hashlib
import json
import time
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem

TICK = 100_000_000  # nanoseconds; more than the clock of any file system steps

_kept: dict[Path, tuple[tuple[int, int, int], str]] = {}


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept_hash(path: Path) -> str:
    """`file_hash`, without reading again a file that lies there as when it was asked last."""
    stat = path.stat()
    mark = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
    if path not in _kept or _kept[path][0] != mark:
        settled = time.time_ns() - stat.st_mtime_ns > TICK
        found = file_hash(path)
        if not settled:  # it could be written once more without another time
            return found
        _kept[path] = (mark, found)
    return _kept[path][1]


@cache  # of a process, and with it of its forks: they run what was there when it was asked first
def code_hash() -> str:
    """One SHA-256 over every source file of this package (names and contents)."""
    folder = Path(__file__).resolve().parents[1]
    suffixes = (".py", ".j2", ".css", ".json", ".csv", ".toml")
    files = sorted(p for p in folder.rglob("*") if p.suffix in suffixes)
    return combined_hash((p.relative_to(folder).as_posix(), file_hash(p)) for p in files)


def instrument_hash(root: Path, name: str) -> str:
    """The SHA-256 of an instrument of a project as `usage` names it: a file of data/instruments
    ("items.csv"), a section of study.toml ("study.toml#waves"), or of its pages those of one
    notebook ("study.toml#pages.chapter_2"). "" when it is not there."""
    file, _, part = name.partition("#")
    path = root / "data" / "instruments" / file
    if not path.is_file():
        return ""
    if not part:
        return file_hash(path)
    section, _, notebook = part.partition(".")
    value = _sections(path, path.stat().st_mtime_ns).get(section)
    if notebook:
        value = [page for page in value or () if page["notebook"] == notebook]
    text = json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=8)
def _sections(path: Path, _: int) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))


def source_hash(notebook: Path, *, prose: bool = True) -> str:
    """The SHA-256 of the cells of a notebook, without outputs and metadata; without ``prose``
    of those cells only that hold code."""
    sources = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook_cells(notebook)]
    if not prose:
        sources = [(t, s) for t, s in sources if t == "code" and not s.startswith("%%prose")]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def notebook_cells(notebook: Path) -> list[dict[str, Any]]:
    """The cells of a notebook as they stand in its file; CopanalysisError names a file that is no
    notebook."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8-sig"))["cells"]
        if all(isinstance(c["cell_type"], str) and "".join(c["source"]) is not None for c in cells):
            return cells
        found = "cells of another form"
    except FileNotFoundError:
        found = "no such file"
    except (OSError, ValueError, TypeError, KeyError) as error:
        found = f"no notebook ({type(error).__name__}: {error})"
    problem = Problem(
        str(notebook), found, "a notebook of JupyterLab", "restore it, or save it anew"
    )
    raise CopanalysisError("This notebook cannot be read.", [problem])


def combined_hash(pairs: Iterable[tuple[str, str]]) -> str:
    """One SHA-256 over (name, hash) pairs, in the order given."""
    digest = hashlib.sha256()
    for name, value in pairs:
        digest.update(f"{name}\0{value}\n".encode())
    return digest.hexdigest()
