"""Krippendorff's alpha for unitizing: the published example, the formula by hand, the limits."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from agreement_material import BY_DOCUMENT, BY_UNIT, segments

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.unitizing import unitizing_alpha, unitizing_by_code

# Krippendorff (2019), Content Analysis (4th ed.), figure 12.11: three observers, sixty places,
# here from 0 and with the end exclusive.
BOOK = segments(
    [
        ("Alex", "d", 0, 7, "1"),
        ("Alex", "d", 7, 13, "2"),
        ("Alex", "d", 30, 32, "5"),
        ("Alex", "d", 32, 37, "6"),
        ("Alex", "d", 37, 44, "6"),
        ("Alex", "d", 44, 60, "7"),
        ("Paul", "d", 0, 7, "1"),
        ("Paul", "d", 7, 13, "3"),
        ("Paul", "d", 13, 21, "5"),
        ("Paul", "d", 32, 44, "6"),
        ("Suzan", "d", 0, 7, "1"),
        ("Suzan", "d", 7, 13, "4"),
        ("Suzan", "d", 13, 21, "5"),
        ("Suzan", "d", 32, 37, "6"),
        ("Suzan", "d", 37, 41, "6"),
        ("Suzan", "d", 41, 44, "6"),
    ]
)
SIXTY = pd.DataFrame({"document": ["d"], "text": ["." * 60]})
THREE = {name: ["d"] for name in ("Alex", "Paul", "Suzan")}


def book(name, code="", rows=BOOK):
    found = unitizing_alpha(rows, SIXTY, coders=THREE, codes=list("1234567"), bootstrap=None)
    return found.set_index(["measure", "code"]).loc[(name, code)]


def test_boundaries_and_codes_equal_the_published_example():
    assert round(book("u_alpha")["value"], 3) == 0.510


def test_marked_or_not_equals_the_published_example():
    """The book prints .413; its formula gives .4136 on the figure, so it seems to be cut off."""
    assert book("u_alpha_binary")["value"] == pytest.approx(0.413, abs=0.001)


def test_codes_where_both_marked_equal_the_published_example():
    """Squaring the part that any other, or each other coder marked gives .728 and .726."""
    assert round(book("cu_alpha")["value"], 3) == 0.724


@pytest.mark.parametrize(
    ("code", "value", "coverage"),
    [("1", 1, 1), ("2", 0, 1), ("3", 0, 1), ("4", 0, 1), ("5", 1, 8 / 18), ("6", 1, 1)],
)
def test_single_codes_equal_the_published_example(code, value, coverage):
    row = book("ku_alpha", code)
    assert row["value"] == pytest.approx(value, abs=1e-12)
    assert row["coverage"] == pytest.approx(coverage)


def test_a_code_that_never_meets_another_mark_has_no_value():
    row = book("ku_alpha", "7")
    assert np.isnan(row["value"])
    assert row["coverage"] == 0
    assert row["reason"] == "deze code staat nergens op tekst die een ander ook markeerde"


# --- the formula by hand, segment by segment --------------------------------------------------


def random_study(seed, coders=3, documents=4, missing=True):
    """Random stretches without overlap within a coder and document; some documents not given."""
    random = np.random.default_rng(seed)
    names = [f"c{i}" for i in range(coders)]
    lengths = {f"d{i}": int(random.integers(20, 60)) for i in range(documents)}
    given = {c: [d for d in lengths if not missing or random.random() < 0.7] for c in names}
    rows = []
    for coder in names:
        for document in given[coder]:
            cuts = np.unique(random.integers(0, lengths[document] + 1, 8)).tolist()
            for start, end in pairwise(cuts):
                if random.random() < 0.6:
                    rows.append((coder, document, start, end, str(random.choice(list("kmn")))))
    texts = pd.DataFrame({"document": list(lengths), "text": ["." * n for n in lengths.values()]})
    return rows, texts, given


def by_hand(rows, texts, given, codes):
    """u_alpha, u_alpha_binary and cu_alpha by pairing segments, as the formulas are printed."""
    values = ["", *codes]
    q = len(values)
    observed, own, shared = np.zeros((q, q)), np.zeros(q), np.zeros(q)
    for document, text in texts.itertuples(index=False):
        coders = [c for c in given if document in given[c]]
        if len(coders) < 2:
            continue
        cut = {}
        for coder in coders:
            mine = sorted(r[2:] for r in rows if r[:2] == (coder, document))
            ends = [0, *(end for _, end, _ in mine)]
            starts = [*(start for start, _, _ in mine), len(text)]
            gaps = [(a, b, "") for a, b in zip(ends, starts, strict=True) if b > a]
            cut[coder] = mine + gaps
        for coder in coders:
            for start, end, value in cut[coder]:
                c = values.index(value)
                own[c] += (end - start) ** 2 if value else end - start
                met = 0
                for other in coders:
                    for a, b, its in cut[other] if other != coder else ():
                        length = max(0, min(end, b) - max(start, a)) / (len(coders) - 1)
                        observed[c, values.index(its)] += length
                        met += length if its else 0
                shared[c] += met**2 if value else 0

    def alpha(found, alone):
        total, margin = found.sum(), found.sum(axis=0)
        expected = np.outer(margin, margin) - np.diag(alone)
        expected *= total / (total**2 - alone.sum())
        with np.errstate(invalid="ignore"):
            return 1 - (total - np.trace(found)) / (total - np.trace(expected)), expected

    u, expected = alpha(observed, own)
    binary = 1 - observed[0, 1:].sum() / expected[0, 1:].sum()
    return u, binary, alpha(observed[1:, 1:], shared[1:])[0]


@pytest.mark.parametrize("coders", [2, 3])
@pytest.mark.parametrize("seed", range(6))
def test_the_alphas_equal_pairing_segment_by_segment(seed, coders):
    rows, texts, given = random_study(seed, coders, missing=coders == 3)
    found = unitizing_alpha(segments(rows), texts, coders=given, codes=list("kmn"), bootstrap=None)
    assert list(found["value"][:3]) == pytest.approx(by_hand(rows, texts, given, "kmn"), abs=1e-12)


def test_neither_the_order_of_rows_nor_of_coders_matters():
    rows, texts, given = random_study(1)
    usual = unitizing_alpha(segments(rows), texts, coders=given, codes=list("kmn"), bootstrap=None)
    turned = unitizing_alpha(
        segments(rows[::-1]),
        texts[::-1],
        coders=dict(reversed(given.items())),
        codes=list("kmn"),
        bootstrap=None,
    )
    np.testing.assert_allclose(usual["value"], turned["value"], atol=1e-12)


def test_the_same_units_by_all_coders_give_one():
    mine = [r for r in random_study(2, missing=False)[0] if r[0] == "c0"]
    _, texts, given = random_study(2, missing=False)
    rows = [(coder, *r[1:]) for coder in given for r in mine]
    found = unitizing_alpha(segments(rows), texts, coders=given, codes=list("kmn"), bootstrap=None)
    assert list(found["value"]) == pytest.approx([1.0] * len(found))
    codes = unitizing_by_code(
        segments(rows), texts, coders=given, codes=list("kmn"), bootstrap=BY_DOCUMENT
    )
    assert list(codes["u_alpha"]) == pytest.approx([1.0] * 3)
    assert list(codes["n_coder_1"]) == list(codes["n_coder_3"])


def test_marks_at_random_agree_no_more_than_chance():
    random = np.random.default_rng(11)
    size = 200_000
    rows = []
    for coder in ("a", "b"):
        cuts = np.unique(random.integers(0, size, 20_000)).tolist()
        rows += [
            (coder, "d", s, e, str(random.choice(["k", "m"])))
            for s, e in zip(cuts[::2], cuts[1::2], strict=False)
        ]
    texts = pd.DataFrame({"document": ["d"], "text": ["." * size]})
    given = {"a": ["d"], "b": ["d"]}
    found = unitizing_alpha(segments(rows), texts, coders=given, codes=["k", "m"], bootstrap=None)
    assert list(found["value"]) == pytest.approx([0.0] * len(found), abs=0.03)


def test_a_code_on_its_own_is_marked_or_not():
    rows, texts, given = random_study(3)
    by_code = unitizing_by_code(
        segments(rows), texts, coders=given, codes=list("kmn"), bootstrap=None
    )
    for code, found in by_code.set_index("code")["u_alpha"].items():
        mine = [r for r in rows if r[4] == code]
        assert found == pytest.approx(by_hand(mine, texts, given, [code])[0], abs=1e-12)


def test_codes_that_overlap_are_refused_together_and_taken_one_by_one():
    rows = [("a", "d", 0, 20, "k"), ("a", "d", 10, 30, "m"), ("b", "d", 0, 20, "k")]
    given = {"a": ["d"], "b": ["d"]}
    with pytest.raises(CopanalysisError, match="m over k"):
        unitizing_alpha(segments(rows), SIXTY, coders=given, codes=["k", "m"], bootstrap=None)
    found = unitizing_by_code(segments(rows), SIXTY, coders=given, codes=["k", "m"], bootstrap=None)
    assert found["u_alpha"][0] == 1


def test_the_same_code_twice_on_a_passage_is_one_unit_and_touching_units_stay_two():
    given = {"a": ["d"], "b": ["d"]}

    def alpha(rows):
        rows = [("b", "d", 0, 20, "k"), *rows]
        found = unitizing_by_code(segments(rows), SIXTY, coders=given, codes=["k"], bootstrap=None)
        return found["u_alpha"][0], found["n_coder_1"][0]

    assert alpha([("a", "d", 0, 15, "k"), ("a", "d", 10, 25, "k")]) == alpha(
        [("a", "d", 0, 25, "k")]
    )
    assert alpha([("a", "d", 0, 10, "k"), ("a", "d", 10, 25, "k")])[1] == 2


@pytest.mark.parametrize(
    ("rows", "given", "codes", "reasons"),
    [
        ([], ["d"], "km", {"geen van de codeurs markeerde tekst"}),
        ([], [], "k", {"geen enkel document is aan twee codeurs gegeven"}),
        (
            [("a", "d", 0, 5, "k"), ("b", "d", 10, 15, "k")],
            ["d"],
            "k",
            {"", "nergens markeerden twee codeurs dezelfde tekst"},
        ),
        (
            [("a", "d", 0, 10, "k"), ("b", "d", 5, 15, "k")],
            ["d"],
            "k",
            {"", "waar codeurs allebei markeerden is maar één code gebruikt"},
        ),
        (
            [("a", "d", 0, 60, "k"), ("b", "d", 0, 60, "k")],
            ["d"],
            "k",
            {
                "alle tekst kreeg hetzelfde oordeel",
                "waar codeurs allebei markeerden is maar één code gebruikt",
            },
        ),
    ],
)
def test_an_alpha_that_does_not_exist_says_why(rows, given, codes, reasons):
    coders = {"a": ["d"], "b": given}
    found = unitizing_alpha(segments(rows), SIXTY, coders=coders, codes=list(codes), bootstrap=None)
    assert set(found["reason"]) == reasons
    assert (found["value"].isna() == found["reason"].ne("")).all()


def test_intervals_draw_documents():
    rows, texts, given = random_study(4, documents=8, missing=False)
    arguments = {"coders": given, "codes": list("kmn")}
    found = unitizing_alpha(segments(rows), texts, bootstrap=BY_DOCUMENT, **arguments)
    row = found.iloc[0]
    assert row["ci_low"] < row["value"] < row["ci_high"]
    assert row["ci_resamples"] == BY_DOCUMENT.resamples
    with pytest.raises(CopanalysisError, match="draw documents"):
        unitizing_alpha(segments(rows), texts, bootstrap=BY_UNIT, **arguments)


def test_one_document_gives_no_interval():
    found = unitizing_alpha(BOOK, SIXTY, coders=THREE, codes=list("1234567"), bootstrap=BY_DOCUMENT)
    assert found["ci_low"].isna().all()
    assert found["value"].notna().any()
