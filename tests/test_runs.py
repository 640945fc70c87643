"""The notebooks really run: as pipeline, with stock papermill, and with other parameters."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from readback import (
    csv_rows,
    file_text,
    html_tables,
    same,
    squeezed,
    word_tables,
    workbook_tables,
)

from copanalysis.report.cells import shown_cells, wholly_hidden
from copanalysis.report.datasheet import data_columns
from copanalysis.report.pages import report_pages
from copanalysis.report.pdf import find_browser
from copanalysis.report.planning import Run
from copanalysis.report.record import read_record
from copanalysis.report.runner import run_all
from copanalysis.report.site import publish
from copanalysis.study.plan import load_study
from copanalysis.study.settings import load_project

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def outputs(path: Path) -> list:
    """What a notebook shows, without execution times."""
    cells = nbformat.read(path, as_version=4).cells
    return [
        [
            {k: o.get(k) for k in ("output_type", "name", "text", "data")}
            for o in cell.get("outputs", [])
        ]
        for cell in cells
        if "injected-parameters" not in cell.metadata.get("tags", [])
    ]


def planned(root: Path) -> list[dict]:
    return load_project(root).settings["pages"]


def page_text(root: Path, page: str) -> str:
    return (root / "reports/site" / f"{page}.html").read_text("utf-8")


def test_stock_papermill_gives_the_same_outputs(built, tmp_path):
    out = tmp_path / "out.ipynb"
    subprocess.run(
        [
            str(BIN / "papermill"),
            "--no-progress-bar",
            "-p",
            "wave",
            "3",
            "notebooks/chapter_4_outcomes.ipynb",
            str(out),
        ],
        cwd=built,
        check=True,
        capture_output=True,
    )
    pipeline = built / "reports/notebooks/chapter_4_outcomes.ipynb"
    assert outputs(out) == outputs(pipeline)


def test_run_all_in_the_notebooks_folder_gives_the_same_outputs(built, tmp_path):
    subprocess.run(
        [
            str(BIN / "jupyter"),
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "--output-dir",
            str(tmp_path),
            "chapter_2_approach.ipynb",
        ],
        cwd=built / "notebooks",
        check=True,
        capture_output=True,
    )
    pipeline = built / "reports/notebooks/chapter_2_approach.ipynb"
    assert outputs(tmp_path / "chapter_2_approach.ipynb") == outputs(pipeline)


def test_every_promised_output_has_its_item_of_the_report(built):
    study = load_study(built)
    promised = study.table("outline.csv")
    found = set()
    for path in (built / "reports/pages").glob("*/manifest.json"):
        manifest = json.loads(path.read_text("utf-8"))
        for kind in ("table", "figure"):
            found |= {(manifest["notebook"], e["id"], kind) for e in manifest[f"{kind}s"]}
    wanted = set(promised[["notebook", "output", "kind"]].itertuples(index=False, name=None))
    assert wanted <= found


def test_every_page_says_that_the_data_are_fictional(built):
    for path in (built / "reports/site").glob("*.html"):
        assert "fictieve gegevens" in path.read_text("utf-8").lower(), path.name


def test_published_percentages_are_recomputed(built):
    text = (built / "reports/pages/appendix_quality/tables/published.csv").read_text("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()[1:]]
    printed = {row[2] for row in rows}
    assert {"19%", "58%", "21%", "2%", "46%", "6%", "62%", "30%", "8%"} <= printed
    assert "nee" not in {cell for row in rows for cell in row}


def test_no_open_answer_stands_in_a_delivered_file(built):
    texts = (ROOT / "src/copanalysis/twin/texts/open_answers.csv").read_text("utf-8")
    long = [line.split(",", 5)[5].strip('"').split('"')[0] for line in texts.splitlines()[1:]]
    canaries = [squeezed(re.sub(r'["<>&].*', "", text)[:60]) for text in long if len(text) > 60]
    assert len(canaries) > 300
    for path in (built / "reports").rglob("*.*"):
        if path.suffix in {".html", ".csv", ".json", ".ipynb", ".docx", ".xlsx", ".pdf"}:
            text = squeezed(file_text(path))
            assert not [c for c in canaries if c in text], path.name


def test_every_form_of_the_report_holds_the_same_cells(built):
    folder = built / "reports/downloads"
    word, book = word_tables(folder / "rapport.docx"), workbook_tables(folder / "tabellen.xlsx")
    printed = squeezed(file_text(folder / "rapport.pdf")) if find_browser() else None
    tables = 0
    for page in report_pages(load_study(built)):
        pages = html_tables(page_text(built, page.id))
        for id, table in read_record(built / "reports/pages" / page.id).tables.items():
            expected = csv_rows((built / f"reports/pages/{page.id}/tables/{id}.csv").read_bytes())
            caption = f"Tabel {table.number}. {table.title}"
            if wholly_hidden(table):
                assert f"tab-{id}" not in pages
                assert caption not in word
                continue
            assert pages[f"tab-{id}"] == expected, caption
            assert word[caption] == expected, caption
            columns = [column.texts for column in data_columns(table)]
            for row, texts in zip(book[caption], zip(*columns, strict=True), strict=True):
                assert all(same(*pair) for pair in zip(row, texts, strict=True)), caption
            if printed is not None:
                shown = shown_cells(table).to_numpy().ravel()
                lost = [text for text in shown if squeezed(text) not in printed]
                assert lost == [], caption
            tables += 1
    assert tables > 80


def test_a_cop_without_answers_gives_a_page_that_says_so(built):
    assert "Niet te meten" in page_text(built, "chapter_4_outcomes--cop-zeeland")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("chapter_4_outcomes--cop-zeeland", "(Zeeland)"),
        ("chapter_4_outcomes--breakdown-cop", "(uitgesplitst naar CoP)"),
    ],
)
def test_a_variant_is_called_by_what_differs_in_words(built, page, told):
    title = next(p["title"] for p in planned(built) if p["id"] == "chapter_4_outcomes")
    own, index = (html.unescape(page_text(built, name)) for name in (page, "index"))
    assert f"<h1>{title} {told}</h1>" in own
    assert f'<a href="{page}.html">{title} {told}</a>' in index


def test_a_breakdown_by_cop_shows_no_small_cell(built):
    page = built / "reports/pages/appendix_1_survey_tables_wave_3--breakdown-cop"
    text = (page / "tables/x3_cooperation_by.csv").read_text("utf-8-sig")
    assert "niet getoond" in text
    counts = [line.split(";")[2] for line in text.splitlines()[1:]]
    assert all(c == "niet getoond" or int(c) >= 3 for c in counts)


def test_a_second_export_is_the_same_to_the_byte(built):
    site = built / "reports/site"
    before = {p: p.read_bytes() for p in site.rglob("*.*")}
    publish(load_study(built), fresh=False)
    assert {p: p.read_bytes() for p in site.rglob("*.*")} == before


def test_a_notebook_that_fails_keeps_the_result_before_and_its_own_traceback(built):
    broken = built / "notebooks/broken.ipynb"
    cell = nbformat.v4.new_code_cell("raise ValueError('dit gaat mis')")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), broken)
    output = built / "reports/notebooks/broken.ipynb"
    output.write_text("the result before", encoding="utf-8")
    told = []
    with pytest.raises(Exception, match="ValueError: dit gaat mis"):
        run_all(
            [Run("broken", broken, {}, output)],
            root=built,
            jobs=1,
            report=lambda *s: told.append(s),
        )
    assert ("broken", "failed") in told
    assert output.read_text("utf-8") == "the result before"
    assert "dit gaat mis" in output.with_suffix(".failed.ipynb").read_text("utf-8")
    for path in (broken, output, output.with_suffix(".failed.ipynb")):
        path.unlink()


def test_the_command_refuses_with_one_message_and_code_2(tmp_path):
    run = subprocess.run(
        [str(BIN / "copanalysis"), "check"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert "study.toml" in run.stderr
