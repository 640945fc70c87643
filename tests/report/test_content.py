"""What becomes of the cells and outputs of a notebook on a page."""

import pytest
from lxml import html
from nbformat.v4 import new_markdown_cell, new_output
from notebook_samples import (
    PIXEL,
    SITE,
    closing,
    code,
    exported,
    html_output,
    main_text,
    notebook,
    page,
    shown,
)
from released_samples import shares

from copanalysis.errors import CopanalysisError
from copanalysis.report.content import page_content
from copanalysis.report.tables import table_html


def test_failed_cells_refuse_the_export():
    error = new_output("error", ename="ValueError", evalue="nee", traceback=[])
    with pytest.raises(CopanalysisError, match=r"cell 2: found ValueError: nee"):
        exported(notebook("# Titel", code(error)))


def test_warnings_and_stderr_are_not_shown():
    book = notebook(
        "# Titel",
        code(
            new_output("stream", name="stderr", text="FutureWarning"),
            new_output("stream", name="stdout", text="<b>gedrukt</b>"),
        ),
    )
    told = main_text(page(book))
    assert "FutureWarning" not in told
    assert "<b>gedrukt</b>" in told


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        ({"text/html": "<p>als html</p>", "text/plain": "als tekst"}, "als html"),
        ({"text/markdown": "*als* markdown", "text/plain": "als tekst"}, "als markdown"),
        ({"text/plain": "als tekst"}, "als tekst"),
        ({"text/latex": "$x$", "text/plain": "als tekst"}, "als tekst"),
    ],
)
@pytest.mark.parametrize("kind", ["display_data", "execute_result"])
def test_the_richest_output_that_a_page_can_show_is_shown(data, seen, kind):
    told = main_text(page(notebook("# Titel", code(shown(data, kind=kind)))))
    assert seen in told
    assert told.count("als") == 1


def test_a_widget_is_left_out_with_its_text():
    view = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "HBox()"}
    assert "HBox" not in exported(notebook("# Titel", code(shown(view))))


def test_an_image_keeps_its_description():
    alt = {"image/png": {"alt": "Lijn die stijgt van twee naar acht"}}
    output = shown({"image/png": PIXEL, "text/plain": "<Figure>"}, metadata=alt)
    (image,) = page(notebook("# Titel", code(output))).iter("img")
    assert image.get("alt") == "Lijn die stijgt van twee naar acht"
    assert image.get("src") == f"data:image/png;base64,{PIXEL}"


def test_an_attached_image_is_taken_in():
    cell = new_markdown_cell(
        "# Titel\n\n![Schema van de keten](attachment:s.png)",
        attachments={"s.png": {"image/png": PIXEL}},
    )
    (image,) = page(notebook(cell)).iter("img")
    assert image.get("src") == f"data:image/png;base64,{PIXEL}"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (code(shown({"image/png": PIXEL})), "no alternative text"),
        ("![Schema](https://example.org/x.png)", "a file or address"),
        ("![Schema](x.png)", "a file or address"),
        ("Zie [tabel 9](#tab-gone).", "#tab-gone"),
    ],
)
def test_a_chapter_that_is_not_whole_is_refused_and_another_notebook_mended(cell, told):
    with pytest.raises(CopanalysisError, match=told):
        exported(notebook("# Titel", cell, closing()))
    root = page(notebook("# Titel", cell))
    assert root.xpath("//main//@href[starts-with(., '#tab')]") == []
    assert all(i.get("alt") and i.get("src").startswith("data:") for i in root.iter("img"))
    assert "example.org" not in html.tostring(root, encoding="unicode")


def test_all_that_is_missing_from_a_chapter_is_told_at_once():
    book = notebook("# Titel", "[a](#x) [b](#y)", code(shown({"image/png": PIXEL})), closing())
    with pytest.raises(CopanalysisError) as caught:
        exported(book)
    assert len(caught.value.problems) == 3


def test_links_as_jupyterlab_writes_them_find_their_heading():
    book = notebook("# Titel", "## 3.2 Opzet & uitvoering", "[zie](#3.2-Opzet-&-uitvoering)")
    (href,) = page(book).xpath("//main//p/a/@href")
    assert href == "#3-2-opzet-uitvoering"


def test_hostile_outputs_and_prose_cannot_run_or_break_the_page():
    hostile = (
        "</main><script>alert(1)</script><img src=x onerror=alert(1) alt=x>"
        '<a href="javascript:alert(1)">klik</a><a href=" java\nscript:alert(1)">klik</a>'
        '<iframe src="https://example.org"></iframe><p style="color:red" onclick="x()">tekst'
        "<form action=x><button>ja</button></form><svg onload=alert(1)></svg>"
    )
    root = page(notebook("# Titel", hostile, code(html_output(hostile)), "## Daarna"))
    assert not list(root.iter("script", "iframe", "form", "svg", "button"))
    assert (
        root.xpath("//body//@onerror | //body//@onclick | //body//@onload | //main//@style") == []
    )
    assert not [h for h in root.xpath("//main//@href") if "script" in h]
    assert "alert" not in main_text(root)
    assert len(list(root.iter("main"))) == 1
    assert [h.text_content() for h in root.xpath("//main//h2")] == ["Daarna"]


def test_hostile_titles_stay_text():
    hostile = '"><script>alert(1)</script>'
    site = {**SITE, "site_title": hostile, "pages": [{"title": hostile, "url": "b.html"}]}
    root = page(notebook("# <b>Titel</b> &lt;script&gt;"), site)
    assert not list(root.iter("script"))
    assert root.findtext("head/title") == f"Titel <script> – {hostile}"


def test_a_printed_data_frame_gets_scopes_and_a_region():
    frame = (
        '<table border="1" class="dataframe"><thead><tr><th></th><th>a</th></tr></thead>'
        "<tbody><tr><th>0</th><td>1</td></tr></tbody></table>"
    )
    root = page(notebook("# Titel", code(html_output(frame)), "| a | b |\n|---|---|\n| 1 | 2 |"))
    assert [th.get("scope") for th in root.iter("th")] == ["col", "row", "col", "col"]
    names = root.xpath("//*[@role='region']/@aria-label")
    assert len(names) == len(set(names)) == 2


def test_the_same_table_shown_twice_gets_ids_of_its_own():
    table = html_output(table_html(shares()))
    root = page(notebook("# Titel", code(table), code(table)))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    described = root.xpath("//table/@aria-describedby")
    assert described == ["tab-got-note", "tab-got-note-2"]


def test_a_notebook_without_heading_or_manifest_still_makes_a_page():
    root = page(notebook("Alleen tekst."))
    assert [h.text_content() for h in root.iter("h1")] == ["mijn_notitieboek"]
    assert root.find_class("provenance") == []
    assert page(notebook()).findtext("head/title").startswith("mijn_notitieboek")


def test_headings_that_skip_levels_are_closed_up():
    book = notebook("### Titel", "# A", "#### A1", "#### A2", "## B")
    headings = page_content(book, name="x").headings
    assert [(h.level, h.text) for h in headings] == [(2, "A"), (3, "A1"), (3, "A2"), (3, "B")]
