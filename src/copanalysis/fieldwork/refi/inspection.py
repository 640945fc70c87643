"""What is in a REFI-QDA file, as plain values for JSON and as lines to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from copanalysis.fieldwork.coding import CodedProject
from copanalysis.fieldwork.refi.codebook import read_codebook
from copanalysis.fieldwork.refi.markup import parsed
from copanalysis.fieldwork.refi.package import open_package
from copanalysis.fieldwork.refi.profiles import profile_of
from copanalysis.fieldwork.refi.reading import Reading, load

LISTED = 20  # lines of one kind in the text


def inspect_project(path: Path, *, counting: str | None = None) -> dict[str, Any]:
    """What a .qdpx, .qde or .qdc holds, in values that JSON can say.

    ``kind`` ("refi-qda", "refi-codebook"), ``format``, ``origin``, ``profile``, ``documents``
    (count, names), ``codes``, ``segments`` (document, code, coder, start, end, text, by name,
    and the GUIDs), ``coders``, ``cases``, ``variables``, ``memos`` (count), ``losses``,
    ``problems``. Raises CopanalysisError as reading does.
    """
    package = open_package(path)
    root = parsed(package.xml, where=package.where)
    if root.tag.endswith("}CodeBook"):
        return _codebook(Path(path), package.format)
    return _project(load(path, counting=counting))


def project_text(found: dict[str, Any]) -> str:
    """The same as lines to read."""
    lines = [
        f"{found['kind']} ({found['format']}), made by {found['origin'] or 'an unknown tool'}",
        f"profile: {found['profile']}",
        f"documents: {found['documents']['count']}",
        *_listed(found["documents"]["names"]),
        f"coders: {', '.join(found['coders']) or 'none named'}",
        f"codes: {len(found['codes'])}",
        *_listed([_code_line(code) for code in found["codes"]]),
        f"segments: {len(found['segments'])}",
        *_listed([_segment_line(segment) for segment in found["segments"]]),
        f"cases: {len(found['cases'])}, variables: {len(found['variables'])}, "
        f"memos: {found['memos']}",
        f"not kept in tables: {len(found['losses'])} kinds",
        *_listed([f"{x['element']} ({x['count']}): {x['what']}" for x in found["losses"]]),
        f"problems: {len(found['problems'])}",
        *(
            f"  {p['level']}: {p['where']}: found {p['found']}; expected {p['expected']}. "
            f"Fix: {p['fix']}"
            for p in found["problems"]
        ),
    ]
    return "\n".join(lines)


def _project(reading: Reading) -> dict[str, Any]:
    project = reading.project
    names = [name or guid for guid, name in _names(project.documents, "document").items()]
    return {
        "kind": "refi-qda",
        "format": reading.format,
        "name": project.name,
        "origin": project.origin,
        "profile": reading.profile.name,
        "documents": {"count": len(project.documents), "names": names},
        "codes": _codes(project.codes),
        "segments": _segments(project),
        "coders": [name or guid for guid, name in _names(project.coders, "coder").items()],
        "cases": project.cases["name"].tolist(),
        "variables": project.variables[["name", "type"]].to_dict("records"),
        "memos": int(project.memos["memo"].nunique()),
        "losses": reading.losses,
        "problems": [problem.as_dict() for problem in project.problems],
    }


def _codebook(path: Path, format: str) -> dict[str, Any]:
    codebook = read_codebook(path)
    return {
        "kind": "refi-codebook",
        "format": format,
        "name": path.stem,
        "origin": codebook.origin,
        "profile": profile_of(codebook.origin).name,
        "documents": {"count": 0, "names": []},
        "codes": _codes(codebook.codes),
        "sets": codebook.sets.to_dict("records"),
        "segments": [],
        "coders": [],
        "cases": [],
        "variables": [],
        "memos": 0,
        "losses": codebook.losses,
        "problems": [problem.as_dict() for problem in codebook.problems],
    }


def _codes(codes: pd.DataFrame) -> list[dict[str, Any]]:
    names = _names(codes, "code")
    return [
        {
            "guid": row.code,
            "name": row.name,
            "parent": names.get(row.parent, ""),
            "parent_guid": row.parent,
            "codable": bool(row.codable),
            "color": row.color,
            "description": row.description,
        }
        for row in codes.itertuples(index=False)
    ]


def _segments(project: CodedProject) -> list[dict[str, Any]]:
    documents = _names(project.documents, "document")
    codes, coders = _names(project.codes, "code"), _names(project.coders, "coder")
    return [
        {
            "document": documents[row.document] or row.document,
            "code": codes.get(row.code, ""),
            "coder": coders.get(row.coder, "") or row.coder,
            "start": int(row.start),
            "end": int(row.end),
            "text": row.text,
            "document_guid": row.document,
            "code_guid": row.code,
            "coder_guid": row.coder,
        }
        for row in project.segments.itertuples(index=False)
    ]


def _names(table: pd.DataFrame, key: str) -> dict[str, str]:
    return dict(zip(table[key], table["name"], strict=True))


def _listed(lines: list[str]) -> list[str]:
    shown = [f"  {line}" for line in lines[:LISTED]]
    return shown + ([f"  … and {len(lines) - LISTED} more"] if len(lines) > LISTED else [])


def _code_line(code: dict[str, Any]) -> str:
    under = f", under {code['parent']}" if code["parent"] else ""
    return code["name"] + under + ("" if code["codable"] else " (groups codes only)")


def _segment_line(segment: dict[str, Any]) -> str:
    quote = " ".join(segment["text"].split())
    quote = quote if len(quote) <= 60 else f"{quote[:59]}…"
    by = f", {segment['coder']}" if segment["coder"] else ""
    return (
        f"{segment['document']} {segment['start']}-{segment['end']} "
        f"[{segment['code'] or 'no code'}{by}] {quote}"
    )
