"""The texts in a file, each with its place: Parquet, CSV, JSON, HTML, Word, Excel, PDF and more."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from copanalysis.study.archive import MIB, unpack

Texts = Iterator[tuple[str, str]]  # place in the file, text
TOLD = ("alt", "title", "aria-label", "content", "value", "placeholder", "summary")
LINKS = ("mailto:", "tel:")
OFFICE_TEXTS = ("p", "si", "is", "creator", "lastModifiedBy", "title", "subject", "description")
OFFICE_TOLD = (  # alternative texts and titles of pictures, then of tables
    "//@descr | //@title"
    " | //*[local-name()='tblCaption' or local-name()='tblDescription']/@*[local-name()='val']"
)
MOST_OF_OFFICE = 256 * MIB
UNBROKEN = 400  # letters without a space, from which on a string is data (a picture), no text


def texts_in(path: Path) -> Texts:
    """Every text in a file, with where it stands; nothing for a file that is not textual.

    Raises OSError, CopanalysisError, ValueError or pyarrow's ArrowInvalid (a ValueError) for a
    file that cannot be read as what its name says.
    """
    reader = READERS.get(path.suffix.lower())
    return reader(path) if reader else iter(())


def _parquet(path: Path) -> Texts:
    file = pq.ParquetFile(path)
    for name in file.schema_arrow.names:
        yield f"name of column {name}", name
        if _is_text(file.schema_arrow.field(name).type):
            for value in file.read(columns=[name]).column(0).unique().to_pylist():
                if isinstance(value, str):
                    yield f"column {name}", value


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _csv(path: Path) -> Texts:
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))
    for row in rows:
        for number, cell in enumerate(row, 1):
            if cell:
                yield f"line {rows.line_num}, cell {number}", cell


def _json(path: Path) -> Texts:
    yield from _strings(json.loads(path.read_text(encoding="utf-8")), "")


def _strings(value: Any, place: str) -> Texts:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not str(key).startswith(("image/", "application/pdf")):
                yield f"{place}/{key}", str(key)
                yield from _strings(inner, f"{place}/{key}")
    elif isinstance(value, list):
        if _is_one_text(value):
            yield from _strings("".join(value), place)
            return
        for number, inner in enumerate(value):
            yield from _strings(inner, f"{place}/{number}")
    elif isinstance(value, str):
        yield from _html_text(value, place) if "</" in value else [(place, value)]


def _is_one_text(value: list[Any]) -> bool:
    """Whether a list is a text cut into lines, as notebooks keep it, and not a list of values."""
    texts = all(isinstance(part, str) for part in value)
    return texts and all(part.endswith("\n") for part in value[:-1])


def _html(path: Path) -> Texts:
    yield from _html_text(path.read_text(encoding="utf-8"), "")


def _html_text(text: str, place: str) -> Texts:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    for line, piece in reader.pieces:
        yield f"{place} line {line}".strip(), piece


class _Reader(HTMLParser):
    """Collects what a reader of the page can see or hear, and the links to people."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[int, str]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        for name, value in attrs:
            if value and (name in TOLD or value.startswith(LINKS)):
                self.pieces.append((self.getpos()[0], value.partition(":")[2] or value))

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.pieces.append((self.getpos()[0], data))


def _office(path: Path) -> Texts:
    """The paragraphs of a Word document or the texts of a workbook, alternative ones included,
    with who made it."""
    parts = unpack(path.read_bytes(), where=path.name, wanted=_is_xml, most=MOST_OF_OFFICE)
    for name, data in parts.items():
        try:
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError as error:
            raise ValueError(f"{name} is no XML") from error
        for element in root.iter(*(f"{{*}}{tag}" for tag in OFFICE_TEXTS)):
            yield name, "".join(element.itertext())
        for text in root.xpath(OFFICE_TOLD):
            yield name, str(text)


def _is_xml(name: str) -> bool:
    return name.endswith(".xml")


def _pdf(path: Path) -> Texts:
    yield from _pdf_texts(path.read_bytes())


@lru_cache(maxsize=2)
def _pdf_texts(data: bytes) -> tuple[tuple[str, str], ...]:
    """Every run of letters on every page (a cell, a line of prose), and what the file says about
    itself. A copy of the same file is not read again: reading takes its time."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    texts: list[tuple[str, str]] = []
    try:
        reader = PdfReader(io.BytesIO(data))
        texts += [(f"metadata {name}", str(v)) for name, v in (reader.metadata or {}).items()]
        for number, page in enumerate(reader.pages, 1):
            runs: list[str] = []
            page.extract_text(visitor_text=lambda run, *_, into=runs: into.append(run))
            texts += [(f"page {number}", run.strip()) for run in runs if run.strip()]
    except PyPdfError as error:
        raise ValueError("no PDF that can be read") from error
    return tuple(texts)


def _plain(path: Path) -> Texts:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        yield f"line {number}", line


READERS: dict[str, Callable[[Path], Texts]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".tsv": _csv,
    ".json": _json,
    ".ipynb": _json,
    ".html": _html,
    ".svg": _html,
    ".docx": _office,
    ".xlsx": _office,
    ".pdf": _pdf,
    ".txt": _plain,
    ".md": _plain,
    ".log": _plain,
    ".vtt": _plain,
    ".srt": _plain,
    ".toml": _plain,
}
