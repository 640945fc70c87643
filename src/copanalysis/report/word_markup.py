"""The pieces of a Word document that python-docx has no call for, as WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement

from copanalysis.report.markup import escape

LANGUAGE = "nl-NL"
TEXT_WIDTH = 9354  # twentieths of a point: A4 less margins of 22.5 mm
TURNED_WIDTH = 14286  # the same of a page on its side
LEAST, LETTER, PADDING = 620, 112, 200  # widths: the narrowest column, a letter, the margins
DENSE = 7  # columns from which the letters are smaller
SHORT = 12  # rows up to which a table stays on one page, with its base and source
TO_THE_RIGHT = '<w:jc w:val="right"/>'
TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Rapporttabel">
  <w:name w:val="Rapporttabel"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>
  <w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/></w:pPr>
  <w:rPr><w:sz w:val="18"/></w:rPr>
  <w:tblPr>
    <w:tblBorders>
      <w:bottom w:val="single" w:sz="6" w:space="0" w:color="8A96A3"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="D2D9E1"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:left w:w="40" w:type="dxa"/><w:right w:w="100" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr>
      <w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="535E6B"/></w:tcBorders>
      <w:vAlign w:val="bottom"/>
    </w:tcPr>
  </w:tblStylePr>
  <w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr>
</w:style>"""


def table_element(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str,
    description: str,
    right: frozenset[int] = frozenset(),
    width: int = TEXT_WIDTH,
    upright: bool = False,
) -> BaseOxmlElement:
    """A table whose header row repeats on every page; rows, and short tables, do not break.

    An ``upright`` one has its headers in the first column instead.
    ``title`` and ``description`` are what a screen reader says of it; columns in ``right`` are
    set to the right. ``width`` is what there is between the margins.
    """
    widths = _widths(headers, rows, width)
    size = '<w:rPr><w:sz w:val="16"/></w:rPr>' if len(headers) >= DENSE else ""
    keep = "<w:keepNext/>" if len(rows) <= SHORT else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)

    def row(cells: Sequence[str], properties: str) -> str:
        made = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{widths[i]}" w:type="dxa"/></w:tcPr><w:p><w:pPr>{keep}'
            f"{TO_THE_RIGHT if i in right else ''}</w:pPr>"
            f'<w:r>{size}<w:t xml:space="preserve">{escape(cell)}</w:t></w:r></w:p></w:tc>'
            for i, cell in enumerate(cells)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{made}</w:tr>"

    look, heading = ("0080", "") if upright else ("0020", "<w:tblHeader/>")
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="Rapporttabel"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{look}" w:firstRow="{int(not upright)}" w:lastRow="0" '
        f'w:firstColumn="{int(upright)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(title)}"/>'
        f'<w:tblDescription w:val="{escape(description)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{row(headers, heading)}"
        f"{''.join(row(cells, '') for cells in rows)}</w:tbl>"
    )


def _widths(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of columns: room for the longest word first, the rest by the length of the text."""
    columns = [[header, *(row[i] for row in rows)] for i, header in enumerate(headers)]
    letter = LETTER * 8 // 9 if len(headers) >= DENSE else LETTER
    words = [max(len(w) for text in c for w in text.split(" ")) for c in columns]
    least = [max(LEAST, w * letter + PADDING) for w in words]
    wanted = [max(len(text) for text in c) * letter + PADDING for c in columns]
    if sum(least) >= width:
        return [int(m * width / sum(least)) for m in least]
    more = [max(0, w - m) for w, m in zip(wanted, least, strict=True)]
    spare = min(1.0, (width - sum(least)) / sum(more)) if sum(more) else 0
    return [int(m + extra * spare) for m, extra in zip(least, more, strict=True)]


def turn_page(document: Document) -> None:
    """What follows stands on a new page, turned on its side, or upright again.

    Turning at once what was just turned undoes it: there is no page between two wide tables.
    """
    before = document.element.body[-2]
    if before.tag == qn("w:p") and before.xpath("./w:pPr/w:sectPr") and not before.xpath("./w:r"):
        before.getparent().remove(before)
        section = document.sections[-1]
    else:
        section = document.add_section()
    size = section.page_height, section.page_width
    section.page_width, section.page_height = size
    wide = section.page_width > section.page_height
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT


def bookmark(number: int, name: str) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    """The start and the end of a bookmark."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    return start, end


def field(code: str, *shown: BaseOxmlElement) -> list[BaseOxmlElement]:
    """A field with what it shows until the reader updates it, as runs."""
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    return [_mark("begin"), _run(instruction), _mark("separate"), *shown, _mark("end")]


def text_run(text: str) -> BaseOxmlElement:
    """A run of text."""
    element = OxmlElement("w:t")
    element.set(qn("xml:space"), "preserve")
    element.text = text
    return _run(element)


def internal_link(anchor: str) -> BaseOxmlElement:
    """A link to a bookmark, still empty."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    link.set(qn("w:history"), "1")
    return link


def _mark(kind: str) -> BaseOxmlElement:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return _run(mark)


def _run(*content: BaseOxmlElement) -> BaseOxmlElement:
    run = OxmlElement("w:r")
    run.extend(content)
    return run
