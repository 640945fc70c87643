"""Pseudonymising files and folders: whole or not at all, the key outside the project."""

import os
import stat

import pytest
from transcript_files import docx, p

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.pseudonyms import files as pseudonym_files
from copanalysis.fieldwork.pseudonyms.files import pseudonymise_files
from copanalysis.fieldwork.pseudonyms.key import Entry, Key
from copanalysis.fieldwork.pseudonyms.keyfile import key_bytes, read_key
from copanalysis.fieldwork.transcript import read_transcript
from copanalysis.study.identifiers import known_names

NOBODY = known_names([])
TEXT = "Interviewer: Dag mevrouw Wolters.\nAnnelies Wolters: Hoi. Ik zit in Ommen.\n"
SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\nInterviewer: Dag Annelies.\n\n"
    "2\n00:00:02,500 --> 00:00:04,000\nAnnelies Wolters: Hoi, bel 06-00000017.\n"
)


@pytest.fixture
def place(tmp_path):
    """A project, a folder of transcripts in it, and a place for the key beside it."""
    for name in ("project/data/raw", "private"):
        (tmp_path / name).mkdir(parents=True)
    raw = tmp_path / "project" / "data" / "raw"
    (raw / "P01.txt").write_text(TEXT, encoding="utf-8")
    (raw / "P02.srt").write_text(SRT, encoding="utf-8")
    return tmp_path


def run(place, source="project/data/raw", out="project/data/processed", key="private/key.csv"):
    return pseudonymise_files(
        place / source,
        place / out,
        key_path=place / key,
        project=place / "project",
        names=NOBODY,
        finder=None,
    )


def everything(place):
    """Every file with its bytes, and every folder and link."""
    found = {}
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        found[name] = path.read_bytes() if path.is_file() else None
    return found


def refused(place, **ways):
    """The message of a refusal that changed nothing on the disk."""
    before = everything(place)
    with pytest.raises(CopanalysisError) as caught:
        run(place, **ways)
    assert everything(place) == before
    assert "Wolters" not in str(caught.value)
    return str(caught.value)


def test_a_folder_is_written_in_its_own_formats(place):
    report = run(place)
    out = place / "project" / "data" / "processed"
    assert (out / "P01.txt").read_text(encoding="utf-8") == (
        "Interviewer: Dag mevrouw [respondent-01].\nrespondent-01: Hoi. Ik zit in [plaats-01].\n"
    )
    assert (out / "P02.srt").read_text(encoding="utf-8") == (
        "1\n00:00:01,000 --> 00:00:02,000\nInterviewer: Dag [respondent-01].\n\n"
        "2\n00:00:02,500 --> 00:00:04,000\nrespondent-01: Hoi, bel [telefoon-01].\n"
    )
    assert sorted(out.iterdir()) == [out / "P01.txt", out / "P02.srt"]
    assert report.replaced.groupby("kind")["n"].sum().to_dict() == {
        "person": 2,
        "phone": 1,
        "place": 1,
        "speaker": 2,
    }
    assert report.new == 5


def test_the_result_reads_as_the_same_conversation(place):
    run(place)
    for name in ("P01.txt", "P02.srt"):
        before = read_transcript(place / "project" / "data" / "raw" / name)
        after = read_transcript(place / "project" / "data" / "processed" / name)
        assert [(t.id, t.role, t.start, t.end) for t in before.turns] == [
            (t.id, t.role, t.start, t.end) for t in after.turns
        ]


def test_a_word_document_becomes_lines_of_turns(place):
    data = docx(p("Interviewer: Ja?") + p("Annelies Wolters: Ja, Annelies."))
    (place / "project" / "data" / "raw" / "P03.docx").write_bytes(data)
    run(place)
    written = (place / "project" / "data" / "processed" / "P03.txt").read_text(encoding="utf-8")
    assert written == "Interviewer: Ja?\nrespondent-01: Ja, [respondent-01].\n"


def test_one_file_goes_to_one_file(place):
    run(place, source="project/data/raw/P01.txt", out="private/P01.txt")
    assert "respondent-01: Hoi" in (place / "private" / "P01.txt").read_text(encoding="utf-8")
    message = refused(place, source="project/data/raw/P02.srt", out="private/P02.txt")
    assert "name it P02.srt" in message


def test_names_of_files_and_folders_are_replaced(place):
    raw = place / "project" / "data" / "raw"
    (raw / "Annelies Wolters").mkdir()
    (raw / "Annelies Wolters" / "gesprek_Annelies_Wolters.txt").write_text(TEXT, encoding="utf-8")
    report = run(place)
    out = place / "project" / "data" / "processed"
    assert (out / "respondent-01" / "gesprek_respondent-01.txt").is_file()
    assert "gesprek_respondent-01.txt" in set(report.replaced["file"])


def test_line_ends_stay_and_bytes_become_utf8(place):
    path = place / "project" / "data" / "raw" / "P01.txt"
    path.write_bytes("Interviewer: Dag é.\r\nAnnelies Wolters: Hoi.\r\n".encode("cp1252"))
    run(place)
    written = (place / "project" / "data" / "processed" / "P01.txt").read_bytes()
    assert written == "Interviewer: Dag é.\r\nrespondent-01: Hoi.\r\n".encode()


def test_the_key_is_private_and_reused(place):
    run(place)
    key = place / "private" / "key.csv"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    first = key.read_bytes()
    os.chmod(key, 0o644)
    report = run(place, out="project/data/again")
    assert (report.new, key.read_bytes()) == (0, first)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for name in ("P01.txt", "P02.srt"):
        one, two = (place / "project" / "data" / f / name for f in ("processed", "again"))
        assert one.read_bytes() == two.read_bytes()


def test_pseudonymising_the_result_changes_nothing(place):
    run(place)
    report = run(place, source="project/data/processed", out="project/data/twice")
    assert report.replaced.empty
    for name in ("P01.txt", "P02.srt"):
        one, two = (place / "project" / "data" / f / name for f in ("processed", "twice"))
        assert one.read_bytes() == two.read_bytes()


def test_the_report_holds_no_name(place):
    report = run(place)
    told = report.replaced.to_csv() + " ".join(map(str, report.notes))
    assert not [word for word in ("Annelies", "Wolters", "Ommen") if word in told]


def test_a_key_inside_the_project_is_refused(place):
    assert "inside the project" in refused(place, key="project/key.csv")
    assert "inside the project" in refused(place, key="private/../project/data/key.csv")


def test_a_link_does_not_bring_the_key_into_the_project(place):
    (place / "private" / "link.csv").symlink_to(place / "project" / "key.csv")
    assert "inside the project" in refused(place, key="private/link.csv")
    (place / "outside").symlink_to(place / "project", target_is_directory=True)
    assert "inside the project" in refused(place, key="outside/key.csv")
    (place / "project" / "elsewhere").symlink_to(place / "private", target_is_directory=True)
    assert "inside the project" in refused(place, key="project/elsewhere/key.csv")


def test_a_second_name_of_the_key_is_refused(place):
    (place / "private" / "key.csv").write_bytes(key_bytes(Key()))
    os.link(place / "private" / "key.csv", place / "project" / "copy.csv")
    assert "hard link" in refused(place)


def test_a_key_that_leads_nowhere_or_is_no_file_is_refused(place):
    (place / "private" / "dangling.csv").symlink_to(place / "private" / "gone.csv")
    assert "leads nowhere" in refused(place, key="private/dangling.csv")
    assert "does not exist" in refused(place, key="nowhere/key.csv")
    assert "not a file" in refused(place, key="private")


def test_a_key_that_is_not_sound_is_refused_with_every_row(place):
    wrong = "x,person,Wolters,\nplaats-01,face,Ommen,\nplaats-02,place,,\n"
    at_odds = "plaats-03,place,Ede,\nplaats-04,place,ede,\nplaats-03,person,Bas,P01\n"
    rows = f"pseudonym,kind,form,document\n{wrong}{at_odds}"
    (place / "private" / "key.csv").write_text(rows, encoding="utf-8")
    message = refused(place)
    assert message.count("key, line") == 3
    assert message.count("key, row") == 2
    (place / "private" / "key.csv").write_text("a,b\n", encoding="utf-8")
    assert "columns pseudonym, kind" in refused(place)


def test_a_key_is_read_back_as_written(place):
    key = Key((Entry("persoon-01", "person", 'Jan "Jip", de Éénde', "a/P01"),))
    (place / "private" / "key.csv").write_bytes(key_bytes(key))
    assert read_key(place / "private" / "key.csv") == key


def test_something_at_the_place_to_write_is_refused(place):
    out = place / "project" / "data" / "processed"
    out.mkdir()
    run(place)  # an empty folder is no obstacle
    assert "something that is there" in refused(place)
    assert "something that is there" in refused(place, out="project/data/processed/P01.txt")
    (place / "link").symlink_to(place / "nowhere")
    assert "something that is there" in refused(place, out="link")


def test_places_that_lie_in_each_other_are_refused(place):
    assert "within the source" in refused(place, out="project/data/raw/out")
    assert "with the transcripts" in refused(place, source="private/..", out="elsewhere")
    assert "does not exist" in refused(place, source="nowhere")
    assert "no such folder" in refused(place, out="nowhere/out")


def test_one_bad_file_refuses_all_and_every_one_is_told(place):
    raw = place / "project" / "data" / "raw"
    (raw / "P03.docx").write_bytes(b"no document")
    (raw / "P04.doc").write_bytes(b"\xd0\xcf\x11\xe0 old")
    (raw / "P05.txt").symlink_to(raw / "P01.txt")
    (raw / "P01.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHoi\n", encoding="utf-8")
    message = refused(place)
    for name in ("P03.docx", "P04.doc", "P05.txt", "P01: found two files"):
        assert name in message


def test_other_files_are_left_out_and_told(place):
    raw = place / "project" / "data" / "raw"
    (raw / "index.csv").write_text("id\n", encoding="utf-8")
    (raw / ".DS_Store").write_bytes(b"x")
    report = run(place)
    assert [note.where for note in report.notes if "left out" in note.found] == ["index.csv"]
    assert not (place / "project" / "data" / "processed" / "index.csv").exists()


def test_a_folder_without_transcripts_is_refused(place):
    (place / "empty").mkdir()
    assert "no transcripts" in refused(place, source="empty")


def test_a_failure_while_writing_leaves_nothing(place, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pseudonym_files.os, "replace", fail)
    assert "No space left" in refused(place)
    monkeypatch.setattr(pseudonym_files, "write_private", fail)
    assert "No space left" in refused(place)


def test_a_failure_at_the_last_step_leaves_the_key_as_it_was(place, monkeypatch):
    key = place / "private" / "key.csv"
    key.write_bytes(key_bytes(Key((Entry("persoon-05", "person", "Iemand", "P09"),))))
    real, calls = os.replace, []

    def fail_on_the_folder(source, target):
        calls.append(target)
        if str(target).endswith("processed"):
            raise OSError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(pseudonym_files.os, "replace", fail_on_the_folder)
    assert "Permission denied" in refused(place)
    assert calls[0] == key


def test_a_key_changed_meanwhile_is_refused(place, monkeypatch):
    real = pseudonym_files.pseudonymise_sources

    def slow(*args, **options):
        other = Key((Entry("persoon-01", "person", "Iemand", "P09"),))
        (place / "private" / "key.csv").write_bytes(key_bytes(other))
        return real(*args, **options)

    monkeypatch.setattr(pseudonym_files, "pseudonymise_sources", slow)
    with pytest.raises(CopanalysisError, match="changed meanwhile"):
        run(place)
    assert not (place / "project" / "data" / "processed").exists()
