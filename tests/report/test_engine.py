"""The engine gives what the stock engine gives, output by output."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from engine_runs import KERNEL, ran, shown, text
from nbformat.v4 import new_code_cell, new_notebook

BIN = Path(sys.executable).parent
NOTEBOOKS = {
    "streams": [
        "import sys\nprint('out'); print('err', file=sys.stderr); print('out again')",
        # a thread of the stock kernel reads what comes from below: it is given the time to
        "import subprocess, time\n"
        "print('before'); subprocess.run(['echo', 'below']); time.sleep(1); print('after')",
        "import os; os.system('echo to the descriptor')",
        "!echo from a shell",
    ],
    "displays": [
        "1 + 1",
        "None",
        "from IPython.display import HTML, Markdown, Javascript, clear_output, display",
        "handle = display(HTML('<b>first</b>'), display_id=True)\nprint('beside it')",
        "handle.update(Markdown('**second**'))",
        "print('gone'); clear_output(); print('stays')",
        "print('gone'); clear_output(wait=True); display('stays')",
        "display({'text/plain': 'p', 'text/html': '<p>'}, raw=True, metadata={'a': 1})",
        "display({'application/json': {'a': (1, 2)}, 'text/plain': 'x'}, raw=True)\n_",
        "%%html\n<p>a magic</p>",
        "import pandas as pd\npd.DataFrame({'a': range(30), 'b': 'x' * 60})",
        "pd.options.display.max_columns, pd.options.display.width",
        "get_ipython().__class__.__name__, __name__, In[1], Out[1]",
        "1/0",
    ],
    "figures": [
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
        "figure, axes = plt.subplots(figsize=(2, 1))\naxes.plot([3, 1])",
        "figure",
        "plt.rcParams['figure.dpi'], plt.get_backend(), plt.get_fignums()",
    ],
    "python": [
        "import warnings\nwarnings.warn('careful')",
        "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
        "asyncio.run(asyncio.sleep(0))",
    ],
    "magic": [
        "get_ipython().register_magic_function(lambda line, cell: print(cell), 'cell', 'prose')",
        "%%prose\nThe text of a cell.",
        "%%time\nx = 1",
        "x?",
        "def area(radius):\n    return undefined * radius\n\narea(2)",
    ],
    "asks": ["input('name')"],
    "syntax": ["a = (1,\nb = 2"],
}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("engines")
    tagged = {name: [*map(_may_fail, cells)] for name, cells in NOTEBOOKS.items()}
    return {engine: ran(folder, tagged, engine=engine)[0] for engine in ("copanalysis", "stock")}


def _may_fail(source):
    return new_code_cell(source, metadata={"tags": ["raises-exception"]})


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_output_is_that_of_the_stock_engine(both, name):
    ours, stock = both["copanalysis"][name], both["stock"][name]
    for mine, theirs in zip(shown(ours), shown(stock), strict=True):
        if "Wall time" not in str(theirs):
            assert mine == theirs


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_metadata_are_those_of_the_stock_engine(both, name):
    ours, stock = both["copanalysis"][name], both["stock"][name]
    assert ours.metadata.language_info == stock.metadata.language_info
    assert set(ours.metadata) == set(stock.metadata)
    for mine, theirs in zip(ours.cells, stock.cells, strict=True):
        for part, of in (("papermill", "status"), ("execution", "")):
            mine_, theirs_ = (c.metadata.get(part, {}) for c in (mine, theirs))
            assert set(mine_) == set(theirs_)
            assert mine_.get(of) == theirs_.get(of)


def test_papermill_itself_runs_with_the_engine(tmp_path):
    cells = ["a = 1  # number", "import os; print(a + 1, os.getpid() == os.getppid())"]
    cells = [new_code_cell(source) for source in cells]
    cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), tmp_path / "in.ipynb")
    command = [str(BIN / "papermill"), "--engine", "copanalysis", "in.ipynb", "out.ipynb"]
    run = subprocess.run(
        [*command, "-p", "a", "41"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "stock engine" not in run.stderr
    assert "42 False" in text(nbformat.read(tmp_path / "out.ipynb", as_version=4), 2)


def test_a_process_with_threads_lets_the_stock_engine_run(tmp_path):
    code = (
        "import threading, papermill, sys\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "papermill.execute_notebook('in.ipynb', 'out.ipynb', engine_name='copanalysis')\n"
    )
    nbformat.write(
        new_notebook(cells=[new_code_cell("1 + 1")], metadata=KERNEL), tmp_path / "in.ipynb"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "the stock engine runs the notebook" in run.stderr
    assert text(nbformat.read(tmp_path / "out.ipynb", as_version=4), 0) == "2"
