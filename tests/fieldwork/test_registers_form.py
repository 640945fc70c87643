"""The entry form: made from the scheme, and what comes back is read and checked against it."""

import re
import zipfile

import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.registers.preparation import prepare_registers
from copanalysis.study.entry_form import HEADERS, write_entry_form
from copanalysis.study.plan import load_study

HEAD = {
    "observation": "X01",
    "kind": "CoP",
    "cop": "Zeeland",
    "date": "2023-06-15",
    "place": "Goes",
    "format": "fysiek",
    "observer": "AB",
}
ANSWERS = {
    "r1_present": ("6", "twee afgemeld"),
    "r1_atmosphere": ("4", ""),
    "r3_leader": ("volgend", ""),
    "r4_work_forms": ("casusbespreking; plenair gesprek", ""),
    "r8_text": ("Iedereen aan het woord.", ""),
}


def back(study, folder, *, head=HEAD, answers=ANSWERS):
    """What is read from a form that was filled in and sent back."""
    path = folder / "registers" / "form.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_entry_form(path, study=study, head=head, answers=answers)
    return prepare_registers(study, raw=str(folder))


def refused(study, folder, **told):
    with pytest.raises(CopanalysisError) as error:
        back(study, folder, **told)
    return error.value.problems


def test_a_form_comes_back_as_it_was_filled_in(study, tmp_path):
    tables = back(study, tmp_path).tables
    answers = tables["observation_answers"].set_index("field")
    assert len(answers) == len(study.table("observation_fields.csv"))
    assert answers["answer"].dropna().to_dict() == {
        "r1_present": "6",
        "r1_atmosphere": "4",
        "r3_leader": "following",
        "r4_work_forms": "case plenary",
        "r8_text": "Iedereen aan het woord.",
    }
    assert answers["number"].dropna().to_dict() == {"r1_present": 6, "r1_atmosphere": 4}
    assert answers.loc["r1_present", "note"] == "twee afgemeld"
    assert answers.loc["r1_present", "scheme_row"] == "r1"
    (meeting,) = tables["observations"].to_dict("records")
    assert (meeting["cop"], meeting["phase"], meeting["present_observed"]) == ("zeeland", "1", 6)


@pytest.mark.parametrize(
    ("field", "answer", "expected"),
    [
        ("r1_present", "veel", "a whole number"),
        ("r1_atmosphere", "7", "one of heel formeel"),
        ("r3_leader", "dwars", "one of leidend, volgend, begeleidend"),
        ("r3_leader", "leidend; volgend", "not 2"),
        ("r4_work_forms", "plenair gesprek; zang", "one of groepjes met terugkoppeling"),
    ],
)
def test_an_answer_that_does_not_fit_its_field_is_refused(study, tmp_path, field, answer, expected):
    (problem,) = refused(study, tmp_path, answers=ANSWERS | {field: (answer, "")})
    assert problem.where.endswith(f"field {field}")
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("cop", "Twente", "'Twente'"),
        ("cop", "", "an empty cell"),
        ("date", "2025-01-01", "2025-01-01"),
        ("observation", "", "an empty cell"),
    ],
)
def test_a_head_that_is_wrong_is_refused(study, tmp_path, name, text, found):
    problems = refused(study, tmp_path, head=HEAD | {name: text})
    assert found in {p.found for p in problems}


def test_the_observation_of_another_meeting_needs_no_cop(study, tmp_path):
    tables = back(study, tmp_path, head=HEAD | {"kind": "LCC", "cop": ""}).tables
    assert tables["observations"]["cop"].isna().all()


def test_zero_is_an_answer(study, tmp_path):
    answers = back(study, tmp_path, answers={"r5_experts": ("0", "")}).tables
    number = answers["observation_answers"].set_index("field")["number"]
    assert number["r5_experts"] == 0
    assert number.notna().sum() == 1


def test_a_form_of_an_older_scheme_lacks_fields(project, edit, tmp_path):
    back(load_study(project), tmp_path)
    line = next(
        line
        for line in (project / "data/instruments/observation_fields.csv").read_text().splitlines()
        if line.startswith("r15_wrap_up")
    )
    new = line.replace("r15_wrap_up", "r15_new").replace("Slotvraag: bouwstenen", "Nieuw")
    edit("observation_fields.csv", line, f"{line}\n{new}")
    with pytest.raises(CopanalysisError) as error:
        prepare_registers(load_study(project), raw=str(tmp_path))
    (problem,) = error.value.problems
    assert problem.found == "no row for r15_new"


def test_a_field_that_the_scheme_does_not_know_is_refused(project, edit, tmp_path):
    back(load_study(project), tmp_path, answers={})
    edit("observation_fields.csv", "r15_wrap_up,", "r15_closing,")
    with pytest.raises(CopanalysisError) as error:
        prepare_registers(load_study(project), raw=str(tmp_path))
    assert "'r15_wrap_up'" in {p.found for p in error.value.problems}


def test_the_form_has_lists_help_and_a_lock(study, tmp_path):
    path = write_entry_form(tmp_path / "form.xlsx", study=study)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert "<sheetProtection" in sheet
    fields = study.table("observation_fields.csv")
    closed = fields["type"].isin(("choice", "scale", "count")).sum()
    assert len(re.findall("<dataValidation ", sheet)) == closed + 3  # kind, CoP and form above
    assert '"leidend,volgend,begeleidend"' in sheet.replace("&quot;", '"')
    assert all(header in texts for header in HEADERS)
    assert "1 heel formeel, 2 formeel" in texts.casefold()
    for row in study.table("observation_scheme.csv")["question"]:
        assert row.replace("&", "&amp;") in texts
