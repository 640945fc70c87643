"""Where each item of the published report comes back: the map from item to table and figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copanalysis.report.content import Content
from copanalysis.report.markup import escape, tag
from copanalysis.report.publication import Publication

MARKS = (("tables", "tab", "Tabel"), ("figures", "fig", "Figuur"))
HEADS = ("Nr.", "Onderdeel", "Staat in", "Hier")
NOWHERE = "nergens in deze uitgave"


@dataclass(frozen=True)
class Place:
    """A table or figure that brings an item back: address, words, and why it is not measured."""

    url: str
    words: str
    not_measured: str = ""


def coverage_places(
    items: Sequence[str], *, manifests: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[Place, ...]]:
    """Per item the tables and figures whose manifest entry names it, in the order of the pages.

    ``manifests`` are those of the pages by name; an entry lists its items in ``coverage``,
    separated by spaces. Of what several pages of one notebook bring back the first counts that
    could be measured. An item that no page brings back has no places.
    """
    places: dict[str, dict[tuple[str, ...], Place]] = {item: {} for item in items}
    for page, manifest in manifests.items():
        for item, id, place in _entries(page, manifest):
            own = places.get(item, {})
            key = (manifest.get("notebook", page), *id)
            if key not in own or (own[key].not_measured and not place.not_measured):
                own[key] = place
    return {item: tuple(found.values()) for item, found in places.items()}


def _entries(
    page: str, manifest: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[str, str], Place]]:
    for kind, mark, word in MARKS:
        for entry in manifest.get(kind, ()):
            words = f"{word} {entry.get('number', '')}. {entry.get('title', entry['id'])}"
            url = f"{page}.html#{mark}-{entry['id']}"
            place = Place(url, words.replace(" . ", " ").strip(), entry.get("not_measured", ""))
            for item in entry["coverage"].split():
                yield item, (mark, entry["id"]), place


def coverage_content(whole: Publication) -> Content:
    """The page of a site with, per item of coverage.csv, the tables and figures that bring it
    back. Variants do not count."""
    manifests = {page.name: whole.contents[page.name].manifest for page in whole.chapters}
    places = coverage_places([item for item, *_ in whole.coverage], manifests=manifests)
    found = sum(bool(own) for own in places.values())
    rows = [
        tag(
            "tr",
            tag("th", escape(item), scope="row", class_="cop-short"),
            tag("td", escape(text)),
            tag("td", escape(section)),
            tag("td", _listed(places[item])),
        )
        for item, text, section in whole.coverage
    ]
    heads = [tag("th", escape(head), scope="col") for head in HEADS]
    caption = tag("caption", "Onderdelen van het gepubliceerde rapport")
    table = tag("table", caption, tag("thead", tag("tr", *heads)), tag("tbody", *rows))
    lead = (
        f"Van de {len(places)} onderdelen van het rapport komen er {found} terug in deze uitgave."
    )
    html = tag("p", escape(lead), class_="lead") + tag("div", table, class_="cop-object cop-scroll")
    return Content("Waar elk onderdeel staat", "Waar elk onderdeel staat", html, headings=())


def _listed(places: Sequence[Place]) -> str:
    if not places:
        return tag("em", NOWHERE)
    return tag("ul", *(tag("li", _link(place)) for place in places), class_="places")


def _link(place: Place) -> str:
    link = tag("a", escape(place.words), href=place.url)
    return f"{link} (niet te meten)" if place.not_measured else link
