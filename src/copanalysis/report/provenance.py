"""Where a page came from, told from its manifest in a fold at the foot of the page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from copanalysis.report.markup import escape, tag
from copanalysis.report.numbers import show

LABELS = {
    "page": "Pagina",
    "notebook": "Notebook",
    "parameters": "Parameters",
    "data_date": "Datum van de gegevens",
    "synthetic": "Fictieve gegevens",
    "raw": "Map met ruwe gegevens",
    "raw_inputs": "Ruwe bestanden",
    "inputs": "Bewerkte bestanden",
    "instruments": "Vingerafdruk van de instrumenten",
    "code": "Vingerafdruk van de code",
    "commit": "Versie in git",
    "versions": "Versies van de software",
}
MANY = 5  # files in a folder that are named one by one
FILES = ("raw_inputs", "inputs", "instruments", "versions")  # lists that nobody reads on paper


def provenance_html(manifest: Mapping[str, Any]) -> str:
    """The fold "Herkomst": parameters, data and code with their fingerprints, versions.

    Keys of the manifest that a reader does not need (its tables, figures and pointers) stay
    out; so do empty ones. Lists of files are not printed. Nothing depends on when the page was
    made.
    """
    shown = [key for key in LABELS if manifest.get(key) not in (None, "", [], {})]
    kinds = dict.fromkeys(FILES, "files")
    rows = [
        tag("dt", escape(LABELS[key]), class_=kinds.get(key))
        + tag("dd", _value_html(key, manifest[key]), class_=kinds.get(key))
        for key in shown
    ]
    return tag("details", tag("summary", "Herkomst"), tag("dl", *rows), class_="provenance")


def _value_html(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return _items_html(list(value.items()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _items_html(_by_folder([_named(item) for item in value]))
    if key == "data_date":
        return escape(show(value, "date"))
    if isinstance(value, bool):
        return escape(show(value, "text"))
    return tag("code", escape(value))


def _by_folder(items: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Folders of many files as one line each, with one hash for all: names of conversations and
    observations tell where and of whom they are."""
    folders: dict[str, list[tuple[str, Any]]] = {}
    for name, hash in items:
        folders.setdefault(name.rpartition("/")[0], []).append((name, hash))
    lines: list[tuple[str, Any]] = []
    for folder, own in folders.items():
        many = folder and len(own) > MANY
        text = "\n".join(f"{name} {hash}" for name, hash in own)
        whole = hashlib.sha256(text.encode()).hexdigest()
        lines += [(f"{folder} ({len(own)} bestanden)", whole)] if many else own
    return lines


def _named(item: Any) -> tuple[str, Any]:
    """An input is [path, hash] or {"path": ..., "sha256": ...}; anything else stands alone."""
    if isinstance(item, Mapping):
        return str(item.get("path", "")), item.get("sha256", "")
    if isinstance(item, Sequence) and not isinstance(item, str) and len(item) == 2:
        return str(item[0]), item[1]
    return "", item


def _items_html(items: Sequence[tuple[str, Any]]) -> str:
    rows = [
        tag("li", f"{escape(name)}: " if name else "", tag("code", escape(show(value, "text"))))
        for name, value in items
    ]
    return tag("ul", *rows)
