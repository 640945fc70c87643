"""The prose check finds what was planted in a short text of its own, and nothing beside it."""

import json

import nbformat
import pytest
from typer.testing import CliRunner

from copanalysis.cli import app
from copanalysis.errors import CopanalysisError
from copanalysis.evidence.prose.check import check_prose
from copanalysis.evidence.prose.findings import findings_text
from copanalysis.evidence.prose.passages import read_passages

REPORT = """# Verslag

## 1. Aanpak

Deze pagina's tellen wie meedeed. De vragenlijst van mei/juni: respons 132 mensen; uitvraag in
oktober, respons 146 mensen en uitvraag in januari, respons 74 mensen.

### 1.1 Opzet

Het plan beschrijft de oorspronkelijke bedoeling, de kring van genodigden en de agenda.

### 1.2 Verloop

In de loop van het jaar verplaatste de begeleiding haar zwaartepunt van onderlinge kennismaking
naar het uitdragen van gezamenlijke handreikingen en meetbare resultaten buiten de eigen kring.

## 2. Uitkomsten

De eerste uitvraag van mei 2023<sup>1</sup> stelde dit ook. Van hen is 20% blij, 55% tevreden en
22% neutraal.

<sup>1</sup> Hierbij was de respons van 125.

Zoals paragraaf 1.1 vertelt verplaatste de begeleiding haar zwaartepunt van onderlinge
kennismaking naar het uitdragen van meetbare resultaten en gezamenlijke handreikingen.

Meer hierover in paragraaf 4.7 en in hoofdstuk 1.

## Bijlage 1: Cijfers

### 1. Tellingen

In mei en juni is de lijst ingevuld door in totaal 147 mensen. De andere twee zijn in oktober en
januari ingevuld, door respectievelijk 146 en 74 mensen. Dat zijn 23 gesprekken, waarvan 13 met
deelnemers, 7 met partners en 2 met managers.

De CoP Helmond en de CoP Oost-Brabant zijn dezelfde; CoP Midden Limburg en CoP Rijnmomd ook niet
anders. De CoP Veluwe bestaat niet. Het Ministerie van SZW schreef mee.

Soms kwam een gast. Drie van de twaalf kregen soms een gast. Veel deelnemers bleven, met veel
plezier. Hoe vaak dat was, is niet gevraagd. Een enkele keer bleef er iemand.
Hoeveel mensen kwamen er soms?

| kolom | veel deelnemers soms |
"""


@pytest.fixture
def found(study, tmp_path):
    def check(text, name="verslag.md"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return check_prose([path], study=study)

    return check


@pytest.fixture
def by_rule(found):
    def of(rule):
        return [finding for finding in found(REPORT) if finding.rule == rule]

    return of


def test_one_fact_with_three_values_is_found_in_text_note_and_appendix(by_rule):
    (fact,) = by_rule("fact")
    assert fact.found == (
        "respons golf 1 staat er met 3 waarden: "
        "132 (regel 5, § 1); 125 (regel 22, § 2); 147 (regel 33, § B1)"
    )
    assert fact.level == "error"


def test_the_same_value_twice_is_no_finding(found):
    text = REPORT.replace("132", "147").replace("125", "147")
    assert [f for f in found(text) if f.rule == "fact"] == []


def test_numbers_after_respectievelijk_belong_to_the_waves_in_their_order(found):
    text = REPORT.replace("respectievelijk 146 en 74", "respectievelijk 74 en 146")
    facts = [f.found for f in found(text) if f.rule == "fact"]
    assert any(f.startswith("respons golf 2 staat er met 2 waarden: 146 ") for f in facts)
    assert any(f.startswith("respons golf 3 staat er met 2 waarden: 74 ") for f in facts)


def test_respectievelijk_counts_back_from_the_last_wave_named(found):
    text = "Na mei kwamen oktober en januari, ingevuld door respectievelijk 146 en 74 mensen."
    assert [f for f in found(f"{text} In oktober was de respons 146.") if f.rule == "fact"] == []


def test_a_phase_with_two_ends_is_found(found):
    text = "Fase 2, van oktober 2023 tot april 2024.\n\nFase 2 (oktober 2023 tot maart 2024).\n"
    (fact,) = found(text)
    assert fact.found.startswith("periode fase 2 staat er met 2 waarden")


def test_percentages_and_parts_that_do_not_add_up(by_rule):
    assert [f.found for f in by_rule("sum")] == [
        "20% + 55% + 22% is samen 97%",
        "13 + 7 + 2 is 22, niet 23",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Van hen is 19% zeer tevreden, 58% tevreden, 21% neutraal en 2% ontevreden.",
        "Een derde deel: 33%, 33% en 33%.",  # within rounding
        "Meer antwoorden mochten: 84%, 72% en 55%.",  # no distribution
        "Bij 46% en 50% van de vragen.",
        "Dat zijn 23 gesprekken, waarvan 13 met deelnemers, 7 met partners, 2 en 1 met anderen.",
    ],
)
def test_sums_that_may_be_right_are_left_alone(found, text):
    assert [f for f in found(text) if f.rule == "sum"] == []


def test_a_reference_to_nothing_and_one_whose_content_stands_elsewhere(by_rule):
    assert [(f.found, f.level) for f in by_rule("section")] == [
        ("verwijzing naar 1.1; de inhoud van de zin staat in 1.2", "error"),
        ("verwijzing naar 4.7", "error"),
    ]


def test_a_reference_to_the_section_that_holds_it_is_right(found):
    text = REPORT.replace("paragraaf 1.1 vertelt", "paragraaf 1.2 vertelt")
    assert [f.found for f in found(text) if f.rule == "section"] == ["verwijzing naar 4.7"]


def test_variants_slips_and_unknown_names(by_rule):
    assert [f.found for f in by_rule("name")] == [
        "“Helmond” (1 keer: regel 37) heet “Oost-Brabant”",
        "“Midden Limburg” (1 keer: regel 37) heet “Midden-Limburg”",
        "“Rijnmomd”; bekend is “Rijnmond”",
        "“CoP Veluwe”",
    ]


def test_quantifiers_without_a_count_and_only_those(by_rule):
    assert [f.found.partition(" in: ")[0] for f in by_rule("quantifier")] == ["“Soms”", "“Veel”"]


def test_a_word_that_comes_often_is_one_line(found):
    told = found("## 1. Aanpak\n\nSoms niet.\n\n## 2. Slot\n\nOok soms. Dat gebeurt vaak.\n")
    assert [f.word for f in told] == ["soms", "soms", "vaak"]
    soms, vaak = findings_text(told).splitlines()
    assert "“soms” (2 keer: regel 3, § 1; regel 7, § 2)" in soms
    assert vaak == str(told[2])


def test_a_pointer_is_a_count(found, tmp_path, study):
    cells = [
        nbformat.v4.new_markdown_cell("# Titel\n\nSoms kwam een gast.", id="c0"),
        nbformat.v4.new_code_cell("%%prose\nSommige deelnemers ({got[#1].share}).", id="c1"),
        nbformat.v4.new_code_cell("x = 'soms'", id="c2"),
        nbformat.v4.new_code_cell("%%prose\nZie hoofdstuk 4 en hoofdstuk 9.", id="c3"),
    ]
    path = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    told = [(f.place, f.rule, f.found) for f in check_prose([path], study=study)]
    assert told == [
        ("cel 4 (c3)", "section", "verwijzing naar 9"),
        ("cel 1 (c0)", "quantifier", "“Soms” in: Soms kwam een gast"),
    ]


def test_errors_come_first_and_the_command_fails_on_them(found, tmp_path, monkeypatch, study):
    levels = [f.level for f in found(REPORT)]
    assert levels == sorted(levels, key=("error", "warning", "note").index)
    monkeypatch.chdir(study.root)
    path = str(tmp_path / "verslag.md")
    shown = CliRunner().invoke(app, ["lint", path, "--json"])
    assert shown.exit_code == 1
    assert json.loads(shown.output)[0]["rule"] == "fact"
    (tmp_path / "goed.md").write_text("Soms niet.\n", encoding="utf-8")
    good = CliRunner().invoke(app, ["lint", str(tmp_path / "goed.md")])
    assert good.exit_code == 0
    assert "warning (quantifier)" in good.output


def test_files_that_are_no_prose_are_refused_together(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"x")
    with pytest.raises(CopanalysisError) as caught:
        read_passages([tmp_path / "a.docx", tmp_path / "b.md"])
    assert len(caught.value.problems) == 2


def test_a_citation_of_another_report_is_no_reference(found):
    text = "## 1. Aanpak\n\nDat stond in een ander verslag [§ 9.9]. Tekst e.d. hoort hierbij.\n"
    assert found(text) == []


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("Rijnmomd", True),
        ("Rijnmod", True),
        ("Rijnmonds", True),
        ("Rijnmodn", True),
        ("rijnmond", False),  # only the capital
        ("Rijnmand Oost", True),
        ("Rijndam", False),
        ("Nederland", False),  # part of a name
    ],
)
def test_one_slip_makes_a_near_name_and_two_do_not(found, written, near):
    told = found(f"Dat was in {written} zo.")
    assert any(f.found.endswith("bekend is “Rijnmond”") for f in told) == near
    assert near or told == []
