"""What released pages show: every count as its CSV files give it."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.report.disclosure.attack import CLOSE
from copanalysis.report.disclosure.counts import LISTED, Counted, Counts, points_reading, reading
from copanalysis.report.disclosure.linking import Known
from copanalysis.report.disclosure.records import PUBLIC, read_public
from copanalysis.report.numbers import HIDDEN
from copanalysis.report.outputs import releases_folder


@dataclass(frozen=True)
class Subtraction:
    """Two counts, each with its base, and the bounds of the difference of their shares."""

    first: tuple[Counted, int]
    last: tuple[Counted, int]
    low: float
    high: float


@dataclass
class Seen:
    """The counts of released tables: what is known of each, where it is shown, where hidden."""

    known: dict[Counted, Known] = field(default_factory=dict)
    tables: list[Counts] = field(default_factory=list)
    shown: dict[Counted, list[str]] = field(default_factory=lambda: defaultdict(list))
    hidden: dict[Counted, list[str]] = field(default_factory=lambda: defaultdict(list))
    differences: list[Subtraction] = field(default_factory=list)


def seen_pages(folder: Path) -> Seen:
    """Read the tables of all pages at or under a folder, from nothing but released files.

    Raises
    ------
    CopanalysisError
        When there is no page, a table has no CSV file or other cells than its record says, or
        two tables show different numbers for one count; every problem is named.
    """
    seen, problems = Seen(), []
    paths = sorted(folder.rglob(PUBLIC))
    if not paths:
        fix = "name a folder of pages, such as reports/pages"
        problem = Problem(str(folder), f"no {PUBLIC}", "pages that say what they count", fix)
        raise CopanalysisError("There is nothing to audit.", [problem])
    for path in paths:
        for id, counts in read_public(path).items():
            name = f"{path.parent.name}, table {id}"
            seen.tables.append(counts)
            if counts.counts or counts.differences:
                rows = _rows(path.parent / "tables" / f"{id}.csv")
                problems += _look(seen, counts, rows, name)
    refuse_if_any("The released tables cannot be audited", problems)
    for _ in range(2):  # a count that one difference gives can serve the next
        for difference in seen.differences:
            _subtract(seen.known, difference)
    return seen


def earlier_releases(root: Path) -> list[Path]:
    """The pages of each frozen release of a project: readers may still have them."""
    return sorted(releases_folder(root).glob("[!.]*/pages"))


def earlier_limits(
    known: Mapping[Counted, Known], before: Sequence[Seen]
) -> dict[Counted, tuple[int, int]]:
    """What earlier releases tell of counts, on the same base or as many respondents further.

    An earlier number that cannot hold any more (answers were corrected) tells nothing, and nor
    does one of a register, which is kept up to date.
    """
    limits: dict[Counted, tuple[int, int]] = {}
    for release in before:
        for of, old in release.known.items():
            if of in known and of in release.shown and of.waves != LISTED:
                low, high = limits.get(of, (0, known[of].base))
                more = known[of].base - old.base
                least, most = old.low + min(more, 0), old.high + max(more, 0)
                now = max(low, least), min(high, most)
                if max(now[0], known[of].low) <= min(now[1], known[of].high):
                    limits[of] = now
    return limits


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _subtract(known: Mapping[Counted, Known], told: Subtraction) -> None:
    """What a difference of two shares leaves of either count when the other is known."""
    (first, one_base), (last, two_base) = told.first, told.last
    one, two, low, high = known[first], known[last], told.low * two_base, told.high * two_base
    scale = two_base / one_base
    least, most = one.low * scale + low, one.high * scale + high
    two.narrowed(ceil(least - CLOSE), floor(most + CLOSE))
    least, most = (two.low - high) / scale, (two.high - low) / scale
    one.narrowed(ceil(least - CLOSE), floor(most + CLOSE))


def _look(
    seen: Seen, counts: Counts, rows: Sequence[Mapping[str, str]], name: str
) -> Iterable[Problem]:
    for count in counts.counts:
        cells = rows[count.row] if count.row < len(rows) else {}
        texts = {header: cells.get(header) for header in count.tells}
        if None in texts.values():
            where = f"{name}, row {count.row + 1}"
            fix = "run the page again"
            yield Problem(where, f"no {', '.join(texts)}", "the cells of the record", fix)
            continue
        known = seen.known.setdefault(count.of, Known(count.base, 0, count.base))
        known.base = min(known.base, count.base)
        before = known.low, known.high
        for header, how in count.tells.items():
            known.narrowed(*reading(texts[header], how, count.base))
        if known.low > known.high:
            found = f"{', '.join(texts.values())} in {name}"
            others = " and ".join(seen.shown[count.of]) or "its own row"
            expected = f"{before[0]} to {before[1]}, as {others} says"
            yield Problem(str(count.of), found, expected, "make both pages from the same data")
        places = seen.hidden if HIDDEN in texts.values() else seen.shown
        if texts:
            places[count.of].append(name)
    bases = {count.of: count.base for count in counts.counts}
    for told in counts.differences:
        text = rows[told.row].get(told.column, "") if told.row < len(rows) else ""
        ends = [(of, bases.get(of, 0)) for of in (told.first, told.last)]
        if all(base for _, base in ends):
            seen.differences.append(Subtraction(*ends, *points_reading(text)))
