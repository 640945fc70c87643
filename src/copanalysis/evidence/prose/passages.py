"""The prose of notebooks, Markdown and plain text, cut into passages with their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.study.fingerprint import notebook_cells

HEADING = re.compile(r"^#{1,6}\s+(.*)")
SECTION = re.compile(r"(?:Bijlage\s+)?([A-Z]?\d+(?:\.\d+)*)[.:]?\s+(\S.*)", re.I)
LISTED = re.compile(r"^\s*(?:[-*+]|\d+[.)]|[a-z]\))\s+")
NOTE = re.compile(r"^\s*(?:<sup>(\w+)</sup>|\[\^(\w+)\]:)\s*")
MARK = re.compile(r"<sup>(\w+)</sup>|\[\^(\w+)\]")
MARKUP = re.compile(r"<[^<>]{1,80}>|[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}")
# A full stop after these does not end a sentence.
SHORT = re.compile(
    r"\b(?:bijv|bv|enz|etc|resp|ca|nr|art|e\.d|d\.w\.z|o\.a|a\.d\.h\.v|n\.v\.t)\.", re.I
)
STOP = re.compile(r"(?<=[.!?])['’\")\]]*\s+(?=[A-Z0-9'‘“\"(*{])")
NOTEBOOK = ".ipynb"
SUFFIXES = {NOTEBOOK, ".md", ".txt", ".markdown"}


@dataclass(frozen=True)
class Passage:
    """A paragraph, list item, heading, note or table row.

    ``kind`` is "text", "heading", "note" or "row"; ``place`` the line or the notebook cell;
    ``section`` the number of the last numbered heading ("" before one); ``about`` the sentence
    that a note belongs to.
    """

    file: str
    place: str
    kind: str
    text: str
    section: str = ""
    about: str = ""

    @property
    def sentences(self) -> list[str]:
        """The sentences of the passage, without markup."""
        held = SHORT.sub(lambda m: m.group().replace(".", "\0"), plain(self.text))
        return [part.replace("\0", ".").strip() for part in STOP.split(held) if part.strip()]


def plain(text: str) -> str:
    """Text without emphasis, tags and marks of notes, on one line."""
    return re.sub(r"\s+", " ", MARKUP.sub("", MARK.sub("", text))).strip()


def read_passages(paths: list[Path]) -> list[Passage]:
    """The passages of files, in order; CopanalysisError lists every file that is no prose."""
    problems = [problem for path in paths for problem in _file_problems(path)]
    if problems:
        raise CopanalysisError("This prose cannot be checked.", problems)
    return [passage for path in paths for passage in _with_notes(list(_of_file(path)))]


def _file_problems(path: Path) -> Iterator[Problem]:
    if not path.is_file() or path.suffix.lower() not in SUFFIXES:
        found = f"a {path.suffix} file" if path.is_file() else "no such file"
        yield Problem(str(path), found, "a notebook, Markdown or text file", "name another file")
        return
    try:
        if path.suffix.lower() == NOTEBOOK:
            notebook_cells(path)
        else:
            path.read_text(encoding="utf-8-sig")
    except CopanalysisError as error:
        yield from error.problems
    except UnicodeDecodeError:
        yield Problem(str(path), "not UTF-8", "UTF-8 text", "save it as UTF-8")


def headings(passages: list[Passage]) -> dict[tuple[str, str], str]:
    """Title by (file, number) of every numbered heading."""
    found = {}
    for passage in passages:
        match = SECTION.match(plain(passage.text))
        if passage.kind == "heading" and match:
            found[passage.file, section_id(plain(passage.text))] = match[2]
    return found


def section_id(heading: str) -> str:
    """The number of a heading: "3.2.5", "B3" for an appendix, "" without one."""
    match = SECTION.match(heading)
    if not match:
        return ""
    appendix = heading.lower().startswith("bijlage") and match[1][0].isdigit()
    return f"B{match[1]}" if appendix else match[1]


def _of_file(path: Path) -> Iterator[Passage]:
    if path.suffix.lower() != NOTEBOOK:
        yield from _cut(path.read_text(encoding="utf-8-sig"), str(path), "regel {line}")
        return
    for number, cell in enumerate(notebook_cells(path), 1):
        source = "".join(cell["source"])
        place = f"cel {number} ({cell['id']})" if "id" in cell else f"cel {number}"
        if cell["cell_type"] == "markdown":
            yield from _cut(source, str(path), place)
        elif source.startswith("%%prose"):
            yield from _cut(source.partition("\n")[2], str(path), place)


def _cut(text: str, file: str, place: str) -> Iterator[Passage]:
    block: list[str] = []
    for line, written in enumerate([*text.splitlines(), ""], 1):
        kind = _kind(written)
        if block and (kind != "text" or LISTED.match(written)):
            yield Passage(file, place.format(line=line - len(block)), "text", "\n".join(block))
            block = []
        if kind == "text":
            block.append(LISTED.sub("", written))
        elif kind:
            shown = NOTE.sub("", written) if kind == "note" else written.lstrip("# ")
            mark = NOTE.match(written) if kind == "note" else None
            about = next(filter(None, mark.groups())) if mark else ""
            yield Passage(file, place.format(line=line), kind, shown, about=about)


def _kind(line: str) -> str:
    """What a line is: "" empty, "heading", "note", "row" of a table, else "text"."""
    if not line.strip():
        return ""
    if HEADING.match(line):
        return "heading"
    if NOTE.match(line):
        return "note"
    return "row" if "\t" in line or line.lstrip().startswith("|") else "text"


def _with_notes(passages: list[Passage]) -> list[Passage]:
    """The passages with their section; a note has that of the sentence that it belongs to."""
    passages = list(_with_sections(passages))
    marked = {
        next(filter(None, mark.groups())): (plain(sentence), passage.section)
        for passage in passages
        if passage.kind == "text"
        for sentence in STOP.split(passage.text)
        for mark in MARK.finditer(sentence)
    }
    return [
        replace(passage, about=sentence, section=section)
        for passage in passages
        for sentence, section in [marked.get(passage.about, ("", passage.section))]
    ]


def _with_sections(passages: list[Passage]) -> Iterator[Passage]:
    """The passages with the number of their section; an appendix has no numbered sections."""
    section = ""
    for passage in passages:
        own = section_id(plain(passage.text)) if passage.kind == "heading" else ""
        if own and not (section.startswith("B") and "." not in own and own.isdigit()):
            section = own
        yield replace(passage, section=section)
