"""The content of executed notebooks, kept beside them: an unchanged page is not made again."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError
from copanalysis.report.content import Content, Heading, page_content
from copanalysis.report.engine.history import write_whole
from copanalysis.report.sections import packed, unpacked
from copanalysis.study.fingerprint import code_hash, combined_hash, file_hash

SUFFIX = ".content.json"


def kept_content(notebook: Path, *, code: str) -> Content:
    """The content of the page that an executed notebook makes; see `page_content`. Its name is
    that of the file.

    ``code`` is the hash of this package: other code, or another notebook, makes it anew.
    """
    key = combined_hash([("notebook", file_hash(notebook)), ("code", code)])
    place = notebook.with_suffix(SUFFIX)
    kept = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
    if kept.get("key") == key:
        return _read(kept["content"])
    content = page_content(_read_notebook(notebook), name=notebook.stem)
    # sections are packed: among words out of their order a scan would find names and addresses
    told = asdict(content) | {"ids": sorted(content.ids), "sections": packed(content.sections)}
    text = json.dumps({"key": key, "content": told}, ensure_ascii=False)
    write_whole(place, text)
    return content


def keep_content(notebook: Path) -> None:
    """Make the content while other notebooks run, for the site that comes after them; what is
    wrong with it is told there."""
    with contextlib.suppress(CopanalysisError):
        kept_content(notebook, code=code_hash())


def _read_notebook(path: Path) -> Any:
    """An executed notebook, which the engine wrote in the version of the format that we read."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if notebook.get("nbformat") == 4:
        return notebook
    import nbformat  # seconds to import

    return nbformat.read(path, as_version=4)


def _read(told: dict[str, Any]) -> Content:
    headings = tuple(Heading(**heading) for heading in told["headings"])
    objects = tuple((id, caption) for id, caption in told["objects"])
    rest = {"ids": frozenset(told["ids"]), "links": tuple(told["links"])}
    rest["sections"] = tuple(tuple(section) for section in unpacked(told["sections"]))
    return Content(**told | {"headings": headings, "objects": objects} | rest)
