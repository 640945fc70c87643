"""The protection of a whole report: all its pages together, and with what was released before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from copanalysis.errors import refuse_if_any
from copanalysis.report.disclosure.counts import Counted, Counts
from copanalysis.report.disclosure.protection import known_counts, protection
from copanalysis.report.disclosure.records import (
    PUBLIC,
    Told,
    read_private,
    write_pattern,
)
from copanalysis.report.disclosure.rules import rules_of
from copanalysis.report.disclosure.seen import earlier_limits, earlier_releases, seen_pages
from copanalysis.study.plan import Study


def protect_pages(folder: Path, *, study: Study) -> tuple[str, ...]:
    """Decide what the pages of a report hide together; the pages that must be made again.

    Call it after a run, with the folder of all pages, and make the named pages again until it
    names none: normally once at most, and not at all when no number changed. What it decides
    depends on the numbers alone, not on the order or number of runs, nor on what was hidden
    before.

    What the frozen releases of the project show counts as known.

    Parameters
    ----------
    folder : Path
        One folder per page, as a closed chapter writes them.

    Returns
    -------
    tuple of str
        Ids of pages that hide other counts than the report as a whole must, and of pages whose
        counts are gone.

    Raises
    ------
    CopanalysisError
        When two pages give one count different values, and when nothing that may be hidden
        protects a count; the message names the counts.
    """
    pages = page_ids(folder)
    told = {page: read_private(study.root, page) for page in pages}
    lost = tuple(page for page, tables in told.items() if tables is None)
    if lost:
        return lost
    tables = dict(_named(told))
    before = [seen_pages(release) for release in earlier_releases(study.root)]
    limits = earlier_limits(known_counts(tables), before)
    found = protection(tables, rules=rules_of(study), limits=limits)
    refuse_if_any("The report gives persons away", found.problems)
    return tuple(
        page for page, tables in told.items() if _decided(study.root, page, tables, found.hidden)
    )


def page_ids(folder: Path) -> tuple[str, ...]:
    """The pages in a folder that say which counts they tell, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{PUBLIC}")))


def _named(told: Mapping[str, Mapping[str, Told]]) -> Iterator[tuple[str, Counts]]:
    for page, tables in told.items():
        for id, table in tables.items():
            yield f"{page}, table {id}", table.counts


def _decided(root: Path, page: str, tables: Mapping[str, Told], hidden: frozenset[Counted]) -> bool:
    """Write what a page must hide; whether that is something else than it hides."""
    own = {count.of for table in tables.values() for count in table.counts.counts}
    write_pattern(root, page, own & hidden)
    return any(
        table.withheld != hidden & {count.of for count in table.counts.counts}
        for table in tables.values()
    )
