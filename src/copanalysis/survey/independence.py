"""Are the answers to a multiple-response item independent of a grouping, or of another such
item? Tests of marginal independence after Bilder and Loughin, with a follow-up per option.

An ordinary chi-square counts ticks as if each came from another respondent. These tests add up
one Pearson statistic per option (or pair of options), and correct for their dependence.
``base`` is as in ``estimates``; under ``minimum_base`` respondents, and where nothing can
differ, the answer is NotMeasured. ``small`` is [small_counts] of study.toml: when expected
counts are too small for a chi-square. ``resamples`` of the bootstrap may be 0 (no bootstrap).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.independence_tables import (
    expected_counts,
    group_cells,
    group_draw,
    grouped_ticks,
    pair_cells,
    pair_draw,
    varied_pair,
)
from copanalysis.survey.modified_pearson import (
    bootstrap,
    group_squares,
    independence_squares,
    pearson,
    result_row,
    second_order,
)
from copanalysis.survey.ticks import patterns

Answers = pd.DataFrame | NotMeasured


def mmi_test(
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
) -> Answers:
    """Multiple marginal independence: is every option ticked as often in each group?

    Parameters
    ----------
    answers, item, options, base : see the module ``estimates``
    by : str
        A column of groups (wave, cop), or with ``by_options`` a single-choice or scale item,
        of which the respondents in ``base`` "answered" count.
    minimum_base, small, resamples, seed
        See the module.

    Returns
    -------
    DataFrame
        One row: item, by, groups, options (tested; those that all or nobody ticked are left
        out), and the columns of ``modified_pearson.result_row``.

    Notes
    -----
    Bilder, Loughin and Nettleton (2000), Communications in Statistics - Simulation
    29:1285-1316; agrees with ``MI.test`` of the R package MRCV with I = 1. The bootstrap
    keeps the groups and draws the answers with replacement from all.
    """
    found = grouped_ticks(answers, item, options, by, by_options, base, minimum_base)
    if isinstance(found, NotMeasured):
        return found
    ticks, groups = found
    count = int(groups.max()) + 1
    cells = group_cells(ticks.matrix, groups, count)
    parts, ones = pearson(cells), np.ones(len(groups))
    squares = group_squares(ticks.matrix, groups, ones)
    width = ticks.matrix.shape[1]
    drawn = bootstrap(
        group_draw(ticks.matrix, groups, count),
        parts,
        df=count - 1,
        people=len(groups),
        width=width,
        resamples=resamples,
        seed=seed,
    )
    row = result_row(
        f"{item} naar {by}",
        "onafhankelijkheid per optie (MMI)",
        parts,
        df=count - 1,
        corrected=second_order(parts.sum(), terms=(count - 1) * width, squares=squares),
        drawn=drawn,
        base=len(groups),
        expected=expected_counts(cells),
        small=small,
    )
    if isinstance(row, NotMeasured):
        return row
    return row.assign(item=item, by=by, groups=count, options=width)


def spmi_test(
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
) -> Answers:
    """Simultaneous pairwise marginal independence of two multiple-response items.

    Takes the respondents in ``base`` of both ``rows`` and ``columns``.

    Returns
    -------
    DataFrame
        One row: rows, columns, options_rows, options_columns (numbers tested), and the columns
        of ``modified_pearson.result_row``.

    Notes
    -----
    Bilder and Loughin (2004), Biometrics 60:241-248; agrees with ``MI.test`` of the R package
    MRCV. The bootstrap draws the answers to both items apart, with replacement.
    """
    sides = (rows, options_rows), (columns, options_columns)
    found = varied_pair(answers, *sides, base=base, minimum_base=minimum_base)
    if isinstance(found, NotMeasured):
        return found
    first, second = found
    cells = pair_cells(first.matrix, second.matrix)
    parts = pearson(cells).ravel()
    (one, other), weights = patterns(first.matrix, second.matrix)
    squares = independence_squares(one, other, weights)
    drawn = bootstrap(
        pair_draw(first.matrix, second.matrix),
        parts,
        df=1,
        people=len(first.matrix),
        width=first.matrix.shape[1] + second.matrix.shape[1],
        resamples=resamples,
        seed=seed,
    )
    row = result_row(
        f"{rows} en {columns}",
        "paarsgewijze onafhankelijkheid (SPMI)",
        parts,
        df=1,
        corrected=second_order(parts.sum(), terms=len(parts), squares=squares),
        drawn=drawn,
        base=len(first.matrix),
        expected=expected_counts(cells),
        small=small,
    )
    if isinstance(row, NotMeasured):
        return row
    sizes = {"options_rows": len(first.options), "options_columns": len(second.options)}
    return row.assign(rows=rows, columns=columns, **sizes)
