"""Conversations as PDF with a text layer: pages with a header and footer, Helvetica."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.twin.transcripts.conversations import Conversation
from copanalysis.twin.transcripts.letterhead import header_fields

WIDTH = 92  # characters in a line
LINES = 46  # on a page, header and footer not counted
SHORTEST_BREAK = 10  # letters of a word that may be broken at the end of a line
VOWELS = frozenset("aeiouyáéëïóöü")
TOP, LEFT, LEADING, SIZE = 800, 60, 15, 10
ENCODING = "cp1252"  # WinAnsiEncoding


def pdf_file(conversation: Conversation, labels: Mapping[str, str]) -> bytes:
    """A conversation as PDF; nothing in it is compressed.

    Raises CopanalysisError for a letter that the font cannot show.
    """
    lines = list(_lines(conversation, labels))
    _check_letters(conversation, lines)
    pages = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    head = f"Evaluatie CoP's inburgering - gesprek {conversation.id} - vertrouwelijk"
    contents = []
    for number, page in enumerate(pages, 1):
        foot = f"Pagina {number} van {len(pages)}"
        contents.append(_content([head, "", *page, *[""] * (LINES - len(page)), "", foot]))
    return _document(contents, conversation)


def _lines(conversation: Conversation, labels: Mapping[str, str]) -> Iterator[str]:
    yield conversation.title
    yield from (f"{key}: {value}" for key, value in header_fields(conversation))
    yield ""
    for utterance in conversation.utterances:
        yield from broken_lines(f"{labels[utterance.code]}: {utterance.text}", width=WIDTH)
        yield ""


def broken_lines(text: str, *, width: int) -> Iterator[str]:
    """A text in lines of at most so many characters, long words broken with a hyphen."""
    line = ""
    for word in text.split(" "):
        room = width - len(line) - 1
        if len(word) <= room:
            line = f"{line} {word}".lstrip()
            continue
        at = _break(word, room - 1)
        if at:
            yield f"{line} {word[:at]}-"
            line = word[at:]
        else:
            yield line
            line = word
    yield line


def _break(word: str, most: int) -> int:
    """After how many letters a long word in lower case is broken, 0 when it is not."""
    if len(word) < SHORTEST_BREAK or not word.isalpha() or not word.islower():
        return 0
    for at in range(min(most, len(word) - 3), 2, -1):
        between = word[at - 1] in VOWELS and word[at] not in VOWELS and word[at + 1] in VOWELS
        if between and not word[at:].startswith(("en", "of")):
            return at
    return 0


def _check_letters(conversation: Conversation, lines: Sequence[str]) -> None:
    text = "".join(lines)
    odd = sorted({char for char in text if not char.encode(ENCODING, "ignore")})
    if odd:
        problem = Problem(
            f"{conversation.id}.txt",
            f"letters {' '.join(odd)}",
            "letters of Windows-1252, which the font of the PDF shows",
            "choose another format for this conversation",
        )
        raise CopanalysisError("A conversation cannot be written as PDF.", [problem])


def _content(lines: Sequence[str]) -> bytes:
    shown = [b"BT /F1 %d Tf %d TL %d %d Td" % (SIZE, LEADING, LEFT, TOP)]
    shown += [b"(" + _escaped(line) + b") Tj T*" if line else b"T*" for line in lines]
    return b"\n".join([*shown, b"ET"])


def _escaped(text: str) -> bytes:
    data = text.encode(ENCODING)
    for char in (b"\\", b"(", b")"):
        data = data.replace(char, b"\\" + char)
    return data


def _document(contents: Sequence[bytes], conversation: Conversation) -> bytes:
    """The objects of the file: catalog, pages, font, information, then two for every page."""
    stamp = f"D:{conversation.date:%Y%m%d}173000Z"
    kids = b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (nl-NL) >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % len(contents),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (" + _escaped(conversation.title) + b") /CreationDate (%b) >>" % stamp.encode(),
    ]
    for number, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << "
            b"/F1 3 0 R >> >> /Contents %d 0 R >>" % (6 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    return _with_table(objects)


def _with_table(objects: Sequence[bytes]) -> bytes:
    """The objects as a file, with the table of where each begins."""
    data, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\n" % size
        + b"startxref\n%d\n%%%%EOF\n" % len(data)
    )
