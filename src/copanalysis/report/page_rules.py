"""What every HTML page must have, as far as it can be told without a browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from lxml import html

from copanalysis.errors import Problem

HEADING = re.compile(r"h[1-6]")
REMOTE = re.compile(r"(?:https?:)?//")
LOADED = (("script", "src"), ("link", "href"), ("img", "src"), ("source", "srcset"))
FIX = "mend the notebook or the template that makes it"


def page_problems(path: Path) -> list[Problem]:
    """Every rule that a page breaks.

    The page speaks Dutch and has a title, one h1, no skipped heading level, no id twice, a
    description for every image, a caption and scoped headers for every table, nothing loaded
    from elsewhere, and links within it that lead somewhere (WCAG 2.1: 1.1.1, 1.3.1, 2.4.2,
    2.4.6, 3.1.1, 4.1.1).
    """
    page = html.document_fromstring(path.read_text(encoding="utf-8"))
    broken = [*_document(page), *_headings(page), *_objects(page), *_links(page)]
    return [Problem(path.name, found, expected, FIX) for found, expected in broken]


def _document(page: html.HtmlElement) -> Iterator[tuple[str, str]]:
    if page.get("lang") != "nl":
        yield f"language {page.get('lang')!r}", "lang=nl"
    if not (page.findtext(".//title") or "").strip():
        yield "no title", "a title"
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    for id, times in ids.items():
        if times > 1:
            yield f"id {id!r} {times} times", "every id once"
    for name, attribute in LOADED:
        for element in page.iter(name):
            if REMOTE.match(element.get(attribute, "")):
                yield f"{name} from {element.get(attribute)}", "nothing from elsewhere"


def _headings(page: html.HtmlElement) -> Iterator[tuple[str, str]]:
    levels = [int(e.tag[1]) for e in page.iter() if HEADING.fullmatch(str(e.tag))]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of level 1", "one"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} after one of {before}", "no level skipped"


def _objects(page: html.HtmlElement) -> Iterator[tuple[str, str]]:
    for image in page.iter("img"):
        if not (image.get("alt") or "").strip():
            yield "an image without alternative text", "a description"
    for table in page.iter("table"):
        name = table.get("id") or "a table"
        if not (table.findtext("caption") or "").strip() and not table.xpath("./caption//text()"):
            yield f"{name} without caption", "a caption"
        if any(th.get("scope") is None for th in table.iter("th")):
            yield f"{name} with headers without scope", "scope on every header"


def _links(page: html.HtmlElement) -> Iterator[tuple[str, str]]:
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    for link in page.iter("a"):
        href = link.get("href", "")
        if href.startswith("#") and unquote(href[1:]) not in ids:
            yield f"a link to {href}", "a part of the page"
