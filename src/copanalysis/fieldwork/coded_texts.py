"""Coded passages from the projects of coders: codes of the codebook, places in our texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.fieldwork.coding import CodedProject, stable_guid
from copanalysis.fieldwork.refi.reading import read_project
from copanalysis.study.plan import Study

SUFFIXES = (".qdpx", ".qde")
SEGMENT_COLUMNS = ["coder", "document", "start", "end", "code", "memo"]

CHANGE_COLUMNS = ["coder", "document", "found", "code", "rule", "n"]


@dataclass(frozen=True, eq=False)
class Coding:
    """What all coders did.

    ``segments``: coder, document (name), start, end (in the text of the document as given),
    code, memo; ``given``: coder and document (name) for what each coder had before them;
    ``texts``: document and text of every coded document that is no conversation;
    ``changes``: coder, document, found, code, rule, n for codes that are no longer active.
    """

    segments: pd.DataFrame
    given: pd.DataFrame
    texts: pd.DataFrame
    changes: pd.DataFrame
    problems: tuple[Problem, ...]


_EMPTY = tuple(
    pd.DataFrame(columns=columns)
    for columns in (SEGMENT_COLUMNS, ["coder", "document"], ["document", "text"], CHANGE_COLUMNS)
)


def read_coding(folder: Path, *, texts: Mapping[str, str], study: Study) -> Coding:
    """Every coded project in ``folder``, in the order of their names.

    ``texts`` holds the text of each conversation by id; a document of a project is the
    conversation of that name. Where the project's text differs from ours, each passage is
    found by its words. A code is recognised by the id that `copanalysis qdpx codebook` gave it,
    else by its name. A merged or retired code counts under its successor, a split one under its
    parent; both are listed in ``changes``.

    Raises
    ------
    CopanalysisError
        With every code that the codebook does not know, every passage that is not found, and
        every project that cannot be read.
    """
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    paths = [p for p in files if p.suffix.lower() in SUFFIXES]
    parts, problems = [], []
    for path in paths:
        try:
            project = read_project(path)
        except CopanalysisError as error:
            problems += error.problems or (_unreadable(path, error),)
            continue
        problems += project.problems
        parts.append(_part(project, path.name, texts, study, problems))
    refuse_if_any("The coded projects cannot be used", problems)
    tables = [
        pd.concat(frames, ignore_index=True) for frames in zip(*(parts or [_EMPTY]), strict=True)
    ]
    segments, given, others, changes = tables
    return Coding(
        segments.drop_duplicates(SEGMENT_COLUMNS[:-1], ignore_index=True),
        given.drop_duplicates(ignore_index=True),
        others.drop_duplicates("document", ignore_index=True),
        changes,
        tuple(problems),
    )


def codes_of_codebook(study: Study) -> pd.DataFrame:
    """codebook.csv as the codes of a coded project, each under a GUID that is always the same."""
    codebook = study.table("codebook.csv")
    return pd.DataFrame(
        {
            "code": [stable_guid("code", code) for code in codebook["code"]],
            "name": codebook["name"],
            "parent": [stable_guid("code", code) if code else "" for code in codebook["parent"]],
            "color": "",
            "description": codebook["definition"],
            "codable": True,
        }
    )


def _unreadable(path: Path, error: CopanalysisError) -> Problem:
    return Problem(path.name, error.summary, "a REFI-QDA project", "export it again")


def _part(
    project: CodedProject,
    file: str,
    texts: Mapping[str, str],
    study: Study,
    problems: list[Problem],
) -> tuple[pd.DataFrame, ...]:
    """segments, given, texts of other documents and code changes of one project."""
    coded = project.segments[project.segments["code"].ne("")]
    names = project.documents.set_index("document")["name"]
    memos = project.memos[project.memos["target_kind"].eq("coding")]
    noted = memos.groupby("target")["text"].agg(" ".join)
    table = pd.DataFrame(
        {
            "coder": coded["coder"].map(project.coders.set_index("coder")["name"]),
            "document": coded["document"].map(names),
            "start": coded["start"],
            "end": coded["end"],
            "code": coded["code"].map(_codes(project, file, study, problems)),
            "memo": coded["coding"].map(noted).astype("str").fillna(""),
        }
    )
    table["found"] = table["code"]
    own = dict(zip(names, project.documents["text"], strict=True))
    table = _placed(table, own, texts, file, problems)
    table, changes = _resolved(table, study)
    coders = project.coders["name"]
    given = pd.MultiIndex.from_product([coders, names], names=["coder", "document"])
    others = [(name, text) for name, text in own.items() if name not in texts]
    return (
        table[SEGMENT_COLUMNS],
        given.to_frame(index=False),
        pd.DataFrame(others, columns=["document", "text"]),
        changes,
    )


def _codes(
    project: CodedProject, file: str, study: Study, problems: list[Problem]
) -> dict[str, str]:
    """The code of the codebook for each code of a project that is in use."""
    codebook = study.table("codebook.csv")
    by_guid = {stable_guid("code", code): code for code in codebook["code"]}
    by_name = dict(zip(codebook["name"], codebook["code"], strict=True))
    by_name |= {code: code for code in codebook["code"]}
    used = project.codes[project.codes["code"].isin(project.segments["code"])]
    found = {row.code: by_guid.get(row.code) or by_name.get(row.name_) for row in _named(used)}
    for row in _named(used):
        if not found[row.code]:
            n = int(project.segments["code"].eq(row.code).sum())
            fix = "add it to codebook.csv, or give these passages another code"
            said = f"code {row.name_!r} on {n} passage(s)"
            problems.append(Problem(file, said, "a code of codebook.csv", fix))
    return {guid: code or "" for guid, code in found.items()}


def _named(codes: pd.DataFrame):
    return codes.rename(columns={"name": "name_"}).itertuples(index=False)


def _placed(
    table: pd.DataFrame,
    own: Mapping[str, str],
    texts: Mapping[str, str],
    file: str,
    problems: list[Problem],
) -> pd.DataFrame:
    """Passages with their places in our texts, where those differ from the project's."""
    starts = table["start"].to_numpy(copy=True)
    for i, row in enumerate(table.itertuples()):
        text = texts.get(row.document, own[row.document])
        if text == own[row.document]:
            continue
        words = own[row.document][row.start : row.end]
        starts[i] = _nearest(text, words, expected=row.start)
        if starts[i] < 0:
            where = f"{file}, {row.document}, characters {row.start} to {row.end}"
            fix = "code the transcript that is delivered, or deliver the one that was coded"
            problems.append(Problem(where, "a passage that the transcript lacks", "it", fix))
    return table.assign(start=starts, end=starts + (table["end"] - table["start"]))


def _nearest(text: str, words: str, *, expected: int) -> int:
    """Where in ``text`` these words stand, nearest to the expected place; -1 for nowhere."""
    places = [match.start() for match in re.finditer(re.escape(words), text)]
    return min(places, key=lambda place: abs(place - expected), default=-1)


def _resolved(table: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Segments under active codes, and per coder, document and old code what became of it."""
    codebook = study.table("codebook.csv").set_index("code")
    status, into = codebook["status"].to_dict(), codebook["merged_into"].to_dict()
    successor = {
        code: into[code] if status[code] != "split" else codebook.at[code, "parent"]
        for code in codebook.index
        if status[code] != "active"
    }
    out = table.assign(code=table["found"].replace(successor))
    old = out[out["code"].ne(out["found"])]
    changes = old.groupby(["coder", "document", "found", "code"]).size().rename("n").reset_index()
    changes["rule"] = changes["found"].map(status)
    return out, changes
