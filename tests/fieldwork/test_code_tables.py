"""Codes as chapters show them, quotes by rule, stories and examples under several names."""

from __future__ import annotations

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.code_tables import (
    answer_shares,
    answers_in_analysis,
    code_shares,
    grouped_speakers,
    judged_codes,
    used_segments,
    with_code_sources,
)
from copanalysis.fieldwork.quotes import chosen_quotes, repeated_examples, significant_changes
from copanalysis.study.measurement import NotMeasured

OTHERS, LAW = "outcome.knowledge.others", "outcome.knowledge.law"
GOOD, BAD, CASES = "works.yes", "works.no", "works.content.cases"
COLUMNS = ["document", "turn", "start", "end", "code", "text", "memo"]


def segments(*rows):
    return pd.DataFrame(
        [
            (d, f"{d}-{turn:04d}", start, end, code, text, "")
            for d, turn, start, end, code, text in rows
        ],
        columns=COLUMNS,
    )


def documents(*ids, **columns):
    table = pd.DataFrame({"document": list(ids), "group": "participant", "phase": "2"})
    table = table.assign(organisation="coa", cop="zeeland", kind="interview")
    return table.assign(**columns)


AGREED = pd.DataFrame(
    {"code": [OTHERS, LAW, CASES], "verdict": ["voldoende", "onvoldoende", "voldoende"]}
)
SAID = segments(
    ("P01", 2, 0, 20, OTHERS, "x" * 80),
    ("P01", 2, 30, 50, OTHERS, "y" * 90),
    ("P02", 2, 0, 20, LAW, "z" * 80),
    ("P02", 4, 60, 90, CASES, "c" * 80),
    ("P02", 4, 60, 90, GOOD, "c" * 80),
    ("P03", 4, 60, 90, CASES, "d" * 80),
    ("P03", 4, 60, 90, BAD, "d" * 80),
    ("P03", 6, 200, 290, CASES, "e" * 90),
    ("P03", 6, 200, 290, GOOD, "e" * 90),
)


def test_sources_are_counted_once_and_the_verdict_stands_beside(study):
    table = code_shares(
        SAID,
        documents=documents("P01", "P02", "P03"),
        agreement=AGREED,
        study=study,
        under="outcome.knowledge",
    ).set_index("code")
    assert table.loc[OTHERS, ["n_sources", "n_segments", "base"]].tolist() == [1, 2, 3]
    assert table.loc[[OTHERS, LAW], "uncertain"].tolist() == [False, True]
    assert pd.isna(table.loc[LAW, "n_reliable"])
    assert table.loc[OTHERS, "share"] == pytest.approx(1 / 3)


def test_one_conversation_less_changes_count_and_base(study):
    asked = {"agreement": AGREED, "study": study, "codes": ["outcome.knowledge"]}
    whole = code_shares(SAID, documents=documents("P01", "P02", "P03"), **asked).iloc[0]
    less = code_shares(SAID, documents=documents("P02", "P03"), **asked).iloc[0]
    assert (whole["n_sources"], whole["base"]) == (2, 3)
    assert (less["n_sources"], less["base"]) == (1, 2)


def test_without_conversations_nothing_was_measured(study):
    asked = {"agreement": AGREED, "study": study, "under": "works"}
    assert isinstance(code_shares(SAID, documents=documents(), **asked), NotMeasured)
    assert isinstance(answer_shares(SAID, answers=documents(), **asked), NotMeasured)


def test_an_unknown_code_is_refused(study):
    with pytest.raises(CopanalysisError, match="no active code nothing"):
        code_shares(
            SAID, documents=documents("P01"), agreement=AGREED, study=study, codes=["nothing"]
        )


def test_a_code_is_judged_by_the_sign_on_the_same_passage(study):
    table = judged_codes(
        SAID,
        documents=documents("P01", "P02", "P03"),
        agreement=AGREED,
        study=study,
        under="works.content",
        good=GOOD,
        bad=BAD,
    ).set_index("code")
    found = table.loc[CASES, ["n_sources", "n_good", "n_bad", "n_mixed", "balance"]]
    assert found.tolist() == [2, 2, 1, 1, 1]
    assert table.loc[CASES, "gap"] == pytest.approx(1 / 3)


def test_the_used_layer_is_the_one_of_the_study(study):
    both = pd.concat([SAID.assign(coder="Vastgesteld"), SAID.assign(coder="Codeur A")])
    assert len(used_segments(both, study=study)) == len(SAID)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"coa": 5, "vwn": 2, "gemeente": 3}, {"COA": 5, "andere": 5}),
        ({"coa": 9, "vwn": 5, "gemeente": 1}, {"COA": 9, "andere": 6}),  # never one alone
        ({"coa": 5, "vwn": 6, "gemeente": 7}, {"COA": 5, "VWN": 6, "gemeente": 7}),
    ],
)
def test_organisations_with_few_conversations_are_put_together(study, sizes, expected):
    own = [name for name, size in sizes.items() for _ in range(size)]
    table = documents(*map(str, range(len(own))), organisation=own)
    grouped = grouped_speakers(table, study=study, rest="andere")
    found = {
        name.partition(" (")[0]: n
        for name, n in grouped["organisation_group"].value_counts().items()
    }
    assert found == expected
    assert grouped["speaker_group"].nunique() == 1


CODERS = pd.concat(
    [
        SAID.assign(coder="Codeur A"),
        SAID[SAID["document"].ne("P01") | SAID["start"].eq(30)].assign(coder="Codeur B"),
    ]
)


def quotes(study, said=SAID, codes=(OTHERS,), coders=CODERS):
    base = documents("P01", "P02", "P03")
    return chosen_quotes(said, coders=coders, documents=base, codes=list(codes), study=study)


def test_a_passage_that_every_coder_coded_is_quoted_first(study):
    quote = quotes(study).iloc[0]
    assert (quote["text"], quote["agreed"], quote["turn"]) == ("y" * 90, True, "P01-0002")


def test_without_agreement_the_longest_passage_is_quoted(study):
    quote = quotes(study, coders=CODERS[CODERS["coder"].eq("Codeur A")]).iloc[0]
    assert (quote["text"], quote["agreed"]) == ("y" * 90, True)


def test_a_source_is_not_quoted_twice_when_another_will_do(study):
    table = quotes(study, codes=("works.content", CASES), coders=CODERS.iloc[:0])
    assert list(table["document"]) == ["P03", "P02"]


def test_passages_of_another_length_are_not_quoted(study):
    assert quotes(study, SAID.assign(text="kort")).empty


def test_a_story_belongs_to_the_domain_its_turns_carry_most(study):
    told = segments(
        ("P01", 8, 300, 400, "msc", "m" * 99),
        ("P01", 8, 300, 340, OTHERS, "m" * 40),
        ("P01", 8, 350, 390, LAW, "m" * 40),
        ("P01", 8, 391, 399, "outcome.relations.network", "m" * 8),
        ("P01", 2, 0, 20, "outcome.service.individual", "x" * 20),
    )
    story = significant_changes(told, documents=documents("P01", "P02"), study=study)
    assert story[["document", "domain", "turn"]].values.tolist() == [
        ["P01", "outcome.knowledge", "P01-0008"]
    ]


def test_one_event_under_two_names_is_one_example():
    turns = pd.DataFrame(
        [
            ("P01", "P01-0002", "Bij ons heet dat de Plusklas."),
            ("P01", "P01-0004", "De plusklas, of extra Z-route."),
            ("P02", "P02-0002", "Een extra Z-route."),
            ("P02", "P02-0004", "Iets anders."),
        ],
        columns=["document", "turn", "text"],
    )
    examples = pd.DataFrame(
        [("plus", "Aparte groep", w, "") for w in ("plusklas", "extra Z-route", "nergens")],
        columns=["example", "label", "words", "section"],
    )
    row = repeated_examples(turns, documents=documents("P01", "P02"), examples=examples).iloc[0]
    assert row[["n_names", "n_mentions", "n_sources", "base"]].tolist() == [2, 3, 2, 2]
    assert row["names"] == "plusklas = extra Z-route"


def test_a_lesson_counts_the_conversations_on_its_codes(study):
    frame = pd.DataFrame(
        {"group": ["setup"], "evidence": [f"code:{CASES} item:q4_got code:{OTHERS}"]}
    )
    base = documents("P01", "P02", "P03")
    found = with_code_sources(frame, segments=SAID, documents=base, study=study)
    assert found.iloc[0][["n_sources", "base", "group_name"]].tolist() == [3, 3, "inrichting"]
    together = frame.assign(evidence=f"code:{CASES}+{GOOD}")  # in one passage
    found = with_code_sources(together, segments=SAID, documents=base, study=study)
    assert found["n_sources"].item() == 2


def test_only_what_a_respondent_in_the_analysis_said_so_counts_as_coded():
    coded = [("a", "1", 2, "q6", "ik"), ("b", "1", 3, "q6", "jij"), ("c", "1", 4, "q6", "hij")]
    coded += [("d", "1", 2, "q7", "ook"), ("e", "2", 2, "q6", "wij"), ("f", "1", 5, "q6", "anders")]
    coded += [("g", "1", 6, "q6", "uit [plaats-1] (nu)"), ("h", "1", 7, "q6", "uit Ede")]
    coded = pd.DataFrame(coded, columns=["document", "wave", "row", "item", "text"])
    people = pd.DataFrame({"wave": "1", "row": [2, 3, 5, 6, 7], "used": True})
    people["respondent"] = [f"1-{row}" for row in people["row"]]
    people.loc[people["row"].eq(3), "used"] = False
    said = [(2, "q6", "ik"), (3, "q6", "jij"), (4, "q6", "hij"), (5, "q6", "een ander")]
    said += [(6, "q6", "uit Ede (nu)"), (7, "q6", "uit [plaats-1]")]
    answers = pd.DataFrame(said, columns=["row", "item", "text"]).assign(wave="1", state="answered")
    answers["respondent"] = "1-" + answers.pop("row").astype(str)
    answers = pd.concat([answers, answers.assign(item="q7", text=None, state="skipped")])
    found = answers_in_analysis(coded, respondents=people, answers=answers)
    assert found["document"].tolist() == ["a", "g", "h"]


def test_codes_that_nobody_compared_are_uncertain(study):
    table = code_shares(
        SAID, documents=documents("P01"), agreement=AGREED.iloc[:0], study=study, codes=[OTHERS]
    )
    assert table[["verdict", "uncertain"]].to_numpy().tolist() == [["niet vergeleken", True]]
    assert table["n_reliable"].isna().all()
