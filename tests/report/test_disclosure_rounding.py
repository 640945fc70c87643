"""Controlled rounding: sums stay right, every count next to what it was, as near as can be."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copanalysis.errors import CopanalysisError
from copanalysis.report.disclosure.rounding import controlled_rounding, rounded_shares


def two_way(inner):
    inner = np.array(inner)
    full = np.zeros(np.add(inner.shape, 1), dtype=int)
    full[:-1, :-1] = inner
    full[-1] = full[:-1].sum(axis=0)
    full[:, -1] = full[:, :-1].sum(axis=1)
    place = np.arange(full.size).reshape(full.shape)
    sums = np.zeros((sum(full.shape), full.size))
    for row, line in enumerate([*place, *place.T]):
        sums[row, line[:-1]], sums[row, line[-1]] = 1, -1
    return full.ravel(), sums


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=2, max_size=3),
    st.sampled_from([3, 5]),
)
def test_every_two_way_table_has_a_rounding_to_neighbours(inner, unit):
    values, sums = two_way(inner)
    rounded = controlled_rounding(values, sums, unit=unit)
    assert (sums @ rounded == 0).all()
    assert (rounded % unit == 0).all()
    assert (np.abs(rounded - values) < unit).all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_no_rounding_that_adds_up_is_nearer(parts):
    values = np.array([*parts, sum(parts)])
    sums = np.array([[1, 1, 1, 1, -1]])
    rounded = controlled_rounding(values, sums, unit=3)
    choices = product(*({3 * (v // 3), -3 * (-v // 3)} for v in values))
    best = min(sum(abs(np.array(c) - values)) for c in choices if sum(c[:-1]) == c[-1])
    assert np.abs(rounded - values).sum() == best


def test_a_table_of_shares_adds_up_after_rounding_too():
    table = pd.DataFrame({"item": "q", "option": list("abcd"), "n": [10, 30, 11, 1], "base": 52})
    out = rounded_shares(table.assign(share=0.0, ci_low=0.0, ci_high=1.0), unit=5)
    assert out["n"].sum() == out["base"].iloc[0]
    assert set(out["n"] % 5) == {0}
    assert "ci_low" not in out
    assert out["share"].sum() == pytest.approx(1)


def test_totals_that_do_not_hold_are_refused():
    with pytest.raises(CopanalysisError, match="cannot be rounded"):
        controlled_rounding(np.array([1, 2, 4]), np.array([[1, 1, -1]]), unit=3)
