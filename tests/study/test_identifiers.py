"""Finding and masking identifiers by rules and lists."""

from importlib.resources import files

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.study.identifiers import (
    find_by_rules,
    known_names,
    masked_texts,
    names_of_study,
)
from copanalysis.study.plan import load_study
from copanalysis.study.privacy import word_lists
from copanalysis.study.privacy.findings import Finding, settled
from copanalysis.study.privacy.full_names import FullName, full_name, is_slip
from copanalysis.study.privacy.patterns import has_iban_checksum, is_bsn

NOBODY = known_names([])


def found(text, *, people=(), never=(), wide=True):
    names = known_names(people, never=never)
    return [(f.kind, f.text) for f in find_by_rules(text, names=names, wide=wide)]


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("bel 06-00000017 maar", "phone", "06-00000017"),
        ("bel 06 00 00 00 17.", "phone", "06 00 00 00 17"),
        ("(0612345678)", "phone", "0612345678"),
        ("+31 6 12345678", "phone", "+31 6 12345678"),
        ("+31(0)6-12345678", "phone", "+31(0)6-12345678"),
        ("0543-512345, of", "phone", "0543-512345"),
        ("op 020 - nee, 020 123 45 67", "phone", "020 123 45 67"),
        ("mail a.wolters@voorbeeld.nl.", "email", "a.wolters@voorbeeld.nl"),
        ("a punt wolters apenstaartje voorbeeld punt nl", "email", None),
        ("zijn bsn is 111222333, ja", "bsn", "111222333"),
        ("BSN 123.456.782", "bsn", "123.456.782"),
        ("naar NL00 BANK 0123 4567 89 graag", "iban", "NL00 BANK 0123 4567 89"),
        ("nl00test0123456789 doorgegeven", "iban", "nl00test0123456789"),
        ("op GB82 WEST 1234 5698 7654 32 gestort", "iban", "GB82 WEST 1234 5698 7654 32"),
        ("aan de Kerkweg 8a, 6741 ZZ Lunteren", "address", "Kerkweg 8a, 6741 ZZ Lunteren"),
        ("Op Burgemeester de Bruinelaan 12 dus", "address", "Burgemeester de Bruinelaan 12"),
        ("postcode 7101 AB", "address", "7101 AB"),
        ("geboren op 12 mei 2011", "date_of_birth", "12 mei 2011"),
        ("jarig op 3-4-2012", "date_of_birth", "3-4-2012"),
        ("alle drie 1 januari 1990", "date_of_birth", "1 januari 1990"),
        ("zijn auto, GX-123-B", "licence_plate", "GX-123-B"),
    ],
)
def test_numbers_and_addresses_are_found(text, kind, what):
    assert found(text) == [(kind, what or text)]


@pytest.mark.parametrize(
    "text",
    [
        "0.0612345678 en 12,06123456",
        "sha 0612345678abcdef en 3f0612345678",
        "tussen 01-02-2024 12:00 en 03-04-2024",
        "op 12 mei 2023 was de bijeenkomst",
        "de getallen 123456789 en 000000000",
        "in 2023 EU en 2024 NT",
        "de respons was 1.111.222.333 keer",
        "versie 1.2.3 van pandas==2.3.0",
        "id 98bf05ee-c713-44b4-bba7-a6f0b882f5d2",
        "GB83 WEST 1234 5698 7654 32",
        "de Z-route, B1 en 12 uur per week",
    ],
)
def test_other_numbers_are_left(text):
    assert found(text) == []


def test_the_eleven_test_and_the_checksum_tell_numbers_apart():
    assert is_bsn("111222333")
    assert is_bsn("12345672")  # the leading zero is left out: 012345672
    assert not is_bsn("111222334")
    assert has_iban_checksum("GB82 WEST 1234 5698 7654 32")
    assert not has_iban_checksum("GB82 WEST 1234 5698 7654 33")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Ik sprak met Annelies over de mail.", ["Annelies"]),
        ("Dat is Annelies' idee, niet Petra's.", ["Annelies", "Petra"]),
        ("En mevrouw van den Akker zei niets.", ["van den Akker"]),
        ("Dat weet dhr. Bakker wel.", ["Bakker"]),
        ("Volgens G. de Bakker klopt het.", ["G. de Bakker"]),
        ("Een jongen, Merhawi, zat op de bank.", ["Merhawi"]),
        ("Met Zjoelbahar heb ik gebeld.", ["Zjoelbahar"]),
        ("Ik noem hem S., hij was klaar.", ["S."]),
        ("Sanne Vermeulen-Kaya zit daar.", ["Sanne Vermeulen-Kaya"]),
    ],
)
def test_people_are_found_without_knowing_them(text, what):
    assert found(text) == [("person", name) for name in what]


def test_names_that_are_words_need_a_sign_of_a_name():
    people = ["Wil Hermans", "Roos van Houten", "Fenna de Groot"]
    plain = "Wil je koffie? Wil jij beginnen? De groot is te groot. Ik wil wel. Een roos is rood."
    assert found(plain, people=people) == []
    named = "Wil zei het al. Volgens Wil wel. Mevrouw De Groot kwam. Zegt Roos."
    assert [text for _, text in found(named, people=people)] == ["Wil", "Wil", "De Groot", "Roos"]


def test_every_form_of_a_known_name_is_found():
    text = (
        "Annemiek belde. Vraag het van den Akker. A. van den Akker, of v.d. Akker. "
        "annemiek van den akker. Vandenakker zei iets. Noteer: A.A., de trekker."
    )
    people = ["Annemiek van den Akker"]
    assert [t for _, t in found(text, people=people, wide=False)] == [
        "Annemiek",
        "van den Akker",
        "A. van den Akker",
        "v.d. Akker",
        "annemiek van den akker",
        "Vandenakker",
        "A.A.",
    ]


def test_a_misspelt_known_name_is_found_where_a_sentence_begins():
    text = "Boekhari komt niet. Boeken ook niet."
    assert found(text, people=["Nadia Boukhari"]) == [("person", "Boekhari")]


def test_cops_and_organisations_of_the_study_are_nobodys(study):
    names = names_of_study(study.names)
    text = (
        "In Fryslân, Hart van Brabant, Noordoost Nederland en Zeeland. De mevrouw van Divosa, "
        "iemand van VluchtelingenWerk, de Rijnmondse plaat en de DUO-medewerker."
    )
    assert find_by_rules(text, names=names, wide=True) == []


def test_languages_countries_and_tools_are_nobodys():
    text = "Hij spreekt Tigrinya en Nederlands, komt uit Eritrea, en werkt met Teams en Excel."
    assert found(text) == []


def test_places_are_told_from_people():
    text = "Ik woon in Echt en werk in Ommen, nee, Emmen. Echt waar. Mevrouw Hulst kwam uit Hulst."
    assert found(text) == [
        ("place", "Echt"),
        ("place", "Ommen"),
        ("place", "Emmen"),
        ("person", "Hulst"),
        ("place", "Hulst"),
    ]


def test_a_street_without_a_number_is_a_place_and_a_surname_is_not():
    assert found("Ik woon in de Kerkstraat naast mevrouw Verlaan.") == [
        ("place", "Kerkstraat"),
        ("person", "Verlaan"),
    ]


def test_small_organisations_are_found_whole():
    text = "Petra van Taalhuis De Brug belde, en iemand van Buurtmaatjes Oost."
    assert found(text) == [
        ("person", "Petra"),
        ("organisation", "Taalhuis De Brug"),
        ("organisation", "Buurtmaatjes Oost"),
    ]


def test_earlier_pseudonyms_are_left_alone():
    assert found("Ik sprak [persoon-03] en [persoon] in [plaats-12], [respondent-07].") == []


def test_without_wide_only_listed_names_count():
    text = "Volgens Zjoelbahar zit Sanne daar."
    assert found(text, wide=False) == [("person", "Sanne")]


def test_overlapping_findings_are_one_of_the_strongest_kind():
    text = "Kerkweg 8 Lunteren"
    parts = [
        Finding(0, 9, "address", text[:9], "a"),
        Finding(5, 18, "place", text[5:], "b"),
        Finding(0, 7, "person", text[:7], "a"),
    ]
    assert settled(parts, text=text) == [Finding(0, 18, "address", text, "a+b")]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Annelies Wolters", FullName("Annelies", "", "Wolters")),
        ("Wolters, Annelies", FullName("Annelies", "", "Wolters")),
        ("Annemiek van den Akker (trekker)", FullName("Annemiek", "van den", "Akker")),
        ("de heer De Groot", FullName("", "De", "Groot")),
        ("mw. Postma", FullName("", "", "Postma")),
        ("Te Riele", FullName("", "Te", "Riele")),
        ("Annelies", FullName("Annelies")),
        ("AW", FullName(code="AW")),
    ],
)
def test_a_name_is_taken_apart(written, parts):
    assert full_name(written) == parts


def test_a_slip_is_one_letter_or_a_swap():
    assert is_slip("boekhari", "boukhari")
    assert is_slip("hermans", "hermens")
    assert is_slip("jansen", "janssen")
    assert is_slip("wolters", "wotlers")
    assert not is_slip("ommen", "emmen")
    assert not is_slip("wolters", "walters-kok")


def test_open_answers_are_masked_and_the_rest_stays():
    texts = pd.Series(
        ["bel Jolanda Terpstra, 06-00000012", pd.NA, "Wil je meer? Ga naar Emmen."],
        index=[3, 5, 9],
        name="text",
        dtype="string",
    )
    table = masked_texts(texts, names=NOBODY)
    assert table["kinds"].tolist() == ["person phone", "", ""]
    masked = table["text"]
    assert masked.tolist()[0] == "bel [persoon], [telefoon]"
    assert masked.isna().tolist() == [False, True, False]
    assert masked.loc[9] == texts.loc[9]
    assert (masked.name, masked.dtype, list(masked.index)) == ("text", texts.dtype, [3, 5, 9])
    assert masked_texts(masked, names=NOBODY)["text"].equals(masked)
    assert masked_texts(texts[:0], names=NOBODY).empty


def test_the_canaries_of_the_twin_are_masked_and_nothing_else(study):
    path = files("copanalysis") / "twin" / "texts" / "open_answers.csv"
    with path.open(encoding="utf-8") as file:
        answers = pd.read_csv(file, dtype="string", keep_default_na=False)
    masked = masked_texts(answers["text"], names=names_of_study(study.names))["text"]
    changed = masked.ne(answers["text"])
    assert changed.equals(answers["canary"].eq("yes"))
    left = " ".join(masked[changed])
    assert not [w for w in ("Terpstra", "Farid", "Elmansour", "Sadia", "Henk") if w in left]
    assert "@" not in left
    assert "06-" not in left


def test_missing_name_lists_are_told(monkeypatch):
    monkeypatch.setattr(word_lists.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CopanalysisError, match="install the packages again"):
        word_lists.lists_of_deduce()


def test_somebody_who_is_spoken_to_in_told_speech_is_found():
    assert found("En dan zeg ik: Liddy, om kwart over drie.") == [("person", "Liddy")]
    assert found("Toen zei ze: 'Liddy, kom.'") == [("person", "Liddy")]
    for text in ("Dan zeg ik: Kijk, zo zit het.", "Dit helpt: Liddy, dus.", "Ik zeg: Liddy dus."):
        assert found(text) == []
    assert found("En dan zeg ik: Liddy, om drie.", wide=False) == []


def test_names_that_anybody_may_read_are_no_identifiers(edit, project):
    text = "Een gedicht van Annie Schmidt, zei ze."
    names = names_of_study(load_study(project).names)
    assert [f.text for f in find_by_rules(text, names=names, wide=False)] == ["Annie Schmidt"]
    edit("names.csv", "HvB,hart", "Annie Schmidt,schmidt,public,no,,,gedicht\nHvB,hart")
    names = names_of_study(load_study(project).names)
    assert find_by_rules(text, names=names, wide=False) == []


def test_columns_of_a_printed_table_are_no_address():
    assert found("Spanningsveld          13           52") == []


def test_a_day_behind_a_name_is_no_house_number():
    assert (
        found("Observatie Midden-Limburg 13 juni.xlsx", never=["Midden-Limburg"], wide=False) == []
    )
    assert found("Ik woon Kerkstraat 12.") == [("address", "Kerkstraat 12")]


def test_an_address_may_run_on_to_the_next_line():
    assert found("Kerkstraat\n    12 is het") == [("address", "Kerkstraat\n    12")]
