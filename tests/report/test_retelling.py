"""A page of which only the text changed is what a run would make of it, without the run."""

import json
import shutil

import nbformat
import pytest
from chapter_project import CHAPTER, write_chapter, write_chapter_project
from small_project import made

from copanalysis.errors import CopanalysisError

PAGE, EXECUTED = f"reports/pages/{CHAPTER}", f"reports/notebooks/{CHAPTER}.ipynb"
LABEL = "{got[#1].label}"
NEVER = (
    "chapter = ca.open_chapter",
    "from copanalysis.study.measurement import NotMeasured\nchapter = ca.open_chapter",
)
TOLD = (
    "study, (wave, rank)",
    'chapter.table("never", NotMeasured("x", "er is niet naar gevraagd"), '
    'title="Nooit", base="", source="")\nstudy, (wave, rank)',
)


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """The small project with its report; beside the table a second one that was not measured."""
    root = write_chapter_project(tmp_path_factory.mktemp("told"))
    write_chapter(root, **dict([NEVER, TOLD]))
    made(root)
    return root


@pytest.fixture
def root(reported, tmp_path):
    return shutil.copytree(reported, tmp_path / "copy")


def tell(root, **changes):
    """Save the notebook with these changes and make the report; whether cells ran for it."""
    before = times(root)
    write_chapter(root, **dict([NEVER, TOLD]), **changes)
    done, _ = made(root)
    assert done == {CHAPTER}
    return times(root) != before


def times(root):
    cells = json.loads((root / EXECUTED).read_text("utf-8"))["cells"]
    return [cell["metadata"].get("execution") for cell in cells]


def results(root):
    """What a page is made of, without times and without what is told of it as it stood."""
    cells = nbformat.read(root / EXECUTED, as_version=4).cells
    outputs = [[o for o in c.get("outputs", ()) if "stale" not in str(o)] for c in cells[3:]]
    manifest = json.loads((root / PAGE / "manifest.json").read_text("utf-8"))
    site = (root / f"reports/site/{CHAPTER}.html").read_text("utf-8")
    return [c.source for c in cells], outputs, manifest, site


@pytest.mark.parametrize(
    "changes",
    [
        {"Wat deelname opleverde.": "Wat de CoP's *opleverden*.\n\nIn twee alinea's."},
        {LABEL: "{got[#2].label} ({got[#2].share}), {tab:got}, {item:q4_got} in {param.wave}"},
        {"{got[#1].n}": "enkele", LABEL: "{got[#1].label}.\n\nVerder: {never.n}"},
    ],
    ids=["Markdown", "numbers and names", "not measured"],
)
def test_text_alone_is_told_as_a_run_would(root, tmp_path, changes):
    other = shutil.copytree(root, tmp_path / "other")
    assert not tell(root, **changes)
    (other / EXECUTED).with_suffix(".run.json").unlink()
    assert tell(other, **changes)
    for told, ran in zip(results(root), results(other), strict=True):
        assert told == ran
    assert made(root) == (set(), {})


@pytest.mark.parametrize(
    "changes",
    [
        {"by=rank": "by='share'"},
        {"%%prose\n": "# a comment\nchapter.prose('''", f"{LABEL}.": f"{LABEL}.''')"},
    ],
    ids=["code", "prose becomes code"],
)
def test_other_code_runs(root, changes):
    assert tell(root, **changes)


def test_another_cell_runs(root):
    path = root / f"notebooks/{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell("Nog een alinea."))
    nbformat.write(notebook, path)
    before = times(root)
    assert made(root)[0] == {CHAPTER}
    assert len(times(root)) == len(before) + 1


@pytest.mark.parametrize("pointer", ["{got[#99].n}", "{gone[#1].n}", "12 deelnemers"])
def test_what_leads_nowhere_fails_as_in_a_run_and_leaves_the_page(root, pointer):
    before = results(root)
    with pytest.raises(CopanalysisError, match="This prose cannot be shown"):
        tell(root, **{LABEL: pointer})
    assert results(root) == before
    assert (root / EXECUTED).with_suffix(".failed.ipynb").is_file()


def test_an_instrument_that_the_new_text_names_is_one_to_follow(root):
    assert not tell(root, **{LABEL: "{phase:1}"})
    toml = root / "data/instruments/study.toml"
    text = toml.read_text("utf-8")
    label = text.partition("[[phases]]")[2].partition('label = "')[2].partition('"')[0]
    toml.write_text(text.replace(f'label = "{label}"', 'label = "het begin"', 1), "utf-8")
    assert made(root)[0] == {CHAPTER}
    assert "het begin" in (root / f"reports/site/{CHAPTER}.html").read_text("utf-8")
