"""Registers: recognised by their headers, every error in one list, findings kept as warnings."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from register_files import changed, rows_of, written

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.registers.inspection import inspect_register
from copanalysis.fieldwork.registers.preparation import prepare_registers, write_registers
from copanalysis.fieldwork.registers.recognition import is_register_file, recognised
from copanalysis.fieldwork.registers.rules import CHECKS
from copanalysis.fieldwork.registers.values import MONTHS, Reader, _day
from copanalysis.fieldwork.registers.workbooks import RawSheet, read_sheets
from copanalysis.study.plan import load_study
from copanalysis.study.registers import RULES, study_registers


@pytest.fixture(scope="module")
def registers(study):
    return prepare_registers(study)


def refused(study, folder):
    with pytest.raises(CopanalysisError) as error:
        prepare_registers(study, raw=str(folder))
    return error.value.problems


def only(problems, *parts):
    """The one problem that has these texts in it."""
    (found,) = [p for p in problems if all(part in str(p) for part in parts)]
    return found


SIGNAL = {"row": 3, "line": 4}  # a signal without feedback, on line 4 of the list


@pytest.mark.parametrize(
    ("header", "text", "found", "expected"),
    [
        ("CoP", "Twente", "'Twente'", "a CoP of names.csv"),
        ("Datum", "12-4-2031", "2031-04-12", "from 2022-01-01 to 2024-04-30"),
        ("Datum", "voorjaar", "'voorjaar'", "a day as 20-6-2023"),
        ("Status", "open / afgerond", "'open / afgerond'", "not 2"),
        ("Status", "misschien", "'misschien'", "one of open, in behandeling"),
        ("Niveau van oplossen", "", "an empty cell", "a value"),
        ("Categorie", "7. overig", "'7. overig'", "one of 1. samenwerken"),
        ("Route", "CoP > burgemeester", "'CoP > burgemeester'", "one of CoP, Divosa"),
        ("Dubbel met", "999", "'999'", "a signal of signals"),
        ("Teruggekoppeld?", "ja", "an empty cell", "a value in this row"),
    ],
)
def test_an_error_is_told_with_row_found_expected_and_fix(
    study, tmp_path, header, text, found, expected
):
    rows = changed(rows_of("signals"), SIGNAL["row"], **{header: text})
    written(tmp_path, "signals", rows)
    (problem,) = refused(study, tmp_path)
    assert problem.where.startswith(f"signals.csv, row {SIGNAL['line']}, column ")
    assert problem.found == found
    assert expected in problem.expected
    assert problem.fix


def test_all_errors_of_all_registers_stand_in_one_list(study, tmp_path):
    rows = changed(rows_of("signals"), 3, CoP="Twente", Datum="12-4-2031")
    rows = changed(rows, 4, **{"Niveau van oplossen": "", "Status": "open / afgerond"})
    written(tmp_path, "signals", rows)
    meetings = rows_of("meetings")
    at = next(i for i, row in enumerate(meetings) if "Burgum" in row)
    written(tmp_path, "members", rows_of("members"))
    written(tmp_path, "meetings", changed(meetings, at, Aanwezig="41"))
    problems = refused(study, tmp_path)
    assert len(problems) == 5
    crowd = only(problems, "41 present")
    assert crowd.where == f"meetings.csv, row {at + 1}, column Aanwezig"
    assert crowd.expected == "at most the 40 members of fryslan on that day"


def test_an_attendance_above_the_members_of_that_day_is_an_error_before_they_grew(study, tmp_path):
    rows = rows_of("meetings")
    at = next(i for i, row in enumerate(rows) if row[2] == "Zeeland" and "11-5-2023" in row)
    written(tmp_path, "members", rows_of("members"))
    written(tmp_path, "meetings", changed(rows, at, Aanwezig="12"))
    assert only(refused(study, tmp_path), "12 present").expected.startswith("at most the 10 ")
    later = next(i for i, row in enumerate(rows) if row[2] == "Zeeland" and "16-11-2023" in row)
    written(tmp_path, "meetings", changed(rows, later, Aanwezig="12"))
    assert prepare_registers(study, raw=str(tmp_path)).tables["meetings"]["present"].max() > 12


def test_a_regional_meeting_may_hold_more_than_the_members(registers):
    meetings = registers.tables["meetings"].set_index("kind")
    assert meetings.loc[["regional"], "present"].tolist() == [68]


def test_one_number_with_two_statuses_is_told_as_two(study, tmp_path):
    rows = rows_of("signals")
    rows.append(changed(rows, 3, Status="afgerond")[3])
    written(tmp_path, "signals", rows)
    problem = only(refused(study, tmp_path), "again")
    assert problem.found == "3 again, as in signals.csv, row 4, with Status done and in_progress"
    assert problem.expected == "each Nr. once"


def test_a_meeting_outside_the_study_is_refused(study, tmp_path):
    written(tmp_path, "meetings", changed(rows_of("meetings"), 1, Datum="1 mei 2021"))
    assert "2021-05-01" in only(refused(study, tmp_path), "column Datum").found


def test_a_product_listed_under_another_heading_is_kept_with_a_warning(registers):
    webinar = registers.tables["products"].query("kind == 'webinar'").iloc[0]
    assert (webinar["status"], webinar["listed_as"]) == ("finished", "in_development")
    assert only(registers.problems, "Producten", "same as Status").level == "warning"


def test_what_was_collected_but_stands_in_one_of_two_places_is_a_warning(registers):
    told = [p for p in registers.problems if "the same as In 2.3" in p.expected]
    assert [p.level for p in told] == ["warning"] * 3


def test_a_repeated_signal_is_a_warning_and_stays(registers):
    text = registers.tables["signals"]["signal_text"]
    assert text[text.duplicated(keep=False)].nunique() == 1
    assert only(registers.problems, "each text once").level == "warning"


def test_a_cop_under_a_name_of_another_time_is_read_and_told(registers, study, tmp_path):
    assert "'Utrecht', the name on that day" in only(registers.problems, "name on").expected
    rows = changed(rows_of("signals"), 5, CoP="landelijke CoP gezinsmigranten")
    written(tmp_path, "signals", rows)
    prepared = prepare_registers(study, raw=str(tmp_path))
    assert prepared.tables["signals"]["cop"].iloc[4] == "utrecht_gezinsmigranten"
    assert "landelijke CoP gezinsmigranten" in only(prepared.problems, "name on that day").found


def test_a_register_is_recognised_under_titles_in_any_order_of_columns(study, tmp_path):
    rows = [list(reversed(row)) for row in rows_of("signals")]
    written(tmp_path, "signals", rows, above=6)
    prepared = prepare_registers(study, raw=str(tmp_path))
    assert len(prepared.tables["signals"]) == len(rows) - 1
    assert prepared.tables["signals"]["row"].min() == 8


def test_a_missing_header_is_told_with_the_row_in_which_it_should_stand(study, tmp_path):
    rows = rows_of("signals")
    rows[0][rows[0].index("Niveau van oplossen")] = "Oplosniveau"
    written(tmp_path, "signals", rows)
    problem = only(refused(study, tmp_path), "no column 'Niveau van oplossen'")
    assert problem.where == "signals.csv, row 1"


def test_another_way_of_writing_a_header_is_a_cell_of_registers_csv(project, edit, tmp_path):
    rows = rows_of("signals")
    rows[0][rows[0].index("Niveau van oplossen")] = "Oplosniveau"
    raw = tmp_path / "raw"
    written(raw, "signals", rows)
    edit("registers.csv", "Niveau van oplossen|Niveau", "Niveau van oplossen|Oplosniveau")
    prepared = prepare_registers(load_study(project), raw=str(raw))
    assert prepared.tables["signals"]["level"].notna().all()


def test_a_column_that_is_not_read_is_told(study, tmp_path):
    rows = [[*row, "zie mail"] for row in rows_of("signals")]
    rows[0][-1] = "Geheim"
    written(tmp_path, "signals", rows)
    prepared = prepare_registers(study, raw=str(tmp_path))
    assert only(prepared.problems, "'Geheim'").level == "note"


def test_registers_that_are_not_there_give_empty_tables_and_a_warning(study, tmp_path):
    prepared = prepare_registers(study, raw=str(tmp_path))
    assert {len(table) for table in prepared.tables.values()} == {0}
    absent = [p.where for p in prepared.problems if p.found == "no file"]
    assert set(absent) == {f"register {name}" for name in study_registers(study.sheets)}


def test_a_damaged_workbook_is_one_of_the_problems(study, tmp_path):
    written(tmp_path, "signals", changed(rows_of("signals"), 5, CoP="Twente"))
    (tmp_path / "registers" / "kapot.xlsx").write_bytes(b"geen zip")
    problems = refused(study, tmp_path)
    assert {p.found for p in problems} == {"no readable workbook", "'Twente'"}


def test_a_document_that_changed_does_not_fit_its_hash(study, project, tmp_path):
    path = project / "data" / "raw" / "demo" / "registers" / "documenten"
    changed_file = sorted(path.iterdir())[0]
    changed_file.write_text("iets anders", encoding="utf-8")
    problem = only(refused(load_study(project), "demo"), changed_file.name)
    assert "SHA-256" in problem.where


def test_every_rule_of_the_instrument_has_a_check():
    assert set(RULES) == {*CHECKS, "key"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("warn same status", "warn sane status", "'warn sane status'"),
        ("warn same status", "warn same stand", "'warn same stand'"),
        ("refers signals signal", "refers signals", "'refers signals'"),
        ("refers signals signal", "refers signals number", "'refers signals number'"),
        ("refers signals signal", "refers unknown.csv x", "'refers unknown.csv x'"),
        ("between 0 1000", "between 0 veel", "'between 0 veel'"),
        ("at_most recipients", "at_most recipients when cop", "'at_most recipients when cop'"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_line(project, edit, old, new, found):
    edit("registers.csv", old, new)
    with pytest.raises(CopanalysisError) as error:
        load_study(project)
    (problem,) = error.value.problems
    assert problem.found == found
    assert "registers.csv, line " in problem.where


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("vocabularies.csv", "afgerond|klaar", "afgerond|nog bezig", "'nog bezig' means"),
        (
            "observation_fields.csv",
            'count,,1,"Geheel getal, nav',
            'count,,7,"Geheel getal, nav',
            "phases 7",
        ),
        ("observation_fields.csv", "scale,five_formal_relaxed", "scale,", "type scale with"),
        ("assumptions.csv", "members,core_team", "members,kernteam", "column 'kernteam'"),
        ("assumptions.csv", "between 18 22", "about 20", "'about 20'"),
        (
            "placements.csv",
            "amsterdam,local_national",
            "zeeland,local_national",
            "no row for amsterdam on local_national",
        ),
    ],
)
def test_frames_that_cannot_be_are_refused_with_their_place(project, edit, file, old, new, found):
    edit(file, old, new)
    with pytest.raises(CopanalysisError) as error:
        load_study(project)
    assert any(file in p.where and p.found.startswith(found) for p in error.value.problems)


LONG = {number: name for name, number in MONTHS.items() if len(name) > 3 or name == "mei"}
WRITTEN = [
    lambda d: d.isoformat(),
    lambda d: f"{d.day}-{d.month}-{d.year}",
    lambda d: f"{d.day:02}/{d.month:02}/{d.year % 100:02}",
    lambda d: f"{d.day} {LONG[d.month]} {d.year}",
    lambda d: f"do. {d.day} {LONG[d.month]} {d.year}",
    lambda d: d,
]


@given(st.dates(date(2000, 1, 1), date(2068, 12, 31)), st.sampled_from(WRITTEN))
def test_a_day_is_read_as_it_is_typed(day, write):
    assert _day(write(day)) == day


@pytest.mark.parametrize("text", ["31-2-2023", "12-13-2023", "juni 2023", "2023", "45000"])
def test_what_is_no_day_is_no_day(text):
    assert _day(text) is None


@pytest.mark.parametrize(
    ("type", "raw", "value"),
    [
        ("number", "2,5 uur", 2.5),
        ("number", 3.0, 3.0),
        ("number", "niet bijgehouden", None),
        ("int", "25", 25),
        ("int", "nvt", None),
        ("text", "nvt", "nvt"),
        ("key", 12.0, "12"),
    ],
)
def test_a_cell_is_read_by_its_type(study, type, raw, value):
    column = study_registers(study.sheets)["signals"].column("remark")
    cell = Reader(study).read(raw, column.__class__("x", ("X",), False, type, False, "", ()))
    assert (cell.value, cell.expected) == (value, "")


def test_about_so_many_is_read_with_a_warning_and_a_range_is_refused(study):
    column = study_registers(study.sheets)["members"].column("members")
    about, between = (Reader(study).read(text, column) for text in ("ca. 25", "25-30"))
    assert (about.value, about.level) == (25, "warning")
    assert (between.value, between.level) == (None, "error")


def test_people_are_numbered_and_no_name_reaches_the_tables(registers, study):
    raw = rows_of("cops")
    people = {row[raw[0].index(h)] for row in raw[1:] for h in ("Communitytrekker",)}
    parts = {word for name in people for word in name.split() if len(word) > 4}
    cells = pd.concat([t.astype(str).stack() for t in registers.tables.values()])
    assert registers.tables["cops"]["community_leader"].nunique() == len(people) == 12
    assert not [part for part in parts if cells.str.contains(part).any()]
    assert not cells.str.contains("06-00000").any()
    assert only(registers.problems, "identifier (person phone)").level == "note"


def test_the_tables_are_written_whole_with_their_origin(project, monkeypatch):
    own = load_study(project)
    registers = prepare_registers(own)
    folder = write_registers(registers, study=own)
    assert {p.stem for p in folder.iterdir()} == {*registers.tables, "source"}
    before = (folder / "signals.parquet").read_bytes()
    monkeypatch.setattr(pd.DataFrame, "to_parquet", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_registers(registers, study=own)
    assert (folder / "signals.parquet").read_bytes() == before


def test_inspect_tells_which_register_a_file_is_and_not_what_it_says(study):
    folder = study.root / "data" / "raw" / "demo" / "registers"
    path = next(folder.glob("Overzicht*.xlsx"))
    found = inspect_register(path, study=study)
    assert [s["register"] for s in found["sheets"]] == ["cops", "members", "composition"]
    assert "Wassink" not in str(found)
    survey = next((study.root / "data" / "raw" / "demo" / "survey" / "wave_2").glob("*.xlsx"))
    assert is_register_file(path, study=study)
    assert not is_register_file(survey, study=study)


def test_the_sheet_with_most_of_its_headers_wins(study):
    known = study_registers(study.sheets)
    head = ("CoP", "Peildatum", "Leden", "Opmerking")
    found = recognised(RawSheet("x", "", (head,)), registers=known.values())
    assert found.register.name == "members"
    head = ("CoP", "Peildatum", "Soort organisatie", "Aantal organisaties", "Aantal mensen")
    more = ("Kernteam", "Opmerking", "Leden niet van gemeente")  # most of members, but not all
    found = recognised(RawSheet("x", "", ((*head, *more),)), registers=known.values())
    assert found.register.name == "composition"
    assert recognised(RawSheet("x", "", (("a", "b"),)), registers=known.values()) is None


def test_a_list_is_read_whatever_its_delimiter_and_encoding(tmp_path):
    for name, text, encoding in (
        ("a.csv", "CoP;Leden\nFryslân;40\n", "cp1252"),
        ("b.csv", "CoP,Leden\nFryslân,40\n", "utf-8-sig"),
        ("c.csv", "CoP\tLeden\nFryslân\t40\n", "utf-16"),
    ):
        (tmp_path / name).write_text(text, encoding=encoding)
        (sheet,), _ = read_sheets(tmp_path / name, name=name)
        assert sheet.rows == (("CoP", "Leden"), ("Fryslân", "40"))


def test_a_quiet_day_does_not_make_a_future_member_list(registers):
    dates = registers.tables["meetings"]["date"].dropna()
    assert dates.max() - dates.min() < timedelta(days=366)


def test_a_conversation_that_is_gone_or_not_listed_is_a_warning_and_nothing_breaks(
    project, tmp_path
):
    raw = project / "data" / "raw" / "demo"
    index = raw / "fieldwork" / "transcripts" / "index.csv"
    lines = index.read_text(encoding="utf-8").splitlines()
    kept = [line.replace(",2023-11-30,41", ",2023-11-29,41") for line in lines if line[:3] != "P01"]
    index.write_text("\n".join([*kept, "P99,P99.txt,interview,participant,zeeland,coa,,,,"]) + "\n")
    prepared = prepare_registers(load_study(project))
    told = {p.found: p for p in prepared.problems if p.level == "warning"}
    assert "P01 is nowhere" in told
    assert told["P05 on 2023-11-30"].expected == "2023-11-29, as in its own file"
    assert told["no row for P99"].where == "register collected"
    assert (prepared.tables["collected"]["kind"] == "interview_participant").sum() == 13


def test_a_member_list_that_differs_from_the_population_is_a_warning(study, tmp_path):
    rows = rows_of("members")
    written(tmp_path, "members", changed(rows, 1, Leden="29"))
    problem = only(prepare_registers(study, raw=str(tmp_path)).problems, "population.csv")
    assert (problem.found, problem.level) == ("29", "warning")
