"""What deduce (Dutch de-identification, made for medical notes) finds in a text."""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copanalysis.study.privacy.findings import Finding, guarded
from copanalysis.study.privacy.full_names import KnownNames
from copanalysis.study.privacy.passages import Passage, Word
from copanalysis.study.privacy.vocabulary import INTERFIXES, TITLES
from copanalysis.study.privacy.word_lists import given_names, lists_of_deduce, places

KINDS = {
    "persoon": "person",
    "patient": "person",
    "locatie": "place",
    "telefoonnummer": "phone",
    "emailadres": "email",
    "bsn": "bsn",
}
# Lists that make deduce slow to build and that our own rules for addresses do without.
LEFT_OUT = ("locations/lst_street", "institutions/lst_healthcare_institution")
Finder = Callable[[Passage, KnownNames], list[Finding]]


def deduce_finder() -> Finder:
    """A finder for `find_identifiers` that asks deduce; the first one takes some seconds to make.

    Deduce takes greetings and other words with a capital for names ("Goedemorgen Annelies"),
    and knows nothing of CoPs: of a person or place that it finds, words that are plain where
    they stand, titles and names that are nobody's are taken off. Dates, ages and institutions
    of care that deduce finds are left.
    """
    _deduce()

    def find(passage: Passage, names: KnownNames) -> list[Finding]:
        kept = [_trimmed(found, passage, names) for found in deduce_alone(passage.text)]
        return [finding for finding in kept if finding is not None]

    return find


def deduce_alone(text: str) -> list[Finding]:
    """What deduce finds of the kinds in KINDS, as it finds it."""
    found = _deduce().deidentify(guarded(text), disabled={"redactor"}).annotations
    kinds = ((annotation, KINDS.get(annotation.tag)) for annotation in found)
    return [_finding(a.start_char, a.end_char, kind, text) for a, kind in kinds if kind]


@cache
def _deduce() -> Any:
    """Deduce with its own lists but those in LEFT_OUT, built in a folder that is thrown away.

    Importing deduce sets the log of the whole program to standard output and changes what is
    warned of; both are put back.
    """
    log = logging.getLogger()
    handlers, level = log.handlers[:], log.level
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        try:
            from deduce import Deduce

            log.setLevel(logging.WARNING)
            return Deduce(lookup_data_path=_lists(Path(folder)), cache_path=folder)
        finally:
            log.handlers[:] = handlers
            log.setLevel(level)


def _lists(folder: Path) -> Path:
    shutil.copytree(lists_of_deduce(), folder / "src")
    for name in LEFT_OUT:
        for file in (folder / "src" / name).glob("*.txt"):
            file.write_text("", encoding="utf-8")
    return folder


def _finding(start: int, end: int, kind: str, text: str) -> Finding:
    found = text[start:end]
    if kind == "place" and any(letter.isdigit() for letter in found):
        kind = "address"
    return Finding(start, end, kind, found, "deduce")


def _trimmed(finding: Finding, passage: Passage, names: KnownNames) -> Finding | None:
    """A person or place without the words around the name; None when nothing is left."""
    if finding.kind not in ("person", "place"):
        return finding
    nobody = passage.nobodys
    inside = [
        (at, word)
        for at, word in enumerate(passage.words)
        if word.start < finding.end and word.end > finding.start
    ]
    while inside and not _is_name(*inside[-1], passage, nobody):
        inside.pop()
    while inside and _is_title_or_plain(*inside[0], passage, nobody):
        inside.pop(0)
    if not inside or (len(inside) == 1 and not _is_sure(*inside[0], passage, names)):
        return None
    start, end = inside[0][1].start, inside[-1][1].end
    return Finding(start, end, finding.kind, passage.text[start:end], finding.source)


def _is_sure(at: int, word: Word, passage: Passage, names: KnownNames) -> bool:
    """Whether a single word is a name: at the begin of a sentence any word has a capital."""
    listed = given_names() | places() if word.first else frozenset()
    return not word.first or word.key in listed or word.key in names.forms or passage.acts(at + 1)


def _is_name(at: int, word: Word, passage: Passage, nobody: Collection[int]) -> bool:
    plain = passage.is_plain_at_begin(word) if word.first else False
    return word.capital and at not in nobody and not plain


def _is_title_or_plain(at: int, word: Word, passage: Passage, nobody: Collection[int]) -> bool:
    if word.key in INTERFIXES:
        return False
    return word.key in TITLES or not _is_name(at, word, passage, nobody)
