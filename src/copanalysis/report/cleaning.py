"""HTML from cells made fit for a page: known elements only, nothing that runs or loads."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree, html

from copanalysis.report.markup import slug

Element = html.HtmlElement


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS = _names(
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q s samp "
    "section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul "
    "var wbr"
)
# Elements whose content means nothing outside them; of other unknown ones the content stays.
DROPPED = _names(
    "audio base button canvas embed form iframe input link math meta noscript object script "
    "select style svg template textarea title video"
)
ATTRIBUTES = _names(
    "abbr alt class colspan datetime download headers height href id lang media open role "
    "rowspan scope src srcset start tabindex title width"
)
LINKS = ("#", "http://", "https://", "mailto:", "data:text/csv")
IMAGES = "data:image/"
REFERENCES = ("aria-describedby", "aria-labelledby", "headers")
PARSER = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)


def parsed(markup: str) -> Element:
    """A piece of HTML as a tree of its own, so that unbalanced tags stay inside it."""
    root = html.fragment_fromstring(
        markup.encode("utf-8", "xmlcharrefreplace"), create_parent="div", parser=PARSER
    )
    return cleaned(root)


def written(root: Element) -> str:
    """The content of a piece as HTML."""
    text = escape_text(root.text or "") + "".join(
        etree.tostring(child, method="html", encoding="unicode") for child in root
    )
    # libxml2 does not know that <source> is empty; browsers ignore the end tag, checkers do not.
    return text.replace("</source>", "")


def escape_text(text: str) -> str:
    """Text as it stands between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cleaned(root: Element) -> Element:
    """The piece without unknown elements and attributes, and without foreign addresses.

    Images that are not part of the notebook lose their address and keep their alternative
    text; whoever builds the page decides whether that is acceptable.
    """
    for element in list(root.iterdescendants()):
        if element.tag in DROPPED:
            element.drop_tree()
        elif element.tag not in TAGS:
            element.drop_tag()
        else:
            _clean_attributes(element)
    return root


def _clean_attributes(element: Element) -> None:
    for name, value in list(element.attrib.items()):
        address = value.strip().lower()
        known = name in ATTRIBUTES or name.startswith("aria-")
        foreign = name in ("src", "srcset") and not address.startswith(IMAGES)
        if name == "href" and ":" in address.split("/")[0] and not address.startswith(LINKS):
            foreign = True
        if not known or foreign:
            del element.attrib[name]


def make_ids_unique(root: Element, seen: set[str]) -> None:
    """Rename ids that the page has already, with what refers to them inside the piece."""
    renamed = {}
    for element in root.iterdescendants():
        old = element.get("id")
        if old is None:
            continue
        new = unused(old, seen)
        renamed[old] = new
        element.set("id", new)
    for element in root.iterdescendants():
        href = element.get("href", "")
        if href.startswith("#") and href[1:] in renamed:
            element.set("href", "#" + renamed[href[1:]])
        for name in REFERENCES:
            if element.get(name):
                words = [renamed.get(word, word) for word in element.get(name).split()]
                element.set(name, " ".join(words))


def unused(wanted: str, seen: set[str]) -> str:
    """The id itself, or with the first number that makes it new; it counts as used from now."""
    name, number = wanted, 2
    while name in seen:
        name, number = f"{wanted}-{number}", number + 1
    seen.add(name)
    return name


def mend_tables(root: Element, names: Iterator[str]) -> None:
    """Scopes and a scroll region for tables that are not ours, such as a printed DataFrame."""
    for table in [t for t in root.iter("table") if not t.xpath(".//th[@scope]")]:
        for cell in table.iter("th"):
            head = cell.xpath("ancestor::thead")
            if (cell.text_content()).strip():
                cell.set("scope", "col" if head else "row")
            else:
                cell.tag = "td"
        region = html.Element("div", role="region", tabindex="0")
        region.set("class", "cop-object cop-scroll")
        region.set("aria-label", next(names))
        region.tail, table.tail = table.tail, None
        table.getparent().replace(table, region)
        region.append(table)


def link_target(href: str, ids: set[str]) -> str | None:
    """The id that a link within the page means, also when written as JupyterLab does."""
    wanted = unquote(href[1:])
    if wanted in ids:
        return wanted
    return slug(wanted) if slug(wanted) in ids else None
