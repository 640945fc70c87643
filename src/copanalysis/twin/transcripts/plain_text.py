"""Conversations as plain text, in the ways and encodings in which transcribers hand them in."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from copanalysis.twin.transcripts.captions import clock
from copanalysis.twin.transcripts.conversations import Conversation
from copanalysis.twin.transcripts.letterhead import header_fields
from copanalysis.twin.transcripts.pace import speaking_times

WIDTH = 88


@dataclass(frozen=True)
class TextStyle:
    """How a transcriber writes: labels, encoding, line ends, where times and blank lines go."""

    labels: str
    encoding: str
    line_end: str
    times: str  # "before" the label, "alone" on a line, or "" for none
    header: bool
    wrapped: bool


STYLES = (
    TextStyle("name", "utf-8-sig", "\r\n", "before", header=True, wrapped=False),
    TextStyle("code", "cp1252", "\r\n", "", header=True, wrapped=False),
    TextStyle("first", "utf-16", "\r\n", "alone", header=True, wrapped=False),
    TextStyle("role", "utf-8", "\n", "", header=False, wrapped=True),
)


def text_file(
    conversation: Conversation,
    labels: Mapping[str, str],
    rng: np.random.Generator,
    *,
    style: TextStyle,
) -> bytes:
    """A conversation as text; UTF-8 where a letter is not in the encoding of the style."""
    lines = []
    if style.header:
        lines = [conversation.title, *(f"{k}: {v}" for k, v in header_fields(conversation)), ""]
    spans = speaking_times(conversation, rng)
    for utterance, span in zip(conversation.utterances, spans, strict=True):
        stamp = clock(span.start).partition(".")[0]
        line = f"{labels[utterance.code]}: {utterance.text}"
        if style.times == "before":
            line = f"[{stamp}] {line}"
        elif style.times == "alone":
            lines.append(stamp)
        wrapped = textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        lines += [*(wrapped if style.wrapped else [line]), ""]
    return _encoded(style.line_end.join(lines), style.encoding)


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-16":
        return b"\xff\xfe" + text.encode("utf-16-le")
    fits = text.encode(encoding, "ignore").decode(encoding) == text
    return text.encode(encoding if fits else "utf-8")  # as an editor does for a dotless i
