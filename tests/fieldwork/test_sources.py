"""Codes counted over sources, on small tables worked out by hand."""

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.sources import (
    co_occurrence,
    code_by_source,
    negative_cases,
    quantifier,
    saturation,
    with_ancestors,
)

CODEBOOK = pd.DataFrame(
    {
        "code": ["a", "a.x", "a.y", "b", "old"],
        "parent": ["", "a", "a", "", ""],
        "name": ["A", "AX", "AY", "B", "Oud"],
        "status": ["active"] * 4 + ["retired"],
    }
)
SEGMENTS = pd.DataFrame(
    [
        ("P01", 0, 9, "a.x", 1),
        ("P01", 0, 9, "a.y", 1),
        ("P01", 20, 29, "a.x", 2),
        ("P02", 0, 5, "b", 1),
        ("P02", 0, 5, "a.x", 1),
    ],
    columns=["document", "start", "end", "code", "turn"],
)
DOCUMENTS = pd.DataFrame(
    {"document": ["P01", "P02", "P03"], "group": ["gemeente", "coa", "gemeente"]}
)


def test_parents_count_a_passage_once():
    rows = with_ancestors(SEGMENTS, codebook=CODEBOOK)
    assert rows["code"].value_counts().to_dict() == {"a.x": 3, "a": 3, "a.y": 1, "b": 1}


def test_sources_count_beside_passages_and_silent_sources_stay_in_the_base():
    table = code_by_source(SEGMENTS, documents=DOCUMENTS, codebook=CODEBOOK).set_index("code")
    assert table.loc["a.x", ["n_segments", "n_sources", "base"]].tolist() == [3, 2, 3]
    assert table.loc["a", "n_segments"] == 0
    assert "old" not in table.index


def test_segments_of_documents_that_are_no_source_do_not_count():
    two = DOCUMENTS[DOCUMENTS["document"].ne("P02")]
    table = code_by_source(SEGMENTS, documents=two, codebook=CODEBOOK).set_index("code")
    assert table.loc["a.x", ["n_segments", "n_sources", "base"]].tolist() == [2, 1, 2]
    assert table.loc["b", "n_sources"] == 0


def test_by_group_each_group_has_its_own_base():
    table = code_by_source(SEGMENTS, documents=DOCUMENTS, codebook=CODEBOOK, by="group")
    rows = table.set_index(["group", "code"])
    assert rows.loc[("gemeente", "a.x"), ["n_sources", "base", "share"]].tolist() == [1, 2, 0.5]
    assert rows.loc[("coa", "b"), "share"] == 1


def test_codes_meet_within_the_unit_only():
    table = co_occurrence(SEGMENTS, unit=["document", "turn"])
    pairs = {(r.first, r.second): r.n for r in table.itertuples()}
    assert pairs == {("a.x", "a.y"): 1, ("a.x", "b"): 1}
    assert table.loc[0, "jaccard"] == pytest.approx(1 / 3)


def test_a_code_twice_in_a_unit_meets_another_once():
    (pair,) = co_occurrence(SEGMENTS[:3], unit=["document"]).to_dict("records")
    assert (pair["n"], pair["n_first"], pair["n_second"]) == (1, 1, 1)


def test_saturation_follows_base_run_and_threshold():
    # codes per document 1-7: {1,2} {2,3} {3,4} {4} {5} {1} {2}; base of 4 holds 4 codes
    codes = [("12"), ("23"), ("34"), ("4"), ("5"), ("1"), ("2")]
    segments = pd.DataFrame(
        [(f"D{i}", c) for i, text in enumerate(codes, 1) for c in text],
        columns=["document", "code"],
    )
    order = [f"D{i}" for i in range(1, 8)]
    table = saturation(segments, order=order, base_size=4, run_length=2, threshold=0.05)
    assert table["new_codes"].tolist() == [2, 1, 1, 0, 1, 0, 0]
    assert table["new_information"].tolist()[5:] == [0.25, 0.0]
    assert table["saturated"].tolist()[5:] == [False, True]
    at = saturation(segments, order=order, base_size=4, run_length=2, threshold=0.25)
    assert at["saturated"].tolist()[5:] == [True, True]
    few = saturation(segments, order=order[:5], base_size=4, run_length=2, threshold=0.05)
    assert str(few) == "Niet te meten: daarvoor zijn 6 gesprekken nodig en er zijn er 5"


def test_a_negative_case_is_a_source_with_the_opposite():
    codebook = CODEBOOK.assign(opposite=["b", "", "", "", ""])
    table = negative_cases(SEGMENTS, documents=DOCUMENTS, codebook=codebook)
    assert table.iloc[0].tolist() == ["a", "A", "b", "B", 2, 1, 1, 0, 3]


SCALE = [(0.0, "geen"), (0.1, "een enkele"), (0.5, "een aantal"), (0.99, "de meeste"), (1, "alle")]


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, "geen"), (1, "een enkele"), (5, "een aantal"), (9, "de meeste"), (10, "alle")],
)
def test_a_quantifier_follows_the_written_scale(n, words):
    assert quantifier(n, 10, scale=SCALE) == words


def test_a_quantifier_of_nothing_is_refused():
    with pytest.raises(CopanalysisError):
        quantifier(0, 0, scale=SCALE)
