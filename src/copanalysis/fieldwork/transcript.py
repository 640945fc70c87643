"""A transcript as a document of turns: who said what, when, and where it stands in the text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.fieldwork.transcripts.captions import read_srt, read_vtt
from copanalysis.fieldwork.transcripts.header import asking_speakers
from copanalysis.fieldwork.transcripts.labels import folded, role_of_word
from copanalysis.fieldwork.transcripts.oddities import oddities, one_line
from copanalysis.fieldwork.transcripts.open_document import read_odt
from copanalysis.fieldwork.transcripts.spoken import Reading, Spoken
from copanalysis.fieldwork.transcripts.text import read_text
from copanalysis.fieldwork.transcripts.word import read_docx
from copanalysis.study.archive import MIB, entry_names

TEXTS = ("txt", "vtt", "srt")
ROLES = ("interviewer", "respondent", "")
MAX_BYTES = 128 * MIB  # a document with pictures; no transcript is larger
MAX_TEXT = 16 * MIB  # a file of text alone: days of talk
SRT = re.compile(rb"\s*\d+\s*\n\s*\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}\s*-->")
OLD_WORD, RICH_TEXT = b"\xd0\xcf\x11\xe0", b"{\\rtf"


@dataclass(frozen=True)
class Turn:
    """What one speaker said in one go.

    ``id`` is stable within the document ("P01-0007"). ``speaker`` is as written, "" when
    unknown; ``role`` is one of ROLES. ``start`` and ``end`` are seconds from the beginning,
    where the format tells. ``offset`` is where ``text`` begins in the text of the document, in
    code points.
    """

    id: str
    speaker: str
    role: str
    start: float | None
    end: float | None
    text: str
    offset: int


@dataclass(frozen=True)
class Document:
    """A transcript as read.

    ``text`` holds a line "SPEAKER: text" per turn, the text alone where the speaker is unknown;
    letters are as in the file, a line end within a turn is a space. ``hash`` is the SHA-256 of
    ``text`` in UTF-8. ``insertions`` and ``deletions`` count the tracked changes met: the first
    stand in the text, the second do not.
    """

    id: str
    path: Path
    format: str
    turns: tuple[Turn, ...]
    text: str
    hash: str
    insertions: int
    deletions: int
    problems: tuple[Problem, ...]


def read_transcript(path: Path, *, roles: Mapping[str, str] | None = None) -> Document:
    """Read a transcript in Word, OpenDocument, text, PDF, VTT or SRT.

    What a file is, is told by its content, not by its name.

    Parameters
    ----------
    path : Path
        The file; the id of the document is its name without extension.
    roles : mapping of str to str, optional
        Speakers, as the file writes them, to "interviewer" or "respondent" ("" leaves it
        open). A name in it is a speaker wherever it stands before a colon.

    Returns
    -------
    Document
        With every oddity in ``problems``, told by its place and without words of the text.

    Raises
    ------
    CopanalysisError
        For a file that is missing, empty, damaged, locked, hostile or no transcript.

    Notes
    -----
    Role of a speaker: what ``roles`` says; else "interviewer" when the header of the document
    names the speaker as such, else what the label itself says ("INT", "R2"). Once somebody is
    known as interviewer, other speakers with a name are respondents.
    """
    path = Path(path)
    told = _checked_roles(roles or {})
    data = _bytes(path)
    kind = _kind(data, path)
    if kind in TEXTS and len(data) > MAX_TEXT:
        raise _too_large(path, MAX_TEXT)
    reading = _reader(kind)(data, name=path.name, known=frozenset(roles or ()))
    problems = [*_misnamed(path, kind), *reading.problems, *oddities(reading, name=path.name)]
    spoken = [turn for turn in reading.spoken if one_line(turn.text)]
    if not spoken:
        raise CopanalysisError(f"{path.name} holds nothing that was said.", problems)
    roles_met = _roles(spoken, reading, told)
    if "interviewer" not in roles_met.values():
        problems.append(_nobody_asks(path))
    turns, text = _turns(spoken, path.stem, roles_met)
    digest = hashlib.sha256(text.encode()).hexdigest()
    changes = (reading.insertions, reading.deletions)
    return Document(path.stem, path, reading.format, turns, text, digest, *changes, tuple(problems))


def _checked_roles(roles: Mapping[str, str]) -> dict[str, str]:
    wrong = sorted({role for role in roles.values() if role not in ROLES})
    if wrong:
        raise CopanalysisError(
            f"Unknown role of a speaker: {', '.join(map(repr, wrong))}. "
            "A role is 'interviewer', 'respondent' or ''."
        )
    return {folded(name): role for name, role in roles.items()}


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise CopanalysisError(f"{path} is not a file.")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CopanalysisError(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise _too_large(path, MAX_BYTES)
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise CopanalysisError(f"{path.name} is empty.")
    return data


def _too_large(path: Path, most: int) -> CopanalysisError:
    return CopanalysisError(
        f"{path.name} is larger than {most // MIB} MiB, which no transcript is. It is refused; "
        "take pictures out of a document, or split the file."
    )


def _kind(data: bytes, path: Path) -> str:
    """What a file is: "docx", "odt", "pdf", "vtt", "srt" or "txt"."""
    head = data[:1024].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    suffix = path.suffix.lower().lstrip(".")
    if data.startswith(b"PK"):
        return _kind_of_archive(data, path)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(OLD_WORD):
        raise _refused(path, "is an old Word document (.doc), or one locked with a password")
    if head.startswith(RICH_TEXT):
        raise _refused(path, "is a document in Rich Text Format (.rtf)")
    if head.startswith(b"WEBVTT"):
        return "vtt"
    if SRT.match(head):
        return "srt"
    if suffix not in TEXTS:
        raise _refused(path, "is no transcript in a format that is read here")
    return suffix


def _kind_of_archive(data: bytes, path: Path) -> str:
    names = entry_names(data, where=path.name)
    if any(name.startswith("word/") for name in names):
        return "docx"
    if "content.xml" in names:
        return "odt"
    raise _refused(path, "is an archive, but no Word or OpenDocument text")


def _refused(path: Path, what: str) -> CopanalysisError:
    return CopanalysisError(
        f"{path.name} {what}. Save it as .docx, .odt, .txt, .pdf (with text), .vtt or .srt, "
        "without a password."
    )


def _reader(kind: str) -> Callable[..., Reading]:
    if kind == "pdf":
        from copanalysis.fieldwork.transcripts.pdf import read_pdf  # slow to import

        return read_pdf
    readers = {
        "docx": read_docx,
        "odt": read_odt,
        "txt": read_text,
        "vtt": read_vtt,
        "srt": read_srt,
    }
    return readers[kind]


def _misnamed(path: Path, kind: str) -> list[Problem]:
    if path.suffix.lower() == f".{kind}":
        return []
    found = f"a file that is {kind} by its content"
    fix = f"name it {path.stem}.{kind}"
    return [Problem(path.name, found, f"a name that ends in .{kind}", fix, "note")]


def _roles(spoken: list[Spoken], reading: Reading, told: Mapping[str, str]) -> dict[str, str]:
    """The role of every speaker by name."""
    names = {turn.speaker for turn in spoken}
    asking = asking_speakers(names, reading.interviewers)
    roles: dict[str, str] = {}
    for name in names:
        by_header = "interviewer" if name in asking else role_of_word(name)
        roles[name] = told.get(folded(name), by_header)
    if "interviewer" in roles.values():
        for name in roles:
            if name and folded(name) not in told:
                roles[name] = roles[name] or "respondent"
    return roles


def _nobody_asks(path: Path) -> Problem:
    found = "no speaker who is known as interviewer"
    expected = "a label such as 'Interviewer' or 'INT', or a header that names the interviewer"
    return Problem(path.name, found, expected, "give the roles of the speakers", "note")


def _turns(
    spoken: list[Spoken], document: str, roles: Mapping[str, str]
) -> tuple[tuple[Turn, ...], str]:
    """The turns with their places in the text that they make together, and that text."""
    turns: list[Turn] = []
    parts: list[str] = []
    length = 0
    for number, said in enumerate(spoken, 1):
        name = one_line(said.speaker)
        prefix, text = f"{name}: " if name else "", one_line(said.text)
        role = roles[said.speaker]
        id = f"{document}-{number:04d}"
        turns.append(Turn(id, name, role, said.start, said.end, text, length + len(prefix)))
        parts.append(f"{prefix}{text}\n")
        length += len(parts[-1])
    return tuple(turns), "".join(parts)
