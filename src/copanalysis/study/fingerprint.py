"""Fingerprints of files: what a result was made from, said in hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_hash() -> str:
    """One SHA-256 over every source file of this package (names and contents)."""
    folder = Path(__file__).resolve().parents[1]
    suffixes = (".py", ".j2", ".css", ".json", ".csv", ".toml")
    files = sorted(p for p in folder.rglob("*") if p.suffix in suffixes)
    return combined_hash((p.relative_to(folder).as_posix(), file_hash(p)) for p in files)


def instrument_hashes(root: Path) -> list[list[str]]:
    """[file, SHA-256] of every instrument of a project, in order of name."""
    files = sorted((root / "data" / "instruments").glob("*"))
    return [[path.name, file_hash(path)] for path in files if path.is_file()]


def combined_hash(pairs: Iterable[tuple[str, str]]) -> str:
    """One SHA-256 over (name, hash) pairs, in the order given."""
    digest = hashlib.sha256()
    for name, value in pairs:
        digest.update(f"{name}\0{value}\n".encode())
    return digest.hexdigest()
