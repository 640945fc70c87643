"""The synthetic twin of the fieldwork: transcripts in the formats a field team hands in."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from copanalysis.errors import CopanalysisError
from copanalysis.twin.transcripts.captions import caption_file
from copanalysis.twin.transcripts.conversations import FOLDER, Conversation, read_conversations
from copanalysis.twin.transcripts.open_document import odt_file
from copanalysis.twin.transcripts.pdf import pdf_file
from copanalysis.twin.transcripts.plain_text import STYLES, text_file
from copanalysis.twin.transcripts.speaker_labels import speaker_labels
from copanalysis.twin.transcripts.word import word_file

OWN = Path("fieldwork") / "transcripts"
INDEX, SOURCE = "index.csv", "source.toml"
MADE_BY = "copanalysis twin"
TOLD = """synthetic = true
made_by = "{made_by}"
seed = {seed}
note = "Verzonnen gesprekken met verzonnen personen, gemaakt om de analyse te kunnen tonen."
"""
COLUMNS = (
    *("id", "file", "kind", "group", "cop", "organisation"),
    *("date", "minutes", "interviewer", "interviewer_label"),
)
# format -> the ways of writing that the conversations in it take in turn: labels and layout
WAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "docx": (("name", "colon"), ("first", "bold"), ("role", "plain")),
    "docx-tracked": (("name", "colon"),),
    "docx-table": (("first", "table"), ("name", "timed")),
    "odt": (("name", ""), ("code", "")),
    "txt": tuple((style.labels, str(number)) for number, style in enumerate(STYLES)),
    "pdf": (("role", ""),),
    "srt": (("role", ""), ("name", "")),
    "vtt-teams": (("name", ""),),
    "vtt-zoom": (("name", ""),),
    "vtt-whisper": (("recognised", ""),),
}


@dataclass(frozen=True)
class Transcript:
    """A conversation as it is handed in: labels of the speakers by code, and layout."""

    conversation: Conversation
    labels: Mapping[str, str]
    layout: str

    @property
    def file(self) -> str:
        return f"{self.conversation.id}.{self.conversation.format.partition('-')[0]}"


def write_fieldwork(out: Path, *, seed: int, texts: Path = FOLDER) -> list[Path]:
    """Write the twin's transcripts and their list, whole or not at all; returns the files.

    Parameters
    ----------
    out : Path
        The raw folder. Only ``fieldwork/transcripts`` in it is replaced.
    seed : int
        Draws how fast people speak. The same seed and texts give the same bytes.
    texts : Path
        The folder with the source texts; the package's own when not given.

    Raises
    ------
    CopanalysisError
        For source texts with problems, or transcripts there that the twin did not make.
    """
    conversations = read_conversations(texts)
    folder = out / OWN
    _refuse_other_transcripts(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".twin-") as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for transcript in transcripts(conversations):
            (made / transcript.file).write_bytes(_content(transcript, seed))
        (made / INDEX).write_text(_index(conversations), encoding="utf-8", newline="")
        told = TOLD.format(made_by=MADE_BY, seed=seed)
        (made / SOURCE).write_text(told, encoding="utf-8")
        names = sorted(path.name for path in made.iterdir())
        _put_in_place(made, folder, aside=Path(temporary) / "old")
    return [folder / name for name in names]


def transcripts(conversations: Sequence[Conversation]) -> Iterator[Transcript]:
    """How every conversation is handed in: those in one format take its ways in turn."""
    met: Counter[str] = Counter()
    for conversation in conversations:
        ways = WAYS[conversation.format]
        style, layout = ways[met[conversation.format] % len(ways)]
        met[conversation.format] += 1
        labels = speaker_labels(conversation, style=style)
        yield Transcript(conversation, labels, layout)


def _content(transcript: Transcript, seed: int) -> bytes:
    conversation, labels = transcript.conversation, transcript.labels
    rng = np.random.default_rng([seed, *conversation.id.encode()])
    kind = conversation.format.partition("-")[0]
    if kind == "docx":
        return word_file(conversation, labels, rng, layout=transcript.layout)
    if kind == "txt":
        return text_file(conversation, labels, rng, style=STYLES[int(transcript.layout)])
    if kind == "odt":
        return odt_file(conversation, labels)
    if kind == "pdf":
        return pdf_file(conversation, labels)
    return caption_file(conversation, labels, rng)


def _index(conversations: Sequence[Conversation]) -> str:
    """The list of the field team: no respondent is named in it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for transcript in transcripts(conversations):
        own = transcript.conversation
        asking = own.interviewers
        initials = ["".join(w[0] for w in p.name.split() if w[0].isupper()) for p in asking]
        labels = [transcript.labels[person.code] for person in asking]
        writer.writerow(
            [
                *(own.id, transcript.file, own.kind, own.group, own.cop, own.organisation),
                *(own.date.isoformat(), own.minutes, "; ".join(initials), "; ".join(labels)),
            ]
        )
    return target.getvalue()


def _refuse_other_transcripts(folder: Path) -> None:
    source = folder / SOURCE
    told = source.read_text(encoding="utf-8") if source.is_file() else ""
    filled = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if filled and f'made_by = "{MADE_BY}"' not in told:
        raise CopanalysisError(
            f"{folder} holds transcripts that the twin did not make, which would be lost: choose "
            "another folder, or move those transcripts away first."
        )


def _put_in_place(made: Path, folder: Path, *, aside: Path) -> None:
    """Move what was made into its place; what it replaces goes aside, and back on a failure."""
    if folder.exists():
        folder.rename(aside)
    try:
        made.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
