"""PDF with a text layer: pages, words broken at line ends, what repeats, scans."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from transcript_files import pdf, read, told, turns

from copanalysis.errors import CopanalysisError


def test_turns_run_on_over_lines_and_pages(tmp_path):
    pages = [["Interviewer: Hoe gaat", "het?", "Fatma: Goed, maar"], ["het kan beter.", "I: O?"]]
    document = read(tmp_path, "P11.pdf", pdf(pages))
    assert document.format == "pdf"
    assert turns(document) == [
        ("Interviewer", "Hoe gaat het?"),
        ("Fatma", "Goed, maar het kan beter."),
        ("I", "O?"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("de inburge-", "ring loopt", "de inburgering loopt"),
        ("een NT2-", "docent en", "een NT2-docent en"),
        ("de ISK-", "leerlingen", "de ISK-leerlingen"),
        ("alle klant-", "en ketenmanagers", "alle klant- en ketenmanagers"),
        ("dag Dirk-", "Jan Bos", "dag Dirk- Jan Bos"),
        ("en dan -", "ja", "en dan - ja"),
    ],
)
def test_words_broken_at_the_end_of_a_line_are_joined(tmp_path, first, second, whole):
    document = read(tmp_path, "a.pdf", pdf([["I: vraag", f"R: {first}", second]]))
    assert turns(document)[1] == ("R", whole)


def test_headers_and_footers_that_repeat_are_left_out_and_told(tmp_path):
    words = ("een", "twee", "drie")
    pages = [
        ["Evaluatie 2024", f"I: vraag {word}", f"R: antwoord {word}", f"Pagina {n} van 3"]
        for n, word in enumerate(words, 1)
    ]
    document = read(tmp_path, "a.pdf", pdf(pages))
    said = [[("I", f"vraag {word}"), ("R", f"antwoord {word}")] for word in words]
    assert turns(document) == [turn for page in said for turn in page]
    assert told(document, "repeat") == [("note", "a.pdf")]


def test_the_same_words_at_other_places_of_pages_are_said(tmp_path):
    pages = [
        ["Kop", "I: en toen?", "R: een", "I: dus?", "R: twee", "I: goed", "R: drie"],
        ["Kop", "R: vier", "I: en toen?", "R: vijf", "I: goed", "R: zes"],
    ]
    assert turns(read(tmp_path, "a.pdf", pdf(pages))).count(("I", "en toen?")) == 2


def test_the_header_of_the_document_tells_who_asks(tmp_path):
    page = ["Gesprek", "Datum: 3 mei 2023", "Interviewer: Eva Vos", "Eva: Hoi.", "Fatma: Dag."]
    document = read(tmp_path, "a.pdf", pdf([page]))
    assert [(t.speaker, t.role) for t in document.turns] == [
        ("Eva", "interviewer"),
        ("Fatma", "respondent"),
    ]


def test_a_scan_is_refused(tmp_path):
    with pytest.raises(CopanalysisError, match="only pictures of pages"):
        read(tmp_path, "a.pdf", pdf([[], []]))


def test_a_page_without_text_among_others_is_told(tmp_path):
    document = read(tmp_path, "a.pdf", pdf([["I: vraag"], [], ["R: ja"]]))
    assert told(document, "without text") == [("warning", "a.pdf, page 2")]


def test_a_locked_and_a_damaged_pdf_are_refused(tmp_path):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["I: vraag"]]))))
    writer.encrypt("geheim", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    with pytest.raises(CopanalysisError, match="locked with a password"):
        read(tmp_path, "a.pdf", target.getvalue())
    with pytest.raises(CopanalysisError, match="damaged PDF"):
        read(tmp_path, "a.pdf", b"%PDF-1.7\nniets")
