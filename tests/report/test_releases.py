"""Releases that are really made: the same bytes twice, and compared with what came after."""

import json
import shutil

import pytest
from chapter_project import CHAPTER, drop_answers, released, write_chapter, write_chapter_project
from typer.testing import CliRunner

from copanalysis.cli import app
from copanalysis.report.comparison import compare
from copanalysis.report.frozen import run_command


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project with a release "een"."""
    root = write_chapter_project(tmp_path_factory.mktemp("chapter"))
    released(root, "een")
    return root


@pytest.fixture(scope="module")
def changed(project, tmp_path_factory):
    """A copy of it with fewer answers, another sentence, setting and parameter, made again."""
    root = shutil.copytree(project, tmp_path_factory.mktemp("later") / "changed")
    drop_answers(root, 15)
    write_chapter(root, **{"Wat deelname opleverde.": "Wat deelname aan de CoP opleverde."})
    toml = root / "data/instruments/study.toml"
    text = toml.read_text("utf-8").replace("confidence = 0.95", "confidence = 0.90")
    toml.write_text(text.replace('rank = "share"', 'rank = "n"'), encoding="utf-8")
    run_command(root, "report")
    return root


def listed(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_release_of_the_same_is_the_same_to_the_byte(project):
    folder = project / "reports/releases/een"
    before = listed(folder)
    assert {path.suffix for path in before} >= {".html", ".docx", ".xlsx", ".csv", ".json", ".txt"}
    assert released(project, "een") == folder  # would be refused, were one byte another
    assert listed(folder) == before


def test_every_cause_of_a_later_run_is_named(changed):
    found = compare(changed / "reports/releases/een", changed / "reports/pages")
    assert found["pages"][CHAPTER] == {
        "data": ["survey/wave_1/results-survey482913.csv"],
        "code": [f"notebook {CHAPTER}"],
        "instrument": ["study.toml#pages.small", "study.toml#study"],
        "parameter": ["rank share → n"],
    }


def test_numbers_cells_and_sentences_of_a_later_run_are_told(changed):
    found = compare(changed / "reports/releases/een", changed / "reports/pages")["changes"]
    (number,) = [change for change in found if change["kind"] == "number"]
    assert int(number["new"]) < int(number["old"])
    assert number["difference"] == f"\u2212{int(number['old']) - int(number['new'])}"
    sentences = [(c["old"], c["new"]) for c in found if c["kind"] == "sentence"]
    assert ("Wat deelname opleverde.", "Wat deelname aan de CoP opleverde.") in sentences
    bases = [change for change in found if change["id"].endswith("].base")]
    assert {change["difference"] for change in bases} == {"\u221213"}  # of 15, two answered nothing
    assert all("Meer inzicht" in c["where"] for c in bases if c["id"] == "got[insight].base")


def test_terminal_page_and_json_tell_the_same(changed, monkeypatch, tmp_path):
    monkeypatch.chdir(changed)
    page = tmp_path / "page.html"
    told = CliRunner().invoke(app, ["compare", "een", "--html", str(page)])
    assert told.exit_code == 0
    for text in (told.stdout, page.read_text("utf-8")):
        assert all(
            word in text for word in ("rank share → n", "Wat deelname aan de CoP opleverde.")
        )
    found = compare(changed / "reports/releases/een", changed / "reports/pages")
    told = CliRunner().invoke(app, ["compare", "een", "--json"]).stdout
    assert json.loads(told) == json.loads(json.dumps(found))
