"""Frozen releases: whole or not at all, the same bytes twice, nothing stale, nothing untold."""

import json
import shutil
from pathlib import Path

import docx
import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.report.chapter import open_chapter
from copanalysis.report.frozen import freeze
from copanalysis.report.outputs import read_manifests
from copanalysis.report.page_rules import page_problems
from copanalysis.report.staleness import in_general, present, stale_note
from copanalysis.report.untold import untold_problems
from copanalysis.study.plan import load_study
from copanalysis.survey.estimates import multiple_response
from copanalysis.survey.preparation import prepare_survey, write_survey

ROOT = Path(__file__).resolve().parents[2]
PAGE = "chapter_4_outcomes"
PARAMETERS = {"wave": "3", "compare_with": "1", "cop": "", "breakdown": ""}
CANARY = "kanarie zingt in een kooi die niemand ooit heeft opengedaan"
WHOLE = """<!DOCTYPE html><html lang="nl"><head><title>T</title></head><body><h1>T</h1>
<h2 id="a">A</h2><table><caption>C</caption><tr><th scope="col">x</th></tr></table>
<img src="data:," alt="Een plaatje"><a href="#a">A</a></body></html>"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A project whose only page promises one table, with its page and site made."""
    root = tmp_path_factory.mktemp("made")
    for name in ("data/instruments", "data/raw/demo"):
        shutil.copytree(ROOT / name, root / name)
    (root / "data/instruments/outline.csv").write_text(
        f"notebook,output,kind,coverage\n{PAGE},got,table,S25\n", encoding="utf-8"
    )
    (root / "notebooks").mkdir()
    (root / f"notebooks/{PAGE}.ipynb").write_text('{"cells": []}', encoding="utf-8")
    study = load_study(root)
    write_survey(prepare_survey(study), study=study)
    chapter = open_chapter(PAGE, parameters=PARAMETERS, root=root)
    got = multiple_response(
        chapter.answers(waves=["3"]),
        **study.ask("q4_got", wave="3"),
        base="answered",
        population=250,
        confidence=0.95,
    )
    chapter.table("got", got, title="T", **chapter.about("q4_got", base="answered", waves=["3"]))
    chapter.close()
    (root / "reports/site").mkdir()
    (root / "reports/site/index.html").write_text(WHOLE, encoding="utf-8")
    return root


@pytest.fixture
def small(made, tmp_path):
    """The study of a copy of that project, with nothing made in it."""
    for name in ("data/instruments", "data/raw", "notebooks"):
        shutil.copytree(made / name, tmp_path / name)
    return load_study(tmp_path)


@pytest.fixture
def make(made):
    """Make the report by copying the one that was made; with another site where one is given."""

    def copied(root: Path, page: str = WHOLE) -> None:
        for name in ("data/processed", "reports"):
            shutil.copytree(made / name, root / name, dirs_exist_ok=True)
        (root / "reports/site/index.html").write_text(page, encoding="utf-8")

    return copied


def listed(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_release_holds_site_pages_hashes_environment_and_what_is_synthetic(small, make):
    folder = freeze(small, "proef-1", make=make, settings=["--set", "wave=3"])
    assert folder == small.root / "reports/releases/proef-1"
    assert {"site/index.html", f"pages/{PAGE}/tables/got.csv", "LEESMIJ.txt"} <= listed(folder)
    release = json.loads((folder / "release.json").read_text("utf-8"))
    assert {path for path, _ in release["files"]} == listed(folder) - {"release.json"}
    assert release["synthetic"] is True
    assert release["settings"] == ["--set", "wave=3"]
    assert "verzonnen" in (folder / "LEESMIJ.txt").read_text("utf-8")
    assert release["environment"]["pandas"] == pd.__version__
    assert "items.csv" in dict(release["instruments"])
    assert "survey/wave_3/thermometer_cop_januari_2024.sav" in dict(release["raw_inputs"])
    assert str(small.root) not in (folder / "release.json").read_text("utf-8")
    # nothing of it in the project itself, nothing left behind
    assert not (small.root / "data/processed").exists()
    assert [p.name for p in (small.root / "reports/releases").iterdir()] == ["proef-1"]


def test_again_gives_the_same_bytes_and_a_change_is_refused(small, make):
    first = freeze(small, "een", make=make)
    before = {name: (first / name).read_bytes() for name in listed(first)}
    freeze(small, "een", make=make)
    assert {name: (first / name).read_bytes() for name in listed(first)} == before
    with pytest.raises(CopanalysisError, match="site/index") as caught:
        freeze(small, "een", make=lambda root: make(root, WHOLE.replace(">A<", ">B<")))
    assert "Release een is frozen" in str(caught.value)
    assert {name: (first / name).read_bytes() for name in listed(first)} == before


def test_what_fails_or_is_not_in_order_leaves_nothing(small, make):
    def fails(root):
        make(root)
        raise CopanalysisError("no")

    def changes(root):
        make(root)
        (root / "data/instruments/items.csv").open("a", encoding="utf-8").write("\n")

    for making, said in [(fails, "no"), (changes, "instrument"), (lambda root: None, "no pages")]:
        with pytest.raises(CopanalysisError, match=said):
            freeze(small, "twee", make=making)
    with pytest.raises(CopanalysisError, match="letters, digits"):
        freeze(small, "../twee", make=make)
    assert list((small.root / "reports/releases").iterdir()) == []


def test_an_answer_that_nobody_released_stops_the_release(small, make):
    def leaks(root):
        make(root, WHOLE.replace(">A<", f">Iemand zei: {CANARY}<"))
        path = root / "data/processed/survey/wave_3/answers.parquet"
        table = pd.read_parquet(path)
        table["value"] = table["value"].astype(str)
        table.loc[0, "value"] = CANARY
        table.to_parquet(path)
        manifest = root / f"reports/pages/{PAGE}/manifest.json"
        told = json.loads(manifest.read_text("utf-8"))
        told["inputs"] = []  # the planted answer is no change since the page was made
        manifest.write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(CopanalysisError, match=r"1 text\(s\) of a respondent") as caught:
        freeze(small, "drie", make=leaks)
    assert CANARY not in str(caught.value)


def test_all_that_is_not_in_order_is_one_list(small, make):
    def wrong(root):
        plant(root)
        document = docx.Document()
        document.add_paragraph(f"Iemand zei: {CANARY}")
        (root / "reports/downloads").mkdir()
        document.save(root / "reports/downloads/rapport.docx")
        make_page = WHOLE.replace('href="#a"', 'href="#tab-weg"')
        (root / "reports/site/index.html").write_text(make_page, encoding="utf-8")
        (root / "data/instruments/items.csv").open("a", encoding="utf-8").write("\n")

    def plant(root):
        make(root)
        path = root / "data/processed/survey/wave_3/answers.parquet"
        table = pd.read_parquet(path)
        table["value"] = table["value"].astype(str)
        table.loc[0, "value"] = CANARY
        table.to_parquet(path)

    with pytest.raises(CopanalysisError) as caught:
        freeze(small, "vier", make=wrong)
    found = [f"{problem.where}: {problem.found}" for problem in caught.value.problems]
    assert found == [
        f"page {PAGE}: made before a change: gegevens "
        "(data/processed/survey/wave_3/answers.parquet)",
        f"page {PAGE}: made before a change: instrument (items.csv)",
        "index.html: a link to #tab-weg",
        "downloads/rapport.docx: 1 text(s) of a respondent or speaker",
    ]
    assert CANARY not in str(caught.value)
    assert list((small.root / "reports/releases").iterdir()) == []


def test_a_text_that_a_table_released_may_be_told(tmp_path):
    (tmp_path / "processed").mkdir()
    pd.DataFrame({"text": [CANARY]}).to_parquet(tmp_path / "processed/turns.parquet")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.html").write_text(f"<p>{CANARY}</p>", encoding="utf-8")
    given = {"processed": tmp_path / "processed"}
    released = [{"tables": [{"cells": {"quote": [f"“{CANARY}”"]}}]}]
    assert untold_problems(tmp_path / "out", **given, manifests=released) == []
    assert len(untold_problems(tmp_path / "out", **given, manifests=[])) == 1


def test_a_link_may_be_written_with_percent_signs(tmp_path):
    path = tmp_path / "index.html"
    page = WHOLE.replace('id="a"', 'id="enqu\u00eate"').replace("#a", "#enqu%C3%AAte")
    path.write_text(page, encoding="utf-8")
    assert page_problems(path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lang="nl"', 'lang="en"', "language 'en'"),
        ("<title>T", "<title>", "no title"),
        ("<h1>T</h1>", "", "0 headings of level 1"),
        ("h2", "h3", "level 3 after one of 1"),
        ("<caption>C</caption>", "", "without caption"),
        (' scope="col"', "", "without scope"),
        (' alt="Een plaatje"', "", "without alternative text"),
        ("data:,", "https://example.org/a.png", "img from https"),
        ('href="#a"', 'href="#b"', "a link to #b"),
        ("<h1>", '<h1 id="a">', "id 'a' 2 times"),
    ],
)
def test_each_rule_of_a_page_is_held(tmp_path, old, new, said):
    path = tmp_path / "index.html"
    path.write_text(WHOLE, encoding="utf-8")
    assert page_problems(path) == []
    path.write_text(WHOLE.replace(old, new), encoding="utf-8")
    (problem,) = page_problems(path)
    assert said in problem.found


def test_a_page_is_stale_when_data_instrument_notebook_or_code_changed(small, make):
    root = small.root
    make(root)
    manifest = read_manifests(root)[PAGE]
    assert present(root).changes(manifest) == []
    assert present(root).changes(manifest | {"code": "x"}) == ["de code"]
    assert present(root).changes({"page": PAGE}) == ["de versie van copanalysis"]
    assert present(root).changes({}) == []
    (root / "data/instruments/names.csv").open("a", encoding="utf-8").write("\n")
    cells = '{"cells": [{"cell_type": "code", "source": "1"}]}'
    (root / f"notebooks/{PAGE}.ipynb").write_text(cells, encoding="utf-8")
    raw = "survey/wave_3/thermometer_cop_januari_2024.sav"
    (root / "data/raw/demo" / raw).open("ab").write(b"x")
    (root / "data/processed/survey/wave_3/answers.parquet").unlink()
    told = present(root).changes(manifest)
    assert told == [
        f"gegevens (data/raw/demo/{raw})",
        "gegevens (data/processed/survey/wave_3/answers.parquet)",
        "instrument (names.csv)",
        "het notebook",
    ]
    assert stale_note(told).startswith("Verouderd. Sinds deze pagina is gemaakt veranderde: geg")
    assert in_general(told) == [
        "de antwoorden op de vragenlijst",
        "de instellingen van het onderzoek",
        "het notebook",
    ]


def test_an_opened_chapter_says_that_its_page_is_stale(small, make, capsys):
    make(small.root)
    capsys.readouterr()
    open_chapter(PAGE, parameters=PARAMETERS, root=small.root)
    assert "Verouderd" not in capsys.readouterr().out
    (small.root / "data/instruments/names.csv").open("a", encoding="utf-8").write("\n")
    open_chapter(PAGE, parameters=PARAMETERS, root=small.root)
    assert "Verouderd. Sinds deze pagina is gemaakt veranderde: instrument" in (
        capsys.readouterr().out
    )
