"""Writers of REFI-QDA files in the ways of the tools, for the tests to read.

Positions are counted here by slicing and encoding, not by the code under test.
"""

from __future__ import annotations

import uuid
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

SPACE = "urn:QDA-XML:project:1.0"
BOM = b"\xef\xbb\xbf"


def guid(*parts: object) -> str:
    """A GUID that tells nothing, the same for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repr(parts)))


def tag(element: str, content: str = "", /, **attributes: str | int | None) -> str:
    """One element; an attribute that is None is left out."""
    given = "".join(f" {k}={quoteattr(str(v))}" for k, v in attributes.items() if v is not None)
    return f"<{element}{given}>{content}</{element}>"


def code(name: str, *children: str, id: str | None = None, codable: str = "true") -> str:
    return tag(
        "Code", "".join(children), guid=id or guid("code", name), name=name, isCodable=codable
    )


def coding(code_id: str, *, user: str | None = None, id: str | None = None, more: str = "") -> str:
    target = tag("CodeRef", targetGUID=code_id) + more
    return tag("Coding", target, guid=id or guid("coding", code_id, user), creatingUser=user)


def selection(
    start: int, end: int, *content: str, id: str | None = None, name: str | None = None, **more: str
) -> str:
    return tag(
        "PlainTextSelection",
        "".join(content),
        guid=id or guid("selection", start, end, name),
        name=name,
        startPosition=start,
        endPosition=end,
        **more,
    )


def text_source(name: str, *content: str, file: str | None = None, **more: str) -> str:
    """A TextSource whose text is in the file "<guid>.txt" unless ``file`` says otherwise."""
    id = more.pop("id", guid("source", name))
    path = f"internal://{id}.txt" if file is None else file
    return tag(
        "TextSource", "".join(content), guid=id, name=name, plainTextPath=path or None, **more
    )


def project(*, origin: str | None = "Some tool 1.0", name: str = "P", head: str = "", **parts: str):
    """A project.qde; the keywords are the containers, in the order of the schema."""
    order = ("Users", "Codes", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs")
    inside = ""
    for part in order:
        if part in parts:
            content = tag(part, parts[part])
            inside += tag("CodeBook", content) if part == "Codes" else content
    inside += parts.get("tail", "")
    origin_is = "" if origin is None else f" origin={quoteattr(origin)}"
    space = parts.get("space", SPACE)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{head}'
        f'<Project xmlns="{space}" name={quoteattr(name)}{origin_is}>{inside}</Project>'
    )


def write_qdpx(
    path: Path,
    xml: str | bytes,
    texts: dict[str, str | bytes] | None = None,
    *,
    folder: str = "sources",
    qde: str = "project.qde",
) -> Path:
    """A .qdpx of a project.qde and files "<name>" in the sources folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(qde, xml)
        for name, content in (texts or {}).items():
            archive.writestr(f"{folder}/{name}", content)
    return path


def one_text(
    path: Path, text: str | bytes, *selections: str, origin: str | None = None, **parts: str
) -> Path:
    """A project with the code "C" and one text "T" with selections of it."""
    source = text_source("T", *selections)
    parts = {"Users": tag("User", guid=guid("user"), name="Ann"), "Codes": code("C"), **parts}
    xml = project(origin=origin, Sources=source, **parts)
    return write_qdpx(path, xml, {f"{guid('source', 'T')}.txt": text})


def span_utf16(text: str, quote: str) -> tuple[int, int]:
    """Where a quote stands, in UTF-16 units (a CRLF is two), as NVivo for Windows counts."""
    start = text.index(quote)
    size = [len(part.encode("utf-16-le")) // 2 for part in (text[:start], quote)]
    return size[0], size[0] + size[1]


def span_one_crlf(text: str, quote: str) -> tuple[int, int]:
    """Where a quote stands, in code points with a CRLF as one, as ATLAS.ti counts."""
    start = text.index(quote)
    size = [len(part.replace("\r\n", "\n")) for part in (text[:start], quote)]
    return size[0], size[0] + size[1]


def span_points(text: str, quote: str) -> tuple[int, int]:
    """Where a quote stands, in code points (a CRLF is two)."""
    start = text.index(quote)
    return start, start + len(quote)
