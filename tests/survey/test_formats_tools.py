"""Microsoft Forms, Google Forms, SurveyMonkey and plain tables."""

import pytest
from export_questionnaire import (
    COP,
    EVERYONE,
    EXAMPLES,
    GOT,
    HELP,
    RESPONDENTS,
    STATEMENTS,
    picks_of,
)
from export_writers import google_forms, microsoft_forms, surveymonkey, workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from limesurvey_writers import csv_text

from copanalysis.survey.formats import read_export, split_joined

TEXT = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="_\ufeff\ufffe\uffff"
    ),
    max_size=8,
)


def saved(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def of_item(export, text):
    return [(i, c) for i, c in enumerate(export.columns) if c.item == text]


def picks(export, at, options, joiner):
    split = (
        split_joined(r.cells[at] or "", options=options, joiner=joiner) for r in export.responses
    )
    return [[*known, *rest] for known, rest in split]


LABELS = {q.code: [label for _, label in q.options] for q in (GOT, HELP)}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("dates", ["date", "serial", "text"])
def test_microsoft_forms_workbook(tmp_path, language, dates):
    content = workbook(microsoft_forms(language), dates=dates)
    export = read_export(saved(tmp_path, content, "thermometer.xlsx"))
    assert (export.format, export.origin) == ("microsoft-forms-xlsx", "Microsoft Forms")
    assert [r.started for r in export.responses] == [r.started for r in RESPONDENTS]
    assert [r.submitted for r in export.responses] == [r.submitted for r in RESPONDENTS]
    assert [r.id for r in export.responses] == [r.id for r in RESPONDENTS]
    assert {r.status for r in export.responses} == {"complete"}
    assert [r.row for r in export.responses] == list(range(2, 10))
    for question in (GOT, HELP):
        [(at, column)] = of_item(export, question.text)
        assert (column.type, column.joiner) == ("multiple", ";")
        want = [picks_of(question, r) for r in RESPONDENTS]
        assert picks(export, at, LABELS[question.code], ";") == want
    for _, statement in STATEMENTS.rows:
        assert len(of_item(export, statement)) == 1
    [(at, _)] = of_item(export, EXAMPLES.text)
    assert export.responses[1].cells[at] == RESPONDENTS[1].answers["Q6"]


def test_microsoft_forms_saved_as_dutch_csv(tmp_path):
    table = [[str(cell or "") for cell in row] for row in microsoft_forms("nl")]
    text = csv_text(table, separator=";")
    path = tmp_path / "thermometer.csv"
    path.write_bytes(text.encode("cp1252"))
    export = read_export(path)
    assert (export.format, export.encoding) == ("microsoft-forms-csv", "windows-1252")
    assert any("Windows-1252" in p.found for p in export.problems)
    [(at, _)] = of_item(export, COP.text)
    assert export.responses[1].cells[at] == "Fryslân"


def test_a_repeated_likert_statement_loses_the_counter_of_excel(tmp_path):
    table = [["ID", "Start time", "Completion time", "Eens?", "Eens?2", "Wave 2"]]
    table.append([1, "5/15/23 9:02:03", "5/15/23 9:12:03", "Eens", "Oneens", "x"])
    export = read_export(saved(tmp_path, workbook(table), "a.xlsx"))
    assert [c.text for c in export.columns[3:]] == ["Eens?", "Eens?", "Wave 2"]
    assert [c.name for c in export.columns[3:]] == ["Eens?", "Eens?2", "Wave 2"]


def test_a_question_called_naam_is_no_metadata(tmp_path):
    table = [["Id", "Begintijd", "Tijd van voltooien", "E-mail", "Uw CoP", "Naam"]]
    table.append([1, 45061.4, 45061.5, "anonymous", "Zeeland", "Mijn CoP"])
    export = read_export(saved(tmp_path, workbook(table), "a.xlsx"))
    assert [c.type == "meta" for c in export.columns] == [True] * 4 + [False] * 2


def test_a_ranking_is_not_taken_for_picks_in_silence(tmp_path):
    table = [["ID", "Start time", "Completion time", "Zet op volgorde"]]
    table += [[i, 45061.4, 45061.5, order] for i, order in enumerate(("A;B;C;", "C;A;B;"), 1)]
    export = read_export(saved(tmp_path, workbook(table), "a.xlsx"))
    assert any("ranking" in p.found for p in export.problems)


@pytest.mark.parametrize(
    ("source", "stamp"),
    [
        ("sheet", "{0.day}-{0.month}-{0:%Y} {0.hour}:{0:%M:%S}"),
        ("sheet", "{0.month}/{0.day}/{0:%Y} {0.hour}:{0:%M:%S}"),
        ("form", "{0:%Y/%m/%d} {0.hour}:{0:%M:%S} a.m. CET"),
        ("form", "{0:%Y/%m/%d} {0.hour}:{0:%M:%S} AM GMT+2"),
    ],
)
@pytest.mark.parametrize("medium", ["csv", "xlsx"])
def test_google_forms(tmp_path, source, stamp, medium):
    table = google_forms(source, stamp)
    content = workbook(table) if medium == "xlsx" else csv_text(table)
    export = read_export(saved(tmp_path, content, f"answers.{medium}"))
    assert (export.format, export.origin) == (f"google-forms-{medium}", "Google Forms")
    assert [r.submitted for r in export.responses] == [r.submitted for r in RESPONDENTS]
    joiner = ", " if source == "sheet" else ";"
    for question in (GOT, HELP):
        [(at, column)] = of_item(export, question.text)
        assert (column.type, column.joiner) == ("multiple", joiner)
        want = [picks_of(question, r) for r in RESPONDENTS]
        assert picks(export, at, LABELS[question.code], joiner) == want
    grid = of_item(export, STATEMENTS.text)
    assert [c.option_text for _, c in grid] == [text for _, text in STATEMENTS.rows]
    assert {c.type for _, c in grid} == {"scale"}
    assert of_item(export, EXAMPLES.text)[0][1].type == "open"


@pytest.mark.parametrize("columns", ["condensed", "expanded"])
@pytest.mark.parametrize("values", ["text", "numeric"])
@pytest.mark.parametrize(("language", "medium"), [("en", "csv"), ("nl", "xlsx")])
def test_surveymonkey(tmp_path, columns, values, language, medium):
    table = surveymonkey(columns, values, language=language)
    content = workbook(table) if medium == "xlsx" else csv_text(table)
    export = read_export(saved(tmp_path, content, f"sm.{medium}"))
    assert (export.format, export.origin) == (f"surveymonkey-{medium}", "SurveyMonkey")
    assert [r.submitted for r in export.responses] == [r.submitted for r in EVERYONE]
    assert [r.status for r in export.responses] == ["complete"] * 8 + ["partial"]
    assert export.responses[0].row == 3
    for question in (GOT, HELP):
        boxes = [(i, c) for i, c in of_item(export, question.text) if not c.other]
        assert [c.option_text for _, c in boxes] == LABELS[question.code]
        assert {c.type for _, c in boxes} == {"multiple"}
        for response, respondent in zip(export.responses, EVERYONE, strict=True):
            ticked = [c.option_text for i, c in boxes if response.cells[i] in c.ticked]
            wanted = [p for p in picks_of(question, respondent) if p in LABELS[question.code]]
            assert ticked == (wanted if question.code in respondent.answers else [])
        assert sum(c.other for _, c in of_item(export, question.text)) == 1
    assert {c.type for _, c in of_item(export, STATEMENTS.text)} <= {"scale", "number"}
    parts = [c.option_text for _, c in of_item(export, COP.text)]
    assert parts == ([""] if columns == "condensed" else [label for _, label in COP.options])


def test_expanded_single_choice_is_pointed_out(tmp_path):
    path = saved(tmp_path, csv_text(surveymonkey("expanded")), "sm.csv")
    assert [p.where for p in read_export(path).problems if "never more than one" in p.found] == [
        f"sm.csv, question {COP.text!r}"
    ]


def test_surveymonkey_single_choice_with_write_in_stays_one_question(tmp_path):
    meta = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    table = [[*meta, "Rol?", ""], [""] * 4 + ["Response", "Other (please specify)"]]
    table += [["1", "2", "05/15/2023 09:02:03", "05/15/2023 09:12:03", "Docent", ""]]
    table += [["2", "2", "05/15/2023 09:02:03", "05/15/2023 09:12:03", "", "Tolk"]]
    export = read_export(saved(tmp_path, csv_text(table), "sm.csv"))
    assert [(c.option, c.other) for _, c in of_item(export, "Rol?")] == [
        ("", False),
        ("Other (please specify)", True),
    ]


def test_any_other_table_is_read_with_a_warning(tmp_path):
    text = "naam;oordeel;cijfer\nA;eens;7,5\nB;oneens;8,0\n"
    export = read_export(saved(tmp_path, text, "tabel.csv"))
    assert (export.format, export.origin) == ("table-csv", "unknown")
    assert [c.type for c in export.columns] == ["open", "open", "number"]
    assert [p.level for p in export.problems] == ["warning"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, st.integers(-5, 10**9)), min_size=1, max_size=5))
def test_what_a_forms_workbook_holds_is_what_is_read(tmp_path_factory, rows):
    table = [["ID", "Start time", "Completion time", "Een", "Twee", "Drie"]]
    table += [[i, 45061.5, 45061.75, *row] for i, row in enumerate(rows, 1)]
    path = tmp_path_factory.mktemp("forms") / "forms.xlsx"
    path.write_bytes(workbook(table))
    read = [response.cells[3:6] for response in read_export(path).responses]
    assert read == [(a or None, b or None, str(n)) for a, b, n in rows]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_what_a_google_csv_holds_is_what_is_read(tmp_path_factory, rows, encoding):
    header = ["Timestamp", "Aan welke CoP neem je deel? (kies de regio van je werk)", "Toelichting"]
    table = [header, *(["2023/05/15 9:12:33 AM GMT+2", *row] for row in rows)]
    path = tmp_path_factory.mktemp("google") / "google.csv"
    path.write_bytes(csv_text(table, quoting=1).encode(encoding))
    read = [response.cells[1:] for response in read_export(path).responses]
    assert read == [(a or None, b or None) for a, b in rows]
