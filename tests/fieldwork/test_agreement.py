"""Agreement per code and overall: what the tables say, and what must hold for any coding."""

import numpy as np
import pandas as pd
import pytest
from agreement_material import BY_DOCUMENT, BY_UNIT, coding, ratings, ratings_of_table, value
from hypothesis import given, settings
from hypothesis import strategies as st

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.agreement import (
    Bootstrap,
    agreement_by_code,
    agreement_table,
    coefficients,
    disagreements,
    overall_agreement,
)

SETS = {
    "a1": ("kx", "kx"),
    "a2": ("k", "kx"),
    "a3": ("k", "x"),
    "b1": ("x", "x"),
    "b2": ("x", "kx"),
    "b3": ("x", "x"),
}
COEFFICIENTS = ("percent_agreement", "kappa", "alpha", "ac1")


def table(sets, *, codes, coefficient="alpha", threshold=0.667, bootstrap=BY_UNIT):
    found = agreement_table(
        coding(sets, codes=codes),
        coefficient=coefficient,
        threshold=threshold,
        bootstrap=bootstrap,
    )
    return found.set_index("code")


def test_a_row_counts_the_units_of_each_coder_and_of_both():
    row = table(SETS, codes="k").loc["k"]
    assert list(row[["n_units", "n_coder_1", "n_coder_2"]]) == [6, 3, 3]
    assert list(row[["both", "only_first", "only_second"]]) == [2, 1, 1]


def test_only_first_and_only_second_are_told_apart():
    row = table({"a1": ("k", ""), "a2": ("k", ""), "a3": ("", "k")}, codes="k").loc["k"]
    assert list(row[["n_coder_1", "n_coder_2", "only_first", "only_second"]]) == [2, 1, 2, 1]


def test_the_coefficients_of_a_row_follow_from_its_two_by_two_table():
    row = table(SETS, codes="k").loc["k"]
    # both 2, only first 1, only second 1, neither 2: agreement 4/6, chance 1/2.
    assert row["percent_agreement"] == pytest.approx(4 / 6)
    assert row["kappa"] == pytest.approx((4 / 6 - 1 / 2) / (1 / 2))
    assert row["alpha"] == pytest.approx(1 - (12 - 1) * 4 / (2 * 6 * 6))
    assert row["ac1"] == pytest.approx((4 / 6 - 1 / 2) / (1 / 2))


@pytest.mark.parametrize(("threshold", "verdict"), [(0.3, "voldoende"), (0.34, "onvoldoende")])
def test_the_verdict_compares_the_coefficient_with_the_threshold(threshold, verdict):
    row = table(SETS, codes="k", coefficient="kappa", threshold=threshold).loc["k"]
    assert row["verdict"] == verdict
    assert row["reason"] == ""


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@pytest.mark.parametrize(
    ("sets", "reason"),
    [
        ({"a1": ("", ""), "a2": ("", "")}, "geen van de codeurs gebruikte deze code"),
        ({"a1": ("k", "k"), "a2": ("k", "k")}, "alle codeurs gaven elke eenheid deze code"),
        ({"a1": ("k", None)}, "geen enkele eenheid is door twee codeurs beoordeeld"),
    ],
)
def test_a_code_that_was_not_put_to_the_test_has_no_verdict_and_says_why(coefficient, sets, reason):
    row = table(sets, codes="k", coefficient=coefficient).loc["k"]
    assert (row["verdict"], row["reason"]) == ("niet te bepalen", reason)
    assert row[["kappa", "alpha", "ac1"]].isna().all()


def test_a_code_exactly_at_the_threshold_suffices():
    row = table({"a1": ("k", "k"), "a2": ("", "")}, codes="k", threshold=1.0).loc["k"]
    assert row["alpha"] == 1
    assert row["verdict"] == "voldoende"


def test_one_coder_who_never_and_one_who_always_uses_a_code_agree_no_more_than_chance():
    row = table({"a1": ("k", ""), "a2": ("k", "")}, codes="k", coefficient="kappa").loc["k"]
    assert row["kappa"] == 0
    assert row["verdict"] == "onvoldoende"


def test_with_three_coders_the_kappas_have_their_names():
    sets = {"a1": ("k", "k", "k"), "a2": ("k", "", "k"), "a3": ("", "", ""), "a4": ("k", "k", "")}
    row = table(sets, codes="k", coefficient="kappa_fleiss").loc["k"]
    assert {"kappa_light", "kappa_fleiss", "n_coder_3"} <= set(row.index)
    assert "kappa" not in row.index
    assert list(row[["all_coders", "some_coders"]]) == [1, 2]


def test_light_is_undefined_when_one_pair_never_met():
    sets = {"a1": ("k", "k", None), "a2": ("", "", None), "a3": ("k", None, "")}
    row = table(sets, codes="k", coefficient="kappa_light").loc["k"]
    assert np.isnan(row["kappa_light"])
    assert row["reason"] == "voor een van de paren codeurs is de maat niet te bepalen"
    assert not np.isnan(row["alpha"])


def test_a_coefficient_that_does_not_exist_for_this_number_of_coders_is_refused():
    with pytest.raises(CopanalysisError, match="kappa_light"):
        table(SETS, codes="k", coefficient="kappa_light")
    with pytest.raises(CopanalysisError, match="with 2 coders"):
        table(SETS, codes="k", coefficient="kapa")


def test_units_that_one_coder_did_not_see_change_nothing():
    more = SETS | {"c1": ("k", None), "c2": ("kx", None), "c3": (None, "k")}
    for bootstrap in (BY_UNIT, BY_DOCUMENT):
        pd.testing.assert_frame_equal(
            table(SETS, codes="kx", bootstrap=bootstrap),
            table(more, codes="kx", bootstrap=bootstrap),
        )
        pd.testing.assert_frame_equal(
            overall_agreement(coding(SETS, codes="kx"), bootstrap=bootstrap),
            overall_agreement(coding(more, codes="kx"), bootstrap=bootstrap),
        )


def test_overall_sets_count_partial_agreement():
    found = overall_agreement(coding(SETS, codes="kx"), bootstrap=BY_UNIT)
    assert value(found, "identical_sets") == pytest.approx(3 / 6)
    # Jaccard of the six units: 1, 1/2, 0, 1, 1/2, 1.
    assert value(found, "jaccard") == pytest.approx(4 / 6)
    assert value(found, "percent_agreement") == pytest.approx(8 / 12)
    assert list(found["n_units"]) == [12] * 4 + [6] * 5
    assert (found["reason"] == "").all()


def test_mean_jaccard_leaves_out_units_on_which_both_coded_nothing():
    found = overall_agreement(
        coding({"a1": ("k", "k"), "a2": ("", ""), "a3": ("k", "")}, codes="k"), bootstrap=BY_UNIT
    )
    assert value(found, "jaccard") == pytest.approx(1 / 2)


def test_overall_without_a_single_code_says_that_nothing_varies():
    found = overall_agreement(
        coding({"a1": ("", ""), "a2": ("", "")}, codes="k"), bootstrap=BY_UNIT
    )
    undefined = found[found["value"].isna()]
    assert set(undefined["measure"]) >= {"kappa", "alpha", "alpha_masi", "jaccard"}
    assert undefined["reason"].str.startswith("alle oordelen zijn gelijk").all()


# --- what must hold for any ratings -----------------------------------------------------------

matrices = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(st.sampled_from([0, 1, 2, None]), min_size=coders, max_size=coders),
        min_size=2,
        max_size=12,
    )
)


def values_of(matrix, level="ordinal"):
    table = ratings(matrix).astype({"value": "Int64"})
    return coefficients(table, level=level, bootstrap=None)["value"].to_numpy()


@settings(deadline=None, max_examples=60)
@given(matrices, st.randoms(use_true_random=False))
def test_neither_the_order_of_coders_nor_of_units_matters(matrix, random):
    order = list(range(len(matrix[0])))
    random.shuffle(order)
    turned = [[row[i] for i in order] for row in matrix]
    random.shuffle(turned)
    np.testing.assert_allclose(values_of(matrix), values_of(turned), atol=1e-12)


@settings(deadline=None, max_examples=60)
@given(matrices)
def test_coefficients_never_exceed_one_and_are_one_only_for_perfect_agreement(matrix):
    found = values_of(matrix, "nominal")
    defined = found[~np.isnan(found)]
    assert (defined <= 1).all()
    shared = [{v for v in row if v is not None} for row in matrix if len(row) - row.count(None) > 1]
    perfect = all(len(values) == 1 for values in shared)
    assert ((defined == 1) == perfect).all()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=15), st.integers(2, 4))
def test_perfect_agreement_is_one_at_every_level(column, coders):
    matrix = [[v] * coders for v in column]
    for level in ("nominal", "ordinal", "interval", "ratio"):
        found = values_of(matrix, level)
        expected = 1.0 if len(set(column)) > 1 else np.nan
        np.testing.assert_array_equal(found[1:], expected)
        assert found[0] == 1


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 12), min_size=3, max_size=3),
    st.lists(st.integers(1, 12), min_size=3, max_size=3),
)
def test_agreement_exactly_at_chance_gives_kappa_exactly_zero(rows, columns):
    found = coefficients(ratings_of_table(np.outer(rows, columns)), level="nominal", bootstrap=None)
    assert value(found, "kappa") == 0.0


@pytest.mark.parametrize("coders", [2, 3])
def test_coders_who_code_at_random_agree_no_more_than_chance(coders):
    random = np.random.default_rng(20240101)
    matrix = (random.random((20000, coders)) < [0.1, 0.3, 0.5][:coders]).astype(int).tolist()
    found = coefficients(ratings(matrix), level="nominal", bootstrap=None)
    assert value(found, "kappa" if coders == 2 else "kappa_light") == pytest.approx(0, abs=0.02)
    same = (random.random((20000, coders)) < 0.2).astype(int).tolist()
    found = coefficients(ratings(same), level="nominal", bootstrap=None)
    for measure in found["measure"]:
        if measure not in ("percent_agreement", "ac1"):
            assert value(found, measure) == pytest.approx(0, abs=0.02)


def test_units_without_a_pair_change_alpha_and_kappa_in_nothing():
    matrix = [[1, 1], [1, 2], [2, 2], [3, 2]]
    more = [*matrix, [1, None], [None, 3], [None, None]]
    keep = ["percent_agreement", "kappa", "alpha"]
    one, other = (
        coefficients(ratings(m).astype({"value": "Int64"}), level="nominal", bootstrap=None)
        .set_index("measure")
        .loc[keep, "value"]
        for m in (matrix, more)
    )
    pd.testing.assert_series_equal(one, other)


@pytest.mark.parametrize(
    ("change", "level", "part"),
    [
        ({"value": "yes"}, "ordinal", "values that are no numbers"),
        ({"value": -1}, "ratio", "negative values"),
        ({"coder": "same"}, "nominal", "fewer than two coders"),
        ({"unit": "same"}, "nominal", "rated twice"),
        ({}, "metric", "nominal or ordinal or interval or ratio"),
    ],
)
def test_ratings_that_do_not_fit_the_level_are_refused(change, level, part):
    wrong = ratings([[1, 2], [2, 2]]).assign(**change)
    with pytest.raises(CopanalysisError, match=part):
        coefficients(wrong, level=level, bootstrap=None)


# --- intervals --------------------------------------------------------------------------------


def random_coding(seed=3, documents=12, units=20):
    random = np.random.default_rng(seed)
    first = random.random((documents, units)) < 0.4
    second = np.where(random.random((documents, units)) < 0.8, first, ~first)
    return pd.DataFrame(
        [
            (f"u{d}-{u}", f"d{d}", "k", coder, bool(used[d, u]))
            for coder, used in (("first", first), ("second", second))
            for d in range(documents)
            for u in range(units)
        ],
        columns=["unit", "document", "code", "coder", "used"],
    )


@pytest.mark.parametrize("resample", ["unit", "document"])
def test_the_interval_is_that_of_resampling_by_hand(resample):
    data = random_coding()
    bootstrap = Bootstrap(resample=resample, resamples=4000, seed=1, confidence=0.9)
    row = agreement_table(data, coefficient="kappa", threshold=0, bootstrap=bootstrap).iloc[0]
    wide = data.pivot(index=["document", "unit"], columns="coder", values="used")
    groups = [g.to_numpy() for _, g in wide.groupby(level=resample)]
    random = np.random.default_rng(99)
    draws = []
    for _ in range(1500):
        a, b = np.concatenate([groups[i] for i in random.integers(0, len(groups), len(groups))]).T
        chance = a.mean() * b.mean() + (1 - a).mean() * (1 - b).mean()
        draws.append(((a == b).mean() - chance) / (1 - chance))
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(
        np.quantile(draws, [0.05, 0.95]), abs=0.012
    )
    assert row["ci_low"] < row["kappa"] < row["ci_high"]
    assert row["ci_resamples"] == 4000


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    data = random_coding()
    one, again, other = (
        agreement_table(
            data,
            coefficient="alpha",
            threshold=0,
            bootstrap=Bootstrap(resample="unit", resamples=200, seed=seed, confidence=0.95),
        )
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, again)
    assert one["ci_low"][0] != other["ci_low"][0]


def test_units_that_belong_together_widen_the_interval_when_documents_are_drawn():
    data = random_coding()
    disagree = data["document"].isin(["d0", "d1", "d2"]) & data["coder"].eq("second")
    data["used"] = np.where(disagree, ~data["used"], data["used"])
    widths = {}
    for bootstrap in (BY_UNIT, BY_DOCUMENT):
        row = agreement_table(data, coefficient="alpha", threshold=0, bootstrap=bootstrap).iloc[0]
        widths[bootstrap.resample] = row["ci_high"] - row["ci_low"]
    assert widths["document"] > 1.5 * widths["unit"]


def test_one_document_gives_no_interval_when_documents_are_drawn():
    one = {unit: row for unit, row in SETS.items() if unit.startswith("a")}
    row = table(one, codes="k", bootstrap=BY_DOCUMENT).loc["k"]
    assert not np.isnan(row["alpha"])
    assert np.isnan(row["ci_low"])
    assert row["ci_resamples"] == 0


def test_draws_in_which_a_coefficient_does_not_exist_are_counted_out():
    rare = {f"a{i}": ("", "") for i in range(8)} | {"b1": ("k", "k")}
    row = table(rare, codes="k").loc["k"]
    assert 0 < row["ci_resamples"] < BY_UNIT.resamples


@pytest.mark.parametrize("wrong", [{"resample": "coder"}, {"resamples": 0}, {"confidence": 95}])
def test_a_bootstrap_that_makes_no_sense_is_refused(wrong):
    right = {"resample": "unit", "resamples": 10, "seed": 1, "confidence": 0.95}
    with pytest.raises(CopanalysisError, match=next(iter(wrong))):
        Bootstrap(**(right | wrong))


# --- the list of disagreements ----------------------------------------------------------------

PASSAGES = pd.DataFrame(
    {
        "unit": list(SETS),
        "document": [unit[0] for unit in SETS],
        "start": [0, 4, 9, 0, 4, 9],
        "end": [3, 8, 14, 3, 8, 14],
    }
)
TEXTS = pd.DataFrame({"document": ["a", "b"], "text": ["een twee drie🙂", "aap noot mies🙂"]})


def differences(sets=SETS, first="coder 0", second="coder 1", units=PASSAGES, texts=TEXTS):
    return disagreements(coding(sets, codes="kx"), units, texts, first=first, second=second)


def test_disagreements_show_the_passage_with_both_codings():
    found = differences()
    assert list(found["unit"]) == ["a2", "a3", "b2"]
    assert list(found["document"]) == ["a", "a", "b"]
    assert list(found["text"]) == ["twee", "drie🙂", "noot"]
    assert list(found["codes_first"]) == ["k", "k", "x"]
    assert list(found["codes_second"]) == ["k, x", "x", "k, x"]
    assert list(found["only_first"]) == ["", "k", ""]
    assert list(found["only_second"]) == ["x", "x", "k"]


def test_disagreements_turn_with_the_coders_and_leave_out_what_one_did_not_see():
    turned = differences(first="coder 1", second="coder 0")
    assert list(turned["only_second"]) == list(differences()["only_first"])
    unseen = differences(sets=SETS | {"a3": ("k", None)})
    assert list(unseen["unit"]) == ["a2", "b2"]


def test_no_disagreement_is_an_empty_list_with_the_same_columns():
    found = differences(sets=dict.fromkeys(SETS, ("k", "k")))
    assert found.empty
    assert list(found.columns) == list(differences().columns)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"first": "coder 9"}, "coder 9"),
        ({"units": PASSAGES.iloc[:-1]}, "unit b3"),
        ({"texts": TEXTS.iloc[:1]}, "unit b1"),
        ({"texts": TEXTS[["document"]]}, "a column text"),
    ],
)
def test_disagreements_without_a_coder_or_a_passage_are_refused(changes, part):
    with pytest.raises(CopanalysisError, match=part):
        differences(**changes)


def test_a_coefficient_by_code_is_that_of_the_table():
    data = random_coding()
    whole = agreement_table(data, coefficient="alpha", threshold=0, bootstrap=BY_UNIT)
    alone = agreement_by_code(data, coefficient="alpha")
    assert alone.to_dict() == whole.set_index("code")["alpha"].to_dict()
    part = agreement_by_code(data[data["document"].ne("d0")], coefficient="alpha")
    assert part.to_dict() != alone.to_dict()
