"""Running notebooks: papermill on every page, in parallel, results whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.pages import Page, Value, page_of, report_pages
from copanalysis.study.plan import Study

PREPARATION = ("1_prepare_survey", "2_prepare_fieldwork", "3_intercoder_reliability")


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


def run_all(
    runs: Sequence[Run], *, root: Path, jobs: int, report: Callable[[str, str], None]
) -> None:
    """Execute notebooks in ``jobs`` processes; ``report`` is told (id, "started"|"done"|"failed").

    An executed notebook replaces the previous one only when it ran to its end; of one that
    failed, the copy with its traceback is kept as ``<id>.failed.ipynb``. All runs are tried,
    then one CopanalysisError lists every failure.
    """
    problems: list[Problem] = []
    with ProcessPoolExecutor(max_workers=max(1, jobs)) as pool:
        waiting = {}
        for run in runs:
            waiting[pool.submit(execute, run, root)] = run
            report(run.id, "started")
        for future in as_completed(waiting):
            run = waiting[future]
            problem = future.result()
            if problem:
                problems.append(problem)
            report(run.id, "failed" if problem else "done")
    if problems:
        raise CopanalysisError(f"{len(problems)} notebook(s) failed.", problems)


def execute(run: Run, root: Path) -> Problem | None:
    """Run one notebook with stock papermill; the problem when it failed, else None."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillException, PapermillExecutionError

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    run.output.parent.mkdir(parents=True, exist_ok=True)
    _log_to(run.output.with_suffix(".log"))
    failed = run.output.with_suffix(".failed.ipynb")
    try:
        papermill.execute_notebook(
            str(run.notebook),
            str(failed),
            parameters=dict(run.parameters),
            cwd=str(root),
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_name="python3",
        )
    except PapermillExecutionError as error:
        found = f"{error.ename}: {error.evalue}"
        return Problem(
            f"{run.id}, cell {error.exec_count}",
            found,
            "a run without errors",
            f"see {failed.name}, or open the notebook in JupyterLab",
        )
    except (PapermillException, DeadKernelError, OSError) as error:
        return Problem(
            run.id,
            f"{type(error).__name__}: {error}",
            "a run without errors",
            "open the notebook in JupyterLab",
        )
    failed.replace(run.output)
    return None


def _log_to(path: Path) -> None:
    """What the kernel itself says goes to a file: this process runs notebooks and nothing else."""
    with path.open("wb") as log:
        os.dup2(log.fileno(), 2)
