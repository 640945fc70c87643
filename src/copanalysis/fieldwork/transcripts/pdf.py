"""PDF with a text layer: lines of the pages, without what repeats at top and bottom."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pypdf import PdfReader

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.fieldwork.transcripts.header import interviewers, without_header
from copanalysis.fieldwork.transcripts.lines import spoken_of
from copanalysis.fieldwork.transcripts.oddities import header_note
from copanalysis.fieldwork.transcripts.spoken import Line, Reading, spots

MOST_PAGES = 2_000
EDGE = 3  # lines at the top and bottom of a page that can be a header or footer
REPEATED = 0.6  # share of the pages on which a header or footer stands
BROKEN = re.compile(r"\w[-\u00ad\u2010]$")  # a word, not a dash between two
KEPT_HYPHEN = re.compile(r"[\dA-ZÀ-Þ][-\u2010]$")  # NT2-docent, ISK-leerling
PAIRED = re.compile(r"(?:en|of|tot|noch)\b")  # "klant- en ketenpartners"


Edge = tuple[int, str]  # place of a line (0, 1, ... from the top, -1, -2, ... from the bottom)


@dataclass(frozen=True)
class PageLine:
    page: int
    text: str


def read_pdf(data: bytes, *, name: str, known: Collection[str] = ()) -> Reading:
    """Read a PDF that holds text; places are pages.

    Lines that repeat at the top or bottom of most pages (digits aside) are left out, a word
    that was broken at the end of a line is joined. Raises CopanalysisError when the file is
    damaged, locked or holds pictures of pages instead of text.
    """
    pages = _pages(data, name)
    bare = [number for number, page in enumerate(pages, 1) if not page]
    if len(bare) == len(pages):
        raise CopanalysisError(
            f"{name} holds no text, only pictures of pages (a scan). Run text recognition (OCR) "
            "on it, or use the Word document it was made from."
        )
    edges = _repeated(pages)
    lines = [
        PageLine(number, line)
        for number, page in enumerate(pages, 1)
        for line in _without_edges(page, number, len(pages), edges)
    ]
    whole = [Line(line.text, line.page) for line in _unbroken(lines)]
    fields, length = without_header(whole)
    spoken, doubts = spoken_of(whole[length:], name=name, unit="page", known=known)
    places = [line.place for line in whole[:length]]
    problems = [*_notes(bare, edges, name), *header_note(name, "page", places), *doubts]
    return Reading("pdf", "page", spoken, tuple(problems), interviewers=interviewers(fields))


def _pages(data: bytes, name: str) -> list[list[str]]:
    """The lines of text of every page, blank ones left out."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise CopanalysisError(f"{name} is locked with a password; save a copy without one.")
        if len(reader.pages) > MOST_PAGES:
            raise CopanalysisError(f"{name} has more than {MOST_PAGES} pages; it is refused.")
        texts = [page.extract_text() for page in reader.pages]
    except CopanalysisError:
        raise
    except Exception as error:  # whatever a malformed file makes the PDF reader raise
        raise CopanalysisError(
            f"{name} is a damaged PDF ({type(error).__name__}). Make it again from its source."
        ) from error
    return [[line.strip() for line in text.split("\n") if line.strip()] for text in texts]


def _repeated(pages: Sequence[Sequence[str]]) -> frozenset[Edge]:
    """The lines that stand at the same place of the top or bottom of most pages."""
    counts: Counter[Edge] = Counter()
    for number, page in enumerate(pages, 1):
        places = [*range(min(EDGE, len(page))), *range(-min(EDGE, len(page)), 0)]
        counts.update((place, _shape(page[place], number, len(pages))) for place in places)
    least = max(2, REPEATED * len(pages))
    return frozenset(edge for edge, count in counts.items() if count >= least)


def _shape(line: str, page: int, pages: int) -> str:
    """A line without the number of its page."""
    numbers = (str(page), str(pages))
    return re.sub(r"\d+", lambda found: "#" if found[0] in numbers else found[0], line)


def _without_edges(
    page: Sequence[str], number: int, pages: int, repeated: Collection[Edge]
) -> Sequence[str]:
    first, last = 0, len(page)
    while first < last and (first, _shape(page[first], number, pages)) in repeated:
        first += 1
    while (
        last > first and (last - 1 - len(page), _shape(page[last - 1], number, pages)) in repeated
    ):
        last -= 1
    return page[first:last]


def _unbroken(lines: Sequence[PageLine]) -> Iterator[PageLine]:
    """Lines with words joined that a hyphen broke at the end of a line."""
    held: PageLine | None = None
    for line in lines:
        if held is None:
            held = line
        elif BROKEN.search(held.text) and line.text[:1].islower():
            held = PageLine(held.page, _rejoined(held.text, line.text))
        else:
            yield held
            held = line
    if held is not None:
        yield held


def _rejoined(first: str, rest: str) -> str:
    if PAIRED.match(rest):
        return f"{first} {rest}"
    return first + rest if KEPT_HYPHEN.search(first) else first[:-1] + rest


def _notes(bare: Sequence[int], edges: Collection[Edge], name: str) -> Iterator[Problem]:
    if bare:
        found = f"{len(bare)} page(s) without text"
        fix = "look whether they are scans; run text recognition (OCR) on them"
        yield Problem(spots(name, "page", bare), found, "text on every page", fix, "warning")
    if edges:
        found = f"{len(edges)} line(s) that repeat at the top or bottom of pages, left out"
        yield Problem(name, found, "what was said", "nothing", "note")
