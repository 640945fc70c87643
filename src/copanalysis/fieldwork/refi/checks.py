"""The tables of a coded project held against each other before they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.fieldwork.coding import (
    CASE_SOURCES,
    COLUMNS,
    DOCUMENT_KINDS,
    DTYPES,
    MEMO_TARGETS,
    VALUE_OWNERS,
    VARIABLE_TYPES,
    CodedProject,
    text_hash,
)
from copanalysis.fieldwork.refi.findings import SHOWN
from copanalysis.fieldwork.refi.markup import unfit_for_xml
from copanalysis.fieldwork.refi.schema import fits

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
IDS = {  # column of a table -> whether it may be empty, whether it stands once
    ("documents", "document"): (False, True),
    ("codes", "code"): (False, True),
    ("coders", "coder"): (False, True),
    ("segments", "segment"): (True, False),
    ("segments", "coding"): (True, False),
    ("memos", "memo"): (False, False),
    ("cases", "case"): (False, True),
    ("variables", "variable"): (False, True),
}
POINTERS = {  # column of a table -> the id it points to
    ("codes", "parent"): ("codes", "code"),
    ("segments", "document"): ("documents", "document"),
    ("segments", "code"): ("codes", "code"),
    ("segments", "coder"): ("coders", "coder"),
    ("memos", "coder"): ("coders", "coder"),
    ("case_sources", "case"): ("cases", "case"),
    ("values", "variable"): ("variables", "variable"),
}
MAY_BE_EMPTY = {"parent", "code", "coder"}
CHOICES = {
    ("documents", "kind"): DOCUMENT_KINDS,
    ("memos", "target_kind"): MEMO_TARGETS,
    ("case_sources", "kind"): CASE_SOURCES,
    ("variables", "type"): VARIABLE_TYPES,
    ("values", "owner_kind"): VALUE_OWNERS,
}
TYPED = {("codes", "color"): "colour", ("segments", "created"): "dateTime"} | {
    ("memos", "created"): "dateTime"
}
IN_FILES = {("documents", "text"), ("memos", "text"), ("segments", "text")}  # not in the XML


def table_problems(project: CodedProject) -> list[Problem]:
    """Every reason why the tables cannot be written as they stand.

    Ids that are no GUID or stand twice, pointers to nothing, unknown kinds, spans outside their
    text or with another text, a hash of another text, dates and colours of another form,
    and characters that XML has no place for.
    """
    return [
        *_id_problems(project),
        *_pointer_problems(project),
        *_value_problems(project),
        *_document_problems(project.documents),
        *_segment_problems(project),
        *_sameness_problems(project),
        *_parent_problems(project.codes),
    ]


def ids_by_kind(project: CodedProject) -> dict[str, set[str]]:
    """The ids that a memo, case or value may point to, by kind."""
    return {
        "document": set(project.documents["document"]),
        "segment": set(project.segments["segment"]) - {""},
        "coding": set(project.segments["coding"]) - {""},
        "code": set(project.codes["code"]),
        "case": set(project.cases["case"]),
        "project": {""},
        "": {""},
    }


def _id_problems(project: CodedProject) -> Iterator[Problem]:
    for (table, column), (may_be_empty, once) in IDS.items():
        ids = getattr(project, table)[column]
        bad = ~ids.map(lambda text: GUID.fullmatch(text) is not None).astype(bool)
        if may_be_empty:
            bad &= ids != ""
        yield from _told(table, column, ids[bad], "a GUID in lower case with hyphens")
        if once:
            yield from _told(table, column, ids[ids.duplicated()], "an id that stands once")


def _pointer_problems(project: CodedProject) -> Iterator[Problem]:
    for (table, column), (home, key) in POINTERS.items():
        values = getattr(project, table)[column]
        known = set(getattr(project, home)[key]) | ({""} if column in MAY_BE_EMPTY else set())
        yield from _told(table, column, values[~values.isin(known)], f"a {key} of {home}")
    ids = ids_by_kind(project)
    carried = project.carried["xml"].str.findall(r'guid="([^"]*)"').explode().dropna()
    for table, kind, column in (
        ("memos", "target_kind", "target"),
        ("case_sources", "kind", "target"),
        ("values", "owner_kind", "owner"),
    ):
        frame = getattr(project, table)
        for value, rows in frame.groupby(kind):
            known = ids.get(value, set()) | (set(carried) if value == "segment" else set())
            bad = rows.loc[~rows[column].isin(known), column]
            yield from _told(table, column, bad, f"the id of a {value or 'target, so nothing'}")
    owners = {"", *project.documents["document"], *project.memos["memo"]}
    owners |= set(project.variables["variable"])
    bad = project.carried.loc[~project.carried["owner"].isin(owners), "owner"]
    yield from _told("carried", "owner", bad, "the id of a document, memo or variable")


def _value_problems(project: CodedProject) -> Iterator[Problem]:
    for (table, column), choices in CHOICES.items():
        values = getattr(project, table)[column]
        yield from _told(table, column, values[~values.isin(choices)], f"one of {choices}")
    for (table, column), type in TYPED.items():
        values = getattr(project, table)[column]
        bad = values[[value != "" and not fits(value, type) for value in values]]
        yield from _told(table, column, bad, f'"" or a value of the type {type}')
    for table, columns in COLUMNS.items():
        for column in columns:
            if column in DTYPES or (table, column) in IN_FILES:
                continue
            values = getattr(project, table)[column]
            bad = values[[unfit_for_xml(value) for value in values]]
            yield from _told(table, column, bad, "text without control characters")


def _document_problems(documents: pd.DataFrame) -> Iterator[Problem]:
    hashes = documents["text"].map(text_hash).astype("string")
    without = (documents["text"] == "") & (documents["hash"] == "")
    bad = (documents["hash"] != hashes) & ~without
    expected = "the hash of its text (text_hash); the positions may belong to another text"
    yield from _told("documents", "hash", documents.loc[bad, "document"], expected)
    wordless = ~documents["kind"].isin(["text", "pdf"]) & ((documents["text"] != "") | ~without)
    expected = "no text in a picture, sound or video"
    yield from _told("documents", "text", documents.loc[wordless, "document"], expected)


def _segment_problems(project: CodedProject) -> Iterator[Problem]:
    segments = project.segments
    texts = dict(zip(project.documents["document"], project.documents["text"], strict=True))
    sizes = segments["document"].map({guid: len(text) for guid, text in texts.items()})
    start, end = segments["start"], segments["end"]
    inside = (start >= 0) & (start <= end) & (end <= sizes.fillna(0).astype("int64"))
    quoted = [
        texts.get(row.document, "")[row.start : row.end] == row.text
        for row in segments.itertuples()
    ]
    label = segments["segment"].where(segments["segment"] != "", segments["coding"])
    yield from _told("segments", "start", label[~inside], "0 <= start <= end <= length of the text")
    wrong = inside & ~pd.Series(quoted, index=segments.index, dtype="bool")
    yield from _told("segments", "text", label[wrong], "the text from start to end")
    yield from _coding_problems(segments, label, whole=(start == 0) & (end == sizes))


def _coding_problems(
    segments: pd.DataFrame, label: pd.Series, *, whole: pd.Series
) -> Iterator[Problem]:
    coded = segments["coding"] != ""
    uneven = coded != (segments["code"] != "")
    yield from _told("segments", "coding", label[uneven], "a coding and a code, or neither")
    nothing = (segments["segment"] == "") & ~(coded & whole)
    expected = "a selection, or a coding of the whole document (from 0 to its length)"
    yield from _told("segments", "segment", label[nothing], expected)
    both = segments["segment"].isin(segments.loc[coded, "segment"]) & ~coded
    yield from _told("segments", "coding", label[both], "no row without code beside coded rows")


def _sameness_problems(project: CodedProject) -> Iterator[Problem]:
    """Rows of one selection, and of one memo, say the same of it."""
    for table, key, columns in (
        ("segments", "segment", ["document", "start", "end", "description"]),
        ("memos", "memo", ["name", "text", "coder", "created"]),
    ):
        frame = getattr(project, table)
        frame = frame[frame[key] != ""].drop_duplicates([key, *columns])
        bad = frame.loc[frame[key].duplicated(), key]
        yield from _told(table, key, bad, f"the same {', '.join(columns)} in each of its rows")


def _parent_problems(codes: pd.DataFrame) -> Iterator[Problem]:
    parents = dict(zip(codes["code"], codes["parent"], strict=True))
    sound = {""}
    for code in parents:
        path = []
        while code not in sound and code in parents and code not in path:
            path.append(code)
            code = parents[code]
        if code in sound:
            sound.update(path)
    bad = codes.loc[~codes["code"].isin(sound) & codes["parent"].isin(parents), "code"]
    yield from _told("codes", "parent", bad, "a parent that is not below the code itself")


def _told(table: str, column: str, bad: pd.Series, expected: str) -> Iterator[Problem]:
    fix = "correct the table and write again; nothing was written"
    for row, value in list(bad.items())[:SHOWN]:
        yield Problem(f"{table}, row {row + 1}, column {column}", repr(value), expected, fix)
    if len(bad) > SHOWN:
        more = f"the same in {len(bad) - SHOWN} more rows"
        yield Problem(f"{table}, column {column}", more, expected, fix)
