"""What a report is to be made of: the runs of its notebooks, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.disclosure.places import counts_path
from copanalysis.report.engine.history import Fingerprints, read_made, reasons
from copanalysis.report.pages import Page, Value, page_of, report_pages

if TYPE_CHECKING:
    from copanalysis.study.plan import Study
    from copanalysis.study.settings import Project


@dataclass(frozen=True)
class Run:
    """One notebook to run: the source, its parameters, and where the executed copy goes.

    ``results`` are the folders and files that it writes, ``needs`` the folders of data/processed
    that it reads (None: any); ``prose`` tells whether its text is part of the results.
    """

    id: str
    notebook: Path
    parameters: Mapping[str, Value]
    output: Path
    results: tuple[Path, ...] = ()
    prose: bool = True
    needs: tuple[Path, ...] | None = None

    def reasons(self, now: Fingerprints) -> list[str]:
        """Why it has to run: nothing is known of a last time, or something changed since."""
        source = now.source(self.notebook, prose=self.prose)
        made = read_made(self.output)
        return list(reasons(made, now, source=source, parameters=self.parameters))


def planned_pages(
    study: Study | Project, *, only: Sequence[str], values: Mapping[str, str]
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


def _with_values(study: Study | Project, page: Page, values: Mapping[str, str]) -> Page:
    parameters = {
        name: type(default)(values[name]) if name in values else default
        for name, default in page.parameters.items()
    }
    return page_of(study, page.notebook, parameters)


def preparation_runs(project: Study | Project, *, raw: str) -> list[Run]:
    """The notebooks that make data/processed, in order."""
    notebooks, reports = project.root / "notebooks", project.root / "reports"
    processed = project.root / "data" / "processed"
    return [
        Run(
            block["notebook"],
            notebooks / f"{block['notebook']}.ipynb",
            {"raw": raw},
            reports / "notebooks" / f"{block['notebook']}.ipynb",
            tuple(processed / name for name in block.get("makes", [""])),
            prose=False,
            needs=tuple(processed / name for name in block["needs"]) if "needs" in block else None,
        )
        for block in project.settings["preparation"]
    ]


def together(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Runs of preparation in groups that may run at the same time: in order, and none with one
    whose results it needs, nor with one that does not tell what it makes or needs."""
    group: list[Run] = []
    for run in runs:
        made = {place for other in group for place in other.results}
        alone = any(other.needs is None for other in (run, *group))
        if group and (alone or made & {*run.results, *(run.needs or ())}):
            yield group
            group = []
        group.append(run)
    yield group


def page_runs(project: Study | Project, pages: Sequence[Page]) -> list[Run]:
    """One run per page."""
    notebooks, reports = project.root / "notebooks", project.root / "reports"
    return [
        Run(
            page.id,
            notebooks / f"{page.notebook}.ipynb",
            page.parameters,
            reports / "notebooks" / f"{page.id}.ipynb",
            (reports / "pages" / page.id, counts_path(project.root, page.id)),
        )
        for page in pages
    ]
