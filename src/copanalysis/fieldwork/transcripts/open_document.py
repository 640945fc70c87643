"""OpenDocument texts (.odt): running text and tables as a reader sees them, changes told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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

CONTENT, STYLES, MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
PARTS = frozenset((CONTENT, STYLES, MANIFEST))
SPACES = re.compile(r"[ \t\r\n]+")
WRAPPERS = frozenset(
    ("section", "list", "list-item", "list-header", "index-body", "numbered-paragraph")
)
ROW_GROUPS = frozenset(("table-header-rows", "table-rows", "table-row-group"))
HIDDEN = frozenset(("hidden-text", "hidden-paragraph"))
BESIDE = frozenset(("tracked-changes", "ruby-text", "script", "annotation-end"))
MOST_DIGITS = 2  # of the number of spaces that one element stands for
HEAVY = frozenset(("bold", "600", "700", "800", "900"))


@dataclass(frozen=True)
class Run:
    """A stretch of text; ``literal`` white space counts as it is."""

    text: str
    bold: bool
    literal: bool = False


def read_odt(data: bytes, *, name: str, known: Collection[str] = ()) -> Reading:
    """Read what was said in an OpenDocument text; what makes a turn is as in Word documents.

    Tracked insertions are kept; deletions stand outside the running text and are left out;
    both are counted and told with their paragraphs.

    Raises CopanalysisError when the archive is unsafe, damaged, locked or no text document.
    """
    parts = xml_parts(data, name=name, wanted=PARTS)
    if b"encryption-data" in parts.get(MANIFEST, b""):
        raise CopanalysisError(f"{name} is locked with a password; save a copy without one.")
    if CONTENT not in parts:
        raise CopanalysisError(f"{name} holds no text of an OpenDocument file ({CONTENT}).")
    roots = [root_of(parts[p], where=f"{name}, {p}") for p in (CONTENT, STYLES) if p in parts]
    text = child(roots[0], "body", "text")
    if text is None:
        raise CopanalysisError(f"{name} is an OpenDocument file, but no text document.")
    walk = _Walk(bold=_bold_styles(roots), changes=_changes(text))
    blocks = list(walk.blocks(text))
    return reading_of(blocks, walk.marks, format="odt", name=name, known=known)


def _bold_styles(roots: Sequence[etree._Element]) -> frozenset[str]:
    found = set()
    for root in roots:
        for style in all_of(root, "style"):
            letters = child(style, "text-properties")
            if letters is not None and attribute(letters, "font-weight") in HEAVY:
                found.add(attribute(style, "name"))
    return frozenset(found)


def _changes(text: etree._Element) -> dict[str, str]:
    """What each tracked change is ("insertion", "deletion") by its id."""
    return {
        attribute(region, "id"): tag(change)
        for region in all_of(text, "changed-region")
        for change in region
    }


@dataclass
class _Walk:
    """A walk through a document that counts paragraphs and notes what it passes."""

    bold: frozenset[str]
    changes: Mapping[str, str]
    marks: Marks = field(default_factory=Marks)
    place: int = 0

    def blocks(self, parent: etree._Element) -> Iterator[Paragraph | Table]:
        """Paragraphs and tables in the order of the document."""
        for element in parent:
            kind = tag(element)
            if kind in ("p", "h"):
                self.place += 1
                style = attribute(element, "style-name") in self.bold
                runs = _collapsed(self._inline(element, style))
                yield Paragraph(self.place, tuple(runs), kind == "h")
            elif kind == "table":
                rows = [self._row(row) for row in _rows(element)]
                if rows:
                    yield Table(tuple(rows))
            elif kind in WRAPPERS:
                yield from self.blocks(element)
            else:
                self._note(element)

    def _row(self, row: etree._Element) -> Row:
        first = self.place + 1
        cells = [cell_text(self.blocks(cell)) for cell in row if tag(cell) == "table-cell"]
        return Row(first, tuple(cells))

    def _inline(self, element: etree._Element, bold: bool) -> Iterator[Run]:
        """Runs of text as written, white space not yet collapsed."""
        yield Run(element.text or "", bold)
        for own in element:
            kind = tag(own)
            if kind == "s":
                count = attribute(own, "c") or "1"
                number = int(count[:MOST_DIGITS]) if count.isdecimal() else 1
                yield Run(" " * number, bold, literal=True)
            elif kind in ("tab", "line-break"):
                yield Run("\t" if kind == "tab" else "\n", bold, literal=True)
            elif not self._note(own):
                heavy = bold or (kind == "span" and attribute(own, "style-name") in self.bold)
                yield from self._inline(own, heavy)
            yield Run(own.tail or "", bold)

    def _note(self, element: etree._Element) -> bool:
        """Note what stands beside the running text; tells whether it does."""
        kind = tag(element)
        if kind in ("change", "change-start"):
            change = self.changes.get(attribute(element, "change-id"))
            places = {"insertion": self.marks.insertions, "deletion": self.marks.deletions}
            places.get(change or "", []).append(max(self.place, 1))
        elif kind == "annotation":
            self.marks.comments.append(self.place)
        elif kind == "note":
            self.marks.footnotes.append(self.place)
        elif kind in HIDDEN:
            self.marks.hidden.append(self.place)
        elif kind == "frame":
            self.marks.boxes += [self.place for _ in all_of(element, "text-box")][:1]
        else:
            return kind in BESIDE
        return True


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        if tag(element) == "table-row":
            yield element
        elif tag(element) in ROW_GROUPS:
            yield from _rows(element)


def _collapsed(runs: Iterable[Run]) -> Iterator[tuple[str, bool]]:
    """Text in which white space counts once, as the format has it, and literal runs as is."""
    after_space = True
    for run in runs:
        text = run.text if run.literal else SPACES.sub(" ", run.text)
        if after_space and not run.literal:
            text = text.removeprefix(" ")
        if text:
            after_space = text.endswith(" ") and not run.literal
            yield text, run.bold
