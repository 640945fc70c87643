"""Whether a page still follows from what lies there now, told from its manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from copanalysis.report.numbers import join_words
from copanalysis.study.fingerprint import code_hash, file_hash, instrument_hash, source_hash

DATA = (  # folders of raw and processed data, in words
    ("survey", "de antwoorden op de vragenlijst"),
    ("fieldwork", "de gesprekken"),
    ("registers", "de registers"),
)


@dataclass(frozen=True)
class Present:
    """What pages of a project are made from now; every file is hashed once."""

    root: Path
    code: str

    def changes(self, manifest: Mapping[str, Any]) -> list[str]:
        """What changed since the page was made, in Dutch; empty when nothing did or when it was
        never made (no manifest).

        Looks at the raw files and processed tables that the page read, the instruments that it
        used, the cells of its notebook and the code of this package.
        """
        if not manifest:
            return []
        if "notebook_hash" not in manifest:
            return ["de versie van copanalysis"]
        raw = f"data/raw/{manifest['raw']}/"
        inputs = [[f"{raw}{path}", hash] for path, hash in manifest["raw_inputs"]]
        changed = [p for p, hash in [*inputs, *manifest["inputs"]] if self._hash(p) != hash]
        names = [n for n, hash in manifest["instruments"] if self._instrument(n) != hash]
        notebook = self.root / "notebooks" / f"{manifest['notebook']}.ipynb"
        told = [f"gegevens ({path})" for path in changed]
        told += [f"instrument ({name})" for name in names]
        if manifest["notebook_hash"] and _source(notebook) != manifest["notebook_hash"]:
            told.append("het notebook")
        told += ["de code"] if manifest["code"] != self.code else []
        return list(dict.fromkeys(told))

    def _hash(self, path: str) -> str:
        return _hash(self.root / path)

    def _instrument(self, name: str) -> str:
        return _instrument(self.root, name)


def stale_note(changes: list[str] | tuple[str, ...]) -> str:
    """The sentence that a reader gets about a page that is stale, "" for one that is not."""
    if not changes:
        return ""
    return f"Verouderd. Sinds deze pagina is gemaakt veranderde: {join_words(changes)}."


def in_general(changes: Iterable[str]) -> list[str]:
    """Changes in the words of a reader, who does not know the files, each once."""
    told = []
    for change in changes:
        kind, _, name = change.partition(" (")
        if kind == "gegevens":
            told.append(next((words for part, words in DATA if f"/{part}/" in name), "de gegevens"))
        else:
            told.append("de instellingen van het onderzoek" if kind == "instrument" else change)
    return list(dict.fromkeys(told))


def present(root: Path) -> Present:
    """What lies in a project now."""
    for remembered in (_hash, _instrument, _source):
        remembered.cache_clear()
    return Present(root, code_hash())


@cache
def _hash(path: Path) -> str:
    return file_hash(path) if path.is_file() else ""


@cache
def _instrument(root: Path, name: str) -> str:
    return instrument_hash(root, name)


@cache
def _source(notebook: Path) -> str:
    return source_hash(notebook) if notebook.is_file() else ""
