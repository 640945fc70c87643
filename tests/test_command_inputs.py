"""What a command is given and cannot use: refused in plain words, before anything is done."""

import json
import shutil
from pathlib import Path

import pytest
from small_project import write_notebook
from typer.testing import CliRunner

from copanalysis.cli import app
from copanalysis.errors import CopanalysisError
from copanalysis.report.preview import preview_server

ROOT = Path(__file__).resolve().parents[1]
CODED = ROOT / "data/raw/demo/fieldwork/coding/coder_a.qdpx"


def refused(*words: object) -> CopanalysisError:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)
    assert isinstance(result.exception, CopanalysisError), result.exception
    return result.exception


@pytest.fixture
def here(small_report, tmp_path, monkeypatch):
    """A small project whose report is up to date, to work in."""
    root = shutil.copytree(small_report, tmp_path / "project")
    monkeypatch.chdir(root)
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("name", ["nope.csv", "nope.xlsx", "nope.docx", "nope.qdpx", "nope.sav"])
def test_inspect_of_a_file_that_is_not_there(here, name):
    error = refused("inspect", name)
    assert name in str(error)
    assert "is not a file" in str(error)


def test_lint_of_what_is_no_text_names_every_file(here):
    (here / "a.md").write_bytes("Één".encode("latin-1"))
    (here / "b.ipynb").write_text("{", encoding="utf-8")
    found = refused("lint", "a.md", "b.ipynb", "c.md").problems
    assert [p.where for p in found] == ["a.md", "b.ipynb", "c.md"]


@pytest.mark.parametrize(
    "words",
    [
        ("form", "observations", "nope/x.xlsx"),
        ("qdpx", "codebook", "nope/cb.qdc"),
        ("qdpx", "export", "data", "nope/x.qdpx"),
        ("qdpx", "export", "data", "nope/x.qdc"),
        ("compare", "reports", "--html", "nope/x.html"),
    ],
)
def test_a_file_to_write_in_a_folder_that_is_not_there(here, words):
    error = refused(*words)
    assert "nope" in error.summary
    assert "no folder" in error.summary
    assert not error.problems


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("form", "observations", "data"), "a folder"),
        (("form", "observations", "x.docx"), ".xlsx"),
        (("qdpx", "codebook", "x.txt"), ".qdc"),
        (("compare", "reports", "--html", "data"), "a folder"),
        (("twin", "--out", "data/instruments/study.toml"), "a file"),
        (("twin", "--out", "data/instruments/study.toml/demo"), "a file"),
        (("twin", "--out", "new", "--seed", "-1"), "seed"),
        (("qdpx", "import", CODED, "data/instruments/study.toml/new"), "a file"),
    ],
)
def test_a_place_that_cannot_be_written(here, words, told):
    assert told in str(refused(*words))
    assert not list(here.glob("x.*"))
    assert not (here / "new").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--engine", "x"), "copanalysis or stock"),
        (("--jobs", "-3"), "at least 1"),
        (("--time-limit", "0"), "more than 0"),
        (("--time-limit", "nan"), "more than 0"),
        (("--raw", "nope"), "a folder under data/raw"),
        (("--set", "size=many"), "as 1"),
    ],
)
def test_an_order_that_cannot_be_is_refused_also_when_nothing_has_to_run(here, words, expected):
    (found,) = refused("report", *words).problems
    assert expected in found.expected


def test_all_that_is_wrong_in_an_order_is_told_at_once(here):
    error = refused("report", "nope", "--raw", "nope", "--jobs", "-1", "--engine", "x")
    assert len(error.problems) == 4


def test_watch_refuses_what_saving_cannot_mend(here):
    assert "nope" in str(refused("watch", "--raw", "nope"))
    assert "99999" in str(refused("watch", "--port", "99999"))


def test_a_port_that_is_taken_is_told(tmp_path):
    server = preview_server(tmp_path, port=0)
    taken = server.server_address[1]
    try:
        with pytest.raises(CopanalysisError, match=str(taken)):
            preview_server(tmp_path, port=taken)
    finally:
        server.server_close()


def test_every_notebook_that_cannot_be_read_is_named(here):
    (here / "notebooks/one.ipynb").write_text("no JSON", encoding="utf-8")
    (here / "notebooks/two.ipynb").write_text("[]", encoding="utf-8")
    (here / "notebooks/1_first.ipynb").unlink()
    for command in ("report", "check"):
        places = [p.where for p in refused(command).problems]
        assert places == [f"notebooks/{name}.ipynb" for name in ("1_first", "one", "two")]


def test_a_parameter_that_the_notebook_does_not_have_is_refused(here):
    edit(here / "data/instruments/study.toml", "{ size = ", "{ sice = ")
    for command in ("report", "check"):
        found = refused(command).problems
        assert [p.found for p in found] == ["parameter 'sice'"] * 2
        assert all("size" in p.expected for p in found)


def test_a_parameter_without_a_parameters_cell_is_refused(here):
    write_notebook(here, "one", "print(1)")
    edit(
        here / "data/instruments/study.toml",
        'notebook = "one"',
        'notebook = "one"\nparameters = { phase = "" }',
    )
    (found,) = refused("report").problems
    assert "parameters" in found.expected
    assert json.loads((here / "notebooks/one.ipynb").read_text("utf-8"))["cells"]
