"""Inspection of a transcript: counts and oddities, no names and nothing that was said."""

import json

from transcript_files import read

from copanalysis.fieldwork.transcripts.inspection import inspect_transcript, transcript_text

TEXT = (
    "Interviewer: Hallo, hoe is het daar?\n"
    "Annelies Wolters: Goed hoor.\n"
    "Interviewer: En met Fatma?\n"
    "Fatma: Ook.\n"
)


def inspected(tmp_path, text=TEXT, **options):
    document = read(tmp_path, "P01.txt", text, **options)
    return document, inspect_transcript(tmp_path / "P01.txt", **options)


def test_it_counts_turns_and_codes_speakers(tmp_path):
    document, found = inspected(tmp_path)
    assert (found["kind"], found["format"]) == ("transcript", "txt")
    assert found["turns"] == {"count": 4, "by_speaker": {"S1": 2, "S2": 1, "S3": 1}}
    assert found["speakers"]["count"] == 3
    assert found["speakers"]["labels"][0] == {
        "label": "S1",
        "role": "interviewer",
        "turns": 2,
        "words": 8,
    }
    assert found["documents"] == [
        {
            "id": "P01",
            "format": "txt",
            "hash": document.hash,
            "characters": len(document.text),
            "turns": 4,
            "insertions": 0,
            "deletions": 0,
        }
    ]
    assert (found["codes"], found["segments"], found["coders"]) == ([], [], [])


def test_it_tells_no_names_and_nothing_that_was_said(tmp_path):
    text = (
        f"Datum: 3 mei\nInterviewer: Eva Vos\n\n{TEXT}Harm Bloem:\nkijk ook\x08 eens: Wageningen\n"
    )
    _, found = inspected(tmp_path, text, roles={"Fatma": "respondent"})
    shown = json.dumps(found, ensure_ascii=False) + transcript_text(found)
    for word in ("Annelies", "Wolters", "Fatma", "Eva", "Vos", "Harm", "Bloem", "Goed", "Wagen"):
        assert word not in shown.replace(str(tmp_path), "")


def test_unknown_speakers_are_counted_apart(tmp_path):
    _, found = inspected(tmp_path, "zonder naam\n" + TEXT)
    assert found["turns"]["by_speaker"]["?"] == 1
    assert found["speakers"]["count"] == 3
    assert "unknown: 1 turns" in transcript_text(found)


def test_the_text_for_a_terminal_lists_speakers_and_problems(tmp_path):
    _, found = inspected(tmp_path, TEXT + "Fatma:\n")
    text = transcript_text(found)
    assert "4 turns of 3 speakers" in text
    assert "  S1 (interviewer): 2 turns" in text
    assert "- warning: P01.txt, line 5: found 1 turn(s) without text" in text
