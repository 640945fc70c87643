"""From transcripts and coded projects to pseudonymised tables."""

from __future__ import annotations

import pytest
from pandas.testing import assert_frame_equal
from small_fieldwork import HEAD, ROWS, write_coder, write_conversations

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.preparation import TABLES, prepare_fieldwork, write_fieldwork
from copanalysis.fieldwork.reliability import intercoder_reliability
from copanalysis.study.processed import read_table

LINES = "outcome.relations.short_lines"
NONE = "outcome.none"


@pytest.fixture
def raw(tmp_path):
    write_conversations(tmp_path)
    return tmp_path


def prepared(study, raw):
    return prepare_fieldwork(study, raw=str(raw))


def test_names_are_masked_and_passages_move_along(study, raw):
    write_coder(raw, [("P01", "Dat scheelt.", LINES), ("P02", "De lijnen zijn korter.", LINES)])
    tables = prepared(study, raw).tables
    texts = tables["documents"].set_index("document")["text"]
    assert "Visser" not in texts["P01"]
    assert "Kees" not in texts["P01"]
    assert list(tables["segments"]["text"]) == ["Dat scheelt.", "De lijnen zijn korter."]
    for row in tables["segments"].itertuples():
        assert texts[row.document][row.start : row.end] == row.text
    for row in tables["turns"].itertuples():
        assert texts[row.document][row.start : row.end] == row.text
    assert list(tables["segments"]["turn"]) == ["P01-0002", "P02-0002"]


def test_a_conversation_carries_what_the_list_says(study, raw):
    document = prepared(study, raw).tables["documents"].set_index("document").loc["P01"]
    assert (document["cop"], document["organisation"]) == ("zeeland", "coa")
    assert (document["phase"], document["minutes"], document["n_turns"]) == ("2", 30, 2)


def test_a_folder_without_fieldwork_gives_empty_tables_and_says_so(study, tmp_path):
    found = prepared(study, tmp_path)
    assert all(found.tables[name].empty for name in TABLES)
    assert {p.level for p in found.problems} == {"warning"}
    assert len(found.problems) == 2


def test_every_error_of_the_list_is_told_at_once(study, tmp_path):
    rows = (
        ROWS[0].replace("Zeeland", "Atlantis").replace("2023-11-02", "2 november"),
        ROWS[1].replace("interview,", "borrel,").replace("40", "lang"),
        ROWS[0].replace("P01", "P03"),
        ROWS[1],
    )
    write_conversations(tmp_path, rows=rows)
    with pytest.raises(CopanalysisError) as refused:
        prepared(study, tmp_path)
    told = "\n".join(map(str, refused.value.problems))
    for part in ("'Atlantis'", "'2 november'", "'borrel'", "'lang'", "P03.txt", "'P02' 2 times"):
        assert part in told, part
    assert "line 2" in told
    assert "index.csv, lines 3 and 5, column id" in told


def test_a_transcript_that_is_not_listed_is_told(study, tmp_path):
    write_conversations(tmp_path, rows=ROWS[:1])
    with pytest.raises(CopanalysisError, match=r"P02\.txt"):
        prepared(study, tmp_path)


def test_a_list_without_a_column_is_refused(study, tmp_path):
    write_conversations(tmp_path, head=HEAD.replace("minutes", "duur"))
    with pytest.raises(CopanalysisError, match="no column minutes"):
        prepared(study, tmp_path)


def test_a_code_is_known_by_name_when_another_tool_gave_it_another_guid(study, raw):
    write_coder(raw, [("P01", "Dat scheelt.", LINES)], names={LINES: "Kortere lijnen"})
    assert list(prepared(study, raw).tables["segments"]["code"]) == [LINES]


def test_an_unknown_code_stops_the_preparation(study, raw):
    write_coder(raw, [("P01", "Dat scheelt.", LINES)], names={LINES: "Iets anders"})
    with pytest.raises(CopanalysisError, match="Iets anders"):
        prepared(study, raw)


@pytest.mark.parametrize(
    ("old", "counts_as", "rule"),
    [
        ("outcome.knowledge.chain", "outcome.knowledge.others", "merged"),
        ("outcome.relations.contacts", "outcome.relations", "split"),
        ("works.setup.online", "works.content.work_forms", "retired"),
    ],
)
def test_an_old_code_resolves_and_is_reported(study, raw, old, counts_as, rule):
    write_coder(raw, [("P01", "Dat scheelt.", old)])
    tables = prepared(study, raw).tables
    assert list(tables["segments"]["code"]) == [counts_as]
    change = tables["code_changes"].iloc[0]
    assert (change["found"], change["code"], change["rule"], change["n"]) == (
        old,
        counts_as,
        rule,
        1,
    )


def test_a_passage_is_found_by_its_words_in_a_text_that_differs(study, raw):
    other = {"P02": "Kop van het verslag\nRespondent: De lijnen zijn korter.\n"}
    write_coder(raw, [("P02", "De lijnen zijn korter.", LINES)], texts=other)
    assert list(prepared(study, raw).tables["segments"]["text"]) == ["De lijnen zijn korter."]


def test_a_passage_that_the_transcript_lacks_is_told(study, raw):
    write_coder(raw, [("P02", "Heel iets anders.", LINES)], texts={"P02": "Heel iets anders."})
    with pytest.raises(CopanalysisError, match="a passage that the transcript lacks"):
        prepared(study, raw)


def test_a_coded_document_that_is_nothing_of_ours_is_told(study, raw):
    write_coder(raw, [("notitie", "los", LINES)], texts={"notitie": "los"})
    with pytest.raises(CopanalysisError, match="'notitie'"):
        prepared(study, raw)


def test_a_coded_open_answer_is_placed_in_its_wave_row_and_item(study, raw):
    write_coder(
        raw, [("W3-12-q6_examples", "Ik bel.", LINES)], texts={"W3-12-q6_examples": "Ik bel."}
    )
    answer = prepared(study, raw).tables["coded_answers"].iloc[0]
    assert (answer["wave"], answer["row"], answer["item"]) == ("3", 12, "q6_examples")


def test_agreement_is_counted_over_turns_of_who_was_asked(study, raw):
    write_coder(raw, [("P01", "Dat scheelt.", LINES), ("P02", "Er is niets veranderd.", NONE)])
    write_coder(raw, [("P01", "Ik bel", LINES)], coder="Codeur B")
    tables = prepared(study, raw).tables
    found = intercoder_reliability(
        tables["segments"],
        documents=tables["documents"],
        turns=tables["turns"],
        answers=tables["coded_answers"],
        given=tables["given"],
        study=study,
    )
    by_code = found["code_agreement"].set_index("code")
    assert by_code.loc[LINES, ["n_units", "all_coders", "some_coders"]].tolist() == [2, 1, 0]
    assert by_code.loc["outcome.relations", "all_coders"] == 1  # counts for the code above it
    assert by_code.loc[NONE, ["all_coders", "some_coders"]].tolist() == [0, 1]
    assert list(found["disagreements"]["unit"]) == ["P02-0002"]


def test_one_coder_alone_gives_no_agreement(study, raw):
    write_coder(raw, [("P01", "Dat scheelt.", LINES)])
    tables = prepared(study, raw).tables
    read = {n: tables[n] for n in ("documents", "turns", "given")}
    found = intercoder_reliability(
        tables["segments"], answers=tables["coded_answers"], **read, study=study
    )
    assert all(table.empty for table in found.values())


def test_what_is_written_is_what_is_read(project, raw):
    from copanalysis.study.plan import load_study

    study = load_study(project)
    write_coder(raw, [("P01", "Dat scheelt.", LINES)])
    found = prepared(study, raw)
    write_fieldwork(found, study=study, raw=str(raw))
    for name in TABLES:
        was, now = found.tables[name], read_table(study, name)
        assert list(map(str, now.dtypes)) == list(map(str, was.dtypes)), name
        same = {"check_dtype": False, "check_categorical": False, "check_column_type": False}
        assert_frame_equal(now, was, **same)
