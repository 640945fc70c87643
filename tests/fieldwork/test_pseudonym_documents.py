"""Documents and turns without names, and every letter that stays found back at its new place."""

import csv

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.pseudonyms.changes import change_table, moved_positions
from copanalysis.fieldwork.pseudonyms.documents import masked_documents, masked_turns
from copanalysis.fieldwork.transcript import read_transcript
from copanalysis.study.privacy.masking import Change, changed


def tables(texts, turns=()):
    documents = pd.DataFrame({"document": list(texts), "text": list(texts.values())})
    columns = ["document", "speaker", "role", "offset", "text"]
    return documents, pd.DataFrame(list(turns), columns=columns)


@pytest.fixture(scope="module")
def twin(study):
    """The documents and turns of the twin's transcripts, masked, beside those as read."""
    folder = study.root / "data" / "raw" / "demo" / "fieldwork" / "transcripts"
    paths = sorted(path for path in folder.iterdir() if path.suffix not in (".csv", ".toml"))
    read = [read_transcript(path) for path in paths]
    documents = pd.DataFrame({"document": [d.id for d in read], "text": [d.text for d in read]})
    rows = [(d.id, t.id, t.speaker, t.role, t.offset, t.text) for d in read for t in d.turns]
    columns = ["document", "turn", "speaker", "role", "offset", "text"]
    turns = pd.DataFrame(rows, columns=columns)
    masked = masked_documents(documents, turns=turns, study=study)
    return documents, turns, masked


def test_a_segment_is_found_back_and_holds_whole_pseudonyms():
    text = "Dag Annelies, bel Petra."
    changes = {"P01": [Change(4, 12, "person", "[p-1]"), Change(18, 23, "person", "[p-2]")]}
    after = changed(text, changes["P01"])
    assert after == "Dag [p-1], bel [p-2]."
    stretches = [(0, 4), (0, 24), (4, 12), (14, 18), (6, 20), (12, 13), (18, 23), (20, 21), (9, 9)]
    positions = pd.DataFrame(stretches, columns=["start", "end"]).assign(document="P01", code="x")
    moved = moved_positions(positions, changes=change_table(changes))
    texts = [after[s:e] for s, e in zip(moved["start"], moved["end"], strict=True)]
    expected = ["Dag ", after, "[p-1]", "bel ", "[p-1], bel [p-2]", ",", "[p-2]", "[p-2]", "[p-1]"]
    assert texts == expected
    assert moved["code"].eq("x").all()


def test_a_document_without_changes_keeps_its_positions():
    positions = pd.DataFrame({"document": ["P02"], "start": [3], "end": [9]})
    changes = change_table({"P01": [Change(0, 5, "person", "[p]")], "P02": []})
    pd.testing.assert_frame_equal(moved_positions(positions, changes=changes), positions)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.text("xy", max_size=5))))
def test_positions_go_there_and_back(steps):
    changes, at = [], 0
    for gap, length, mask in steps:
        changes.append(Change(at + gap, at + gap + length, "person", mask))
        at += gap + length
    text = "abcdefghij" * (at // 10 + 1)
    after = changed(text, changes)
    inside = {i for c in changes for i in range(c.start, c.end)}
    outside = [i for i in range(len(text)) if i not in inside]
    positions = pd.DataFrame({"start": outside, "document": "d"}).assign(
        end=lambda t: t["start"] + 1
    )
    moved = moved_positions(positions, changes=change_table({"d": changes}))
    assert [after[s:e] for s, e in zip(moved["start"], moved["end"], strict=True)] == [
        text[i] for i in outside
    ]


def test_conversations_and_other_texts_are_masked_by_their_own_rules(study):
    talk = "Anna Bos: Zjoel was er.\nINT: Ja, en Anna dan?\n"
    documents, turns = tables(
        {"P01": talk, "W1": "Meer tijd voor Kennis delen met Anna Bos."},
        [
            ("P01", "Anna Bos", "respondent", 10, "Zjoel was er."),
            ("P01", "INT", "interviewer", 29, "Ja, en Anna dan?"),
        ],
    )
    masked = masked_documents(documents.assign(kind="x"), turns=turns, study=study)
    assert masked.documents["text"].tolist() == [
        "respondent-01: Zjoel was er.\nINT: Ja, en [respondent-01] dan?\n",
        "Meer tijd voor Kennis delen met [respondent-01].",
    ]
    assert masked.documents["kind"].eq("x").all()
    said = masked_turns(turns, masked=masked)
    assert said["speaker"].tolist() == ["respondent-01", "INT"]
    assert said["text"].tolist() == ["Zjoel was er.", "Ja, en [respondent-01] dan?"]
    assert said["offset"].tolist() == [15, 34]


def test_a_document_that_stands_there_twice_is_refused(study):
    documents, turns = tables({"P01": "Niets."})
    with pytest.raises(CopanalysisError, match="twice: P01"):
        masked_documents(pd.concat([documents, documents]), turns=turns, study=study)


def test_the_turns_of_the_twin_stand_in_its_masked_documents(twin):
    _, turns, masked = twin
    said = masked_turns(turns, masked=masked)
    text_of = masked.documents.set_index("document")["text"]
    for document, own in said.groupby("document"):
        labels = own["speaker"].where(own["speaker"].eq(""), own["speaker"] + ": ")
        assert "".join(labels + own["text"] + "\n") == text_of[document]
    assert said["role"].equals(turns["role"])


def test_no_marked_name_is_left_in_the_masked_twin(twin, study):
    _, _, masked = twin
    gold = study.root / "tests" / "data" / "pseudonymisation_gold.csv"
    with gold.open(encoding="utf-8", newline="") as file:
        marked = [row["text"] for row in csv.DictReader(file) if " " in row["text"].strip()]
    assert len(marked) > 100
    whole = "\n".join(masked.documents["text"])
    assert [name for name in dict.fromkeys(marked) if name in whole] == []
