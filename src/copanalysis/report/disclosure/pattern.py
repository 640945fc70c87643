"""Secondary suppression: the cheapest cells to hide so that no hidden cell can be worked out.

An integer programme chooses the cells; every count in its choice is attacked (`attack`), and what
holds a too narrow interval becomes a new condition of the programme, until none is left: Fischetti
and Salazar (2001), Management Science 47:1008-1027, with sliding protection levels and, for whole
numbers, conditions on what must be hidden beside. The first choice that withstands every attack is
the cheapest there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from copanalysis.report.disclosure.attack import CLOSE, Group, Interval, Numbers, System

NODES = 50_000  # branches of one programme


@dataclass(frozen=True)
class Request:
    """What may be hidden and what must be.

    One entry per count of the system: ``secret`` must be hidden, ``free`` may be hidden (the
    others never are), ``cost`` is the price of hiding it, ``width`` how wide the interval of a
    hidden count must be at least.
    """

    secret: Numbers
    free: Numbers
    cost: Numbers
    width: Numbers


@dataclass(frozen=True)
class Pattern:
    """Which counts to hide, at what cost, and the lowest cost that is not yet excluded.

    ``cost == bound`` when proven optimal. ``width`` holds the width required of each count:
    that asked for, or where all that may be hidden cannot give it, the widest there is.
    """

    hidden: Numbers
    cost: float
    bound: float
    width: Numbers

    @property
    def gap(self) -> float:
        """How much cheaper another pattern could be, as a share of the cost."""
        return (self.cost - self.bound) / self.cost if self.cost > self.bound + CLOSE else 0.0


def optimal_pattern(system: System, request: Request, *, effort: int = 100) -> Pattern:
    """The cheapest pattern in which every hidden count keeps an interval that is wide enough.

    Counts that no sum connects are solved apart. After ``effort`` programmes for one such part,
    or one of more than `NODES` branches, its pattern is completed by adding cells, and ``gap``
    says how far from optimal it may be. The same request gives the same pattern.
    """
    system = system.narrowed(request.secret | request.free)
    request = replace(request, width=np.minimum(request.width, system.high - system.low))
    hidden, width = request.secret.copy(), request.width.copy()
    cost = bound = 0.0
    for places in system.groups(system.low < system.high):
        if request.secret[places].any():
            search = _Search(system, request, places)
            found, lowest = search.run(effort)
            hidden |= found
            width[places] = search.width[places]
            cost += float(request.cost[found].sum())
            bound += lowest
    known = float(request.cost[request.secret & (system.low == system.high)].sum())
    return Pattern(hidden, cost + known, bound + known, width)


@dataclass
class _Search:
    """The search in one part of the system: conditions so far, and groups known to be safe."""

    system: System
    request: Request
    places: Numbers
    rows: list[sparse.csr_array] = field(default_factory=list)
    safe: set[tuple[bytes, bytes]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.may_hide = self.request.secret | self.request.free
        self.choice = self.places[self.may_hide[self.places]]
        self.part = np.zeros(len(self.may_hide), dtype=bool)
        self.part[self.places] = True
        self.widest = Group(self.system, self.places, self.may_hide & self.part)
        self.width = self.request.width.copy()
        self.width[self.places] = np.minimum(self.width[self.places], self.widest.outer)
        self.capped = np.zeros(len(self.may_hide), dtype=bool)

    def run(self, effort: int) -> tuple[Numbers, float]:
        """The pattern and the lowest cost that is not excluded."""
        secret = self.request.secret[self.choice]
        hidden, lowest = self._hidden(secret), float(self.request.cost[self.choice] @ secret)
        while found := list(self._conditions(hidden)):
            self.rows += found
            effort -= 1
            answer = self._cheapest() if effort >= 0 else None
            if answer is None:
                return self._completed(hidden), lowest
            hidden, lowest = answer
        return hidden, lowest

    def _hidden(self, chosen: Numbers) -> Numbers:
        hidden = np.zeros(len(self.part), dtype=bool)
        hidden[self.choice[chosen]] = True
        return hidden

    def _cheapest(self) -> tuple[Numbers, float] | None:
        """The cheapest choice under the conditions so far, None when it takes too much."""
        answer = milp(
            self.request.cost[self.choice],
            integrality=np.ones(len(self.choice)),
            bounds=Bounds(self.request.secret[self.choice].astype(float), 1),
            constraints=LinearConstraint(sparse.vstack(self.rows), 0, np.inf),
            options={"mip_rel_gap": 0, "node_limit": NODES},
        )
        if answer.status != 0:
            return None
        return self._hidden(answer.x > 0.5), float(answer.fun)

    def _completed(self, hidden: Numbers) -> Numbers:
        """A safe pattern from an unsafe one: what lacks is hidden, and what need not be shown."""
        hidden, cost = hidden.copy(), self.request.cost
        while rows := list(self._conditions(hidden)):
            before = hidden.sum()
            for row in rows:
                gives = np.where(hidden[self.choice], 0, row.toarray()[0])
                useful = np.flatnonzero(gives > 0)
                if (row @ hidden[self.choice])[0] < -CLOSE and len(useful):
                    best = useful[np.argmin(cost[self.choice[useful]] / gives[useful])]
                    hidden[self.choice[best]] = True
            if hidden.sum() == before:  # then all that may be hidden, which is as safe as can be
                hidden[self.choice] = True
                break
        added = self.choice[hidden[self.choice] & ~self.request.secret[self.choice]]
        for place in added[np.argsort(-cost[added], kind="stable")]:
            hidden[place] = False
            if any(True for _ in self._conditions(hidden)):
                hidden[place] = True
        return hidden

    def _conditions(self, hidden: Numbers) -> Iterator[sparse.csr_array]:
        """What the pattern breaks: conditions for counts that can and must be held wider."""
        for places in self.system.groups(self._unknown(hidden)):
            key = places.tobytes(), hidden[places].tobytes()
            if key not in self.safe:
                found = list(self._conditions_in(Group(self.system, places, hidden), hidden))
                yield from found
                if not found:
                    self.safe.add(key)

    def _unknown(self, hidden: Numbers) -> Numbers:
        return (hidden | self.system.rounded) & (self.system.low < self.system.high) & self.part

    def _conditions_in(self, group: Group, hidden: Numbers) -> Iterator[sparse.csr_array]:
        need = np.minimum(self.width[group.places], group.outer)
        if len(group.rows) > 1 and (group.hidden & (need > 0)).any():
            group.explore(need)
        for i in np.flatnonzero(group.hidden):
            place = group.places[i]
            seen = group.outer[i] if len(group.rows) == 1 else group.seen[i]
            if seen < self.width[place] and seen < self._required(place):
                found = list(self._single_sums(place, hidden))
                if not found:
                    interval = group.interval(i)
                    narrow = interval.width < self.width[place]
                    found = [self._condition(place, interval, hidden)] if narrow else []
                yield from found

    def _single_sums(self, place: int, hidden: Numbers) -> Iterator[sparse.csr_array]:
        """Sums in which the others together leave a count too little: they must give more."""
        system, columns = self.system, self.system.columns
        need = self.width[place]
        for sum_ in columns.indices[columns.indptr[place] : columns.indptr[place + 1]]:
            others = system.sums.indices[system.sums.indptr[sum_] : system.sums.indptr[sum_ + 1]]
            others = others[others != place]
            shown = system.shown_high[others] - system.shown_low[others]
            wide = system.high[others] - system.low[others]
            gives, fixed = np.where(self.may_hide[others], wide - shown, 0), shown.sum()
            if fixed + gives[hidden[others]].sum() < need:
                row = np.zeros(len(hidden))
                row[others] = np.minimum(gives / (need - fixed), 1)
                row[place] = -1
                yield sparse.csr_array(row[self.choice][None, :])

    def _required(self, place: int) -> float:
        """The width asked for, or the widest there is when all that may be hidden is hidden."""
        if not self.capped[place]:
            self.capped[place] = True
            i = int(np.searchsorted(self.places, place))
            if self.widest.seen[i] < 0:
                self.widest.explore(self.width[self.places])
            if self.widest.seen[i] < self.width[place]:
                widest = self.widest.interval(i).width
                self.width[place] = min(self.width[place], widest)
        return self.width[place]

    def _condition(self, place: int, interval: Interval, hidden: Numbers) -> sparse.csr_array:
        """What must be hidden beside, as coefficients of a sum that must be 0 or more.

        The cells that hold the interval must together give the width that it lacks; one that
        gives more counts as enough. Where only whole numbers make the interval too narrow, one
        of the cells that hold the bounds in fractions must be hidden, or, where these are wide
        enough themselves, any cell.
        """
        required = self.width[place]
        give = np.where(hidden, 0, interval.give)[self.choice]
        lack = required - (interval.fraction_high - interval.fraction_low)
        rounded = np.floor(interval.fraction_high + CLOSE) - np.ceil(interval.fraction_low - CLOSE)
        if lack > CLOSE:
            row = np.minimum(give / lack, 1)
        elif rounded < required:
            row = (give > 0).astype(float)
        else:
            row = (~hidden[self.choice]).astype(float)
        row[np.searchsorted(self.choice, place)] = -1
        return sparse.csr_array(row[None, :])
