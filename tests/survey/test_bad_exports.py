"""Exports with something wrong in them: what `prepare_wave` refuses, and what it tells."""

import csv
import io

import pyreadstat
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.study.plan import load_study
from copanalysis.survey.preparation import prepare_wave

LIMESURVEY = "wave_1/results-survey482913.csv"
FORMS = "wave_2/Thermometer CoP inburgering oktober 2023(1-148).xlsx"
SPSS = "wave_3/thermometer_cop_januari_2024.sav"


@pytest.fixture
def place(project):
    return project / "data" / "raw" / "demo" / "survey"


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


def write(path, rows):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), "utf-8-sig")


def changed(path, cells):
    """Write the csv again with other cells: {(line, column): text}."""
    rows = rows_of(path)
    for (line, column), text in cells.items():
        rows[line - 1][rows[0].index(column)] = text
    write(path, rows)


def without(path, *columns):
    rows = rows_of(path)
    kept = [i for i, name in enumerate(rows[0]) if name not in columns]
    write(path, [[row[i] for i in kept] for row in rows])


def refused(project, wave):
    with pytest.raises(CopanalysisError) as error:
        prepare_wave(load_study(project), wave=wave)
    return error.value.problems


def told(project, wave, part):
    """The problems of a wave, read all the same, that have this text in them."""
    return [p for p in prepare_wave(load_study(project), wave=wave).problems if part in str(p)]


def test_the_twin_has_nothing_of_this(study):
    for wave in study.waves:
        assert prepare_wave(study, wave=wave).problems == ()


def test_a_box_without_its_column_is_refused_with_item_and_option(project, place):
    without(place / LIMESURVEY, "V04[SQ003]", "V04[SQ005]", "V11[SQ001]")
    got, help = refused(project, "1")
    assert got.where == "results-survey482913.csv"
    assert "q4_got" in got.found
    assert "perspective" in got.found
    assert "network" in got.found
    assert "q11_help" in help.found
    assert "structure" in help.found


def test_a_box_that_spss_lacks_is_refused_too(project, place):
    table, kept = pyreadstat.read_sav(place / SPSS)
    save(place / SPSS, table.drop(columns="v04_2"), kept, kept.variable_value_labels)
    (problem,) = refused(project, "3")
    assert "knowledge" in problem.found


def save(path, table, kept, labels):
    names = {name: kept.column_names_to_labels[name] for name in table.columns}
    labels = {name: given for name, given in labels.items() if name in table.columns}
    ranges = {n: given for n, given in kept.missing_ranges.items() if n in table.columns}
    pyreadstat.write_sav(
        table, path, column_labels=names, variable_value_labels=labels, missing_ranges=ranges
    )


def test_an_option_that_the_wave_did_not_field_needs_no_column(project, place, edit):
    without(place / LIMESURVEY, "V04[SQ003]")
    edit("scales.csv", "got,,perspective", "got,2 3,perspective")
    (problem,) = told(project, "1", "matches no item")
    assert problem.where.endswith("column V05[SQ003]")  # there, and not offered: not read


def test_other_may_do_without_a_box_of_its_own(project, place):
    without(place / LIMESURVEY, "V04[other]")
    assert len(prepare_wave(load_study(project), wave="1").tables["respondents"]) == 147


def test_values_that_are_no_option_are_told_per_column(project, place):
    path = place / LIMESURVEY
    cells = {(20, "CoP"): "A77", (31, "CoP"): "A77", (40, "CoP"): "Atlantis"}
    changed(path, {**cells, (22, "V09[SQ001]"): "A9", (23, "V04[SQ001]"): "Q"})
    cop, scale, box = told(project, "1", "no option") + told(project, "1", "neither yes nor no")[1:]
    assert cop.where == "results-survey482913.csv, column CoP"
    assert "'A77' (2 times, first in row 20)" in cop.found
    assert "'Atlantis' (row 40)" in cop.found
    assert scale.where.endswith("column V09[SQ001]")
    assert box.where.endswith("column V04[SQ001]")
    assert "'Q' (row 23)" in box.found
    assert {p.level for p in (cop, scale, box)} == {"warning"}


def test_a_column_in_which_nothing_fits_is_refused(project, place):
    rows = rows_of(place / LIMESURVEY)
    at = rows[0].index("V09[SQ002]")
    write(
        place / LIMESURVEY, [rows[0], *[[*r[:at], r[at] and "Z", *r[at + 1 :]] for r in rows[1:]]]
    )
    (problem,) = refused(project, "1")
    assert problem.where.endswith("column V09[SQ002]")
    assert "not one answer fits" in problem.found


def test_spss_without_value_labels_says_that_values_stand_for_nothing(project, place):
    table, kept = pyreadstat.read_sav(place / SPSS)
    save(place / SPSS, table, kept, {})
    found = {p.where.rpartition(" ")[2]: p for p in refused(project, "3")}
    assert set(found) == {"cop", "v09a", "v09b", "x1", "x3"}
    assert "without a value label" in found["cop"].found


def test_a_label_that_is_no_option_stands_beside_its_value(project, place):
    table, kept = pyreadstat.read_sav(place / SPSS)
    labels = {**kept.variable_value_labels}
    most = table["cop"].mode()[0]
    labels["cop"] = {**labels["cop"], most: "Onbekende CoP"}
    save(place / SPSS, table, kept, labels)
    (problem,) = told(project, "3", "no option")
    assert f"'{most:g}' = 'Onbekende CoP'" in problem.found


def test_boxes_of_one_and_two_without_labels_are_refused(project, place):
    table, kept = pyreadstat.read_sav(place / SPSS)
    table["v02_1"] = table["v02_1"].map({0.0: 2.0, 1.0: 1.0})
    labels = {n: given for n, given in kept.variable_value_labels.items() if n != "v02_1"}
    save(place / SPSS, table, kept, labels)
    (problem,) = refused(project, "3")
    assert problem.where.endswith("column v02_1")
    assert "'1'" in problem.found


def test_what_names_a_person_is_masked_where_it_is_told(project, place):
    changed(place / LIMESURVEY, {(20, "CoP"): "bel mij op 06-12345678"})
    (problem,) = told(project, "1", "no option")
    assert "12345678" not in problem.found


def test_ids_that_are_empty_or_come_twice_are_told_by_row(project, place):
    changed(place / LIMESURVEY, {(28, "id"): "26", (29, "id"): ""})
    twice, empty = told(project, "1", "id")
    assert (twice.level, empty.level) == ("warning", "warning")
    assert "rows 27, 28" in twice.found
    assert empty.where == "results-survey482913.csv, row 29"


def test_a_date_without_a_time_gives_no_duration(project, place):
    changed(place / LIMESURVEY, {(23, "startdate"): "2023-05-15", (24, "submitdate"): "2023-05-15"})
    prepared = prepare_wave(load_study(project), wave="1")
    people = prepared.tables["respondents"].set_index("row")
    assert people.loc[[23, 24], "seconds"].isna().all()
    assert not people.loc[[23, 24], "speeder"].any()
    assert people["seconds"].notna().sum() > 100
    (problem,) = [p for p in prepared.problems if "without a time" in p.found]
    assert problem.found == "2 date(s) without a time"


def test_an_export_with_headers_alone_is_refused(project, place):
    write(place / LIMESURVEY, rows_of(place / LIMESURVEY)[:1])
    (problem,) = refused(project, "1")
    assert problem.found == "headers and not one respondent"


def test_headers_below_a_title_are_told_once(project, place):
    from xlsxwriter import Workbook

    sheet = next(iter(read_cells(place / FORMS)))
    with Workbook(place / FORMS) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 18, "Thermometer oktober")
        for at, row in enumerate(sheet, 1):
            page.write_row(at, 0, row)
    (problem,) = refused(project, "2")
    assert problem.where.endswith("(1-148).xlsx, row 2")
    assert "headers" in problem.found
    path = place / LIMESURVEY
    write(path, [["Thermometer mei"], [], *rows_of(path)])
    (problem,) = refused(project, "1")
    assert problem.where == "results-survey482913.csv, row 3"


def read_cells(path):
    """The sheets of a workbook as rows of texts and numbers."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        yield [[c if isinstance(c, (str, float)) else str(c) for c in row] for row in rows]
