"""Tables in which the turns of a conversation stand: speaker and text, often with a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from copanalysis.fieldwork.transcripts.clock import ONLY_TIME, seconds
from copanalysis.fieldwork.transcripts.labels import (
    MOST_WORDS,
    folded,
    looks_like_a_name,
    role_of_word,
)
from copanalysis.fieldwork.transcripts.spoken import Line
from copanalysis.fieldwork.transcripts.vocabulary import (
    SPEAKER_COLUMN,
    TEXT_COLUMN,
    TIME_COLUMN,
)

NUMBER = re.compile(r"\s*#?\d{1,5}\.?\s*")
NUMBER_COLUMN = frozenset(("", "#", "nr", "nr.", "nummer", "no", "regel"))
LONGEST_NAME = 60


@dataclass(frozen=True)
class Row:
    """A row of a table: the place of its first paragraph, and the text of its cells."""

    place: int
    cells: tuple[str, ...]


def lines_of_table(rows: Sequence[Row], *, known: Collection[str]) -> list[Line] | None:
    """The turns in a table, one line per row; None when it holds no turns.

    Columns are told by their headings, else by what stands in them: times, row numbers, short
    names that come back, and text. A row without a speaker goes on with the row above. A table
    with one column of text is read as lines that name their speakers themselves.
    """
    rows = [row for row in rows if any(cell.strip() for cell in row.cells)]
    width = max((len(row.cells) for row in rows), default=0)
    rows = [replace(row, cells=(*row.cells, *[""] * (width - len(row.cells)))) for row in rows]
    if not rows:
        return []
    kinds = _kinds_by_heading(rows[0])
    rows = rows[1:] if kinds else rows
    kinds = kinds or _kinds_by_content(rows, known)
    if kinds.count("text") != 1 or kinds.count("speaker") > 1:
        return None
    return _lines(rows, kinds)


def _kinds_by_heading(row: Row) -> list[str]:
    words = {"speaker": SPEAKER_COLUMN, "text": TEXT_COLUMN, "time": TIME_COLUMN}
    kinds = []
    for cell in row.cells:
        key = folded(cell.rstrip(" :"))
        found = [kind for kind, own in words.items() if key in own]
        kinds += found[:1] or (["number"] if key in NUMBER_COLUMN else ["?"])
    return [] if "?" in kinds or "text" not in kinds else kinds


def _kinds_by_content(rows: Sequence[Row], known: Collection[str]) -> list[str]:
    kinds = []
    for column in zip(*(row.cells for row in rows), strict=True):
        filled = [cell for cell in column if cell.strip()]
        if filled and all(ONLY_TIME.fullmatch(cell) for cell in filled):
            kinds.append("time")
        elif all(NUMBER.fullmatch(cell) for cell in filled):
            kinds.append("number")
        else:
            kinds.append("text")
    texts = [number for number, kind in enumerate(kinds) if kind == "text"]
    if len(texts) == 2 and _are_speakers([row.cells[texts[0]] for row in rows], known):
        kinds[texts[0]] = "speaker"
    return kinds


def _are_speakers(cells: Sequence[str], known: Collection[str]) -> bool:
    names = [cell.strip().rstrip(":").strip() for cell in cells if cell.strip()]
    short = all(len(n) <= LONGEST_NAME and len(n.split()) <= MOST_WORDS for n in names)
    told = {folded(name) for name in known}
    counts = Counter(folded(name) for name in names)
    like = [
        looks_like_a_name(name) or bool(role_of_word(name)) or folded(name) in told
        for name in names
    ]
    return bool(names) and short and (all(like) or max(counts.values()) > 1)


def _lines(rows: Sequence[Row], kinds: Sequence[str]) -> list[Line]:
    lines: list[Line] = []
    more: list[list[str]] = []
    for row in rows:
        cells = dict(zip(kinds, row.cells, strict=True))
        time = ONLY_TIME.fullmatch(cells.get("time", ""))
        start = seconds(time["mark"]) if time else None
        speaker = " ".join(cells.get("speaker", "").split()).rstrip(":").strip()
        if speaker or not lines or "speaker" not in kinds:
            told = speaker if "speaker" in kinds else None
            lines.append(Line("", row.place, told, start))
            more.append([cells["text"]])
        else:
            more[-1].append(cells["text"])
    pairs = zip(lines, more, strict=True)
    return [replace(line, text="\n".join(texts)) for line, texts in pairs]
