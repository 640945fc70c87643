"""Other raw files, other instruments: what rests on them changes, and nothing else does."""

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.study.plan import load_study
from copanalysis.survey.estimates import multiple_response, single_choice
from copanalysis.survey.formats import read_export
from copanalysis.survey.preparation import TABLES, prepare_survey, prepare_wave, write_survey
from copanalysis.survey.restoration import raw_cells

MASK = re.compile(r"\[(?:persoon|telefoon|e-mail)\]")


def wave_folder(project: Path, wave: str) -> Path:
    return project / "data/raw/demo/survey" / f"wave_{wave}"


def shares(study, prepared, item, wave):
    tables = prepared.tables
    used = tables["respondents"].loc[tables["respondents"]["used"], "respondent"]
    answers = tables["answers"][tables["answers"]["respondent"].isin(used)]
    multiple = study.item(item, wave=wave).type == "multiple"
    count = multiple_response if multiple else single_choice
    table = count(
        answers,
        **study.ask(item, wave=wave),
        # a joined cell cannot tell a skipped item from one with nothing ticked
        base="ticked_any" if multiple else "answered",
        population=None,
        confidence=0.95,
    )
    return table.set_index("option")[["n", "base"]]


@pytest.mark.parametrize("wave", ["1", "2", "3"])
def test_every_raw_cell_comes_back_from_the_tidy_tables(study, wave):
    prepared = prepare_wave(study, wave=wave)
    export = read_export(prepared.inputs[0], structure=(*prepared.inputs, None)[1])
    cells = raw_cells(prepared.tables, study=study, wave=wave)
    places = {column.name: i for i, column in enumerate(export.columns)}
    raw = pd.DataFrame(
        [[r.cells[places[name]] for name in cells.columns] for r in export.responses],
        index=cells.index,
        columns=cells.columns,
        dtype="string",
    )
    log = prepared.tables["cleaning_log"]
    masked = set(log.loc[log["kind"].eq("mask"), ["respondent", "column"]].itertuples(index=False))
    assert len(masked) == {"1": 0, "2": 3, "3": 3}[wave]
    for who, column in masked:  # the same but for the masks; the value itself is in the raw file
        parts = map(re.escape, MASK.split(cells.at[who, column]))
        assert re.fullmatch(".+".join(parts), raw.at[who, column])
        assert cells.at[who, column] != raw.at[who, column]
        cells.at[who, column] = raw.at[who, column]
    pd.testing.assert_frame_equal(cells, raw)


def test_a_mask_is_told_by_kind_and_place_without_the_identifier(study):
    prepared = prepare_wave(study, wave="2")
    log = prepared.tables["cleaning_log"]
    masks = log[log["kind"].eq("mask")]
    assert sorted(masks["rule"]) == [
        *["masked_email"] * 2,
        "masked_person",
        "masked_person",
        "masked_phone",
    ]
    assert masks[["old", "new"]].isna().all(axis=None)
    assert masks[["row", "column"]].notna().all(axis=None)
    planted = r"Terpstra|Elmansour|06-00000012|example\.nl"
    for table in prepared.tables.values():
        assert not table.astype("string").apply(lambda c: c.str.contains(planted)).any(axis=None)


def test_a_name_in_a_write_in_is_masked_in_answers_and_log(project):
    (path,) = wave_folder(project, "1").glob("*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    columns = [i for i, name in enumerate(rows[0]) if name.endswith("[other]")]
    at, who = next((i, n) for i in columns for n, row in enumerate(rows[1:], 1) if row[i])
    rows[who][at] = "  mevrouw Terpstra"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    tables = prepare_wave(load_study(project), wave="1").tables
    log = tables["cleaning_log"].astype("string")
    (mask,) = log[log["kind"].eq("mask")].to_dict("records")
    assert (mask["column"], mask["rule"]) == (rows[0][at], "masked_person")
    assert int(mask["row"]) == tables["respondents"]["row"].iloc[who - 1]
    cell = tables["answers"].query("respondent == @mask['respondent'] and item == @mask['item']")
    assert cell["text"].dropna().tolist() == ["mevrouw [persoon]"]
    assert not log.apply(lambda column: column.str.contains("Terpstra")).any(axis=None)


def test_the_funnel_of_wave_1_gives_the_three_published_responses(study):
    funnel = prepare_wave(study, wave="1").tables["funnel"]
    steps = funnel[funnel["cop"].eq("")].set_index("step")["n"]
    assert steps[["rows", "empty", "key_item"]].tolist() == [147, 132, 125]


def test_leaving_out_ten_respondents_changes_their_wave_and_no_other(project):
    study = load_study(project)
    before = write_survey(prepare_survey(study), study=study)
    old = {p.relative_to(before): p.read_bytes() for p in before.rglob("*.parquet")}
    (path,) = wave_folder(project, "1").glob("*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows[:1] + rows[11:])
    after = write_survey(prepare_survey(study), study=study)
    new = {p.relative_to(after): p.read_bytes() for p in after.rglob("*.parquet")}
    changed = {p for p in old if old[p] != new[p]}
    assert {p.parts[0] for p in changed} == {"wave_1"}
    assert {p.stem for p in changed} >= {"answers", "respondents", "funnel"}


def google_form(study, prepared, path: Path) -> None:
    """The same answers as Google Forms would export them: wordings as headings, ", " joined."""
    wave, tables = prepared.wave, prepared.tables
    used = tables["respondents"][tables["respondents"]["used"]]
    answers = tables["answers"].astype("string").fillna("")
    cells = {"Tijdstempel": used["submitted"].dt.strftime("%d-%m-%Y %H:%M:%S").tolist()}
    for item in study.items_of(wave):
        own = answers[answers["item"].eq(item.id)]
        labels = study.options(item.id, wave=wave).set_index("option")["label"]
        own = own.assign(label=own["option"].where(own["option"].ne(""), own["value"]).map(labels))
        is_other = own["option"].eq("other")
        own.loc[is_other & own["text"].ne(""), "label"] = own["text"]
        if item.type == "open":
            own = own.assign(label=own["text"])
        elif item.type == "multiple":
            own = own[own["value"].eq("1")]
        joined = own.dropna(subset=["label"]).groupby("respondent")["label"].agg(", ".join)
        cells[item.wording] = joined.reindex(used["respondent"]).fillna("").tolist()
    pd.DataFrame(cells).to_csv(path, index=False)


def test_another_format_of_the_same_wave_gives_the_same_results(project):
    study = load_study(project)
    before = prepare_wave(study, wave="3")
    folder = wave_folder(project, "3")
    for path in folder.iterdir():
        path.unlink()
    google_form(study, before, folder / "Thermometer (Antwoorden).csv")
    after = prepare_wave(study, wave="3")
    assert after.format.startswith("google")
    for item in study.items_of("3"):
        if item.type != "open":
            pd.testing.assert_frame_equal(
                shares(study, after, item.id, "3"), shares(study, before, item.id, "3")
            )


def test_renaming_a_cop_is_an_edit_of_the_names(project, edit):
    edit("names.csv", "Zeeland,zeeland,cop,yes,,,", "Zeeland,zeeland,cop,yes,,2023-12-31,")
    path = project / "data/instruments/names.csv"
    text = path.read_text("utf-8") + "Scheldemond,zeeland,cop,yes,2024-01-01,,voorbeeld\n"
    path.write_text(text, encoding="utf-8")
    study = load_study(project)
    assert study.cop_label("zeeland", wave="1") == "Zeeland"
    assert study.cop_label("zeeland", wave="3") == "Scheldemond"
    assert study.option_spellings("q1_cop", wave="3")["scheldemond"] == "zeeland"


def test_adding_an_option_is_an_edit_of_the_scales(project):
    path = project / "data/instruments/scales.csv"
    row = "help,,travel,10,Minder reistijd,answer,Minder reistijd,\n"
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    study = load_study(project)
    table = shares(study, prepare_wave(study, wave="2"), "q11_help", "2")
    assert table.loc["travel", "n"] == 0
    assert table.loc["travel", "base"] > 100


def test_a_fourth_wave_is_an_edit_of_the_instruments_and_a_file(project):
    instruments = project / "data/instruments"
    items = (instruments / "items.csv").read_text("utf-8").replace("1 2 3", "1 2 3 4")
    (instruments / "items.csv").write_text(items, encoding="utf-8")
    toml = (instruments / "study.toml").read_text("utf-8")
    wave = (
        '[[waves]]\nid = "4"\nlabel = "golf 4"\nperiod = "juni 2024"\n'
        'start = 2024-06-01\nend = 2024-06-30\nphase = "2"\n\n[disclosure]'
    )
    (instruments / "study.toml").write_text(toml.replace("[disclosure]", wave), encoding="utf-8")
    shutil.copytree(wave_folder(project, "1"), wave_folder(project, "4"))
    study = load_study(project)
    prepared = prepare_survey(study)
    assert [p.wave for p in prepared] == ["1", "2", "3", "4"]
    assert set(prepared[3].tables["answers"]["wave"]) == {"4"}


def test_two_exports_in_one_wave_are_refused_with_their_names(project):
    (path,) = wave_folder(project, "1").glob("*.csv")
    shutil.copy(path, path.with_name("copy.csv"))
    with pytest.raises(Exception, match=r"copy\.csv.*one export"):
        prepare_survey(load_study(project))


def test_a_wave_without_a_folder_has_no_answers_and_is_told(project):
    before = prepare_survey(load_study(project))
    shutil.rmtree(wave_folder(project, "2"))
    first, second, third = prepare_survey(load_study(project))
    assert {name: len(table) for name, table in second.tables.items()} == dict.fromkeys(TABLES, 0)
    (problem,) = second.problems
    assert (problem.level, problem.where) == ("warning", "demo/survey/wave_2")
    for kept, whole in ((first, before[0]), (third, before[2])):
        for name in TABLES:
            pd.testing.assert_frame_equal(kept.tables[name], whole.tables[name])
    written = write_survey((first, second, third), study=load_study(project))
    assert (written / "wave_2/answers.parquet").is_file()


def test_an_empty_wave_folder_and_no_wave_at_all_are_refused(project):
    for path in wave_folder(project, "3").iterdir():
        path.unlink()
    with pytest.raises(CopanalysisError, match="Wave 3 cannot be read"):
        prepare_survey(load_study(project))
    shutil.rmtree(project / "data/raw/demo/survey")
    with pytest.raises(CopanalysisError, match=r"(?s)No wave can be read.*wave_1.*wave_3"):
        prepare_survey(load_study(project))
