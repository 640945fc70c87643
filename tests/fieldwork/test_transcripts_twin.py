"""The twin's transcripts: written from the source texts, read back word for word."""

import csv
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from pseudonymisation_gold import COLUMNS, GOLD, SEED, gold_rows

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.transcript import read_transcript
from copanalysis.twin.fieldwork import OWN, transcripts, write_fieldwork
from copanalysis.twin.transcripts.conversations import (
    FOLDER,
    Mention,
    Piece,
    read_conversations,
    utterance,
)

TRANSCRIPTS = list(transcripts(read_conversations()))
FORMATS = {
    **{name: name for name in ("odt", "txt", "pdf", "srt", "vtt-teams", "vtt-zoom", "vtt-whisper")},
    **dict.fromkeys(("docx", "docx-tracked", "docx-table"), "docx"),
}
each = pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda t: t.conversation.id)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("raw")
    write_fieldwork(out, seed=SEED)
    return out / OWN


@pytest.fixture
def text(tmp_path):
    """A folder with one source text, which a test may spoil."""
    texts = tmp_path / "texts"
    texts.mkdir()

    def put(old: str = "", new: str = "") -> Path:
        source = (FOLDER / "P04.txt").read_text(encoding="utf-8")
        assert old in source
        (texts / "P04.txt").write_text(source.replace(old, new, 1), encoding="utf-8")
        return texts

    return put


@each
def test_every_transcript_reads_back_as_it_was_written(folder, transcript):
    document = read_transcript(folder / transcript.file)
    said = [(transcript.labels[u.code], u.text) for u in transcript.conversation.utterances]
    assert [(turn.speaker, turn.text) for turn in document.turns] == said
    assert document.format == FORMATS[transcript.conversation.format]
    for turn in document.turns:
        assert document.text[turn.offset : turn.offset + len(turn.text)] == turn.text
    assert not [p for p in document.problems if p.level == "warning" and "deletion" not in p.found]


@each
def test_the_list_of_the_field_team_tells_who_asks(folder, transcript):
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        [row] = [row for row in csv.DictReader(file) if row["id"] == transcript.conversation.id]
    roles = dict.fromkeys(row["interviewer_label"].split("; "), "interviewer")
    document = read_transcript(folder / row["file"], roles=roles)
    asks = {person.code: person.asks for person in transcript.conversation.people}
    role = {True: "interviewer", False: "respondent"}
    want = [role[asks[u.code]] for u in transcript.conversation.utterances]
    assert [turn.role for turn in document.turns] == want


def test_tracked_changes_of_the_source_are_real_ones_in_the_file(folder):
    changed = [t for t in TRANSCRIPTS if t.conversation.format == "docx-tracked"]
    assert changed
    for transcript in changed:
        pieces = [p for u in transcript.conversation.utterances for p in u.pieces]
        kinds = Counter(piece.change for piece in pieces)
        document = read_transcript(folder / transcript.file)
        assert (document.insertions, document.deletions) == (kinds["ins"], kinds["del"])
        gone = [piece.text for piece in pieces if piece.change == "del"]
        assert gone
        assert not [text for text in gone if text in document.text]
        with zipfile.ZipFile(folder / transcript.file) as archive:
            xml = archive.read("word/document.xml").decode()
        assert all(f'<w:delText xml:space="preserve">{text}</w:delText>' in xml for text in gone)
        assert re.search(r'<w:ins w:id="\d+" w:author="[^"]+" w:date="\d{4}-\d\d-\d\dT', xml)


@each
def test_times_rise_and_follow_the_words_that_are_said(folder, transcript):
    document = read_transcript(folder / transcript.file)
    timed = [turn for turn in document.turns if turn.end is not None]
    assert [turn.start for turn in timed] == sorted(turn.start for turn in timed)
    for turn in timed:
        minutes = (turn.end - turn.start) / 60
        words = len(turn.text.split())
        assert words < 4 or 110 < words / minutes < 200


def test_two_runs_give_the_same_bytes_and_another_seed_other_times(folder, tmp_path):
    write_fieldwork(tmp_path / "again", seed=SEED)
    write_fieldwork(tmp_path / "other", seed=SEED + 1)
    for path in folder.iterdir():
        assert (tmp_path / "again" / OWN / path.name).read_bytes() == path.read_bytes()
    captions = [path.name for path in folder.glob("*.vtt")]
    assert captions
    for name in captions:
        assert (tmp_path / "other" / OWN / name).read_bytes() != (folder / name).read_bytes()


def test_the_folder_holds_every_conversation_and_the_list(folder):
    names = {t.file for t in TRANSCRIPTS} | {"index.csv", "source.toml"}
    assert {path.name for path in folder.iterdir()} == names
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [t.conversation.id for t in TRANSCRIPTS]
    assert rows[0].keys() >= {"file", "kind", "group", "cop", "organisation", "date", "minutes"}


def test_the_list_names_no_respondent(folder):
    listed = (folder / "index.csv").read_text(encoding="utf-8")
    asking = {w for t in TRANSCRIPTS for p in t.conversation.interviewers for w in p.name.split()}
    for transcript in TRANSCRIPTS:
        for person in transcript.conversation.people:
            for word in set(person.name.split()) - asking:
                assert not re.search(rf"\b{re.escape(word)}\b", listed) or word.islower()


def test_cops_are_known_to_the_study(study):
    used = {t.conversation.cop for t in TRANSCRIPTS}
    assert used <= {*study.names.ids(kind="cop"), ""}


def test_the_fieldwork_is_the_one_that_was_promised():
    groups = Counter(t.conversation.group for t in TRANSCRIPTS)
    cops = {t.conversation.cop for t in TRANSCRIPTS if t.conversation.group == "participant"}
    calls = {t.conversation.cop for t in TRANSCRIPTS if t.conversation.id.startswith("T")}
    assert (groups["participant"], groups["partner"], groups["manager"]) == (13, 7, 2)
    assert len(cops - {""}) == len(calls - {""}) == 12
    assert {t.conversation.format for t in TRANSCRIPTS} == set(FORMATS)


def test_the_gold_standard_is_that_of_the_texts(folder):
    with GOLD.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    fresh = [tuple(map(str, row)) for row in gold_rows(folder)]
    assert tuple(header) == COLUMNS
    assert [tuple(row) for row in rows] == fresh, "run tests/fieldwork/pseudonymisation_gold.py"


def test_the_gold_standard_holds_every_kind_of_mention(folder):
    rows = gold_rows(folder)
    kinds = Counter(row[3] for row in rows)
    assert set(kinds) == {
        *("person", "place", "phone", "email", "address", "bsn", "iban"),
        *("date_of_birth", "organisation", "speaker"),
    }
    assert len(set(rows)) == len(rows)


def test_marks_are_resolved_and_their_places_known():
    own = utterance("A", "a {{del:weg [[person:Bas]]}}{{ins:nu [[person:Eva]]}} in [[place:Ede]].")
    assert own.text == "a nu Eva in Ede."
    assert own.pieces == (
        Piece("a "),
        Piece("weg Bas", "del"),
        Piece("nu Eva", "ins"),
        Piece(" in Ede."),
    )
    assert own.mentions == (Mention("person", 5, 8), Mention("place", 12, 15))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("minutes: 56", "minutes: lang", "P04.txt, minutes"),
        ("format: docx-tracked", "format: wordperfect", "P04.txt, format"),
        ("id: P04", "id: P05", "P04.txt, id"),
        ("BART=", "KEES=", "P04.txt, line 13"),
        ("[[person:", "[[persoon:", "P04.txt, line"),
        ("]]", "]", "P04.txt, line"),
        ("\nBART: ", "\nBART:  ", "P04.txt, line 13"),
        ("kind: interview\n", "", "P04.txt"),
    ],
)
def test_a_mistake_in_a_text_is_refused_with_its_place(tmp_path, text, old, new, where):
    with pytest.raises(CopanalysisError) as caught:
        write_fieldwork(tmp_path / "out", seed=1, texts=text(old, new))
    assert any(problem.where.startswith(where) for problem in caught.value.problems)
    assert not (tmp_path / "out").exists()


def test_a_letter_that_a_pdf_cannot_show_is_refused_and_nothing_written(tmp_path, text):
    texts = text("format: docx-tracked", "format: pdf")
    write_fieldwork(tmp_path / "out", seed=1, texts=texts)
    before = (tmp_path / "out" / OWN / "P04.pdf").read_bytes()
    own = texts / "P04.txt"
    own.write_text(own.read_text(encoding="utf-8") + "INT: Şule?\n", encoding="utf-8")
    with pytest.raises(CopanalysisError, match="cannot be written as PDF"):
        write_fieldwork(tmp_path / "out", seed=1, texts=texts)
    assert (tmp_path / "out" / OWN / "P04.pdf").read_bytes() == before
    assert [path.name for path in (tmp_path / "out" / "fieldwork").iterdir()] == ["transcripts"]


def test_transcripts_of_somebody_else_are_never_replaced(tmp_path, text):
    own = tmp_path / OWN / "P01.docx"
    own.parent.mkdir(parents=True)
    own.write_text("echt", encoding="utf-8")
    with pytest.raises(CopanalysisError, match="that the twin did not make"):
        write_fieldwork(tmp_path, seed=1, texts=text())
    assert own.read_text(encoding="utf-8") == "echt"


def test_only_the_own_folder_is_replaced(tmp_path, text):
    beside = tmp_path / "fieldwork" / "notes.txt"
    beside.parent.mkdir(parents=True)
    beside.write_text("blijft", encoding="utf-8")
    files = write_fieldwork(tmp_path, seed=1, texts=text())
    files = write_fieldwork(tmp_path, seed=1, texts=text())
    assert beside.read_text(encoding="utf-8") == "blijft"
    assert [path.name for path in files] == ["P04.docx", "index.csv", "source.toml"]
    assert all(path.is_file() for path in files)
