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
