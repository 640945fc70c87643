"""A small project whose only chapter shows one question of wave 1, made as any report is."""

import csv
import io
import re
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from copanalysis.report.frozen import freeze, run_command
from copanalysis.study.plan import load_study

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "small"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
TOML = """
[[preparation]]
notebook = "1_prepare_survey"
[[pages]]
id = "small"
title = "Klein hoofdstuk"
notebook = "small"
chapter = "1"
parameters = { wave = "1", rank = "share" }
"""
OPEN = """
import copanalysis as ca
chapter = ca.open_chapter("small", parameters={"wave": wave, "rank": rank})
study, (wave, rank) = chapter.study, chapter.parameters
"""
TABLE = """
answers = chapter.answers(waves=[wave])
limits = {"population": chapter.population(), "confidence": study.confidence}
got = ca.multiple_response(answers, **study.ask("q4_got", wave=wave), base="answered", **limits)
about = chapter.about("q4_got", base="answered", waves=[wave])
chapter.table("got", ca.ranked(got, by=rank), title="Opbrengst, {param.wave}", **about)
"""
PROSE = "%%prose\nHet vaakst genoemd, door {got[#1].n} deelnemers: {got[#1].label}."
CELLS = (
    new_markdown_cell("# Klein hoofdstuk\n\nWat deelname opleverde."),
    new_code_cell('wave = "1"\nrank = "share"', metadata={"tags": ["parameters"]}),
    *(new_code_cell(source.strip()) for source in (OPEN, TABLE, PROSE, "chapter.close()")),
)
WAVE_1 = "data/raw/demo/survey/wave_1/results-survey482913.csv"


def write_chapter_project(root: Path) -> Path:
    """Write the project, with wave 1 of the twin as its data, to a folder."""
    for name in ("data/instruments", "data/raw/demo/survey/wave_1"):
        shutil.copytree(ROOT / name, root / name)
    toml = root / "data/instruments/study.toml"
    parts = re.split(r"(?m)^(?=\[)", toml.read_text("utf-8"))
    kept = [part for part in parts if not part.startswith(("[[preparation]]", "[[pages]]"))]
    toml.write_text("".join(kept) + TOML, encoding="utf-8")
    outline = "notebook,output,kind,coverage\nsmall,got,table,S25\n"
    (root / "data/instruments/outline.csv").write_text(outline, encoding="utf-8")
    (root / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks/1_prepare_survey.ipynb", root / "notebooks")
    write_chapter(root)
    return root


def write_chapter(root: Path, **changes: str) -> None:
    """Write its notebook, with other words where ``changes`` say ``old="new"``."""
    book = new_notebook(cells=[dict(cell) for cell in CELLS], metadata=KERNEL)
    for number, cell in enumerate(book.cells):
        cell["id"] = f"cell-{number}"
        for old, new in changes.items():
            cell["source"] = cell["source"].replace(old, new)
    nbformat.write(nbformat.from_dict(book), root / f"notebooks/{CHAPTER}.ipynb")


def drop_answers(root: Path, number: int) -> None:
    """Take the last answers away from the export of wave 1."""
    path = root / WAVE_1
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows[:-number])
    path.write_text(out.getvalue(), encoding="utf-8-sig")


def released(root: Path, name: str) -> Path:
    """A release of the project, with a report that is really made."""
    kinds = ("--single", "--word", "--xlsx")
    return freeze(load_study(root), name, make=lambda made: run_command(made, "report", *kinds))
