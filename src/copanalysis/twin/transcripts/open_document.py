"""Conversations as OpenDocument texts, as LibreOffice saves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from copanalysis.twin.transcripts.conversations import Conversation
from copanalysis.twin.transcripts.letterhead import header_fields
from copanalysis.twin.transcripts.packing import packed
from copanalysis.twin.transcripts.paragraphs import paragraphs

MIMETYPE = "application/vnd.oasis.opendocument.text"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = (
    f'xmlns:office="{SPACE}:office:1.0" xmlns:text="{SPACE}:text:1.0" '
    f'xmlns:style="{SPACE}:style:1.0" xmlns:fo="{SPACE}:xsl-fo-compatible:1.0" '
    f'xmlns:meta="{SPACE}:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'office:version="1.3"'
)
BOLD = (
    '<office:automatic-styles><style:style style:name="T1" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
)
STYLES = (
    f'{HEAD}<office:document-styles {NAMES}><office:styles><style:style style:name="Standard" '
    'style:family="paragraph"/></office:styles></office:document-styles>'
)


def odt_file(conversation: Conversation, labels: Mapping[str, str]) -> bytes:
    """A conversation as .odt: a heading, a header in lines, bold names before what is said."""
    body = "".join(_body(conversation, labels))
    return packed(
        {
            "mimetype": MIMETYPE,
            "content.xml": (
                f"{HEAD}<office:document-content {NAMES}>{BOLD}<office:body><office:text>{body}"
                "</office:text></office:body></office:document-content>"
            ),
            "styles.xml": STYLES,
            "meta.xml": _meta(conversation),
            "META-INF/manifest.xml": _manifest(),
        },
        day=conversation.date,
    )


def _body(conversation: Conversation, labels: Mapping[str, str]) -> Iterator[str]:
    yield f'<text:h text:outline-level="1">{escape(conversation.title)}</text:h>'
    for key, value in header_fields(conversation):
        yield _paragraph(f"{escape(key)}:<text:tab/>{escape(value)}")
    yield _paragraph("")
    for utterance in conversation.utterances:
        first, *more = paragraphs(utterance.text)
        name = escape(labels[utterance.code])
        yield _paragraph(f'<text:span text:style-name="T1">{name}:</text:span> {escape(first)}')
        yield from (_paragraph(escape(text)) for text in more)


def _paragraph(content: str) -> str:
    return f'<text:p text:style-name="Standard">{content}</text:p>'


def _meta(conversation: Conversation) -> str:
    author = conversation.interviewers[0].name
    return (
        f"{HEAD}<office:document-meta {NAMES}><office:meta>"
        f"<dc:title>{escape(conversation.title)}</dc:title>"
        f"<meta:initial-creator>{escape(author)}</meta:initial-creator>"
        f"<meta:creation-date>{conversation.date.isoformat()}T17:30:00</meta:creation-date>"
        "</office:meta></office:document-meta>"
    )


def _manifest() -> str:
    files = {"/": MIMETYPE, **dict.fromkeys(("content.xml", "styles.xml", "meta.xml"), "text/xml")}
    entries = "".join(
        f"<manifest:file-entry manifest:full-path={quoteattr(name)} manifest:media-type="
        f"{quoteattr(kind)}/>"
        for name, kind in files.items()
    )
    return (
        f'{HEAD}<manifest:manifest xmlns:manifest="{SPACE}:manifest:1.0" '
        f'manifest:version="1.3">{entries}</manifest:manifest>'
    )
