"""Several tests at once: p-values adjusted within a declared family, and what a non-finding
could have shown."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import elementwise
from scipy.stats import norm

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.intervals import Floats

Answers = pd.DataFrame | NotMeasured
CORRECTIONS = {
    "holm": "Holm",
    "benjamini_hochberg": "Benjamini-Hochberg (verkennend)",
    "bonferroni": "Bonferroni",
    "none": "geen",
}
P_CLASSES = {0.001: "onder 0,001", 0.01: "onder 0,01", 0.05: "onder 0,05"}
P_LARGER = "0,05 of meer"
FAMILY_COLUMNS = ("p_adjusted", "family", "correction", "n_family")


def adjusted(p: ArrayLike, *, correction: str) -> Floats:
    """p-values adjusted for their number; a missing one is not counted and stays missing.

    "holm" (Holm 1979) holds the chance of one false alarm in the family, "bonferroni" does the
    same with less power, "benjamini_hochberg" (1995) the expected share of false alarms, for
    exploration; "none" leaves them as they are. As R ``p.adjust``.
    """
    fix = "declare one of these in the notebook"
    wrong = Problem("correction", repr(correction), ", ".join(CORRECTIONS), fix)
    refuse_if_any("No p-values adjusted", [] if correction in CORRECTIONS else [wrong])
    values = np.asarray(p, dtype=float)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    count, rank = len(order), np.arange(1, len(order) + 1)
    out = values.copy()
    if correction == "holm":
        out[order] = np.maximum.accumulate((count - rank + 1) * values[order])
    elif correction == "bonferroni":
        out[order] = count * values[order]
    elif correction == "benjamini_hochberg":
        out[order] = np.minimum.accumulate((count / rank * values[order])[::-1])[::-1]
    return np.minimum(out, 1.0)


def with_family(table: Answers, *, p: str, family: str, correction: str) -> Answers:
    """A table of tests as one family: adds p_adjusted, family, correction and n_family.

    ``p`` names the column of p-values, ``family`` says in Dutch what belongs together
    ("opties van vraag 4"). n_family is the number of tests that have a p-value.
    """
    return over_tables({"": table}, p=p, family=family, correction=correction)[""]


def over_tables(
    tables: Mapping[str, Answers], *, p: str, family: str, correction: str
) -> dict[str, Answers]:
    """``with_family`` for tests that stand in several tables and make one family together."""
    tests = {key: table for key, table in tables.items() if isinstance(table, pd.DataFrame)}
    values = np.concatenate([table[p].to_numpy(float) for table in tests.values()] or [[]])
    p_adjusted = adjusted(values, correction=correction)
    said = {"family": family, "correction": CORRECTIONS[correction]}
    said["n_family"] = int((~np.isnan(values)).sum())
    out, start = dict(tables), 0
    for key, table in tests.items():
        end = start + len(table)
        out[key] = table.assign(p_adjusted=p_adjusted[start:end], **said)
        start = end
    return out


def p_classes(table: Answers, *, p: str = "p_adjusted") -> Answers:
    """The table with p_class: below which of P_CLASSES a p-value lies, in Dutch, missing where
    ``p`` is. It tells whether a test stands out, and not the counts that it was made from."""
    if isinstance(table, NotMeasured):
        return table
    place = np.searchsorted([*P_CLASSES], table[p].to_numpy(float), side="right")
    words = np.array([*P_CLASSES.values(), P_LARGER], dtype=object)
    classes = pd.Series(words[place], index=table.index)
    return table.assign(p_class=classes.where(table[p].notna()).astype("string"))


def method_note(table: Answers) -> list[str]:
    """What stands under a table with a test: method, base, weighting and family, in Dutch.

    Reads the columns method, base (or base_first and base_last), weighting, family, correction
    and n_family, as far as the table has them; of several values each is named. A NotMeasured
    has no note.
    """
    if isinstance(table, NotMeasured):
        return []
    parts = [f"Toets: {_each(table, 'method')}"]
    bases = [c for c in ("base_first", "base_last", "base") if c in table]
    parts.append("Basis: " + " en ".join(_span(table[c]) for c in bases) + " respondenten")
    parts.append(f"Weging: {_each(table, 'weighting')}")
    if "family" in table:
        size = int(table["n_family"].iloc[0])
        words = f"{_each(table, 'family')} ({size} {'toets' if size == 1 else 'toetsen'})"
        parts.append(f"Familie: {words}; correctie: {_each(table, 'correction')}")
    return [". ".join(parts) + "."]


def _each(table: pd.DataFrame, column: str) -> str:
    return "; ".join(str(value) for value in table[column].unique())


def _span(values: pd.Series) -> str:
    low, high = int(values.min()), int(values.max())
    return f"{low}" if low == high else f"{low} tot {high}"


def detectable_difference(
    share: ArrayLike,
    base_first: ArrayLike,
    base_last: ArrayLike,
    *,
    alpha: ArrayLike,
    power: float,
    rise: ArrayLike = True,
) -> Floats:
    """The smallest difference from ``share`` that two independent samples could have shown.

    Parameters
    ----------
    share : array-like
        Share in the first sample.
    base_first, base_last : array-like
        Respondents in either sample.
    alpha, power : float
        Two-sided level of the test (of the strictest step when it is one of a family), and
        the chance to find the difference.
    rise : array-like of bool
        Whether a rise is asked, or a fall.

    Returns
    -------
    float array
        The difference as a proportion, below zero for a fall; NaN where it cannot be as large
        as is needed (no share rises above one), or a base is 0.

    Notes
    -----
    Normal approximation with the pooled variance under no difference (Fleiss, Levin and Paik
    2003, 4.1); for equal bases it agrees with R ``power.prop.test``. No finite population
    correction: the true value is smaller where most members answered.
    """
    sign = np.where(rise, 1.0, -1.0)
    p, n1, n2, level, sign = (
        np.asarray(a, float) for a in np.broadcast_arrays(share, base_first, base_last, alpha, sign)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return sign * _least(p, n1, n2, sign, -norm.ppf(level / 2), norm.ppf(power))


def _least(p: Floats, n1: Floats, n2: Floats, sign: Floats, z: Floats, z_power: float) -> Floats:
    """Where ``sign`` times the difference reaches what the test needs, by bisection."""
    limit = np.where(sign > 0, 1 - p, p)

    def lack(size: Floats, p: Floats, n1: Floats, n2: Floats, sign: Floats, z: Floats) -> Floats:
        other = p + sign * size
        pooled = (n1 * p + n2 * other) / (n1 + n2)
        none = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
        some = np.sqrt(np.maximum(p * (1 - p) / n1 + other * (1 - other) / n2, 0))
        return size - z * none - z_power * some

    ends = (np.full_like(p, 1e-12), np.maximum(limit, 1e-9))
    found = elementwise.find_root(
        lack, ends, args=(p, n1, n2, sign, z), tolerances={"xatol": 1e-12}
    )
    return np.where(found.success & (n1 > 0) & (n2 > 0), found.x, np.nan)
