"""The page that a chapter becomes: landmarks, figures, policy, provenance, size."""

import base64
import hashlib
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from nbconvert.exporters import get_export_names, get_exporter
from nbformat import write
from notebook_samples import (
    CANARY,
    SITE,
    closing,
    code,
    exported,
    html_output,
    notebook,
    page,
    shown,
)
from released_samples import shares, waves

from copanalysis.report.exporter import ReportExporter
from copanalysis.report.figures import figure_html, share_bars, wave_bars
from copanalysis.report.markup import notebook_style, tag
from copanalysis.report.objects import Figure
from copanalysis.report.provenance import provenance_html
from copanalysis.report.tables import table_html


def got_figure(table, draw):
    words = {"title": "Inzicht wordt het vaakst genoemd", "subtitle": "Aandeel per opbrengst"}
    return Figure(table.id, "4.1", **words, drawing=draw(table), base="Allen", source="Enquête")


@pytest.fixture(scope="module")
def chapter():
    """A chapter as it is after papermill: prose, a table, two figures, a closing cell."""
    one, two = shares(), waves(id="waves")
    number = '<a class="number" href="#tab-got--o0">81%</a>'
    prose = f"Het vaakst genoemd ({number}); zie <a href='#fig-got'>figuur 4.1</a>.[^1]"
    return notebook(
        "# 4. Opbrengsten\n\nInleiding.[^1]\n\n[^1]: Een noot.",
        code(html_output(notebook_style() + tag("p", "Fictieve gegevens", class_="synthetic"))),
        "## Voor deelnemers",
        code(html_output(table_html(one))),
        code(shown({"text/markdown": f"{prose}\n\n[^1]: Noot twee.", "text/plain": prose})),
        code(html_output(figure_html(got_figure(one, share_bars)))),
        "#### Per golf",
        code(html_output(table_html(two)), html_output(figure_html(got_figure(two, wave_bars)))),
        closing(),
        widgets={"application/vnd.jupyter.widget-state+json": {"state": CANARY}},
        papermill={"parameters": {"geheim": CANARY}},
    )


@pytest.fixture(scope="module")
def text(chapter):
    return exported(chapter, SITE)


@pytest.fixture(scope="module")
def root(text):
    return html.document_fromstring(text)


def test_it_is_found_under_its_name():
    assert get_exporter("copanalysis") is ReportExporter


def test_jupyterlab_offers_it_in_its_export_menu():
    assert "copanalysis" in get_export_names()
    exporter = get_exporter("copanalysis")()
    assert exporter.export_from_notebook == "Rapportpagina (copanalysis)"
    assert (exporter.output_mimetype, exporter.file_extension) == ("text/html", ".html")


def test_nbconvert_on_the_command_line_makes_a_page_of_any_notebook(tmp_path):
    book = notebook("# Van buiten", code(html_output("<p>Een uitkomst</p>")))
    write(book, tmp_path / "buiten.ipynb")
    jupyter = str(Path(sys.executable).parent / "jupyter")
    command = [jupyter, "nbconvert", "--to", "copanalysis", "buiten.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    root = html.parse(str(tmp_path / "buiten.html")).getroot()
    assert root.findtext("head/title") == "Van buiten – Evaluatierapport"
    assert "Een uitkomst" in root.get_element_by_id("main").text_content()


def test_the_page_is_dutch_and_named_after_its_first_heading(root):
    assert root.get("lang") == "nl"
    assert root.findtext("head/title") == "4. Opbrengsten – Evaluatie CoP's"
    assert [h.text_content() for h in root.iter("h1")] == ["4. Opbrengsten"]


def test_the_landmarks_are_there_once_and_named(root):
    for name in ("header", "main", "footer"):
        assert len(list(root.iter(name))) == 1
    names = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in root.iter("nav")]
    assert names == ["Inhoud van het rapport", "contents", "Vorige en volgende"]
    skip = root.xpath("//header/a")[0]
    assert skip.get("href") == "#main"
    assert root.xpath("//main/@id") == ["main"]


def test_no_id_occurs_twice_and_no_link_leads_nowhere(root):
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in root.xpath("//@href") if href.startswith("#")} <= set(ids)
    for name in ("aria-describedby", "aria-labelledby"):
        assert set(root.xpath(f"//@{name}")) <= set(ids)


def test_no_heading_level_is_skipped(root):
    levels = [int(h.tag[1]) for h in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_headings_link_to_themselves_and_stand_in_the_contents(root):
    for heading in root.xpath("//main//h2 | //main//h3"):
        assert heading.xpath("a/@href") == [f"#{heading.get('id')}"]
    listed = root.xpath("//nav[@class='toc']//a/text()")
    assert listed == ["Voor deelnemers", "Per golf", "Noten"]


def test_every_figure_and_table_is_whole(root):
    for figure in root.iter("figure"):
        assert figure.xpath("count(figcaption)") == 1
        assert len(figure.xpath(".//img/@alt")[0]) >= 30
        assert figure.xpath("details//table")
        assert figure.xpath("details//a/@download")
    for table in root.iter("table"):
        assert table.find("caption").text_content().strip()
        assert all(th.get("scope") for th in table.iter("th"))


def test_nothing_is_requested_and_nothing_runs(text, root):
    assert not list(root.iter("script", "iframe", "object", "embed", "form"))
    loading = root.xpath("//@src | //@srcset | //@poster | //link/@href")
    assert loading
    assert all(url.startswith("data:") for url in loading)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)
    assert "url(" not in text
    assert "@import" not in text
    assert "</source>" not in text  # an element without content, which libxml2 does not know


def test_the_policy_allows_this_style_sheet_only(root):
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = root.iter("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "script" not in policy
    assert root.xpath("//body//@style") == []


def test_neither_code_nor_metadata_reaches_the_page(text):
    assert CANARY not in text
    assert "1 + 1" not in text
    assert "widget" not in text
    assert "papermill" not in text


def test_code_can_be_shown_in_a_fold(chapter):
    root = page(chapter, show_code=True)
    folds = [d for d in root.iter("details") if d.findtext("summary") == "Code"]
    assert folds
    assert folds[0].find("pre").text_content() == "1 + 1"


def test_the_closing_cell_says_nothing_to_the_reader(text):
    assert "Geschreven" not in text
    assert "PosixPath" not in text


def test_the_style_of_the_notebook_is_not_repeated(text):
    assert text.count("<style") == 1


def test_synthetic_data_are_announced_once(root):
    (banner,) = root.find_class("banner")
    assert banner.text_content().startswith("Fictieve gegevens.")
    assert root.find_class("synthetic") == []


def test_real_data_have_no_banner():
    book = notebook("# Titel", closing(synthetic=False))
    assert page(book).find_class("banner") == []
    assert page(book, {**SITE, "synthetic": True}).find_class("banner") != []


def test_the_menu_leaves_variants_out_and_marks_the_page(root):
    links = root.xpath("//nav[@aria-label='Inhoud van het rapport']//a")
    assert [a.get("href") for a in links] == ["a.html", "b.html", "c.html"]
    assert [a.get("href") for a in links if a.get("aria-current") == "page"] == ["b.html"]
    beside = root.xpath("//nav[@class='neighbours']/a")
    assert [a.text_content() for a in beside] == ["Vorige Eerste", "Volgende Derde & laatste"]


def test_the_footer_tells_where_the_page_came_from(root):
    (fold,) = root.find_class("provenance")
    told = fold.text_content().replace("\u00a0", " ")
    for part in ("Herkomst", "chapter_4_outcomes", "wave: 3", "ab" * 32, "cd" * 32, "pandas: 3.0"):
        assert part in told
    assert "31 januari 2024" in told
    assert "Versie in git" not in told


def test_footnotes_are_numbered_through_and_stand_at_the_end(root):
    assert [sup.text_content() for sup in root.find_class("footnote-ref")] == ["1", "2"]
    notes = root.xpath("//ol[@class='notes']/li")
    assert [n.text_content().split("↩")[0].strip() for n in notes] == ["Een noot.", "Noot twee."]
    for reference in root.xpath("//sup[@class='footnote-ref']/a"):
        assert root.get_element_by_id(reference.get("href")[1:]) is not None


def test_a_second_export_gives_the_same_bytes(chapter, text):
    assert exported(chapter, SITE) == text


def test_the_page_stays_small(text, root):
    figures = len(list(root.iter("figure")))
    assert len(text.encode()) <= 100_000 + 130_000 * figures


def test_files_of_a_large_folder_are_one_line_without_their_names():
    talks = [[f"data/raw/demo/fieldwork/transcripts/M0{i}.docx", f"{i}" * 64] for i in range(7)]
    manifest = {"raw_inputs": [["data/raw/demo/survey/wave_1/a.csv", "a" * 64], *talks]}
    told = provenance_html(manifest)
    assert "wave_1/a.csv" in told
    assert "transcripts (7 bestanden)" in told
    assert "M01" not in told
    other = provenance_html(
        {"raw_inputs": [*manifest["raw_inputs"][:-1], [talks[-1][0], "b" * 64]]}
    )
    assert other != told  # one hash for all of them
