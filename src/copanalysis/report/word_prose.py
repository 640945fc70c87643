"""Prose in Word: the HTML of a page's text walked into paragraphs, objects put in their places."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from copanalysis.report import word_markup as ml
from copanalysis.report.cleaning import Element
from copanalysis.report.sections import HEADINGS

PICTURE_WIDTH = Cm(16)
STYLES = {"blockquote": "Quote", "pre": "Code"}
LISTS = ("ul", "ol", "li", "dl", "dt", "dd")
FRAMES = ("div", "section", "blockquote", "figure", "details", "table")
BLOCKS = frozenset(("p", "pre", "hr", "summary", *LISTS, *FRAMES))
MARKS = {
    **dict.fromkeys(("b", "strong", "dt", "summary"), "bold"),
    **dict.fromkeys(("i", "em", "cite", "var"), "italic"),
    **dict.fromkeys(("s", "del"), "strike"),
    "sup": "superscript",
    "sub": "subscript",
}


@dataclass(frozen=True)
class Look:
    """How text looks where the walk is: marks of its letters, and the link around it."""

    marks: frozenset[str] = frozenset()
    link: str = ""


@dataclass
class Walker:
    """Walks the HTML of one page into a document.

    ``bookmarks`` maps links within the publication ("page.html#tab-got") to names of
    bookmarks; ``placed`` puts the registered object with an id at the end of the document and
    says whether there is one.
    """

    document: Document
    url: str
    bookmarks: Mapping[str, str]
    placed: Callable[[str], bool]
    marked: Callable[[Paragraph, str], None]
    lists: list[int] = field(default_factory=list)

    def walk(self, root: Element) -> None:
        """Put the content of an element into the document."""
        self._blocks(root, style=None)

    def _blocks(self, parent: Element, style: str | None) -> None:
        paragraph = None
        for piece, block in _pieces(parent):
            if block:
                paragraph = None
                self._block(piece, style)
            else:
                text = piece if isinstance(piece, str) else piece.text_content()
                if paragraph is None and (text.strip() or not isinstance(piece, str)):
                    paragraph = self.document.add_paragraph(style=style)
                if paragraph is not None:
                    self._inline(piece, paragraph, Look(), lead=not paragraph.text)

    def _block(self, element: Element, style: str | None) -> None:
        name = element.tag
        if self.placed(element.get("id", "")):
            return
        if name in HEADINGS:
            paragraph = self.document.add_heading(level=min(int(name[1]), 9))
            self._text(element, paragraph, Look())
            self.marked(paragraph, element.get("id", ""))
        elif name in ("ul", "ol"):
            self._list(element)
        elif name == "table":
            self._table(element)
        elif name in ("p", "dt", "dd", "summary", "pre"):
            paragraph = self.document.add_paragraph(style=STYLES.get(name, style))
            marks = {MARKS[name]} if name in MARKS else set()
            self._text(element, paragraph, Look(frozenset(marks)))
        elif name != "hr":
            self._blocks(element, STYLES.get(name, style))

    def _list(self, element: Element) -> None:
        """Items as paragraphs of a list; an ordered list counts from one."""
        self.lists.append(_restarted(self.document) if element.tag == "ol" else 0)
        kind = "List Number" if self.lists[-1] else "List Bullet"
        style = kind if len(self.lists) == 1 else f"{kind} {min(len(self.lists), 3)}"
        for item in element.iter("li"):
            if item.getparent() is not element:
                continue
            before = len(self.document.paragraphs) if self.lists[-1] else 0
            self._blocks(item, style)
            if self.lists[-1]:
                _numbered(self.document.paragraphs[before:], style, self.lists[-1])
        self.lists.pop()

    def _table(self, element: Element) -> None:
        rows = [[" ".join(c.text_content().split()) for c in row] for row in element.iter("tr")]
        width = max(map(len, rows))
        rows = [[*row, *[""] * (width - len(row))] for row in rows]
        title = " ".join(element.xpath("string(caption)").split()) or "Tabel"
        made = ml.table_element(rows[0], rows[1:], title=title, description=title)
        self.document.element.body.insert(-1, made)
        self.document.add_paragraph(style="Noot")

    def _text(self, element: Element, paragraph: Paragraph, look: Look) -> None:
        self._inline(element.text or "", paragraph, look, lead=True)
        for child in element:
            self._inline(child, paragraph, look, lead=not paragraph.text)
            self._inline(child.tail or "", paragraph, look, lead=not paragraph.text)

    def _inline(self, piece: str | Element, paragraph: Paragraph, look: Look, *, lead: bool):
        if isinstance(piece, str):
            text = " ".join(piece.replace("\u00a0", "\0").split()) if piece.strip() else ""
            text = f"{' ' * (piece[:1].isspace() and not lead)}{text}"
            text += " " * (bool(text.strip()) and piece[-1:].isspace())
            self._run(text.replace("\0", "\u00a0"), paragraph, look)
            return
        if piece.tag == "br":
            paragraph.add_run().add_break()
        elif piece.tag == "img":
            self._picture(piece, paragraph)
        elif piece.tag == "a" and piece.get("href"):
            self._text(piece, paragraph, replace(look, link=piece.get("href")))
        else:
            marks = look.marks | ({MARKS[piece.tag]} if piece.tag in MARKS else set())
            self._text(piece, paragraph, replace(look, marks=marks))

    def _run(self, text: str, paragraph: Paragraph, look: Look) -> None:
        if not text:
            return
        run = paragraph.add_run(text)
        for mark in look.marks:
            setattr(run.font, mark, True)
        address = f"{self.url}{look.link}" if look.link.startswith("#") else look.link
        if address in self.bookmarks:
            _cross_reference(run, self.bookmarks[address])
        elif address.startswith(("http://", "https://", "mailto:")):
            _external_link(run, paragraph, address)

    def _picture(self, image: Element, paragraph: Paragraph) -> None:
        data = base64.b64decode(image.get("src").partition("base64,")[2])
        if image.get("src").startswith("data:image/svg"):
            paragraph.add_run(f"[{image.get('alt')}]")
            return
        shape = paragraph.add_run().add_picture(io.BytesIO(data), width=PICTURE_WIDTH)
        shape._inline.docPr.set("descr", image.get("alt"))


def _pieces(parent: Element) -> Iterator[tuple[str | Element, bool]]:
    """Texts and elements in order, with whether each stands by itself."""
    yield parent.text or "", False
    for child in parent:
        yield child, child.tag in BLOCKS or child.tag in HEADINGS
        yield child.tail or "", False


def _cross_reference(run: Run, name: str) -> None:
    """Make a run a field that refers to a bookmark when it names it ("tabel 4.1"), else a link."""
    element = run._r
    if run.text.lower().startswith(("tabel ", "figuur ")):
        lower = r" \* Lower" if run.text[0].islower() else ""
        pieces = ml.field(rf"REF {name} \h{lower}", deepcopy(element))
        for piece in pieces:
            element.addprevious(piece)
        element.getparent().remove(element)
        return
    link = ml.internal_link(name)
    element.addprevious(link)
    link.append(element)


def _external_link(run: Run, paragraph: Paragraph, address: str) -> None:
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run._r.addprevious(link)
    link.append(run._r)


def _restarted(document: Document) -> int:
    """A new count for an ordered list; gives its number."""
    style = document.styles["List Number"].element
    numbering = document.part.numbering_part.element
    known = style.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(known).abstractNumId.val
    num = numbering.add_num(abstract)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return num.numId


def _numbered(paragraphs: list[Paragraph], style: str, number: int) -> None:
    for paragraph in paragraphs:
        if paragraph.style.name == style:
            numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            numbering.get_or_add_ilvl().val = 0
            numbering.get_or_add_numId().val = number
