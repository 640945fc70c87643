"""OpenDocument texts: turns, white space, tracked changes, what stands beside the text."""

import pytest
from transcript_files import archive, odt, read, told, turns

from copanalysis.errors import CopanalysisError

BOLD = (
    '<style:style style:name="T1" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
PLAIN = "<text:p>Interviewer: Hoe gaat het?</text:p><text:p>Jan: Goed.</text:p><text:p>Zo.</text:p>"


def test_headings_are_structure_and_paragraphs_turns(tmp_path):
    document = read(tmp_path, "P05.odt", odt(f"<text:h>Interview</text:h>{PLAIN}"))
    assert document.format == "odt"
    assert turns(document) == [("Interviewer", "Hoe gaat het?"), ("Jan", "Goed. Zo.")]
    assert told(document, "heading") == [("note", "P05.odt, paragraph 1")]


def test_names_in_bold_are_speakers(tmp_path):
    span = '<text:span text:style-name="T1">{}</text:span>'
    body = (
        f"<text:p>{span.format('Eva Vos')} Hoi.</text:p>"
        f"<text:p>{span.format('mevrouw De Wit:')} Dag.</text:p>"
    ) * 2
    document = read(tmp_path, "a.odt", odt(body, automatic=BOLD))
    assert turns(document) == [("Eva Vos", "Hoi."), ("mevrouw De Wit", "Dag.")] * 2


def test_white_space_counts_as_the_format_has_it(tmp_path):
    body = (
        "<text:p>  I:\n   een\t twee<text:span> </text:span> drie</text:p>"
        '<text:p>R:<text:tab/>a<text:s text:c="2"/>b<text:line-break/>c'
        "<text:soft-page-break/></text:p>"
    )
    document = read(tmp_path, "a.odt", odt(body))
    assert turns(document) == [("I", "een twee drie"), ("R", "a  b c")]


def test_lists_sections_and_tables_are_read(tmp_path):
    def row(*cells: str) -> str:
        own = "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in cells)
        return f"<table:table-row>{own}</table:table-row>"

    body = (
        "<text:section><text:p>I: lijst?</text:p></text:section>"
        "<text:list><text:list-item><text:p>R: punt</text:p></text:list-item></text:list>"
        f"<table:table><table:table-header-rows>{row('Wie', 'Tekst')}</table:table-header-rows>"
        f"{row('I', 'tabel?')}{row('R', 'ja')}</table:table>"
    )
    said = [("I", "lijst?"), ("R", "punt"), ("I", "tabel?"), ("R", "ja")]
    assert turns(read(tmp_path, "a.odt", odt(body))) == said


CHANGES = (
    "<text:tracked-changes>"
    '<text:changed-region text:id="c1"><text:deletion><text:p>gewoon</text:p></text:deletion>'
    "</text:changed-region>"
    '<text:changed-region text:id="c2"><text:insertion/></text:changed-region>'
    '<text:changed-region text:id="c3"><text:format-change/></text:changed-region>'
    "</text:tracked-changes>"
)


def test_tracked_changes_are_kept_or_left_out_and_told(tmp_path):
    body = (
        f"{CHANGES}<text:p>I: vraag</text:p>"
        '<text:p>R: wij <text:change text:change-id="c1"/>'
        '<text:change-start text:change-id="c2"/>deels<text:change-end text:change-id="c2"/> '
        '<text:change-start text:change-id="c3"/>wel<text:change-end text:change-id="c3"/></text:p>'
    )
    document = read(tmp_path, "a.odt", odt(body))
    assert turns(document) == [("I", "vraag"), ("R", "wij deels wel")]
    assert (document.insertions, document.deletions) == (1, 1)
    assert told(document, "insertion") == [("note", "a.odt, paragraph 2")]
    assert told(document, "deletion") == [("warning", "a.odt, paragraph 2")]


def test_notes_comments_and_boxes_are_told_not_read(tmp_path):
    body = (
        "<text:p>I: vraag<office:annotation><text:p>opmerking</text:p></office:annotation></text:p>"
        "<text:p>R: ja<text:note><text:note-body><text:p>noot</text:p></text:note-body></text:note>"
        "<draw:frame><draw:text-box><text:p>kader</text:p></draw:text-box></draw:frame></text:p>"
    )
    document = read(tmp_path, "a.odt", odt(body))
    assert turns(document) == [("I", "vraag"), ("R", "ja")]
    assert told(document, "comment") == [("note", "a.odt, paragraph 1")]
    assert told(document, "footnote") == [("note", "a.odt, paragraph 2")]
    assert told(document, "text box") == [("warning", "a.odt, paragraph 2")]


def test_a_number_of_spaces_that_would_fill_the_memory_is_cut(tmp_path):
    body = f'<text:p>I: a<text:s text:c="{"9" * 5000}"/>b</text:p><text:p>R: c</text:p>'
    assert len(read(tmp_path, "a.odt", odt(body)).turns[0].text) < 200


def test_other_files_of_the_family_and_locked_ones_are_refused(tmp_path):
    sheet = "<o:c xmlns:o='urn:o'><o:body><o:spreadsheet/></o:body></o:c>"
    with pytest.raises(CopanalysisError, match="no text document"):
        read(tmp_path, "a.odt", archive({"mimetype": "x", "content.xml": sheet}))
    locked = {"META-INF/manifest.xml": "<m><encryption-data/></m>"}
    with pytest.raises(CopanalysisError, match="locked with a password"):
        read(tmp_path, "a.odt", odt(PLAIN, extra=locked))
