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
from copanalysis.fieldwork.transcript import Turn
from copanalysis.study.dictionary import conform, framed
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study
from copanalysis.study.processed import write_processed
from copanalysis.study.raw import raw_folder, source_of

TRANSCRIPTS, CODING = Path("fieldwork") / "transcripts", Path("fieldwork") / "coding"
TABLES = ("documents", "turns", "segments", "given", "coded_answers", "code_changes")
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
    texts = {c.id: c.document.text for c in said}
    coding = _coding(folder / CODING, texts, study, met)
    answers = _coded_answers(coding.texts, study)
    turns = framed(_turns(said), table="turns", study=study)
    texts |= dict(zip(answers["document"], answers["text"], strict=True))
    tables = {
        "documents": framed(_documents(said), table="documents", study=study),
        "turns": turns,
        "segments": _segments(coding.segments, texts, turns),
        "given": coding.given,
        "coded_answers": answers,
        "code_changes": coding.changes,
    }
    tables = {name: conform(table, table=name, study=study) for name, table in tables.items()}
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


def _turns(said: Sequence[Conversation]) -> list[dict[str, object]]:
    rows = []
    for c in said:
        speakers: dict[str, str] = {}
        for number, turn in enumerate(c.document.turns, 1):
            rows.append(
                {
                    "document": c.id,
                    "turn": turn.id,
                    "number": number,
                    "speaker": _pseudonym(turn, speakers),
                    "role": turn.role,
                    "seconds_from": turn.start,
                    "seconds_to": turn.end,
                    "start": turn.offset,
                    "end": turn.offset + len(turn.text),
                    "text": turn.text,
                }
            )
    return rows


def _pseudonym(turn: Turn, speakers: dict[str, str]) -> str:
    """How a speaker is called: the role with a number, in the order of speaking."""
    if turn.speaker and turn.speaker not in speakers:
        role = turn.role or "spreker"
        number = sum(name.startswith(role) for name in speakers.values()) + 1
        speakers[turn.speaker] = f"{role} {number}"
    return speakers.get(turn.speaker, "")


def _segments(
    segments: pd.DataFrame, texts: Mapping[str, str], turns: pd.DataFrame
) -> pd.DataFrame:
    """The passages with their words and the turn in which each begins."""
    begun = turns[["document", "turn", "start"]].rename(columns={"start": "turn_start"})
    whole = {"document": "str", "start": "int64"}
    placed = pd.merge_asof(
        segments.astype(whole).sort_values("start", kind="stable"),
        begun.astype({"document": "str"}).sort_values("turn_start", kind="stable"),
        left_on="start",
        right_on="turn_start",
        by="document",
    )
    words = [texts[d][a:b] for d, a, b in placed[["document", "start", "end"]].to_numpy()]
    order = ["coder", "document", "start", "end", "code"]
    return placed.drop(columns="turn_start").assign(text=words).sort_values(order)


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
