"""What a transcript holds, told without names or words of those who speak."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copanalysis.fieldwork.transcript import Document, read_transcript


def inspect_transcript(path: Path, *, roles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a transcript holds, ready for JSON.

    Keys: kind ("transcript"), path, format, documents (a list with this one: id, format, hash,
    characters, turns, insertions, deletions), turns (count, and by_speaker: turns per coded
    speaker), speakers (count, and labels: code "S1", role, turns, words), and codes, segments
    and coders, which are empty because a transcript is not coded yet, and problems. Speakers
    are coded S1, S2, ... in the order in which they first speak, unknown ones "?"; no name and
    nothing that was said is told.

    Raises CopanalysisError as `read_transcript`.
    """
    document = read_transcript(path, roles=roles)
    codes = _speaker_codes(document)
    turns = Counter(codes[turn.speaker] for turn in document.turns)
    labels = [_speaker(document, name, code=code) for name, code in codes.items() if name]
    return {
        "kind": "transcript",
        "path": str(path),
        "format": document.format,
        "documents": [_document(document)],
        "codes": [],
        "segments": [],
        "coders": [],
        "turns": {"count": len(document.turns), "by_speaker": dict(turns)},
        "speakers": {"count": len(labels), "labels": labels},
        "problems": [problem.as_dict() for problem in document.problems],
    }


def transcript_text(found: Mapping[str, Any]) -> str:
    """The result of `inspect_transcript` as text for a terminal."""
    [document] = found["documents"]
    lines = [
        f"{found['path']}: transcript ({found['format']})",
        f"{found['turns']['count']} turns of {found['speakers']['count']} speakers, "
        f"{document['characters']} characters; tracked changes: {document['insertions']} "
        f"insertions (kept), {document['deletions']} deletions (left out)",
    ]
    for speaker in found["speakers"]["labels"]:
        role = speaker["role"] or "role unknown"
        lines.append(f"  {speaker['label']} ({role}): {speaker['turns']} turns")
    if "?" in found["turns"]["by_speaker"]:
        lines.append(f"  unknown: {found['turns']['by_speaker']['?']} turns")
    if found["problems"]:
        lines += ["", "To look at:"]
    for problem in found["problems"]:
        lines.append(f"- {problem['level']}: {problem['where']}: found {problem['found']}.")
        lines.append(f"  Expected {problem['expected']}; {problem['fix']}.")
    return "\n".join(lines) + "\n"


def _speaker_codes(document: Document) -> dict[str, str]:
    names = dict.fromkeys(turn.speaker for turn in document.turns)
    numbers = {name: number for number, name in enumerate(filter(None, names), 1)}
    return {name: f"S{numbers[name]}" if name else "?" for name in names}


def _speaker(document: Document, name: str, *, code: str) -> dict[str, Any]:
    own = [turn for turn in document.turns if turn.speaker == name]
    words = sum(len(turn.text.split()) for turn in own)
    return {"label": code, "role": own[0].role, "turns": len(own), "words": words}


def _document(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "format": document.format,
        "hash": document.hash,
        "characters": len(document.text),
        "turns": len(document.turns),
        "insertions": document.insertions,
        "deletions": document.deletions,
    }
