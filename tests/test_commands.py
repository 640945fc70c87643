"""The thin commands: what they print, and that they write whole or not at all."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from copanalysis.cli import app
from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.coding import coded_project, stable_guid, text_hash
from copanalysis.fieldwork.refi.writing import write_project

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "data" / "raw" / "demo"


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)
    if isinstance(result.exception, CopanalysisError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def project(tmp_path):
    text = "Wij bellen nu."
    code = {"code": stable_guid("code"), "name": "korte lijnen", "parent": "", "color": ""}
    code |= {"description": "", "codable": True}
    document = {"document": stable_guid("P01"), "name": "P01", "kind": "text", "text": text}
    document |= {"hash": text_hash(text), "description": ""}
    coded = coded_project(
        "test",
        documents=[document],
        codes=[code],
    )
    path = tmp_path / "coded.qdpx"
    write_project(coded, path)
    return path


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("survey/wave_1/results-survey482913.csv", "survey"),
        ("fieldwork/transcripts/P01.docx", "transcript"),
        ("fieldwork/transcripts/S02.vtt", "transcript"),
    ],
)
def test_inspect_tells_the_kind_of_file(file, kind):
    found = json.loads(run("inspect", DEMO / file, "--json"))
    assert found["kind"] == kind
    assert {"format", "problems"} <= set(found)


def test_inspect_prints_no_name_of_a_speaker():
    assert "Wolters" not in run("inspect", DEMO / "fieldwork/transcripts/P01.docx")


def test_a_coded_project_goes_to_tables_and_back(project, tmp_path):
    assert "1 documents, 1 codes" in run("qdpx", "import", project, tmp_path / "tables")
    run("qdpx", "export", tmp_path / "tables", tmp_path / "again.qdpx")
    first, second = (
        json.loads(run("inspect", path, "--json")) for path in (project, tmp_path / "again.qdpx")
    )
    assert first["codes"] == second["codes"]
    assert first["documents"] == second["documents"]


def test_a_file_of_no_known_kind_is_refused(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with pytest.raises(CopanalysisError):
        run("inspect", path)


def test_twin_writes_the_survey_and_the_fieldwork(tmp_path):
    run("twin", "--out", tmp_path / "demo")
    found = {p.relative_to(tmp_path / "demo").parts[0] for p in (tmp_path / "demo").rglob("*.*")}
    assert {"survey", "fieldwork", "README.md", "source.toml"} <= found


def test_check_says_that_the_instruments_are_sound(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert "instruments are sound" in run("check")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A project with the instruments and nothing else, to work in, and a place beside it."""
    shutil.copytree(ROOT / "data" / "instruments", tmp_path / "project/data/instruments")
    (tmp_path / "private").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


TALK = "Joost Jansen: Ken je Petra Wit uit Ommen?\nAnna Bos: Ja, en uit Emmen. Bel 06-12345678.\n"


def test_pseudonymise_writes_files_and_tells_what_it_did_without_a_name(place):
    (place / "P01.txt").write_text(TALK, encoding="utf-8")
    key = place / "private/key.csv"
    words = ("--key", key, "--interviewer", "Joost Jansen", "--rules-only")
    told = run("pseudonymise", place / "P01.txt", place / "out.txt", *words)
    assert (place / "out.txt").read_text(encoding="utf-8") == (
        "interviewer-01: Ken je [persoon-01] uit [plaats-01]?\n"
        "respondent-01: Ja, en uit [plaats-02]. Bel [telefoon-01].\n"
    )
    assert "2 x speaker" in told
    assert "1 x phone" in told
    assert not [name for name in ("Jansen", "Petra", "Ommen", "0612345678") if name in told]


def test_pseudonymise_refuses_a_key_in_the_project_and_writes_nothing(place):
    (place / "P01.txt").write_text(TALK, encoding="utf-8")
    words = ("pseudonymise", place / "P01.txt", place / "out.txt", "--key", "key.csv")
    with pytest.raises(CopanalysisError, match="inside the project"):
        run(*words, "--rules-only")
    assert not (place / "out.txt").exists()
    assert not (place / "project/key.csv").exists()


def test_check_refuses_outputs_that_name_somebody_and_knows_the_people_of_a_key(place):
    shutil.copytree(DEMO / "survey", place / "project/data/raw/demo/survey")
    assert "Nothing in data/processed and reports" in run("check")
    page = place / "project/reports/site/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>Daar was Zjoelbahar bij.</p>", encoding="utf-8")
    run("check")
    key = place / "private/key.csv"
    key.write_text("pseudonym,kind,form,document\npersoon-01,person,Zjoelbahar,\n", "utf-8")
    with pytest.raises(CopanalysisError, match=r"reports/site/index\.html .*a person's name"):
        run("check", "--key", key)
    page.write_text("<p>Bel mevrouw Terpstra</p>", encoding="utf-8")
    with pytest.raises(CopanalysisError, match="a person's name") as refused:
        run("check")
    assert "Terpstra" not in str(refused.value)
