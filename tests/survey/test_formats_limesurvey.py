"""LimeSurvey exports in every style that LimeSurvey offers."""

from datetime import datetime

import pytest
from export_questionnaire import EVERYONE, EXAMPLES, GOT, HELP, QUESTIONS, SECRET, STATEMENTS
from hypothesis import given, settings
from hypothesis import strategies as st
from limesurvey_writers import (
    csv_text,
    fields,
    limesurvey_csv,
    limesurvey_lsa,
    limesurvey_lss,
    limesurvey_vv,
    shown,
    stored,
)

from copanalysis.errors import CopanalysisError
from copanalysis.survey.export import NOT_SHOWN
from copanalysis.survey.formats import read_export, read_structure

STYLES = ("code", "lem", "codetext", "text", "abbreviated")


def written(tmp_path, text, name="results-survey123456.csv", encoding="utf-8-sig"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def column(export, **wanted):
    found = [
        (i, c)
        for i, c in enumerate(export.columns)
        if all(getattr(c, key) == value for key, value in wanted.items())
    ]
    assert len(found) == 1, f"{len(found)} columns with {wanted}"
    return found[0]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("answers", ["code", "full"])
@pytest.mark.parametrize(("language", "separator"), [("nl", ";"), ("en", ","), ("nl", "\t")])
def test_every_heading_style_gives_the_same_cells(tmp_path, style, answers, language, separator):
    text = limesurvey_csv(style, answers, language=language, separator=separator)
    export = read_export(written(tmp_path, text))
    assert export.origin == "LimeSurvey"
    assert export.format == ("limesurvey-tsv" if separator == "\t" else "limesurvey-csv")
    assert len(export.responses) == len(EVERYONE)
    first = next(i for i, c in enumerate(export.columns) if c.type != "meta")
    for response, respondent in zip(export.responses, EVERYONE, strict=True):
        for at, field in enumerate(fields(language), first):
            want = shown(field, respondent, answers, language) or None
            want = NOT_SHOWN if want in ("N.v.t.", "N/A") else want
            assert response.cells[at] == want
    assert [c.type for c in export.columns].count("meta") == 8


@pytest.mark.parametrize("style", STYLES)
def test_status_and_moments_come_from_the_metadata(tmp_path, style):
    export = read_export(written(tmp_path, limesurvey_csv(style)))
    assert [r.status for r in export.responses] == ["complete"] * 8 + ["partial"]
    assert [r.id for r in export.responses] == [r.id for r in EVERYONE]
    first = export.responses[0]
    assert (first.started, first.submitted) == (EVERYONE[0].started, EVERYONE[0].submitted)
    assert first.seconds == 630.5
    assert export.responses[8].submitted is None


def test_rows_are_numbered_as_an_editor_shows_them(tmp_path):
    export = read_export(written(tmp_path, limesurvey_csv("code")))
    numbers = [r.row for r in export.responses]
    assert numbers[:3] == [2, 3, 5]  # the answer of the second respondent runs over two lines


def test_anonymous_survey_counts_1980_as_submitted_without_a_moment(tmp_path):
    export = read_export(written(tmp_path, limesurvey_csv("code", anonymous=True)))
    assert [r.status for r in export.responses] == ["complete"] * 8 + ["partial"]
    assert all(r.submitted is None for r in export.responses)


@pytest.mark.parametrize("style", ["codetext", "text"])
def test_headings_with_texts_name_question_and_option(tmp_path, style):
    export = read_export(written(tmp_path, limesurvey_csv(style)))
    for question in (GOT, HELP):
        texts = [c.option_text for c in export.columns if c.text == question.text and not c.other]
        assert texts == [label for _, label in question.options]
    statements = [c for c in export.columns if c.text == STATEMENTS.text]
    assert [c.option_text for c in statements] == [text for _, text in STATEMENTS.rows]
    assert {c.type for c in statements} == {"scale"}


def test_codes_name_item_option_and_write_in(tmp_path):
    for style in ("code", "lem", "codetext"):
        export = read_export(written(tmp_path, limesurvey_csv(style)))
        _, tick = column(export, item="Q4", option="SQ003")
        assert (tick.type, "Y" in tick.ticked) == ("multiple", True)
        assert column(export, item="Q4", other=True)[1].option == "other"
        assert column(export, item="Q1")[1].type == "single"


def test_version_7_write_in_code(tmp_path):
    text = limesurvey_csv("code").replace("[other]", "[_Cother]")
    assert column(read_export(written(tmp_path, text)), item="Q4", other=True)[1].option == "other"


@pytest.mark.parametrize("layout", ["old", "new"])
@pytest.mark.parametrize("style", STYLES)
def test_structure_beside_the_export_gives_texts_types_and_labels(tmp_path, layout, style):
    (tmp_path / "limesurvey_survey_123456.lss").write_text(limesurvey_lss(layout), "utf-8")
    export = read_export(written(tmp_path, limesurvey_csv(style, "full")))
    asked = [c for c in export.columns if c.type != "meta"]
    assert [(c.item, c.option) for c in asked] == [(q.code, option) for q, option, _ in fields()]
    assert [c.text for c in asked] == [q.text for q, _, _ in fields()]
    labels = {q.code: dict(q.options) for q in QUESTIONS if q.kind in ("single", "scale")}
    assert all(c.labels == labels.get(c.item, {}) for c in asked)
    assert {c.type for c in asked if c.item == "Q9"} == {"scale"}
    assert {c.type for c in asked if c.item == "Q4" and not c.other} == {"multiple"}
    assert [c.option_text for c in asked if c.item == "Q11"] == [
        *(label for _, label in HELP.options),
        HELP.other,
    ]


@pytest.mark.parametrize("layout", ["old", "new"])
def test_structure_knows_what_was_required_and_when_it_was_asked(tmp_path, layout):
    path = written(tmp_path, limesurvey_lss(layout), "survey.lss", "utf-8")
    structure = read_structure(path)
    assert [(c.item, c.option) for c in structure.columns] == [(q.code, o) for q, o, _ in fields()]
    assert structure.required == {q.code: q.required for q in QUESTIONS}
    assert structure.relevance == {q.code: q.condition for q in QUESTIONS}


def test_several_structures_beside_the_export_are_not_guessed_at(tmp_path):
    for name in ("a.lss", "b.lss"):
        (tmp_path / name).write_text(limesurvey_lss(), "utf-8")
    path = written(tmp_path, limesurvey_csv("code"))
    export = read_export(path)
    assert any("a.lss, b.lss" in p.found for p in export.problems)
    assert all(not c.text for c in export.columns if c.item == "Q4")
    named = read_export(path, structure=tmp_path / "a.lss")
    assert column(named, item="Q1")[1].text == QUESTIONS[0].text


def test_structure_of_another_survey_is_reported_and_not_used(tmp_path):
    other = limesurvey_lss().replace("[CDATA[Q", "[CDATA[Z")
    path = written(tmp_path, limesurvey_csv("code"))
    export = read_export(path, structure=written(tmp_path, other, "other.lss", "utf-8"))
    assert any("without a question in common" in p.found for p in export.problems)
    assert column(export, item="Q4", option="SQ001")[1].type == "multiple"


def test_structure_tells_the_tool_when_the_headings_do_not(tmp_path):
    lines = [["Aan welke CoP neem je deel?", EXAMPLES.text], ["A1", "Zo"], ["A3", "Niet"]]
    path = written(tmp_path, csv_text(lines))
    assert read_export(path).origin == "unknown"
    structure = written(tmp_path, limesurvey_lss(), "survey.lss", "utf-8")
    export = read_export(path, structure=structure)
    assert (export.origin, export.columns[0].item) == ("LimeSurvey", "Q1")
    assert export.columns[0].labels["A3"] == "Fryslân"


@pytest.mark.parametrize("beside", [True, False])
def test_the_word_an_export_was_told_to_write_for_yes(tmp_path, beside):
    if beside:
        (tmp_path / "survey.lss").write_text(limesurvey_lss(), "utf-8")
    export = read_export(written(tmp_path, limesurvey_csv("code").replace('"Y"', '"Oui"')))
    ticks = [c for c in export.columns if c.item == "Q4" and not c.other]
    assert all(("Oui" in c.ticked) == beside for c in ticks)
    assert any("'Oui'" in p.found for p in export.problems) == beside


def test_a_single_odd_text_under_a_tick_box_is_neither_a_tick_nor_told(tmp_path):
    (tmp_path / "survey.lss").write_text(limesurvey_lss(), "utf-8")
    text = limesurvey_csv("code", respondents=EVERYONE[:1]).replace('"Y",', '"geheim",', 1)
    export = read_export(written(tmp_path, text))
    assert not any("geheim" in c.ticked for c in export.columns)
    assert any("1 different texts" in p.found for p in export.problems)
    assert "geheim" not in str(export.problems)


def test_a_questionnaire_that_the_export_has_no_use_for_is_mentioned(tmp_path):
    structure = written(tmp_path, limesurvey_lss(), "other.lss", "utf-8")
    (tmp_path / "a.lsa").write_bytes(limesurvey_lsa())
    google = written(tmp_path, "Timestamp,Vraag\n", "google.csv")
    for path in (tmp_path / "a.lsa", google):
        export = read_export(path, structure=structure)
        assert any("no use for it" in p.found for p in export.problems)


def test_several_unknown_words_under_tick_boxes_are_not_guessed_at(tmp_path):
    (tmp_path / "survey.lss").write_text(limesurvey_lss(), "utf-8")
    text = limesurvey_csv("text", "full").replace('"Ja"', '"Oui"').replace('"Nee"', '"Non"')
    export = read_export(written(tmp_path, text))
    assert not any("Oui" in c.ticked for c in export.columns)
    assert any("2 different texts" in p.found and p.level == "warning" for p in export.problems)


def test_a_grid_with_a_row_of_yes_and_no_only_stays_a_grid(tmp_path):
    header = ["id", "submitdate", "lastpage", "Q5[SQ001]", "Q5[SQ002]"]
    rows = [[str(i), "2023-05-15 09:12:33", "3", "YN"[i % 2], "YNU"[i % 3]] for i in range(12)]
    export = read_export(written(tmp_path, csv_text([header, *rows])))
    assert [c.type for c in export.columns[3:]] == ["scale", "scale"]


def test_vv_file_keeps_not_shown_apart_from_not_ticked(tmp_path):
    export = read_export(written(tmp_path, limesurvey_vv(), "vvexport_123456.csv", "utf-8"))
    assert export.format == "limesurvey-vv"
    at = {f[:2]: i for i, f in enumerate(fields(), 7)}
    for response, respondent in zip(export.responses, EVERYONE, strict=True):
        for field in fields():
            value = stored(field, respondent)
            want = NOT_SHOWN if value is None else value or None
            assert response.cells[at[field[:2]]] == want
    assert [r.status for r in export.responses] == ["complete"] * 8 + ["partial"]
    assert column(export, item="Q11", option="SQ004")[1].option_text == HELP.options[3][1]


@pytest.mark.parametrize("version", [6, 7])
def test_archive_reads_responses_with_their_questionnaire(tmp_path, version):
    path = tmp_path / "survey_archive_123456.lsa"
    path.write_bytes(limesurvey_lsa(version))
    export = read_export(path)
    assert (export.format, export.origin) == ("limesurvey-lsa", "LimeSurvey")
    asked = [(i, c) for i, c in enumerate(export.columns) if c.type != "meta"]
    assert [c.item for _, c in asked] == [q.code for q, _, _ in fields()]
    for response, respondent in zip(export.responses, EVERYONE, strict=True):
        for (i, _), field in zip(asked, fields(), strict=True):
            value = stored(field, respondent)
            assert response.cells[i] == (NOT_SHOWN if value is None else value or None)
    assert [r.status for r in export.responses] == ["complete"] * 8 + ["partial"]
    assert export.responses[0].submitted == EVERYONE[0].submitted


def test_export_of_an_empty_survey_has_no_respondents(tmp_path):
    header = limesurvey_csv("code", respondents=()).rstrip("\r\n")
    blank = ",".join(['""'] * len(header.split(",")))
    export = read_export(written(tmp_path, f"{header}\r\n{blank}\r\n\r\n"))
    assert export.responses == ()
    assert any("row 2" in p.where and p.level == "note" for p in export.problems)
    assert export.columns[0].type == "meta"


def test_export_without_a_submit_date_says_that_status_is_unknown(tmp_path):
    text = limesurvey_csv("code").replace('"submitdate"', '"extra"')
    export = read_export(written(tmp_path, text))
    assert any("submit date" in p.found and p.level == "warning" for p in export.problems)


def test_problems_never_hold_an_open_answer(tmp_path):
    text = limesurvey_csv("code").replace("Antwoord; met", "=Antwoord; met")
    export = read_export(written(tmp_path, text))
    assert any("formula" in p.found for p in export.problems)
    assert SECRET not in str(export.problems)
    assert "Antwoord" not in str(export.problems)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.lists(
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=9
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=6,
    ),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8-sig", "utf-8", "utf-16"]),
)
def test_what_limesurvey_writes_is_what_is_read(tmp_path_factory, rows, separator, encoding):
    header = ["id", "submitdate", "lastpage", "startlanguage", "Q1", "Q4[SQ001]", "Q4[SQ002]"]
    full = [[str(i), "2023-05-15 09:12:33", "3", "nl", *row] for i, row in enumerate(rows, 1)]
    path = tmp_path_factory.mktemp("csv") / "results.csv"
    path.write_bytes(csv_text([header, *full], separator=separator, quoting=1).encode(encoding))
    export = read_export(path)
    read = [list(response.cells[4:]) for response in export.responses]
    hidden = {i for i, c in enumerate(export.columns[4:]) if c.ticked}
    want = [
        [
            NOT_SHOWN if i in hidden and c in ("N/A", "N.v.t.", "n.v.t.", "n/a") else c or None
            for i, c in enumerate(row)
        ]
        for row in rows
    ]
    assert read == want
    assert export.responses[0].submitted == datetime(2023, 5, 15, 9, 12, 33)


def test_archive_of_an_inactive_survey_says_what_to_export(tmp_path):
    path = tmp_path / "a.lsa"
    path.write_bytes(limesurvey_lsa().replace(b"_responses.lsr", b"_questions.lsr"))
    with pytest.raises(CopanalysisError, match="active survey"):
        read_export(path)
