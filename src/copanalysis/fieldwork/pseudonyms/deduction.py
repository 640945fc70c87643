"""What deduce (Dutch de-identification, made for medical notes) finds in a text."""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copanalysis.study.privacy.findings import Finding
from copanalysis.study.privacy.full_names import KnownNames
from copanalysis.study.privacy.passages import Passage
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
    they stand, titles, "van" in front and names that are nobody's are taken off. Dates, ages and
    institutions of care that deduce finds are left.
    """
    _deduce()

    def find(passage: Passage, names: KnownNames) -> list[Finding]:
        found = deduce_alone(passage.text)
        return [kept for finding in found for kept in _trimmed(finding, passage, names)]

    return find


def deduce_alone(text: str) -> list[Finding]:
    """What deduce finds of the kinds in KINDS, as it finds it."""
    found = _deduce().deidentify(text, disabled={"redactor"}).annotations
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


def _trimmed(finding: Finding, passage: Passage, names: KnownNames) -> Iterator[Finding]:
    """People and places without the words around the name, each its own; other kinds as found."""
    if finding.kind not in ("person", "place"):
        yield finding
        return
    for numbers in _names_within(finding, passage):
        while numbers and not _is_name(numbers[-1], passage):
            numbers.pop()
        while numbers and _is_no_part(numbers[0], passage):
            numbers.pop(0)
        if len(numbers) > 1 or (numbers and _is_sure(numbers[0], passage, names)):
            start, end = passage.words[numbers[0]].start, passage.words[numbers[-1]].end
            kind = _kind(numbers, passage, names) or finding.kind
            yield Finding(start, end, kind, passage.text[start:end], finding.source)


def _kind(numbers: list[int], passage: Passage, names: KnownNames) -> str:
    """ "place" for a name of a place that is nobody's given or known name, else ""."""
    key = "".join(passage.words[at].key for at in numbers)
    named = key in given_names() or key in names.forms
    return "place" if key in places() and not named else ""


def _names_within(finding: Finding, passage: Passage) -> list[list[int]]:
    """The words of a finding, by number, cut where a sentence ends or a title stands."""
    groups: list[list[int]] = [[]]
    for at, word in enumerate(passage.words):
        if word.start >= finding.end or word.end <= finding.start:
            continue
        joined = bool(groups[-1]) and passage.are_joined(at - 1, at)
        groups += [] if joined and word.key not in TITLES else [[]]
        groups[-1].append(at)
    return groups


def _is_sure(at: int, passage: Passage, names: KnownNames) -> bool:
    """Whether a single word is a name: at the begin of a sentence any word has a capital."""
    word = passage.words[at]
    listed = given_names() | places() if word.first else frozenset()
    return not word.first or word.key in listed or word.key in names.forms or passage.acts(at + 1)


def _is_name(at: int, passage: Passage) -> bool:
    word = passage.words[at]
    plain = word.first and passage.is_plain_at_begin(word)
    return word.capital and at not in passage.nobodys and not plain


def _is_no_part(at: int, passage: Passage) -> bool:
    """Whether a word in front is no part of a name: a title, "van" on its own, a plain word."""
    word = passage.words[at]
    if word.key in INTERFIXES:
        return not word.capital or word.first
    return word.key in TITLES or not _is_name(at, passage)
