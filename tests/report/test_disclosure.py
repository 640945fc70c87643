"""Small cells: which are hidden, which companion goes with them, and what stays."""

import pandas as pd

from copanalysis.report.disclosure.primary import suppress_small_cells

RULES = {"minimum_base": 10, "minimum_cell": 3}


def shares(*groups):
    rows = [
        {"cop": cop, "option": f"o{i}", "n": n, "base": base, "share": n / base}
        for cop, base, counts in groups
        for i, n in enumerate(counts)
    ]
    return pd.DataFrame(rows)


def hidden(table, *, identifying=True, exhaustive=True):
    found = suppress_small_cells(
        table, groups=["cop"], identifying=identifying, exhaustive=exhaustive, **RULES
    )
    return found["n"].tolist()


def test_a_count_under_the_minimum_takes_the_next_smallest_with_it():
    assert hidden(shares(("a", 20, [2, 5, 13]))) == [True, True, False]


def test_two_hidden_cells_need_no_companion():
    assert hidden(shares(("a", 20, [1, 2, 17]))) == [True, True, False]


def test_boxes_do_not_add_up_so_no_companion_is_needed():
    assert hidden(shares(("a", 20, [2, 5, 13])), exhaustive=False) == [True, False, False]


def test_everybody_and_nobody_reveal_as_much_as_one():
    assert hidden(shares(("a", 20, [20, 0])), exhaustive=False) == [True, True]


def test_a_base_under_the_minimum_hides_the_whole_group_and_no_other():
    table = shares(("a", 9, [4, 5]), ("b", 20, [8, 12]))
    assert hidden(table) == [True, True, False, False]
    assert hidden(table, identifying=False) == [True, True, False, False]


def test_the_thresholds_themselves_may_be_shown():
    assert hidden(shares(("a", 10, [5, 5]))) == [False, False]
    assert hidden(shares(("a", 20, [3, 17]))) == [False, False]


def test_of_two_equal_companions_only_one_is_hidden():
    assert hidden(shares(("a", 20, [2, 6, 6, 6]))) == [True, True, False, False]


def test_without_a_breakdown_small_counts_are_shown():
    assert hidden(shares(("", 52, [10, 30, 11, 1])), identifying=False) == [False] * 4


def test_share_and_interval_go_with_the_count_and_the_base_stays():
    table = shares(("a", 20, [2, 5, 13])).assign(ci_low=0.1, ci_high=0.9)
    found = suppress_small_cells(
        table, groups=["cop"], identifying=True, exhaustive=True, **RULES
    ).iloc[0]
    assert found[["n", "share", "ci_low", "ci_high"]].all()
    assert not found[["cop", "option", "base"]].any()


def test_a_table_without_counts_is_left_whole():
    table = pd.DataFrame({"label": ["a"], "text": ["b"]})
    found = suppress_small_cells(table, groups=[], identifying=True, exhaustive=True, **RULES)
    assert not found.to_numpy().any()
