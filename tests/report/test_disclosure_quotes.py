"""Quotes: what is left out at least, the same everywhere, in the text too, and said so."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copanalysis.errors import CopanalysisError
from copanalysis.report.disclosure.quotes import (
    masked_quotes,
    masking_note,
    study_spellings,
    without_numbers,
)
from copanalysis.report.quotations import quotation_table, speaker_population

ATTRIBUTES = {"role": "rol", "cop": "CoP", "organisation": "organisatie"}
POPULATION = pd.DataFrame(
    [
        ("amsterdam", "vwn", "trekker", 1),
        ("amsterdam", "gemeente", "deelnemer", 9),
        ("zeeland", "vwn", "trekker", 1),
        ("zeeland", "gemeente", "trekker", 3),
        ("zeeland", "vwn", "deelnemer", 5),
    ],
    columns=["cop", "organisation", "role", "people"],
)
SPELLINGS = {"cop": {"amsterdam": ("Amsterdam", "CoP Amsterdam"), "zeeland": ("Zeeland",)}}


def quotes(*rows):
    columns = ["document", "cop", "organisation", "role", "text"]
    return pd.DataFrame(rows, columns=columns)


def masked(table, minimum=5, population=POPULATION):
    return masked_quotes(
        table,
        population=population,
        attributes=ATTRIBUTES,
        spellings=SPELLINGS,
        minimum_people=minimum,
    )


def test_a_description_that_fits_enough_people_stays_whole():
    out = masked(quotes(("p1", "amsterdam", "gemeente", "deelnemer", "In Amsterdam gaat het.")))
    assert out[["cop", "organisation", "role", "text", "masked", "people"]].iloc[0].tolist() == [
        *("amsterdam", "gemeente", "deelnemer", "In Amsterdam gaat het.", "", 9)
    ]


def test_one_person_is_described_by_the_role_when_no_more_fits_enough():
    out = masked(quotes(("p2", "amsterdam", "vwn", "trekker", "x"))).iloc[0]
    assert (out["role"], out["cop"], out["organisation"], out["people"]) == ("trekker", "", "", 5)
    assert out["masked"] == "CoP, organisatie"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bij CoP Amsterdam", False),
        ("en in AMSTERDAM zelf", False),
        ("anders dan in Zeeland", True),
        ("als Amsterdammer", True),
    ],
)
def test_a_text_that_names_what_is_left_out_goes_and_no_other(text, shown):
    said = masked(quotes(("p2", "amsterdam", "vwn", "trekker", text)))
    assert said["text"].tolist() == [text] * shown


def test_whoever_the_population_does_not_know_counts_as_nobody_like_it():
    out = masked(quotes(("p", "fryslan", None, "trekker", "x"))).iloc[0]
    assert (out["cop"], out["organisation"], out["role"], out["masked"]) == (
        *("", "", "trekker"),
        "CoP",
    )


def test_people_of_unknown_role_count_only_where_no_role_is_shown():
    population = pd.DataFrame(
        [("a", "o", "", 9), ("a", "o", "r", 1)], columns=["cop", "organisation", "role", "people"]
    )
    out = masked(quotes(("p", "a", "o", "r", "x")), population=population).iloc[0]
    assert (out["masked"], out["people"]) == ("rol, CoP, organisatie", 10)


def test_the_note_says_that_something_was_left_out_and_no_more():
    table = masked(
        quotes(
            ("p2", "amsterdam", "vwn", "trekker", "In Amsterdam"),
            ("p2", "amsterdam", "vwn", "trekker", "Nog een"),
            ("p3", "amsterdam", "gemeente", "deelnemer", "x"),
        )
    )
    assert masking_note(table, minimum_people=5) == (
        "Niet vermeld is wat minder dan vijf van de mensen met wie is gesproken zou beschrijven."
    )
    assert masking_note(table.tail(1), minimum_people=5) == ""


def test_too_small_a_population_and_absent_columns_are_refused_together():
    with pytest.raises(CopanalysisError) as caught:
        masked(quotes(("p", "a", "o", "r", "x")).drop(columns="text"), minimum=50)
    assert len(caught.value.problems) == 2


def test_the_names_of_the_study_are_known(study):
    spellings = study_spellings(study)
    assert "Helmond" in spellings["cop"]["oost_brabant"]
    assert "VluchtelingenWerk Nederland" in spellings["organisation"]["vwn"]
    assert spellings["group"]["manager"] == ("manager", "managers")


def test_people_are_counted_among_those_with_whom_was_spoken():
    rows = [("participant", "vwn", "zeeland"), ("participant", None, "zeeland")] * 2
    documents = pd.DataFrame(rows, columns=["group", "organisation", "cop"])
    table = quotes(("p", "zeeland", "vwn", "participant", "x"))
    out = masked_quotes(
        table.rename(columns={"role": "group"}),
        population=speaker_population(documents),
        attributes={"group": "groep", "organisation": "organisatie", "cop": "CoP"},
        spellings={},
        minimum_people=3,
    ).iloc[0]
    assert (out["group"], out["organisation"], out["cop"]) == ("participant", "", "")
    assert out["people"] == 4


values = st.sampled_from(["a", "b", ""])
people = st.lists(st.tuples(values, values, values, st.integers(0, 6)), min_size=1, max_size=8)


@given(people, st.tuples(values, values, values), st.integers(1, 8))
def test_enough_people_fit_a_description_and_are_described_so(rows, speaker, minimum):
    population = pd.DataFrame(rows, columns=["role", "cop", "organisation", "people"])
    table = pd.DataFrame([("d", "t", *speaker)], columns=["document", "text", *ATTRIBUTES])
    if population["people"].sum() < minimum:
        with pytest.raises(CopanalysisError):
            masked(table, minimum, population)
        return
    out = masked(table, minimum, population).iloc[0]

    def fit(names):
        rows = population
        for name in names:
            rows = rows[rows[name] == speaker[list(ATTRIBUTES).index(name)]]
        return rows["people"].sum()

    shown = [n for n in ATTRIBUTES if out[n]]
    assert fit(shown) == out["people"] >= minimum
    everyone = population.assign(document="d", text="t").rename(columns={"people": "number"})
    described = masked(everyone[everyone["number"].gt(0)], minimum, population)
    assert described.groupby(list(ATTRIBUTES))["number"].sum().min() >= minimum


def test_who_is_described_by_less_than_others_would_be_is_one_of_enough():
    population = pd.DataFrame(
        [("manager", "a", 2), ("participant", "a", 5), ("chain", "b", 3), ("participant", "b", 9)],
        columns=["role", "cop", "people"],
    ).assign(organisation="")
    said = [("d", cop, "", role, "x") for role, cop in population[["role", "cop"]].to_numpy()]
    out = masked(quotes(*said), population=population)
    # "somebody of a" alone would be a manager: of a participant the role would be shown
    assert out[["role", "cop"]].to_numpy().tolist() == [
        ["", ""],
        ["participant", "a"],
        ["", ""],
        ["participant", "b"],
    ]


def test_numbers_of_pseudonyms_do_not_leave_with_a_quote():
    texts = pd.Series(["Van [plaats-03] naar [persoon-12] in [CoP] op 3-4"])
    assert without_numbers(texts).tolist() == ["Van [plaats] naar [persoon] in [CoP] op 3-4"]


def test_a_quote_that_names_what_is_left_out_is_not_shown(study):
    rows = [("participant", "vwn", "zeeland")] * 6
    population = pd.DataFrame(rows, columns=["group", "organisation", "cop"]).assign(people=1)
    said = [("p", "fryslan", "vwn", "participant", text) for text in ("In Fryslân", "Bij ons")]
    table = quotes(*said).rename(columns={"role": "group"})
    shown, note = quotation_table(table, population=population, study=study)
    assert shown["text"].tolist() == ["\u201cBij ons\u201d"]
    assert note.startswith("Niet vermeld")
