"""Qualtrics exports: split and joined picks, texts and codes, three and two header rows."""

import json

import pytest
from export_questionnaire import COP, EVERYONE, EXAMPLES, GOT, HELP, STATEMENTS, picks_of
from export_writers import qualtrics, qualtrics_qsf
from limesurvey_writers import csv_text

from copanalysis.errors import CopanalysisError
from copanalysis.survey.formats import read_export, read_structure, split_joined


def saved(tmp_path, table, *, name="wave.csv", separator=",", encoding="utf-8-sig"):
    path = tmp_path / name
    path.write_bytes(csv_text(table, separator=separator).encode(encoding))
    return path


def of_item(export, item):
    return [(i, c) for i, c in enumerate(export.columns) if c.item == item]


def ticked(export, item):
    boxes = [(i, c) for i, c in of_item(export, item) if c.type == "multiple"]
    return [
        [c.option_text for i, c in boxes if response.cells[i] in c.ticked]
        for response in export.responses
    ]


def wanted(question):
    """Labels picked; a write-in ticks "Anders, namelijk...", a question not reached nothing."""
    labels = [label for _, label in question.options]
    rows = [picks_of(question, r) if question.code in r.answers else [] for r in EVERYONE]
    return [[p if p in labels else question.other for p in picks] for picks in rows]


@pytest.mark.parametrize("values", ["text", "numeric"])
@pytest.mark.parametrize("headers", [3, 2])
@pytest.mark.parametrize("with_qsf", [True, False])
def test_split_picks(tmp_path, values, headers, with_qsf):
    if with_qsf:
        (tmp_path / "survey.qsf").write_text(qualtrics_qsf(), "utf-8")
    export = read_export(saved(tmp_path, qualtrics("split", values, headers=headers)))
    assert (export.format, export.origin) == ("qualtrics-csv", "Qualtrics")
    for question in (GOT, HELP):
        assert ticked(export, question.code) == wanted(question)
        write_in = [c for _, c in of_item(export, question.code) if c.other]
        assert len(write_in) == 1
        assert {c.text for _, c in of_item(export, question.code)} == {question.text}


@pytest.mark.parametrize("values", ["text", "numeric"])
@pytest.mark.parametrize("with_qsf", [True, False])
def test_joined_picks(tmp_path, values, with_qsf):
    if with_qsf:
        (tmp_path / "survey.qsf").write_text(qualtrics_qsf(), "utf-8")
    export = read_export(saved(tmp_path, qualtrics("joined", values)))
    for question in (GOT, HELP):
        at, column = next(pair for pair in of_item(export, question.code) if not pair[1].other)
        assert (column.type, column.joiner, column.option) == ("multiple", ",", "")
        labels = [label for _, label in question.options] + [question.other]
        codes = [str(i) for i in range(1, len(labels) + 1)]
        if with_qsf:
            assert column.labels == dict(zip(codes, labels, strict=True))
        options = labels if values == "text" else codes
        cells = [response.cells[at] or "" for response in export.responses]
        found = [split_joined(cell, options=options, joiner=",") for cell in cells]
        assert [rest for _, rest in found] == [[]] * len(EVERYONE)
        told = dict(zip(codes, labels, strict=True)) if values == "numeric" else {}
        assert [[told.get(p, p) for p in picks] for picks, _ in found] == wanted(question)


@pytest.mark.parametrize(("values", "headers"), [("text", 3), ("numeric", 3), ("numeric", 2)])
def test_status_moments_and_seconds(tmp_path, values, headers):
    export = read_export(saved(tmp_path, qualtrics("split", values, headers=headers)))
    want = ["test" if r.test else "complete" if r.submitted else "partial" for r in EVERYONE]
    assert [r.status for r in export.responses] == want
    assert [r.started for r in export.responses] == [r.started for r in EVERYONE]
    assert [r.submitted for r in export.responses] == [r.submitted for r in EVERYONE]
    assert [r.id for r in export.responses] == [f"R_{r.id}" for r in EVERYONE]
    if headers == 3:
        assert export.responses[0].seconds == 630.0
    assert export.responses[0].row == headers + 1


def test_matrix_rows_are_statements_of_one_question(tmp_path):
    export = read_export(saved(tmp_path, qualtrics()))
    rows = [c for _, c in of_item(export, "Q9")]
    assert {c.text for c in rows} == {STATEMENTS.text}
    assert [c.option_text for c in rows] == [text for _, text in STATEMENTS.rows]
    assert {c.type for c in rows} == {"scale"}


def test_questionnaire_gives_labels_to_codes(tmp_path):
    (tmp_path / "survey.qsf").write_text(qualtrics_qsf(), "utf-8")
    export = read_export(saved(tmp_path, qualtrics("split", "numeric")))
    [(_, single)] = of_item(export, "Q1")
    assert single.labels == {str(i): label for i, (_, label) in enumerate(COP.options, 1)}
    labels = {str(i): label for i, (_, label) in enumerate(STATEMENTS.options, 1)}
    assert all(c.labels == labels for _, c in of_item(export, "Q9"))
    assert of_item(export, "Q6")[0][1].text == EXAMPLES.text
    structure = read_structure(tmp_path / "survey.qsf")
    assert structure.required["Q1"]
    assert not structure.required["Q6"]
    assert structure.relevance["Q11"] == "display logic"


def test_a_box_is_ticked_too_when_the_export_words_it_otherwise(tmp_path):
    label = GOT.options[3][1]
    qsf = qualtrics_qsf().replace(label, "Steun van ${e://Field/wie}")
    (tmp_path / "survey.qsf").write_text(qsf, "utf-8")
    export = read_export(saved(tmp_path, qualtrics("split", "text")))
    at, box = next(pair for pair in of_item(export, "Q4") if pair[1].option == "4")
    assert [r.cells[at] in box.ticked for r in export.responses] == [
        "SQ004" in r.answers["Q4"] for r in EVERYONE
    ]


def test_tab_separated_utf_16(tmp_path):
    table = qualtrics("split", "text")
    path = saved(tmp_path, table, name="wave.tsv", separator="\t", encoding="utf-16")
    export = read_export(path)
    assert (export.format, export.encoding) == ("qualtrics-tsv", "utf-16-le")
    assert ticked(export, "Q4") == wanted(GOT)


def test_header_rows_removed_by_hand(tmp_path):
    table = qualtrics("split", "numeric")
    export = read_export(saved(tmp_path, [table[0], *table[3:]]))
    assert export.origin == "Qualtrics"
    assert len(export.responses) == len(EVERYONE)


def test_seen_but_unanswered_is_user_missing(tmp_path):
    table = [[cell or "-99" for cell in row] for row in qualtrics("split", "numeric")]
    export = read_export(saved(tmp_path, table))
    boxes = [c for _, c in of_item(export, "Q4") if not c.other]
    assert {c.type for c in boxes} == {"multiple"}
    assert all("-99" in c.missing and "-99" not in c.ticked for c in boxes)


def test_possible_spam_is_kept_and_pointed_out(tmp_path):
    table = qualtrics("split", "numeric")
    table[3][2] = "8"
    export = read_export(saved(tmp_path, table))
    assert export.responses[0].status == "complete"
    assert any("spam" in p.found and "row 4" in p.where for p in export.problems)


def test_display_order_and_timing_columns_are_metadata(tmp_path):
    table = qualtrics("split", "text")
    extra = [("Q4_DO_1", "order", '{"ImportId":"QID4_DO_1"}')]
    extra += [("Q5_First Click", "Timing", '{"ImportId":"QID5_FIRST_CLICK"}')]
    for i, row in enumerate(table):
        row += [parts[i] if i < 3 else "1" for parts in extra]
    export = read_export(saved(tmp_path, table))
    assert [c.type for c in export.columns[-2:]] == ["meta", "meta"]


def test_questionnaire_of_another_survey_is_reported(tmp_path):
    qsf = json.loads(qualtrics_qsf())
    for element in qsf["SurveyElements"][1:]:
        element["Payload"]["QuestionID"] += "99"
    (tmp_path / "other.qsf").write_text(json.dumps(qsf), "utf-8")
    export = read_export(saved(tmp_path, qualtrics()))
    assert any("without a question in common" in p.found for p in export.problems)


def test_broken_questionnaire_is_refused(tmp_path):
    path = tmp_path / "broken.qsf"
    path.write_text('{"SurveyElements": [{"Element": "SQ", "Payload": {}}]}', "utf-8")
    with pytest.raises(CopanalysisError, match="Qualtrics survey file"):
        read_structure(path)
