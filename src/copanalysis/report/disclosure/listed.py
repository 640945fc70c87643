"""People in registers and conversations, by CoP: how many of a kind a table says there are.

Of one CoP a count of one or two points to them (the only manager who was spoken to); a count of
meetings, documents or products does not. Which it is stands in counted.csv.
"""

from __future__ import annotations

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.disclosure.counts import LISTED, Count, Counted, Counts, Sum
from copanalysis.report.disclosure.table import Table

PEOPLE = "people"
FILE = "data/instruments/counted.csv"


def listed_counts(table: Table) -> Counts:
    """The counts of people in a table of one CoP, or of several with a column ``cop``.

    Their sum in a CoP counts as known, because it often stands elsewhere. Over all CoPs
    together nobody is pointed to. Each page is protected by itself: what a register said at
    another time is another count, and of the same numbers the same are hidden on every page.

    Raises
    ------
    CopanalysisError
        For a shown column of counts that counted.csv does not declare.
    """
    by_cop = "cop" in table.data and table.data["cop"].astype("object").fillna("").ne("").any()
    if not table.cop and not by_cop:
        return Counts()
    rows = table.study.sheets["counted.csv"].rows
    units = {(row["table"], row["column"]): row["unit"] for row in rows}
    shown = [c for c, how in table.formats.items() if how == "count" and c in table.data]
    units = {c: units.get((table.name, c), units.get(("", c))) for c in shown}
    undeclared = [c for c in shown if units[c] is None]
    if undeclared:
        fix, expected = f"add a row to {FILE}", "counts of people, of things or of bases"
        problems = [
            Problem(f"table {table.name!r}, column {c!r}", "counts", expected, fix)
            for c in undeclared
        ]
        raise CopanalysisError("It is not known whether a table counts people.", problems)
    counts, sums = [], []
    for column in shown:
        if units[column] == PEOPLE:
            by_cop = _people(table, column)
            counts += [count for of_one in by_cop for count in of_one]
            sums += [
                Sum(sum(count.n for count in of_one), tuple(count.of for count in of_one))
                for of_one in by_cop
                if len(of_one) > 1
            ]
    return Counts(tuple(counts), tuple(sums))


def _people(table: Table, column: str) -> list[list[Count]]:
    """The counts of a column, by CoP."""
    by_cop: dict[str, list[dict]] = {}
    for row in table.rows():
        cop = str(row.get("cop") or table.cop)
        if cop and pd.notna(row[column]):
            by_cop.setdefault(cop, []).append(row)
    members = table.study.members()
    found = []
    for cop, rows in by_cop.items():
        base = max(members.get(cop, 0), int(sum(row[column] for row in rows)))
        found.append([])
        for row in rows:
            name = "|".join(str(row[c]) for c in table.key if c != "cop")
            of = Counted(LISTED, (cop,), ((f"{table.page} {table.name}.{column}", name),))
            tells = {column: "count"}
            found[-1].append(Count(of, base, row["row"], tells, (column,), int(row[column])))
    return found
