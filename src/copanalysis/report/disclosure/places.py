"""Where disclosure control keeps what it needs and what it decides; neither leaves the project."""

from __future__ import annotations

from pathlib import Path

PRIVATE = "data/processed/disclosure"


def audited_path(root: Path) -> Path:
    """Where it stands of what the last audit that found nothing was: see `report.protecting`."""
    return root / PRIVATE / "audited.txt"


def counts_path(root: Path, page: str) -> Path:
    """Where the counts of a page stand with their values: written with the page."""
    return root / PRIVATE / "counts" / f"{page}.json"


def pattern_path(root: Path, page: str) -> Path:
    """Where the pattern of a page stands: an input of the page, like a processed table."""
    return root / PRIVATE / "pattern" / f"{page}.json"
