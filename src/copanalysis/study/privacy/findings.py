"""What was found in a text: stretches that identify somebody, and how overlaps are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Strongest first: where stretches overlap, the whole is of the first kind met in this order.
KINDS = (
    "address",
    "email",
    "iban",
    "phone",
    "bsn",
    "date_of_birth",
    "licence_plate",
    "organisation",
    "person",
    "place",
)
DUTCH = {
    "address": "adres",
    "email": "e-mail",
    "iban": "iban",
    "phone": "telefoon",
    "bsn": "bsn",
    "date_of_birth": "geboortedatum",
    "licence_plate": "kenteken",
    "person": "persoon",
    "organisation": "organisatie",
    "place": "plaats",
}


@dataclass(frozen=True)
class Finding:
    """A stretch of a text (code points, end exclusive) that identifies somebody.

    ``kind`` is one of KINDS; ``source`` tells which rule or list found it.
    """

    start: int
    end: int
    kind: str
    text: str
    source: str


def settled(findings: Iterable[Finding], *, text: str) -> list[Finding]:
    """Findings in order of place, overlapping ones made one.

    The joint finding runs from the first begin to the last end, so that no letter that any
    source found is left; its kind is the strongest by KINDS, its source names all.
    """
    groups: list[list[Finding]] = []
    end = -1
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if finding.start < end:
            groups[-1].append(finding)
        else:
            groups.append([finding])
        end = max(end, finding.end)
    return [_joint(group, text) for group in groups]


def _joint(group: list[Finding], text: str) -> Finding:
    start, end = min(f.start for f in group), max(f.end for f in group)
    kind = min((f.kind for f in group), key=KINDS.index)
    sources = dict.fromkeys(source for f in group for source in f.source.split("+"))
    return Finding(start, end, kind, text[start:end], "+".join(sources))


def hidden(text: str, findings: Iterable[Finding]) -> str:
    """The text with findings made unreadable, each at its own place and length."""
    for finding in findings:
        text = text[: finding.start] + "x" * (finding.end - finding.start) + text[finding.end :]
    return text
