"""The audit: what a reader of the released files can work out about hidden counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.disclosure.attack import Group, Interval, System
from copanalysis.report.disclosure.counts import LISTED, Counted
from copanalysis.report.disclosure.linking import Linked, linked
from copanalysis.report.disclosure.rules import Rules, rules_of
from copanalysis.report.disclosure.seen import Seen, earlier_limits, earlier_releases, seen_pages
from copanalysis.study.plan import Study


@dataclass(frozen=True)
class Audited:
    """The interval that a reader can work out for every hidden count, and those too narrow."""

    intervals: Mapping[Counted, tuple[int, int]]
    problems: tuple[Problem, ...]


def audit(folder: Path, *, rules: Rules, releases: Sequence[Path] = ()) -> Audited:
    """Attack the pages in a folder with what their files show.

    Parameters
    ----------
    folder : Path
        Folder of pages; read are counts.json and the CSV tables of each, nothing else.
    rules : Rules
        How narrow an interval may be.
    releases : sequence of Path
        Folders of pages that were published before and that readers may still have.

    Returns
    -------
    Audited
        ``problems`` names each hidden count that can be worked out more precisely than the
        rules allow, each group that subtraction of shown counts uncovers, and each change
        since an earlier release that is the answer of a few; with the tables that do it.

    Raises
    ------
    CopanalysisError
        As `seen_pages`.
    """
    seen = seen_pages(folder)
    before = [seen_pages(release) for release in releases]
    limits = earlier_limits(seen.known, before)
    system = linked(seen.known, seen.tables, limits=limits)
    published = frozenset(of for of, (low, high) in limits.items() if low == high)
    attacker = _Attacker(system, seen, rules, published)
    problems = [*attacker.leaks(), *_changes(seen, before, rules)]
    return Audited(attacker.intervals, tuple(problems))


def refuse_leaks(study: Study, folder: Path, *, releases: Sequence[Path] | None = None) -> Audited:
    """Audit the pages in a folder by the rules of the study, and refuse what leaks.

    ``releases`` are folders of pages published before; without them those of every frozen
    release. Raises CopanalysisError that names each leak, and as `audit`.
    """
    before = earlier_releases(study.root) if releases is None else releases
    found = audit(folder, rules=rules_of(study), releases=before)
    refuse_if_any("The released tables give persons away", found.problems)
    return found


class _Attacker:
    """A reader who solves the system of all shown counts."""

    def __init__(
        self, linked: Linked, seen: Seen, rules: Rules, published: frozenset[Counted]
    ) -> None:
        self.linked, self.seen, self.rules, self.published = linked, seen, rules, published
        self.place = {of: i for i, of in enumerate(linked.names)}
        self.intervals: dict[Counted, tuple[int, int]] = {}
        self.groups = _groups(linked.system)
        self.public = _groups(self._without_free())

    def leaks(self) -> Iterator[Problem]:
        """Hidden counts, and differences of shown ones, that are known too well."""
        for of in sorted(self.seen.hidden):
            interval, base = self._interval(of), self.seen.known[of].base
            self.intervals[of] = interval.low, interval.high
            if self._too_narrow(of, interval, self._needed(of, base)):
                where = f"hidden in {_listed(self.seen.hidden[of])}"
                yield self._problem(of, interval, base, where)
        for of, (base, _, _) in sorted(self.linked.differences.items()):
            interval = self._interval(of)
            values = range(interval.low, interval.high + 1)
            secret = base > 0 and all(self.rules.secret(of, n, base) for n in values)
            if secret and self._too_narrow(of, interval, self._needed(of, base)):
                yield self._problem(of, interval, base, "in no table, but left by subtraction")

    def _too_narrow(self, of: Counted, interval: Interval, needed: int) -> bool:
        """Narrower than needed, and either exact or narrower than what must be shown makes it."""
        if of in self.published or interval.width >= needed:
            return False
        return interval.width == 0 or interval.width < self._public_width(of)

    def _needed(self, of: Counted, base: int) -> int:
        """How wide an interval must be, as in the protection."""
        everyone = Counted(of.waves, (), of.answers)
        needed = self.rules.range(of, base)
        if of.cops and everyone in self.seen.known:
            whole = self._interval(everyone)
            needed = min(needed, whole.low, self.seen.known[everyone].base - whole.high)
        return needed

    def _public_width(self, of: Counted) -> int:
        """How wide it is to a reader of what may not be hidden."""
        return self._of(self.public, of).width

    def _interval(self, of: Counted) -> Interval:
        return self._of(self.groups, of)

    def _of(self, groups: Mapping[int, Group], of: Counted) -> Interval:
        place = self.place[of]
        if place not in groups:
            system = self.linked.system
            known = int(system.shown_low[place])
            return Interval(known, known, known, known, np.zeros(len(system.low)))
        group = groups[place]
        return group.interval(int(np.searchsorted(group.places, place)))

    def _without_free(self) -> System:
        """The system to a reader who sees only what may not be hidden."""
        system = self.linked.system
        low, high = system.shown_low.copy(), system.shown_high.copy()
        for of, known in self.seen.known.items():
            if self.rules.free(of, known.base):
                low[self.place[of]] = system.low[self.place[of]]
                high[self.place[of]] = system.high[self.place[of]]
        return System(system.sums, system.totals, system.low, system.high, low, high)

    def _problem(self, of: Counted, interval: Interval, base: int, what: str) -> Problem:
        held = [name for i, name in enumerate(self.linked.names) if interval.give[i] > 0]
        tables = dict.fromkeys(t for name in held for t in self.seen.shown.get(name, ()))
        tables = tables or dict.fromkeys(self.seen.shown.get(of, ()))
        found = f"{interval.low} to {interval.high} of {base} ({what})"
        if interval.width == 0:
            found = f"exactly {interval.low} of {base} ({what})"
        fix = (
            f"hide also one of the counts in {_listed(tables)}" if tables else "leave the table out"
        )
        return Problem(str(of), found, "a count that cannot be worked out", fix)


def _groups(system: System) -> dict[int, Group]:
    """The group of every count that is not known, by its position."""
    nothing = np.zeros(len(system.low), dtype=bool)
    groups = [Group(system, places, nothing) for places in system.groups(system.rounded)]
    return {int(place): group for group in groups for place in group.places}


def _changes(seen: Seen, before: Sequence[Seen], rules: Rules) -> Iterator[Problem]:
    """Counts shown then and now on bases so near that the difference is the answer of a few."""
    for release in before:
        for of in sorted(set(seen.shown) & set(release.shown)):
            more = seen.known[of].base - release.known[of].base
            if 0 < abs(more) < rules.minimum_base and of.waves != LISTED:
                tables = f"{_listed(release.shown[of])} before, {_listed(seen.shown[of])} now"
                found = f"{abs(more)} respondents {'more' if more > 0 else 'fewer'} ({tables})"
                fix = "wait until more answers are in, or leave the table out"
                expected = f"the same respondents, or {rules.minimum_base} others or more"
                yield Problem(str(of), found, expected, fix)


def _listed(names: Sequence[str] | Mapping[str, None]) -> str:
    return "; ".join(names)
