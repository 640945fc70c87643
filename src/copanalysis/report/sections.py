"""A page as sections to search: what stands under each heading, in words."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from copanalysis.report.cleaning import Element

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LONG = 1500  # letters of a section that are kept as they stand
# What the page tells elsewhere too, or says nothing by itself: data folds, numbers in cells.
LEFT_OUT = {"cop-data", "cop-n", "accounting"}
Section = tuple[str, str, str]


def page_sections(pieces: Iterable[Element]) -> Iterator[Section]:
    """The sections of the pieces of a page: id of the heading and its words ("" and "" above the
    first), the text."""
    id, title, words = "", "", []
    for piece in pieces:
        for part in _parts(piece):
            if isinstance(part, str):
                words.append(part)
            else:
                yield id, title, _condensed(words)
                id, title, words = part.get("id", ""), _joined(part.itertext()), []
    yield id, title, _condensed(words)


def packed(value: Any) -> str:
    """What a search looks through, as one word of letters and digits."""
    text = json.dumps(value, ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def unpacked(word: str) -> Any:
    """What was packed."""
    return json.loads(zlib.decompress(base64.b64decode(word)))


def _parts(element: Element) -> Iterator[str | Element]:
    """Headings and the texts between them, in the order of the page."""
    yield element.text or ""
    for child in element:
        if child.tag in HEADINGS:
            yield child
        elif not LEFT_OUT & set(child.get("class", "").split()):
            yield from _parts(child)
        yield " · " if child.tag == "tr" else child.tail or ""


def _joined(words: Iterable[str]) -> str:
    return " ".join(" ".join(words).split())


def _condensed(texts: Iterable[str]) -> str:
    """Texts joined; what is long ends, on a line of its own, in the words that it has not used
    yet, each once: they can be found, and make no sentence to show."""
    text = _joined(texts)
    head = text if len(text) <= LONG else text[:LONG].rpartition(" ")[0]
    used = set(head.split())
    words = dict.fromkeys(w for w in text[len(head) :].split() if w not in used)
    return "\n".join(filter(None, (head, " ".join(words))))
