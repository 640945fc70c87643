"""Only what changed is made again, and what is told about it is the reason."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from small_project import ALL, NOTEBOOKS, made, write_notebook

from copanalysis.errors import CopanalysisError
from copanalysis.report.planning import Run, together
from copanalysis.report.protecting import audited_now
from copanalysis.study.settings import load_project


@pytest.fixture
def root(small_report, tmp_path):
    """A copy of it to change: the same bytes in another place."""
    return shutil.copytree(small_report, tmp_path / "copy")


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    assert path.read_text("utf-8").count(old) >= 1
    path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")


def test_nothing_is_done_when_nothing_changed(root):
    assert made(root) == (set(), {})


def test_fresh_does_all(root):
    assert made(root, fresh=True)[0] == ALL


def test_a_changed_text_runs_that_page(root):
    write_notebook(root, "one", NOTEBOOKS["one"], prose="Another text.")
    done, why = made(root)
    assert done == {"one"}
    assert why["one"] == ["its notebook changed"]
    assert "Another text." in (root / "reports/site/one.html").read_text("utf-8")


def test_changed_prose_does_not_run_preparation(root):
    write_notebook(root, "1_first", NOTEBOOKS["1_first"], prose="Another text.")
    assert made(root) == (set(), {})


def test_saved_outputs_run_nothing(root):
    path = root / "notebooks/one.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].execution_count = 5
    notebook.metadata["kernelspec"]["display_name"] = "Another name"
    nbformat.write(notebook, path)
    assert made(root) == (set(), {})


def test_a_changed_raw_file_runs_what_follows_from_it(root):
    (root / "data/raw/demo/a/x.txt").write_text("9 8 7")
    done, why = made(root)
    assert done == {"1_first", "one"}
    assert why["1_first"] == ["data/raw/demo/a/x.txt changed"]
    assert why["one"] == ["data/processed/first/table.csv changed"]


def test_an_identical_table_stops_the_wave(root):
    (root / "data/raw/demo/a/x.txt").write_text("1 2 3")
    assert made(root)[0] == {"1_first"}


def test_what_a_page_looks_at_aside_runs_nothing(root):
    read = 'open("data/raw/demo/{}").close()'
    source = f"with aside():\n    {read.format('a/x.txt')}\n{read.format('b/y.txt')}"
    write_notebook(root, "one", f"from copanalysis.study.usage import aside\n{source}")
    made(root)
    read = json.loads((root / "reports/notebooks/one.run.json").read_text("utf-8"))["inputs"]
    assert "data/raw/demo/b/y.txt" in read
    assert "data/raw/demo/a/x.txt" not in read


def test_another_file_in_a_raw_folder_runs_its_preparation(root):
    (root / "data/raw/demo/b/z.txt").write_text("0")
    done, why = made(root)
    assert done == {"2_second"}
    assert why["2_second"] == ["data/raw/demo/b/ changed"]


def test_an_instrument_runs_the_pages_that_used_it(root):
    edit(root, "data/instruments/items.csv", "Aan welke CoP", "Bij welke CoP")
    done, why = made(root)
    assert done == {"one"}
    assert why["one"] == ["data/instruments/items.csv changed"]


def test_a_section_of_study_toml_runs_the_pages_that_used_it(root):
    edit(root, "data/instruments/study.toml", "confidence = 0.95", "confidence = 0.9")
    done, why = made(root)
    assert done == {"two"}
    assert why["two"] == ["data/instruments/study.toml#study changed"]


def test_a_title_in_study_toml_changes_the_site_alone(root):
    edit(root, "data/instruments/study.toml", 'title = "One"', 'title = "The first"')
    done, why = made(root)
    assert (done, set(why)) == (set(), {"site"})
    assert "The first" in (root / "reports/site/index.html").read_text("utf-8")


def test_other_parameters_run_that_page(root):
    edit(root, "data/instruments/study.toml", "{ size = 2 }", "{ size = 3 }")
    done, why = made(root)
    assert done == {"many_2"}
    assert why["many_2"] == ["parameter size changed"]


@pytest.mark.parametrize(
    ("file", "done"),
    [
        ("reports/notebooks/one.ipynb", {"one"}),
        ("reports/notebooks/one.run.json", {"one"}),
        ("reports/pages/two/result.csv", {"two"}),
        ("data/processed/first/table.csv", {"1_first"}),
        ("reports/site/one.html", set()),
        ("reports/site/index.html", set()),
    ],
)
def test_a_deleted_output_comes_back_and_nothing_else_is_made(root, file, done):
    before = (root / file).read_bytes()
    times = {p: p.stat().st_mtime_ns for p in (root / "reports/notebooks").glob("*.ipynb")}
    (root / file).unlink()
    assert made(root)[0] == done
    assert (root / file).is_file()
    if not file.startswith("reports/notebooks"):
        assert (root / file).read_bytes() == before
    changed = {p.stem for p, time in times.items() if p.stat().st_mtime_ns != time}
    assert changed == done


def test_an_output_that_was_edited_is_made_again(root):
    (root / "reports/pages/two/result.csv").write_text("typed by hand")
    assert made(root)[0] == {"two"}


def test_a_page_that_fails_leaves_the_report_as_it_was(root):
    before = (root / "reports/site/two.html").read_bytes()
    write_notebook(root, "two", "1/0")
    with pytest.raises(CopanalysisError, match="ZeroDivisionError"):
        made(root)
    assert (root / "reports/site/two.html").read_bytes() == before
    with pytest.raises(CopanalysisError, match="ZeroDivisionError"):
        made(root)
    write_notebook(root, "two", NOTEBOOKS["two"])
    assert made(root)[0] == set()


def test_a_broken_instrument_is_told_before_anything_runs(root):
    edit(root, "data/instruments/items.csv", "item,", "no_such_column,")
    with pytest.raises(CopanalysisError, match="no_such_column"):
        made(root)


def test_the_stock_engine_runs_again_when_any_data_changed(root):
    assert made(root, fresh=True, engine="stock", only=["one"])[0] >= {"one"}
    inputs = json.loads((root / "reports/notebooks/one.run.json").read_text("utf-8"))["inputs"]
    assert "data/processed/second/table.csv" in inputs


def preparation(name, makes, needs):
    place = None if needs is None else tuple(map(Path, needs))
    return Run(name, Path(), {}, Path(), tuple(map(Path, makes)), needs=place)


def test_preparations_that_need_nothing_of_each_other_run_together():
    runs = [preparation("a", ["a"], []), preparation("b", ["b"], []), preparation("c", ["c"], "a")]
    assert [[run.id for run in group] for group in together(runs)] == [["a", "b"], ["c"]]


def test_a_preparation_that_does_not_tell_what_it_needs_runs_alone():
    runs = [preparation("a", ["a"], []), preparation("b", ["b"], None), preparation("c", ["c"], [])]
    assert [[run.id for run in group] for group in together(runs)] == [["a"], ["b"], ["c"]]


def test_two_that_make_the_same_run_one_by_one():
    runs = [preparation("a", ["a"], []), preparation("b", ["a"], [])]
    assert [len(group) for group in together(runs)] == [1, 1]


def test_an_audit_holds_until_something_it_read_changes(root):
    project = load_project(root)
    csv = root / "reports/pages/one/tables/a.csv"
    csv.parent.mkdir()
    csv.write_text("1")
    before = audited_now(project)
    write_notebook(root, "one", NOTEBOOKS["one"], prose="Another text.")
    assert audited_now(project) == before
    csv.write_text("2")
    assert audited_now(project) != before


def test_a_page_from_other_data_than_the_rest_is_refused_before_it_runs(root):
    ghost = root / "reports/pages/ghost"
    ghost.mkdir(parents=True)
    (ghost / "manifest.json").write_text('{"raw": "elsewhere"}', encoding="utf-8")
    before = (root / "reports/notebooks/one.ipynb").stat().st_mtime_ns
    write_notebook(root, "one", NOTEBOOKS["one"], prose="Another text.")
    with pytest.raises(CopanalysisError, match="cannot join the report") as caught:
        made(root, only=["one"])
    assert [problem.found for problem in caught.value.problems] == ["1 page(s) from elsewhere"]
    assert (root / "reports/notebooks/one.ipynb").stat().st_mtime_ns == before
