"""From coded stretches to judgements on units of coding."""

import pandas as pd
import pytest
from agreement_material import segments

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.agreement import coding_units, documents_coded
from copanalysis.fieldwork.agreement_units import judgements

UNITS = pd.DataFrame(
    [("P01-1", "P01", 0, 10), ("P01-2", "P01", 10, 30), ("P02-1", "P02", 0, 10)],
    columns=["unit", "document", "start", "end"],
)
BOTH = {"anna": ["P01", "P02"], "bram": ["P01", "P02"]}


def judged(rows, *, coders=BOTH, codes=("k",), minimum_share=0.0, units=UNITS):
    table = coding_units(
        segments(rows), units, coders=coders, codes=codes, minimum_share=minimum_share
    )
    return table.set_index(["code", "unit", "coder"])["used"]


def refusal(rows=(), **changes):
    with pytest.raises(CopanalysisError) as refused:
        judged(list(rows), **changes)
    return str(refused.value)


def test_one_character_is_enough_when_no_share_is_asked():
    used = judged([("anna", "P01", 9, 11, "k")])
    assert used["k", "P01-1", "anna"]
    assert used["k", "P01-2", "anna"]
    assert not used["k", "P02-1", "anna"]
    assert not used["k", "P01-1", "bram"]


def test_a_segment_that_only_touches_a_unit_does_not_code_it():
    used = judged([("anna", "P01", 10, 12, "k")])
    assert not used["k", "P01-1", "anna"]
    assert used["k", "P01-2", "anna"]


@pytest.mark.parametrize(("share", "expected"), [(0.5, True), (0.51, False)])
def test_the_covered_share_counts_each_character_once(share, expected):
    rows = [("anna", "P01", 10, 18, "k"), ("anna", "P01", 14, 20, "k")]
    assert bool(judged(rows, minimum_share=share)["k", "P01-2", "anna"]) is expected


def test_parts_of_a_unit_add_up():
    rows = [("anna", "P01", 10, 15, "k"), ("anna", "P01", 25, 30, "k")]
    assert judged(rows, minimum_share=0.5)["k", "P01-2", "anna"]


def test_a_segment_over_several_units_codes_them_all():
    used = judged([("anna", "P01", 0, 30, "k")], minimum_share=1.0)
    assert used["k", "P01-1", "anna"]
    assert used["k", "P01-2", "anna"]


def test_places_of_one_document_do_not_reach_into_another():
    used = judged([("anna", "P02", 0, 10, "k")])
    assert used["k", "P02-1", "anna"]
    assert not used["k", "P01-1", "anna"]


def test_a_document_that_a_coder_was_not_given_is_missing_and_not_no():
    used = judged([], coders={"anna": ["P01", "P02"], "bram": ["P01"]})
    assert used[("k", "P02-1", "bram")] is pd.NA
    assert not used["k", "P02-1", "anna"]
    assert not used["k", "P01-1", "bram"]


def test_every_code_unit_and_coder_has_one_row_in_the_order_given():
    table = coding_units(
        segments([("bram", "P01", 0, 1, "b")]),
        UNITS,
        coders={"bram": ["P01"], "anna": ["P02"]},
        codes=["b", "a"],
        minimum_share=0,
    )
    assert list(table["code"].unique()) == ["b", "a"]
    assert list(table["coder"].unique()) == ["bram", "anna"]
    assert not table.duplicated(["code", "unit", "coder"]).any()
    assert len(table) == 2 * 3 * 2


def test_the_order_of_segments_and_units_makes_no_difference():
    rows = [
        ("anna", "P01", 0, 4, "k"),
        ("anna", "P01", 2, 12, "m"),
        ("bram", "P02", 3, 9, "k"),
        ("bram", "P01", 28, 30, "m"),
    ]
    usual = judged(rows, codes=["k", "m"], minimum_share=0.2)
    turned = judged(rows[::-1], codes=["k", "m"], minimum_share=0.2, units=UNITS[::-1])
    pd.testing.assert_series_equal(usual.sort_index(), turned.sort_index())


def test_tables_laid_under_each_other_with_their_old_row_numbers_give_the_same():
    rows = [("anna", "P01", 0, 4, "k"), ("bram", "P02", 3, 9, "k"), ("bram", "P01", 9, 30, "k")]
    stacked = pd.concat([segments(rows[:1]), segments(rows[1:2]), segments(rows[2:])])
    units = pd.concat([UNITS.iloc[[0]], UNITS.iloc[1:].reset_index(drop=True)])
    assert stacked.index.has_duplicates
    assert units.index.has_duplicates
    table = coding_units(stacked, units, coders=BOTH, codes=["k"], minimum_share=0)
    found = table.set_index(["code", "unit", "coder"])["used"]
    pd.testing.assert_series_equal(found, judged(rows))
    said = refusal(units=pd.concat([units, UNITS.iloc[[0]].assign(unit="again")]))
    assert "unit again" in said


def test_a_selection_without_a_code_counts_for_nothing():
    assert not judged([("anna", "P01", 0, 10, "")]).any()


def test_the_documents_of_a_coder_can_be_read_from_the_segments():
    rows = [
        ("bram", "P02", 0, 1, "k"),
        ("anna", "P01", 0, 1, "k"),
        ("bram", "P01", 0, 1, "k"),
        ("bram", "P03", 0, 1, ""),
    ]
    assert documents_coded(segments(rows)) == {"anna": ["P01"], "bram": ["P01", "P02"]}


def test_all_problems_of_the_segments_are_told_at_once():
    said = refusal(
        [
            ("carla", "P01", 0, 5, "k"),
            ("bram", "P02", 0, 5, "k"),
            ("anna", "P01", 0, 5, "typo"),
            ("anna", "P01", 5, 5, "k"),
        ],
        coders={"anna": ["P01", "P02"], "bram": ["P01"]},
    )
    assert "4 problem(s)" in said
    for part in ("carla", "only documents that this coder was given", "code typo", "stretch 5-5"):
        assert part in said


def test_problems_of_the_units_are_told_at_once():
    rows = [("x", "P01", 0, 5), ("x", "P01", 4, 9), ("y", "P02", 3, 3), ("z", "P02", 3, 4)]
    said = refusal(units=pd.DataFrame(rows, columns=UNITS.columns), minimum_share=0)
    assert "an id that stands there twice" in said
    assert "an overlap with the unit before it" in said
    assert "no characters" in said


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"coders": {"anna": ["P01"]}}, "two or more coders"),
        ({"codes": []}, "one or more codes"),
        ({"codes": ["k", "k"]}, "each once"),
        ({"minimum_share": 1.2}, "a share from 0 to 1"),
        ({"units": UNITS.drop(columns="end")}, "a column end"),
    ],
)
def test_what_cannot_be_compared_is_refused(changes, part):
    assert part in refusal(**changes)


def test_judgements_that_are_not_complete_are_refused():
    table = coding_units(segments([]), UNITS, coders=BOTH, codes=["k"], minimum_share=0)
    for wrong, part in (
        (table.iloc[1:], "missing or repeated"),
        (pd.concat([table, table.tail(1)]), "missing or repeated"),
        (table[table["coder"].eq("anna")], "two or more coders"),
        (table.drop(columns="used"), "a column used"),
    ):
        with pytest.raises(CopanalysisError, match=part):
            judgements(wrong)


def test_a_coder_who_judged_a_unit_for_some_codes_only_is_refused():
    table = coding_units(segments([]), UNITS, coders=BOTH, codes=["k", "m"], minimum_share=0)
    table.loc[0, "used"] = pd.NA
    with pytest.raises(CopanalysisError, match="for some codes only"):
        judgements(table)
