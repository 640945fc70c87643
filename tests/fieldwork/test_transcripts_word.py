"""Word documents: turns in paragraphs and tables, tracked changes, what stands beside the text."""

import pytest
from transcript_files import (
    archive,
    bold,
    deleted,
    docx,
    ins,
    p,
    r,
    read,
    table,
    told,
    turns,
)

from copanalysis.errors import CopanalysisError

STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Eigen"><w:basedOn w:val="Kop1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Rond"><w:basedOn w:val="Rond"/></w:style>'
    '<w:style w:type="character" w:styleId="Zwaar"><w:rPr><w:b/></w:rPr></w:style>'
)
PLAIN = p("Interviewer: Hoe gaat het?") + p("Annelies: Goed.") + p("Dat is alles.")
SAID = [("Interviewer", "Hoe gaat het?"), ("Annelies", "Goed. Dat is alles.")]


def test_paragraphs_with_a_name_begin_turns_and_others_go_on(tmp_path):
    document = read(tmp_path, "P01.docx", docx(PLAIN))
    assert (document.format, turns(document)) == ("docx", SAID)
    assert [turn.role for turn in document.turns] == ["interviewer", "respondent"]
    assert document.problems == ()


@pytest.mark.parametrize(
    "content",
    [docx(PLAIN, main="word/document2.xml"), docx(PLAIN, space=STRICT)],
    ids=["other part", "strict"],
)
def test_other_ways_of_saving_give_the_same_turns(tmp_path, content):
    assert turns(read(tmp_path, "a.docx", content)) == SAID


def test_headings_are_structure_and_told(tmp_path):
    outline = '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Kop</w:t></w:r></w:p>'
    body = p("Interview", style="Titel") + p("Deel 1", style="Kop1") + PLAIN + outline
    body += p("Deel 3", style="Eigen") + p("nog iets", style="Rond")
    document = read(tmp_path, "a.docx", docx(body, styles=STYLES))
    assert turns(document) == [SAID[0], ("Annelies", "Goed. Dat is alles. nog iets")]
    assert told(document, "heading") == [("note", "a.docx, paragraphs 1, 2, 6 and 7")]


@pytest.mark.parametrize(
    "name", [bold("Annelies Wolters"), r("Annelies Wolters", '<w:rStyle w:val="Zwaar"/>')]
)
@pytest.mark.parametrize("rest", [": Goed.", " Goed."])
def test_a_name_in_bold_is_a_speaker_with_or_without_a_colon(tmp_path, name, rest):
    body = (p(bold("Eva Vos"), rest.replace("Goed", "Hoi")) + p(name, rest)) * 2
    document = read(tmp_path, "a.docx", docx(body, styles=STYLES))
    assert turns(document) == [("Eva Vos", "Hoi."), ("Annelies Wolters", "Goed.")] * 2


def test_bold_words_inside_an_answer_are_no_speaker(tmp_path):
    body = (
        p(bold("I:"), " vraag")
        + p("R: ja")
        + p(bold("Belangrijk"), " vind ik dat")
        + p(bold("Niet"), " doen")
    )
    assert turns(read(tmp_path, "a.docx", docx(body))) == [
        ("I", "vraag"),
        ("R", "ja Belangrijk vind ik dat Niet doen"),
    ]


def test_bold_that_is_turned_off_is_not_bold(tmp_path):
    off = r("Annelies", '<w:b w:val="0"/>')
    body = p("I: vraag") + (p(off, " zei dat") + p(off, " ook")) + p("R: ja")
    assert turns(read(tmp_path, "a.docx", docx(body)))[0] == (
        "I",
        "vraag Annelies zei dat Annelies ook",
    )


def test_questions_in_bold_without_a_speaker_are_told(tmp_path):
    body = p("I: Welkom.") + p("R: Dank.") + p(bold("Hoe gaat het dan?")) + p("Goed.")
    document = read(tmp_path, "a.docx", docx(body))
    assert told(document, "wholly in bold") == [("warning", "a.docx, paragraph 3")]


def test_a_name_with_its_time_above_the_text_is_a_speaker(tmp_path):
    def teams(name: str, time: str, text: str) -> str:
        return f"<w:p>{r(f'{name}   {time}')}<w:r><w:br/></w:r>{r(text)}</w:p>"

    body = teams("Eva Vos", "0:03", "Hallo.") + teams("Jan Bos", "1:02:03", "Hoi.")
    document = read(tmp_path, "a.docx", docx(body))
    assert turns(document) == [("Eva Vos", "Hallo."), ("Jan Bos", "Hoi.")]
    assert [turn.start for turn in document.turns] == [3.0, 3723.0]


def test_a_tab_may_stand_between_name_and_text(tmp_path):
    tab = "<w:r><w:tab/></w:r>"
    body = f"<w:p>{r('INT')}{tab}{r('vraag')}</w:p><w:p>{r('R:')}{tab}{r('antwoord')}</w:p>"
    assert turns(read(tmp_path, "a.docx", docx(body))) == [("INT", "vraag"), ("R", "antwoord")]


def test_a_table_above_the_conversation_tells_of_it(tmp_path):
    about = table(("Datum", "3 mei 2023"), ("Plaats", "Ede"), ("Interviewer", "Eva Vos"))
    body = about + p("Eva: Hallo.") + p("Fatma: Hoi.")
    document = read(tmp_path, "a.docx", docx(body))
    assert turns(document) == [("Eva", "Hallo."), ("Fatma", "Hoi.")]
    assert [turn.role for turn in document.turns] == ["interviewer", "respondent"]
    assert told(document, "a header") == [("note", "a.docx, paragraphs 1, 3 and 5")]


@pytest.mark.parametrize(
    "rows",
    [
        [("Spreker", "Tekst"), ("Eva", "Hallo."), ("Jan", "Hoi.|Tweede alinea."), ("", "Derde.")],
        [("Eva:", "Hallo."), ("Jan:", "Hoi.|Tweede alinea. Derde.")],
        [("00:00:01", "Eva", "Hallo."), ("00:00:02", "Jan", "Hoi.|Tweede alinea. Derde.")],
        [("1", "Eva", "Hallo."), ("2", "Jan", "Hoi.|Tweede alinea. Derde.")],
        [("#", "Tekst", "Wie"), ("1", "Hallo.", "Eva"), ("2", "Hoi. Tweede alinea. Derde.", "Jan")],
        [("Eva: Hallo.",), ("Jan: Hoi. Tweede alinea. Derde.",)],
    ],
)
def test_a_table_of_speakers_and_text_is_turns(tmp_path, rows):
    document = read(tmp_path, "a.docx", docx(table(*rows)))
    assert turns(document) == [("Eva", "Hallo."), ("Jan", "Hoi. Tweede alinea. Derde.")]


def test_times_in_a_table_are_starts(tmp_path):
    rows = [("Tijd", "Spreker", "Tekst"), ("0:07", "Eva", "Hallo."), ("1:00", "Jan", "Hoi.")]
    document = read(tmp_path, "a.docx", docx(table(*rows)))
    assert [turn.start for turn in document.turns] == [7.0, 60.0]


def test_a_row_without_a_speaker_at_the_top_is_of_an_unknown_one(tmp_path):
    rows = [("Spreker", "Tekst"), ("", "Begin."), ("Eva", "Hallo.")]
    document = read(tmp_path, "a.docx", docx(table(*rows)))
    assert turns(document) == [("", "Begin."), ("Eva", "Hallo.")]


def test_a_table_with_something_else_is_not_read_and_told(tmp_path):
    other = table(("wat zij aan die tafel vonden", "iets", "meer"), ("en dan", "nog", "wat"))
    document = read(tmp_path, "a.docx", docx(PLAIN + other))
    assert turns(document) == SAID
    assert told(document, "hold no turns") == [("warning", "a.docx, paragraph 4")]


def test_insertions_are_kept_deletions_left_out_and_both_told(tmp_path):
    body = p("I: vraag") + p("R: wij hebben ", deleted("gewoon "), ins("deels "), "gekozen.")
    body += p("I: en?") + p("R: ", ins("Nee."), deleted("Ja."))
    document = read(tmp_path, "P04.docx", docx(body))
    assert turns(document) == [
        ("I", "vraag"),
        ("R", "wij hebben deels gekozen."),
        ("I", "en?"),
        ("R", "Nee."),
    ]
    assert (document.insertions, document.deletions) == (2, 2)
    assert told(document, "insertion") == [("note", "P04.docx, paragraphs 2 and 4")]
    assert told(document, "deletion") == [("warning", "P04.docx, paragraphs 2 and 4")]


def test_moved_text_counts_where_it_came_and_where_it_went(tmp_path):
    body = p("I: a ", ins("weg", "moveFrom")) + p("R: b ", ins("weg", "moveTo"))
    document = read(tmp_path, "a.docx", docx(body))
    assert turns(document) == [("I", "a"), ("R", "b weg")]
    assert (document.insertions, document.deletions) == (1, 1)


def test_what_was_inserted_and_then_deleted_is_left_out(tmp_path):
    both = f'<w:ins w:id="1" w:author="A">{deleted("spijt")}</w:ins>'
    document = read(tmp_path, "a.docx", docx(p("I: a") + p("R: b ", both)))
    assert turns(document)[1] == ("R", "b")
    assert (document.insertions, document.deletions) == (0, 1)


def test_a_paragraph_whose_end_was_deleted_joins_the_next(tmp_path):
    gone = '<w:del w:id="3" w:author="A"/>'
    body = p("I: vraag") + p("R: eer", mark=gone) + p(deleted("weg"), mark=gone) + p("ste.")
    document = read(tmp_path, "a.docx", docx(body))
    assert turns(document)[1] == ("R", "eerste.")


def test_a_deleted_row_of_a_table_is_left_out(tmp_path):
    rows = table(("Spreker", "Tekst"), ("Eva", "Hallo."), ("Jan", "Weg."), ("Eva", "Dag."))
    at = rows.index("<w:tr>", rows.index("Hallo."))
    rows = rows[: at + 6] + '<w:trPr><w:del w:id="1" w:author="A"/></w:trPr>' + rows[at + 6 :]
    document = read(tmp_path, "a.docx", docx(rows))
    assert turns(document) == [("Eva", "Hallo."), ("Eva", "Dag.")]
    assert document.deletions == 1


def test_comments_footnotes_boxes_and_hidden_text_are_told_not_read(tmp_path):
    box = (
        '<w:r><w:pict><v:shape xmlns:v="urn:v"><v:textbox><w:txbxContent>'
        f"{p('in een kader')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    body = (
        p("I: vraag", '<w:r><w:commentReference w:id="0"/></w:r>')
        + p("R: antwoord", '<w:r><w:footnoteReference w:id="2"/></w:r>', box)
        + p(r(" geheim", "<w:vanish/>"), "en door")
    )
    document = read(tmp_path, "a.docx", docx(body))
    assert turns(document) == [("I", "vraag"), ("R", "antwoord en door")]
    assert told(document, "comment") == [("note", "a.docx, paragraph 1")]
    assert told(document, "footnote") == [("note", "a.docx, paragraph 2")]
    assert told(document, "text box") == [("warning", "a.docx, paragraph 2")]
    assert told(document, "hidden") == [("warning", "a.docx, paragraph 3")]


def test_links_fields_and_content_controls_are_read(tmp_path):
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    body = p("I: zie ", f"<w:hyperlink>{r('de site')}</w:hyperlink>")
    body += control(p("R: ", control(r("ja"))))
    body += p("en", "<w:r><w:instrText>PAGE</w:instrText></w:r>")
    document = read(tmp_path, "a.docx", docx(body))
    assert turns(document) == [("I", "zie de site"), ("R", "ja en")]


def test_an_archive_without_a_text_is_refused(tmp_path):
    with pytest.raises(CopanalysisError, match="no text of a Word document"):
        read(tmp_path, "a.docx", archive({"word/styles.xml": "<a/>"}))
    with pytest.raises(CopanalysisError, match="no Word or OpenDocument"):
        read(tmp_path, "a.docx", archive({"xl/workbook.xml": "<a/>"}))
    with pytest.raises(CopanalysisError, match="has no body"):
        read(tmp_path, "a.docx", archive({"word/document.xml": "<a/>"}))
    with pytest.raises(CopanalysisError, match="nothing that was said"):
        read(tmp_path, "a.docx", docx(p("")))
