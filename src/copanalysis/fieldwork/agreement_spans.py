"""Coded stretches as the agreement modules need them: checked, merged and laid on one axis.

``segments`` is the table of a coded project: document, start, end (code points, end
exclusive), code, coder; other columns are ignored. A row with code "" is a selection that
nobody coded and counts for nothing. ``coders`` says which documents each coder was given
(coder -> documents): a document that a coder was not given is missing for that coder, while a
document that was given and left empty is a judgement. ``codes`` are the codes that could be
used; a segment with another code is refused, because it would vanish from the comparison.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from copanalysis.errors import Problem, refuse_if_any

Coders = Mapping[str, Collection[str]]
Integers = NDArray[np.int64]

SEGMENT_COLUMNS = ("document", "start", "end", "code", "coder")


def documents_coded(segments: pd.DataFrame) -> dict[str, list[str]]:
    """Coder -> documents in which this coder left at least one segment, sorted.

    For ``coders`` when no list of who was given what was kept. A document that a coder read
    without coding anything then counts as not read, which the caller should say.
    """
    coded = segments.loc[segments["code"].astype("str").ne(""), ["coder", "document"]]
    found = coded.astype("str").drop_duplicates().sort_values(["coder", "document"])
    return {coder: list(rows["document"]) for coder, rows in found.groupby("coder")}


def coded_spans(segments: pd.DataFrame, *, coders: Coders, codes: Sequence[str]) -> pd.DataFrame:
    """Checked segments of one table, stretches of the same code by the same coder merged.

    Returns
    -------
    DataFrame
        document, coder, code (str), start, end. Stretches of one coder with one code that
        share a character are one stretch; stretches that only touch stay two, because the
        coder put a boundary there.

    Raises
    ------
    CopanalysisError
        For missing columns, fewer than two coders, no codes, repeated codes, a code or coder
        that is not listed, a document that the coder was not given, and a stretch without
        characters.
    """
    problems = column_problems(segments, "segments", SEGMENT_COLUMNS)
    problems += _list_problems(coders, codes)
    refuse_if_any("Agreement cannot be calculated", problems)
    spans = segments.loc[segments["code"].astype("str").ne(""), list(SEGMENT_COLUMNS)]
    spans = spans.astype({"document": "str", "code": "str", "coder": "str"})
    refuse_if_any("Agreement cannot be calculated", _span_problems(spans, coders, codes))
    return merged(spans, by=["document", "coder", "code"])


def merged(spans: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """Stretches of the same group that share a character joined into one: by, start, end."""
    columns = [*by, "start", "end"]
    if spans.empty:
        return spans[columns].reset_index(drop=True)
    group = spans.groupby(list(by), sort=True, observed=True).ngroup().to_numpy()
    width = int(spans["end"].max()) + 1
    order = np.lexsort((spans["start"].to_numpy(), group))
    spans = spans.iloc[order]
    shift = group[order] * width
    reach = np.maximum.accumulate(spans["end"].to_numpy(dtype=np.int64) + shift)
    starts = spans["start"].to_numpy(dtype=np.int64) + shift
    first = np.flatnonzero(np.concatenate([[True], starts[1:] >= reach[:-1]]))
    ends = np.maximum.reduceat(spans["end"].to_numpy(dtype=np.int64), first)
    return spans.iloc[first][columns].assign(end=ends).reset_index(drop=True)


def text_lengths(documents: pd.DataFrame) -> pd.Series:
    """Number of characters (code points) of each document, by document id."""
    problems = column_problems(documents, "documents", ("document", "text"))
    refuse_if_any("Agreement cannot be calculated", problems)
    ids = documents["document"].astype("str")
    repeated = sorted(set(ids[ids.duplicated()]))
    refuse_if_any(
        "Agreement cannot be calculated",
        [Problem("documents", f"{i} twice", "each document once", "keep one") for i in repeated],
    )
    lengths = documents["text"].astype("str").str.len().to_numpy(dtype=np.int64)
    return pd.Series(lengths, index=pd.Index(ids, name="document"))


def text_problems(spans: pd.DataFrame, lengths: pd.Series, *, coders: Coders) -> list[Problem]:
    """Documents that coders were given and that have no text here, stretches beyond a text."""
    given = sorted({document for documents in coders.values() for document in documents})
    problems = [
        Problem("documents", f"no document {name}", "every document that a coder got", "add it")
        for name in given
        if name not in lengths.index
    ]
    length = lengths.reindex(spans["document"]).to_numpy()
    too_far = spans["end"].to_numpy() > length
    return problems + [
        Problem(
            f"segments, document {row.document}, coder {row.coder}",
            f"a segment that ends at {row.end}",
            f"at most {size:.0f}, the length of the text",
            "check that the coding was made on this version of the text",
        )
        for row, size in zip(spans[too_far].itertuples(), length[too_far], strict=True)
    ]


def column_problems(table: pd.DataFrame, name: str, columns: Sequence[str]) -> list[Problem]:
    """The columns that a table lacks, one problem each."""
    shown = ", ".join(map(str, table.columns))
    return [
        Problem(name, f"columns {shown}", f"a column {column}", "give the table that has it")
        for column in columns
        if column not in table.columns
    ]


def _list_problems(coders: Coders, codes: Sequence[str]) -> list[Problem]:
    problems = []
    if len(coders) < 2:
        found = ", ".join(coders) or "none"
        problems.append(Problem("coders", found, "two or more coders", "add the second coder"))
    if not codes or len(set(codes)) < len(codes) or "" in codes:
        found = ", ".join(codes) or "none"
        problems.append(Problem("codes", found, "one or more codes, each once", "correct it"))
    return problems


def _span_problems(spans: pd.DataFrame, coders: Coders, codes: Sequence[str]) -> list[Problem]:
    places = "segments, coder " + spans["coder"] + ", document " + spans["document"]
    given = {(coder, document) for coder, given in coders.items() for document in given}
    pairs = pd.Series(zip(spans["coder"], spans["document"], strict=True), index=spans.index)
    stretch = spans["start"].astype("str") + "-" + spans["end"].astype("str")
    known = spans["coder"].isin(list(coders))
    checks = (
        (~known, spans["coder"], f"a coder of: {', '.join(coders)}", "name or leave out the coder"),
        (
            known & ~pairs.isin(given),
            spans["document"],
            "only documents that this coder was given",
            "add the document to the coder's documents or leave its segments out",
        ),
        (
            ~spans["code"].isin(list(codes)),
            "code " + spans["code"],
            "a code of the list",
            "add the code to the list or leave its segments out",
        ),
        (
            (spans["start"] < 0) | (spans["end"] <= spans["start"]),
            "stretch " + stretch,
            "a start of 0 or more and an end after it",
            "repair or leave out the segment",
        ),
    )
    return [
        Problem(place, found, expected, fix)
        for wrong, what, expected, fix in checks
        for place, found in dict.fromkeys(zip(places[wrong], what[wrong], strict=True))
    ]
