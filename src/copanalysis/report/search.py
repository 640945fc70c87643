"""Search within the report: an index of its sections, read by a script in the page itself.

Nothing is requested, so it works from a file on disk. Without JavaScript there is no search
field, and nothing else changes.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from functools import cache

from lxml import html

from copanalysis.report.cleaning import Element
from copanalysis.report.content import HEADINGS, Content
from copanalysis.report.markup import STYLES, tag
from copanalysis.report.publication import Publication

LONG = 1500  # letters of a section that are kept as they stand
# What the page tells elsewhere too, or says nothing by itself: data folds, numbers in cells.
LEFT_OUT = {"cop-data", "cop-n", "accounting"}


@cache
def search_script() -> str:
    """The script that searches the index and shows what it finds."""
    return (STYLES / "search.js").read_text(encoding="utf-8").strip()


def search_content(whole: Publication) -> Content:
    """The page of a site that shows what a search finds."""
    sections = [
        [number, f"{page.url}#{id}" if id else page.url, title, text]
        for number, page in enumerate(whole.pages)
        for id, title, text in page_sections(whole.contents[page.name])
    ]
    pages = [page.title for page in whole.pages]
    place = tag("p", "Zoeken gebeurt in deze pagina zelf, zonder internet.")
    return Content("Zoeken", "Zoeken", place + search_data(pages, sections), headings=())


def search_data(pages: list[str], sections: list[list]) -> str:
    """The index as a block of data, packed: titles of pages, and [page, address, heading, text]."""
    text = json.dumps({"pages": pages, "sections": sections}, ensure_ascii=False)
    packed = base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")
    return f'<script type="text/plain" id="search-data">{packed}</script>'


def page_sections(content: Content) -> Iterator[tuple[str, str, str]]:
    """The sections of a page: id of the heading ("" above the first), its words, the text."""
    root = html.fragment_fromstring(content.html, create_parent="div")
    id, title, words = "", content.title, []
    for piece in _pieces(root):
        if isinstance(piece, str):
            words.append(piece)
        else:
            yield id, title, _condensed(words)
            id, title, words = piece.get("id", ""), _joined(piece.itertext()), []
    yield id, title, _condensed(words)


def _pieces(element: Element) -> Iterator[str | Element]:
    """Headings and the texts between them, in the order of the page."""
    yield element.text or ""
    for child in element:
        if child.tag in HEADINGS:
            yield child
        elif not LEFT_OUT & set(child.get("class", "").split()):
            yield from _pieces(child)
        yield " · " if child.tag == "tr" else child.tail or ""


def _joined(words: Iterable[str]) -> str:
    return " ".join(" ".join(words).split())


def _condensed(texts: Iterable[str]) -> str:
    """Texts joined; what is long ends, on a line of its own, in the words that it has not used
    yet, each once: they can be found, and make no sentence to show."""
    text = _joined(texts)
    head = text if len(text) <= LONG else text[:LONG].rpartition(" ")[0]
    used = set(head.split())
    words = dict.fromkeys(w for w in text[len(head) :].split() if w not in used)
    return "\n".join(filter(None, (head, " ".join(words))))
