"""Running notebooks: papermill on each, in parallel, results whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.engine.history import read_made
from copanalysis.report.engine.pool import results
from copanalysis.report.engine.warm import warm_up
from copanalysis.report.planning import Run

FORK, STOCK = "copanalysis", "stock"
TIME_LIMIT = 600.0  # seconds that a cell may take


def run_all(
    runs: Sequence[Run],
    *,
    root: Path,
    jobs: int,
    report: Callable[[str, str], None],
    engine: str = FORK,
    time_limit: float = TIME_LIMIT,
    meanwhile: Callable[[], None] | None = None,
) -> dict[str, bytes]:
    """Execute notebooks in ``jobs`` processes; ``report`` is told (id, "started"|"done"|"failed").

    Returns what each notebook left (`parting`), by the id of its run.

    An executed notebook replaces the previous one only when it ran to its end; of one that
    failed, the copy with its traceback is kept as ``<id>.failed.ipynb``. All runs are tried,
    then one CopanalysisError lists every failure. ``engine`` is "copanalysis" (forks of this
    process, warmed up first) or "stock" (a kernel each), ``time_limit`` in seconds per cell.
    ``meanwhile`` is called once the first notebooks run.
    """
    if engine == FORK:
        warm_up(run.notebook for run in runs)
    from copanalysis.report.engine.execution import execute  # papermill, seconds to import

    work = partial(execute, root=root, engine=engine, time_limit=time_limit)
    problems: list[Problem] = []
    left: dict[str, bytes] = {}
    for run, outcome in results(
        _longest_first(runs),
        work,
        jobs=jobs,
        started=lambda run: report(run.id, "started"),
        meanwhile=meanwhile,
    ):
        problems += outcome.problems if outcome else [_vanished(run)]
        report(run.id, "done" if outcome and not outcome.problems else "failed")
        left[run.id] = outcome.left if outcome else b""
    if problems:
        raise CopanalysisError(f"{len(problems)} notebook(s) failed.", problems)
    return left


def _vanished(run: Run) -> Problem:
    return Problem(run.id, "its process ended without a word", "a run to the end", "run it again")


def _longest_first(runs: Sequence[Run]) -> list[Run]:
    """By the seconds of the last time, the longest first; those never run before them."""
    made = {run.id: read_made(run.output) for run in runs}
    return sorted(runs, key=lambda run: -made[run.id].seconds if made[run.id] else -math.inf)
