"""From a pattern of hidden counts to the cells of one table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from copanalysis.errors import refuse_if_any
from copanalysis.report.cells import BOUNDS, INTERVAL
from copanalysis.report.disclosure.counts import Counted, Counts
from copanalysis.report.disclosure.rules import Rules, secret_counts


def shown_counts(told: Counts, *, columns: Collection[str]) -> Counts:
    """The counts that the shown columns of a table tell.

    A share with its interval beside it counts as the number itself.
    """
    exact = INTERVAL in columns or bool(set(BOUNDS) & set(columns))
    counts = []
    for count in told.counts:
        tells = {c: how for c, how in count.tells.items() if c in columns}
        if tells:
            told_exactly = exact or "function" in tells.values()
            counts.append(replace(count, tells=tells, exact=told_exactly))
    differences = tuple(d for d in told.differences if d.column in columns)
    return replace(told, counts=tuple(counts), differences=differences)


def withheld_counts(
    shown: Counts, *, rules: Rules, pattern: frozenset[Counted], table: str
) -> frozenset[Counted]:
    """Which counts of a table are hidden: those of the pattern of the whole report.

    Where the pattern lacks a count that must be hidden it was made without this table, and the
    table is protected by itself until the whole report is.

    Raises
    ------
    CopanalysisError
        When a count of the table follows from counts that are never hidden.
    """
    own = {count.of for count in shown.counts}
    if secret_counts([shown], rules) <= pattern:
        return frozenset(own & pattern)
    from copanalysis.report.disclosure.protection import protection  # linear programs: scipy

    found = protection({table: shown}, rules=rules)
    refuse_if_any(f"Table {table!r} cannot be released", found.problems)
    return frozenset(found.hidden | (own & pattern))


def hidden_cells(
    data: pd.DataFrame, *, told: Counts, shown: Counts, withheld: Collection[Counted], rules: Rules
) -> pd.DataFrame:
    """True where a cell is hidden, in the shape of ``data``.

    With a hidden count go all columns that depend on it; a count under the rule that the table
    does not show is hidden in its own column, where a pointer in the prose could find it.
    """
    hidden = pd.DataFrame(False, index=data.index, columns=data.columns)
    visible = {(count.of, count.row) for count in shown.counts}
    secret = secret_counts([told], rules)
    for count in told.counts:
        if count.of in withheld:
            columns = [*count.goes, *count.tells]
        elif count.of in secret and (count.of, count.row) not in visible:
            columns = list(count.tells)
        else:
            continue
        columns = {*columns, *(f"{c}_name" for c in columns)} & set(data.columns)
        hidden.loc[hidden.index[count.row], sorted(columns)] = True
    return hidden
