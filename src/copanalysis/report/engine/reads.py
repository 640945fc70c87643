"""Which data a notebook reads: files and folders of the project, as Python opens them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from copanalysis.study import usage
from copanalysis.study.instruments import FOLDER

LISTING = ("os.listdir", "os.scandir")


class Reads:
    """Notes every file and folder under ``data/`` of a project that this process reads.

    Python tells of each file that it opens. Reading a study opens all its instruments:
    `copanalysis.study.usage` tells which of them were used. Once started it cannot be stopped,
    so only the child that runs one notebook starts it.
    """

    def __init__(self, root: Path) -> None:
        self._data = os.path.join(root, "data") + os.sep
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
        instruments = os.path.join(self._root, *FOLDER.split("/")) + os.sep
        files = {path for path in self._files if not path.startswith(instruments)}
        names = {Path(path).relative_to(self._root).as_posix() for path in files}
        folders = {Path(path).relative_to(self._root).as_posix() + "/" for path in self._folders}
        return json.dumps(sorted(names | folders | usage.used())).encode()

    def _note(self, event: str, arguments: tuple) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, (str, os.PathLike)) and not _writes(mode, flags):
                self._add(self._files, path)
        elif event in LISTING and isinstance(arguments[0], (str, os.PathLike)):
            self._add(self._folders, arguments[0])

    def _add(self, seen: set[str], path: str | os.PathLike) -> None:
        absolute = os.path.abspath(os.fspath(path))
        if absolute.startswith(self._data):
            seen.add(absolute)


def _writes(mode: str | None, flags: int | None) -> bool:
    if mode is not None:
        return "r" not in mode
    return bool((flags or 0) & (os.O_WRONLY | os.O_RDWR))
