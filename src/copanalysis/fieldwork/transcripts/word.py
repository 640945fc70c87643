"""Word documents (.docx): running text and tables as a reader sees them, tracked changes told."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from lxml import etree

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.transcripts.blocks import (
    Marks,
    Paragraph,
    Table,
    cell_text,
    reading_of,
)
from copanalysis.fieldwork.transcripts.markup import (
    all_of,
    attribute,
    child,
    root_of,
    tag,
    xml_parts,
)
from copanalysis.fieldwork.transcripts.spoken import Reading
from copanalysis.fieldwork.transcripts.tables import Row
from copanalysis.fieldwork.transcripts.word_styles import (
    BODY_TEXT,
    Styles,
    is_on,
    styles_of,
)

RELATIONS = "_rels/.rels"
MAIN = "word/document.xml"
OPEN = frozenset(("sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple", "dir"))
OPEN |= {"bdo", "ruby", "rubyBase"}
KEPT = frozenset(("ins", "moveTo"))
LEFT_OUT = frozenset(("del", "moveFrom"))
BOXES = frozenset(("AlternateContent", "drawing", "pict", "object"))
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
COMMENTS = frozenset(("commentReference",))
FOOTNOTES = frozenset(("footnoteReference", "endnoteReference"))


def read_docx(data: bytes, *, name: str, known: Collection[str] = ()) -> Reading:
    """Read what was said in a Word document.

    Headings are structure; a paragraph "Name: text", a name in bold, or a row of a table with
    speakers and text begins a turn; other paragraphs go on with it. Tracked insertions and
    moves are kept, deletions left out; both are counted and told with their paragraphs.

    Raises CopanalysisError when the archive is unsafe, damaged or no Word document.
    """
    parts = xml_parts(data, name=name, wanted=frozenset((RELATIONS,)))
    main = _main_part(parts.get(RELATIONS), name)
    styles = posixpath.join(posixpath.dirname(main), "styles.xml")
    parts = xml_parts(data, name=name, wanted=frozenset((main, styles)))
    if main not in parts:
        raise CopanalysisError(f"{name} holds no text of a Word document ({main}).")
    body = child(root_of(parts[main], where=f"{name}, {main}"), "body")
    if body is None:
        raise CopanalysisError(f"{name} is no Word document: {main} has no body.")
    own = parts.get(styles)
    known_styles = styles_of(root_of(own, where=f"{name}, {styles}")) if own else Styles()
    walk = _Walk(known_styles)
    blocks = list(walk.blocks(body))
    return reading_of(blocks, walk.marks, format="docx", name=name, known=known)


def _main_part(relations: bytes | None, name: str) -> str:
    """The part with the text, as the document itself says."""
    if relations is None:
        return MAIN
    for relation in root_of(relations, where=f"{name}, {RELATIONS}"):
        if attribute(relation, "Type").endswith("/officeDocument"):
            return attribute(relation, "Target").lstrip("/")
    return MAIN


@dataclass
class _Walk:
    """A walk through a document that counts paragraphs and notes what it passes."""

    styles: Styles
    marks: Marks = field(default_factory=Marks)
    place: int = 0

    def blocks(self, parent: etree._Element) -> Iterator[Paragraph | Table]:
        """Paragraphs and tables in order; a paragraph whose end was deleted joins the next."""
        pending: tuple[tuple[str, bool], ...] = ()
        for element in self._within(parent, frozenset(("p", "tbl", "altChunk"))):
            if tag(element) == "p":
                paragraph = self._paragraph(element)
                runs = (*pending, *paragraph.runs)
                pending = runs if _end_is_deleted(element) else ()
                if not pending:
                    yield Paragraph(paragraph.place, runs, paragraph.heading)
            elif tag(element) == "tbl":
                yield from self._table(element)
            else:
                self.marks.boxes.append(self.place + 1)
        if pending:
            yield Paragraph(self.place, pending)

    def _within(self, parent: etree._Element, wanted: frozenset[str]) -> Iterator[etree._Element]:
        for element in parent:
            if tag(element) in wanted:
                yield element
            elif tag(element) in OPEN | KEPT:
                yield from self._within(element, wanted)

    def _paragraph(self, element: etree._Element) -> Paragraph:
        self.place += 1
        style, level = child(element, "pPr", "pStyle"), child(element, "pPr", "outlineLvl")
        heading = style is not None and attribute(style, "val") in self.styles.headings
        if level is not None:
            heading = attribute(level, "val") != BODY_TEXT
        return Paragraph(self.place, tuple(self._runs(element)), heading)

    def _table(self, element: etree._Element) -> Iterator[Table]:
        rows = []
        for row in self._within(element, frozenset(("tr",))):
            first = self.place + 1
            if child(row, "trPr", "del") is not None:
                self.place += sum(1 for _ in all_of(row, "p"))
                self.marks.deletions.append(first)
                continue
            if child(row, "trPr", "ins") is not None:
                self.marks.insertions.append(first)
            cells = [cell_text(self.blocks(cell)) for cell in self._within(row, frozenset(("tc",)))]
            rows.append(Row(first, tuple(cells)))
        if rows:
            yield Table(tuple(rows))

    def _runs(self, parent: etree._Element) -> Iterator[tuple[str, bool]]:
        for element in parent:
            kind = tag(element)
            if kind == "r":
                yield from self._run(element)
            elif kind in OPEN:
                yield from self._runs(element)
            elif kind in KEPT:
                runs = list(self._runs(element))
                if any(text.strip() for text, _ in runs):
                    self.marks.insertions.append(self.place)
                yield from runs
            elif kind in LEFT_OUT:
                if any((own.text or "").strip() for own in all_of(element, "delText", "t")):
                    self.marks.deletions.append(self.place)
            else:
                self._note(element)

    def _run(self, run: etree._Element) -> Iterator[tuple[str, bool]]:
        if is_on(child(run, "rPr", "vanish")):
            self.marks.hidden.append(self.place)
            return
        style = child(run, "rPr", "rStyle")
        bold = child(run, "rPr", "b")
        is_bold = is_on(bold) or (
            bold is None and style is not None and attribute(style, "val") in self.styles.bold
        )
        for element in run:
            if tag(element) == "t":
                yield element.text or "", is_bold
            elif tag(element) in CHARACTERS:
                yield CHARACTERS[tag(element)], is_bold
            else:
                self._note(element)

    def _note(self, element: etree._Element) -> None:
        kind = tag(element)
        if kind in COMMENTS:
            self.marks.comments.append(self.place)
        elif kind in FOOTNOTES:
            self.marks.footnotes.append(self.place)
        elif kind in BOXES and any(True for _ in all_of(element, "txbxContent")):
            self.marks.boxes.append(self.place)


def _end_is_deleted(paragraph: etree._Element) -> bool:
    return child(paragraph, "pPr", "rPr", "del") is not None
