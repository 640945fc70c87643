"""An executed notebook as the content of a page: its prose and outputs, headings in order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import mistune
from lxml import html

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.accounting import accounting_html
from copanalysis.report.cleaning import (
    Element,
    link_target,
    make_ids_unique,
    mend_tables,
    parsed,
    unused,
    written,
)
from copanalysis.report.markup import data_uri, escape, slug, tag
from copanalysis.report.sections import HEADINGS, Section, page_sections

MANIFEST = "application/vnd.copanalysis.manifest+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
RESERVED = ("main", "contents")
NO_ALT = "Afbeelding zonder beschrijving"
BANNER, STALE = "synthetic", "stale"  # classes of notes that a chapter shows in the notebook


@dataclass(frozen=True)
class Heading:
    """A heading of a page: its level (2 and deeper), id and text."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Content:
    """What a page holds: its title, as text and as markup, and what stands under it.

    ``objects`` are the registered tables and figures, id and caption; ``ids`` all that links
    can lead to; ``links`` those that lead to other pages of the site; ``sections`` what a search
    looks through, see `page_sections`.
    """

    title: str
    heading: str
    html: str
    headings: tuple[Heading, ...]
    objects: tuple[tuple[str, str], ...] = ()
    ids: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    synthetic: bool = False
    manifest: Mapping[str, Any] = field(default_factory=dict)


def page_content(notebook: Mapping[str, Any], *, name: str, show_code: bool = False) -> Content:
    """The content of the page that an executed notebook makes.

    The first heading becomes the title (without one, ``name``) and the only h1; the levels of
    the others are closed up so that none is skipped. Ids that occur twice are renamed.
    Outputs are shown as HTML, Markdown, image or plain text, whichever comes first;
    stderr, widgets and code are not (code only in a fold, with ``show_code``).

    A notebook with a manifest is a chapter of a report, and must be whole: every image
    described, every link within the page resolved. Of any other notebook what cannot be shown
    is left out.

    Raises
    ------
    CopanalysisError
        Naming every cell that ended in an error, and for a chapter all that is not whole.
    """
    refuse_if_any(f"Notebook {name!r} cannot be published", _failures(notebook))
    pieces = [parsed(markup) for markup in _markups(notebook, show_code=show_code)]
    manifest = _manifest(notebook)
    banners = sum(_drop_banners(piece) for piece in pieces)
    seen = set(RESERVED)
    unnamed = (f"Tabel zonder nummer {i}" for i in itertools.count(1))
    for piece in pieces:
        make_ids_unique(piece, seen)
        mend_tables(piece, unnamed)
    pieces += _notes(pieces)
    heading, headings = _order_headings(pieces, seen, escape(name))
    problems = [*_mend_links(pieces, seen), *_mend_images(pieces)]
    if manifest:
        refuse_if_any(f"Chapter {name!r} is not whole", problems)
    return Content(
        title=" ".join(parsed(heading).text_content().split()),
        heading=heading,
        html="\n".join(filter(None, (written(piece).strip() for piece in pieces))),
        headings=tuple(headings),
        objects=tuple(_objects(pieces)),
        ids=frozenset(seen),
        links=tuple(_outward(pieces)),
        sections=tuple(page_sections(pieces)),
        synthetic=banners > 0 or bool(manifest.get("synthetic")),
        manifest=manifest,
    )


def _failures(notebook: Mapping[str, Any]) -> list[Problem]:
    fix = "run the notebook again until no cell fails"
    return [
        Problem(f"cell {i}", f"{output['ename']}: {output['evalue']}", "a cell that ran", fix)
        for i, cell in enumerate(notebook["cells"], 1)
        for output in cell.get("outputs", ())
        if output["output_type"] == "error"
    ]


def _manifest(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    """The manifest that the chapter left behind when it closed, the last one if several."""
    found = [
        output["data"][MANIFEST]
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if _closes(output)
    ]
    return found[-1] if found else {}


def _closes(output: Mapping[str, Any]) -> bool:
    """Whether the output closes the chapter: what else it says is for the evaluator."""
    return MANIFEST in output.get("data", {})


def _markups(notebook: Mapping[str, Any], *, show_code: bool) -> Iterator[str]:
    """The HTML of every cell and output that is shown, in order."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield _markdown(source, cell.get("attachments", {}))
        elif cell["cell_type"] == "code":
            if show_code and source.strip():
                code = tag("pre", tag("code", escape(source)))
                yield tag("details", tag("summary", "Code"), code, class_="code")
            closing = [o["data"][MANIFEST] for o in cell.get("outputs", ()) if _closes(o)]
            yield from (accounting_html(manifest) for manifest in closing)
            if not closing:
                yield from (_output(output, cell) for output in cell.get("outputs", ()))


def _markdown(source: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    for file, bundle in attachments.items():
        for mime, data in bundle.items():
            source = source.replace(f"attachment:{file}", f"data:{mime};base64,{data}")
    plugins = ["table", "footnotes", "strikethrough", "def_list"]
    return mistune.create_markdown(escape=False, plugins=plugins)(source)


def _output(output: Mapping[str, Any], cell: Mapping[str, Any]) -> str:
    if output["output_type"] == "stream":
        return tag("pre", escape("".join(output["text"]))) if output["name"] == "stdout" else ""
    data = output["data"]
    if WIDGET in data:
        return ""
    if "text/html" in data:
        return "".join(data["text/html"])
    if "text/markdown" in data:
        return _markdown("".join(data["text/markdown"]), {})
    for mime in IMAGES:
        if mime in data:
            return _image(mime, "".join(data[mime]), output, cell)
    return tag("pre", escape("".join(data.get("text/plain", ""))))


def _image(mime: str, data: str, output: Mapping[str, Any], cell: Mapping[str, Any]) -> str:
    described = output.get("metadata", {})
    alt = described.get(mime, {}).get("alt") or described.get("alt") or cell["metadata"].get("alt")
    if mime == "image/svg+xml":
        return tag("p", tag("img", src=data_uri(mime, data.encode()), alt=alt))
    return tag("p", tag("img", src=f"data:{mime};base64,{''.join(data.split())}", alt=alt))


def _drop_banners(piece: Element) -> int:
    """Take out the notes for who runs the notebook; returns how many on synthetic data there were:
    the page has a banner of its own."""
    banners = piece.find_class(BANNER)
    for note in [*banners, *piece.find_class(STALE)]:
        note.drop_tree()
    return len(banners)


def _notes(pieces: list[Element]) -> list[Element]:
    """The footnotes of all pieces under one heading at the end, numbered through."""
    notes: list[Element] = []
    for piece in pieces:
        for reference in piece.xpath('.//sup[@class="footnote-ref"]/a'):
            reference.text = str(int(reference.text) + len(notes))
        for section in piece.find_class("footnotes"):
            notes += section.iter("li")
            section.drop_tree()
    if not notes:
        return []
    for number, note in enumerate(notes, 1):
        for link in note.find_class("footnote"):
            link.set("aria-label", f"Terug naar noot {number} in de tekst")
    section = html.fragment_fromstring("<div><h2>Noten</h2><ol class='notes'></ol></div>")
    section[1].extend(notes)
    return [section]


def _order_headings(pieces: list[Element], seen: set[str], name: str) -> tuple[str, list[Heading]]:
    """Take the title out, as markup, and close up the levels of the other headings."""
    found = [e for piece in pieces for e in piece.iter(*HEADINGS) if e.text_content().strip()]
    title = written(found[0]) if found else name
    if found:
        found[0].drop_tree()
    headings, above = [], [0]
    for element in found[1:]:
        level = int(element.tag[1])
        while above[-1] >= level:
            above.pop()
        above.append(level)
        element.tag = f"h{min(len(above), 6)}"
        headings.append(_linked(element, seen))
    return title, headings


def _linked(element: Element, seen: set[str]) -> Heading:
    """Make a heading the link to itself; links inside it become plain text."""
    text = " ".join(element.text_content().split())
    id = element.get("id") or unused(slug(text) or "kop", seen)
    for inner in list(element.iter("a")):
        inner.drop_tag()
    link = html.Element("a", href=f"#{id}")
    link.set("class", "permalink")
    link.text, element.text = element.text, None
    link.extend(list(element))
    element.append(link)
    element.set("id", id)
    return Heading(int(element.tag[1]), id, text)


def _mend_links(pieces: list[Element], ids: set[str]) -> list[Problem]:
    problems = []
    for link in [a for piece in pieces for a in piece.iter("a")]:
        href = link.get("href", "")
        if not href.startswith("#"):
            continue
        target = link_target(href, ids)
        if target is None:
            fix = "register what it points to, or correct the reference"
            problems.append(
                Problem(f"link {link.text_content()!r}", href, "an id of the page", fix)
            )
            link.drop_tag()
        else:
            link.set("href", f"#{target}")
    return problems


def _mend_images(pieces: list[Element]) -> list[Problem]:
    problems = []
    for image in [img for piece in pieces for img in piece.iter("img")]:
        alt = (image.get("alt") or "").strip()
        if not alt:
            fix = "say what it shows: alt text in Markdown, or metadata alt on the output"
            problems.append(Problem("image", "no alternative text", "a description", fix))
            image.set("alt", NO_ALT)
        if image.get("src") is None:
            fix = "put the image into the notebook as an attachment of the cell"
            problems.append(Problem(f"image {alt!r}", "a file or address", "an attachment", fix))
            image.tag, image.text = "span", f"[{alt or NO_ALT}]"
            image.attrib.clear()
    return problems


def _objects(pieces: list[Element]) -> Iterator[tuple[str, str]]:
    """Registered tables and figures: id and caption, in the order of the page."""
    for piece in pieces:
        for element in piece.xpath('.//figure[starts-with(@id,"fig-")] | .//table[@id]'):
            captions = element.xpath('.//*[@class="cop-headline"]') or element.xpath("./caption")
            if captions and not element.xpath("ancestor::figure"):
                yield element.get("id"), " ".join(captions[0].text_content().split())


def _outward(pieces: list[Element]) -> Iterator[str]:
    """Links to other pages of the site."""
    for link in [a for piece in pieces for a in piece.iter("a")]:
        href = link.get("href", "")
        if href and not href.startswith(("#", "http://", "https://", "mailto:", "data:")):
            yield href
