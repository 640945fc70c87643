"""Rows of documents and segments: texts, the way positions are counted, and coded stretches."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from lxml import etree

from copanalysis.fieldwork.coding import text_hash
from copanalysis.fieldwork.refi.counting import Decision, decide, disagreement
from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.markup import text_of
from copanalysis.fieldwork.refi.positions import CountedText, Selected, Unit, spans, unit_named
from copanalysis.fieldwork.refi.profiles import OWN, Profile
from copanalysis.fieldwork.refi.records import KINDS
from copanalysis.fieldwork.refi.texts import SourceText, text_holder

Row = dict[str, Any]
LONGEST = 15  # characters of a position
FAR = 10**LONGEST
OWN_UNIT = Unit(utf16=False, crlf=2, bom=True)


def document_rows(root: etree._Element, texts: dict[str, SourceText]) -> list[Row]:
    """One row per source."""
    return [_document(source, texts) for source in root.findall("./Sources/*")]


def segment_rows(
    root: etree._Element,
    texts: dict[str, SourceText],
    found: dict[str, np.ndarray],
) -> list[Row]:
    """One row per code on a selection or whole document, and per selection without a code."""
    rows: list[Row] = []
    for source in root.findall("./Sources/*"):
        guid = source.get("guid")
        text, holder = texts[guid].text, text_holder(source)
        for coding in source.findall("Coding"):
            rows.append(_segment(None, coding, guid, (0, len(text)), text))
        selections = [] if holder is None else holder.findall("PlainTextSelection")
        for selection, span in zip(selections, found.get(guid, ()), strict=True):
            codings = selection.findall("Coding") or [None]
            for coding in codings:
                rows.append(_segment(selection, coding, guid, (int(span[0]), int(span[1])), text))
    return rows


def located(
    root: etree._Element,
    texts: dict[str, SourceText],
    profile: Profile,
    findings: Findings,
    *,
    counting: str | None,
    crlf_in_xml: bool,
) -> dict[str, np.ndarray]:
    """Per source the (start, end) of its selections in code points, and how that was decided.

    Raises CopanalysisError when positions lie outside the text or the way of counting cannot
    be told; a decision that was needed is reported as a problem.
    """
    counted = dict(_counted(root, texts, findings, crlf_in_xml=crlf_in_xml))
    decision = _decision(list(counted.values()), profile, findings, counting)
    if decision.reason:
        against = disagreement(decision, profile)
        findings.add(
            "positions in texts",
            f"positions in {decision.unit}: {decision.reason}",
            f"the way in which {profile.name} is known to count" if against else "one clear way",
            "compare some passages with the analysis tool; counting= sets another way",
            "warning" if against else "note",
        )
    return {guid: spans(text, decision.unit) for guid, text in counted.items()}


def _decision(
    texts: list[CountedText], profile: Profile, findings: Findings, counting: str | None
) -> Decision:
    if counting is None and profile.name != OWN:
        return decide(texts, profile, findings.file)
    unit = OWN_UNIT if counting is None else unit_named(counting)
    for text in texts:
        for selection, (start, end) in zip(text.selections, spans(text, unit), strict=True):
            if not 0 <= start <= end:
                findings.add(
                    selection.place(),
                    f"positions {selection.start} to {selection.end}",
                    f"a stretch inside the text, which has {len(text.text)} characters",
                    "correct the selection, or count otherwise",
                    "error",
                )
    return Decision(unit, "" if counting is None else "so it was asked for")


def _counted(
    root: etree._Element,
    texts: dict[str, SourceText],
    findings: Findings,
    *,
    crlf_in_xml: bool,
) -> Iterator[tuple[str, CountedText]]:
    for source in root.findall("./Sources/*"):
        holder, text = text_holder(source), texts[source.get("guid")]
        if holder is None:
            continue
        selections = tuple(
            Selected(
                start=_position(selection.get("startPosition")),
                end=_position(selection.get("endPosition")),
                name=selection.get("name", ""),
                place=partial(findings.where, selection),
            )
            for selection in holder.findall("PlainTextSelection")
        )
        joined = crlf_in_xml and text.inline and "\r" not in text.text
        name = source.get("name", "")
        yield source.get("guid"), CountedText(name, text.text, selections, text.bom, joined)


def _position(text: str) -> int:
    """A position as a number; one with more digits than any text needs stays out of range."""
    digits = text.strip()
    return int(digits) if len(digits) <= LONGEST else FAR


def _document(source: etree._Element, texts: dict[str, SourceText]) -> Row:
    text = texts[source.get("guid")]
    return {
        "document": source.get("guid"),
        "name": source.get("name", ""),
        "kind": KINDS[source.tag],
        "text": text.text,
        "hash": text_hash(text.text) if text.found else "",
        "description": text_of(source.find("Description")),
    }


def _segment(
    selection: etree._Element | None,
    coding: etree._Element | None,
    document: str,
    span: tuple[int, int],
    text: str,
) -> Row:
    made = [element for element in (coding, selection) if element is not None]
    return {
        "segment": "" if selection is None else selection.get("guid"),
        "coding": "" if coding is None else coding.get("guid"),
        "document": document,
        "start": span[0],
        "end": span[1],
        "text": text[span[0] : span[1]],
        "code": "" if coding is None else coding.find("CodeRef").get("targetGUID"),
        "coder": _first(made, "creatingUser"),
        "created": _first(made, "creationDateTime"),
        "description": "" if selection is None else text_of(selection.find("Description")),
    }


def _first(elements: list[etree._Element], name: str) -> str:
    return next((e.get(name).strip() for e in elements if e.get(name)), "")
