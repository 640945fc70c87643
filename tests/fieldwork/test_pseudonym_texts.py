"""One pseudonym per person, in every text; everything else as it was."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copanalysis.fieldwork.pseudonyms.key import Entry, Key
from copanalysis.fieldwork.pseudonyms.sources import Source
from copanalysis.fieldwork.pseudonyms.texts import pseudonymise_sources
from copanalysis.study.identifiers import known_names

NOBODY = known_names([], never=["Zeeland", "Fryslân", "DUO", "COA"])
PSEUDONYM = re.compile(r"\[[a-z-]+-\d\d\]")
INTERVIEW = {"Marieke Verbruggen": "interviewer", "Annelies Wolters": "respondent"}


def pseudonymised(text, *, key=None, document="P01", names=NOBODY):
    done = together({document: text}, key=key, names=names)
    return done.texts[document], done.key


def together(texts, *, key=None, names=NOBODY, **roles):
    """Texts by document, with the roles of the speakers of each."""
    sources = [Source(id, text, ".txt", roles.get(id, {})) for id, text in texts.items()]
    return pseudonymise_sources(sources, key=key or Key(), names=names, finder=None)


def codes(text):
    return PSEUDONYM.findall(text)


def test_all_forms_of_a_name_are_one_pseudonym():
    text = (
        "Ik ben Annelies Wolters. Zeg maar Annelies. Mevrouw Wolters mag ook, of A. Wolters. "
        "Dat is Annelies' collega. En Anneliesje, zo heet ik thuis. Volgens Wolter klopt het."
    )
    result, _ = pseudonymised(text)
    assert set(codes(result)) == {"[persoon-01]"}
    assert result == (
        "Ik ben [persoon-01]. Zeg maar [persoon-01]. Mevrouw [persoon-01] mag ook, of "
        "[persoon-01]. Dat is [persoon-01]' collega. En [persoon-01], zo heet ik thuis. "
        "Volgens [persoon-01] klopt het."
    )


def test_speakers_have_their_role_and_no_brackets_in_labels():
    text = (
        "Marieke Verbruggen: Dag Annelies.\n"
        "Annelies Wolters: Dag Marieke.\n"
        "[00:01:02] Marieke Verbruggen: Ken je Petra?\n"
    )
    done = together({"P01": text}, P01=INTERVIEW)
    assert done.texts["P01"] == (
        "interviewer-01: Dag [respondent-01].\n"
        "respondent-01: Dag [interviewer-01].\n"
        "[00:01:02] interviewer-01: Ken je [persoon-01]?\n"
    )
    kinds = [change.kind for change in done.changes["P01"]]
    assert kinds == ["speaker", "person", "speaker", "person", "speaker", "person"]


def test_labels_that_are_roles_or_organisations_stay():
    text = "Interviewer: Dag.\nRespondent 2: Hoi.\nDUO: Namens DUO dan.\nSpreker 1: Nee.\n"
    labels = {"Interviewer": "interviewer", "Respondent 2": "", "DUO": "", "Spreker 1": ""}
    done = together({"P01": text}, P01=labels)
    assert done.texts["P01"] == text
    assert done.key == Key()


def test_a_person_keeps_the_pseudonym_in_other_texts():
    texts = {
        "P01": "Annelies Wolters: Ik was er.\nMarieke Verbruggen: Ja.\n",
        "P02": "We belden met Annelies Wolters, en mevrouw Wolters belde terug.",
        "P03": "Dat hoorde ik van Wolters.",
    }
    done = together(texts, P01=INTERVIEW)
    for id in texts:
        assert "respondent-01" in done.texts[id]
    assert [d.document for d in done.doubts] == ["P03"]


def test_two_people_of_one_first_name_stay_apart():
    texts = {
        "P01": "Mark Oosterhof zat daar. Volgens Mark was het goed.",
        "P02": "Mark de Graaf zat daar. Volgens Mark was het niks.",
        "P03": "Volgens Mark ging het wel.",
    }
    done = together(texts)
    one, other, third = (codes(done.texts[id]) for id in texts)
    assert one == ["[persoon-01]"] * 2
    assert other == ["[persoon-02]"] * 2
    assert third == ["[persoon-03]"]
    assert [(d.document, d.pseudonym) for d in done.doubts] == [("P03", "persoon-03")]


def test_a_title_that_contradicts_keeps_people_apart():
    texts = {
        "P01": "Mevrouw Fenna de Groot belde. Volgens mevrouw De Groot wel.",
        "P02": "De heer De Groot belde.",
    }
    done = together(texts)
    assert codes(done.texts["P01"]) == ["[persoon-01]"] * 2
    assert codes(done.texts["P02"]) == ["[persoon-02]"]


def test_a_surname_of_two_people_in_one_text_is_somebody_apart():
    text = "Wil Hermans en Noor Hermans zaten daar. Volgens Hermans was het goed."
    result, _ = pseudonymised(text)
    assert codes(result) == ["[persoon-01]", "[persoon-02]", "[persoon-03]"]


def test_respondents_of_one_first_name_in_two_interviews_are_two_people():
    texts = {"P01": "INT: Ja?\nAnna: Hoi.\n", "P02": "INT: Ja?\nAnna: Dag. Ik ben Anna.\n"}
    roles = {"INT": "interviewer", "Anna": "respondent"}
    done = together(texts, P01=roles, P02=roles)
    assert done.texts["P01"] == "INT: Ja?\nrespondent-01: Hoi.\n"
    assert done.texts["P02"] == "INT: Ja?\nrespondent-02: Dag. Ik ben [respondent-02].\n"


def test_an_interviewer_by_first_name_is_one_person_in_all_interviews():
    texts = {"P01": "Joost: Ja?\nR: Hoi.\n", "P02": "Joost: Nee?\nR: Dag Joost.\n"}
    roles = {"Joost": "interviewer", "R": "respondent"}
    done = together(texts, P01=roles, P02=roles)
    assert done.texts["P02"] == "interviewer-01: Nee?\nR: Dag [interviewer-01].\n"


def test_ommen_and_emmen_are_never_one_place():
    texts = {"P01": "Ik werk in Ommen, niet in Emmen.", "P02": "Post voor Emmen komt in Ommen."}
    done = together(texts)
    assert done.texts["P01"] == "Ik werk in [plaats-01], niet in [plaats-02]."
    assert done.texts["P02"] == "Post voor [plaats-02] komt in [plaats-01]."


def test_one_number_written_in_two_ways_is_one_pseudonym():
    result, key = pseudonymised("Bel 06-12345678, dus +31 6 1234 5678, of mail Ab@x.nl, ab@x.nl.")
    expected = "Bel [telefoon-01], dus [telefoon-01], of mail [e-mail-01], [e-mail-01]."
    assert result == expected
    assert len(key.entries) == 2


def test_the_key_is_kept_to_and_only_grows():
    first, key = pseudonymised("Annelies Wolters zat in Ommen.")
    second, longer = pseudonymised("Petra zat in Emmen naast Annelies.", key=key, document="P02")
    assert first == "[persoon-01] zat in [plaats-01]."
    assert codes(second) == ["[persoon-02]", "[plaats-02]", "[persoon-01]"]
    assert longer.entries[: len(key.entries)] == key.entries
    again, same = pseudonymised("Annelies Wolters zat in Ommen.", key=longer)
    assert (again, same) == (first, longer)


def test_a_correction_in_the_key_is_followed():
    key = Key((Entry("persoon-09", "person", "Mark", "P01"),))
    assert pseudonymised("Volgens Mark wel.", key=key)[0] == "Volgens [persoon-09] wel."
    other = pseudonymised("Volgens Mark Bos niet. Volgens Petra wel.", key=key, document="P02")
    assert codes(other[0]) == ["[persoon-10]", "[persoon-11]"]


def test_a_name_seen_in_one_text_is_found_in_another():
    texts = {"P01": "Een jongen, Zjoelbahar, zat er.", "P02": "Wie dan? Zjoelbahar. Die was klaar."}
    assert codes(together(texts).texts["P02"]) == ["[persoon-01]"]


def test_captions_keep_their_times_and_tags():
    text = (
        "WEBVTT\r\n\r\n06123456-0612/0-0\r\n00:00:01.000 --> 00:00:02.000\r\n"
        "<v Annelies Wolters>Ik sprak met Parvin</v>\r\n\r\n"
        "06123456-0612/1-0\r\n00:00:02.000 --> 00:00:03.000\r\nRostami uit Ommen.\r\n"
    )
    roles = {"Annelies Wolters": "respondent"}
    source = Source("P01", text, ".vtt", roles)
    done = pseudonymise_sources([source], key=Key(), names=NOBODY, finder=None)
    result = done.texts["P01"]
    assert re.findall(r".*-->.*", result) == re.findall(r".*-->.*", text)
    assert result.count("\r\n") == text.count("\r\n")
    assert "<v respondent-01>Ik sprak met [persoon-01]" in result
    assert result.endswith(" uit [plaats-01].\r\n")
    assert not re.search("Parvin|Rostami|Annelies|Ommen", result)


def test_a_header_of_a_text_is_pseudonymised_too():
    text = "Interview met Annelies Wolters\nDatum: 14 november 2023\nInterviewer: Joost\n\nI: Ja?\n"
    roles = {"I": "interviewer"}
    result = together({"P01": text}, P01=roles).texts["P01"]
    assert result == (
        "Interview met [persoon-01]\nDatum: 14 november 2023\nInterviewer: [persoon-02]\n\nI: Ja?\n"
    )


NAMES = ("Annelies Wolters", "Parvin Rostami", "Bart van den Akker", "Sietske Hoekstra", "Petra")
PLAIN = (
    "dat was goed, ja.",
    "Echt niet.",
    "Wil je koffie?",
    "om 12 uur.",
    "de groep in Zeeland.",
    "Nou… kijk.\n",
    "\U0001f642 hè?",
)
MARKED = st.sampled_from([*NAMES, "Annelies", "Ommen", "06-00000017", "a.b@voorbeeld.nl"])
PIECE = st.one_of(
    st.sampled_from(PLAIN),
    MARKED.map("we spraken met {} daarover.".format),
    MARKED.map("en {}.".format),
)
TEXT = st.lists(PIECE, max_size=8).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=3))
def test_twice_is_once_and_no_form_is_left(texts):
    by_id = {f"P{n:02d}": text for n, text in enumerate(texts)}
    done = together(by_id, names=known_names(NAMES, never=["Zeeland"]))
    again = together(done.texts, key=done.key, names=known_names(NAMES, never=["Zeeland"]))
    assert again.texts == done.texts
    assert again.key == done.key
    for text in done.texts.values():
        assert not [entry.form for entry in done.key.entries if entry.form in text]


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_all_text_outside_identifiers_stays(text):
    result, _ = pseudonymised(text, names=known_names(NAMES, never=["Zeeland"]))
    outside = [re.escape(part) for part in PSEUDONYM.split(result)]
    assert re.fullmatch(".+?".join(outside), text, re.DOTALL)


@pytest.mark.parametrize("text", ["", "Nee.", "[persoon-01] was er."])
def test_a_text_without_identifiers_is_unchanged(text):
    assert pseudonymised(text) == (text, Key())
