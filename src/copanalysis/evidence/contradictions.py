"""Contradictions that are not about the survey alone, beside what registers and coding say.

As in ``survey.findings`` the statements and their places are data (findings.csv, statements.csv);
the checks stand in ``contradiction_checks``. Nothing is repaired: both sides are shown.
"""

from __future__ import annotations

import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.evidence.contradiction_checks import CHECKS
from copanalysis.evidence.sources import Sources
from copanalysis.study.measurement import NotMeasured

IN_TEXT_ONLY = "alleen in de tekst; de gegevens zeggen hier niets over"


def report_contradictions(sources: Sources) -> pd.DataFrame:
    """Every finding of findings.csv with data "all": what was stated where, what the data say.

    Returns finding, title, stated (each value with its section), measured (Dutch text, or that it
    cannot be measured and why), consequence; one row per finding, in the order of the file. Raises
    CopanalysisError for a check that does not exist.
    """
    findings = sources.study.table("findings.csv").query("data == 'all'")
    unknown = sorted(set(findings["check"]) - set(CHECKS) - {"statements"})
    if unknown:
        raise CopanalysisError(f"findings.csv names unknown checks: {', '.join(unknown)}.")
    statements = sources.study.table("statements.csv")
    texts = statements["value"] + " (" + statements["section"] + ")"
    stated = texts.groupby(statements["finding"]).agg("; ".join)
    return findings.assign(
        stated=findings["finding"].map(stated).fillna(""),
        measured=[_measured(sources, check) for check in findings["check"]],
    )[["finding", "title", "stated", "measured", "consequence"]]


def _measured(sources: Sources, check: str) -> str:
    if check == "statements":
        return IN_TEXT_ONLY
    needed, count = CHECKS[check]
    missing = [m for m in map(sources.table, needed) if isinstance(m, NotMeasured)]
    return str(missing[0]) if missing else count(sources)
