"""Tests over groups: exact results would give the counts of small groups away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from copanalysis.errors import Problem

TESTS = ("mmi_test", "mmi_options")  # the steps that test options over groups
EXACT = re.compile(r"(\w+_)?statistic|(\w+_)?df|cramers_v|effect|phi|p(_(?!class$)\w+)?")


def exact_test_problems(
    steps: Iterable[Mapping[str, Any]], columns: Iterable[str], *, table: str
) -> list[Problem]:
    """Columns with exact results of a test of options over CoPs or answers, one problem for each.

    A statistic in two decimals, with the totals of the options and the sizes of the groups, leaves
    few possibilities for the counts of the groups: it tells what the counts themselves may not.
    Classes of p (``p_classes``) do not. Waves are no groups to hide.
    """
    over = [step["keywords"].get("by") for step in steps if step["function"] in TESTS]
    if all(by == "wave" for by in over):
        return []
    where, fix = f"table {table!r}", "show p_class, which p_classes makes"
    found = "exact results of a test over groups"
    return [
        Problem(f"{where}, column {column!r}", found, "classes", fix)
        for column in columns
        if EXACT.fullmatch(column)
    ]
