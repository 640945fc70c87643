"""Every notebook of the project gives the same with the engine as with the stock engine."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from copanalysis.report.pages import report_pages
from copanalysis.report.planning import page_runs, preparation_runs, together
from copanalysis.report.runner import STOCK, run_all
from copanalysis.study.plan import load_study
from copanalysis.study.settings import load_project

ROOT = Path(__file__).resolve().parents[1]
PROJECT = load_project(ROOT)
NOTEBOOKS = list(dict.fromkeys(page.notebook for page in report_pages(PROJECT)))
PREPARATION = [run.id for run in preparation_runs(PROJECT, raw="")]
TIMED = {"start_time", "end_time", "duration", "input_path", "output_path"}


@pytest.fixture(scope="session")
def stock(built, tmp_path_factory):
    """The project of ``built`` with the same counts to hide, of every notebook a page run with
    the stock engine: the file of executed notebooks by notebook."""
    root = tmp_path_factory.mktemp("stock")
    for name in ("data", "notebooks"):
        shutil.copytree(built / name, root / name)
    study = load_study(root)
    pages = {page.notebook: page for page in reversed(report_pages(study))}
    preparation = preparation_runs(study, raw="")
    for runs in (*together(preparation), page_runs(study, list(pages.values()))):
        run_all(runs, root=root, jobs=2, report=lambda *_: None, engine=STOCK)
    made = {notebook: page.id for notebook, page in pages.items()} | {id: id for id in PREPARATION}
    return {name: root / "reports" / "notebooks" / f"{id}.ipynb" for name, id in made.items()}


def without_times(value):
    """A notebook without what differs between two runs of the same engine."""
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in {*TIMED, "execution"}}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def with_whole_streams(notebook: NotebookNode) -> NotebookNode:
    """Neighbouring pieces of one stream joined: stock cuts them by the clock."""
    for cell in notebook.cells:
        joined = []
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and joined and joined[-1].get("name") == output.name:
                joined[-1].text += output.text
            else:
                joined.append(output)
        if "outputs" in cell:
            cell.outputs = joined
    return notebook


@pytest.mark.parametrize("name", [*PREPARATION, *NOTEBOOKS])
def test_the_executed_notebook_is_that_of_the_stock_engine(built, stock, name):
    files = (built / "reports" / "notebooks" / stock[name].name, stock[name])
    ours, theirs = (
        without_times(with_whole_streams(nbformat.read(file, as_version=4))) for file in files
    )
    assert ours["metadata"] == theirs["metadata"]
    for mine, other in zip(ours["cells"], theirs["cells"], strict=True):
        assert mine["source"] == other["source"]
        injected = "injected-parameters" in mine["metadata"].get("tags", [])
        assert injected or mine == other
