"""Published figures against the arithmetic of whole people, and against our own answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.granularity import (
    MAX_DECIMALS,
    Percentage,
    Whole,
    decimals_used,
    exact_number,
    possible_bases,
    rounds_to,
    scaled,
)

__all__ = ["plausibility_table", "possible_bases", "recomputed"]

PUBLISHED_COLUMNS = ("figure", "item", "option", "printed", "base_stated", "wave")


def plausibility_table(
    published: pd.DataFrame, *, largest: int, multiple: Collection[str] = ()
) -> pd.DataFrame:
    """For every published distribution the bases it can have, beside the base that is stated.

    Parameters
    ----------
    published : DataFrame
        One row per printed share: figure, item, option, printed (percent; missing where the
        report gives no number), base_stated (missing where none is), wave. Shares only.
    largest : int
        Largest base to try.
    multiple : collection of str
        Items with multiple response, whose percentages need not add up.

    Returns
    -------
    DataFrame
        One row per figure, in order of appearance: figure, item, wave, printed ("19/58/21/2",
        "?" where missing), base_stated, base_possible (missing when no base is stated),
        n_possible, smallest_base, possible_bases (text, runs of three or more as "95–250"),
        base_used (the stated base if possible, else the nearest possible one, the lower of
        two; missing without a stated base) and implied_counts there ("8/25/9/1", with ranges
        where more than one count fits).

    Raises
    ------
    CopanalysisError
        For missing columns, percentages out of range, an option twice in a figure, or a
        figure with more than one item, wave or stated base.
    """
    problems = _figure_problems(published)
    refuse_if_any("The published figures cannot be checked", problems)
    rows = [
        _figure_row(figure, part, largest=largest, multiple=multiple)
        for figure, part in published.groupby("figure", sort=False)
    ]
    table = pd.DataFrame(rows)
    whole = dict.fromkeys(("base_stated", "n_possible", "smallest_base", "base_used"), "Int64")
    return table.astype({**whole, "base_possible": "boolean"})


def _figure_problems(published: pd.DataFrame) -> list[Problem]:
    absent = [name for name in PUBLISHED_COLUMNS if name not in published.columns]
    if absent:
        expected, fix = ", ".join(PUBLISHED_COLUMNS), "give published figures, one row per share"
        return [Problem("published", f"no column {name!r}", expected, fix) for name in absent]
    if published.empty:
        return [Problem("published", "no rows", "a row per printed share", "give some figures")]
    problems = []
    for figure, part in published.groupby("figure", sort=False):
        where = f"figure {figure}"
        for name in ("item", "wave", "base_stated"):
            if part[name].nunique(dropna=False) > 1:
                found = f"{name} " + ", ".join(str(value) for value in part[name].unique())
                fix = "split the figure, or correct the rows"
                problems.append(Problem(where, found, f"one {name} per figure", fix))
        for option in part.loc[part["option"].duplicated(), "option"].unique():
            problems.append(Problem(where, f"option {option} twice", "each once", "keep one row"))
        percentages = _printed(part)
        found = scaled(percentages, min(decimals_used(percentages), MAX_DECIMALS))[1]
        problems += [Problem(f"{where}, {p.where}", p.found, p.expected, p.fix) for p in found]
    return problems


def _printed(part: pd.DataFrame) -> list[Percentage]:
    return [None if pd.isna(value) or value == "" else value for value in part["printed"]]


def _figure_row(
    figure: str, part: pd.DataFrame, *, largest: int, multiple: Collection[str]
) -> dict[str, object]:
    item, wave, stated = (part[name].iloc[0] for name in ("item", "wave", "base_stated"))
    base = None if pd.isna(stated) or stated == "" else int(stated)
    percentages = _printed(part)
    possible = possible_bases(
        percentages,
        smallest=1,
        largest=largest,
        decimals=decimals_used(percentages),
        sums_to_base=item not in multiple,
    )
    bases = possible["base"].to_numpy()
    used = None
    if base is not None and len(bases):
        used = int(bases[np.abs(bases - base).argmin()])
    return {
        "figure": figure,
        "item": item,
        "wave": wave,
        "printed": "/".join(
            "?" if p is None else f"{exact_number(p).normalize():f}" for p in percentages
        ),
        "base_stated": base,
        "base_possible": None if base is None else base == used,
        "n_possible": len(bases),
        "smallest_base": int(bases[0]) if len(bases) else None,
        "possible_bases": _in_runs(bases),
        "base_used": used,
        "implied_counts": "" if used is None else _implied(possible[possible["base"] == used]),
    }


def _in_runs(bases: Whole) -> str:
    """Ascending numbers as text, runs of three or more joined: "43, 52, 53, 95–250"."""
    runs = np.split(bases, np.flatnonzero(np.diff(bases) > 1) + 1) if len(bases) else []
    texts = [
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(str(base) for base in run)
        for run in runs
    ]
    return ", ".join(texts)


def _implied(row: pd.DataFrame) -> str:
    counts = row.drop(columns="base").to_numpy().reshape(-1, 2)
    return "/".join(f"{low}" if low == high else f"{low}–{high}" for low, high in counts)


def recomputed(
    published: pd.DataFrame, *, tables: Mapping[str, pd.DataFrame | NotMeasured]
) -> pd.DataFrame:
    """Printed percentages beside those recomputed from the answers.

    Parameters
    ----------
    published : DataFrame
        As for ``plausibility_table``.
    tables : mapping of figure to table
        Per figure an ungrouped table with option, n and base (``single_choice``,
        ``multiple_response``), or NotMeasured.

    Returns
    -------
    DataFrame
        One row per published row, in the same order: figure, item, option, wave, printed
        (percent), n, base, share (proportion), rounded (percent, halves up, to the decimals
        of the figure), equal (n of base rounds to printed, with halves up or to even; missing
        where either is), difference (share minus printed, as a proportion) and reason (why
        there is no share, in Dutch; "" when there is).

    Raises
    ------
    CopanalysisError
        As ``plausibility_table``; and for a figure without a table, a table with an option
        more than once, or an option that its table does not have.
    """
    problems = _figure_problems(published) or _table_problems(published, tables)
    refuse_if_any("The published figures cannot be recomputed", problems)
    numbered = published.reset_index(drop=True)
    parts = [
        _recomputed_figure(part, tables[figure])
        for figure, part in numbered.groupby("figure", sort=False)
    ]
    return pd.concat(parts).sort_index()


def _table_problems(
    published: pd.DataFrame, tables: Mapping[str, pd.DataFrame | NotMeasured]
) -> list[Problem]:
    problems = []
    for figure, part in published.groupby("figure", sort=False):
        where = f"figure {figure}"
        if figure not in tables:
            fix = "give the table, or leave the figure out of published"
            problems.append(Problem(where, "no table", "a recomputed table", fix))
        elif isinstance(table := tables[figure], pd.DataFrame):
            known = table["option"].tolist()
            if len(set(known)) < len(known):
                fix = "give a table without groups"
                problems.append(Problem(where, "options more than once", "one row each", fix))
            for option in part.loc[~part["option"].isin(known), "option"]:
                expected, fix = ", ".join(known), "correct the option in published or in the table"
                problems.append(Problem(where, f"no option {option!r}", expected, fix))
    return problems


def _recomputed_figure(part: pd.DataFrame, table: pd.DataFrame | NotMeasured) -> pd.DataFrame:
    percentages = _printed(part)
    decimals = decimals_used(percentages)
    out = part[["figure", "item", "option", "wave"]].copy()
    out["printed"] = [np.nan if p is None else float(exact_number(p)) for p in percentages]
    if isinstance(table, NotMeasured):
        gone = {"n": pd.NA, "base": pd.NA, "share": np.nan, "rounded": np.nan, "equal": pd.NA}
        out = out.assign(**gone, difference=np.nan, reason=table.reason)
    else:
        row = table.set_index("option").loc[out["option"]]
        n, base = (row[name].to_numpy(dtype=np.int64) for name in ("n", "base"))
        filled = np.where(base > 0, base, 1)
        unit = 10**decimals
        share = np.where(base > 0, n / filled, np.nan)
        rounded = np.where(base > 0, (200 * unit * n + filled) // (2 * filled) / unit, np.nan)
        reason = np.where(base > 0, "", "niemand gaf antwoord op de vraag")
        out = out.assign(n=n, base=base, share=share, rounded=rounded)
        out["equal"] = rounds_to(percentages, n, base, decimals)
        out = out.assign(difference=share - out["printed"] / 100, reason=reason)
    return out.astype({"n": "Int64", "base": "Int64", "equal": "boolean", "reason": "str"})
