"""Which bases can lie behind printed percentages: known cases, and brute force as the oracle."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.plausibility import plausibility_table, possible_bases, recomputed

SATISFACTION = [19, 58, 21, 2]


def bases_of(percentages, **ask):
    return possible_bases(percentages, **ask)["base"].tolist()


def test_nineteen_fifty_eight_twenty_one_two_fits_six_bases_up_to_seventy_four():
    found = possible_bases(SATISFACTION, smallest=1, largest=74)
    assert found["base"].tolist() == [43, 48, 52, 53, 57, 62]
    assert (found["low_4"] == 1).all()
    assert (found["high_4"] == 1).all()


def test_sixty_two_thirty_eight_fits_seventy_four_in_one_way():
    found = possible_bases([62, 30, 8], smallest=74, largest=74)
    assert found.values.tolist() == [[74, 46, 46, 22, 22, 6, 6]]


def test_an_unknown_percentage_takes_what_is_left():
    found = possible_bases([None, 46, 6], smallest=146, largest=146)
    assert found.values.tolist() == [[146, 70, 70, 67, 67, 9, 9]]


def rounded(count, base, decimals, rounding):
    """Count of base as a percentage, by exact fractions; independent of the code under test."""
    units = Fraction(100 * 10**decimals * count, base)
    whole, rest = divmod(units, 1)
    if rest == Fraction(1, 2):
        return whole + (1 if rounding == "half up" else whole % 2)
    return whole + (rest > Fraction(1, 2))


def by_brute_force(printed, base, decimals, sums):
    """Per category the counts that occur in a row of counts that rounds to ``printed``."""
    rows = set()
    for rounding in ("half up", "half even"):
        fitting = [
            [k for k in range(base + 1) if p is None or rounded(k, base, decimals, rounding) == p]
            for p in printed
        ]
        rows |= {row for row in product(*fitting) if not sums or sum(row) == base}
    return [(min(column), max(column)) for column in zip(*rows, strict=True)]


PRINTED = st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=3)


@given(PRINTED, st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_percentages_agree_with_trying_every_count(printed, sums):
    found = possible_bases(printed, smallest=1, largest=12, sums_to_base=sums).set_index("base")
    for base in range(1, 13):
        bounds = by_brute_force(printed, base, 0, sums)
        assert (base in found.index) == bool(bounds)
        if bounds:
            assert found.loc[base].tolist() == [count for pair in bounds for count in pair]


@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=4).filter(any),
    st.integers(0, 2),
    st.sampled_from(["half up", "half even"]),
)
@settings(max_examples=80, deadline=None)
def test_the_true_base_of_a_rounded_distribution_is_always_possible(counts, decimals, rounding):
    base = sum(counts)
    units = [int(rounded(count, base, decimals, rounding)) for count in counts]
    printed = [Decimal(unit).scaleb(-decimals) for unit in units]
    found = possible_bases(printed, smallest=base, largest=base, decimals=decimals)
    assert len(found) == 1
    for k, count in enumerate(counts, 1):
        assert found[f"low_{k}"].iloc[0] <= count <= found[f"high_{k}"].iloc[0]


def test_one_way_of_rounding_holds_for_the_whole_figure():
    # On base 8, 12.5% prints as 13 (up) or 12 (to even); 12 and 13 together need both ways.
    assert bases_of([12, 88], smallest=8, largest=8) == [8]
    assert bases_of([13, 88], smallest=8, largest=8) == [8]
    assert bases_of([12, 13], smallest=8, largest=8, sums_to_base=False) == []


def test_percentages_that_cannot_add_up_have_no_base_unless_people_could_tick_more():
    assert bases_of([60, 60], smallest=1, largest=500) == []
    assert bases_of([60, 60], smallest=1, largest=5, sums_to_base=False) == [5]


def test_decimals_are_exact():
    assert bases_of(["33.3", "66.7"], smallest=1, largest=3, decimals=1) == [3]
    assert bases_of([33.3, 66.6], smallest=1, largest=3, decimals=1) == []


def test_large_bases_stay_exact():
    found = possible_bases([19, 58, 21, 2], smallest=999_999_999, largest=1_000_000_000)
    assert found["low_1"].tolist() == [185_000_000, 185_000_000]


@pytest.mark.parametrize(
    ("percentages", "ask", "where"),
    [
        ([101, -1], {"smallest": 1, "largest": 9}, ["percentage 1", "percentage 2"]),
        ([12.5], {"smallest": 1, "largest": 9}, ["percentage 1"]),
        (["twaalf"], {"smallest": 1, "largest": 9}, ["percentage 1"]),
        ([], {"smallest": 0, "largest": 9}, ["percentages", "bases to try"]),
        ([50], {"smallest": 9, "largest": 1, "decimals": 9}, ["decimals", "bases to try"]),
    ],
)
def test_what_cannot_be_checked_is_refused_with_every_reason(percentages, ask, where):
    with pytest.raises(CopanalysisError) as caught:
        possible_bases(percentages, **ask)
    assert [problem.where for problem in caught.value.problems] == where


def published(*figures):
    rows = [
        (figure, item, option, printed, base, wave)
        for figure, item, wave, base, shares in figures
        for option, printed in shares.items()
    ]
    return pd.DataFrame(
        rows, columns=["figure", "item", "option", "printed", "base_stated", "wave"]
    )


REPORT = published(
    (
        "satisfaction",
        "x1",
        "3",
        74,
        {"very": 19, "satisfied": 58, "neutral": 21, "dissatisfied": 2},
    ),
    ("pass_on", "x2", "2", 146, {"often": None, "sometimes": 46, "never": 6}),
    ("cooperation", "x3", None, None, {"agree": 62, "doubt": 30, "disagree": 8}),
)


def test_the_table_says_of_each_figure_which_bases_it_can_have():
    table = plausibility_table(REPORT, largest=74).set_index("figure")
    row = table.loc["satisfaction"]
    assert (row["printed"], row["base_stated"], row["base_possible"]) == ("19/58/21/2", 74, False)
    assert (row["possible_bases"], row["n_possible"]) == ("43, 48, 52, 53, 57, 62", 6)
    assert (row["smallest_base"], row["base_used"], row["implied_counts"]) == (
        *(43, 62, "12/36/13/1"),
    )
    assert pd.isna(table.loc["cooperation", "base_possible"])
    assert pd.isna(table.loc["cooperation", "base_used"])
    assert table.loc["cooperation", "implied_counts"] == ""


def test_a_possible_stated_base_gives_the_counts_it_implies():
    row = plausibility_table(REPORT, largest=250).set_index("figure").loc["pass_on"]
    assert (row["printed"], row["base_possible"], row["base_used"]) == ("?/46/6", True, 146)
    assert row["implied_counts"] == "70/67/9"
    assert "93–250" in row["possible_bases"]


def test_more_than_one_fitting_count_is_shown_as_a_range():
    report = published(("f", "x", "1", 300, {"a": 50, "b": 50}))
    assert plausibility_table(report, largest=300)["implied_counts"].tolist() == ["149–151/149–151"]


def test_a_figure_without_any_possible_base_says_so():
    report = published(("f", "q4", "1", 50, {"a": 60, "b": 60}))
    row = plausibility_table(report, largest=100).iloc[0]
    assert (row["n_possible"], row["possible_bases"], row["base_possible"]) == (0, "", False)
    assert pd.isna(row["smallest_base"])
    row = plausibility_table(report, largest=100, multiple={"q4"}).iloc[0]
    assert (row["base_possible"], row["implied_counts"]) == (True, "30/30")


def test_published_numbers_may_be_text():
    def as_text(column):
        return column.map(lambda number: "" if pd.isna(number) else f"{number:.0f}").astype(
            "string"
        )

    report = REPORT.assign(
        printed=as_text(REPORT["printed"]), base_stated=as_text(REPORT["base_stated"])
    )
    expected = plausibility_table(REPORT, largest=74)
    pd.testing.assert_frame_equal(plausibility_table(report, largest=74), expected)


def test_contradictory_figures_are_refused_with_every_reason():
    report = published(
        ("f", "x1", "3", 74, {"a": 132}),
        ("f", "x1", "3", 75, {"a": 20}),
        ("g", "x2", "3", 74, {"b": 50}),
        ("g", "x3", "3", 74, {"c": 50}),
    )
    with pytest.raises(CopanalysisError) as caught:
        plausibility_table(report, largest=100)
    places = [(problem.where, problem.found) for problem in caught.value.problems]
    assert places == [
        ("figure f", "base_stated 74, 75"),
        ("figure f", "option a twice"),
        ("figure f, percentage 1", "132"),
        ("figure g", "item x2, x3"),
    ]
    with pytest.raises(CopanalysisError, match="no column 'wave'"):
        plausibility_table(report.drop(columns="wave"), largest=100)
    with pytest.raises(CopanalysisError, match="no rows"):
        plausibility_table(report.iloc[:0], largest=100)


def answers_to(n, base):
    table = pd.DataFrame({"option": list(n), "n": list(n.values()), "base": base})
    return table.assign(share=table["n"] / base if base else float("nan"))


TABLES = {
    "satisfaction": answers_to({"dissatisfied": 2, "neutral": 13, "very": 12, "satisfied": 36}, 62),
    "pass_on": answers_to({"often": 70, "sometimes": 67, "never": 9}, 146),
    "cooperation": NotMeasured("x3", "de vraag is in golf 1 niet gesteld"),
}


def test_printed_and_recomputed_stand_side_by_side_in_the_order_of_the_report():
    table = recomputed(REPORT, tables=TABLES)
    assert table["option"].tolist() == REPORT["option"].tolist()
    assert table["n"].tolist()[:7] == [12, 36, 13, 2, 70, 67, 9]
    assert table["rounded"].tolist()[:7] == [19, 58, 21, 3, 48, 46, 6]
    assert table["equal"].tolist()[:4] == [True, True, True, False]
    assert pd.isna(table["equal"].iloc[4])
    assert table["difference"].iloc[3] == pytest.approx(2 / 62 - 0.02)
    assert table["reason"].tolist()[:7] == [""] * 7
    assert set(table["reason"].iloc[7:]) == {"de vraag is in golf 1 niet gesteld"}
    assert table.iloc[7:][["n", "share", "rounded", "equal", "difference"]].isna().all(axis=None)


def test_rows_keep_their_place_when_figures_are_mixed():
    mixed = pd.concat([REPORT.iloc[[4, 0, 5, 1]], REPORT.iloc[[2, 3, 6]]]).iloc[
        [5, 0, 1, 2, 3, 4, 6]
    ]
    table = recomputed(mixed.set_axis([7] * len(mixed)), tables=TABLES)
    assert table["option"].tolist() == mixed["option"].tolist()
    assert table["n"].tolist() == [2, 70, 12, 67, 36, 13, 9]


def test_a_half_may_have_been_rounded_either_way():
    report = published(("f", "x", "1", 8, {"a": 12, "b": 13, "c": 14}))
    table = recomputed(report, tables={"f": answers_to({"a": 1, "b": 1, "c": 1}, 8)})
    assert table["equal"].tolist() == [True, True, False]
    assert table["rounded"].tolist() == [13, 13, 13]


def test_a_figure_with_decimals_is_compared_to_its_decimals():
    report = published(("f", "x", "1", 3, {"a": 33.3, "b": 66.7}))
    table = recomputed(report, tables={"f": answers_to({"a": 1, "b": 2}, 3)})
    assert table["rounded"].tolist() == [33.3, 66.7]
    assert table["equal"].all()


def test_nobody_in_the_base_leaves_nothing_to_compare():
    report = published(("f", "x", "1", 8, {"a": 50}))
    table = recomputed(report, tables={"f": answers_to({"a": 0}, 0)})
    assert table[["share", "rounded", "equal"]].isna().all(axis=None)
    assert table["reason"].tolist() == ["niemand gaf antwoord op de vraag"]


def test_figures_without_a_fitting_table_are_refused():
    tables = {
        "satisfaction": answers_to({"very": 1, "satisfied": 1, "neutral": 1}, 3),
        "pass_on": pd.concat([TABLES["pass_on"]] * 2),
    }
    with pytest.raises(CopanalysisError) as caught:
        recomputed(REPORT, tables=tables)
    assert [problem.found for problem in caught.value.problems] == [
        "no option 'dissatisfied'",
        "options more than once",
        "no table",
    ]
