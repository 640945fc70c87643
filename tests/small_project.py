"""A small project with two preparations and four pages, whose report takes a second."""

import re
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from copanalysis.report.production import Order, make_report
from copanalysis.study.settings import load_project

ROOT = Path(__file__).resolve().parents[1]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
PREPARE = """
from pathlib import Path
rows = Path("data/raw/demo/{raw}").read_text().split()
folder = Path("data/processed/{out}")
folder.mkdir(parents=True, exist_ok=True)
(folder / "table.csv").write_text("\\n".join(sorted(rows)))
"""
PAGE = """
from pathlib import Path
import copanalysis as ca
print(Path("data/processed/{table}/table.csv").read_text())
folder = Path("reports/pages/{id}")
folder.mkdir(parents=True, exist_ok=True)
(folder / "result.csv").write_text("result")
"""
NOTEBOOKS = {
    "1_first": PREPARE.format(raw="a/x.txt", out="first"),
    "2_second": PREPARE.format(raw="b/y.txt", out="second"),
    "one": PAGE.format(table="first", id="one") + "print(ca.load_study().items[0])",
    "two": PAGE.format(table="second", id="two") + "print(ca.load_study().confidence)",
    "many": "size = 1  # size\n",
}
TOML = """
[[preparation]]
notebook = "1_first"
[[preparation]]
notebook = "2_second"
[[pages]]
id = "one"
title = "One"
notebook = "one"
chapter = "1"
[[pages]]
id = "two"
title = "Two"
notebook = "two"
chapter = "2"
[[pages]]
id = "many_1"
title = "Many 1"
notebook = "many"
chapter = "3"
parameters = { size = 1 }
[[pages]]
id = "many_2"
title = "Many 2"
notebook = "many"
chapter = "4"
parameters = { size = 2 }
"""
ALL = {"1_first", "2_second", "one", "two", "many_1", "many_2"}


def write_notebook(root: Path, name: str, source: str, *, prose="Text.") -> None:
    cells = [new_markdown_cell(f"# {name}\n\n{prose}"), new_code_cell(source)]
    if name == "many":
        cells[1].metadata["tags"] = ["parameters"]
    path = root / "notebooks" / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), path)


def write_project(root: Path) -> Path:
    """Write the project to a folder."""
    shutil.copytree(ROOT / "data/instruments", root / "data/instruments")
    toml = root / "data/instruments/study.toml"
    text = toml.read_text("utf-8")
    blocks = r"\[\[(preparation|pages)\]\]\n(?:(?!\[).+\n|\n|parameters.*\n)*"
    toml.write_text(re.sub(blocks, "", text) + TOML, encoding="utf-8")
    for name in ("outline.csv", "definitions.csv"):
        path = root / "data/instruments" / name
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    for place, words in {"a/x.txt": "3 1 2", "b/y.txt": "6 5 4"}.items():
        (root / "data/raw/demo" / place).parent.mkdir(parents=True, exist_ok=True)
        (root / "data/raw/demo" / place).write_text(words)
    (root / "notebooks").mkdir()
    for name, source in NOTEBOOKS.items():
        write_notebook(root, name, source)
    return root


def made(root: Path, **order) -> tuple[set, dict]:
    """Make the report; the runs that were done, and why."""
    states, why = {}, {}
    order = {"jobs": 2, "time_limit": 60, **order}
    make_report(
        load_project(root),
        Order(
            told=states.__setitem__,
            why=lambda id, reason: why.setdefault(id, []).append(reason),
            **order,
        ),
    )
    return {id for id, state in states.items() if state == "done"}, why
