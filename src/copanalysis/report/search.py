"""Search within the report: an index of its sections, read by a script in the page itself.

Nothing is requested, so it works from a file on disk. Without JavaScript there is no search
field, and nothing else changes.
"""

from __future__ import annotations

from functools import cache

from copanalysis.report.content import Content
from copanalysis.report.markup import STYLES, tag
from copanalysis.report.publication import Publication
from copanalysis.report.sections import packed


@cache
def search_script() -> str:
    """The script that searches the index and shows what it finds."""
    return (STYLES / "search.js").read_text(encoding="utf-8").strip()


def search_content(whole: Publication) -> Content:
    """The page of a site that shows what a search finds."""
    sections = [
        [number, f"{page.url}#{id}" if id else page.url, heading or page.title, text]
        for number, page in enumerate(whole.pages)
        for id, heading, text in whole.contents[page.name].sections
    ]
    pages = [page.title for page in whole.pages]
    place = tag("p", "Zoeken gebeurt in deze pagina zelf, zonder internet.")
    return Content("Zoeken", "Zoeken", place + search_data(pages, sections), headings=())


def search_data(pages: list[str], sections: list[list]) -> str:
    """The index as a block of data, packed: titles of pages, and [page, address, heading, text]."""
    data = packed({"pages": pages, "sections": sections})
    return f'<script type="text/plain" id="search-data">{data}</script>'
