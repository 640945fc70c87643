"""Running notebooks: papermill on every page, in parallel, results whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.engine.pool import results
from copanalysis.report.engine.warm import warm_up
from copanalysis.report.pages import Page, Value, page_of, report_pages

if TYPE_CHECKING:
    from copanalysis.study.plan import Study

PREPARATION = ("1_prepare_survey", "2_prepare_fieldwork", "3_intercoder_reliability")
FORK, STOCK = "copanalysis", "stock"
TIME_LIMIT = 600.0  # seconds that a cell may take


@dataclass(frozen=True)
class Run:
    """One notebook to run: the source, its parameters, and where the executed copy goes."""

    id: str
    notebook: Path
    parameters: Mapping[str, Value]
    output: Path


def planned_pages(
    study: Study, *, only: Sequence[str], values: Mapping[str, str]
) -> tuple[Page, ...]:
    """The pages to make: all, those of some notebooks or page ids, or variants of them.

    ``values`` replaces parameters of every chosen page that has them; what it changes becomes
    a variant. Raises one CopanalysisError for every unknown notebook or parameter.
    """
    pages = report_pages(study)
    chosen = [p for p in pages if not only or p.notebook in only or p.id in only]
    known = {p.notebook for p in pages} | {p.id for p in pages}
    problems = [
        Problem("report", f"notebook {name!r}", f"one of {', '.join(sorted(known))}", "correct it")
        for name in only
        if name not in known
    ]
    parameters = {name for page in chosen for name in page.parameters}
    problems += [
        Problem("--set", f"parameter {name!r}", _one_of(parameters), "correct it")
        for name in values
        if name not in parameters
    ]
    if problems:
        raise CopanalysisError("This report cannot be made.", problems)
    if values:
        chosen = [_with_values(study, page, values) for page in chosen if _fits(page, values)]
    return tuple({page.id: page for page in chosen}.values())


def _one_of(names: set[str]) -> str:
    return f"one of {', '.join(sorted(names))}" if names else "no parameter: these pages have none"


def _fits(page: Page, values: Mapping[str, str]) -> bool:
    return bool(set(values) & set(page.parameters))


def _with_values(study: Study, page: Page, values: Mapping[str, str]) -> Page:
    parameters = {
        name: type(default)(values[name]) if name in values else default
        for name, default in page.parameters.items()
    }
    return page_of(study, page.notebook, parameters)


def preparation_runs(study: Study, *, raw: str) -> list[Run]:
    """The notebooks that make data/processed, in order."""
    return [
        Run(
            name,
            study.root / "notebooks" / f"{name}.ipynb",
            {"raw": raw},
            study.root / "reports" / "notebooks" / f"{name}.ipynb",
        )
        for name in PREPARATION
    ]


def page_runs(study: Study, pages: Sequence[Page]) -> list[Run]:
    """One run per page."""
    return [
        Run(
            page.id,
            study.root / "notebooks" / f"{page.notebook}.ipynb",
            page.parameters,
            study.root / "reports" / "notebooks" / f"{page.id}.ipynb",
        )
        for page in pages
    ]


def runs_again(study: Study) -> list[Run]:
    """The pages that must be made again because the report as a whole hides other counts.

    Empty when all pages hide what they must. Raises CopanalysisError as `protect_pages`.
    """
    from copanalysis.report.disclosure.whole import protect_pages
    from copanalysis.report.outputs import pages_folder, read_manifests

    again = protect_pages(pages_folder(study.root), study=study)
    manifests = read_manifests(study.root)
    made = [manifests[page] for page in again]
    return page_runs(study, [page_of(study, m["notebook"], m["parameters"]) for m in made])


def run_all(
    runs: Sequence[Run],
    *,
    root: Path,
    jobs: int,
    report: Callable[[str, str], None],
    engine: str = FORK,
    time_limit: float = TIME_LIMIT,
) -> None:
    """Execute notebooks in ``jobs`` processes; ``report`` is told (id, "started"|"done"|"failed").

    An executed notebook replaces the previous one only when it ran to its end; of one that
    failed, the copy with its traceback is kept as ``<id>.failed.ipynb``. All runs are tried,
    then one CopanalysisError lists every failure. ``engine`` is "copanalysis" (forks of this
    process, warmed up first) or "stock" (a kernel each), ``time_limit`` in seconds per cell.
    """
    if engine == FORK:
        warm_up(run.notebook for run in runs)
    work = partial(execute, root=root, engine=engine, time_limit=time_limit)
    problems: list[Problem] = []
    for run, problem in results(
        runs, work, jobs=jobs, started=lambda run: report(run.id, "started")
    ):
        problems += problem
        report(run.id, "failed" if problem else "done")
    if problems:
        raise CopanalysisError(f"{len(problems)} notebook(s) failed.", problems)


def execute(run: Run, *, root: Path, engine: str, time_limit: float) -> list[Problem]:
    """Run one notebook with papermill; the problems, none when it ran to its end."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillException, PapermillExecutionError

    from copanalysis.report.engine.papermill_engine import ForkEngine

    papermill_engines.register(FORK, ForkEngine)  # also where the package is not installed anew
    run.output.parent.mkdir(parents=True, exist_ok=True)
    failed = run.output.with_suffix(".failed.ipynb")
    look = "open the notebook in JupyterLab"
    expected = "a run without errors"
    try:
        with _stderr_in(run.output.with_suffix(".log")):
            notebook = papermill.execute_notebook(
                str(run.notebook),
                str(failed),
                parameters=dict(run.parameters),
                cwd=str(root),
                engine_name=None if engine == STOCK else engine,
                progress_bar=False,
                request_save_on_cell_execute=False,
                kernel_name="python3",
                execution_timeout=time_limit,
            )
    except PapermillExecutionError as error:
        where = f"{run.id}, cell {error.exec_count}"
        found = f"{error.ename}: {error.evalue}"
        return [Problem(where, found, expected, f"see {failed.name}, or {look}")]
    except (PapermillException, DeadKernelError, OSError) as error:
        return [Problem(run.id, f"{type(error).__name__}: {error}", expected, look)]
    if _left_early(notebook):
        found = "it left before its last cell (exit or sys.exit)"
        return [Problem(run.id, found, "a run to the end", f"see {failed.name}, or {look}")]
    failed.replace(run.output)
    return []


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
