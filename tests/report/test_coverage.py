"""The map from every item of the published report to the tables and figures that bring it back."""

from pathlib import Path

from copanalysis.report.coverage import coverage_places
from copanalysis.report.pages import report_pages

ROOT = Path(__file__).resolve().parents[2]
MANIFESTS = {
    "chapter_3": {
        "tables": [
            {"id": "cops", "coverage": "S12 I29", "number": "3.7", "title": "De CoP's"},
            {"id": "time", "coverage": "S17", "not_measured": "nergens ingevuld"},
        ],
        "figures": [{"id": "dots", "coverage": "S12", "number": "3.1", "title": "Opkomst"}],
    }
}


def test_an_item_leads_to_its_table_and_its_figure():
    places = coverage_places(["S12", "S17", "S99"], manifests=MANIFESTS)
    assert [p.url for p in places["S12"]] == ["chapter_3.html#tab-cops", "chapter_3.html#fig-dots"]
    assert places["S12"][0].words == "Tabel 3.7. De CoP's"
    assert places["S17"][0].not_measured == "nergens ingevuld"
    assert places["S99"] == ()


def test_every_item_of_the_report_is_promised_by_a_page(study):
    outline = study.table("outline.csv")
    made = outline[outline["notebook"].isin({page.notebook for page in report_pages(study)})]
    promised = {item for cell in made["coverage"] for item in cell.split()}
    missing = [item for item in study.table("coverage.csv")["item"] if item not in promised]
    assert missing == []


def test_every_contradiction_of_the_instruments_is_promised_by_a_page(study):
    promised = {i for cell in study.table("outline.csv")["coverage"] for i in cell.split()}
    assert [f for f in study.table("findings.csv")["finding"] if f not in promised] == []


def test_of_pages_of_one_notebook_the_first_that_was_measured_counts():
    entry = {"id": "help", "coverage": "S1", "number": "1", "title": "Hulp"}
    absent = {**entry, "not_measured": "niet gesteld"}
    pages = {
        "wave_1": {"notebook": "survey", "tables": [absent]},
        "wave_2": {"notebook": "survey", "tables": [entry]},
        "wave_3": {"notebook": "survey", "tables": [entry]},
    }
    assert [p.url for p in coverage_places(["S1"], manifests=pages)["S1"]] == [
        "wave_2.html#tab-help"
    ]
    never = {page: {**told, "tables": [absent]} for page, told in pages.items()}
    (place,) = coverage_places(["S1"], manifests=never)["S1"]
    assert (place.url, place.not_measured) == ("wave_1.html#tab-help", "niet gesteld")
