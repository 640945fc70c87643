"""Which data a notebook reads: files and folders of the project, as Python opens them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from copanalysis.study import usage
from copanalysis.study.instruments import FOLDER, SHEETS
from copanalysis.study.settings import SETTINGS_FILE

LISTING = ("os.listdir", "os.scandir")
_INSTRUMENTS = {SETTINGS_FILE, *(f"{FOLDER}/{schema.file}" for schema in SHEETS)}


class Reads:
    """Notes every file under ``data/`` of a project that this process reads, and every folder
    under ``data/raw`` whose names it asks for.

    Python tells of each file that it opens. Reading a study opens all its instruments:
    `copanalysis.study.usage` tells which of them were used. Once started it cannot be stopped,
    so only the child that runs one notebook starts it.
    """

    def __init__(self, root: Path) -> None:
        self._data = os.path.join(root, "data") + os.sep
        self._raw = os.path.join(self._data, "raw") + os.sep
        self._root = root
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def start(self) -> None:
        """Begin to note."""
        usage.forget()
        sys.addaudithook(self._note)

    def told(self) -> bytes:
        """What was read, as a JSON list of paths from the project folder: files, folders (with
        "/" at the end), and what `usage` names of the instruments."""
        names = {self._name(path) for path in self._files if self._is_data(path)} - _INSTRUMENTS
        folders = {f"{self._name(path)}/" for path in self._folders}
        folders |= {f"{folder}/" for name in names for folder in _raw_folders(name)}
        used = {f"{FOLDER}/{name}" for name in usage.used()}
        return json.dumps(sorted(names | folders | used)).encode()

    def _is_data(self, path: str) -> bool:
        """Raw files also when they are missing; no folders, and nothing that was temporary."""
        return os.path.isfile(path) or (path.startswith(self._raw) and not os.path.exists(path))

    def _name(self, path: str) -> str:
        return Path(path).relative_to(self._root).as_posix()

    def _note(self, event: str, arguments: tuple) -> None:
        if usage.is_aside():
            return
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, (str, os.PathLike)) and not _writes(mode, flags):
                self._add(self._files, path, self._data)
        elif event in LISTING and isinstance(arguments[0], (str, os.PathLike)):
            self._add(self._folders, arguments[0], self._raw)

    def _add(self, seen: set[str], path: str | os.PathLike, within: str) -> None:
        absolute = os.path.abspath(os.fsdecode(path))
        if absolute.startswith(within):
            seen.add(absolute)


def _raw_folders(name: str) -> list[str]:
    """The folders of a file in a raw folder: another file in them may be one to read as well."""
    parts = name.split("/")
    if parts[:2] != ["data", "raw"]:
        return []
    return ["/".join(parts[:end]) for end in range(3, len(parts))]


def _writes(mode: str | None, flags: int | None) -> bool:
    if mode is not None:
        return "r" not in mode
    return bool((flags or 0) & (os.O_WRONLY | os.O_RDWR))
