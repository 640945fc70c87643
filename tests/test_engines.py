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
COMMAND = str(Path(sys.executable).parent / "copanalysis")
PROJECT = load_project(ROOT)
PAGES = {page.notebook: page.id for page in reversed(report_pages(PROJECT))}
PREPARATION = [run.id for run in preparation_runs(PROJECT, raw="")]
TIMED = {"start_time", "end_time", "duration", "input_path", "output_path"}


@pytest.fixture(scope="session")
def executed(tmp_path_factory):
    """The folder of executed notebooks per engine: a page of every notebook."""
    folders = {}
    for engine in ("copanalysis", "stock"):
        root = tmp_path_factory.mktemp(engine)
        for name in ("data/instruments", "data/raw/demo", "notebooks"):
            shutil.copytree(ROOT / name, root / name)
        command = [COMMAND, "report", *PAGES.values(), "--engine", engine]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
        folders[engine] = root / "reports" / "notebooks"
    return folders


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


@pytest.mark.parametrize("name", [*PREPARATION, *PAGES])
def test_the_executed_notebook_is_that_of_the_stock_engine(executed, name):
    file = f"{PAGES.get(name, name)}.ipynb"
    ours, stock = (
        without_times(with_whole_streams(nbformat.read(executed[engine] / file, as_version=4)))
        for engine in ("copanalysis", "stock")
    )
    assert ours["metadata"] == stock["metadata"]
    for mine, theirs in zip(ours["cells"], stock["cells"], strict=True):
        assert mine["source"] == theirs["source"]
        injected = "injected-parameters" in mine["metadata"].get("tags", [])
        assert injected or mine == theirs
