"""A page that is to hide other counts: made again from what its notebook asked, without cells."""

from __future__ import annotations

import json
import pickle
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError
from copanalysis.report.chapter import Chapter
from copanalysis.report.content_store import keep_content
from copanalysis.report.disclosure.places import pattern_path
from copanalysis.report.engine.history import marks, read_made, write_made, write_whole
from copanalysis.report.journal import CALL, Call, Left
from copanalysis.report.outputs import MANIFEST_MIME, sorted_json
from copanalysis.report.planning import Run
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study, load_study
from copanalysis.study.usage import forget, note

UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError)


def hide_again(run: Run, *, root: Path, left: Mapping[str, bytes]) -> bool:
    """Make the page of a run again with what it is to hide now; whether that could be done.

    ``left`` is what the notebooks left that ran a moment ago (`journal.left_of`), by the id of
    the run: nothing else may have changed since. Page and executed notebook become those of a
    run, but for the times of the cells. Nothing is written, and False returned, when the
    notebook left nothing, or when what it asked cannot be done so (a run shows where).
    """
    made, own = read_made(run.output), left.get(run.id)
    if made is None or not own:
        return False
    forget()
    try:
        page = _Page(pickle.loads(own), load_study(root))
    except (CopanalysisError, *UNREADABLE):
        return False
    if page.page.id != run.id:  # of a second chapter in the notebook
        return False
    page.close()
    notebook = json.loads(run.output.read_text("utf-8"))
    page.show_in(notebook)
    write_whole(run.output, sorted_json(notebook))
    keep_content(run.output)
    inputs = {**made.inputs, **_hashes([pattern_path(root, run.id)], root=root)}
    outputs = _hashes([run.output, *marks(run.results)], root=root)
    write_made(run.output, replace(made, inputs=inputs, outputs=outputs))
    return True


def _hashes(paths: Iterable[Path], *, root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): file_hash(path) for path in paths}


class _Page(Chapter):
    """The chapter that a notebook left, with all that it asked done again; it keeps what it
    shows, by the number of the call."""

    def __init__(self, left: Left, study: Study) -> None:
        super().__init__(left.notebook, left.parameters, study)
        self.data.files, self.data.origins = dict(left.files), dict(left.origins)
        self.shown: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for name in left.instruments:
            note(name)
        for call in left.calls:
            self._ask(pickle.loads(call))

    def put_out(self, data: Mapping[str, Any]) -> None:
        """Keep it, as a saved notebook has it."""
        lines = {
            kind: value.splitlines(keepends=True) if isinstance(value, str) else value
            for kind, value in data.items()
        }
        self.shown[self.journal.current].append(lines)

    def show_in(self, notebook: Mapping[str, Any]) -> None:
        """Put all that was shown in the place of what the executed notebook shows of it."""
        for output in (o for cell in notebook["cells"] for o in cell.get("outputs", ())):
            number = output.get("metadata", {}).get(CALL, 0)
            if number or MANIFEST_MIME in output.get("data", {}):
                output["data"] = self.shown[number].pop(0)

    def _ask(self, call: Call) -> None:
        self.source_cells.current = call.cell
        getattr(self, call.method)(*call.given, **call.named)
