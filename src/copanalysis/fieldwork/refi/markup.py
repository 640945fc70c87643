"""XML of a project or codebook, parsed without entities, DOCTYPE or includes."""

from __future__ import annotations

import re

from lxml import etree

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.refi.findings import Findings

PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
DECLARED = re.compile(r"""encoding\s*=\s*["']([^"']*)["']""")
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAMESPACE = re.compile(r"urn:QDA-XML:(project|codebook):(.+)")
XINCLUDE = "http://www.w3.org/2001/XInclude"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def parsed(data: bytes, *, where: str) -> etree._Element:
    """The root element of an XML file, with names as they stand in it.

    Raises CopanalysisError when the bytes are not UTF-8, hold a DOCTYPE (entities could be
    hidden in it) or XInclude, or are not well-formed.
    """
    text = _decoded(data, where)
    declaration = DECLARATION.match(text)
    named = DECLARED.search(declaration[0]) if declaration else None
    if named and named[1].casefold() not in ("utf-8", "utf8", "us-ascii"):
        raise CopanalysisError(f"{where} says it is in {named[1]}; REFI-QDA files are UTF-8.")
    if text.startswith("<!", PROLOG.match(text).end()):
        raise CopanalysisError(
            f"{where} holds a DOCTYPE, in which entities can be hidden. It is refused; "
            "no analysis tool writes one."
        )
    root = _root(text[declaration.end() :] if declaration else text, where)
    if any(_namespace(element) == XINCLUDE for element in root.iter(etree.Element)):
        raise CopanalysisError(f"{where} includes other files (XInclude). It is refused.")
    return root


def with_bare_names(root: etree._Element, findings: Findings) -> str:
    """Strip the REFI-QDA namespace from the tree; returns "project" or "codebook".

    Names in another namespace stay as they are, and so are unknown. Raises CopanalysisError
    when the root is of another format.
    """
    known = NAMESPACE.fullmatch(_namespace(root))
    kind = {"Project": "project", "CodeBook": "codebook"}.get(etree.QName(root).localname)
    if not known or kind is None:
        raise CopanalysisError(
            f"{findings.file} is XML, but no REFI-QDA project or codebook: its first element is "
            f"{root.tag}."
        )
    if known[2] != "1.0":
        findings.add(
            "/" + etree.QName(root).localname,
            f"version {known[2]} of the format",
            "version 1.0",
            "nothing to do; it is read as 1.0",
        )
    prefix = f"{{{_namespace(root)}}}"
    for element in root.iter(etree.Element):
        element.tag = element.tag.removeprefix(prefix)
        for name in [n for n in element.attrib if n.startswith(f"{{{XSI}}}")]:
            del element.attrib[name]
    return kind


def text_of(element: etree._Element | None) -> str:
    """The text inside an element, "" when there is none."""
    return "" if element is None else "".join(element.itertext())


def unfit_for_xml(text: str) -> bool:
    """Whether a text holds a character that XML has no place for (control characters)."""
    return NOT_XML.search(text) is not None


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CopanalysisError(f"{where} is not in UTF-8 (byte {error.start}).") from error


def _root(text: str, where: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise CopanalysisError(f"{where} is not well-formed XML: {error.msg}") from error


def _namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""
