"""Looking evidence up: amounts, bases, weights, and what cannot be measured."""

from dataclasses import replace

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.evidence.sources import Sources
from copanalysis.evidence.strength import weight
from copanalysis.evidence.tallies import evidence_tallies
from copanalysis.evidence.words import evidence_words


def tally(sources, evidence, counter="", side="for"):
    rows = pd.DataFrame([{"claim": "C", "evidence": evidence, "counter_evidence": counter}])
    table = evidence_tallies(rows, id="claim", sources=sources)
    return table[table["side"].eq(side)].reset_index(drop=True)


def amount(sources, evidence, counter=""):
    row = tally(sources, evidence, counter).iloc[0]
    return (row["n"], row["base"]) if not row["reason"] else row["reason"]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("item:q4_got[insight]@3", (9, 10)),
        ("item:q4_got[network+policy]@3", (4, 10)),  # any of them, each person once
        ("item:q4_got[methods]", (0, 10)),  # without a wave: that of the figures
        ("item:q6_examples@3", (3, 10)),
        ("item:q6_examples[outcome.service]@3", (1, 3)),  # of those that wrote, a code under it
        ("item:q6_examples[outcome.service+outcome.none]@3", (2, 3)),  # each answer once
        ("code:outcome.relations", (2, 6)),  # codes under it count
        ("code:works.content.cases", (2, 6)),
        ("code:works.content.cases+works.yes", (1, 6)),  # in one passage
        ("code:outcome.none[participant]@2", (2, 3)),
        ("obs:r5", (1, 3)),  # of a count zero is nothing, whatever is written beside it
        ("obs:r8", (1, 2)),  # of a scale its middle is nothing
        ("obs:r3@1", (1, 1)),  # only where the row was to be observed
        ("reg:products[status=finished]", (2, 3)),
        ("reg:meetings[work_forms]", (1, 2)),
        ("reg:products", (3, 3)),
    ],
)
def test_amounts(sources, evidence, expected):
    assert amount(sources, evidence) == expected


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        ("item:q4_got[insight]@2", "golf 2 ontbreekt in de gegevens"),
        ("item:x1_satisfaction[satisfied]@1", "de vraag is in golf 1 niet gesteld"),
        ("code:outcome.none[chain]", "er zijn geen gesprekken met deze groep in deze fase"),
        ("obs:r3@2", "deze rij van het schema is niet gemeten"),
        ("obs:r2", "deze rij van het schema is niet gemeten"),
        ("reg:signals", "signalen: geen gegevens"),
        ("reg:cops[time_spent]", "dit is nergens ingevuld"),
        ("doc:D99", "document D99 is er niet"),
        ("item:q8_obstacles[works.no]@3", "er zijn geen gecodeerde antwoorden op deze vraag"),
    ],
)
def test_what_is_not_there_is_not_measured_and_says_why(sources, evidence, reason):
    assert amount(sources, evidence) == reason


def test_a_document_is_found_by_its_id(sources):
    row = tally(sources, "doc:P3").iloc[0]
    assert (row["n"], row["weight"]) == (1, 1)


def test_what_repeats_another_row_of_a_register_is_not_counted(sources):
    signals = pd.DataFrame({"status": ["open", "open", "done"], "duplicate_of": [None, "1", None]})
    held = replace(sources, tables=sources.tables | {"signals": signals})
    assert amount(held, "reg:signals[status=open]") == (1, 2)


def test_all_of_few_conversations_are_not_silent(sources):
    found = tally(sources, "code:topic.life[partner]@1 code:topic.life item:q4_got[methods] obs:r3")
    assert list(found["n"]) == [1, 1, 0, 1]
    assert list(found["base"]) == [2, 6, 10, 1]
    assert list(found["weight"]) == [0, 0, 0, 1]


def test_a_code_named_against_does_not_count_for_the_code_above_it(sources):
    assert amount(sources, "code:outcome.participant") == (3, 6)
    assert amount(sources, "code:outcome.participant", "code:outcome.none") == (2, 6)


def test_a_lesson_stands_for_what_it_rests_on(sources, study):
    written = study.table("lessons.csv").set_index("lesson").at["setup5", "evidence"]
    assert list(tally(sources, "lesson:setup5")["reference"]) == written.split()


@pytest.mark.parametrize(("amount", "expected"), [(0.09, 0), (0.1, 1), (0.39, 1), (0.4, 2)])
def test_weights_follow_study_toml(study, amount, expected):
    assert weight("item", amount, study.settings["evidence"]) == expected


def test_a_share_weighs_by_its_base_and_conversations_by_their_number(sources):
    row = tally(sources, "item:q4_got[insight]@3 code:outcome.relations")
    assert list(row["weight"]) == [2, 1]


def test_a_code_that_coders_do_not_agree_on_weighs_little_and_is_told(sources):
    rules = sources.study.settings["evidence"] | {"code_broad": 2, "code_uncertain": 1}
    settings = {**sources.study.settings, "evidence": rules}
    sources = replace(sources, study=replace(sources.study, settings=settings))
    verdicts = {"outcome.relations": "voldoende", "outcome.none": "onvoldoende"}
    agreement = pd.DataFrame(verdicts.items(), columns=["code", "verdict"])
    judged = replace(sources, tables=sources.tables | {"code_agreement": agreement})
    codes = "code:outcome.relations code:outcome.none code:outcome.none+outcome.none"
    wrote = tally(judged, "item:q6_examples[outcome.none]@3")
    assert (list(wrote["weight"]), list(wrote["uncertain"])) == ([1], [True])
    for held, expected in ((judged, [2, 1, 1]), (sources, [2, 2, 2])):
        assert list(tally(held, codes)["weight"]) == expected
    told = list(evidence_words(tally(judged, codes), study=sources.study))
    assert [phrase.endswith("codering onzeker)") for phrase in told] == [False, True, True]


def test_codes_that_nobody_compared_weigh_little_as_well(sources):
    rules = sources.study.settings["evidence"] | {"code_broad": 2, "code_uncertain": 1}
    settings = {**sources.study.settings, "evidence": rules}
    study = replace(sources.study, settings=settings)
    agreed = sources.tables["code_agreement"]
    for compared in (agreed.iloc[:0], agreed[agreed["code"].ne("outcome.none")]):
        tables = sources.tables | {"code_agreement": compared}
        row = tally(Sources(study, sources.answers, tables), "code:outcome.none").iloc[0]
        assert (row["weight"], row["uncertain"]) == (1, True)
    row = tally(Sources(study, sources.answers, sources.tables), "code:outcome.none").iloc[0]
    assert (row["weight"], row["uncertain"]) == (2, False)


def test_words_of_an_open_question_name_the_codes(sources):
    table = tally(sources, "item:q6_examples[outcome.service+outcome.none]@3")
    (words,) = evidence_words(table, study=sources.study)
    names = sources.study.table("codebook.csv").set_index("code")["name"]
    chosen = f"{names['outcome.service']} of {names['outcome.none']}"
    assert words.endswith(f", golf 3: {chosen} (2 van 3 deelnemers)")


def test_answers_in_words_are_of_no_community(sources):
    found = amount(sources.of_cop("amsterdam"), "item:q6_examples[outcome.service]@3")
    assert found == "gecodeerde antwoorden: geen gegevens"


def test_words_tell_what_it_is_and_how_much(sources):
    said = "code:outcome.none code:outcome.none@2"
    table = tally(sources, f"item:q4_got[network]@3 {said} obs:r5 reg:signals")
    assert list(evidence_words(table, study=sources.study)) == [
        "Persoonlijke opbrengst tot nu toe, golf 3: Netwerk en kortere lijnen "
        "(4 van 10 deelnemers)",
        "Geen verandering bij deelnemer (2 van 6 gesprekken)",
        "Geen verandering bij deelnemer, fase 2 (in minder dan 5 gesprekken nagegaan)",
        "Observatie, rij 5 (1 van 3 bijeenkomsten)",
        "Signalen (niet te meten: signalen: geen gegevens)",
    ]


def test_a_term_of_a_register_is_told_in_its_own_words(sources):
    table = tally(sources, "reg:products[status=finished]")
    assert evidence_words(table, study=sources.study).item() == "Producten, gereed (2 van 3 regels)"


def test_a_malformed_id_is_refused(sources):
    with pytest.raises(CopanalysisError, match="cannot be read"):
        tally(sources, "item=q4_got")


def test_nothing_at_all_is_not_measured(study, answers):
    empty = Sources(study, answers.iloc[:0], {})
    table = tally(empty, "item:q4_got[insight]@3 code:outcome.none obs:r5 reg:products")
    assert table["weight"].isna().all()


def test_only_the_codes_that_the_report_uses_count(sources):
    other = sources.tables["segments"].assign(document="P6", coder="Codeur A")
    segments = pd.concat([sources.tables["segments"], other])
    more = Sources(sources.study, sources.answers, {**sources.tables, "segments": segments})
    assert amount(more, "code:outcome.relations") == (2, 6)
