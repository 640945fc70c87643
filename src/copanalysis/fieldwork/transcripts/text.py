"""Plain text with the speakers before what they say."""

from __future__ import annotations

from collections.abc import Collection

from copanalysis.fieldwork.transcripts.encoding import decoded
from copanalysis.fieldwork.transcripts.header import interviewers, without_header
from copanalysis.fieldwork.transcripts.lines import spoken_of
from copanalysis.fieldwork.transcripts.oddities import header_note
from copanalysis.fieldwork.transcripts.spoken import Line, Reading


def read_text(data: bytes, *, name: str, known: Collection[str] = ()) -> Reading:
    """Read lines "Name: text", "[00:12:31] Name: text", "I: text"; times may stand alone.

    ``known`` are names of speakers that were told. Raises CopanalysisError when the bytes are
    no text.
    """
    text, problems = decoded(data, name=name)
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [Line(line, number) for number, line in enumerate(raw, 1)]
    fields, length = without_header(lines)
    spoken, doubts = spoken_of(lines[length:], name=name, unit="line", known=known)
    problems += [*header_note(name, "line", range(1, length + 1)), *doubts]
    return Reading("txt", "line", spoken, tuple(problems), interviewers=interviewers(fields))
