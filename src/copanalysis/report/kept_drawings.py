"""Drawings that stand there already: the same table drawn by the same code is not drawn again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from copanalysis.report.objects import Drawing, Released
from copanalysis.report.record import RECORD, picture_paths, table_entry
from copanalysis.study.fingerprint import code_hash

OWN = "copanalysis."
DRAWN_WITH = ("matplotlib", "pillow", "numpy")


class KeptDrawings:
    """The drawings of the page in ``folder`` as it was made last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def drawn(
        self, id: str, draw: Callable[..., Drawing], table: Released, options: Mapping[str, Any]
    ) -> tuple[Drawing, str]:
        """The drawing of a figure and what it is known by next time.

        The one that stands there when it was made from the same, "" for what is drawn by a
        function of the notebook, of which nothing is known.
        """
        key = _key(draw, table, options)
        entry = self._entries.get(id, {})
        if key and entry.get("drawn_from", "").partition(" ")[0] == key:
            paths = picture_paths(self.folder, id)
            pictures = [path.read_bytes() for path in paths if path.is_file()]
            if entry["drawn_from"] == f"{key} {_hash(*pictures)}":
                sizes = (tuple(entry["desk_size"]), tuple(entry["phone_size"]))
                return Drawing(*pictures, entry["alt"], table, *sizes), entry["drawn_from"]
        drawing = draw(table, **options)
        return drawing, f"{key} {_hash(drawing.desk, drawing.phone)}" if key else ""

    @cached_property
    def _entries(self) -> Mapping[str, Mapping[str, Any]]:
        path = self.folder / RECORD
        if not path.is_file():
            return {}
        return json.loads(path.read_text(encoding="utf-8"))["figures"]


def _key(draw: Callable[..., Drawing], table: Released, options: Mapping[str, Any]) -> str:
    if not getattr(draw, "__module__", "").startswith(OWN):
        return ""
    made = [code_hash(), *drawn_with(), draw.__module__, draw.__qualname__]
    text = json.dumps([*made, repr(options), table_entry(table)], default=str)
    return _hash(text.encode())


@cache  # of a process, and with it of its forks
def drawn_with() -> tuple[str, ...]:
    """The versions of what pictures are drawn with."""
    return tuple(map(version, DRAWN_WITH))


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
