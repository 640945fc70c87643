"""The gold standard for pseudonymisation: where the twin's transcripts identify somebody.

Run as a script it writes tests/data/pseudonymisation_gold.csv anew, from the source texts.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from copanalysis.fieldwork.transcript import Document, read_transcript
from copanalysis.twin.fieldwork import OWN, Transcript, transcripts, write_fieldwork
from copanalysis.twin.transcripts.conversations import Conversation, read_conversations

GOLD = Path(__file__).resolve().parents[1] / "data" / "pseudonymisation_gold.csv"
COLUMNS = ("document", "start", "end", "kind", "text")
SEED = 2021
Row = tuple[str, int, int, str, str]


def gold_rows(folder: Path) -> list[Row]:
    """Every marked mention, in code points of the text as `read_transcript` gives it.

    ``folder`` holds the transcripts. The label of a speaker who is named in full or by first
    name is a mention of the kind "speaker"; "Interviewer", "R" and the like are none.
    """
    rows: list[Row] = []
    for transcript in transcripts(read_conversations()):
        document = read_transcript(folder / transcript.file)
        rows += sorted({*_said(transcript.conversation, document), *_labels(transcript, document)})
    return rows


def _said(conversation: Conversation, document: Document) -> Iterator[Row]:
    for turn, utterance in zip(document.turns, conversation.utterances, strict=True):
        for mention in utterance.mentions:
            start, end = turn.offset + mention.start, turn.offset + mention.end
            yield document.id, start, end, mention.kind, document.text[start:end]


def _labels(transcript: Transcript, document: Document) -> Iterator[Row]:
    named = {name for person in transcript.conversation.people for name in _names(person.name)}
    for turn in document.turns:
        if turn.speaker in named:
            end = turn.offset - len(": ")
            yield document.id, end - len(turn.speaker), end, "speaker", turn.speaker


def _names(name: str) -> tuple[str, str]:
    return name, name.split()[0]


def write_gold(path: Path = GOLD) -> int:
    """Write the gold standard; returns how many mentions it holds."""
    with tempfile.TemporaryDirectory() as folder:
        write_fieldwork(Path(folder), seed=SEED)
        rows = gold_rows(Path(folder) / OWN)
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS, *rows])
    return len(rows)


if __name__ == "__main__":
    sys.stdout.write(f"{write_gold()} mentions in {GOLD.name}\n")
