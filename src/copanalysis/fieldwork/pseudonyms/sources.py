"""What is pseudonymised: a text with its speakers, and which parts of it are no speech."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from copanalysis.fieldwork.transcript import Document, read_transcript
from copanalysis.fieldwork.transcripts.clock import MARK, SET_OFF
from copanalysis.fieldwork.transcripts.cues import TIMING, VOICE
from copanalysis.fieldwork.transcripts.encoding import decoded
from copanalysis.fieldwork.transcripts.labels import ADDED, NUMBERED, folded, role_of_word
from copanalysis.fieldwork.transcripts.vocabulary import ANYONE, HEADER_KEYS, WHO_ASKS

HEADING = re.compile(r"\A\ufeff?WEBVTT[^\n]*")
CUE_NAME = re.compile(r"(?:\A|\n[ \t\r]*\n)(?P<name>[^\n]*)\n(?=[^\n]*-->)")
HEADER_KEY = re.compile(
    rf"^[ \t]*(?P<key>{'|'.join(sorted(map(re.escape, HEADER_KEYS | WHO_ASKS)))})(?=[ \t]*:)",
    re.MULTILINE | re.IGNORECASE,
)
TAGS = re.compile(r"</?[a-zA-Z][^<>\n]*>|<[\d:.]+>")
LAST_OF_TAG = ":"  # in the speech: what follows a voice tag begins a sentence


@dataclass(frozen=True)
class Source:
    """A text to pseudonymise.

    ``id`` names the document in the key. ``suffix`` is that of the file it goes to. ``roles``
    are the labels of its speakers with the role of each. In a ``conversation`` any word with a
    capital that nothing explains is a name; in other texts only words on a list of names are.
    """

    id: str
    text: str
    suffix: str = ".txt"
    roles: Mapping[str, str] = field(default_factory=dict)
    conversation: bool = True

    @cached_property
    def speech(self) -> str:
        """The text with labels, times and tags blank; what is said stays at its place."""
        text = speech_of(self.text) if self.suffix in (".vtt", ".srt") else self.text
        keys = [found.span("key") for found in HEADER_KEY.finditer(text)]
        for start, end in (*self._label_spans, *keys):
            text = text[:start] + " " * (end - start) + text[end:]
        return text

    @cached_property
    def labels(self) -> tuple[tuple[int, int, str], ...]:
        """Where a label that is a name stands (start, end, label), in order."""
        spans = ((start, end, self.text[start:end]) for start, end in self._label_spans)
        return tuple(span for span in spans if is_name(span[2]))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The labels that are names."""
        return tuple(label for label in self.roles if is_name(label))

    @cached_property
    def _label_spans(self) -> list[tuple[int, int]]:
        if not self.roles:
            return []
        found = [m.span("label") for m in self._pattern().finditer(self.text)]
        if self.suffix == ".vtt":
            found += [m.span(1) for m in VOICE.finditer(self.text) if self._is_label(m[1])]
        return sorted(set(found))

    def role_of(self, label: str) -> str:
        """The role of a speaker by label, however spaced; "" when it is not told."""
        return next((r for name, r in self.roles.items() if folded(name) == folded(label)), "")

    def with_text(self, text: str) -> Source:
        """The same source with another text."""
        return replace(self, text=text)

    def _is_label(self, name: str | None) -> bool:
        return folded(name or "") in {folded(label) for label in self.roles}

    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self.roles, key=len, reverse=True)
        names = "|".join(r"\s+".join(map(re.escape, label.split())) for label in longest)
        lead = rf"^[ \t]*(?:{MARK}[\s\-–]*)?\[?"
        behind = rf"\]?[ \t]*(?:{SET_OFF}[ \t]*)?:|[ \t]+{MARK}[ \t]*\r?$"
        return re.compile(rf"{lead}(?P<label>{names})(?={behind})", re.MULTILINE)


def source_of(path: Path, *, id: str, roles: Mapping[str, str] | None = None) -> Source:
    """Read a transcript for pseudonymising; ``roles`` as in `read_transcript`.

    Caption files and plain text keep their form; Word, OpenDocument and PDF become a line
    "SPEAKER: text" per turn, as `read_transcript` reads them: lay-out and comments are left out.
    """
    document = read_transcript(path, roles=roles)
    if document.format.startswith("vtt"):
        suffix = ".vtt"
    else:
        suffix = f".{document.format}" if document.format in ("srt", "txt") else ".txt"
    whole = document.format.startswith("vtt") or document.format in ("srt", "txt")
    text = _plain_text(path) if whole else document.text
    return Source(id, text, suffix, speakers(document))


def speech_of(text: str) -> str:
    """The text of a caption file with its heading, times, names of cues and tags blank."""
    spans = [m.span() for m in HEADING.finditer(text)]
    spans += [m.span("name") for m in CUE_NAME.finditer(text)]
    at = 0
    for line in text.splitlines(keepends=True):
        if TIMING.fullmatch(line.rstrip("\r\n")):
            spans.append((at, at + len(line)))
        at += len(line)
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [" "] * (end - start)
    for tag in TAGS.finditer(text):
        name = VOICE.fullmatch(tag[0])
        kept = tag.start() + name.start(1) if name and name[1] else tag.end()
        letters[tag.start() : kept] = [" "] * (kept - tag.start())
        letters[tag.end() - 1] = LAST_OF_TAG if name else " "
    return "".join(letters)


def _plain_text(path: Path) -> str:
    text, _ = decoded(path.read_bytes(), name=path.name)
    return text


def speakers(document: Document) -> dict[str, str]:
    """The labels of the speakers of a document, with the role of each."""
    return {turn.speaker: turn.role for turn in document.turns if turn.speaker}


def is_name(label: str) -> bool:
    """Whether a speaker's label is a name, not a word for a role ("INT", "Deelnemer 2")."""
    bare = ADDED.sub("", label)
    numbered = NUMBERED.fullmatch(folded(bare))
    anyone = numbered is not None and numbered[1] in ANYONE
    return not role_of_word(bare) and not anyone
