"""The follow-up of a test of independence: each option or pair of options by itself, with
adjusted p-values and effect sizes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2

from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.independence_tables import (
    group_cells,
    grouped_ticks,
    pair_cells,
    varied_pair,
)
from copanalysis.survey.intervals import newcombe_interval, wilson_interval
from copanalysis.survey.modified_pearson import pearson
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
    family: str,
    correction: str,
) -> Answers:
    """The follow-up of ``mmi_test``: one row per option, as one family.

    Returns item, option, label, position, base, lowest and highest (share in the groups with
    the smallest and the largest), statistic (Pearson), df, p, cramers_v (effect size), method,
    weighting, and the columns of ``multiplicity.with_family``.
    """
    found = grouped_ticks(answers, item, options, by, by_options, base, minimum_base)
    if isinstance(found, NotMeasured):
        return found
    ticks, groups = found
    count = int(groups.max()) + 1
    cells = group_cells(ticks.matrix, groups, count)
    shares = cells[:, :, 1] / cells.sum(axis=2)
    statistic = pearson(cells)
    table = ticks.options.drop(columns="kind").assign(
        base=len(groups),
        lowest=shares.min(axis=1),
        highest=shares.max(axis=1),
        statistic=statistic,
        df=count - 1,
        p=chi2.sf(statistic, count - 1),
        cramers_v=np.sqrt(statistic / len(groups)),
        method="chi-kwadraat per optie (Pearson)",
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
    confidence: float,
    family: str,
    correction: str,
) -> Answers:
    """The follow-up of ``spmi_test``: one row per pair of options, as one family.

    Returns row_option, row_label, column_option, column_label, n (ticked both), base,
    share_with and share_without (ticked the column option, of those who did and did not tick
    the row option), difference with ci_low and ci_high (Newcombe), statistic, p, phi (effect
    size), method, weighting, and the columns of ``multiplicity.with_family``.
    """
    sides = (rows, options_rows), (columns, options_columns)
    found = varied_pair(answers, *sides, base=base, minimum_base=minimum_base)
    if isinstance(found, NotMeasured):
        return found
    first, second = found
    cells = pair_cells(first.matrix, second.matrix)
    sides = [side.options[["option", "label"]] for side in found]
    table = sides[0].add_prefix("row_").merge(sides[1].add_prefix("column_"), how="cross")
    flat = cells.reshape(-1, 2, 2)
    statistic, base_of = pearson(flat), flat.sum(axis=2)
    limits = wilson_interval(flat[..., 1], base_of, population=None, confidence=confidence)
    shares = (flat[..., 1] / base_of, *limits)
    without, with_row = (tuple(part[:, k] for part in shares) for k in (0, 1))
    low, high = newcombe_interval(with_row, without, correlation=0.0)
    difference = with_row[0] - without[0]
    table = table.assign(
        n=flat[:, 1, 1].astype(int),
        base=len(first.matrix),
        share_with=with_row[0],
        share_without=without[0],
        difference=difference,
        ci_low=low,
        ci_high=high,
        statistic=statistic,
        p=chi2.sf(statistic, 1),
        phi=np.sign(difference) * np.sqrt(statistic / len(first.matrix)),
        method="chi-kwadraat per paar (Pearson)",
        weighting="ongewogen",
    )
    return with_family(table, p="p", family=family, correction=correction)
