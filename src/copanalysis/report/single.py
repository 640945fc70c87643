"""A whole report, or one chapter, as a single page that needs no other file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import html

from copanalysis.report.cleaning import REFERENCES, Element, written
from copanalysis.report.content import Content, Heading
from copanalysis.report.markup import escape, tag
from copanalysis.report.numbers import show
from copanalysis.report.provenance import provenance_html
from copanalysis.report.publication import Publication, SitePage
from copanalysis.report.search import search_data
from copanalysis.report.sections import HEADINGS


def whole_content(whole: Publication, pages: Sequence[SitePage]) -> Content:
    """Several pages as the content of one, each a section under its title.

    Ids begin with the name of their page ("chapter_4--tab-got"), so that none occurs twice, and
    links between these pages lead there; links to what stands in another file are plain text.
    Headings go down one level. The index of the search comes along.
    """
    names = {page.url: page.name for page in pages}
    parts, headings = [], []
    for page in pages:
        content = whole.contents[page.name]
        root = _rewritten(content, page.name, names)
        title = tag("a", escape(page.title), href=f"#{page.name}", class_="permalink")
        head = tag("h2", title, id=page.name)
        foot = provenance_html(content.manifest) if content.manifest else ""
        parts.append(tag("section", head, written(root), foot, class_="chapter"))
        headings += _headings(page, content)
    sections = [
        [number, f"#{page.name}--{id}" if id else f"#{page.name}", heading or page.title, text]
        for number, page in enumerate(pages)
        for id, heading, text in whole.contents[page.name].sections
    ]
    index = search_data([page.title for page in pages], sections)
    opening = _opening(whole)
    html = "\n".join([opening, *parts, index])
    return Content(whole.title, escape(whole.title), html, tuple(headings))


def chapter_content(content: Content) -> Content:
    """One page on its own: links to other pages are plain text."""
    root = html.fragment_fromstring(content.html, create_parent="div")
    for link in list(root.iter("a")):
        if link.get("href") in content.links:
            link.drop_tag()
    return Content(
        content.title,
        content.heading,
        written(root),
        content.headings,
        synthetic=content.synthetic,
        manifest=content.manifest,
    )


def _opening(whole: Publication) -> str:
    lines = [tag("p", escape(whole.subtitle), class_="lead")] if whole.subtitle else []
    if whole.data_date:
        lines.append(tag("p", f"Gegevens tot en met {show(whole.data_date, 'date')}."))
    return "".join(lines)


def _headings(page: SitePage, content: Content) -> Iterator[Heading]:
    yield Heading(2, page.name, page.title)
    for heading in content.headings:
        yield Heading(min(heading.level + 1, 6), f"{page.name}--{heading.id}", heading.text)


def _rewritten(content: Content, name: str, names: dict[str, str]) -> Element:
    root = html.fragment_fromstring(content.html, create_parent="div")
    for element in list(root.iterdescendants()):
        if element.get("id"):
            element.set("id", f"{name}--{element.get('id')}")
        for attribute in REFERENCES:
            if element.get(attribute):
                words = [f"{name}--{word}" for word in element.get(attribute).split()]
                element.set(attribute, " ".join(words))
        if element.tag in HEADINGS:
            element.tag = f"h{min(int(element.tag[1]) + 1, 6)}"
        if element.tag == "a" and element.get("href"):
            _relink(element, content, name, names)
    return root


def _relink(link: Element, content: Content, name: str, names: dict[str, str]) -> None:
    href = link.get("href")
    url, _, part = href.partition("#")
    if href.startswith("#"):
        link.set("href", f"#{name}--{part}")
    elif url in names:
        link.set("href", f"#{names[url]}--{part}" if part else f"#{names[url]}")
    elif href in content.links:
        link.drop_tag()
