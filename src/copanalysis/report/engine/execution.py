"""One notebook run by papermill, in a process that does nothing else."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill
from nbclient.exceptions import DeadKernelError
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError

from copanalysis.errors import Problem
from copanalysis.report.engine.history import Fingerprints, Made, marks, write_made
from copanalysis.report.engine.papermill_engine import ForkEngine
from copanalysis.report.planning import Run

FORK, STOCK = "copanalysis", "stock"
LOOK = "open the notebook in JupyterLab"

# also where the package was installed before it had an engine
papermill_engines.register(FORK, ForkEngine)


@dataclass(frozen=True)
class Outcome:
    """What came of a run: the problems, none when it ran to its end, and what it left
    (`parting`)."""

    problems: tuple[Problem, ...] = ()
    left: bytes = b""


def execute(run: Run, *, root: Path, engine: str, time_limit: float) -> Outcome:
    """Run one notebook with papermill.

    Then the executed notebook is put in its place; else it stays as ``<id>.failed.ipynb``.
    """
    run.output.parent.mkdir(parents=True, exist_ok=True)
    failed = run.output.with_suffix(".failed.ipynb")
    see, expected = f"see {failed.name}, or {LOOK}", "a run without errors"
    told: list[bytes] = []
    began, before = time.time(), marks(run.results)
    try:
        with _stderr_in(run.output.with_suffix(".log")):
            notebook = _executed(run, failed, root, engine, time_limit, told)
    except PapermillExecutionError as error:
        found = f"{error.ename}: {error.evalue}"
        return Outcome((Problem(f"{run.id}, cell {error.exec_count}", found, expected, see),))
    except (PapermillException, DeadKernelError, OSError) as error:
        return Outcome((Problem(run.id, f"{type(error).__name__}: {error}", expected, LOOK),))
    if _left_early(notebook):
        found = "it left before its last cell (exit or sys.exit)"
        return Outcome((Problem(run.id, found, "a run to the end", see),))
    failed.replace(run.output)
    read, left = told or (b"", b"")
    write_made(run.output, _made(run, root, read, before=before, began=began))
    if run.prose:
        from copanalysis.report.content_store import keep_content  # pandas comes after the kernel

        keep_content(run.output)
    return Outcome(left=left)


def _executed(
    run: Run, output: Path, root: Path, engine: str, time_limit: float, told: list[bytes]
) -> Any:
    own = {"root": root, "told": told} if engine == FORK else {}
    return papermill.execute_notebook(
        str(run.notebook),
        str(output),
        parameters=dict(run.parameters),
        cwd=str(root),
        engine_name=None if engine == STOCK else engine,
        progress_bar=False,
        request_save_on_cell_execute=False,
        kernel_name="python3",
        execution_timeout=time_limit,
        **own,
    )


def _made(run: Run, root: Path, read: bytes, *, before: Mapping, began: float) -> Made:
    """What is to be known of a run that ended well.

    A file that changed while it ran has no hash: whether it was read before or after is not
    known, so the run is done again next time.
    """
    now = Fingerprints(root)
    after = marks(run.results)
    written = [run.output, *(path for path in after if after[path] != before.get(path))]
    outputs = [path.relative_to(root).as_posix() for path in written]
    names = json.loads(read) if read else now.everything()
    late = {n for n in names if (root / n).is_file() and (root / n).stat().st_mtime > began}
    return Made(
        source=now.source(run.notebook, prose=run.prose),
        code=now.code,
        packages=now.packages,
        parameters=dict(run.parameters),
        inputs={n: "" if n in late else now.of(n) for n in names if n not in outputs},
        outputs={name: now.of(name) for name in outputs},
        seconds=round(time.time() - began, 3),
    )


def _left_early(notebook: Mapping[str, Any]) -> bool:
    """papermill takes exit code 0 in a cell for the end of the notebook."""
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code" and c["source"].strip()]
    return any(output.get("ename") == "SystemExit" for c in cells for output in c["outputs"])


@contextmanager
def _stderr_in(path: Path) -> Iterator[None]:
    """What a kernel itself says goes to a file, which stays only when there is something in it:
    this process runs notebooks and nothing else."""
    with path.open("wb") as log:
        before = os.dup(2)
        os.dup2(log.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(before, 2)
            os.close(before)
    if not path.stat().st_size:
        path.unlink()
