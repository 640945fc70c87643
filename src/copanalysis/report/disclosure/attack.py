"""What a reader can work out: the interval of every hidden count, from all that is shown.

The attacker of Fischetti and Salazar (2001), Management Science 47:1008-1027: unknown counts lie
between bounds that everybody knows and add up to what is shown. The least and the greatest value
of a count are two linear programmes, solved by HiGHS; where these do not end in whole numbers an
integer programme follows, because counts are whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse.csgraph import connected_components

from copanalysis.errors import CopanalysisError

CLOSE = 1e-6
ROUNDS = 20  # of narrowing bounds; more would only save some linear programmes
DENSE = 4000  # entries up to which HiGHS is quicker with a dense matrix
Numbers = np.ndarray


@dataclass(frozen=True)
class System:
    """Counts and the sums between them: ``sums @ counts == totals``.

    ``low`` and ``high`` are the bounds of a count that is not shown (of a cell: 0 and the
    base); ``shown_low`` and ``shown_high`` those that its shown form leaves (equal for a number
    shown as it is, apart for a rounded one, the same as ``low`` and ``high`` for a count that
    no table holds).
    """

    sums: sparse.csr_array
    totals: Numbers
    low: Numbers
    high: Numbers
    shown_low: Numbers
    shown_high: Numbers

    @cached_property
    def columns(self) -> sparse.csc_array:
        """The sums, ready to be read by count."""
        return self.sums.tocsc()

    @cached_property
    def rounded(self) -> Numbers:
        """Which counts are not known exactly even when shown."""
        return self.shown_low < self.shown_high

    def narrowed(self, free: Numbers) -> System:
        """The system with the bounds that hold whatever of ``free`` is hidden."""
        low = np.where(free, self.low, self.shown_low)
        high = np.where(free, self.high, self.shown_high)
        low, high = narrowed(self.sums, self.totals, low, high)
        shown = np.maximum(self.shown_low, low), np.minimum(self.shown_high, high)
        return System(self.sums, self.totals, low, high, *shown)

    def groups(self, unknown: Numbers) -> list[Numbers]:
        """Positions of the unknown counts, in groups that no sum connects."""
        places = np.flatnonzero(unknown)
        part = self.columns[:, places]
        graph = sparse.block_array([[None, part], [part.T, None]])
        _, labels = connected_components(graph, directed=False)
        labels = labels[part.shape[0] :]
        order = np.argsort(labels, kind="stable")
        ends = np.flatnonzero(np.diff(labels[order])) + 1
        return [places[group] for group in np.split(order, ends) if len(group)]


@dataclass(frozen=True)
class Interval:
    """The least and greatest value of one count, and what holds them there.

    ``low`` and ``high`` are whole; ``fraction_low`` and ``fraction_high`` are the bounds when
    counts could be fractions. ``give`` says for every count how much wider the interval in
    fractions could get at most if that count were hidden too (weak duality).
    """

    low: int
    high: int
    fraction_low: float
    fraction_high: float
    give: Numbers

    @property
    def width(self) -> int:
        return self.high - self.low


class Group:
    """Unknown counts that sums connect, within one pattern of hidden cells.

    ``outer_low`` and ``outer_high`` are bounds that follow from single sums, ``least`` and
    ``most`` the smallest and greatest value of each count among the whole solutions met so far:
    the interval lies between the two.
    """

    def __init__(self, system: System, places: Numbers, hidden: Numbers) -> None:
        self.system, self.places = system, places
        part = system.columns[:, places].tocsr()
        self.rows = np.flatnonzero(np.diff(part.indptr))
        self.matrix = part[self.rows]
        others = system.shown_low.copy()
        others[places] = 0
        self.totals = system.totals[self.rows] - system.sums[self.rows] @ others
        self.hidden = hidden[places]
        self.low = np.where(self.hidden, system.low[places], system.shown_low[places])
        self.high = np.where(self.hidden, system.high[places], system.shown_high[places])
        outer = narrowed(self.matrix, self.totals, self.low, self.high)
        self.outer_low, self.outer_high = outer
        self.least = np.full(len(places), np.inf)
        self.most = np.full(len(places), -np.inf)

    @property
    def seen(self) -> Numbers:
        """How wide the interval of each count is at least."""
        return self.most - self.least

    @property
    def outer(self) -> Numbers:
        """How wide the interval of each count is at most."""
        return self.outer_high - self.outer_low

    def explore(self, need: Numbers) -> None:
        """Meet solutions far apart, until few counts still seem narrower than they need.

        The directions are drawn at random from a fixed seed: any two opposite ones push about
        every count to different ends.
        """
        random = np.random.default_rng(0)
        narrow = len(self.places)
        for _ in range(ROUNDS):
            aim = random.choice([-1.0, 1.0], len(self.places))
            for sign in (1, -1):
                self._solve(sign * aim)
            before, narrow = narrow, int((self.hidden & (self.seen < need)).sum())
            if narrow > before / 2 or not narrow:
                break

    def interval(self, i: int) -> Interval:
        """The interval of the i-th count, exactly."""
        if len(self.rows) == 1:
            return self._in_one_sum(i)
        (low, give_low), (high, give_high) = self._extreme(i, 1), self._extreme(i, -1)
        least, most = np.ceil(low - CLOSE), np.floor(high + CLOSE)
        if self.least[i] > least:
            least = self._whole(i, 1)
        if self.most[i] < most:
            most = self._whole(i, -1)
        return Interval(int(least), int(most), low, high, give_low + give_high)

    def _in_one_sum(self, i: int) -> Interval:
        """As the programmes would find: in one sum the bounds that follow from it are exact."""
        low, high = self.outer_low[i], self.outer_high[i]
        sign = self.matrix.toarray()[0, i]
        gives = [
            self._give(np.array([price * sign]))
            for price, binds in ((1.0, low > self.low[i]), (-1.0, high < self.high[i]))
            if binds
        ]
        return Interval(int(low), int(high), low, high, sum(gives, np.zeros(len(self.system.low))))

    def _extreme(self, i: int, sign: int) -> tuple[float, Numbers]:
        aim = np.zeros(len(self.places))
        aim[i] = sign
        solution, prices = self._solve(aim)
        return float(solution[i]), self._give(prices)

    def _solve(self, aim: Numbers) -> tuple[Numbers, Numbers]:
        matrix = self.matrix if self.matrix.size > DENSE else self.matrix.toarray()
        bounds = np.column_stack([self.low, self.high])
        found = linprog(aim, A_eq=matrix, b_eq=self.totals, bounds=bounds, method="highs")
        if found.x is None:
            raise _contradiction(found.message)
        self._remember(found.x)
        return found.x, found.eqlin.marginals

    def _give(self, prices: Numbers) -> Numbers:
        """What hiding each other count could at most add, at these prices of the sums."""
        system = self.system
        rate = -(system.sums[self.rows].T @ prices)
        rate[np.abs(rate) < CLOSE] = 0
        rate[self.places] = 0
        down, up = system.shown_low - system.low, system.high - system.shown_high
        return np.where(rate > 0, rate * down, -rate * up)

    def _whole(self, i: int, sign: int) -> float:
        aim = np.zeros(len(self.places))
        aim[i] = sign
        found = milp(
            aim,
            integrality=np.ones(len(aim)),
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(self.matrix, self.totals, self.totals),
        )
        if found.x is None:
            raise _contradiction(found.message)
        self._remember(found.x)
        return float(np.round(found.x[i]))

    def _remember(self, solution: Numbers) -> None:
        whole = np.round(solution)
        if np.abs(solution - whole).max() < CLOSE:
            self.least = np.minimum(self.least, whole)
            self.most = np.maximum(self.most, whole)


def narrowed(
    sums: sparse.csr_array, totals: Numbers, low: Numbers, high: Numbers
) -> tuple[Numbers, Numbers]:
    """Whole bounds that follow from each sum by itself, round after round.

    The factors in ``sums`` are 1 and -1.
    """
    entries = sums.tocoo()
    row, place, plus = entries.row, entries.col, entries.data > 0
    total = totals[row]
    for _ in range(ROUNDS):
        below, above = low[place], high[place]
        least = np.bincount(row, np.where(plus, below, -above), len(totals))[row]
        most = np.bincount(row, np.where(plus, above, -below), len(totals))[row]
        new_low, new_high = low.copy(), high.copy()
        np.minimum.at(new_high, place, np.where(plus, total - least, most - total) + below)
        np.maximum.at(new_low, place, np.where(plus, total - most, least - total) + above)
        if (new_low == low).all() and (new_high == high).all():
            break
        low, high = new_low, new_high
    if (low > high + CLOSE).any():
        raise _contradiction("bounds that exclude each other")
    return np.ceil(low - CLOSE), np.floor(high + CLOSE)


def _contradiction(found: str) -> CopanalysisError:
    return CopanalysisError(f"The shown counts contradict each other: {found}.")
