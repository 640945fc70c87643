"""Estimates: counts against hand counts, intervals against published tables, and invariants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.estimates import (
    cross_table,
    given_ticked,
    hoped_and_got,
    item_bases,
    multiple_response,
    scale_summary,
    single_choice,
    wilson_interval,
)
from copanalysis.survey.intervals import newcombe_interval, paired_correlation

TICKS = ("insight", "network", "other")
SCALE = ("agree", "neutral", "disagree")
STATES = ("skipped", "not_shown", "refused", "dont_know", "not_asked")


def options_of(item, codes, kinds=None):
    kinds = kinds or {"other": "other", "dont_know": "dont_know"}
    return pd.DataFrame(
        [(item, c, c.upper(), k, kinds.get(c, "answer")) for k, c in enumerate(codes, 1)],
        columns=["item", "option", "label", "position", "kind"],
    )


def single(item, given, *, wave="1", cops=None):
    """Rows of a single or scale item; ``given`` holds a code or a state per respondent."""
    rows = []
    for k, answer in enumerate(given):
        state = answer if answer in STATES else "answered"
        value = answer if state == "answered" else None
        cop = cops[k] if cops else "a"
        rows.append((wave, f"{wave}-{k:04d}", cop, item, "", value, state))
    return tidy(rows)


def multiple(item, given, *, wave="1", cops=None, codes=TICKS):
    """Rows of a multiple-response item; ``given`` holds a set of codes or a state each."""
    rows = []
    for k, answer in enumerate(given):
        ticks = set() if isinstance(answer, str) else set(answer)
        state = answer if isinstance(answer, str) else "answered" if ticks else "none_ticked"
        cop = cops[k] if cops else "a"
        for code in codes:
            value = None if isinstance(answer, str) else "1" if code in ticks else "0"
            rows.append((wave, f"{wave}-{k:04d}", cop, item, code, value, state))
    return tidy(rows)


def tidy(rows):
    columns = ["wave", "respondent", "cop", "item", "option", "value", "state"]
    kinds = dict.fromkeys(("wave", "cop", "item", "option", "value", "state"), "category")
    return pd.DataFrame(rows, columns=columns).astype({"respondent": "string", **kinds})


def together(*tables):
    joined = pd.concat([table.astype("object") for table in tables], ignore_index=True)
    return tidy(joined.itertuples(index=False, name=None))


def asked(**changes):
    return {"base": "answered", "population": None, "confidence": 0.95, **changes}


def by_option(table, column):
    return dict(zip(table["option"], table[column], strict=True))


# Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3 (Wilson score), 95%.
# Also R 4.2.2: prop.test(81, 263, correct = FALSE)$conf.int and so on.
@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_limits_are_those_of_newcombe_1998(count, base, low, high):
    found = wilson_interval(count, base, population=None, confidence=0.95)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_limits_agree_with_statsmodels_for_every_count_up_to_forty():
    base, count = (grid.ravel() for grid in np.meshgrid(np.arange(1, 41), np.arange(41)))
    base, count = base[count <= base], count[count <= base]
    found = wilson_interval(count, base, population=None, confidence=0.9)
    expected = proportion_confint(count, base, alpha=0.1, method="wilson")
    np.testing.assert_allclose(found, expected, atol=1e-12)


# R 4.2.2: uniroot on (p - P)^2 = z^2 * P * (1 - P) / n * (N - n) / (N - 1), tol = 1e-14.
@pytest.mark.parametrize(
    ("count", "base", "population", "confidence", "low", "high"),
    [
        (34, 74, 250, 0.95, 0.3671268113, 0.5546618792),
        (8, 10, 27, 0.95, 0.5507064445, 0.9288438112),
        (3, 146, 250, 0.90, 0.0112636696, 0.0371970448),
    ],
)
def test_finite_population_limits_solve_the_score_equation(
    count, base, population, confidence, low, high
):
    found = wilson_interval(count, base, population=population, confidence=confidence)
    assert found == (pytest.approx(low, abs=1e-8), pytest.approx(high, abs=1e-8))


@given(st.integers(2, 60), st.data())
@settings(max_examples=60, deadline=None)
def test_finite_population_limits_are_roots_for_any_inner_count(base, data):
    count = data.draw(st.integers(1, base - 1))
    population = data.draw(st.integers(base + 1, 400))
    share, z2 = count / base, norm.ppf(0.975) ** 2

    def score(value):
        spread = value * (1 - value) / base * (population - base) / (population - 1)
        return (share - value) ** 2 - z2 * spread

    low, high = wilson_interval(count, base, population=population, confidence=0.95)
    assert low == pytest.approx(brentq(score, 0, share), abs=1e-7)
    assert high == pytest.approx(brentq(score, share, 1), abs=1e-7)


def test_a_complete_population_leaves_no_interval():
    low, high = wilson_interval([3, 1], [10, 1], population=[10, 1], confidence=0.95)
    np.testing.assert_array_equal(low, [0.3, 1.0])
    np.testing.assert_array_equal(high, [0.3, 1.0])


def test_none_and_all_have_limits_of_exactly_zero_and_one():
    sizes = np.arange(1, 500)
    for confidence in (0.8, 0.9, 0.95, 0.99):
        ask = {"population": 600, "confidence": confidence}
        low, _ = wilson_interval(np.zeros_like(sizes), sizes, **ask)
        _, high = wilson_interval(sizes, sizes, **ask)
        assert (low == 0).all()
        assert (high == 1).all()


def test_an_empty_base_has_no_share_and_no_interval():
    low, high = wilson_interval(0, 0, population=250, confidence=0.95)
    assert np.isnan(low)
    assert np.isnan(high)


def test_impossible_intervals_are_refused_all_at_once():
    with pytest.raises(CopanalysisError) as caught:
        wilson_interval([5, 3], [4, 20], population=[9, 10], confidence=95)
    assert len(caught.value.problems) == 3
    for part in ("5 with base 4", "10 with base 20", "95"):
        assert part in str(caught.value)


# Newcombe (1998), Statistics in Medicine 17:2635-2650, table III, method 10 (computed there
# with z = 1.96): both, only first, only second, neither. Recomputed with R 4.2.2 (Wilson limits
# as roots of their quadratic by polyroot). Last row: the data of Cavo et al. (2012) in R package
# contingencytables, Newcombe_square_and_add_CI_paired_2x2.
PAIRED = [
    ((36, 12, 2, 0), (0.0569, 0.3404)),
    ((20, 12, 2, 16), (0.0562, 0.3292)),
    ((18, 12, 2, 18), (0.0562, 0.3290)),
    ((36, 14, 0, 0), (0.1528, 0.4167)),
    ((35, 14, 0, 1), (0.1461, 0.4175)),
    ((18, 14, 0, 18), (0.1441, 0.3963)),
    ((2, 97, 1, 0), (0.8721, 0.9854)),
    ((1, 97, 1, 1), (0.8736, 0.9850)),
    ((0, 29, 1, 0), (0.6666, 0.9882)),
    ((2, 98, 0, 0), (0.9178, 0.9945)),
    ((1, 98, 0, 1), (0.9171, 0.9916)),
    ((0, 30, 0, 0), (0.8395, 1.0000)),
    ((54, 0, 0, 0), (-0.0664, 0.0664)),
    ((53, 0, 0, 1), (-0.0729, 0.0729)),
    ((30, 0, 0, 24), (-0.0358, 0.0358)),
    ((27, 0, 0, 27), (-0.0351, 0.0351)),
    ((59, 6, 16, 80), (-0.1186, -0.0046)),
]


@pytest.mark.parametrize(("cells", "expected"), PAIRED)
def test_paired_interval_is_that_of_newcombe_1998(cells, expected):
    both, first, second, _ = cells
    n = sum(cells)
    margins = [
        (count / n, *wilson_interval(count, n, population=None, confidence=0.95))
        for count in (both + first, both + second)
    ]
    found = newcombe_interval(*margins, correlation=paired_correlation(*cells))
    assert found == (pytest.approx(expected[0], abs=1e-4), pytest.approx(expected[1], abs=1e-4))


def test_single_choice_counts_every_option_on_who_answered():
    answers = single("q9", ["agree", "agree", "neutral", "skipped", "not_shown", "not_asked"])
    table = single_choice(answers, item="q9", options=options_of("q9", SCALE), **asked())
    assert list(table.columns) == [
        *("item", "option", "label", "position", "n", "base"),
        *("share", "ci_low", "ci_high", "interval_method"),
    ]
    assert by_option(table, "n") == {"agree": 2, "neutral": 1, "disagree": 0}
    assert table["base"].tolist() == [3, 3, 3]
    assert table["share"].tolist() == [2 / 3, 1 / 3, 0]
    assert set(table["interval_method"]) == {"wilson"}


def test_on_base_asked_a_skipped_answer_stays_in_the_base():
    answers = single("q9", ["agree", "skipped", "refused", "not_shown"])
    options = options_of("q9", SCALE)
    table = single_choice(answers, item="q9", options=options, **asked(base="asked"))
    assert table["base"].tolist() == [3, 3, 3]
    assert by_option(table, "n")["agree"] == 1


def test_dont_know_counts_only_on_base_asked():
    answers = single("q9", ["agree", "dont_know", "dont_know"])
    options = options_of("q9", (*SCALE, "dont_know"))
    on_asked = single_choice(answers, item="q9", options=options, **asked(base="asked"))
    assert by_option(on_asked, "n")["dont_know"] == 2
    on_answered = single_choice(answers, item="q9", options=options, **asked())
    assert "dont_know" not in set(on_answered["option"])
    assert on_answered["base"].iloc[0] == 1


def test_options_come_in_order_of_position_not_of_rows():
    answers = single("q9", ["agree"])
    options = options_of("q9", SCALE).iloc[::-1].assign(position=["10", "9", "1"])
    table = single_choice(answers, item="q9", options=options, **asked())
    assert table["option"].tolist() == ["agree", "neutral", "disagree"]


def test_multiple_response_bases_differ_by_who_ticked_nothing_and_who_skipped():
    answers = multiple("q4", [{"insight", "network"}, {"insight"}, set(), "skipped", "not_shown"])
    shares = {}
    for base in ("asked", "answered", "ticked_any"):
        options = options_of("q4", TICKS)
        table = multiple_response(answers, item="q4", options=options, **asked(base=base))
        shares[base] = (table["base"].iloc[0], by_option(table, "n")["insight"])
    assert shares == {"asked": (4, 2), "answered": (3, 2), "ticked_any": (2, 2)}


def test_groups_get_their_own_base_and_population():
    cops = ["a", "a", "b", ""]
    answers = multiple("q4", [{"insight"}, set(), {"insight"}, "skipped"], cops=cops)
    table = multiple_response(
        answers,
        item="q4",
        options=options_of("q4", TICKS),
        **asked(by="cop", population={"a": 1, "b": 9}),
    )
    first = table[table["option"] == "insight"].set_index("cop")
    assert first["base"].to_dict() == {"": 0, "a": 2, "b": 1}
    assert first["interval_method"].to_dict() == {
        "": "wilson",
        "a": "wilson, no fpc: more answers than members",
        "b": "wilson, fpc",
    }
    assert np.isnan(first.loc["", "share"])
    plain = wilson_interval(1, 2, population=None, confidence=0.95)
    assert tuple(first.loc["a", ["ci_low", "ci_high"]]) == plain


def test_two_grouping_columns_take_a_population_per_pair():
    answers = together(
        single("q9", ["agree", "neutral"], wave="1", cops=["a", "b"]),
        single("q9", ["agree"], wave="2", cops=["a"]),
    )
    members = {("1", "a"): 10, ("1", "b"): 20, ("2", "a"): None}
    table = single_choice(
        answers,
        item="q9",
        options=options_of("q9", SCALE),
        **asked(by=["wave", "cop"], population=members),
    )
    assert table[["wave", "cop"]].drop_duplicates().values.tolist() == [
        ["1", "a"],
        ["1", "b"],
        ["2", "a"],
    ]
    assert table["interval_method"].tolist()[::3] == ["wilson, fpc", "wilson, fpc", "wilson"]


@pytest.mark.parametrize(
    ("by", "population", "message"),
    [
        ("cop", 250, "one number"),
        ("cop", {"a": 10}, "no members of 'b'"),
        ("", {"a": 10}, "a mapping"),
    ],
)
def test_a_population_that_does_not_fit_the_groups_is_refused(by, population, message):
    answers = single("q9", ["agree", "agree"], cops=["a", "b"])
    with pytest.raises(CopanalysisError, match=message):
        single_choice(
            answers,
            item="q9",
            options=options_of("q9", SCALE),
            **asked(by=by, population=population),
        )


def test_an_item_that_was_not_asked_is_not_measured():
    answers = together(single("q9", ["agree"], wave="1"), single("q9", ["agree"], wave="3"))
    found = single_choice(answers, item="x1", options=options_of("x1", SCALE), **asked(by="wave"))
    assert found == NotMeasured("x1", "de vraag is in golf 1 en 3 niet gesteld")
    only_marked = single("x1", ["not_asked"])
    found = single_choice(only_marked, item="x1", options=options_of("x1", SCALE), **asked())
    assert found == NotMeasured("x1", "de vraag is in golf 1 niet gesteld")


def test_not_measured_passes_through_every_estimate():
    gone = NotMeasured("wave 4", "er is geen golf 4")
    options = options_of("q4", TICKS)
    ask = {"options": options, **asked()}
    rest = {"population": None, "confidence": 0.95}
    ends = {"favourable": ["agree"], "unfavourable": []}
    pair = {"rows": "a", "columns": "b", "options_rows": options, "options_columns": options}
    assert single_choice(gone, item="q4", **ask) is gone
    assert multiple_response(gone, item="q4", **ask) is gone
    assert scale_summary(gone, item="q4", **ends, **ask) is gone
    assert given_ticked(gone, item="q5", among="q4", options=options, **rest) is gone
    assert hoped_and_got(gone, first="q3", second="q4", **ask) is gone
    assert cross_table(gone, base="answered", **pair) is gone
    assert item_bases(gone) is gone


def test_waves_are_not_thrown_together():
    answers = together(single("q9", ["agree"], wave="1"), single("q9", ["agree"], wave="2"))
    with pytest.raises(CopanalysisError, match="waves 1, 2 together"):
        single_choice(answers, item="q9", options=options_of("q9", SCALE), **asked())


def test_the_same_id_in_two_waves_is_two_respondents():
    answers = together(
        multiple("q4", [{"insight"}], wave="1"), multiple("q4", [set()], wave="2")
    ).assign(respondent="0001")
    options = options_of("q4", TICKS)
    table = multiple_response(answers, item="q4", options=options, **asked(by="wave"))
    assert table["base"].tolist() == [1] * 6
    assert table["n"].tolist() == [1, 0, 0, 0, 0, 0]
    assert item_bases(answers, by="wave")["asked"].tolist() == [1, 1]


def test_an_unknown_base_or_column_is_refused_before_anything_else():
    answers = single("q9", ["agree"]).drop(columns="state")
    with pytest.raises(CopanalysisError) as caught:
        single_choice(
            answers,
            item="q9",
            options=options_of("q9", SCALE).drop(columns="kind"),
            **asked(base="ticked_any", by="n"),
        )
    found = " ".join(problem.found for problem in caught.value.problems)
    assert [part in found for part in ("'state'", "'kind'", "'ticked_any'", "'n'")] == [True] * 4


def test_everything_wrong_with_the_answers_is_listed():
    answers = single("q9", ["agree", "maybe", "perhaps"]).astype("object")
    answers.loc[0, "value"] = None
    again = answers.iloc[[1]]
    odd = answers.iloc[[2]].assign(respondent="1-0009", state="asleep")
    options = pd.concat([options_of("q9", SCALE), options_of("q9", ["agree"])])
    with pytest.raises(CopanalysisError) as caught:
        single_choice(pd.concat([answers, again, odd]), item="q9", options=options, **asked())
    text = str(caught.value)
    for part in ("'maybe'", "'perhaps'", "'agree' twice", "1 repeated", "'asleep'", "1 row(s)"):
        assert part in text


def test_a_multiple_item_is_not_counted_as_a_single_one_nor_the_reverse():
    ticked, chosen = multiple("q4", [{"insight"}]), single("q9", ["agree"])
    with pytest.raises(CopanalysisError, match="use multiple_response"):
        single_choice(ticked, item="q4", options=options_of("q4", TICKS), **asked())
    with pytest.raises(CopanalysisError, match="use single_choice"):
        multiple_response(chosen, item="q9", options=options_of("q9", SCALE), **asked())


def test_ticks_that_contradict_their_state_are_refused():
    answers = multiple("q4", [{"insight"}, set()]).astype("object")
    answers.loc[3, "value"] = "1"
    answers.loc[4, "value"] = "ja"
    answers.loc[5, "state"] = "skipped"
    with pytest.raises(CopanalysisError) as caught:
        multiple_response(answers, item="q4", options=options_of("q4", TICKS), **asked())
    assert "1 tick(s) outside state answered" in str(caught.value)
    assert "'ja'" in str(caught.value)
    assert "1 row(s) in another state" in str(caught.value)


def test_given_ticked_separates_who_had_ticked_it_from_who_had_not():
    earlier = multiple(
        "q4", [{"insight", "network"}, {"insight"}, {"network"}, "skipped", {"insight"}]
    )
    later = multiple("q5", [{"insight"}, {"network"}, set(), {"insight"}, "not_shown"])
    table = given_ticked(
        together(earlier, later),
        item="q5",
        among="q4",
        options=options_of("q5", TICKS),
        population=250,
        confidence=0.95,
    )
    insight, network = (table.iloc[k] for k in (0, 1))
    assert (insight["n"], insight["ticked"], insight["n_of_ticked"], insight["outside"]) == (
        *(2, 2, 1, 1),
    )
    assert (network["n"], network["ticked"], network["n_of_ticked"], network["outside"]) == (
        *(1, 2, 0, 1),
    )
    assert table["base"].tolist() == [4, 4, 4]
    assert table["share"].tolist() == [0.5, 0.25, 0]
    assert table["share_of_ticked"].tolist()[:2] == [0.5, 0]
    assert np.isnan(table["share_of_ticked"].iloc[2])
    assert table["ticked_interval_method"].iloc[0] == "wilson"
    assert table["interval_method"].iloc[0] == "wilson, fpc"
    expected = wilson_interval(1, 2, population=None, confidence=0.95)
    assert (insight["ticked_ci_low"], insight["ticked_ci_high"]) == expected


def test_given_ticked_by_group_counts_within_the_group():
    cops = ["a", "b", "b"]
    earlier = multiple("q4", [{"insight"}, {"insight"}, {"insight"}], cops=cops)
    later = multiple("q5", [{"insight"}, set(), {"insight"}], cops=cops)
    table = given_ticked(
        together(earlier, later),
        item="q5",
        among="q4",
        options=options_of("q5", TICKS),
        by="cop",
        population=None,
        confidence=0.95,
    )
    first = table[table["option"] == "insight"].set_index("cop")
    assert first["ticked"].to_dict() == {"a": 1, "b": 2}
    assert first["share_of_ticked"].to_dict() == {"a": 1.0, "b": 0.5}


def test_scale_summary_gives_both_ends_and_the_median_label():
    codes = ("agree_fully", "agree", "neutral", "disagree", "disagree_fully")
    given_answers = ["agree_fully", "agree", "agree", "neutral", "disagree", "skipped"]
    table = scale_summary(
        single("q9", given_answers),
        item="q9",
        options=options_of("q9", codes),
        favourable=["agree_fully", "agree"],
        unfavourable=["disagree", "disagree_fully"],
        **asked(population=250),
    ).iloc[0]
    assert (table["n"], table["base"], table["median"]) == (5, 5, "AGREE")
    assert (table["n_favourable"], table["share_favourable"]) == (3, 0.6)
    assert (table["n_unfavourable"], table["share_unfavourable"]) == (1, 0.2)
    expected = wilson_interval(3, 5, population=250, confidence=0.95)
    assert (table["favourable_ci_low"], table["favourable_ci_high"]) == expected
    assert table["interval_method"] == "wilson, fpc"


@pytest.mark.parametrize(
    ("given_answers", "median"),
    [
        (["agree", "disagree"], "tussen AGREE en DISAGREE"),
        (["agree", "neutral", "disagree"], "NEUTRAL"),
        (["neutral", "neutral", "disagree", "disagree"], "tussen NEUTRAL en DISAGREE"),
        (["agree", "agree"], "AGREE"),
    ],
)
def test_an_even_number_of_answers_may_have_two_middle_categories(given_answers, median):
    table = scale_summary(
        single("q9", given_answers),
        item="q9",
        options=options_of("q9", SCALE),
        favourable=["agree"],
        unfavourable=["disagree"],
        **asked(),
    )
    assert table["median"].tolist() == [median]


def test_an_answer_beside_the_scale_is_in_the_base_but_not_in_the_median():
    table = scale_summary(
        single("q9", ["agree", "other", "other"]),
        item="q9",
        options=options_of("q9", (*SCALE, "other")),
        favourable=["agree"],
        unfavourable=["disagree"],
        **asked(),
    ).iloc[0]
    assert (table["n"], table["base"], table["median"]) == (1, 3, "AGREE")
    assert table["share_favourable"] == 1 / 3


def test_a_group_without_answers_has_no_median():
    table = scale_summary(
        single("q9", ["agree", "skipped"], cops=["a", "b"]),
        item="q9",
        options=options_of("q9", SCALE),
        favourable=["agree"],
        unfavourable=["disagree"],
        **asked(by="cop"),
    )
    assert table["base"].tolist() == [1, 0]
    assert table["median"].isna().tolist() == [False, True]


def test_ends_of_a_scale_must_be_codes_of_it_and_apart():
    with pytest.raises(CopanalysisError) as caught:
        scale_summary(
            single("q9", ["agree"]),
            item="q9",
            options=options_of("q9", SCALE),
            favourable=["agree", "yes"],
            unfavourable=["agree"],
            **asked(),
        )
    assert [problem.found for problem in caught.value.problems] == ["'yes'", "'agree' in both"]


def test_cross_table_counts_who_answered_both():
    answers = together(
        single("q9a", ["agree", "agree", "neutral", "agree", "skipped"]),
        single("q9b", ["agree", "neutral", "neutral", "skipped", "agree"]),
    )
    table = cross_table(
        answers,
        rows="q9a",
        columns="q9b",
        options_rows=options_of("q9a", SCALE),
        options_columns=options_of("q9b", SCALE),
        base="answered",
    )
    assert len(table) == 9
    cell = table.set_index(["row_option", "column_option"])
    assert cell["n"].sum() == 3
    assert cell.loc[("agree", "neutral"), ["n", "row_n", "base"]].tolist() == [1, 2, 3]
    assert cell.loc[("agree", "neutral"), "share_of_row"] == 0.5
    assert cell.loc[("agree", "neutral"), "share_of_all"] == 1 / 3
    assert np.isnan(cell.loc[("disagree", "agree"), "share_of_row"])


def test_cross_table_on_base_asked_keeps_who_skipped_one_of_them():
    answers = together(single("q9a", ["agree", "agree"]), single("q9b", ["agree", "skipped"]))
    table = cross_table(
        answers,
        rows="q9a",
        columns="q9b",
        options_rows=options_of("q9a", SCALE),
        options_columns=options_of("q9b", SCALE),
        base="asked",
    )
    first = table.iloc[0]
    assert (first["n"], first["row_n"], first["base"]) == (1, 2, 2)


def paired_answers():
    hoped = [{"insight"}] * 12 + [{"insight", "network"}] * 20 + [set()] * 18 + ["not_shown"]
    got = [set()] * 12 + [{"insight"}] * 20 + [{"insight"}] * 2 + [set()] * 16 + [{"insight"}]
    return together(multiple("q3", hoped), multiple("q4", got))


def test_hoped_and_got_pairs_the_same_people():
    options = pd.concat([options_of("q3", TICKS), options_of("q4", TICKS)])
    options.loc[options["item"].eq("q3") & options["option"].eq("network"), "label"] = "NET"
    table = hoped_and_got(
        paired_answers(), first="q3", second="q4", options=options, **asked()
    ).set_index("option")
    insight = table.loc["insight"]
    cells = ["both", "only_first", "only_second", "neither", "base"]
    assert insight[cells].tolist() == [20, 12, 2, 16, 50]
    assert (insight["share_first"], insight["share_second"]) == (0.64, 0.44)
    assert insight["gap"] == pytest.approx(-0.2)
    # Newcombe (1998) table III row 20, 12, 2, 16, with the difference the other way round.
    assert insight["ci_low"] == pytest.approx(-0.3292, abs=1e-4)
    assert insight["ci_high"] == pytest.approx(-0.0562, abs=1e-4)
    # R 4.2.2: binom.test(2, 14)$p.value
    assert insight["p_mcnemar_exact"] == pytest.approx(0.01293945313, abs=1e-10)
    assert table.loc["network", ["label_first", "label"]].tolist() == ["NET", "NETWORK"]
    assert table.loc["other", "p_mcnemar_exact"] == 1
    assert insight["interval_method"] == "newcombe paired: wilson"


@given(st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=15, deadline=None)
def test_mcnemar_agrees_with_statsmodels(lost, gained):
    hoped = [{"insight"}] * lost + [set()] * gained + [set()]
    got = [set()] * lost + [{"insight"}] * gained + [set()]
    options = pd.concat([options_of("q3", TICKS), options_of("q4", TICKS)])
    table = hoped_and_got(
        together(multiple("q3", hoped), multiple("q4", got)),
        first="q3",
        second="q4",
        options=options,
        **asked(),
    )
    expected = mcnemar([[0, lost], [gained, 1]], exact=True).pvalue if lost + gained else 1.0
    assert table["p_mcnemar_exact"].iloc[0] == pytest.approx(expected)


def test_hoped_and_got_on_base_asked_takes_a_skip_as_nothing_ticked():
    answers = together(multiple("q3", ["skipped", {"insight"}]), multiple("q4", [{"insight"}] * 2))
    options = pd.concat([options_of("q3", TICKS), options_of("q4", TICKS)])
    ask = {"first": "q3", "second": "q4", "options": options}
    on_answered = hoped_and_got(answers, **ask, **asked())
    on_asked = hoped_and_got(answers, **ask, **asked(base="asked"))
    assert (on_answered["base"].iloc[0], on_asked["base"].iloc[0]) == (1, 2)
    assert on_asked["only_second"].iloc[0] == 1


def test_items_with_other_options_cannot_be_paired():
    answers = together(
        multiple("q3", [{"insight"}], codes=("insight", "a")),
        multiple("q4", [{"insight"}], codes=("insight", "b")),
    )
    options = pd.concat([options_of("q3", ("insight", "a")), options_of("q4", ("insight", "b"))])
    with pytest.raises(CopanalysisError) as caught:
        hoped_and_got(answers, first="q3", second="q4", options=options, **asked())
    assert [p.found for p in caught.value.problems] == ["'a' in one only", "'b' in one only"]


def test_item_bases_counts_respondents_by_what_became_of_the_item():
    answers = together(
        multiple("q4", [{"insight"}, set(), "skipped", "not_shown", "not_asked"]),
        single("q9", ["agree", "refused", "dont_know", "skipped", "not_shown"]),
    )
    table = item_bases(answers).set_index("item")
    columns = ["asked", "answered", "none_ticked", "skipped", "not_shown", "refused", "dont_know"]
    assert table.loc["q4", columns].tolist() == [3, 1, 1, 1, 1, 0, 0]
    assert table.loc["q9", columns].tolist() == [4, 1, 0, 1, 1, 1, 1]
    assert table["item_nonresponse"].tolist() == [1 / 3, 3 / 4]


def test_item_bases_by_cop_and_for_an_item_nobody_saw():
    answers = single("q9", ["agree", "not_shown"], cops=["a", "b"])
    table = item_bases(answers, by="cop")
    assert table[["cop", "asked"]].values.tolist() == [["a", 1], ["b", 0]]
    assert np.isnan(table["item_nonresponse"].iloc[1])
    several = together(answers, single("q9", ["agree"], wave="2"))
    with pytest.raises(CopanalysisError, match="waves 1, 2 together"):
        item_bases(several)
    assert item_bases(several, by="wave")["asked"].tolist() == [1, 1]


CHOICES = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from((*SCALE, *STATES))), min_size=1, max_size=30
)
PICKS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sets(st.sampled_from(TICKS)) | st.sampled_from(STATES)),
    min_size=1,
    max_size=30,
)
SEEN = single("q0", ["agree"])


def estimate(kind, drawn, **ask):
    cops, given_answers = [cop for cop, _ in drawn], [answer for _, answer in drawn]
    if kind == "single":
        answers = together(SEEN, single("q", given_answers, cops=cops))
        return answers, single_choice, {"item": "q", "options": options_of("q", SCALE), **ask}
    answers = together(SEEN, multiple("q", given_answers, cops=cops))
    return answers, multiple_response, {"item": "q", "options": options_of("q", TICKS), **ask}


@pytest.mark.parametrize("kind", ["single", "multiple"])
@pytest.mark.parametrize("by", ["", "cop"])
@given(data=st.data(), base=st.sampled_from(["asked", "answered"]))
@settings(max_examples=20, deadline=None)
def test_what_holds_for_any_answers(kind, by, data, base):
    drawn = data.draw(CHOICES if kind == "single" else PICKS)
    answers, count, ask = estimate(kind, drawn, **asked(base=base, by=by))
    table = count(answers, **ask)
    given_answers = [answer for _, answer in drawn]
    if all(answer == "not_asked" for answer in given_answers):
        assert isinstance(table, NotMeasured)
        return
    outside = {"not_asked", "not_shown"}
    if base == "answered":
        outside |= {"skipped", "refused", "dont_know"}
    inside = sum(not isinstance(a, str) or a not in outside for a in given_answers)
    per_group = table.drop_duplicates(by or "item")["base"]
    assert per_group.sum() == inside
    known = table[table["base"] > 0]
    assert known["share"].between(0, 1).all()
    assert (known["ci_low"] <= known["share"]).all()
    assert (known["share"] <= known["ci_high"]).all()
    assert table.loc[table["base"] == 0, ["share", "ci_low", "ci_high"]].isna().all(axis=None)
    if kind == "single" and base == "answered":
        assert table["n"].sum() == inside
    shuffled = answers.sample(frac=1, random_state=data.draw(st.integers(0, 99)))
    pd.testing.assert_frame_equal(count(shuffled, **ask), table)
    more = single("q", ["not_asked"] * 3, wave="9").assign(respondent=["n1", "n2", "n3"])
    pd.testing.assert_frame_equal(count(together(answers, more), **ask), table)


def test_the_tables_given_are_left_as_they_were():
    answers, options = paired_answers(), options_of("q4", TICKS)
    before = answers.copy(), options.copy()
    multiple_response(answers, item="q4", options=options, **asked())
    pd.testing.assert_frame_equal(answers, before[0])
    pd.testing.assert_frame_equal(options, before[1])
