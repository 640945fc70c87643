"""Formulas in a workbook that no program has worked out: their cells look empty."""

from __future__ import annotations

import posixpath
import re

from lxml import etree

from copanalysis.fieldwork.transcripts.markup import all_of, attribute, child, root_of
from copanalysis.study.archive import MIB, unpack

BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
MOST = 256 * MIB  # all sheets of a workbook together


def uncomputed_formulas(data: bytes, *, name: str) -> dict[str, tuple[str, ...]]:
    """The cells ("J12") of each sheet of an .xlsx file that hold a formula and no value.

    A formula whose stored value is an empty text has a value. Raises CopanalysisError for an
    archive that is damaged or too large, as `unpack` does.
    """
    parts = unpack(data, where=name, wanted=_is_wanted, most=MOST)
    if BOOK not in parts or LINKS not in parts:
        return {}
    links = {
        attribute(link, "Id"): posixpath.join("/xl", attribute(link, "Target")).lstrip("/")
        for link in all_of(root_of(parts[LINKS], where=name), "Relationship")
    }
    found = {}
    for sheet in all_of(root_of(parts[BOOK], where=name), "sheet"):
        part = parts.get(links.get(attribute(sheet, "id"), ""), b"")
        if FORMULA.search(part):
            cells = all_of(root_of(part, where=name), "c")
            found[attribute(sheet, "name")] = tuple(
                attribute(cell, "r") for cell in cells if _is_uncomputed(cell)
            )
    return found


def _is_wanted(name: str) -> bool:
    return name in (BOOK, LINKS) or name.startswith("xl/worksheets/")


def _is_uncomputed(cell: etree._Element) -> bool:
    if child(cell, "f") is None:
        return False
    value = child(cell, "v")
    return value is None or (not value.text and attribute(cell, "t") != "str")
