"""The whole report as built: every item comes back, registers agree, factsheets are isolated."""

import json

import pandas as pd

from copanalysis.report.coverage import NOWHERE
from copanalysis.report.pages import report_pages
from copanalysis.study.plan import load_study


def table(built, page, id):
    path = built / "reports" / "pages" / page / "tables" / f"{id}.csv"
    return pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_every_item_of_the_published_report_is_pointed_at_in_the_site(built):
    text = (built / "reports/site/coverage.html").read_text("utf-8")
    assert text.count("<tr>") == len(load_study(built).table("coverage.csv")) + 1
    assert NOWHERE not in text


def test_paragraph_2_3_and_appendix_3_count_the_same_activities(built):
    summary = table(built, "chapter_2_approach", "collection_totals")
    appendix = table(built, "appendix_3_data_collection", "totals")
    shared = [column for column in summary if column in appendix]
    assert len(shared) >= 4
    assert summary[shared].equals(appendix[shared])


def factsheets(study):
    return [page for page in report_pages(study) if page.notebook == "factsheet_cop"]


def test_every_community_has_a_factsheet(study):
    communities = [page.parameters["cop"] for page in factsheets(study)]
    assert sorted(communities) == sorted(study.names.ids(kind="cop"))


def test_a_factsheet_names_no_other_community_in_its_data(built):
    study = load_study(built)
    names = {cop: set(study.names.aliases(cop)) for cop in study.names.ids(kind="cop")}
    assert len(factsheets(study)) > 1
    for page in factsheets(study):
        own = page.parameters["cop"]
        folder = built / "reports/pages" / page.id
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert manifest["parameters"]["cop"] == own
        for path in (folder / "tables").glob("*.csv"):
            frame = pd.read_csv(
                path, sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig"
            )
            cells = {str(cell) for cell in frame.to_numpy().ravel()}
            others = {name for cop, aliases in names.items() if cop != own for name in aliases}
            assert not cells & others, (page.id, path.name)


def quotes(built):
    """Every released quote: its table, speaker and conversation."""
    tables = {}
    for path in sorted((built / "reports/pages").glob("*/tables/*.csv")):
        frame = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        if {"Citaat", "Spreker", "Beurt"} <= set(frame):
            said = frame.assign(conversation=frame["Beurt"].str.rpartition("-")[0])
            tables[path] = said[["Spreker", "conversation"]]
    return tables


def test_a_speaker_is_described_alike_wherever_quoted_and_what_is_left_out_is_said(built):
    found = quotes(built)
    every = pd.concat(found.values())
    assert every["conversation"].duplicated().any()  # some are quoted more than once
    assert every.groupby("conversation")["Spreker"].nunique().max() == 1
    for path, table in found.items():
        objects = (path.parents[1] / "objects.json").read_text("utf-8")
        speaker = table["Spreker"]
        without = speaker.str.startswith("deelnemer") & ~speaker.str.contains("CoP ")
        assert not without.any() or "Niet vermeld: " in objects
