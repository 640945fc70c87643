"""Every notebook of the project gives the same with the engine as with the stock engine."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from copanalysis.report.pages import report_pages
from copanalysis.report.planning import preparation_runs
from copanalysis.study.settings import load_project

ROOT = Path(__file__).resolve().parents[1]
PROJECT = load_project(ROOT)
NOTEBOOKS = list(dict.fromkeys(page.notebook for page in report_pages(PROJECT)))
PREPARATION = [run.id for run in preparation_runs(PROJECT, raw="")]
TIMED = {"start_time", "end_time", "duration", "input_path", "output_path"}


@pytest.fixture(scope="session")
def stock(built, tmp_path_factory):
    """The notebooks of ``built`` run with the stock engine, the same counts hidden: of every
    notebook a page, executed."""
    root = tmp_path_factory.mktemp("stock")
    for name in ("data", "notebooks"):
        shutil.copytree(built / name, root / name)
    subprocess.run([sys.executable, ROOT / "tests/build_report.py", root, "stock"], check=True)
    return root / "reports" / "notebooks"


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
    pages = {page.notebook: page.id for page in reversed(report_pages(load_project(built)))}
    file = f"{pages.get(name, name)}.ipynb"
    ours, theirs = (
        without_times(with_whole_streams(nbformat.read(folder / file, as_version=4)))
        for folder in (built / "reports" / "notebooks", stock)
    )
    assert ours["metadata"] == theirs["metadata"]
    for mine, other in zip(ours["cells"], theirs["cells"], strict=True):
        injected = "injected-parameters" in mine["metadata"].get("tags", [])
        assert injected or mine == other
