"""Would the verdicts on two waves be others if every CoP counted by its members?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.stats import norm

from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.comparisons import Answers
from copanalysis.survey.intervals import newcombe_interval
from copanalysis.survey.multiplicity import adjusted
from copanalysis.survey.verdicts import judged


def weighted_verdicts(
    verdicts: Answers,
    *,
    first: Answers,
    last: Answers,
    rule: Mapping[str, Any],
    minimum_base: int,
    confidence: float,
    correction: str,
) -> Answers:
    """The verdicts of ``verdicts.wave_verdicts`` with the difference on all CoPs weighted.

    Parameters
    ----------
    verdicts : DataFrame
        From ``wave_verdicts``.
    first, last : DataFrame
        From ``design_estimates.weighted_shares`` of the same item and base in either wave.
    rule, minimum_base, confidence, correction
        As given to ``wave_verdicts``.

    Returns
    -------
    DataFrame
        ``verdicts`` with weighted_difference, weighted_ci_low, weighted_ci_high (Newcombe, on
        the weighted limits of either wave), weighted_p (from the linearised standard errors),
        weighted_p_adjusted, weighted_verdict and weighted_reason (with the weighted difference
        for "all" in the rule), changed (whether the verdict is another one) and weighting. A
        CoP without answers in a wave has no weight in it. NotMeasured when a part is.
    """
    for part in (verdicts, first, last):
        if isinstance(part, NotMeasured):
            return part
    sides = [side.set_index("option").loc[verdicts["option"]] for side in (first, last)]
    names = ("weighted_share", "weighted_ci_low", "weighted_ci_high")
    start, end = (tuple(side[name].to_numpy(float) for name in names) for side in sides)
    difference = end[0] - start[0]
    error = np.hypot(*(side["weighted_se"].to_numpy(float) for side in sides))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(difference == 0, 1.0, 2 * norm.sf(np.abs(difference) / error))
    low, high = newcombe_interval(end, start, correlation=0.0)
    table = verdicts.assign(
        weighted_difference=difference,
        weighted_ci_low=low,
        weighted_ci_high=high,
        weighted_p=p,
        weighted_p_adjusted=adjusted(p, correction=correction),
        weighting="ongewogen; ernaast " + sides[1]["weighting"].iloc[0],
    )
    table["weighted_verdict"], table["weighted_reason"] = judged(
        table, rule=rule, minimum_base=minimum_base, confidence=confidence, instead="weighted"
    )
    return table.assign(changed=table["weighted_verdict"].ne(table["verdict"]))


def weighted_verdict_note(table: Answers) -> list[str]:
    """One sentence in Dutch: which verdicts weighting changes, if any."""
    if isinstance(table, NotMeasured):
        return []
    changed = table[table["changed"]]
    labels = "; ".join(
        f"“{row.label}”: {row.verdict} wordt {row.weighted_verdict}" for row in changed.itertuples()
    )
    if not labels:
        return ["Weegt elke CoP mee naar haar ledental, dan blijft elk oordeel hetzelfde."]
    return [f"Weegt elke CoP mee naar haar ledental, dan verandert het oordeel ({labels})."]
