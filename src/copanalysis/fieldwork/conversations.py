"""The conversations of the fieldwork: the field team's list and the transcript of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.fieldwork.transcript import Document, read_transcript
from copanalysis.study.plan import Study

INDEX = "index.csv"
COLUMNS = (
    *("id", "file", "kind", "group", "cop", "organisation"),
    *("date", "minutes", "interviewer", "interviewer_label"),
)
SUFFIXES = (".docx", ".odt", ".txt", ".pdf", ".vtt", ".srt")


@dataclass(frozen=True)
class Conversation:
    """One conversation: what the list says of it and what was said.

    ``cop`` and ``organisation`` are ids of names.csv ("" where the conversation is of none).
    """

    id: str
    kind: str
    group: str
    cop: str
    organisation: str
    date: date
    phase: str
    minutes: int
    document: Document


def read_conversations(folder: Path, *, study: Study) -> tuple[Conversation, ...]:
    """Every conversation that index.csv in ``folder`` lists, with its transcript, in that order.

    The list has the columns of COLUMNS: kind and group as study.toml [fieldwork] names them, CoP
    and organisation as any alias of names.csv, the speakers who ask (names as the transcript
    writes them, separated by ";").

    Raises
    ------
    CopanalysisError
        With every problem of the list and every transcript that cannot be read: unknown kind,
        group, CoP or organisation, a date outside the phases, a file that is missing, listed
        twice or not listed.
    """
    rows = _listed(folder / INDEX)
    problems = [p for line, row in rows for p in _row_problems(row, line, folder, study)]
    problems += _file_problems(rows, folder)
    documents: dict[str, Document] = {}
    for line, row in rows:
        path = folder / row["file"]
        if not path.is_file():
            continue
        asking = {name.strip(): "interviewer" for name in row["interviewer_label"].split(";")}
        try:
            documents[row["id"]] = read_transcript(path, roles=asking if any(asking) else None)
        except CopanalysisError as error:
            where = f"{INDEX}, line {line}: {path.name}"
            problems.append(Problem(where, error.summary, "a transcript", "mend the file"))
    refuse_if_any("The conversations cannot be read", problems)
    return tuple(_conversation(row, documents[row["id"]], study) for _, row in rows)


def _listed(path: Path) -> list[tuple[int, dict[str, str]]]:
    if not path.is_file():
        fix = f"write {INDEX} with the columns {', '.join(COLUMNS)}"
        problem = Problem(path.parent.name, f"no {INDEX}", "a row per conversation", fix)
        raise CopanalysisError("The conversations cannot be read.", [problem])
    text = path.read_text(encoding="utf-8-sig")
    separator = ";" if text.partition("\n")[0].count(";") > 3 else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
    if missing:
        found = f"no column {', '.join(missing)}"
        problem = Problem(path.name, found, ", ".join(COLUMNS), "add the columns")
        raise CopanalysisError("The conversations cannot be read.", [problem])
    return [
        (reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}) for row in reader
    ]


def _row_problems(
    row: Mapping[str, str], line: int, folder: Path, study: Study
) -> Iterator[Problem]:
    where = f"{INDEX}, line {line}"
    known = study.settings["fieldwork"]
    for column, allowed in (("kind", known["kinds"]), ("group", known["groups"])):
        if row[column] not in allowed:
            expected = f"one of {', '.join(allowed)}"
            yield Problem(f"{where}, column {column}", repr(row[column]), expected, "correct it")
    for column in ("cop", "organisation"):
        if row[column] and not study.names.resolve(row[column], kind=column):
            expected = f"a {column} of names.csv"
            fix = "correct it, or add the name there"
            yield Problem(f"{where}, column {column}", repr(row[column]), expected, fix)
    if not row["minutes"].isdigit():
        found = repr(row["minutes"])
        yield Problem(f"{where}, column minutes", found, "whole minutes", "correct it")
    day = _day(row["date"])
    if day is None:
        yield Problem(f"{where}, column date", repr(row["date"]), "year-month-day", "correct it")
    elif not study.phase_of(day):
        expected = "a date not before the first phase of study.toml"
        yield Problem(f"{where}, column date", row["date"], expected, "correct either")
    if not (folder / row["file"]).is_file():
        yield Problem(where, f"file {row['file']!r}, which is not there", "it", "add the file")


def _file_problems(rows: list[tuple[int, dict[str, str]]], folder: Path) -> Iterator[Problem]:
    for column in ("id", "file"):
        lines: dict[str, list[str]] = {}
        for line, row in rows:
            lines.setdefault(row[column], []).append(str(line))
        for value, same in lines.items():
            if len(same) > 1:
                where = f"{INDEX}, lines {' and '.join(same)}, column {column}"
                fix = "give each conversation one row"
                yield Problem(where, f"{value!r} {len(same)} times", "each once", fix)
    listed = {row["file"] for _, row in rows}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES and path.name not in listed:
            fix = "add a row for it, or take the file away"
            yield Problem(path.name, f"a transcript that {INDEX} does not list", "a row", fix)


def _day(text: str) -> date | None:
    """The day that a text in ISO form names, None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _conversation(row: Mapping[str, str], document: Document, study: Study) -> Conversation:
    day = date.fromisoformat(row["date"])
    names = {
        kind: study.names.resolve(row[kind], kind=kind) or "" if row[kind] else ""
        for kind in ("cop", "organisation")
    }
    return Conversation(
        id=row["id"],
        kind=row["kind"],
        group=row["group"],
        **names,
        date=day,
        phase=study.phase_of(day),
        minutes=int(row["minutes"]),
        document=document,
    )
