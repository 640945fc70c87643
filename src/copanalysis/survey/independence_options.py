"""The follow-up of a test of independence: each option or pair of options by itself, with
adjusted p-values and effect sizes.

A p-value is that of Pearson's chi-square, or, where the expected counts are too small for it by
``small`` ([small_counts] of study.toml), of a bootstrap of ``resamples``; without one it is
missing. The bootstrap is that of the module ``independence``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import chi2

from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.independence_tables import (
    Draw,
    expected_counts,
    group_cells,
    group_draw,
    grouped_ticks,
    pair_cells,
    pair_draw,
    varied_pair,
)
from copanalysis.survey.intervals import Floats, newcombe_interval, wilson_interval
from copanalysis.survey.modified_pearson import bootstrap, pearson, too_small
from copanalysis.survey.multiplicity import with_family

Answers = pd.DataFrame | NotMeasured


def mmi_options(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    by: str,
    by_options: pd.DataFrame | None = None,
    base: str,
    minimum_base: int,
    small: Mapping[str, float],
    resamples: int,
    seed: int,
    family: str,
    correction: str,
) -> Answers:
    """The follow-up of ``mmi_test``: one row per option, as one family.

    Returns item, option, label, position, base, statistic (Pearson), df, p, cramers_v (effect
    size), method, weighting, and the columns of ``multiplicity.with_family``. The shares in
    each group are not in it: they are a table of their own, with its own protection.
    """
    found = grouped_ticks(answers, item, options, by, by_options, base, minimum_base)
    if isinstance(found, NotMeasured):
        return found
    ticks, groups = found
    count = int(groups.max()) + 1
    cells = group_cells(ticks.matrix, groups, count)
    draw = group_draw(ticks.matrix, groups, count)
    rules = {"small": small, "resamples": resamples, "seed": seed}
    statistic, p, version = _tests(cells, draw, df=count - 1, people=ticks.matrix.shape, **rules)
    table = ticks.options.drop(columns="kind").assign(
        base=len(groups),
        statistic=statistic,
        df=count - 1,
        p=p,
        cramers_v=np.sqrt(statistic / len(groups)),
        method=["chi-kwadraat per optie, " + how for how in version],
        weighting="ongewogen",
    )
    table.insert(0, "item", item)
    return with_family(table, p="p", family=family, correction=correction)


def spmi_pairs(
    answers: Answers,
    *,
    rows: str,
    columns: str,
    options_rows: pd.DataFrame,
    options_columns: pd.DataFrame,
    base: str,
    minimum_base: int,
    small: Mapping[str, float],
    resamples: int,
    seed: int,
    confidence: float,
    family: str,
    correction: str,
) -> Answers:
    """The follow-up of ``spmi_test``: one row per pair of options, as one family.

    Returns row_item, row_option, row_label, column_item, column_option, column_label, n (ticked
    both), row_n and column_n (ticked either option), base, share_with and share_without (ticked
    the column option, of those who did and did not tick the row option), difference with ci_low
    and ci_high (Newcombe), statistic, p, phi (effect size), method, weighting, and the columns
    of ``multiplicity.with_family``; the strongest relations first.
    """
    sides = (rows, options_rows), (columns, options_columns)
    found = varied_pair(answers, *sides, base=base, minimum_base=minimum_base)
    if isinstance(found, NotMeasured):
        return found
    first, second = found
    cells = pair_cells(first.matrix, second.matrix)
    people = len(first.matrix), first.matrix.shape[1] + second.matrix.shape[1]
    rules = {"small": small, "resamples": resamples, "seed": seed}
    draw = pair_draw(first.matrix, second.matrix)
    flat = cells.reshape(-1, 2, 2)
    statistic, p, version = _tests(flat, draw, df=1, people=people, **rules)
    sides = [side.options[["option", "label"]] for side in found]
    sides[0].insert(0, "item", rows)
    sides[1].insert(0, "item", columns)
    table = sides[0].add_prefix("row_").merge(sides[1].add_prefix("column_"), how="cross")
    table = table.assign(
        n=flat[:, 1, 1].astype(int),
        row_n=flat[:, 1].sum(axis=1).astype(int),
        column_n=flat[:, :, 1].sum(axis=1).astype(int),
        base=people[0],
        **_difference(flat, confidence),
        statistic=statistic,
        p=p,
        method=["chi-kwadraat per paar, " + how for how in version],
        weighting="ongewogen",
    )
    table["phi"] = np.sign(table["difference"]) * np.sqrt(statistic / people[0])
    table = with_family(table, p="p", family=family, correction=correction)
    order = (-table["phi"].abs()).argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _tests(
    cells: Floats,
    draw: Draw,
    *,
    df: int,
    people: tuple[int, int],
    small: Mapping[str, float],
    resamples: int,
    seed: int,
) -> tuple[Floats, Floats, list[str]]:
    """Statistic, p-value and its version of every table in ``cells`` (tables, r, c)."""
    statistic, weak = pearson(cells), too_small(expected_counts(cells), small)
    p, version = chi2.sf(statistic, df), np.where(weak, "bootstrap", "Pearson")
    if weak.any():
        drawn = bootstrap(
            draw,
            statistic,
            df=df,
            people=people[0],
            width=people[1],
            resamples=resamples,
            seed=seed,
        )
        p = np.where(weak, drawn.p_parts, p)
        version = np.where(weak & np.isnan(p), "geweigerd: te kleine aantallen", version)
    return statistic, p, list(version)


def _difference(cells: Floats, confidence: float) -> dict[str, Floats]:
    """Shares of the column option with and without the row option, and their difference."""
    base = cells.sum(axis=2)
    limits = wilson_interval(cells[..., 1], base, population=None, confidence=confidence)
    shares = (cells[..., 1] / base, *limits)
    without, with_row = (tuple(part[:, k] for part in shares) for k in (0, 1))
    low, high = newcombe_interval(with_row, without, correlation=0.0)
    difference = with_row[0] - without[0]
    ends = {"difference": difference, "ci_low": low, "ci_high": high}
    return {"share_with": with_row[0], "share_without": without[0], **ends}
