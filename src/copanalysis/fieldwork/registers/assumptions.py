"""The assumptions of the design held against each CoP: met, not met, or not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from copanalysis.fieldwork.registers.observations import ANSWERS
from copanalysis.study.plan import Study

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
NOT_IN_REGISTER = "Voor deze CoP staat dit niet in een register."


def assumption_checks(tables: Mapping[str, pd.DataFrame], *, study: Study) -> pd.DataFrame:
    """Every assumption of assumptions.csv for every CoP of names.csv.

    ``tables`` are the processed registers by name. The last row of a CoP in the register that
    an assumption names decides, by its rule: "filled", "is CODE" or "between LOW HIGH" (both
    included). Of observations the answer to the field of that name counts.

    Returns cop, assumption, label, section, value (text, missing when not known), date (of the
    row that decided, missing without one), outcome ("met", "not_met", "unknown") and reason
    (the remark of assumptions.csv, or that no register tells).
    """
    rows = []
    for assumption in study.sheets["assumptions.csv"].rows:
        told = _last(_told(tables, assumption))
        for cop in study.names.ids(kind="cop"):
            value, day = told.get(cop, (pd.NA, pd.NaT))
            outcome = RULES[assumption["rule"].partition(" ")[0]](value, assumption["rule"])
            reason = assumption["reason"] or (NOT_IN_REGISTER if outcome == UNKNOWN else "")
            head = (cop, assumption["assumption"], assumption["label"], assumption["section"])
            text = None if pd.isna(value) else f"{value:g}" if _is_number(value) else str(value)
            rows.append((*head, text, day, outcome, reason))
    columns = ["cop", "assumption", "label", "section", "value", "date", "outcome", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _told(tables: Mapping[str, pd.DataFrame], assumption: Mapping[str, str]) -> pd.DataFrame:
    """cop, date and value of every row that tells about an assumption."""
    table = tables.get(assumption["register"], pd.DataFrame())
    if table.empty:
        return pd.DataFrame(columns=["cop", "date", "value"])
    if assumption["register"] == ANSWERS:
        table = table[table["field"].eq(assumption["column"]) & table["measured"]]
        table = table.assign(value=table["number"])
    else:
        table = table.assign(value=table[assumption["column"]])
    days = table["date"] if "date" in table else pd.Series(pd.NaT, index=table.index)
    return pd.DataFrame({"cop": table["cop"], "date": days, "value": table["value"]})


def _last(told: pd.DataFrame) -> dict[str, tuple[object, object]]:
    """The last value and its date of each CoP that has one."""
    known = told[told["value"].notna()].sort_values("date", kind="stable")
    rows = known[["cop", "value", "date"]].itertuples(index=False, name=None)
    return {cop: (value, day) for cop, value, day in rows}


def _is_number(value: object) -> bool:
    return not isinstance(value, str)


def _filled(value: object, rule: str) -> str:
    return NOT_MET if pd.isna(value) else MET


def _is(value: object, rule: str) -> str:
    if pd.isna(value) or value == UNKNOWN:
        return UNKNOWN
    return MET if value == rule.split()[1] else NOT_MET


def _between(value: object, rule: str) -> str:
    if pd.isna(value):
        return UNKNOWN
    low, high = (float(word) for word in rule.split()[1:])
    return MET if low <= float(value) <= high else NOT_MET


RULES: Mapping[str, Callable[[object, str], str]] = {
    "filled": _filled,
    "is": _is,
    "between": _between,
    "": lambda value, rule: UNKNOWN,
}
