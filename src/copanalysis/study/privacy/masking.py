"""What stands in a text instead of what identifies a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copanalysis.study.privacy.findings import DUTCH, Finding


@dataclass(frozen=True)
class Change:
    """A stretch of a text (code points, end exclusive) and what stands there instead."""

    start: int
    end: int
    kind: str
    mask: str


def changed(text: str, changes: Sequence[Change]) -> str:
    """The text with every change made; changes are in order and do not overlap."""
    for change in reversed(changes):
        text = text[: change.start] + change.mask + text[change.end :]
    return text


def masked(finding: Finding) -> Change:
    """A finding with its kind in brackets, in Dutch, in its place ("[telefoon]")."""
    return Change(finding.start, finding.end, finding.kind, f"[{DUTCH[finding.kind]}]")
