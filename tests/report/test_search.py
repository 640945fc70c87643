"""The search: what its index holds, and that the page allows its script and nothing else."""

import base64
import hashlib
import json
import zlib

import pytest
from lxml import html
from nbformat import write
from notebook_samples import SITE, code, html_output, notebook, page
from released_samples import shares

from copanalysis.report.content import page_content
from copanalysis.report.figures import figure_html, share_bars
from copanalysis.report.objects import Figure
from copanalysis.report.publication import SitePage, gathered
from copanalysis.report.search import search_content, search_script
from copanalysis.report.tables import table_html


@pytest.fixture(scope="module")
def book():
    table = shares(hidden=(7,))
    words = {"title": "Inzicht voorop", "subtitle": "Aandeel", "base": "Allen", "source": "E"}
    figure = Figure("got", "4.1", **words, drawing=share_bars(table))
    return notebook(
        "# Opbrengsten\n\nVooraf </script> gezegd.",
        "## Voor deelnemers\n\nDaarover *dit*.",
        code(html_output(table_html(table)), html_output(figure_html(figure))),
        "### Per golf\n\nEn [dat](#tab-got) ook.",
    )


@pytest.fixture(scope="module")
def index(book, tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "one.ipynb"
    write(book, path)
    whole = gathered([SitePage("one", path)], title="Rapport", synthetic=True)
    (block,) = html.fragments_fromstring(search_content(whole).html)[1:]
    return json.loads(zlib.decompress(base64.b64decode(block.text)))


def test_every_section_is_in_the_index_with_its_address(index):
    assert index["pages"] == ["Opbrengsten"]
    assert [section[:3] for section in index["sections"]] == [
        [0, "one.html", "Opbrengsten"],
        [0, "one.html#voor-deelnemers", "Voor deelnemers"],
        [0, "one.html#per-golf", "Per golf"],
    ]


def test_a_section_holds_its_prose_captions_and_row_headers_once(index):
    text = index["sections"][1][3]
    assert text.startswith("Daarover dit .")
    assert text.count("Opbrengsten voor deelnemers") == 1
    assert text.count("Steun van collega's") == 1
    assert "Inzicht voorop" in text
    assert index["sections"][2][3] == "En dat ook."


def test_numbers_in_cells_are_left_out(index):
    assert "84%" not in index["sections"][1][3]
    assert "niet getoond" not in index["sections"][1][3]


def test_a_long_section_keeps_every_word():
    long = "begin " * 400 + "midden " * 9 + "staart begin staart"
    content = page_content(notebook(f"# Titel\n\n{long}"), name="x")
    ((_, _, text),) = content.sections
    assert len(text) < 1600
    assert {"begin", "midden", "staart"} <= set(text.split())
    assert text.count("staart") == 1


def test_only_a_site_with_a_search_has_the_script_and_its_hash(book):
    root = page(book, {**SITE, "search": "zoeken.html"})
    (script,) = root.iter("script")
    assert script.text == search_script()
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert f"script-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    without = page(book, SITE)
    assert not list(without.iter("script", "form"))


def test_without_javascript_there_is_no_search_field(book):
    (form,) = page(book, {**SITE, "search": "zoeken.html"}).iter("form")
    assert form.get("hidden") is not None
    assert form.get("data-page") == "zoeken.html"
