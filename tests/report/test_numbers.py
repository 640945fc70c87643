"""Numbers, dates and lists in Dutch."""

import datetime
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copanalysis.errors import CopanalysisError
from copanalysis.report.numbers import (
    in_words,
    join_words,
    show,
    show_interval,
    show_period,
)

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0%"),
        (1, "100%"),
        (42 / 74, "57%"),
        (23 / 40, "58%"),  # 57.5 exactly, though the float lies below it
        (0.075 - 0.02, "6%"),  # 5.5 exactly, but for the noise of the subtraction
        (0.145, "15%"),
        (0.0049, "<1%"),
        (1e-9, "<1%"),
        (0.005, "1%"),
        (0.9949, "99%"),
        (0.995, ">99%"),
        (np.float64(0.5), "50%"),
    ],
)
def test_a_share_is_a_whole_percentage_rounded_half_up(value, shown):
    assert show(value, "share") == shown


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_every_share_of_whole_people_rounds_as_its_exact_fraction(pair):
    count, base = pair
    exact = Fraction(count, base) * 100
    half_up = int(exact + Fraction(1, 2))
    shown = show(count / base, "share")
    if count in (0, base):
        assert shown == f"{half_up}%"
    elif half_up in (0, 100):
        assert shown == ("<1%" if half_up == 0 else ">99%")
    else:
        assert shown == f"{half_up}%"


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [
        (1234, "count", "1.234"),
        (1234567.0, "count", "1.234.567"),
        (np.int64(74), "count", "74"),
        (-1200, "count", "−1.200"),
        (3.255, "number", "3,26"),
        (1234.5, "number", "1.234,50"),
        (-0.001, "number", "0,00"),
        (-3.1, "number", "−3,10"),
        (Decimal("2.5"), "number", "2,50"),
        (0.12, "points", f"+12{NBSP}procentpunt"),
        (-0.03, "points", f"−3{NBSP}procentpunt"),
        (-0.025, "points", f"−3{NBSP}procentpunt"),
        (0.004, "points", f"<1{NBSP}procentpunt"),
        (0, "points", f"0{NBSP}procentpunt"),
        (0.0344, "p", "0,034"),
        (0.00099, "p", "<0,001"),
        (0.001, "p", "0,001"),
        (datetime.date(2023, 5, 12), "date", f"12{NBSP}mei{NBSP}2023"),
        (pd.Timestamp("2024-03-01"), "date", f"1{NBSP}maart{NBSP}2024"),
        ("2023-10-02", "date", f"2{NBSP}oktober{NBSP}2023"),
        (True, "text", "ja"),
        (np.False_, "text", "nee"),
        (np.int64(-2), "text", "−2"),
        ("Fryslân", "text", "Fryslân"),
    ],
)
def test_each_format_writes_as_a_dutch_reader_expects(value, format, shown):
    assert show(value, format) == shown


def test_the_number_of_decimals_can_be_chosen():
    assert show(2.25, "number", decimals=1) == "2,3"
    assert show(2.5, "number", decimals=0) == "3"


@pytest.mark.parametrize("value", [None, float("nan"), np.nan, pd.NA, pd.NaT])
@pytest.mark.parametrize("format", ["text", "count", "share", "points", "number", "p", "date"])
def test_a_missing_value_is_an_en_dash_in_every_format(value, format):
    assert show(value, format) == "–"


@pytest.mark.parametrize(
    ("value", "format"),
    [
        (1.2, "share"),
        (-0.1, "share"),
        (57, "share"),
        (2.5, "count"),
        ("57", "share"),
        (float("inf"), "number"),
        (1.5, "p"),
        ("mei 2023", "date"),
        (2023, "date"),
        (0.5, "percentage"),
    ],
)
def test_a_value_that_does_not_fit_its_format_is_refused(value, format):
    with pytest.raises(CopanalysisError) as caught:
        show(value, format)
    assert caught.value.problems[0].fix


def test_an_interval_stays_on_one_line():
    assert show_interval(0.46, 0.68, "share") == f"46%{NBSP}–{NBSP}68%"
    assert show_interval(3.26, 3.52, "number") == f"3,26{NBSP}–{NBSP}3,52"
    assert " " not in show_interval(0.46, 0.68, "share")


def test_an_interval_of_differences_says_tot_and_its_unit_once():
    shown = show_interval(-0.03, 0.12, "points")
    assert shown.replace(NBSP, " ") == "−3 tot +12 procentpunt"


def test_an_interval_without_a_bound_is_missing():
    assert show_interval(0.4, None, "share") == "–"


def test_a_period_of_one_day_is_that_day():
    assert show_period("2023-05-12", "2023-05-12") == f"12{NBSP}mei{NBSP}2023"
    assert show_period("2023-05-12", None) == f"12{NBSP}mei{NBSP}2023"
    assert show_period("2023-05-01", "2023-06-30").count("–") == 1


def test_small_counts_are_words_and_larger_ones_digits():
    assert [in_words(n) for n in (0, 1, 12, 20, 21, 1250)] == [
        *("geen", "één", "twaalf", "twintig"),
        *("21", "1.250"),
    ]


def test_words_are_joined_as_in_a_sentence():
    assert join_words([]) == ""
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b"]) == "a en b"
    assert join_words(["a", "b", "c"], last="of") == "a, b of c"


def test_importing_numbers_does_not_import_a_plotting_package():
    code = "import sys, copanalysis.report.numbers; print('matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_a_fraction_without_a_format_of_its_own_is_refused():
    assert show("0.5", "text") == "0.5"
    for value in (0.6470588, np.float64(1.0)):
        with pytest.raises(CopanalysisError, match="a format of its own"):
            show(value, "text")


def test_from_and_to_the_same_whole_number_is_one():
    assert show_interval(180, 180, "count") == "180"
    assert show_interval(0.03, 0.03, "share") == f"3%{NBSP}–{NBSP}3%"
