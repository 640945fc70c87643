"""Tests per option: exact results would give the counts of small groups away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from copanalysis.errors import Problem

BY_OPTION = "mmi_options"  # the step that tests one option over groups
EXACT = re.compile(r"(\w+_)?statistic|cramers_v|effect|phi|p(_(?!class$)\w+)?")


def exact_test_problems(
    steps: Iterable[Mapping[str, Any]], columns: Iterable[str], *, table: str
) -> list[Problem]:
    """Columns with exact results of a test of one option over groups, one problem for each.

    A statistic in two decimals, with the total of the option and the sizes of the groups, leaves
    one possibility for the counts of the groups: it tells what the counts themselves may not.
    Classes of p (``p_classes``) do not.
    """
    if all(step["function"] != BY_OPTION for step in steps):
        return []
    where, fix = f"table {table!r}", "show p_class, which p_classes makes"
    found = "exact results of a test over groups"
    return [
        Problem(f"{where}, column {column!r}", found, "classes", fix)
        for column in columns
        if EXACT.fullmatch(column)
    ]
