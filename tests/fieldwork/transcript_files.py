"""Small transcripts in every format, built by hand for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from copanalysis.fieldwork.transcript import Document, read_transcript

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACE = "urn:oasis:names:tc:opendocument:xmlns"
ODF = " ".join(
    f'xmlns:{name}="{SPACE}:{name}:1.0"' for name in ("office", "text", "table", "style", "draw")
)
ODF += f' xmlns:fo="{SPACE}:xsl-fo-compatible:1.0"'


def read(folder: Path, name: str, content: str | bytes, **options) -> Document:
    """Write a file and read it as a transcript, checking what holds for every transcript."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    document = read_transcript(path, **options)
    for turn in document.turns:
        assert document.text[turn.offset : turn.offset + len(turn.text)] == turn.text
    return document


def turns(document: Document) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in document.turns]


def told(document: Document, words: str) -> list[tuple[str, str]]:
    """Level and place of the problems whose finding holds these words."""
    return [(p.level, p.where) for p in document.problems if words in p.found]


def archive(parts: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return target.getvalue()


def docx(body: str, *, styles: str = "", main: str = "word/document.xml", space: str = W) -> bytes:
    """A Word document with this content of w:body."""
    relation = (
        '<Relationships><Relationship Type="http://x/officeDocument" '
        f'Target="{main}"/></Relationships>'
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relation,
        main: f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
    }
    if styles:
        parts["word/styles.xml"] = f'<w:styles xmlns:w="{space}">{styles}</w:styles>'
    return archive(parts)


def p(*runs: str, style: str = "", mark: str = "") -> str:
    """A Word paragraph; plain strings become runs, ``mark`` is XML of the paragraph mark."""
    inside = f'<w:pStyle w:val="{style}"/>' if style else ""
    inside += f"<w:rPr>{mark}</w:rPr>" if mark else ""
    own = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{inside}</w:pPr>{own}</w:p>"


def r(text: str, letters: str = "") -> str:
    return f'<w:r><w:rPr>{letters}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def bold(text: str) -> str:
    return r(text, "<w:b/>")


def ins(text: str, kind: str = "ins") -> str:
    return f'<w:{kind} w:id="1" w:author="A" w:date="2024-01-01T00:00:00Z">{r(text)}</w:{kind}>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="A"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def table(*rows: Sequence[str]) -> str:
    """A Word table of plain texts; several paragraphs in a cell are separated by a bar."""
    own = ""
    for row in rows:
        cells = ("".join(p(text) for text in cell.split("|")) for cell in row)
        own += f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"
    return f"<w:tbl>{own}</w:tbl>"


def odt(body: str, *, automatic: str = "", extra: Mapping[str, str] | None = None) -> bytes:
    """An OpenDocument text with this content of office:text."""
    content = (
        f"<office:document-content {ODF}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    return archive({"mimetype": mimetype, "content.xml": content, **(extra or {})})


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with these lines on its pages; a page without lines holds no text."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        content = f"BT /F1 10 Tf 14 TL 50 800 Td\n{shown}ET" if lines else "0 0 595 842 re f"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources "
            f"<< /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    data, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n"
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{data}{end}startxref\n{len(data)}\n%%EOF\n".encode("cp1252")
