"""Plain text: labels, times, headers, encodings, and what is odd in them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transcript_files import read, told, turns

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.transcript import read_transcript
from copanalysis.fieldwork.transcripts.encoding import decoded
from copanalysis.fieldwork.transcripts.text import read_text

PLAIN = (
    "Interviewer: Hoe gaat het?\nAnnelies: Goed. Nou ja…\nInterviewer: En verder?\nAnnelies: Nee.\n"
)
SAID = [
    ("Interviewer", "Hoe gaat het?"),
    ("Annelies", "Goed. Nou ja…"),
    ("Interviewer", "En verder?"),
    ("Annelies", "Nee."),
]


def test_a_document_holds_turns_with_ids_offsets_and_a_hash_of_its_text(tmp_path):
    document = read(tmp_path, "P01.txt", PLAIN)
    assert turns(document) == SAID
    assert document.id == "P01"
    assert [turn.id for turn in document.turns] == ["P01-0001", "P01-0002", "P01-0003", "P01-0004"]
    assert document.text == PLAIN
    assert document.hash == hashlib.sha256(PLAIN.encode()).hexdigest()
    assert (document.format, document.insertions, document.deletions) == ("txt", 0, 0)
    assert document.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "[00:12:31] Annelies de Vries: tekst",
        "00:12:31 Annelies de Vries: tekst",
        "(12:31) Annelies de Vries: tekst",
        "Annelies de Vries [00:12:31]: tekst",
        "Annelies de Vries (00:12:31): tekst",
        "#00:12:31-4# Annelies de Vries: tekst",
        "00:12:31\nAnnelies de Vries: tekst",
        "[00:12:31]\nAnnelies de Vries: tekst",
        "Annelies de Vries   12:31\ntekst",
        "Annelies de Vries: [00:12:31] tekst",
    ],
)
def test_a_time_in_any_usual_place_is_the_start_of_the_turn(tmp_path, line):
    document = read(tmp_path, "a.txt", f"I: begin\n{line}\nI: eind\nAnnelies de Vries: slot\n")
    turn = document.turns[1]
    assert (turn.speaker, turn.text, turn.start) == ("Annelies de Vries", "tekst", 751.0)


def test_a_time_in_hashes_at_the_end_is_the_end_of_the_turn(tmp_path):
    document = read(tmp_path, "a.txt", "I: vraag #00:00:05-2#\nR: antwoord #00:01:09-0#\n")
    assert [turn.end for turn in document.turns] == [5.0, 69.0]
    assert turns(document) == [("I", "vraag"), ("R", "antwoord")]


@pytest.mark.parametrize(("asks", "answers"), [("I", "R"), ("INT", "RESP"), ("I1", "R2")])
def test_codes_tell_the_roles(tmp_path, asks, answers):
    document = read(tmp_path, "a.txt", f"{asks}: vraag\n{answers}: antwoord\n")
    assert [turn.role for turn in document.turns] == ["interviewer", "respondent"]


def test_roles_that_are_given_go_before_words(tmp_path):
    text = "Eva: vraag\nJan: antwoord\nR: nog iets\n"
    document = read(tmp_path, "a.txt", text, roles={"eva": "interviewer", "R": ""})
    assert [turn.role for turn in document.turns] == ["interviewer", "respondent", ""]


def test_an_unknown_role_is_refused(tmp_path):
    with pytest.raises(CopanalysisError, match="Unknown role"):
        read(tmp_path, "a.txt", PLAIN, roles={"Eva": "boss"})


def test_without_an_interviewer_nobody_has_a_role_and_that_is_told(tmp_path):
    document = read(tmp_path, "a.txt", "Eva: vraag\nJan: antwoord\n")
    assert {turn.role for turn in document.turns} == {""}
    assert told(document, "no speaker who is known as interviewer") == [("note", "a.txt")]


HEADER = "Interview over de CoP\nDatum: 3 mei 2023\n{who}\nDuur: 40 minuten\n\n"


@pytest.mark.parametrize(
    ("who", "label"),
    [
        ("Interviewer: Eva de Vos", "Eva de Vos"),
        ("Interviewer: Eva de Vos", "Eva"),
        ("Interviewers: Jan Bos en Eva de Vos (EV)", "EV"),
        ("Gespreksleider: Eva de Vos", "E.V."),
    ],
)
def test_the_header_is_not_said_and_tells_who_asks(tmp_path, who, label):
    text = HEADER.format(who=who) + f"{label}: Hallo.\nFatma: Hoi.\n{label}: Zo.\nFatma: Ja.\n"
    document = read(tmp_path, "a.txt", text)
    assert turns(document)[0] == (label, "Hallo.")
    assert [turn.role for turn in document.turns] == ["interviewer", "respondent"] * 2
    assert told(document, "a header") == [("note", "a.txt, lines 1, 2, 3 and 4")]


def test_a_conversation_that_begins_with_a_role_is_no_header(tmp_path):
    document = read(tmp_path, "a.txt", "Interviewer: Goedemorgen\nRespondent: Hallo\n")
    assert turns(document) == [("Interviewer", "Goedemorgen"), ("Respondent", "Hallo")]


def test_lines_without_a_label_go_on_with_the_turn(tmp_path):
    document = read(tmp_path, "a.txt", "I: een vraag\nop twee regels\n\nR: ja\n\nen nee\n")
    assert turns(document) == [("I", "een vraag op twee regels"), ("R", "ja en nee")]


@pytest.mark.parametrize(
    "line",
    [
        "Kijk: dat is het punt",
        "En toen zei hij: nee",
        "Om 10:30 begon het",
        "zie https://voorbeeld.nl/a",
        "Het probleem: niemand belt",
    ],
)
def test_a_sentence_with_a_colon_is_no_speaker(tmp_path, line):
    document = read(tmp_path, "a.txt", f"I: vraag\nR: antwoord\n{line}\nI: dank\n")
    assert turns(document)[1] == ("R", f"antwoord {line}")


def test_a_name_that_stands_once_in_a_long_transcript_is_text_and_told(tmp_path):
    text = "I: vraag\nR: antwoord\n" * 6 + "Wageningen: daar lukt het\nI: dank\n"
    document = read(tmp_path, "a.txt", text)
    assert turns(document)[-2] == ("R", "antwoord Wageningen: daar lukt het")
    assert told(document, "stands there once") == [("warning", "a.txt, line 13")]
    named = read(tmp_path, "a.txt", text, roles={"Wageningen": "respondent"})
    assert turns(named)[-2] == ("Wageningen", "daar lukt het")


def test_a_speaker_who_speaks_once_in_a_long_transcript_is_told(tmp_path):
    text = "I: vraag\nR: antwoord\n" * 6 + "Fatma Yıldız: mag ik ook?\n"
    document = read(tmp_path, "a.txt", text)
    assert turns(document)[-1] == ("Fatma Yıldız", "mag ik ook?")
    assert told(document, "a speaker who speaks once") == [("note", "a.txt, line 13")]


def test_text_before_the_first_speaker_is_of_an_unknown_one(tmp_path):
    document = read(tmp_path, "a.txt", "Hier begint het.\nI: vraag\nR: antwoord\n")
    assert turns(document)[0] == ("", "Hier begint het.")
    assert document.text.startswith("Hier begint het.\nI: vraag")
    assert told(document, "unknown speaker") == [("warning", "a.txt, line 1")]


def test_a_text_without_speakers_is_read_line_by_line_and_told(tmp_path):
    document = read(tmp_path, "a.txt", "eerste regel\n\n[00:01:00] tweede regel\n")
    assert turns(document) == [("", "eerste regel"), ("", "tweede regel")]
    assert document.turns[1].start == 60.0
    assert told(document, "no speakers at all") == [("warning", "a.txt")]


def test_empty_turns_are_left_out_and_told(tmp_path):
    document = read(tmp_path, "a.txt", "I: vraag\nR:\nI: nog een\nR: ja\n")
    assert turns(document) == [("I", "vraag"), ("I", "nog een"), ("R", "ja")]
    assert told(document, "without text") == [("warning", "a.txt, line 2")]


def test_a_label_alone_on_a_line_is_followed_by_its_text(tmp_path):
    document = read(tmp_path, "a.txt", "I:\neen vraag\nR:\neen antwoord\n")
    assert turns(document) == [("I", "een vraag"), ("R", "een antwoord")]


def test_times_that_go_back_are_told_and_kept(tmp_path):
    document = read(tmp_path, "a.txt", "[00:02:00] I: a\n[00:01:00] R: b\n[00:03:00] I: c\n")
    assert [turn.start for turn in document.turns] == [120.0, 60.0, 180.0]
    assert told(document, "a time before") == [("warning", "a.txt, line 2")]


def test_a_speaker_written_in_two_ways_is_told(tmp_path):
    document = read(tmp_path, "a.txt", "I: a\nJan Bos: b\nI: c\nJAN BOS: d\n")
    assert told(document, "more than one way") == [("warning", "a.txt, lines 2 and 4")]


def test_control_characters_are_left_out_and_told(tmp_path):
    document = read(tmp_path, "a.txt", "I: vra\x08ag\nR: ant\x0bwoord\tja\n")
    assert turns(document) == [("I", "vraag"), ("R", "ant woord\tja")]
    assert told(document, "control characters") == [("warning", "a.txt, line 1")]


def test_invisible_characters_are_kept_and_told(tmp_path):
    document = read(tmp_path, "a.txt", "I: Fat\u00adma?\nR: ja\n")
    assert document.turns[0].text == "Fat\u00adma?"
    assert told(document, "invisible") == [("warning", "a.txt, line 1")]


def test_offsets_count_code_points_also_behind_emoji(tmp_path):
    document = read(tmp_path, "a.txt", "I: 👩‍👩‍👧 ja\u0301\nR: na de emoji\n")
    assert document.turns[1].offset == document.text.index("na de emoji")


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode("utf-8"),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
    ],
)
def test_every_usual_encoding_and_line_end_gives_the_same_turns(tmp_path, data):
    assert turns(read(tmp_path, "a.txt", data)) == SAID


def test_windows_letters_are_noted_and_double_encoding_warned(tmp_path):
    windows = read(tmp_path, "a.txt", "I: Fryslân?\nR: ja\n".encode("cp1252"))
    assert told(windows, "not UTF-8") == [("note", "a.txt")]
    assert windows.turns[0].text == "Fryslân?"
    twice = read(tmp_path, "a.txt", "I: Fryslân?\nR: ja\n".encode().decode("cp1252"))
    assert told(twice, "encoded twice") == [("warning", "a.txt")]


def test_a_windows_text_that_ends_in_an_accent_is_read():
    assert decoded("R: café".encode("cp1252"), name="a.txt")[0] == "R: café"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"I: a\x00b\n", "NUL"),
        ("R: é en é".encode()[:-1], "cut short"),
        (b"R: \x81 \xe9\n", "neither UTF-8"),
        (b"I:\nR:\n", "nothing that was said"),
        (b"{\\rtf1 I: hallo}", "Rich Text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50, "old Word"),
    ],
)
def test_what_is_no_transcript_is_refused_with_one_message(tmp_path, data, why):
    with pytest.raises(CopanalysisError, match=why):
        read(tmp_path, "a.txt", data)


def test_a_missing_file_and_an_unknown_kind_are_refused(tmp_path):
    with pytest.raises(CopanalysisError, match="is not a file"):
        read_transcript(tmp_path / "weg.txt")
    with pytest.raises(CopanalysisError, match="no transcript in a format"):
        read(tmp_path, "a.xyz", "I: hallo\n")


def test_a_file_is_read_as_what_it_is_whatever_its_name(tmp_path):
    document = read(tmp_path, "a.txt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Eva>hoi</v>\n")
    assert document.format == "vtt-teams"
    assert told(document, "by its content") == [("note", "a.txt")]


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), exclude_characters=":#[]("),
    min_size=1,
    max_size=12,
)


@given(st.lists(st.tuples(st.sampled_from(["I", "R", "Jan Bos"]), st.lists(WORDS, min_size=1))))
def test_reading_is_the_inverse_of_writing(said):
    lines = [(speaker, " ".join(words)) for speaker, words in said]
    text = "".join(f"{speaker}: {words}\n" for speaker, words in lines)
    known = {"Jan Bos"}
    reading = read_text(f"I: begin\n{text}".encode(), name="a.txt", known=known)
    assert [(s.speaker, s.text) for s in reading.spoken] == [("I", "begin"), *lines]
