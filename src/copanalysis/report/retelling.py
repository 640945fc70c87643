"""A page of which only the text changed: told again from what its notebook registered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError
from copanalysis.report.accounting import closing_html
from copanalysis.report.definitions import Definitions
from copanalysis.report.engine.history import read_made, write_made, write_whole
from copanalysis.report.notebooks import NotebookCells
from copanalysis.report.objects import Released
from copanalysis.report.outputs import (
    MANIFEST_FILE,
    MANIFEST_MIME,
    commit_of,
    number_entry,
    sorted_json,
)
from copanalysis.report.pages import page_of
from copanalysis.report.planning import Run
from copanalysis.report.prose import resolve, text_paragraphs
from copanalysis.report.record import read_record
from copanalysis.report.references import References
from copanalysis.study.fingerprint import file_hash, instrument_hash, source_hash
from copanalysis.study.instruments import FOLDER
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Study, load_study
from copanalysis.study.usage import forget, used

PROSE = "%%prose"
INJECTED = "injected-parameters"  # papermill's tag of the cell that it adds
Cell = dict[str, Any]
Pairs = list[tuple[Cell, Cell]]


def tell_again(run: Run, *, root: Path) -> bool:
    """Bring a page up to date with a notebook of which only Markdown and %%prose cells say
    something else; whether that could be done.

    Numbers are filled in from the tables that the page registered, as they were released. All
    that the page was made from must be as it was then. Executed notebook and manifest become
    those of a run, but for the times of the cells; an instrument that only the former text used
    stays noted. Nothing is written, and False returned, when code or the order of cells changed,
    when a pointer leads nowhere (a run shows where), or when the notebook made no page.
    """
    made, source, page = read_made(run.output), source_hash(run.notebook), run.results[0]
    notebook = json.loads(run.output.read_text("utf-8"))
    pairs = _pairs(json.loads(run.notebook.read_text("utf-8"))["cells"], notebook["cells"])
    if made is None or not pairs or not (page / MANIFEST_FILE).is_file():
        return False
    forget()
    study = load_study(root)
    try:
        manifest = _Page(study, page).told(pairs)
    except CopanalysisError:
        return False
    _close(pairs, manifest)
    files = {page / MANIFEST_FILE: manifest, run.output: notebook}
    for path, content in files.items():
        write_whole(path, sorted_json(content))
    written = {path.relative_to(root).as_posix(): file_hash(path) for path in files}
    read = {f"{FOLDER}/{name}": hash for name, hash in manifest["instruments"]}
    inputs, outputs = {**made.inputs, **read}, {**made.outputs, **written}
    write_made(run.output, replace(made, source=source, inputs=inputs, outputs=outputs))
    return True


def _pairs(cells: list[Cell], executed: list[Cell]) -> Pairs:
    """Each cell of a notebook with its executed copy; none when more than text changed, or when
    two cells are the same and what came of them cannot be told apart."""
    ran = [cell for cell in executed if INJECTED not in cell["metadata"].get("tags", [])]
    for sources in ([_source(c).strip() for c in own] for own in (cells, ran)):
        if len(set(sources)) < len(sources):
            return []
    if [_frame(cell) for cell in cells] != [_frame(cell) for cell in ran]:
        return []
    return list(zip(cells, ran, strict=True))


def _frame(cell: Cell) -> tuple[str, str, str]:
    """What of a cell must be as it was: all but text."""
    text = cell["cell_type"] == "markdown"
    source = "" if text else PROSE if _is_prose(cell) else _source(cell)
    return cell.get("id", ""), cell["cell_type"], source


def _is_prose(cell: Cell) -> bool:
    return cell["cell_type"] == "code" and _source(cell).startswith(PROSE)


def _source(cell: Cell) -> str:
    return "".join(cell["source"])


class _Page:
    """A page as it stands: its manifest, and its tables for the pointers of a text."""

    def __init__(self, study: Study, folder: Path) -> None:
        self.study = study
        self.manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
        page = page_of(study, self.manifest["notebook"], self.manifest["parameters"])
        self.definitions, self.references = Definitions(study), References(study, page)
        self.cells = NotebookCells(study.root, page.notebook)
        self.entries = {entry["id"]: entry for entry in self.manifest["tables"]}
        for kind in ("table", "figure"):
            for entry in self.manifest[f"{kind}s"]:
                self.references.number(kind, entry["id"])
        self.tables = read_record(folder).tables

    def told(self, pairs: Pairs) -> dict[str, Any]:
        """The manifest with the new text, which is put into the executed cells."""
        numbers = [n for place, pair in enumerate(pairs, 1) for n in self._numbers(place, *pair)]
        texts = [text for _, ran in pairs for text in _texts(ran)]
        names = sorted({name for name, _ in self.manifest["instruments"]} | used())
        return {
            **self.manifest,
            "instruments": [[name, instrument_hash(self.study.root, name)] for name in names],
            "notebook_hash": self.cells.hash,
            "commit": commit_of(self.study.root),
            "numbers": numbers,
            "text": [*self.cells.markdown(), *texts],
        }

    def _numbers(self, place: int, cell: Cell, ran: Cell) -> Iterator[dict[str, Any]]:
        """The numbers of one cell, whose text is told anew when it changed."""
        changed, ran["source"] = _source(cell) != _source(ran), cell["source"]
        if not changed or not _is_prose(cell):
            yield from (n for n in self.manifest["numbers"] if n["cell"].get("id") == cell["id"])
            return
        filled, numbers = resolve(
            _source(cell).partition("\n")[2],
            find=lambda id: self._table(id, place),
            reference=self.references.link,
            words=self.references.words(),
            scales=self.study.settings["words"],
            whole=False,
        )
        lines = filled.splitlines(keepends=True)
        shown = next(o for o in ran["outputs"] if o["output_type"] == "display_data")
        ran["outputs"] = [{**shown, "data": {"text/markdown": lines, "text/plain": lines}}]
        for number in numbers:
            steps = self.entries[number.table]["made"]
            number = replace(number, of="de tekst", cell={"id": cell["id"], "number": place})
            yield number_entry(number, self.definitions.formula(number.column, steps))

    def _table(self, id: str, place: int) -> Released | NotMeasured:
        """A table that a cell above registered."""
        entry = self.entries.get(id)
        if entry is not None and "not_measured" in entry:
            return NotMeasured(id, entry["not_measured"])
        if entry is None or entry["cell"].get("number", place) >= place:
            raise CopanalysisError(f"No table {id!r} is registered above this cell.")
        return self.tables[id]


def _texts(ran: Cell) -> Iterator[str]:
    """The paragraphs that a chapter showed in a cell."""
    for output in ran.get("outputs", ()):
        data = output.get("data", {})
        if "text/markdown" in data and data["text/markdown"] == data.get("text/plain"):
            yield from text_paragraphs("".join(data["text/markdown"]))


def _close(pairs: Pairs, manifest: dict[str, Any]) -> None:
    """Let the cell that closed the chapter show the manifest as it is now."""
    outputs = [output for _, ran in pairs for output in ran.get("outputs", ())]
    for output in outputs:
        if MANIFEST_MIME in output.get("data", {}):
            html = closing_html(manifest).splitlines(keepends=True)
            output["data"] |= {MANIFEST_MIME: manifest, "text/html": html}
