"""Pages of the report as one Word document, from their text and their registered objects."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from lxml import html

from copanalysis.report import word_markup as ml
from copanalysis.report.cells import (
    ALL_HIDDEN,
    format_of,
    header_of,
    shown_cells,
    stands_upright,
    wholly_hidden,
)
from copanalysis.report.cleaning import Element
from copanalysis.report.content import Content
from copanalysis.report.markup import SYNTHETIC
from copanalysis.report.numbers import show
from copanalysis.report.objects import Figure, Released
from copanalysis.report.publication import Publication, SitePage
from copanalysis.report.sections import HEADINGS
from copanalysis.report.tables import is_wide
from copanalysis.report.word_prose import PICTURE_WIDTH, Walker

INK, MUTED = RGBColor(0x1B, 0x24, 0x30), RGBColor(0x53, 0x5E, 0x6B)
LONG_AGO = datetime.datetime(2000, 1, 1)
NOTICE = (
    "Fictieve gegevens. Dit document is gemaakt met verzonnen gegevens en laat alleen de "
    "werkwijze zien; de uitkomsten zijn geen bevindingen."
)


def write_word(whole: Publication, pages: Sequence[SitePage], out: Path) -> Path:
    """Write some pages of a publication as a Word document.

    Tables are tables with a header row that repeats, captions are numbered as in the report
    and bookmarked, cross-references are fields, pictures have their alternative text. The same
    pages give the same bytes.
    """
    document = _new_document(whole)
    title = whole.title if len(pages) > 1 else pages[0].title
    _opening(document, whole, title)
    writer = _Writer(document, whole, pages)
    if len(pages) > 1:
        writer.contents(pages)
    for page in pages:
        writer.page(page, titled=len(pages) > 1)
    out.write_bytes(_steady(document))
    return out


class _Writer:
    """Puts pages into a document; bookmarks are numbered in the order of the pages."""

    def __init__(self, document: Document, whole: Publication, pages: Sequence[SitePage]) -> None:
        self.document = document
        self.roots = {page.name: _tree(whole.contents[page.name]) for page in pages}
        places = [place for page in pages for place in _places(page, self.roots[page.name])]
        if len(pages) == 1:  # its title opens the document and is no heading in it
            places.remove(pages[0].url)
        self.names = {place: f"_Ref{number:09d}" for number, place in enumerate(places, 1)}
        self.written: set[str] = set()

    def contents(self, pages: Sequence[SitePage]) -> None:
        """A table of contents whose entries lead to their headings."""
        self.document.add_paragraph("Inhoud", style="TOC Heading")
        entries = []
        for page in pages:
            entries.append((page.title, page.url, "TOC 1"))
            for heading in self.roots[page.name].iter("h2"):
                place = f"{page.url}#{heading.get('id')}"
                entries.append((heading.text_content(), place, "TOC 2"))
        paragraphs = []
        for text, place, style in entries:
            paragraphs.append(self.document.add_paragraph(style=style))
            link = ml.internal_link(self.names[place])
            link.append(ml.text_run(text))
            paragraphs[-1]._p.append(link)
        begin, code, separate, end = ml.field(r'TOC \o "1-2" \n \h \z')
        for piece in (separate, code, begin):
            paragraphs[0]._p.insert(1, piece)
        paragraphs[-1]._p.append(end)

    def page(self, page: SitePage, *, titled: bool) -> None:
        """One page: its title as a heading of the first level, its text and its objects."""
        if titled:
            heading = self.document.add_heading(page.title, level=1)
            heading.paragraph_format.page_break_before = True
            self.marked(heading, page.url)

        def placed(id: str) -> bool:
            kind, _, name = id.partition("-")
            things = page.record.tables if kind == "tab" else page.record.figures
            if kind not in ("tab", "fig") or name not in things:
                return False
            self.thing(things[name], f"{page.url}#{id}")
            return True

        def marked(paragraph: Paragraph, id: str) -> None:
            self.marked(paragraph, f"{page.url}#{id}")

        walker = Walker(self.document, page.url, self.names, placed, marked)
        walker.walk(self.roots[page.name])

    def marked(self, paragraph: Paragraph, place: str) -> None:
        """Bookmark a paragraph as a place of the publication."""
        if place not in self.names or place in self.written:
            return
        self.written.add(place)
        start, end = ml.bookmark(len(self.written), self.names[place])
        paragraph._p.find(qn("w:r")).addprevious(start)
        paragraph._p.append(end)

    def thing(self, thing: Released | Figure, place: str) -> None:
        """A registered table or figure with its caption, base and source; a table that is too
        wide for a page stands on one turned on its side."""
        figure = isinstance(thing, Figure)
        turned = not figure and is_wide(thing)
        if turned:
            ml.turn_page(self.document)
        caption = self.document.add_paragraph(style="Caption")
        caption.add_run(f"{'Figuur' if figure else 'Tabel'} {thing.number}")
        self.marked(caption, place)
        caption.add_run(f". {thing.title}")
        if figure:
            self._figure(thing)
        elif wholly_hidden(thing):
            self.document.add_paragraph(ALL_HIDDEN).paragraph_format.keep_with_next = True
        elif stands_upright(thing):
            self._upright(thing)
        else:
            self._table(thing, ml.TURNED_WIDTH if turned else ml.TEXT_WIDTH)
        source = f"{thing.source} ({SYNTHETIC})" if thing.synthetic else thing.source
        lines = [f"Basis: {thing.base}", f"Bron: {source}", *getattr(thing, "notes", ())]
        notes = [self.document.add_paragraph(line, style="Noot") for line in lines]
        for note in notes[:-1]:
            note.paragraph_format.keep_with_next = True
        notes[0].paragraph_format.space_before = Pt(4)
        notes[-1].paragraph_format.space_after = Pt(14)
        if turned:
            ml.turn_page(self.document)

    def _figure(self, figure: Figure) -> None:
        subtitle = self.document.add_paragraph(figure.subtitle, style="Ondertitel figuur")
        subtitle.paragraph_format.keep_with_next = True
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        picture = io.BytesIO(figure.drawing.desk)
        shape = paragraph.add_run().add_picture(picture, width=PICTURE_WIDTH)
        shape._inline.docPr.set("descr", figure.drawing.alt)
        shape._inline.docPr.set("title", f"Figuur {figure.number}")

    def _upright(self, table: Released) -> None:
        """One row of many columns, as headers with their values beside them."""
        (cells,) = shown_cells(table).to_dict("records")
        (head, value), *rows = [
            (header_of(table, column).replace("\u00ad", ""), text) for column, text in cells.items()
        ]
        about = {"title": f"Tabel {table.number}. {table.title}"}
        about["description"] = f"{table.title}. Basis: {table.base}"
        element = ml.table_element([head, value], rows, upright=True, **about)
        self.document.element.body.insert(-1, element)

    def _table(self, table: Released, width: int) -> None:
        columns = list(table.columns)
        numeric = {i for i, c in enumerate(columns) if format_of(table, c) not in ("text", "date")}
        element = ml.table_element(
            [header_of(table, column).replace("\u00ad", "") for column in columns],
            shown_cells(table).to_numpy().tolist(),
            title=f"Tabel {table.number}. {table.title}",
            description=f"{table.title}. Basis: {table.base}",
            right=frozenset(numeric),
            width=width,
        )
        self.document.element.body.insert(-1, element)


def _tree(content: Content) -> Element:
    """The text of a page for Word: no links to itself, no account of every number.

    The frame of a table gets the id of the table: what stands in it comes from the object, and
    its caption, which a fold around it would say twice.
    """
    root = html.fragment_fromstring(content.html, create_parent="div")
    for account in root.find_class("accounting"):
        account.drop_tree()
    for link in root.find_class("permalink"):
        link.drop_tag()
    for frame in root.xpath('.//*[contains(@class, "cop-table")][not(@id)][.//table[@id]]'):
        frame.set("id", frame.xpath("string(.//table/@id)"))
        for summary in frame.xpath("parent::details/summary"):
            summary.drop_tree()
    return root


def _places(page: SitePage, root: Element) -> Iterator[str]:
    """What can be referred to on a page: itself, its headings, its tables and figures."""
    yield page.url
    known = {f"tab-{id}" for id in page.record.tables} | {f"fig-{id}" for id in page.record.figures}
    for element in root.iter(*HEADINGS, "figure", "div"):
        id = element.get("id", "")
        if id and (element.tag in HEADINGS or id in known):
            yield f"{page.url}#{id}"


def _new_document(whole: Publication) -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin = section.bottom_margin = Cm(2.3)
    _styles(document)
    _running_lines(document, whole)
    created = datetime.datetime.fromisoformat(whole.data_date) if whole.data_date else LONG_AGO
    about = document.core_properties
    about.title, about.subject, about.language = whole.title, whole.subtitle, ml.LANGUAGE
    about.author, about.comments, about.revision = "copanalysis", "", 1
    about.created = about.modified = created
    return document


def _styles(document: Document) -> None:
    styles = document.styles
    styles.element.append(parse_xml(ml.TABLE_STYLE))
    for name, base in (
        ("Noot", "Normal"),
        ("Ondertitel figuur", "Normal"),
        ("Code", "Normal"),
        ("TOC 1", "Normal"),
        ("TOC 2", "Normal"),
        ("Melding", "Normal"),
    ):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[base]
    sizes = {"Normal": 10.5, "Noot": 8.5, "Ondertitel figuur": 9.5, "Code": 9, "Caption": 10.5}
    sizes |= {"Title": 26, "Subtitle": 14, "TOC Heading": 15, "TOC 1": 10.5, "TOC 2": 10}
    sizes |= {f"Heading {level}": size for level, size in enumerate((20, 15, 12.5, 11, 10.5), 1)}
    for name, size in sizes.items():
        font = styles[name].font
        font.size, font.name, font.italic = Pt(size), "Calibri", False
        font.color.rgb = MUTED if name in ("Noot", "Ondertitel figuur", "Subtitle") else INK
        fonts = styles[name].element.rPr.rFonts
        for key in [k for k in fonts.attrib if k.endswith("Theme")]:
            del fonts.attrib[key]
    for name in ("Noot", "Ondertitel figuur", "TOC 1", "TOC 2"):
        styles[name].paragraph_format.space_after = Pt(2)
    styles["TOC 1"].paragraph_format.space_before = Pt(5)
    styles["TOC 2"].paragraph_format.left_indent = Cm(0.6)
    styles["Normal"].paragraph_format.line_spacing = 1.15
    caption = styles["Caption"].paragraph_format
    caption.keep_with_next, caption.space_before, caption.space_after = True, Pt(12), Pt(4)
    _speak_dutch(document)


def _speak_dutch(document: Document) -> None:
    fonts = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    properties = fonts.find(qn("w:rPr"))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    for key in ("w:val", "w:eastAsia"):
        language.set(qn(key), ml.LANGUAGE)
    properties.append(language)


def _running_lines(document: Document, whole: Publication) -> None:
    section = document.sections[0]
    words = f"{whole.title} – {SYNTHETIC}" if whole.synthetic else whole.title
    section.header.paragraphs[0].text = words
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for piece in ml.field("PAGE", ml.text_run("1")):
        footer._p.append(piece)
    for paragraph in (section.header.paragraphs[0], footer):
        paragraph.style.font.size, paragraph.style.font.color.rgb = Pt(9), MUTED


def _opening(document: Document, whole: Publication, title: str) -> None:
    document.add_paragraph(title, style="Title")
    if whole.subtitle:
        document.add_paragraph(whole.subtitle, style="Subtitle")
    if whole.data_date:
        document.add_paragraph(f"Gegevens tot en met {show(whole.data_date, 'date')}.")
    if whole.synthetic:
        document.add_paragraph(NOTICE, style="Melding").runs[0].bold = True


def _steady(document: Document) -> bytes:
    """The document as bytes that do not depend on when it was made."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()
