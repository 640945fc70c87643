"""The styles of a Word document that matter: which are headings, which are bold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from copanalysis.fieldwork.transcripts.markup import all_of, attribute, child

HEADING = re.compile(r"(heading|kop|title|titel|subtitle|ondertitel)( ?\d)?")
OFF = frozenset(("0", "false", "none", "off"))
BODY_TEXT = "9"  # the outline level of text that is no heading


@dataclass(frozen=True)
class Styles:
    """Ids of styles that make a paragraph a heading, and of those that make letters bold."""

    headings: frozenset[str] = frozenset()
    bold: frozenset[str] = frozenset()


def styles_of(root: etree._Element) -> Styles:
    """Headings and bold styles, told by their name, outline level or the style they rest on."""
    styles = {attribute(style, "styleId"): style for style in all_of(root, "style")}
    headings = {own for own in styles if any(map(_is_heading, _line(own, styles)))}
    bold = {
        own
        for own in styles
        if any(is_on(child(style, "rPr", "b")) for style in _line(own, styles))
    }
    return Styles(frozenset(headings), frozenset(bold))


def is_on(switch: etree._Element | None) -> bool:
    """Whether a switch such as w:b is there and not turned off."""
    return switch is not None and attribute(switch, "val").lower() not in OFF


def _line(own: str, styles: Mapping[str, etree._Element]) -> Iterator[etree._Element]:
    """A style and those it rests on; a circle ends where it began."""
    seen: set[str] = set()
    while own in styles and own not in seen:
        seen.add(own)
        yield styles[own]
        base = child(styles[own], "basedOn")
        own = "" if base is None else attribute(base, "val")


def _is_heading(style: etree._Element) -> bool:
    name, level = child(style, "name"), child(style, "pPr", "outlineLvl")
    named = name is not None and HEADING.fullmatch(attribute(name, "val").lower())
    return bool(named) or (level is not None and attribute(level, "val") != BODY_TEXT)
