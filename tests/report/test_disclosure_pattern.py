"""Secondary suppression: published optima, brute force on small tables, order, and time."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from copanalysis.report.disclosure.attack import Group, System
from copanalysis.report.disclosure.pattern import Request, optimal_pattern


def with_totals(inner):
    """A two-way table with its totals, flat, and the sums between its cells."""
    inner = np.asarray(inner)
    rows, columns = inner.shape
    full = np.zeros((rows + 1, columns + 1), dtype=int)
    full[:rows, :columns] = inner
    full[rows] = full[:rows].sum(axis=0)
    full[:, columns] = full[:, :columns].sum(axis=1)
    place = np.arange(full.size).reshape(full.shape)
    sums = []
    for line in [*place, *place.T]:
        one = np.zeros(full.size)
        one[line[:-1]], one[line[-1]] = 1, -1
        sums.append(one)
    return full, np.array(sums)


def system_of(values, sums, high=None):
    values = np.asarray(values, dtype=float).ravel()
    size = len(values)
    high = np.full(size, values.max()) if high is None else np.asarray(high, dtype=float)
    return System(sparse.csr_array(sums), np.zeros(len(sums)), np.zeros(size), high, values, values)


def request_of(values, secret, *, width, free=None, cost=None):
    values = np.asarray(values, dtype=float).ravel()
    size = len(values)
    return Request(
        np.asarray(secret, dtype=bool).ravel(),
        np.ones(size, dtype=bool) if free is None else np.asarray(free, dtype=bool).ravel(),
        values if cost is None else np.asarray(cost, dtype=float).ravel(),
        np.full(size, float(width)),
    )


def test_the_example_of_fischetti_and_salazar():
    # Fischetti and Salazar (2001), Management Science 47:1008-1027: investment by activity and
    # region, the cell (II, C) = 22 confidential. Their pattern hides (II, A), (III, A) and
    # (III, C) with it; a reader then finds that the cell lies between 5 and 30.
    full, sums = with_totals([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
    secret = np.zeros_like(full, dtype=bool)
    secret[1, 2] = True
    system = system_of(full, sums)
    found = optimal_pattern(system, request_of(full, secret, width=10))
    hidden = found.hidden.reshape(full.shape)
    assert {tuple(cell) for cell in np.argwhere(hidden)} == {(1, 0), (1, 2), (2, 0), (2, 2)}
    assert (found.cost, found.bound, found.gap) == (59, 59, 0)
    places = np.flatnonzero(found.hidden)
    interval = Group(system, places, found.hidden).interval(1)
    assert (interval.low, interval.high) == (5, 30)


def test_a_lone_cell_takes_the_cheapest_of_its_sum_with_it():
    values, sums = [1, 5, 12, 18], [[1, 1, 1, -1]]
    found = optimal_pattern(
        system_of(values, sums),
        request_of(values, [1, 0, 0, 0], width=3, free=[1, 1, 1, 0]),
    )
    assert found.hidden.tolist() == [True, True, False, False]


def test_what_cannot_be_protected_wider_is_protected_as_wide_as_it_goes():
    values, sums = [1, 0, 0, 1], [[1, 1, 1, -1]]
    found = optimal_pattern(
        system_of(values, sums),
        request_of(values, [1, 1, 1, 0], width=3, free=[1, 1, 1, 0]),
    )
    assert found.width.tolist()[:3] == [1, 1, 1]
    assert found.hidden.tolist() == [True, True, True, False]


MOST_TABLES = 200_000  # a pattern that hides what it may not would fill the memory


def solutions(values, sums, high, hidden):
    """Every table of whole numbers that a reader holds possible, by trying them all."""
    sizes = np.where(hidden, high, 0).astype(int) + 1
    assert np.prod(sizes, dtype=float) <= MOST_TABLES, "a cell is hidden that may not be"
    tables = np.indices(sizes).reshape(len(sizes), -1).T
    tables = tables + np.where(hidden, 0, values).astype(int)
    return tables[(tables @ np.asarray(sums).T == 0).all(axis=1)]


def widths(values, sums, high, hidden):
    tables = solutions(values, sums, high, hidden)
    return tables.max(axis=0) - tables.min(axis=0)


def cheapest(values, sums, high, request):
    """The lowest cost of a safe pattern, by trying them all."""
    choice = np.flatnonzero(request.free | request.secret)
    everything = request.free | request.secret
    need = np.minimum(request.width, widths(values, sums, high, everything))
    best = np.inf
    for chosen in product([False, True], repeat=len(choice)):
        hidden = np.zeros(len(values), dtype=bool)
        hidden[choice[list(chosen)]] = True
        cost = request.cost[hidden].sum()
        if (request.secret <= hidden).all() and cost < best:
            wide = widths(values, sums, high, hidden)
            best = cost if (wide[hidden] >= need[hidden]).all() else best
    return best, need


two_way = st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=3)


@settings(max_examples=15, deadline=None)
@given(two_way, st.integers(1, 3), st.integers(1, 2))
def test_two_way_tables_are_safe_at_the_lowest_cost(inner, width, below):
    full, sums = with_totals(inner)
    inside = np.zeros(full.shape, dtype=bool)
    inside[:-1, :-1] = True
    values = full.ravel()
    high = np.where(inside.ravel(), 6, values)
    request = request_of(
        full, (full < below) & inside, width=width, free=inside, cost=1 + values / 100
    )
    found = optimal_pattern(system_of(values, sums, high), request)
    best, need = cheapest(values, sums, high, request)
    assert found.cost == best or abs(found.cost - best) < 1e-9
    assert found.gap == 0
    wide = widths(values, sums, high, found.hidden)
    assert (wide[found.hidden] >= need[found.hidden]).all()


sums_at_random = st.lists(
    st.lists(st.sampled_from([0, 1]), min_size=6, max_size=6), min_size=2, max_size=3
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), sums_at_random, st.integers(1, 3))
def test_linked_sums_of_any_form_are_safe_at_the_lowest_cost(cells, chosen, width):
    chosen = np.array(chosen)
    values = np.array([*cells, *(chosen @ cells)])
    sums = np.hstack([chosen, -np.eye(len(chosen), dtype=int)])
    free = np.array([True] * 6 + [False] * len(chosen))
    high = np.where(free, 4, values)
    request = request_of(values, (values < 2) & free, width=width, free=free, cost=1 + values / 100)
    found = optimal_pattern(system_of(values, sums, high), request)
    best, need = cheapest(values, sums, high, request)
    assert abs(found.cost - best) < 1e-9
    wide = widths(values, sums, high, found.hidden)
    assert (wide[found.hidden] >= need[found.hidden]).all()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
    sums_at_random,
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_an_interval_is_what_trying_every_table_gives(cells, chosen, secret):
    chosen = np.array(chosen)
    values = np.array([*cells, *(chosen @ cells)])
    sums = np.hstack([chosen, -np.eye(len(chosen), dtype=int)])
    hidden = np.array([*secret, *[False] * len(chosen)])
    high = np.where(hidden, 4, values)
    system = system_of(values, sums, high)
    tables = solutions(values, sums, high, hidden)
    for places in system.groups(hidden):
        group = Group(system, places, hidden)
        for i, place in enumerate(places):
            interval = group.interval(i)
            assert interval.low == tables[:, place].min()
            assert interval.high == tables[:, place].max()


def test_without_effort_the_pattern_is_safe_and_the_gap_is_stated():
    rng = np.random.default_rng(3)
    full, sums = with_totals(rng.poisson(4, (6, 6)))
    system = system_of(full, sums)
    request = request_of(full, full < 3, width=3, cost=1 + full / 1000)
    best = optimal_pattern(system, request)
    hasty = optimal_pattern(system, request, effort=0)
    assert best.gap == 0
    assert hasty.cost >= best.cost
    assert hasty.bound <= best.cost + 1e-9
    assert (hasty.gap > 0) == (hasty.cost > hasty.bound + 1e-6)
    for places in system.groups(hasty.hidden):
        group = Group(system, places, hasty.hidden)
        assert all(
            group.interval(i).width >= hasty.width[place]
            for i, place in enumerate(places)
            if hasty.hidden[place]
        )


def chained():
    """Two sums: a secret count and its companion, which two others can hold open: one cheap
    that gives what lacks, one dear that gives far more."""
    values = np.array([1, 9, 10, 5, 50, 64])
    sums = [[1, 1, -1, 0, 0, 0], [0, 1, 0, 1, 1, -1]]
    system = system_of(values, sums, high=[10, 20, 10, 8, 100, 64])
    secret, free = np.array([1, 0, 0, 0, 0, 0]), np.array([1, 1, 0, 1, 1, 0])
    return system, request_of(values, secret, width=3, free=free, cost=[1, 1, 0, 5, 6, 0])


def test_what_gives_more_than_lacks_counts_as_enough():
    system, request = chained()
    hasty = optimal_pattern(system, request, effort=0)
    assert hasty.hidden.tolist() == [True, True, False, True, False, False]
    assert optimal_pattern(system, request).hidden.tolist() == hasty.hidden.tolist()


def test_in_one_sum_hiding_a_count_gives_exactly_what_was_said():
    values, sums = [1, 5, 12, 18], [[1, 1, 1, -1]]
    system = system_of(values, sums, high=[18, 18, 18, 18])
    before = Group(system, np.array([0, 1]), np.array([1, 1, 0, 0], dtype=bool)).interval(0)
    after = Group(system, np.array([0, 1, 2]), np.array([1, 1, 1, 0], dtype=bool)).interval(0)
    assert (before.low, before.high, after.low, after.high) == (0, 6, 0, 18)
    assert before.give.tolist() == [0, 0, 12, 0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), sums_at_random, st.integers(0, 5))
def test_hiding_one_count_more_gives_at_most_what_was_said(cells, chosen, more):
    chosen = np.array(chosen)
    values = np.array([*cells, *(chosen @ cells)])
    sums = np.hstack([chosen, -np.eye(len(chosen), dtype=int)])
    free = np.array([True] * 6 + [False] * len(chosen))
    system = system_of(values, sums, np.where(free, 4, values))
    hidden = np.array([k != more for k in range(6)] + [False] * len(chosen))
    both = free.copy()
    for places in system.groups(hidden):
        group = Group(system, places, hidden)
        wider = next(Group(system, p, both) for p in system.groups(both) if set(places) <= set(p))
        for i, place in enumerate(places):
            one = group.interval(i)
            two = wider.interval(int(np.searchsorted(wider.places, place)))
            gained = two.fraction_high - two.fraction_low - one.fraction_high + one.fraction_low
            assert gained <= one.give[more] + 1e-6
