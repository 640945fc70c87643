"""The chapter object on prepared demo data: released tables, numbers, promises, manifest."""

import json

import pandas as pd
import pytest

import copanalysis as ca
from copanalysis.errors import CopanalysisError
from copanalysis.report.chapter import Chapter, open_chapter
from copanalysis.report.charts_choice import shares
from copanalysis.report.pages import page_of, report_pages
from copanalysis.report.planning import planned_pages
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import load_study
from copanalysis.survey.estimates import multiple_response
from copanalysis.survey.preparation import prepare_survey, write_survey


@pytest.fixture
def prepared(project):
    study = load_study(project)
    write_survey(prepare_survey(study), study=study)
    (project / "data/instruments/outline.csv").write_text(
        "notebook,output,kind,coverage\n"
        "chapter_4_outcomes,later,figure,S26\n"
        "chapter_4_outcomes,got,table,S25\n",
        encoding="utf-8",
    )
    return project


@pytest.fixture
def chapter(prepared):
    parameters = {"wave": "3", "compare_with": "1", "cop": "", "breakdown": ""}
    return open_chapter("chapter_4_outcomes", parameters=parameters, root=prepared)


def got(chapter, **more):
    return multiple_response(
        chapter.answers(waves=["3"], cop=more.pop("cop", "")),
        **chapter.study.ask("q4_got", wave="3"),
        base="answered",
        population=more.pop("population", 250),
        confidence=0.95,
        **more,
    )


def register(chapter, id="got", data=None, **more):
    about = chapter.about("q4_got", base="answered", waves=["3"])
    chapter.table(id, got(chapter) if data is None else data, title="Opbrengst", **about, **more)


def test_a_table_of_shares_needs_no_headers(chapter):
    register(chapter)
    table = chapter["got"]
    assert list(table.columns.values()) == [
        *("Antwoord", "Aantal", "Basis (n)", "Aandeel", "95%-interval")
    ]
    assert table.synthetic
    assert table.number == "4.1"


def test_other_columns_need_a_header(chapter):
    with pytest.raises(CopanalysisError, match="no Dutch header for mood"):
        chapter.table(
            "moods",
            pd.DataFrame({"mood": ["goed"]}),
            title="Stemming",
            base="Allen",
            source="Bron",
            key=["mood"],
            columns=["mood"],
        )


def test_a_breakdown_by_cop_hides_small_groups_and_says_so(chapter):
    register(chapter, data=got(chapter, by="cop", population=chapter.population(by="cop")))
    table = chapter["got"]
    assert table.hidden["n"].any()
    assert table.data.loc[table.hidden["n"], ["n", "share", "ci_low"]].isna().all().all()
    assert any("Niet getoond" in note for note in table.notes)
    assert "cop_name" in table.columns


def test_numbers_can_be_referred_to_before_they_are_registered(chapter, capsys):
    register(chapter)
    chapter.prose("Zie {fig:later} en {tab:got}: {got[network].share}.")
    assert "figuur 4.1" in capsys.readouterr().out
    assert chapter.numbers[0].column == "share"


def test_a_reference_to_nothing_is_refused(chapter):
    with pytest.raises(CopanalysisError, match="no figure 'nothing'"):
        chapter.prose("Zie {fig:nothing}.")


def test_what_was_not_measured_is_shown_and_registered(chapter, capsys):
    register(chapter, data=NotMeasured("q", "de vraag is niet gesteld"))
    chapter.figure("later", shares, of="got", title="x", subtitle="y")
    out = capsys.readouterr().out
    assert out.count("'text/plain'") == 2
    assert out.count("Niet te meten: de vraag is niet gesteld'") == 2
    chapter.close()


def test_of_a_table_whose_numbers_are_all_hidden_nothing_is_drawn_or_named(chapter, capsys):
    register(chapter, data=got(chapter, cop="klantmanagers", population=19))  # six answers
    chapter.figure("later", shares, of="got", title="{got[max=share].label}", subtitle="y")
    chapter.prose("Het vaakst {got[max=share].label}, door {got[#1].share}.")
    out = capsys.readouterr().out
    assert "Figuur 4.1. Niet getoond: tabel 4.1 toont geen enkel aantal" in out
    assert "(Niet getoond: één zin met aantallen die naar personen kunnen leiden.)" in out
    chapter.close()


def test_the_place_of_a_hidden_row_in_a_ranked_table_tells_nothing(chapter):
    split = got(chapter, by="cop", population=chapter.population(by="cop"))
    register(chapter, data=ca.ranked(split, by="share"))
    table = chapter["got"].data.assign(hidden=chapter["got"].hidden["n"])
    assert table["hidden"].any()
    for _, rows in table[table["option"].ne("other")].groupby("cop"):
        assert rows["hidden"].is_monotonic_increasing
        assert rows.loc[rows["hidden"], "label"].is_monotonic_increasing
        assert rows["n"].dropna().is_monotonic_decreasing


def test_a_table_says_for_which_population_its_intervals_were_corrected(chapter):
    ask = {**chapter.study.ask("q4_got", wave="3"), "base": "answered", "confidence": 0.95}
    for members, said in ((250, True), (70, False), (None, False)):  # of 74 answers
        shares = ca.multiple_response(chapter.answers(waves=["3"]), **ask, population=members)
        register(chapter, data=shares)
        note = f"Interval gecorrigeerd voor een eindige populatie van {members} leden."
        assert (note in chapter["got"].notes) == said


def test_a_wave_of_few_cops_is_corrected_for_their_members(chapter):
    members = chapter.study.members()
    assert chapter.population() == 250
    own = set(chapter.answers(waves=["3"])["cop"])
    expected = 250 if own >= set(members) else sum(members[cop] for cop in own & set(members))
    assert chapter.population(wave="3") == expected != 250


def test_the_place_of_a_hidden_pair_tells_nothing(chapter):
    study, sides = chapter.study, {"rows": "q3_hoped", "columns": "q4_got"}
    options = {f"options_{side}": study.options(id, wave="3") for side, id in sides.items()}
    family = {"family": "paren", "correction": "benjamini_hochberg", "confidence": 0.95}
    rules = {"base": "answered", **study.testing, **family}
    pairs = ca.spmi_pairs(chapter.answers(waves=["3"]), **sides, **options, **rules)
    about = {"title": "Paren", "base": "Deelnemers", "source": "Bron", "waves": ["3"]}
    about |= {"key": ["row_option", "column_option"], "columns": {"row_label": "Een", "phi": ""}}
    chapter.table("pairs", ca.ranked(pairs, by="phi"), **about)
    table = chapter["pairs"]
    assert table.hidden["phi"].any()
    assert table.hidden["phi"].is_monotonic_increasing
    assert table.data["phi"].dropna().is_monotonic_decreasing


def test_exact_results_of_a_test_over_groups_are_refused(chapter):
    study = chapter.study
    rules = {"by": "cop", "base": "answered", **study.testing, "correction": "holm", "family": "x"}
    ask = study.ask("q4_got", wave="3")
    tested = ca.mmi_options(chapter.answers(waves=["3"]), **ask, **rules)
    about = {"title": "Per optie", "base": "Deelnemers", "source": "Bron", "key": ["option"]}
    exact = ["label", "statistic", "cramers_v", "p", "p_adjusted"]
    with pytest.raises(CopanalysisError) as caught:
        chapter.table("exact", ca.ranked(tested, by="cramers_v"), **about, columns=exact)
    assert len(caught.value.problems) == 4
    whole = ca.mmi_test(
        chapter.answers(waves=["3"]), **ask, by="cop", base="answered", **study.testing
    )
    whole = ca.with_family(whole, p="p", family="x", correction="holm")
    over = about | {"key": ["by"]}
    with pytest.raises(CopanalysisError) as caught:
        chapter.table("whole", whole, **over, columns=["base", "statistic", "rs2_df", "effect"])
    assert len(caught.value.problems) == 3
    chapter.table("exact", ca.p_classes(tested), **about, columns=["label", "base", "p_class"])
    assert chapter["exact"].data["p_class"].isin(["onder 0,05", "0,05 of meer"]).all()


def test_a_table_without_rows_was_not_measured(chapter):
    register(chapter, data=got(chapter).iloc[:0])
    assert "niets geregistreerd" in str(chapter["got"])


def test_a_promised_output_that_is_missing_stops_the_chapter_and_writes_nothing(chapter, prepared):
    register(chapter)
    with pytest.raises(CopanalysisError, match="figure later"):
        chapter.close()
    assert not (prepared / "reports/pages").exists()


def test_closing_writes_tables_figures_and_a_manifest_without_traces_of_the_run(chapter, prepared):
    register(chapter)
    chapter.figure("later", shares, of="got", title="{got[#1].label}", subtitle="x")
    chapter.close()
    folder = prepared / "reports/pages/chapter_4_outcomes"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert {p.name for p in folder.rglob("*.*")} == {
        *("manifest.json", "objects.json", "counts.json"),
        *("got.csv", "later.png", "later_phone.png"),
    }
    assert manifest["synthetic"] is True
    assert [path for path, _ in manifest["inputs"]] == [
        f"data/processed/survey/wave_3/{name}.parquet" for name in ("answers", "respondents")
    ]
    assert manifest["tables"][0]["coverage"] == "S25"
    assert str(prepared) not in json.dumps(manifest)
    before = {p: p.read_bytes() for p in folder.rglob("*.*")}
    chapter.close()
    assert {p: p.read_bytes() for p in folder.rglob("*.*")} == before


def test_the_csv_says_fictional(chapter, prepared):
    register(chapter)
    chapter.figure("later", shares, of="got", title="x", subtitle="y")
    chapter.close()
    text = (prepared / "reports/pages/chapter_4_outcomes/tables/got.csv").read_text("utf-8-sig")
    assert all(line.endswith("fictieve gegevens") for line in text.splitlines()[1:])


def test_real_data_are_not_called_fictional(prepared):
    source = prepared / "data/processed/survey/source.json"
    source.write_text(source.read_text("utf-8").replace("true", "false"), encoding="utf-8")
    study = load_study(prepared)
    chapter = Chapter("appendix_quality", {}, study)
    assert chapter.data.synthetic is False


def test_an_unknown_cop_is_refused(chapter):
    with pytest.raises(CopanalysisError, match="Unknown CoP 'emmen'"):
        chapter.answers(waves=["3"], cop="emmen")


def test_without_prepared_data_the_message_says_what_to_run(project):
    parameters = {"wave": "3", "compare_with": "1", "cop": "", "breakdown": ""}
    with pytest.raises(CopanalysisError, match="1_prepare_survey"):
        open_chapter("chapter_4_outcomes", parameters=parameters, root=project)


def test_other_parameters_make_a_variant_that_spares_the_page(study):
    own = {"wave": "3", "compare_with": "1", "cop": "", "breakdown": ""}
    assert page_of(study, "chapter_4_outcomes", own).id == "chapter_4_outcomes"
    other = page_of(study, "chapter_4_outcomes", {**own, "cop": "fryslan"})
    assert (other.id, other.variant) == ("chapter_4_outcomes--cop-fryslan", True)
    wave_2 = page_of(study, "appendix_1_survey_tables", {"wave": "2", "cop": "", "breakdown": ""})
    assert (wave_2.id, wave_2.variant) == ("appendix_1_survey_tables_wave_2", False)


def test_set_plans_variants_of_the_pages_that_have_the_parameter(study):
    pages = planned_pages(study, only=["chapter_4_outcomes"], values={"wave": "2"})
    assert [p.id for p in pages] == ["chapter_4_outcomes--wave-2"]
    assert len(planned_pages(study, only=[], values={})) == len(report_pages(study))
    with pytest.raises(CopanalysisError) as caught:
        planned_pages(study, only=["chapter_9"], values={"golf": "2"})
    assert len(caught.value.problems) == 2
