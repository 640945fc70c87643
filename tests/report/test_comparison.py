"""Two runs compared: every change once, by how much, and by what."""

import copy
import json
from pathlib import Path

import pytest
from lxml import html
from typer.testing import CliRunner

from copanalysis.cli import app
from copanalysis.errors import CopanalysisError
from copanalysis.report.comparison import _run_names, compare, difference
from copanalysis.report.comparison_page import comparison_html, comparison_text
from copanalysis.report.runs import paired_pages

COLUMNS = {
    "label": {"header": "Antwoord", "format": "text", "formula": ""},
    "n": {"header": "Aantal", "format": "count", "formula": ""},
    "share": {"header": "Aandeel", "format": "share", "formula": ""},
}
BASE = {
    "page": "chapter_4",
    "notebook": "chapter_4",
    "parameters": {"wave": "1", "cop": ""},
    "synthetic": True,
    "raw": "demo",
    "raw_inputs": [["wave_1.csv", "aaa"], ["wave_2.csv", "bbb"]],
    "instruments": [["items.csv", "ccc"], ["names.csv", "ddd"]],
    "code": "eee",
    "notebook_hash": "fff",
    "versions": {"python": "3.11", "pandas": "3.1.1"},
    "tables": [
        {
            "id": "got",
            "number": "4.1",
            "title": "Opbrengst",
            "key": ["option"],
            "keys": ["network", "support"],
            "columns": COLUMNS,
            "cells": {
                "label": ["Netwerk", "Steun"],
                "n": ["82", "50"],
                "share": ["62%", "38%"],
            },
        },
        {
            "id": "ledger",
            "number": "4.2",
            "title": "Conclusies",
            "key": ["claim"],
            "keys": ["C1"],
            "columns": {
                "text": {"header": "Conclusie", "format": "text", "formula": ""},
                "strength_name": {"header": "Sterkte", "format": "text", "formula": ""},
            },
            "cells": {"text": ["Het werkt."], "strength_name": ["sterk"]},
        },
    ],
    "figures": [{"id": "got", "number": "4.1", "title": "Netwerk, 62%", "table": "got"}],
    "numbers": [
        {
            "id": "got[#1].share",
            "anchor": "num-x",
            "table": "got",
            "rows": ["network"],
            "column": "share",
            "shown": "62%",
            "words": False,
            "in": "de tekst",
            "cell": {},
        }
    ],
    "text": ["Het vaakst genoemd is Netwerk (62%). Dat blijft zo.", "Iets anders."],
}


def changed(**more):
    return copy.deepcopy(BASE) | copy.deepcopy(more)


def more_answers():
    new = changed(raw_inputs=[["wave_1.csv", "zzz"], ["wave_2.csv", "bbb"]])
    new["tables"][0]["cells"] |= {"n": ["90", "57"], "share": ["61%", "39%"]}
    new["numbers"][0]["shown"] = "61%"
    new["figures"][0]["title"] = "Netwerk, 61%"
    new["text"][0] = "Het vaakst genoemd is Netwerk (61%). Dat blijft zo."
    return new


@pytest.fixture
def compared(tmp_path):
    def both(*news, old=(BASE,)):
        for name, manifests in (("old", old), ("new", news)):
            for manifest in manifests:
                folder = tmp_path / name / "pages" / manifest["page"]
                folder.mkdir(parents=True)
                (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return compare(tmp_path / "old", tmp_path / "new")

    return both


def told(found, kind):
    return [(c["old"], c["new"], c["difference"]) for c in found["changes"] if c["kind"] == kind]


def test_the_same_run_twice_is_no_difference(compared):
    found = compared(BASE)
    assert found["changes"] == []
    assert found["pages"] == {"chapter_4": {}}
    assert comparison_text(found) == "old → new. Geen verschil."


def test_more_answers_change_numbers_cells_figures_and_sentences_by_so_much(compared):
    found = compared(more_answers())
    minus = "−1\u00a0procentpunt"
    assert told(found, "number") == [("62%", "61%", minus)]
    assert told(found, "table") == [
        *(("82", "90", "+8"), ("50", "57", "+7")),
        *(("62%", "61%", minus), ("38%", "39%", "+1\u00a0procentpunt")),
    ]
    assert told(found, "figure") == [("Netwerk, 62%", "Netwerk, 61%", "")]
    assert told(found, "sentence") == [
        ("Het vaakst genoemd is Netwerk (62%).", "Het vaakst genoemd is Netwerk (61%).", "")
    ]
    assert {c["causes"] for c in found["changes"]} == {("data",)}
    assert found["pages"]["chapter_4"] == {"data": ["wave_1.csv"]}
    assert found["counts"]["table"] == 4


@pytest.mark.parametrize(
    ("more", "cause", "what"),
    [
        ({"raw": "mine"}, "data", "map demo → mine"),
        ({"raw_inputs": BASE["raw_inputs"][:1]}, "data", "wave_2.csv (weg)"),
        ({"instruments": [["items.csv", "x"], ["names.csv", "ddd"]]}, "instrument", "items.csv"),
        (
            {"instruments": [*BASE["instruments"], ["a.csv", "y"]]},
            "instrument",
            "a.csv (nieuw)",
        ),
        ({"code": "x"}, "code", "copanalysis"),
        ({"notebook_hash": "x"}, "code", "notebook chapter_4"),
        (
            {"versions": {"python": "3.11", "pandas": "3.2"}},
            "code",
            "pandas 3.1.1 → 3.2",
        ),
        ({"parameters": {"wave": "2", "cop": ""}}, "parameter", "wave 1 → 2"),
    ],
)
def test_each_cause_is_named_with_what_differs(compared, more, cause, what):
    assert compared(changed(**more))["pages"]["chapter_4"] == {cause: [what]}


def test_claims_and_verdicts_are_kinds_of_their_own(compared):
    new = changed()
    new["tables"][1]["cells"] = {"text": ["Het werkt soms."], "strength_name": ["zwak"]}
    found = compared(new)
    assert told(found, "claim") == [("Het werkt.", "Het werkt soms.", "")]
    assert told(found, "verdict") == [("sterk", "zwak", "")]
    assert told(found, "table") == []


def test_rows_tables_and_pages_that_came_or_went(compared):
    new = changed(page="chapter_5", notebook="chapter_5")
    found = compared(changed(tables=BASE["tables"][:1]), new)
    assert ("getoond", "", "") in told(found, "table")
    assert told(found, "page") == [("", "ja", "")]


def test_a_table_that_can_no_longer_be_measured(compared):
    gone = {"id": "got", "not_measured": "de vraag is niet gesteld"}
    found = compared(changed(tables=[gone, BASE["tables"][1]], numbers=[], figures=[]))
    assert ("getoond", "niet te meten: de vraag is niet gesteld", "") in told(found, "table")
    assert told(found, "number") == [("62%", "", "")]


def test_another_option_on_top_is_a_change_though_the_number_is_the_same(compared):
    new = changed()
    new["numbers"][0]["rows"] = ["support"]
    (change,) = [c for c in compared(new)["changes"] if c["kind"] == "number"]
    assert change["where"] == "de tekst, rij network → support"


def test_a_variant_stands_against_the_page_with_the_most_parameters_in_common():
    one = changed(page="c--wave-1", parameters={"wave": "1", "cop": ""})
    two = changed(page="c--wave-1-cop-x", parameters={"wave": "1", "cop": "x"})
    new = changed(page="c", parameters={"wave": "3", "cop": "x"})
    pairs = paired_pages({m["page"]: m for m in (one, two)}, {"c": new})
    assert [(pair.id, pair.old.get("page")) for pair in pairs] == [
        ("c", "c--wave-1-cop-x"),
        ("c--wave-1", "c--wave-1"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "by"),
    [
        ("132", "147", "+15"),
        ("1.200", "1.100", "−100"),
        ("3,26", "3,30", "+0,04"),
        ("+6\u00a0procentpunt", "−2\u00a0procentpunt", "−8\u00a0procentpunt"),
        ("62%", "62", ""),
        ("<1%", "1%", ""),
        ("niet getoond", "12", ""),
        ("46%\u00a0–\u00a068%", "40%\u00a0–\u00a060%", ""),
        ("veel", "weinig", ""),
    ],
)
def test_differences_of_shown_numbers(old, new, by):
    assert difference(old, new) == by


def test_the_page_is_a_whole_document_and_the_command_writes_it(compared, tmp_path, monkeypatch):
    found = compared(more_answers())
    (name,) = found["pages"]
    page = html.document_fromstring(comparison_html(found, titles={name: "4. Uitkomsten"}))
    assert page.get_element_by_id(name).text_content() == "4. Uitkomsten"
    assert page.get("lang") == "nl"
    assert "Fictieve gegevens" in page.text_content()
    assert all(th.get("scope") for th in page.iter("th"))
    assert next(c.text for c in page.iter("caption")) == "Getallen in de tekst: 1"
    (tmp_path / "data/instruments").mkdir(parents=True)
    (tmp_path / "data/instruments/study.toml").touch()
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(app, ["compare", "old", "new", "--json", "--html", "out.html"])
    assert json.loads(run.output)["counts"] == found["counts"]
    assert (tmp_path / "out.html").read_text("utf-8") == comparison_html(found, titles={})


def test_runs_of_one_name_go_by_where_they_stand():
    assert _run_names(Path("a/reports"), Path("b/reports")) == ["a/reports", "b/reports"]
    assert _run_names(Path("a/mei"), Path("b/reports")) == ["mei", "het rapport van nu"]


def test_a_folder_without_pages_is_refused(tmp_path):
    with pytest.raises(CopanalysisError, match="no manifest of a page"):
        compare(tmp_path, tmp_path)
