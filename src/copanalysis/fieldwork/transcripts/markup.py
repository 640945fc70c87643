"""XML inside office files, read without entities and without looking outside."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from copanalysis.errors import CopanalysisError
from copanalysis.study.archive import MIB, unpack

MOST = 32 * MIB  # all XML of one document together
FORBIDDEN = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le")
)


def xml_parts(data: bytes, *, name: str, wanted: frozenset[str]) -> dict[str, bytes]:
    """The wanted parts of an office file; those that it does not have are left out.

    Raises CopanalysisError as `unpack` does.
    """
    return unpack(data, where=name, wanted=wanted.__contains__, most=MOST)


def root_of(part: bytes, *, where: str) -> etree._Element:
    """The root element of an XML part.

    Raises CopanalysisError when it declares a document type or entities (no word processor
    does) or is not well-formed.
    """
    if any(word in part for word in FORBIDDEN):
        raise _refused(where)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CopanalysisError(
            f"{where} is damaged: its XML breaks off or is not well-formed. Save the document "
            "again in the word processor."
        ) from error
    if root.getroottree().docinfo.doctype:
        raise _refused(where)
    return root


def tag(element: etree._Element) -> str:
    """The name of an element without its namespace (both variants of OOXML are read so)."""
    return element.tag.rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name without namespace, "" when it is not there."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def child(element: etree._Element, *path: str) -> etree._Element | None:
    """The first element down a path of names, None when there is none."""
    for name in path:
        element = next((own for own in element if tag(own) == name), None)
        if element is None:
            return None
    return element


def all_of(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Every element of these names at any depth, in the order of the document."""
    return (own for own in element.iter(etree.Element) if tag(own) in names)


def _refused(where: str) -> CopanalysisError:
    return CopanalysisError(
        f"{where} declares a document type or entities in its XML, which no word processor does. "
        "It is refused."
    )
