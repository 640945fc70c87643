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
    """Every released quote: its table, speaker, and the conversation that its words are from."""
    folder = built / "data/processed/fieldwork"
    said = pd.read_parquet(folder / "segments.parquet", columns=["document", "text"]).astype(str)
    said = said.assign(Citaat="\u201c" + said["text"].str.strip() + "\u201d")
    said = said.drop_duplicates("Citaat").set_index("Citaat")["document"]
    tables = {}
    for path in sorted((built / "reports/pages").glob("*/tables/*.csv")):
        frame = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        if {"Citaat", "Spreker"} <= set(frame):
            assert "Beurt" not in frame
            tables[path] = frame.assign(conversation=frame["Citaat"].map(said))
    return tables


def test_a_speaker_is_described_alike_wherever_quoted_and_what_is_left_out_is_said(built):
    found = quotes(built)
    every = pd.concat(found.values()).dropna(subset="conversation")  # no name in it was replaced
    assert every["conversation"].duplicated().any()  # some are quoted more than once
    assert every.groupby("conversation")["Spreker"].nunique().max() == 1
    for path, table in found.items():
        objects = (path.parents[1] / "objects.json").read_text("utf-8")
        speaker = table["Spreker"]
        without = speaker.str.startswith("deelnemer") & ~speaker.str.contains("CoP ")
        assert not without.any() or "Niet vermeld is " in objects


def test_an_attribute_shown_with_a_quote_fits_enough_of_the_listed_conversations(built):
    study = load_study(built)
    listed = pd.read_parquet(built / "data/processed/fieldwork/documents.parquet").astype(str)
    last = max(wave.end for wave in study.waves.values())
    names = {
        "organisation": lambda id: study.names.label(id, on=last),
        "cop": lambda id: f"CoP {study.names.label(id, on=last)}",
        "group": study.settings["fieldwork"]["speakers"].get,
    }
    every = pd.concat(quotes(built).values())
    assert len(every) > 10
    for speaker in every["Spreker"].unique():
        shown = set(speaker.split(", ")) - {"spreker"}
        fits = pd.Series(True, index=listed.index)
        for column, name in names.items():
            ids = [id for id in listed[column].unique() if id not in ("", "nan", "<NA>", "None")]
            own = {id for id in ids if name(id) in shown}
            shown -= {name(id) for id in own}
            fits &= listed[column].isin(own) if own else True
        assert not shown, speaker
        assert fits.sum() >= study.settings["disclosure"]["minimum_people"], speaker
