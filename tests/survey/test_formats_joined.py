"""All picks in one cell: cut by known options, or options found in the cells."""

import pytest
from export_questionnaire import GOT, HELP
from hypothesis import assume, given
from hypothesis import strategies as st

from copanalysis.survey.formats import joined_options, split_joined

METHODS = GOT.options[2][1]
SUPPORT = HELP.options[1][1]


def test_split_takes_options_with_commas_whole():
    options = [label for _, label in (*GOT.options, *HELP.options)]
    cell = f"{METHODS}, {SUPPORT}, Lol, en veel koffie"
    assert split_joined(cell, options=options, joiner=", ") == (
        [METHODS, SUPPORT],
        ["Lol, en veel koffie"],
    )
    assert split_joined(f"{METHODS};{SUPPORT};", options=options, joiner=";") == (
        [METHODS, SUPPORT],
        [],
    )


def test_split_prefers_the_cut_that_leaves_nothing_unknown():
    options = ["A", "A, B", "B, C", "A, B, D"]
    assert split_joined("A, B, C", options=options, joiner=", ") == (["A", "B, C"], [])
    assert split_joined("A, B, D, A", options=options, joiner=", ") == (["A, B, D", "A"], [])
    assert split_joined("x, A, y, z", options=options, joiner=", ") == (["A"], ["x", "y, z"])


def test_split_overlooks_odd_spaces_and_apostrophes():
    cell = "Meer verbinding met\u00a0de andere CoP\u2019s;"
    option = "Meer verbinding met de andere CoP's"
    assert split_joined(cell, options=[option], joiner=";") == ([option], [])


WORDS = st.text(st.sampled_from("ABab ()"), min_size=1, max_size=6).map(str.strip).filter(bool)
OPTIONS = st.lists(
    st.lists(WORDS, min_size=1, max_size=3).map(", ".join), min_size=1, max_size=6, unique=True
)


@given(options=OPTIONS, data=st.data())
def test_picks_joined_and_split_are_the_same_picks(options, data):
    picks = data.draw(st.lists(st.sampled_from(options), unique=True, max_size=4))
    written = data.draw(st.sampled_from(["", "Iets, heel anders", "Zelf."]))
    cell = ", ".join([*picks, written] if written else picks)
    known, rest = split_joined(cell, options=options, joiner=", ")
    assert set(known) <= set(options)
    assert rest == ([written] if written else [])
    assert ", ".join([*known, *rest]) == cell
    assume(not any(", " in option for option in options))
    assert known == picks


@given(
    options=st.lists(WORDS.map(lambda w: f"{w}, {w}"), min_size=1, max_size=5, unique=True),
    ending=st.sampled_from(["", ";"]),
    data=st.data(),
)
def test_semicolons_are_never_confused_with_commas_in_options(options, ending, data):
    picks = data.draw(st.lists(st.sampled_from(options), unique=True, min_size=1))
    cell = ";".join(picks) + ending
    assert split_joined(cell, options=options, joiner=";") == (picks, [])


def test_options_are_inferred_from_parts_that_recur():
    cells = [METHODS, f"{METHODS}, Steun van collega's", "Steun van collega's, Eigen woorden hier"]
    cells += [f"Zeeland, {METHODS}", "Zeeland"]
    assert joined_options(cells, joiner=", ") == [METHODS, "Steun van collega's", "Zeeland"]


def test_two_respondents_with_the_same_picks_make_options():
    assert joined_options(["Zeeland, Utrecht"] * 2, joiner=", ") == ["Zeeland", "Utrecht"]
    assert joined_options(["Zeeland, Utrecht"], joiner=", ") == []


@pytest.mark.parametrize(
    "cells",
    [
        ["Ja, vaak", "Ja, soms", "Nee, nooit", "Ja, vaak", "Ja, soms", "Nee, nooit"],
        ["Lang verhaal, met komma's", "Een ander, ook lang", "Nog een, en nog een"],
        ["Zeeland", "Rijnmond", "Zeeland", "Rijnmond"],
        [None, ""],
    ],
)
def test_single_answers_and_stories_are_not_taken_for_picks(cells):
    assert joined_options(cells, joiner=", ") == []
