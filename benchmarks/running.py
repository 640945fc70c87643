"""How long a report takes: this command, stock papermill and nbconvert, and plain Python.

Run as ``python benchmarks/running.py [file.md] [--rounds N] [--growth] [--brief]`` on Linux;
prints (and writes) Markdown tables. Everything is measured in one run on copies of this project,
in turns; with more rounds each figure is the median. Times are also given as ratios to the plain
cells, because those do not depend on the machine: wall time, and processor time of all processes
together, which other work on the machine disturbs least. ``--growth`` adds small notebooks, 18
to 500 of them; ``--brief`` leaves out what runs in one process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat

from copanalysis.report.engine.history import read_made
from copanalysis.report.planning import Run, page_runs, planned_pages, preparation_runs
from copanalysis.study.settings import load_project

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PARTS = ("data/instruments", "data/raw/demo", "notebooks")
IN_ONE = (
    "plain cells, 1 process",
    "copanalysis report, 1 job",
    "stock papermill and exporter, one process",
)
SIZES = (18, 60, 180, 500)
LONG, SHORT = "chapter_4_outcomes", "chapter_6_building_blocks"
THREADS = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
CELL = (
    "import pandas as pd\nimport copanalysis as ca\n"
    "import matplotlib.pyplot as plt\n"
    "table = pd.DataFrame({{'n': range({number}, {number} + 20)}})\n"
    "table['n'].plot.bar(figsize=(5, 3)); plt.show()\ntable.describe()"
)


@dataclass(frozen=True)
class Cost:
    """What one command took: wall seconds, processor seconds of it and its children, and the
    most memory (MB, shared pages counted once) of all its processes together."""

    wall: float
    cpu: float
    memory: float


def cost(command: Sequence[str], *, cwd: Path) -> Cost:
    """Run a command to its end and tell what it took."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **THREADS},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    peak = _Peak(process.pid)
    _, said = process.communicate()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said.decode()[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, peak.stop())


class _Peak(threading.Thread):
    """Looks once a second how much memory the processes of a session have."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session, self._most, self._ended = session, 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._ended.wait(1):
            self._most = max(self._most, sum(_shares_of_memory(self._session)))

    def stop(self) -> float:
        """The most it saw, in MB."""
        self._ended.set()
        self.join()
        return self._most / 1024


def _shares_of_memory(session: int) -> Iterable[int]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            own = (process / "stat").read_text().rpartition(")")[2].split()[3]
            if int(own) == session:
                lines = (process / "smaps_rollup").read_text().splitlines()
                yield next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue


def new_project(folder: Path) -> Path:
    """A copy of this project without results."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    return folder


def all_runs(root: Path) -> list[Run]:
    """Every notebook run of the report, in order."""
    project = load_project(root)
    pages = page_runs(project, planned_pages(project, only=[], values={}))
    return [*preparation_runs(project, raw=""), *pages]


def shell_loop(root: Path) -> list[str]:
    """papermill and jupyter nbconvert for one notebook after the other."""
    lines = ["set -e", "mkdir -p out"]
    for run in all_runs(root):
        given = " ".join(f"-p {n} '{v}'" for n, v in run.parameters.items())
        out = f"out/{run.id}.ipynb"
        lines.append(f"{BIN / 'papermill'} notebooks/{run.notebook.name} {out} {given}")
        lines.append(f"{BIN / 'jupyter'} nbconvert --to html {out}")
    return ["bash", "-c", "\n".join(lines)]


def one_process(root: Path) -> list[str]:
    """Stock papermill and nbconvert's exporter in one process."""
    runs = [(str(r.notebook), r.id, dict(r.parameters)) for r in all_runs(root)]
    code = (
        "import json, os, sys, papermill\nfrom nbconvert import HTMLExporter\n"
        "os.makedirs('out', exist_ok=True)\n"
        "for notebook, id, parameters in json.loads(sys.argv[1]):\n"
        "    out = f'out/{id}.ipynb'\n"
        "    papermill.execute_notebook(notebook, out, parameters, progress_bar=False)\n"
        "    open(f'out/{id}.html', 'w').write(HTMLExporter().from_filename(out)[0])\n"
    )
    return [sys.executable, "-c", code, json.dumps(runs)]


def report(*words: str) -> Callable[[Path], list[str]]:
    """The command of this project."""
    return lambda _: [str(BIN / "copanalysis"), "report", *words]


def plain(jobs: int, finished: Path) -> Callable[[Path], list[str]]:
    """The same cells as plain Python, the longest pages first."""

    def command(root: Path) -> list[str]:
        runs = [run for run in all_runs(finished) if run.prose]
        runs.sort(key=lambda run: -read_made(run.output).seconds)
        script = str(ROOT / "benchmarks" / "plain_cells.py")
        return [sys.executable, script, str(jobs), *(run.id for run in runs)]

    return command


def edit_chapter(name: str, root: Path) -> None:
    """Add a sentence to the prose of a chapter."""
    path = root / "notebooks" / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    [cell for cell in notebook.cells if cell.cell_type == "markdown"][1].source += " Nog een zin."
    nbformat.write(notebook, path)


def edit_raw(root: Path) -> None:
    """Take the last answer out of the export of the first wave."""
    (path,) = (root / "data/raw/demo/survey/wave_1").glob("*.csv")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def measured(folder: Path, *, brief: bool) -> dict[str, Cost]:
    """One round of all variants, or of those with two processes and the shell loop."""
    found: dict[str, Cost] = {}
    finished = new_project(folder / "finished")
    found["copanalysis report, 2 jobs"] = cost(report("--jobs", "2")(finished), cwd=finished)
    fresh = {
        "plain cells, 2 processes": plain(2, finished),
        "plain cells, 1 process": plain(1, finished),
        "copanalysis report, 1 job": report("--jobs", "1"),
        "stock papermill and exporter, one process": one_process,
        "shell loop of papermill and nbconvert": shell_loop,
    }
    for name, command in fresh.items():
        if brief and name in IN_ONE:
            continue
        root = new_project(folder / "fresh")
        found[name] = cost(command(root), cwd=root)
        shutil.rmtree(root)
    changes = {
        "nothing changed": lambda _: None,
        "all again (--fresh), 2 jobs": lambda _: None,
        "prose of the longest chapter edited": partial(edit_chapter, LONG),
        "prose of a short chapter edited": partial(edit_chapter, SHORT),
        "one raw file edited": edit_raw,
    }
    for name, change in changes.items():
        change(finished)
        words = ("--fresh", "--jobs", "2") if "--fresh" in name else ()
        found[name] = cost(report(*words)(finished), cwd=finished)
    return found


def grown(folder: Path, number: int) -> Cost:
    """The report of a project of so many small notebooks, with 2 jobs."""
    root = new_project(folder / f"grown_{number}")
    toml = root / "data/instruments/study.toml"
    shutil.rmtree(root / "notebooks")
    (root / "notebooks").mkdir()
    for name in ("outline.csv", "definitions.csv"):
        path = root / "data/instruments" / name
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    before, _, rest = toml.read_text("utf-8").partition("[[preparation]]")
    blocks = ['[[preparation]]\nnotebook = "prepare"\n']
    _write_notebook(root, "prepare", "1 + 1")
    for i in range(number):
        _write_notebook(root, f"small_{i}", CELL.format(number=i))
        blocks.append(
            f'[[pages]]\nid = "small_{i}"\nnotebook = "small_{i}"\ntitle = "{i}"\nchapter = "{i}"\n'
        )
    kept = [part for part in f"[[preparation]]{rest}".split("\n\n") if not _replaced(part)]
    toml.write_text("\n\n".join([before, *kept, *blocks]), encoding="utf-8")
    found = cost(report("--jobs", "2")(root), cwd=root)
    shutil.rmtree(root)
    return found


def _replaced(part: str) -> bool:
    return "[[preparation]]" in part or "[[pages]]" in part


def _write_notebook(root: Path, name: str, source: str) -> None:
    cells = [nbformat.v4.new_markdown_cell(f"# {name}"), nbformat.v4.new_code_cell(source)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")


def machine() -> str:
    """The machine, without its name or paths."""
    info = Path("/proc/cpuinfo").read_text()
    model = next(x.partition(":")[2].strip() for x in info.splitlines() if "model name" in x)
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    return (
        f"{len(os.sched_getaffinity(0))} cores ({model}), Python {platform.python_version()}; "
        f"load averages at the end {load}."
    )


def tables(rounds: list[dict[str, Cost]], growth: dict[int, Cost]) -> str:
    """Everything as Markdown."""
    middle = {name: _median([one[name] for one in rounds]) for name in rounds[0]}
    limit, loop = (
        middle["plain cells, 2 processes"],
        middle["shell loop of papermill and nbconvert"],
    )
    lines = [f"{len(all_runs(ROOT))} notebook runs, {len(rounds)} round(s). {machine()}", ""]
    lines += ["| what | wall s | x plain | shell loop / it | CPU s | x plain CPU | peak MB |"]
    lines += ["|---|---:|---:|---:|---:|---:|---:|"]
    for name, took in sorted(middle.items(), key=lambda pair: pair[1].wall):
        numbers = (
            f"{took.wall:.1f}",
            f"{took.wall / limit.wall:.2f}",
            f"{loop.wall / took.wall:.1f}",
            f"{took.cpu:.1f}",
            f"{took.cpu / limit.cpu:.2f}",
            f"{took.memory:.0f}",
        )
        lines.append(f"| {name} | {' | '.join(numbers)} |")
    if growth:
        lines += [
            "",
            "| small notebooks | wall s | s per notebook | CPU s per notebook | peak MB |",
        ]
        lines += ["|---:|---:|---:|---:|---:|"]
    for number, took in growth.items():
        each = f"{took.wall / number:.3f} | {took.cpu / number:.3f}"
        lines.append(f"| {number} | {took.wall:.1f} | {each} | {took.memory:.0f} |")
    return "\n".join(lines) + "\n"


def _median(costs: list[Cost]) -> Cost:
    middle = (statistics.median(getattr(c, f) for c in costs) for f in ("wall", "cpu", "memory"))
    return Cost(*middle)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--brief", action="store_true")
    asked = parser.parse_args()
    # as on a machine where everything has run before: code is compiled, for all variants alike
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for place in (sysconfig.get_path("purelib"), ROOT / "src"):
        subprocess.run([sys.executable, "-m", "compileall", "-q", place], check=False)
    # and has been read from the disk
    with tempfile.TemporaryDirectory() as folder:
        cost(report(SHORT)(new_project(Path(folder) / "first")), cwd=Path(folder) / "first")
    rounds = []
    for _ in range(asked.rounds):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(measured(Path(folder), brief=asked.brief))
    growth: dict[int, Cost] = {}
    _write(tables(rounds, growth), asked.file)
    with tempfile.TemporaryDirectory() as folder:
        for number in SIZES if asked.growth else ():
            growth[number] = grown(Path(folder), number)
            _write(tables(rounds, growth), asked.file)
    print(tables(rounds, growth))


def _write(text: str, file: Path | None) -> None:
    """What is known so far, so that nothing is lost when what follows fails."""
    if file:
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
