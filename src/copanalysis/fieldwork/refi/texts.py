"""The plain text of sources and notes: found, decoded, and never taken from outside the file."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from lxml import etree

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.markup import text_of
from copanalysis.fieldwork.refi.package import Package, leaves_the_sources
from copanalysis.fieldwork.refi.positions import BOM

INTERNAL = "internal://"
EXTERNAL = ("relative://", "absolute://")
WIDE_BOMS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class SourceText:
    """A text as read: without BOM unless it is our own file; ``found`` is False without one."""

    text: str = ""
    bom: bool = False
    inline: bool = False
    found: bool = False


def text_holder(source: etree._Element) -> etree._Element | None:
    """The element that holds the text of a source and its selections, None without text."""
    return source if source.tag == "TextSource" else source.find("Representation")


def source_text(
    element: etree._Element, package: Package, findings: Findings, *, keep_bom: bool
) -> SourceText:
    """The text of a TextSource, Representation or Note.

    A text that cannot be had is an error when something in it is selected (the coding would be
    lost), else a warning. Raises CopanalysisError when a path points out of the sources folder.
    """
    content, path = element.find("PlainTextContent"), element.get("plainTextPath")
    inline = None if content is None else SourceText(text_of(content), inline=True, found=True)
    if not path:
        return inline or _missing(element, "neither PlainTextContent nor plainTextPath", findings)
    from_file = _from_path(element, path, package, findings, keep_bom=keep_bom)
    if inline is None:
        return from_file
    same = inline.text == from_file.text.replace("\r\n", "\n")
    findings.add(
        element,
        "both PlainTextContent and plainTextPath" + ("" if same else ", with other texts"),
        "one of the two",
        "nothing to do; the file is read" if same else "leave out the one that was not coded",
        "warning" if same else "error",
    )
    return from_file


def _from_path(
    element: etree._Element, path: str, package: Package, findings: Findings, *, keep_bom: bool
) -> SourceText:
    if path.startswith(EXTERNAL):
        what = f"a text outside the file: {path!r}, which is not opened"
        return _missing(element, what, findings)
    name = path.removeprefix(INTERNAL).removeprefix("/")
    if leaves_the_sources(name):
        raise CopanalysisError(
            f"{findings.where(element)} points out of the sources folder: {path!r}. The file is "
            "refused, and nothing of it was written to disk."
        )
    if not path.startswith(INTERNAL):
        findings.add(element, repr(path), "a path with internal://", "it is read as internal")
    data = package.source(name)
    if data is None:
        return _missing(element, f"no file {name!r} in the sources folder", findings)
    return _decoded(element, data, findings, keep_bom=keep_bom)


def _decoded(
    element: etree._Element, data: bytes, findings: Findings, *, keep_bom: bool
) -> SourceText:
    encoding = WIDE_BOMS.get(data[:2], "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        findings.add(
            element,
            f"a text that is not {encoding} (byte {error.start})",
            "a text in UTF-8",
            "save the text in UTF-8 and export again",
            "error",
        )
        return SourceText(found=True)
    if keep_bom or not text.startswith(BOM):
        return SourceText(text, found=True)
    return SourceText(text.removeprefix(BOM), bom=True, found=True)


def _missing(element: etree._Element, what: str, findings: Findings) -> SourceText:
    coded = element.find("PlainTextSelection") is not None
    findings.add(
        element,
        what,
        "a plain text inside the project",
        "export again with all sources inside the project file (internal)",
        "error" if coded else "warning",
    )
    if not coded:
        findings.lose(f"{element.tag}/text", "the text is not in the file")
    return SourceText()
