"""Open answers without what identifies a person."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.study.privacy.findings import DUTCH, KINDS, Finding


def replaced(text: str, findings: Collection[Finding], names: dict[Finding, str]) -> str:
    """The text with each finding replaced by its name; findings do not overlap."""
    for finding in sorted(findings, key=lambda f: f.start, reverse=True):
        text = text[: finding.start] + names[finding] + text[finding.end :]
    return text


def kind_labels(findings: Collection[Finding]) -> dict[Finding, str]:
    """The kind of each finding in brackets, in Dutch ("[telefoon]")."""
    return {finding: f"[{DUTCH[finding.kind]}]" for finding in findings}


def checked_kinds(kinds: Collection[str]) -> frozenset[str]:
    """The kinds of identifiers asked for; CopanalysisError for an unknown one."""
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise CopanalysisError(
            f"Unknown kind of identifier: {', '.join(unknown)}; there are {', '.join(KINDS)}."
        )
    return frozenset(kinds)


def texts_of(series: pd.Series) -> pd.Series:
    """The distinct texts in a column, missing ones left out."""
    texts = series.dropna()
    return texts[texts.map(lambda value: isinstance(value, str))].drop_duplicates()
