"""The cells of notebooks as plain Python: the least that any way of running them can take.

Run as ``python benchmarks/plain_cells.py jobs run...`` in a project folder. Libraries are imported
once; every notebook runs in a fork, ``jobs`` at a time, in the order given; those of preparation
together where none needs another. Nothing is displayed, kept or exported. Set
OPENBLAS_NUM_THREADS=1: a process with threads is not forked.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from pathlib import Path

from IPython.core import display_functions

import copanalysis
from copanalysis.report.engine.pool import results
from copanalysis.report.planning import Run, page_runs, planned_pages, preparation_runs, together
from copanalysis.study.settings import load_project

USED = re.compile(r"\bca\.(\w+)")


def run_cells(run: Run) -> None:
    """Run the cells of a notebook, with its parameters."""
    cells = json.loads(run.notebook.read_text("utf-8"))["cells"]
    names = {"__name__": "__main__"}
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        if source.startswith("%%prose"):
            names["chapter"].prose(source.partition("\n")[2])
            continue
        exec(compile(source, run.id, "exec"), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names.update(run.parameters)


def main() -> None:
    """Run what the command line asks for."""
    jobs, asked = int(sys.argv[1]), sys.argv[2:]
    project = load_project()
    pages = page_runs(project, planned_pages(project, only=[], values={}))
    preparation = preparation_runs(project, raw="")
    import_used([run.notebook for run in [*preparation, *pages]])
    display_functions.publish_display_data = lambda *_, **__: None
    known = {run.id: run for run in pages}
    with contextlib.redirect_stdout(io.StringIO()):
        for group in together(preparation):
            list(results(group, run_cells, jobs=jobs, started=lambda _: None))
        list(results([known[id] for id in asked], run_cells, jobs=jobs, started=lambda _: None))


def import_used(notebooks: list[Path]) -> None:
    """Import pandas and what the notebooks use of copanalysis."""
    __import__("pandas")
    used = {name for path in notebooks for name in USED.findall(path.read_text("utf-8"))}
    for name in used & set(copanalysis.__all__):
        getattr(copanalysis, name)


if __name__ == "__main__":
    main()
