"""Small notebooks, run as the pipeline runs them, and what came of them."""

import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from copanalysis.errors import CopanalysisError
from copanalysis.report.planning import Run
from copanalysis.report.runner import run_all

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def ran(folder: Path, notebooks: dict, *, engine="copanalysis", jobs=2, time_limit=60) -> tuple:
    """Run lists of cells by name; the executed notebooks (also the failed) and the problems.

    They run in a process of their own, as the command's is: tests have pandas and its warnings.
    """
    runs = written(folder, notebooks, engine, jobs=jobs, time_limit=time_limit)
    clean = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
    command = [sys.executable, __file__, str(folder)]
    subprocess.run(command, env=clean, capture_output=True, check=True)
    problems = pickle.loads((folder / "problems").read_bytes())
    done = {}
    for run in runs:
        failed = run.output.with_suffix(".failed.ipynb")
        path = run.output if run.output.is_file() else failed
        done[run.id] = nbformat.read(path, as_version=4)
    return done, problems


def written(folder: Path, notebooks: dict, engine: str, **how) -> list[Run]:
    """The runs of notebooks written to ``folder``, which go out to a folder per engine; this
    file as a script runs them."""
    runs = []
    for name, cells in notebooks.items():
        path = folder / f"{name}.ipynb"
        cells = [new_code_cell(c) if isinstance(c, str) else c for c in cells]
        nbformat.write(new_notebook(cells=cells, metadata=KERNEL), path)
        runs.append(Run(name, path, {}, folder / "out" / engine / path.name))
    asked = {"root": folder, "jobs": 2, "engine": engine, **how}
    (folder / "asked").write_bytes(pickle.dumps((runs, asked)))
    return runs


def _run_asked(folder: Path) -> None:
    runs, asked = pickle.loads((folder / "asked").read_bytes())
    problems = ()
    try:
        run_all(runs, report=lambda *_: None, **asked)
    except CopanalysisError as error:
        problems = error.problems
    (folder / "problems").write_bytes(pickle.dumps(list(problems)))


def shown(notebook) -> list:
    """Per code cell its count and its outputs, neighbouring pieces of one stream joined; what
    differs between two runs of any engine (addresses, process ids, paths) made the same."""
    return [(c.execution_count, _joined(c.outputs)) for c in notebook.cells if "outputs" in c]


def text(notebook, cell: int) -> str:
    """All that one cell shows as text."""
    outputs = notebook.cells[cell].outputs
    parts = [o.get("text") or o.get("evalue") or o.data.get("text/plain", "") for o in outputs]
    return "\n".join(parts)


def error(notebook) -> dict:
    """The one error of a failed notebook, with its traceback as plain text."""
    (found,) = [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error"]
    return {**found, "traceback": re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(found.traceback))}


def _joined(outputs) -> list:
    joined = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        else:
            joined.append(dict(output))
    return [_same(output) for output in joined]


def _same(value):
    if isinstance(value, dict):
        return {key: _same(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_same(item) for item in value]
    if isinstance(value, str):
        return re.sub(r"0x[0-9a-f]{6,}|ipykernel_\d+", "*", value)
    return value


if __name__ == "__main__":
    _run_asked(Path(sys.argv[1]))
