"""Making the report: what has to run, in order, and then the site; nothing that still follows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copanalysis.report.disclosure.places import PRIVATE, audited_path
from copanalysis.report.engine.forking import can_fork
from copanalysis.report.engine.history import (
    NOTEBOOK_CHANGED,
    Fingerprints,
    Made,
    marks,
    read_made,
    reasons,
    write_made,
)
from copanalysis.report.engine.pool import results
from copanalysis.report.engine.warm import warm_up
from copanalysis.report.order import Order
from copanalysis.report.planning import Run, page_runs, planned_pages, together
from copanalysis.report.protecting import protect
from copanalysis.report.runner import FORK, run_all
from copanalysis.study.settings import Project

if TYPE_CHECKING:
    from copanalysis.study.plan import Study

UNCHANGED = "unchanged"
FEW = 3  # pages that read their own tables sooner than all tables are read for them


def make_report(project: Project, order: Order) -> Path:
    """Prepare the data, run the pages and write the site, as far as something changed.

    Preparation runs in order; a page is looked at after it, so that a prepared table that came
    out as it was makes no page run. Returns the index of the site.

    Raises
    ------
    CopanalysisError
        Naming all that is wrong in the order, the notebooks that failed, or what keeps the site
        from being written. What stood there before stays.
    """
    preparation, chapters = order.runs(project)
    now = Fingerprints(project.root)
    # of a run with a stock kernel it is not known what it read: nothing may change meanwhile
    groups = list(together(preparation)) if order.engine == FORK else [[r] for r in preparation]
    ahead = partial(_get_ready, chapters, project)
    for i, group in enumerate(groups, 1):
        # the last group leaves most room beside it
        _made(group, now, project, order, meanwhile=ahead if i == len(groups) else _nothing)
        now = Fingerprints(project.root)
    left = _made(chapters, now, project, order, meanwhile=partial(_publisher, project.root))
    return _site(project, order, [run.id for run in chapters], left)


def _nothing() -> None:
    """There is nothing to get ready for."""


def _get_ready(chapters: Sequence[Run], project: Project) -> None:
    """Have what the pages will need, while data are still being prepared."""
    from copanalysis.study.plan import load_study

    warm_up([run.notebook for run in chapters])
    if len(chapters) > FEW and can_fork():
        _read_ahead(load_study(project.root), jobs=1)


def _due(runs: Sequence[Run], now: Fingerprints, order: Order) -> list[Run]:
    """The runs that have to be done; of the others it is told that they are unchanged."""
    due = []
    for run in runs:
        found = ["asked to be fresh"] if order.fresh else run.reasons(now)
        for reason in found:
            order.why(run.id, reason)
        if found:
            due.append(run)
        else:
            order.told(run.id, UNCHANGED)
    return due


def _made(
    runs: Sequence[Run],
    now: Fingerprints,
    project: Project,
    order: Order,
    *,
    meanwhile: Callable[[], object],
) -> Mapping[str, bytes]:
    """Do the runs that have to be done; what their notebooks left."""
    due = _due(runs, now, order)
    due = _not_told_again(due, now, project, order, meanwhile=meanwhile)
    return _run(due, project, order, meanwhile=meanwhile) if due else {}


def _not_told_again(
    due: list[Run],
    now: Fingerprints,
    project: Project,
    order: Order,
    *,
    meanwhile: Callable[[], object],
) -> list[Run]:
    """What has to run after pages of which only the text changed were told again."""
    texts = [run for run in due if run.prose and run.reasons(now) == [NOTEBOOK_CHANGED]]
    if order.fresh or order.engine != FORK or not texts:
        return due
    # else pandas, which it imports, would come before the kernel: see _run
    ahead = meanwhile if texts == due else None
    told = _without_cells(texts, partial(_tell_again, root=project.root), order, meanwhile=ahead)
    return [run for run in due if run not in told]


def _without_cells(
    runs: list[Run],
    work: Callable[[Run], bool],
    order: Order,
    *,
    meanwhile: Callable[[], object] | None = None,
) -> list[Run]:
    """The runs of which ``work`` could make the page without running the notebook."""
    started = partial(_tell, order, "started")
    again = results(runs, work, jobs=order.jobs, started=started, meanwhile=meanwhile)
    made = [run for run, done in again if done]
    for run in made:
        _tell(order, "done", run)
    return made


def _tell(order: Order, state: str, run: Run) -> None:
    order.told(run.id, state)


def _tell_again(run: Run, *, root: Path) -> bool:
    from copanalysis.report.retelling import tell_again  # in a fork: it imports pandas

    return tell_again(run, root=root)


def _hide_again(run: Run, *, root: Path, left: Mapping[str, bytes]) -> bool:
    from copanalysis.report.rehiding import hide_again

    return hide_again(run, root=root, left=left)


def _run(
    runs: list[Run], project: Project, order: Order, *, meanwhile: Callable[[], object]
) -> Mapping[str, bytes]:
    """Run them; on a second core this process gets ready ``meanwhile`` for what comes next.
    Returns what the notebooks left."""
    if order.engine == FORK:
        warm_up([])  # before pandas, which looks for a kernel
    from copanalysis.study.plan import load_study

    study = load_study(project.root)  # one message about instruments, instead of one per notebook
    if order.engine == FORK and len(runs) > FEW and can_fork():
        _read_ahead(study, jobs=order.jobs)
    return run_all(
        runs,
        root=project.root,
        jobs=order.jobs,
        report=order.told,
        engine=order.engine,
        time_limit=order.time_limit,
        meanwhile=meanwhile if order.jobs > 1 and order.engine == FORK else None,
    )


def _read_ahead(study: Study, *, jobs: int) -> None:
    """Have the prepared tables in this process, so that the notebooks need not read them again.

    They are read in forks: Arrow starts threads, with which this process could not be forked.
    """
    from copanalysis.study.processed import keep_read, processed_parts, read_part

    read = partial(read_part, study=study)
    for _, tables in results(processed_parts(study), read, jobs=jobs, started=lambda _: None):
        keep_read(tables or {})


def site_folder(project: Project) -> Path:
    """Where the site of a project stands."""
    return project.root / "reports" / "site"


def _site(project: Project, order: Order, made: Sequence[str], left: Mapping[str, bytes]) -> Path:
    """Publish what stands there, unless the site already follows from it; ``left`` is what the
    notebooks left that ran for it."""
    now = Fingerprints(project.root)
    out = site_folder(project)
    asked: dict[str, Any] = {"whole": order.whole, "kinds": sorted(order.kinds)}
    asked["pages"] = _states(project, now)
    found = list(reasons(read_made(out), now, source="", parameters=asked))
    if found or order.fresh or not order.whole:
        for reason in found:
            order.why("site", reason)
        began = time.time()
        again = partial(_made_again, project=project, order=order, left=dict(left))
        protect(project, again, fresh=order.fresh)
        asked["pages"] = _states(project, Fingerprints(project.root))
        _publish(project, order, made)
        write_made(out, _made_site(project, out, asked, seconds=time.time() - began))
    return out / "index.html"


def _states(project: Project, now: Fingerprints) -> dict[str, list[str]]:
    """Per executed notebook its hash, and what makes its page stale."""
    runs = page_runs(project, planned_pages(project, only=[], values={}))
    stale = {run.output.stem: run.reasons(now) for run in runs}
    names = sorted((project.root / "reports" / "notebooks").glob("*.ipynb"))
    own = [path.relative_to(project.root).as_posix() for path in names if "." not in path.stem]
    return {name: [now.of(name), *stale.get(Path(name).stem, [])] for name in own}


def _made_again(runs: list[Run], project: Project, order: Order, left: dict[str, bytes]) -> None:
    """Make pages again that are to hide other counts; ``left`` is what notebooks left, and gets
    what those leave that have to run for it."""
    for run in runs:
        order.why(run.id, "the report as a whole hides other counts")
    done = _without_cells(runs, partial(_hide_again, root=project.root, left=left), order)
    rest = [run for run in runs if run not in done]
    if rest:
        left |= _run(rest, project, order, meanwhile=_nothing)


def _publisher(root: Path) -> Any:
    """What writes the site; it reads the instruments as well, so that they are at hand."""
    from copanalysis.study.plan import load_study

    load_study(root)
    if not audited_path(root).is_file():
        import_module("copanalysis.report.disclosure.audit")
    return import_module("copanalysis.report.site")


def _publish(project: Project, order: Order, made: Sequence[str]) -> None:
    from copanalysis.study.plan import load_study

    _publisher(project.root).publish(
        load_study(project.root),
        fresh=order.whole,
        kinds=order.kinds,
        only=[] if order.whole else made,
        told=order.say,
    )


def _made_site(project: Project, out: Path, asked: Mapping[str, Any], *, seconds: float) -> Made:
    now, root = Fingerprints(project.root), project.root
    names = {
        part: [path.relative_to(root).as_posix() for path in marks(places)]
        for part, places in {
            "inputs": [root / "data" / "instruments"],
            "outputs": [out, out.with_name("downloads"), root / PRIVATE],
        }.items()
    }
    hashes = {part: {name: now.of(name) for name in found} for part, found in names.items()}
    made = {"source": "", "code": now.code, "packages": now.packages, "parameters": asked}
    return Made(**made, **hashes, seconds=round(seconds, 3))
