"""The same options asked twice of the same respondents: did any of them change?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.independence_tables import paired_ticks
from copanalysis.survey.intervals import Floats
from copanalysis.survey.modified_pearson import bootstrap, result_row, second_order
from copanalysis.survey.pairs import refuse_other_codes

Answers = pd.DataFrame | NotMeasured


def smh_test(
    answers: Answers,
    *,
    first: str,
    second: str,
    options: pd.DataFrame,
    base: str,
    across_wordings: bool = False,
    minimum_base: int,
    small: Mapping[str, float],
    resamples: int,
    seed: int,
) -> Answers:
    """Simultaneous marginal homogeneity: is each option ticked as often in both items?

    Parameters
    ----------
    answers, first, second, options, base : as ``pairs.hoped_and_got``
    across_wordings : bool
        True also tests options whose label differs between the items.
    minimum_base, small, resamples, seed
        As the module ``independence``.

    Returns
    -------
    DataFrame
        One row: first, second, options (tested; those that nobody answered otherwise are left
        out), other_wording (number left out for their label), and the columns of
        ``modified_pearson.result_row``; least_expected is half the fewest respondents that
        answered an option otherwise. NotMeasured under the floor or when nothing differs.

    Notes
    -----
    The statistic is the sum of McNemar's (1947) over the options. With d the difference per
    respondent and option (-1, 0, 1) it is a sum of chi-squares weighted by the eigenvalues of
    the correlations of d about 0, the null hypothesis (Klingenberg and Agresti 2006,
    Biometrics 62:921-928), corrected to the second order as for independence. The bootstrap
    draws respondents, with d centred on its mean.
    """
    found = paired_ticks(
        answers, (first, options), (second, options), base=base, minimum_base=minimum_base
    )
    if isinstance(found, NotMeasured):
        return found
    before, after = found
    refuse_other_codes(before.options, after.options, first, second)
    place = pd.Index(before.options["option"]).get_indexer(after.options["option"])
    labels = before.options["label"].to_numpy()[place]
    same = (labels == after.options["label"].to_numpy()) | across_wordings
    change = (after.matrix - before.matrix[:, place])[:, same]
    change = change[:, change.any(axis=0)]
    if not change.shape[1]:
        what = f"{first} en {second}"
        return NotMeasured(what, "iedereen gaf bij elke optie twee keer hetzelfde antwoord")
    row = _tested(f"{first} en {second}", change, small=small, resamples=resamples, seed=seed)
    if isinstance(row, NotMeasured):
        return row
    counts = {"options": change.shape[1], "other_wording": int((~same).sum())}
    return row.assign(first=first, second=second, **counts)


def _tested(
    what: str, change: Floats, *, small: Mapping[str, float], resamples: int, seed: int
) -> Answers:
    parts = _mcnemar(change)
    size = np.sqrt((change**2).sum(axis=0))
    correlations = change.T @ change / np.outer(size, size)
    squares = float((correlations**2).sum())
    centred = change - change.mean(axis=0)

    def draw(generator: np.random.Generator, count: int) -> Floats:
        return _mcnemar(centred[generator.integers(len(centred), size=(count, len(centred)))])

    drawn = bootstrap(
        draw,
        parts,
        df=1,
        people=len(change),
        width=change.shape[1],
        resamples=resamples,
        seed=seed,
    )
    return result_row(
        what,
        "marginale homogeniteit per optie (SMH)",
        parts,
        df=1,
        corrected=second_order(parts.sum(), terms=len(parts), squares=squares),
        drawn=drawn,
        base=len(change),
        expected=(change**2).sum(axis=0) / 2,
        small=small,
    )


def _mcnemar(change: Floats) -> Floats:
    """McNemar's statistic of each option, without continuity correction; NaN where nobody moved."""
    moved = (change**2).sum(axis=-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(moved > 0, change.sum(axis=-2) ** 2 / moved, np.nan)
