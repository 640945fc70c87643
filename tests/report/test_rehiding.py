"""A page that is to hide other counts is what a run would make of it, without the run."""

import json
import shutil

import nbformat
import pytest
from chapter_project import CHAPTER, write_chapter, write_chapter_project
from small_project import made

from copanalysis.report import production, protecting
from copanalysis.report.disclosure.places import pattern_path
from copanalysis.report.disclosure.records import read_private, write_pattern
from copanalysis.report.planning import page_runs, planned_pages

WITH_FIGURE = {
    "label}.": "label}. Daarna: {got[#2].label}, {got[#2].n}.",
    "chapter.close()": 'chapter.figure("got", ca.shares, of="got", title="{got[#1].label}", '
    'subtitle="Aandeel")\nchapter.prose("Tot slot: {got[max=share].share}.")\nchapter.close()',
}
CANNOT = {
    "it went on after an error": {
        "chapter.close()": "try:\n    chapter.prose('{gone[#1].n}')\n"
        "except ca.CopanalysisError:\n    pass\nchapter.close()"
    },
    "it looked at a table as released": {"chapter.close()": 'chapter["got"]\nchapter.close()'},
    "it draws with a function of its own": {
        "import copanalysis as ca": "import copanalysis as ca\n\n"
        "def own(table, **given):\n    return ca.shares(table, **given)\n",
        "chapter.close()": 'chapter.figure("got", own, of="got", title="T", subtitle="S")\n'
        "chapter.close()",
    },
    "it draws with a function without a name": {
        "chapter.close()": 'chapter.figure("got", lambda t: ca.shares(t), of="got", title="T", '
        'subtitle="S")\nchapter.close()',
    },
}


def write(folder, **changes):
    root = write_chapter_project(folder)
    write_chapter(root, **changes)
    return root


def hide(root):
    """Decide that the page is to hide its largest count, as the protection of a report does."""
    told = read_private(root, CHAPTER)["got"].counts.counts
    write_pattern(root, CHAPTER, [max(told, key=lambda count: count.n).of])


@pytest.fixture
def ran(monkeypatch):
    """The ids of what runs, run after run."""
    ids, run_all = [], production.run_all

    def noting(runs, **how):
        ids.append([run.id for run in runs])
        return run_all(runs, **how)

    monkeypatch.setattr(production, "run_all", noting)
    return ids


@pytest.fixture
def decided(monkeypatch):
    """The protection of the whole report hides another count of the page, once."""

    def hiding(study):
        hide(study.root)
        return page_runs(study, planned_pages(study, only=[], values={}))

    monkeypatch.setattr(protecting, "runs_again", hiding)
    monkeypatch.setattr(protecting, "ROUNDS", 1)


def files(root):
    """All that a report is made of; of notebooks what they show, of runs what they used."""
    return {
        path.relative_to(root).as_posix(): content(path)
        for place in ("reports", "data/processed")
        for path in (root / place).rglob("*")
        if path.is_file() and path.suffix != ".log" and path.name != "site.run.json"
    }


def content(path):
    if path.suffix == ".ipynb":
        return [(c.source, c.get("outputs")) for c in nbformat.read(path, as_version=4).cells]
    if path.name.endswith(".run.json"):
        made = json.loads(path.read_text("utf-8"))
        return made["inputs"], sorted(made["outputs"])
    return (
        json.loads(path.read_text("utf-8"))["content"]
        if ".content." in path.name
        else (path.read_bytes())
    )


def test_the_page_is_what_a_run_would_make_of_it(tmp_path, ran, decided, monkeypatch):
    root = write(tmp_path / "told", **WITH_FIGURE)
    other = shutil.copytree(root, tmp_path / "ran")
    assert made(root)[1][CHAPTER][-1] == "the report as a whole hides other counts"
    assert ran == [["1_prepare_survey"], [CHAPTER]]
    noting = production.run_all
    monkeypatch.setattr(production, "run_all", lambda runs, **how: noting(runs, **how) and {})
    made(other)
    assert ran[2:] == [["1_prepare_survey"], [CHAPTER], [CHAPTER]]
    told, again = files(root), files(other)
    assert told.keys() == again.keys()
    assert [name for name in told if told[name] != again[name]] == []
    assert "niet getoond" in (root / f"reports/site/{CHAPTER}.html").read_text("utf-8")


def test_what_it_hides_is_an_input(tmp_path, decided):
    root = write(tmp_path)
    made(root)
    assert made(root) == (set(), {})
    pattern_path(root, CHAPTER).write_text("[]\n")
    assert made(root)[0] == {CHAPTER}


@pytest.mark.parametrize("changes", CANNOT.values(), ids=CANNOT)
def test_a_notebook_of_which_not_all_is_known_runs(tmp_path, ran, decided, changes):
    made(write(tmp_path, **changes))
    assert ran == [["1_prepare_survey"], [CHAPTER], [CHAPTER]]
