"""What an inspection tells, and what it keeps to itself."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from export_questionnaire import COP, EVERYONE, EXAMPLES, GOT, HELP, RESPONDENTS, SECRET, STATEMENTS
from export_writers import google_forms, microsoft_forms, qualtrics, surveymonkey, workbook
from limesurvey_writers import csv_text, limesurvey_csv, limesurvey_lss, limesurvey_vv
from spss_writers import thermometer

from copanalysis.errors import CopanalysisError
from copanalysis.survey.inspection import inspect_survey, inspection_text

WRITTEN = [text for r in RESPONDENTS for text in r.others.values()]
OPEN = [str(r.answers["Q6"]) for r in RESPONDENTS]


def saved(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def every_format(tmp_path):
    yield saved(tmp_path, limesurvey_csv("code"), "code.csv")
    yield saved(tmp_path, limesurvey_csv("text", "full"), "text.csv")
    yield saved(tmp_path, limesurvey_vv(), "vv.txt")
    yield saved(tmp_path, workbook(microsoft_forms()), "forms.xlsx")
    yield saved(tmp_path, csv_text(google_forms()), "google.csv")
    yield saved(tmp_path, csv_text(surveymonkey()), "monkey.csv")
    yield saved(tmp_path, csv_text(qualtrics("joined")), "joined.csv")
    yield saved(tmp_path, csv_text(qualtrics("split", "numeric")), "split.csv")
    thermometer(tmp_path / "spss.sav")
    yield tmp_path / "spss.sav"


def item(found, text):
    [match] = [i for i in found["items"] if i["text"] == text]
    return match


def test_open_answers_and_write_ins_never_appear(tmp_path):
    for path in every_format(tmp_path):
        found = inspect_survey(path)
        for said in (json.dumps(found, ensure_ascii=False), inspection_text(found)):
            for text in (*OPEN, *WRITTEN, SECRET):
                assert text not in said, f"{path.name} tells {text!r}"
                assert json.dumps(text, ensure_ascii=False)[1:-1] not in said


@pytest.mark.parametrize("sent", [2, 3, 6])
def test_one_form_sent_twice_does_not_make_an_open_answer_an_option(tmp_path, sent):
    table = google_forms()
    twice = [table[0], *[table[1]] * sent]
    found = inspect_survey(saved(tmp_path, csv_text(twice), "twice.csv"))
    assert SECRET not in json.dumps(found, ensure_ascii=False)


def test_an_answer_given_once_is_no_option(tmp_path):
    answers = ["Eens"] * 6 + ["Oneens"] * 5 + ["Dat zeg ik alleen tegen jou"]
    rows = "".join(f"{i};{answer}\n" for i, answer in enumerate(answers))
    found = inspect_survey(saved(tmp_path, f"nummer;Eens?\n{rows}", "a.csv"))
    assert [o["label"] for o in item(found, "Eens?")["options"]] == ["Eens", "Oneens"]


def test_an_open_answer_that_recurs_is_still_an_open_answer(tmp_path):
    answers = [f"Een eigen verhaal, nummer {i}" for i in range(9)] + ["Geen idee"] * 3
    rows = "".join(f"{i};{answer}\n" for i, answer in enumerate(answers))
    found = inspect_survey(saved(tmp_path, f"nummer;Waarom?\n{rows}", "a.csv"))
    assert item(found, "Waarom?")["type"] == "open"
    assert "Geen idee" not in json.dumps(found, ensure_ascii=False)


def test_who_ticked_nothing_did_not_answer(tmp_path):
    nothing = replace(RESPONDENTS[3], answers={**RESPONDENTS[3].answers, "Q11": ()})
    text = limesurvey_csv("codetext", "full", respondents=[*RESPONDENTS, nothing])
    found = inspect_survey(saved(tmp_path, text, "a.csv"))
    assert item(found, HELP.text)["answered"] == len(RESPONDENTS)


def test_user_missing_values_are_apart_from_the_options(tmp_path):
    thermometer(tmp_path / "a.sav")
    statement = item(inspect_survey(tmp_path / "a.sav"), STATEMENTS.rows[0][1])
    assert statement["missing"] == [{"code": "99", "label": "Weet niet", "n": 0}]
    assert "99" not in [option["code"] for option in statement["options"]]


def test_counts_and_metadata(tmp_path):
    found = inspect_survey(saved(tmp_path, csv_text(qualtrics("split")), "a.csv"))
    assert {key: found[key] for key in ("kind", "format", "origin", "encoding")} == {
        "kind": "survey",
        "format": "qualtrics-csv",
        "origin": "Qualtrics",
        "encoding": "utf-8",
    }
    counts = {key: found[key] for key in ("rows", "complete", "partial", "test")}
    assert counts == {"rows": 9, "complete": 7, "partial": 1, "test": 1}
    assert "IPAddress" in found["metadata"]
    assert json.loads(json.dumps(found)) == found


def test_tick_boxes_are_listed_with_their_counts(tmp_path):
    (tmp_path / "survey.lss").write_text(limesurvey_lss(), "utf-8")
    found = inspect_survey(saved(tmp_path, limesurvey_csv("code"), "a.csv"))
    got = item(found, GOT.text)
    want = [
        {
            "code": code,
            "label": label,
            "n": sum(code in r.answers["Q4"] for r in EVERYONE),
            "inferred": False,
        }
        for code, label in GOT.options
    ]
    assert got["options"] == want
    assert (got["type"], got["other"], got["required"]) == ("multiple", True, True)
    assert got["answered"] == len(EVERYONE)
    assert item(found, HELP.text)["condition"] == HELP.condition
    assert item(found, EXAMPLES.text)["required"] is False


def test_without_a_questionnaire_required_is_unknown(tmp_path):
    found = inspect_survey(saved(tmp_path, limesurvey_csv("codetext"), "a.csv"))
    assert item(found, COP.text)["required"] is None


@pytest.mark.parametrize("source", ["forms", "google"])
def test_options_of_joined_cells_are_inferred_and_say_so(tmp_path, source):
    content = workbook(microsoft_forms()) if source == "forms" else csv_text(google_forms())
    name = "forms.xlsx" if source == "forms" else "google.csv"
    options = item(inspect_survey(saved(tmp_path, content, name)), HELP.text)["options"]
    assert {option["label"] for option in options} <= {label for _, label in HELP.options}
    assert HELP.options[1][1] in {option["label"] for option in options}
    assert all(option["inferred"] for option in options)
    assert item(inspect_survey(tmp_path / name), HELP.text)["other"]
    picked = sum("SQ002" in r.answers["Q11"] for r in RESPONDENTS)
    assert next(o["n"] for o in options if o["label"] == HELP.options[1][1]) == picked


def test_rows_of_a_grid_share_their_options(tmp_path):
    found = inspect_survey(saved(tmp_path, limesurvey_csv("text", "full"), "a.csv"))
    grid = item(found, STATEMENTS.text)
    assert grid["rows"] == [text for _, text in STATEMENTS.rows]
    assert {o["label"] for o in grid["options"]} <= {label for _, label in STATEMENTS.options}
    assert sum(o["n"] for o in grid["options"]) <= 2 * len(RESPONDENTS)


def test_sets_of_an_spss_file(tmp_path):
    thermometer(tmp_path / "a.sav")
    found = inspect_survey(tmp_path / "a.sav")
    assert found["multiple_response_sets"] == {"q4": ["v4_1", "v4_2", "v4_3", "v4_4"]}
    assert "Multiple-response set q4: v4_1" in inspection_text(found)


def test_problems_reach_the_reader(tmp_path):
    found = inspect_survey(saved(tmp_path, "a;b\n1;2;3\n", "a.csv"))
    assert {"where", "found", "expected", "fix", "level"} == set(found["problems"][0])
    assert "warning: a.csv, row 2" in inspection_text(found)


def test_a_header_alone_can_be_inspected(tmp_path):
    found = inspect_survey(saved(tmp_path, limesurvey_csv(respondents=()), "a.csv"))
    assert found["rows"] == 0
    assert {i["answered"] for i in found["items"]} == {0}
    assert "0 responses" in inspection_text(found)


def test_no_export_is_an_error_here_too(tmp_path):
    with pytest.raises(CopanalysisError):
        inspect_survey(saved(tmp_path, b"%PDF-1.4", "a.csv"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_inspecting_csv_and_xlsx_stays_light(tmp_path, kind):
    content = limesurvey_csv() if kind == "csv" else workbook(microsoft_forms())
    path = saved(tmp_path, content, f"a.{kind}")
    code = (
        "import sys; from pathlib import Path\n"
        "from copanalysis.survey.inspection import inspect_survey\n"
        "assert inspect_survey(Path(sys.argv[1]))['rows']\n"
        "print(sorted({'pandas', 'numpy', 'pyreadstat'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
