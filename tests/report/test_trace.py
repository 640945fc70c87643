"""A number in the text leads to its definition, on the page as on the terminal."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from lxml import html
from typer.testing import CliRunner

import copanalysis as ca
from copanalysis.cli import app
from copanalysis.errors import CopanalysisError
from copanalysis.report.accounting import accounting_html, cell_text, row_name
from copanalysis.report.chapter import open_chapter
from copanalysis.report.content import MANIFEST, page_content
from copanalysis.report.outputs import read_manifests
from copanalysis.report.trace import number_ids, trace, trace_text
from copanalysis.study.plan import load_study
from copanalysis.survey.preparation import prepare_survey, write_survey

PAGE = "chapter_4_outcomes"
PARAMETERS = {"wave": "3", "compare_with": "1", "cop": "", "breakdown": ""}


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A project with one chapter of one table and two numbers, closed, in two notebook cells."""
    root = tmp_path_factory.mktemp("project")
    source = Path(__file__).resolve().parents[2]
    for name in ("data/instruments", "data/raw/demo"):
        shutil.copytree(source / name, root / name)
    (root / "data/instruments/outline.csv").write_text(
        "notebook,output,kind,coverage\nchapter_4_outcomes,got,table,S25\n", encoding="utf-8"
    )
    cells = [
        nbformat.v4.new_markdown_cell("# Titel", id="c00"),
        nbformat.v4.new_code_cell("register()", id="c01"),
        nbformat.v4.new_code_cell("%%prose\ntekst", id="c02"),
    ]
    (root / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), root / f"notebooks/{PAGE}.ipynb")
    study = load_study(root)
    write_survey(prepare_survey(study), study=study)
    chapter = open_chapter(PAGE, parameters=PARAMETERS, root=root)
    run(chapter, "register()")
    register(chapter)
    run(chapter, "%%prose\ntekst")
    chapter.prose("Vaakst: {got[#1].label} ({got[#1].share}), netwerk {got[network].share}.")
    run(chapter, "typed while running")
    chapter.prose("Nog eens {got[#1].share} van {got[#1].base}.")
    chapter.close()
    return root


def run(chapter, source):
    chapter.source_cells.began(type("Info", (), {"raw_cell": source}))


def register(chapter, cop=""):
    got = ca.multiple_response(
        chapter.answers(waves=["3"], cop=cop),
        **chapter.study.ask("q4_got", wave="3"),
        base="answered",
        population=250,
        confidence=0.95,
    )
    about = chapter.about("q4_got", base="answered", waves=["3"])
    chapter.table("got", ca.ranked(got, by="share"), title="Opbrengst", **about)


def test_ids_are_listed_once_in_the_order_of_the_text(closed):
    ids = [number["id"].partition(":")[2] for number in number_ids(closed, PAGE)]
    assert ids == ["got[#1].label", "got[#1].share", "got[network].share", "got[#1].base"]


def test_a_number_is_followed_to_formula_base_weighting_wave_cell_and_rows(closed):
    found = trace(closed, f"{PAGE}:got[network].share")
    made = dict(found["made"])
    assert found["formula"] == "aantal gedeeld door basis"
    assert made["Basis"].startswith("Deelnemers die antwoord gaven op de vraag")
    assert made["Weging"] == "ongewogen"
    assert made["Golf"] == "golf 3 (januari 2024)"
    assert made["Notebook"] == f"{PAGE}, cel 2 (c01)"
    assert found["text_cell"] == {"id": "c02", "number": 3}
    share = int(found["counts"]["Aantal"]) / int(found["counts"]["Basis (n)"])
    assert found["shown"] == f"{round(share * 100)}%"
    steps = [text for label, text in found["made"] if label == "Gemaakt door"]
    assert "wie de vraag beantwoordde" in steps[0]
    assert "leden: 250" in steps[0]
    assert steps[0].endswith("74 deelnemers")
    assert steps[1].startswith("ranked")


def test_a_cell_that_does_not_stand_in_the_notebook_is_not_named(closed):
    assert trace(closed, f"{PAGE}:got[#1].base")["text_cell"] == {}


def test_any_cell_of_a_table_can_be_traced(closed):
    found = trace(closed, f"{PAGE}:got[network].n")
    assert found["formula"] == "aantal deelnemers dat dit vakje aankruiste"
    assert found["shown"] == trace(closed, f"{PAGE}:got[network].share")["counts"]["Aantal"]


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("nothing:got[#1].share", "page 'nothing'"),
        (f"{PAGE}:other[#1].share", "number 'other"),
        (f"{PAGE}:got[nobody].share", "row 'nobody'"),
        (f"{PAGE}:got[network].mood", "column 'mood'"),
    ],
)
def test_an_unknown_number_is_refused_with_what_there_is(closed, id, said):
    with pytest.raises(CopanalysisError, match=said.replace("[", r"\[")):
        trace(closed, id)


def test_every_number_of_the_text_links_to_its_definition_on_the_page(closed):
    manifest = read_manifests(closed)[PAGE]
    section = html.fragment_fromstring(accounting_html(manifest))
    assert section.xpath(".//li/@id") == [
        "num-got-nr-1-share",
        "num-got-network-share",
        "num-got-nr-1-base",
    ]
    item = section.get_element_by_id("num-got-network-share").text_content()
    assert "aantal gedeeld door basis" in item
    assert "Beter netwerk" in item


def test_the_row_of_a_table_that_has_one_needs_no_name():
    number = {"rows": ["zeeland"], "column": "n"}
    columns = {"n": {"header": "Leden", "format": "count"}}
    table = {"keys": ["zeeland"], "key": ["cop"], "cells": {"n": ["16"]}, "columns": columns}
    assert cell_text(number, table) == "de enige rij, kolom Leden"
    more = table | {"keys": ["zeeland", "fryslan"], "cells": {"n": ["16", "25"]}}
    assert cell_text(number, more) == "rij zeeland, kolom Leden"


def test_the_page_shows_the_definitions_where_the_chapter_closes(closed):
    manifest = read_manifests(closed)[PAGE]
    closing = nbformat.v4.new_output("display_data", {MANIFEST: manifest, "text/html": "<p>x</p>"})
    text = '<a href="#num-got-nr-1-share">84%</a> <table id="tab-got"><caption>T</caption></table>'
    shown = nbformat.v4.new_output("display_data", {"text/html": text})
    cells = [nbformat.v4.new_code_cell("", outputs=[output]) for output in (shown, closing)]
    content = page_content(nbformat.v4.new_notebook(cells=cells), name="x")
    assert "num-got-nr-1-share" in content.ids
    dead = html.fragment_fromstring(f"<div>{content.html}</div>").xpath('.//a[@class="number"]')
    assert not dead


def test_a_definition_that_is_not_there_stops_the_page(closed):
    manifest = read_manifests(closed)[PAGE]
    closing = nbformat.v4.new_output("display_data", {MANIFEST: manifest | {"numbers": []}})
    text = '<a href="#num-got-nr-1-share">84%</a>'
    shown = nbformat.v4.new_output("display_data", {"text/html": text})
    cells = [nbformat.v4.new_code_cell("", outputs=[output]) for output in (shown, closing)]
    with pytest.raises(CopanalysisError, match="num-got-nr-1-share"):
        page_content(nbformat.v4.new_notebook(cells=cells), name="x")


def test_few_respondents_are_not_counted_out(closed):
    chapter = open_chapter(PAGE, parameters=PARAMETERS | {"cop": "achterhoek"}, root=closed)
    answers = chapter.answers(waves=["3"], cop="achterhoek")
    assert 0 < answers["respondent"].nunique() < 10
    register(chapter, cop="achterhoek")
    chapter.close()
    (table,) = read_manifests(closed)[chapter.page.id]["tables"]
    assert table["made"][0]["respondents"] == "minder dan 10"
    assert table["made"][0]["rows"] is None


def test_the_command_prints_the_same_as_text_and_as_json(closed, monkeypatch):
    monkeypatch.chdir(closed)
    id = f"{PAGE}:got[#1].share"
    text = CliRunner().invoke(app, ["trace", id]).output
    assert text.strip() == trace_text(trace(closed, id)).strip()
    assert json.loads(CliRunner().invoke(app, ["trace", id, "--json"]).output) == trace(closed, id)
    listed = CliRunner().invoke(app, ["trace", PAGE]).output
    assert f"{id}  " in listed


def test_a_row_goes_by_the_name_of_its_key():
    table = {"key": ["status"], "keys": ["open", "all"], "cells": {"n": ["3", "7"]}}
    assert row_name(table, "all") == "all"
    table["cells"]["status_name"] = ["open", "alle signalen"]
    assert row_name(table, "all") == "“alle signalen”"
