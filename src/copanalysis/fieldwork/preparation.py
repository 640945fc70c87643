"""From transcripts and coded projects to tidy, pseudonymised tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.fieldwork.coded_texts import Coding, read_coding
from copanalysis.fieldwork.conversations import INDEX, Conversation, read_conversations
from copanalysis.fieldwork.pseudonyms.changes import moved_positions
from copanalysis.fieldwork.pseudonyms.documents import masked_documents, masked_turns
from copanalysis.study.dictionary import framed
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study
from copanalysis.study.processed import write_processed
from copanalysis.study.raw import raw_folder, source_of

TRANSCRIPTS, CODING = Path("fieldwork") / "transcripts", Path("fieldwork") / "coding"
TABLES = ("documents", "turns", "segments", "given", "coded_answers", "code_changes")
MEMO = "memo: "  # before the words of a memo, as the name of a text to mask
ANSWER_PARTS = ("wave", "row", "item")


@dataclass(frozen=True)
class PreparedFieldwork:
    """The fieldwork, ready to be written: tables by name, files read, what was odd."""

    tables: dict[str, pd.DataFrame]
    inputs: tuple[Path, ...]
    data_date: str
    problems: tuple[Problem, ...]


def prepare_fieldwork(study: Study, *, raw: str = "") -> PreparedFieldwork:
    """Read every conversation and coded project of the raw folder and make their tables.

    A raw folder without ``fieldwork/`` gives tables without rows, and says so. The tables are
    those of TABLES, as tables.csv describes them.

    Raises
    ------
    CopanalysisError
        With every problem of the conversations, or else of the coded projects.
    """
    folder = raw_folder(study, raw=raw)
    met: list[Problem] = []
    said = _conversations(folder / TRANSCRIPTS, study, met)
    coding = _coding(folder / CODING, {c.id: c.document.text for c in said}, study, met)
    answers = _coded_answers(coding.texts, study)
    turns = _turns(said)
    memos = pd.Series(coding.segments["memo"].unique(), dtype="str")
    written = pd.concat(
        [
            framed(_documents(said), table="documents", study=study)[["document", "text"]],
            answers[["document", "text"]],
            pd.DataFrame({"document": MEMO + memos, "text": memos}),
        ],
        ignore_index=True,
    ).astype("str")
    masked = masked_documents(written, turns=turns, study=study)
    texts = masked.documents.set_index("document")["text"]
    turns = masked_turns(turns, masked=masked)
    turns = turns.assign(start=turns["offset"], end=turns["offset"] + turns["text"].str.len())
    tables = {
        "documents": [row | {"text": texts[row["document"]]} for row in _documents(said)],
        "turns": turns,
        "segments": _segments(coding.segments, masked.changes, texts, turns),
        "given": coding.given,
        "coded_answers": answers.assign(text=answers["document"].map(texts)),
        "code_changes": coding.changes,
    }
    tables = {name: framed(table, table=name, study=study) for name, table in tables.items()}
    inputs = [p for sub in (TRANSCRIPTS, CODING) for p in _files(folder / sub)]
    last = max((c.date for c in said), default=None)
    met += [p for c in said for p in c.document.problems]
    return PreparedFieldwork(tables, tuple(inputs), last.isoformat() if last else "", tuple(met))


def write_fieldwork(prepared: PreparedFieldwork, *, study: Study, raw: str = "") -> Path:
    """Write the tables to data/processed/fieldwork/, whole or not at all; returns that folder."""
    folder = raw_folder(study, raw=raw)
    source = source_of(folder) | {
        "data_date": prepared.data_date,
        "inputs": [[p.relative_to(folder).as_posix(), file_hash(p)] for p in prepared.inputs],
        "problems": [p.as_dict() for p in prepared.problems],
    }
    return write_processed(study, {"source": source, **prepared.tables}, folder="fieldwork")


def _conversations(folder: Path, study: Study, met: list[Problem]) -> tuple[Conversation, ...]:
    if folder.is_dir():
        return read_conversations(folder, study=study)
    met.append(_absent(folder, f"transcripts with their list ({INDEX})"))
    return ()


def _coding(folder: Path, texts: Mapping[str, str], study: Study, met: list[Problem]) -> Coding:
    if not _files(folder):
        met.append(_absent(folder, "a REFI-QDA project per coder (.qdpx)"))
    coding = read_coding(folder, texts=texts, study=study)
    met += coding.problems
    return coding


def _absent(folder: Path, expected: str) -> Problem:
    where = f"{folder.parent.name}/{folder.name}"
    return Problem(where, "nothing", expected, "put them there, if there are any", "warning")


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []


def _documents(said: Sequence[Conversation]) -> list[dict[str, object]]:
    same = ("kind", "group", "cop", "organisation", "phase", "minutes")
    read = ("format", "insertions", "deletions", "hash", "text")
    return [
        {
            "document": c.id,
            **{name: getattr(c, name) for name in same},
            **{name: getattr(c.document, name) for name in read},
            "date": pd.Timestamp(c.date),
            "n_turns": len(c.document.turns),
            "n_words": sum(len(turn.text.split()) for turn in c.document.turns),
        }
        for c in said
    ]


def _turns(said: Sequence[Conversation]) -> pd.DataFrame:
    rows = [
        {
            "document": c.id,
            "turn": turn.id,
            "number": number,
            "speaker": turn.speaker,
            "role": turn.role,
            "seconds_from": turn.start,
            "seconds_to": turn.end,
            "offset": turn.offset,
            "text": turn.text,
        }
        for c in said
        for number, turn in enumerate(c.document.turns, 1)
    ]
    columns = ["document", "turn", "number", "speaker", "role", "seconds_from", "seconds_to"]
    table = pd.DataFrame(rows, columns=[*columns, "offset", "text"])
    return table.astype(dict.fromkeys(("document", "speaker", "role", "text"), "str"))


def _segments(
    segments: pd.DataFrame, changes: pd.DataFrame, texts: pd.Series, turns: pd.DataFrame
) -> pd.DataFrame:
    """The passages in the masked texts, with their words and the turn in which each begins."""
    moved = moved_positions(segments.astype({"start": "int64", "end": "int64"}), changes=changes)
    begun = turns[["document", "turn", "start"]].rename(columns={"start": "turn_start"})
    whole = {"document": "str", "start": "int64"}
    placed = pd.merge_asof(
        moved.astype(whole).sort_values("start", kind="stable"),
        begun.astype({"document": "str", "turn_start": "int64"}).sort_values("turn_start"),
        left_on="start",
        right_on="turn_start",
        by="document",
    )
    words = [texts[d][a:b] for d, a, b in placed[["document", "start", "end"]].to_numpy()]
    memos = (MEMO + placed["memo"]).map(texts).fillna("")
    order = ["coder", "document", "start", "end", "code"]
    return placed.assign(text=words, memo=memos).sort_values(order)


def _coded_answers(texts: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The coded documents that are open answers, with wave, row and item from their names.

    Raises CopanalysisError with every document that is neither a conversation nor named so.
    """
    pattern = study.settings["coding"]["answer_document"]
    parts = re.escape(pattern)
    for name in ANSWER_PARTS:
        parts = parts.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>.+?)")
    found = texts["document"].str.extract(f"^{parts}$") if len(texts) else texts
    found = found.reindex(columns=list(ANSWER_PARTS))
    expected = f"a conversation of {INDEX}, or an open answer named {pattern}"
    wrong = texts.loc[~_is_answer(found, study), "document"] if len(texts) else []
    refuse_if_any(
        "The coded documents cannot be used",
        [Problem("coded documents", repr(d), expected, "rename or leave it out") for d in wrong],
    )
    return pd.concat([texts, found], axis=1).astype({"row": "int64"})


def _is_answer(found: pd.DataFrame, study: Study) -> pd.Series:
    items = {item.id for item in study.items}
    waves = found["wave"].isin(list(study.waves))
    return waves & found["item"].isin(items) & found["row"].str.fullmatch(r"\d+").fillna(False)
