"""Registers that are damaged in ways that would go unnoticed: columns, rows, formulas, copies."""

import re
import shutil
import zipfile

import pytest
from register_files import rows_of, written
from xlsxwriter import Workbook

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.registers.inspection import inspect_register
from copanalysis.fieldwork.registers.preparation import prepare_registers
from copanalysis.study.entry_form import write_entry_form
from copanalysis.study.names import normalise
from copanalysis.study.registers import study_registers


def refused(study, folder):
    with pytest.raises(CopanalysisError) as error:
        prepare_registers(study, raw=str(folder))
    return error.value.problems


def without(rows, *headers):
    kept = [i for i, header in enumerate(rows[0]) if header not in headers]
    return [[row[i] for i in kept] for row in rows]


def test_a_register_that_lost_most_required_columns_is_still_that_register(study, tmp_path):
    rows = without(rows_of("meetings"), "Status", "Soort bijeenkomst")
    written(tmp_path, "meetings", rows)
    assert [p.found for p in refused(study, tmp_path)] == [
        "no column 'Soort bijeenkomst'",
        "no column 'Status'",
    ]


@pytest.mark.parametrize("register", ["composition", "topics", "newsletters", "signals"])
def test_no_register_goes_unseen_for_one_column(study, tmp_path, register):
    rows = rows_of(register)
    for column in study_columns(study, register):
        folder = tmp_path / column.name
        header = next(h for h in rows[0] if normalise(h) in column.spellings)
        written(folder, register, without(rows, header))
        assert f"no column {column.header!r}" in {p.found for p in refused(study, folder)}


def study_columns(study, register):
    return [c for c in study_registers(study.sheets)[register].columns if c.required]


def test_another_list_with_some_of_the_headers_is_no_register(study, tmp_path):
    heads = [["CoP", "Datum", "Onderwerp"], ["CoP", "Datum", "Plaats", "Opmerking"]]
    for i, head in enumerate(heads):
        written(tmp_path, f"agenda{i}", [head, ["Zeeland", "1-6-2023", "x", "y"][: len(head)]])
    found = prepare_registers(study, raw=str(tmp_path)).problems
    assert [p.where for p in found if p.found == "headers of no register"] == [
        "agenda0.csv",
        "agenda1.csv",
    ]


def test_a_register_with_headers_and_no_rows_is_a_warning(study, tmp_path):
    path = written(tmp_path, "meetings", rows_of("meetings")[:1])
    (problem,) = [
        p for p in prepare_registers(study, raw=str(tmp_path)).problems if "no rows" in p.found
    ]
    assert (problem.level, problem.where) == ("warning", "meetings.csv")
    assert "meetings" in problem.found
    assert any("no rows" in p["found"] for p in inspect_register(path, study=study)["problems"])


def with_formulas(path, cells):
    """The meetings as a workbook in which some cells are formulas, with or without a value."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Workbook(path) as book:
        book.add_worksheet("leeg")
        sheet = book.add_worksheet("bijeenkomsten")
        for at, row in enumerate(rows_of("meetings")):
            sheet.write_row(at, 0, row)
        for cell, value in cells.items():
            sheet.write_formula(cell, "=SUM(A1:A2)", None, value)
    return path


def rewritten(path, change):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, change(part) if "sheet2" in name else part)


@pytest.mark.parametrize("empty", ["", "<v/>", "<v></v>"])
def test_a_formula_without_a_stored_value_is_told_with_its_cell(study, tmp_path, empty):
    path = with_formulas(tmp_path / "registers" / "m.xlsx", {"P3": 77, "P5": 1, "P6": "x"})
    rewritten(
        path,
        lambda part: re.sub("<v>77</v>", empty, part).replace("<v>x</v>", "<v></v>"),  # P6: ""
    )
    problems = prepare_registers(study, raw=str(tmp_path)).problems
    (problem,) = [p for p in problems if "formula" in p.found]
    assert problem.where == "m.xlsx, sheet bijeenkomsten"
    assert problem.found == "1 formula(s) without a stored value, read as empty: P3"
    assert problem.level == "warning"


def test_a_form_that_was_saved_twice_is_refused_with_both_files(study, tmp_path):
    from test_registers_form import ANSWERS, HEAD

    path = tmp_path / "registers" / "form.xlsx"
    path.parent.mkdir()
    write_entry_form(path, study=study, head=HEAD, answers=ANSWERS)
    shutil.copy(path, path.with_name("form (kopie).xlsx"))
    (problem,) = refused(study, tmp_path)
    assert "form.xlsx" in problem.where
    assert problem.found.startswith("observation X01 again, as in form (kopie).xlsx")


def test_a_field_that_stands_twice_in_a_form_is_refused(study, tmp_path):
    from test_registers_form import ANSWERS, HEAD

    path = tmp_path / "registers" / "form.xlsx"
    path.parent.mkdir()
    write_entry_form(path, study=study, head=HEAD, answers=ANSWERS)
    fields = study.table("observation_fields.csv")["field"]
    again = fields[fields.ne("r1_present")].iloc[0]
    rewritten_texts(path, again, "r1_present")
    assert any("again" in p.found for p in refused(study, tmp_path))


def rewritten_texts(path, old, new):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if name == "xl/sharedStrings.xml":
                part = part.replace(f">{old}<".encode(), f">{new}<".encode())
            archive.writestr(name, part)
