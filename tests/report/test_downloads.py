"""Files to take along: complete, the same numbers in all, the same bytes every time."""

import re
import zipfile

import docx
import pytest
from lxml import html
from publication_samples import CANARY, ONE, TWO, sample_publication
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from readback import (
    csv_rows,
    file_text,
    html_tables,
    pdf_text,
    same,
    squeezed,
    word_tables,
    workbook_tables,
)
from released_samples import shares

from copanalysis.report import pdf as pdf_module
from copanalysis.report import word as word_module
from copanalysis.report import workbook as workbook_module
from copanalysis.report.cells import ALL_HIDDEN
from copanalysis.report.content import Content
from copanalysis.report.datasheet import data_columns, table_csv
from copanalysis.report.downloads import current_downloads, single_page, write_downloads
from copanalysis.report.pdf import NO_BROWSER, find_browser
from copanalysis.report.site import published
from copanalysis.report.tables import table_html
from copanalysis.report.word import _tree

FILES = ("rapport.html", "rapport.docx", "tabellen.xlsx")
UPRIGHT = 595  # points that a page is wide
NO_PDF = pytest.mark.skipif(find_browser() is None, reason="Chromium is not on this machine")
TABLES = [("one", t) for t in ONE.values()] + [("two", t) for t in TWO.values()]
IDS = [f"{page}-{table.id}" for page, table in TABLES]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return sample_publication(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def folder(whole, tmp_path_factory):
    folder = tmp_path_factory.mktemp("downloads")
    write_downloads(whole, folder, kinds=("html", "docx", "xlsx"), told=pytest.fail)
    return folder


@pytest.fixture(scope="module")
def printed(whole, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pdf")
    write_downloads(whole, folder, kinds=("pdf",), told=pytest.fail)
    return folder / "rapport.pdf"


@pytest.fixture(scope="module")
def page(folder):
    return html.document_fromstring((folder / "rapport.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def document(folder):
    return docx.Document(folder / "rapport.docx")


@pytest.mark.parametrize(("page_name", "table"), TABLES, ids=IDS)
def test_html_word_and_csv_agree_cell_by_cell(folder, page_name, table):
    expected = csv_rows(table_csv(table))
    in_html = html_tables((folder / "rapport.html").read_text("utf-8"))
    assert in_html[f"{page_name}--tab-{table.id}"] == expected
    caption = f"Tabel {table.number}. {table.title}"
    assert word_tables(folder / "rapport.docx")[caption] == expected


def test_a_table_that_tells_nothing_is_a_sentence_in_word_too(tmp_path):
    whole = sample_publication(tmp_path, waves=shares(id="waves", number="4.2", hidden=range(8)))
    write_downloads(whole, tmp_path, kinds=("docx",), told=pytest.fail)
    texts = [p.text for p in docx.Document(tmp_path / "rapport.docx").paragraphs]
    after = texts[texts.index("Tabel 4.2. Opbrengsten voor deelnemers") + 1 :]
    assert after[0] == ALL_HIDDEN
    assert after[1].startswith("Basis: ")
    assert "Tabel 4.2. Opbrengsten voor deelnemers" not in word_tables(tmp_path / "rapport.docx")


@pytest.mark.parametrize(("page_name", "table"), TABLES, ids=IDS)
def test_the_workbook_agrees_with_the_csv_cell_by_cell(folder, page_name, table):
    caption = f"Tabel {table.number}. {table.title}"
    rows = workbook_tables(folder / "tabellen.xlsx")[caption]
    expected = list(zip(*(column.texts for column in data_columns(table)), strict=True))
    assert len(rows) == len(expected)
    for row, texts in zip(rows, expected, strict=True):
        assert all(same(value, text) for value, text in zip(row, texts, strict=True)), row


@NO_PDF
@pytest.mark.parametrize(("page_name", "table"), TABLES, ids=IDS)
def test_the_pdf_holds_every_row(whole, printed, page_name, table):
    text = pdf_text(printed)
    root = html.document_fromstring(single_page(whole, whole.chapters))
    for row in root.get_element_by_id(f"{page_name}--tab-{table.id}").xpath("tbody/tr"):
        assert squeezed("".join(cell.text_content() for cell in row)) in text


@NO_PDF
def test_the_pdf_is_tagged_with_outline_title_and_language(printed):
    assert printed.read_bytes().startswith(b"%PDF-1.7")
    reader = PdfReader(printed)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Evaluatie CoP's"
    assert reader.metadata.creation_date is None
    titles = [item["/Title"] for item in _flat(reader.outline)]
    assert titles[0] == "Evaluatie CoP's"
    assert {"Titel van one", "De uitkomsten", "Titel van two"} <= set(titles)


def _flat(outline):
    for item in outline:
        yield from _flat(item) if isinstance(item, list) else [item]


@NO_PDF
def test_the_pdf_has_one_figure_with_its_alternative_text(printed):
    figures = [e for e in _elements(PdfReader(printed)) if e.get("/S") == "/Figure"]
    assert [f["/Alt"] for f in figures if "/Alt" in f] != []
    assert all(len(f.get("/Alt", "")) >= 30 for f in figures)


def _elements(reader):
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop()
        yield element
        children = element.get("/K", [])
        children = children if isinstance(children, list) else [children]
        waiting += [c for c in (c.get_object() for c in children) if hasattr(c, "get")]


def test_the_single_page_is_whole(page):
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {h[1:] for h in page.xpath("//@href") if h.startswith("#")} <= set(ids)
    assert [h for h in page.xpath("//main//a/@href") if not h.startswith(("#", "data:"))] == []
    for name in ("aria-describedby", "aria-labelledby"):
        assert set(page.xpath(f"//@{name}")) <= set(ids)
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[:3] == [1, 2, 3]
    listed = page.xpath("//nav[@class='toc']//a/@href")
    assert listed[:3] == ["#one", "#one--de-uitkomsten", "#one--noten"]
    assert all(url.startswith("data:") for url in page.xpath("//@src | //@srcset | //link/@href"))


def test_links_between_chapters_lead_to_the_right_one(page):
    assert page.xpath("//a[text()='de andere tabel']/@href") == ["#two--tab-got"]
    assert page.xpath("//a[text()='hier']/@href") == ["#one--fig-got"]


def test_a_chapter_by_itself_has_no_link_to_another_file(folder):
    root = html.document_fromstring((folder / "two.html").read_text("utf-8"))
    assert [h for h in root.xpath("//body//@href") if not h.startswith(("#", "data:"))] == []
    assert "Zie hier en elders." in root.get_element_by_id("main").text_content()
    assert not list(root.iter("script", "form"))


def test_word_speaks_dutch_and_has_headings_and_contents(document):
    styles = document.styles.element.xml
    assert re.search(r'<w:lang [^>]*w:val="nl-NL"', styles)
    headings = [(p.style.name, p.text) for p in document.paragraphs if "Heading" in p.style.name]
    assert ("Heading 1", "Titel van one") in headings
    assert ("Heading 2", "De uitkomsten") in headings
    assert ("Heading 3", "Verder") in headings
    contents = [p._p.xpath("string(.)") for p in document.paragraphs if "TOC 1" in p.style.name]
    assert [text.split()[-1] for text in contents] == ["one", "two"]
    assert any("verzonnen gegevens" in p.text for p in document.paragraphs)


def test_tables_in_word_repeat_their_header_and_are_described(document):
    registered = [t for t in document.tables if t._tbl.tblPr.xpath("./w:tblDescription")]
    assert len(registered) == len(TABLES) + 1
    for table in registered:
        upright = table._tbl.tblPr.xpath("./w:tblLook/@w:firstColumn") == ["1"]
        assert upright != bool(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader"))
        assert table._tbl.tblPr.xpath("./w:tblCaption/@w:val")[0].strip()
        assert len(table._tbl.tblPr.xpath("./w:tblDescription/@w:val")[0]) > 3


def test_tables_too_wide_for_a_page_stand_together_on_one_turned_on_its_side(document):
    turned = [section.page_width > section.page_height for section in document.sections]
    assert turned == [False, True, False]
    ends = [i for i, e in enumerate(document.element.body) if e.xpath("./w:pPr/w:sectPr")]
    between = document.element.body[ends[0] : ends[1]]
    titles = [e.xpath("string(./w:tblPr/w:tblCaption/@w:val)") for e in between]
    assert [t[:9] for t in titles if t] == ["Tabel 5.4", "Tabel 5.5"]


@NO_PDF
def test_only_wide_tables_are_printed_on_pages_turned_on_their_side(printed):
    pages = [(page.mediabox, page.extract_text()) for page in PdfReader(printed).pages]
    turned = [text for box, text in pages if box.width > box.height]
    assert turned
    assert all("samenwerkingsverband" in text for text in turned)
    assert len(turned) < len(pages)
    assert any(_ends(page) > UPRIGHT for page in PdfReader(printed).pages)


def _ends(page):
    """How far to the right the last cell of a wide table begins."""
    places = [0.0]

    def seen(text, moved, matrix, *_):
        if "verband" in text:
            places.append(moved[0] * matrix[4] + moved[4])

    page.extract_text(visitor_text=seen)
    return max(places)


def test_pictures_in_word_have_their_alternative_text(document):
    (shape,) = document.inline_shapes
    assert len(shape._inline.docPr.get("descr")) >= 30
    assert shape._inline.docPr.get("descr") != shape._inline.docPr.get("title")


def test_references_in_word_lead_to_bookmarks(document):
    body = document.element.body
    names = body.xpath(".//w:bookmarkStart/@w:name")
    assert len(names) == len(set(names))
    fields = [t.text for t in body.iter(f"{{{body.nsmap['w']}}}instrText") if "REF" in t.text]
    assert len(fields) == 1
    assert all(text.split()[1] in names for text in fields)
    anchors = body.xpath(".//w:hyperlink/@w:anchor")
    assert len(anchors) > 4
    assert set(anchors) <= set(names)


def test_captions_in_word_are_numbered_and_stay_with_what_follows(document):
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    assert [c.text.split(".")[0] for c in captions] == [
        *["Tabel 4"] * 4,
        "Figuur 4",
        *["Tabel 5"] * 6,
    ]
    assert document.styles["Caption"].paragraph_format.keep_with_next


def test_prose_in_word_keeps_lists_quotes_and_tables(document):
    by_style = {}
    for paragraph in document.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["List Number"][:2] == ["eerst", "dan"]
    assert by_style["List Bullet"] == ["los punt"]
    assert by_style["Quote"] == ["Een aanhaling."]
    told = "Dat noemt 81%, zie figuur 4.1 en de andere tabel.1"
    texts = [p._p.xpath(".//w:t") for p in document.paragraphs]
    assert told in ["".join(t.text for t in own) for own in texts]


def test_no_text_runs_as_a_formula_in_the_workbook(folder):
    with zipfile.ZipFile(folder / "tabellen.xlsx") as book:
        sheets = [book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(TABLES) + 1
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_columns_of_the_same_name_stay_apart_in_the_workbook(folder):
    book = CalamineWorkbook.from_path(str(folder / "tabellen.xlsx"))
    lines = book.get_sheet_by_name("4.4").to_python(skip_empty_area=False)
    assert ["Overgeslagen", "Aandeel", "aandeel (2)"] in lines


def test_a_second_time_gives_the_same_bytes(whole, folder, tmp_path):
    write_downloads(whole, tmp_path, kinds=("html", "docx", "xlsx"), told=pytest.fail)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


@NO_PDF
def test_a_second_pdf_has_the_same_bytes(whole, printed, tmp_path):
    write_downloads(whole, tmp_path, kinds=("pdf",), told=pytest.fail)
    assert (tmp_path / "rapport.pdf").read_bytes() == printed.read_bytes()


def test_what_is_current_is_not_made_again(whole, folder, monkeypatch):
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    monkeypatch.setattr(word_module, "write_word", pytest.fail)
    monkeypatch.setattr(workbook_module, "write_workbook", pytest.fail)
    write_downloads(whole, folder, kinds=("docx", "xlsx"), told=pytest.fail)
    after = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert {n: after[n] for n in FILES} == {n: before[n] for n in FILES}


def test_files_of_other_pages_are_not_current(folder, tmp_path):
    changed = sample_publication(tmp_path, got=shares(hidden=(6, 7)))
    assert current_downloads(changed, folder) == {}


def test_without_chromium_one_line_says_that_there_is_no_pdf(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf_module, "find_browser", lambda: None)
    told = []
    assert write_downloads(whole, tmp_path, kinds=("pdf",), told=told.append) == {}
    assert told == [NO_BROWSER]


def test_pages_by_name_get_files_of_their_own(whole, tmp_path):
    kinds, two = ("html", "docx", "xlsx"), whole.pages[1:]
    write_downloads(whole, tmp_path, kinds=kinds, pages=two, told=pytest.fail)
    assert {p.name for p in tmp_path.iterdir()} == {"two.html", "two.docx", "made_from.json"}
    title = docx.Document(tmp_path / "two.docx").paragraphs[0]
    assert (title.style.name, title.text) == ("Title", "Titel van two")


def test_the_site_offers_the_files_of_the_whole_report(whole, folder, tmp_path):
    index = published(whole, out=tmp_path / "site", downloads=current_downloads(whole, folder))
    links = html.document_fromstring(index.read_text("utf-8")).xpath("//main//a/@href")
    assert links[:3] == [
        f"downloads/{n}" for n in ("rapport.html", "rapport.docx", "tabellen.xlsx")
    ]
    assert (tmp_path / "site/downloads/rapport.docx").is_file()


def test_an_open_answer_and_widget_state_are_in_no_file(whole, folder, tmp_path):
    published(whole, out=tmp_path / "site", downloads={})
    for path in [*folder.iterdir(), *(tmp_path / "site").rglob("*.*")]:
        assert CANARY not in file_text(path), path.name


@NO_PDF
def test_an_open_answer_is_not_in_the_pdf(printed):
    assert squeezed(CANARY) not in squeezed(file_text(printed))


def test_a_folded_table_has_its_caption_once_in_word():
    folded = f"<details><summary>Tabel 4.1.</summary>{table_html(shares())}</details>"
    assert not list(_tree(Content("T", "T", folded, headings=())).iter("summary"))
    other = _tree(Content("T", "T", "<details><summary>Meer</summary>tekst</details>", headings=()))
    assert list(other.iter("summary"))
