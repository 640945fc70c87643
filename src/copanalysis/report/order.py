"""What is asked of a report: which pages, from which data, how; and what cannot be asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.report.planning import (
    Run,
    notebook_problems,
    page_problems,
    page_runs,
    planned_pages,
    preparation_runs,
    raw_problems,
)
from copanalysis.report.runner import FORK, STOCK, TIME_LIMIT
from copanalysis.study.settings import Project

Told = Callable[[str, str], None]


@dataclass(frozen=True)
class Order:
    """How a report is to be made.

    ``only`` names notebooks or pages, ``values`` other parameters than those of study.toml,
    ``raw`` another raw folder; ``fresh`` makes all of it again. ``kinds`` are the files to take
    along (see `write_downloads`). ``told`` hears of every run (id, state), ``why`` of every
    reason to do one (id, reason); ``say`` is given what the files to take along tell.
    """

    only: Sequence[str] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    raw: str = ""
    jobs: int = 1
    engine: str = FORK
    time_limit: float = TIME_LIMIT
    fresh: bool = False
    kinds: Collection[str] = ()
    told: Told = lambda *_: None
    why: Told = lambda *_: None
    say: Callable[[str], None] = print

    @property
    def whole(self) -> bool:
        """Whether it asks for the report as study.toml describes it."""
        return not self.only and not self.values

    def runs(self, project: Project) -> tuple[list[Run], list[Run]]:
        """The runs of preparation and those of the pages.

        Raises one CopanalysisError for all that is wrong in the order, or with the notebooks.
        """
        problems = [*self._problems(), *raw_problems(project, raw=self.raw)]
        problems += page_problems(project, only=self.only, values=self.values)
        if problems:
            raise CopanalysisError("This report cannot be made.", problems)
        pages = planned_pages(project, only=self.only, values=self.values)
        refuse_if_any("These notebooks cannot be run", notebook_problems(project, pages))
        runs = page_runs(project, pages)
        refuse_if_any("This page cannot join the report", self._other_data(project, runs))
        return preparation_runs(project, raw=self.raw), runs

    def _other_data(self, project: Project, runs: Sequence[Run]) -> Iterator[Problem]:
        """Pages that stand from another raw folder: the site would be refused afterwards."""
        if self.whole:
            return
        raw, own = self.raw or project.settings["study"]["raw"], {run.id for run in runs}
        manifests = sorted((project.root / "reports" / "pages").glob("*/manifest.json"))
        others = {
            path.parent.name: json.loads(path.read_text("utf-8")).get("raw")
            for path in manifests
            if path.parent.name not in own
        }
        mixed = {page: found for page, found in others.items() if found and found != raw}
        if mixed:
            found = f"{len(mixed)} page(s) from {', '.join(sorted(set(mixed.values())))}"
            fix = f"run copanalysis report --raw {raw} once, for all pages"
            yield Problem("reports/pages", found, f"pages from {raw}", fix)

    def _problems(self) -> Iterator[Problem]:
        if self.engine not in (FORK, STOCK):
            yield Problem("--engine", repr(self.engine), f"{FORK} or {STOCK}", "choose one")
        if self.jobs < 1:
            yield Problem("--jobs", str(self.jobs), "at least 1", "correct it")
        if not self.time_limit > 0:
            yield Problem("--time-limit", str(self.time_limit), "more than 0 seconds", "correct it")
