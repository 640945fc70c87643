"""What a report is to be made of: the runs of its notebooks, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.disclosure.places import counts_path
from copanalysis.report.engine.history import Fingerprints, read_made, reasons
from copanalysis.report.pages import Page, Value, page_of, report_pages
from copanalysis.study.fingerprint import notebook_cells
from copanalysis.study.raw import raw_folder

if TYPE_CHECKING:
    from copanalysis.study.plan import Study
    from copanalysis.study.settings import Project

PARAMETER = re.compile(r"^([A-Za-z_]\w*)\s*(?::[^=\n]+)?=(?!=)", re.M)


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
    problems = page_problems(study, only=only, values=values)
    if problems:
        raise CopanalysisError("This report cannot be made.", problems)
    chosen = _chosen(report_pages(study), only)
    if values:
        chosen = [_with_values(study, page, values) for page in chosen if _fits(page, values)]
    return tuple({page.id: page for page in chosen}.values())


def _chosen(pages: Sequence[Page], only: Sequence[str]) -> list[Page]:
    return [p for p in pages if not only or p.notebook in only or p.id in only]


def page_problems(
    study: Study | Project, *, only: Sequence[str], values: Mapping[str, str]
) -> list[Problem]:
    """Unknown notebooks and pages, unknown parameters, and values that these cannot have."""
    pages = report_pages(study)
    chosen = _chosen(pages, only)
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
    defaults = {name: p.parameters[name] for p in reversed(chosen) for name in p.parameters}
    for name in values:
        if name in defaults and not _converts(values[name], defaults[name]):
            found = f"{name}={values[name]}"
            expected = f"a value as {defaults[name]!r}"
            problems.append(Problem("--set", found, expected, "correct it"))
    return problems


def _converts(text: str, default: Value) -> bool:
    try:
        type(default)(text)
    except ValueError:
        return False
    return True


def raw_problems(project: Study | Project, *, raw: str) -> Iterator[Problem]:
    """The raw folder that is not there."""
    try:
        raw_folder(project, raw=raw)
    except CopanalysisError:
        where, name = ("--raw", raw) if raw else ("study.toml [study] raw", "")
        found = repr(name or project.settings["study"]["raw"])
        yield Problem(where, found, "a folder under data/raw", "make it, or name another")


def notebook_problems(project: Study | Project, pages: Sequence[Page]) -> list[Problem]:
    """Notebooks of the preparation and of these pages that cannot be read, and parameters of the
    pages that they do not have."""
    folder = project.root / "notebooks"
    names = [block["notebook"] for block in project.settings["preparation"]]
    names += [page.notebook for page in pages]
    parameters: dict[str, list[str]] = {}
    problems = []
    for name in dict.fromkeys(names):
        try:
            parameters[name] = _parameters(notebook_cells(folder / f"{name}.ipynb"))
        except CopanalysisError as error:
            where = f"notebooks/{name}.ipynb"
            problems += [replace(problem, where=where) for problem in error.problems]
    for page in pages:
        known = parameters.get(page.notebook, page.parameters)
        names = ", ".join(known) or "it has none"
        expected = f"one of the parameters cell of {page.notebook}: {names}"
        problems += [
            Problem(f"[[pages]] {page.id}", f"parameter {name!r}", expected, "correct either")
            for name in page.parameters
            if name not in known
        ]
    return problems


def _parameters(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names in the parameters cell of a notebook."""
    tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", ())]
    return PARAMETER.findall("\n".join("".join(cell["source"]) for cell in tagged))


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
