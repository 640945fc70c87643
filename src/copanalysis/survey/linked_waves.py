"""Two waves whose respondents can be linked: change person by person, with a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from copanalysis.errors import refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import PERSON
from copanalysis.survey.comparisons import Answers, Wording, comparison_problems, same_wording
from copanalysis.survey.intervals import Floats
from copanalysis.survey.multiplicity import with_family
from copanalysis.survey.pairs import hoped_and_got


def linked_difference(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    first: str,
    last: str,
    wordings: Mapping[str, Wording],
    link: str = "link",
    confidence: float,
    across_wordings: bool = False,
) -> Answers:
    """How the share of each option differs between two waves among the same people.

    Only those who answered ``item`` in both waves count. ``link`` names the column that holds
    the same text for the same person in both waves; a person without one ("" or missing), and
    a code that stands with several respondents of one wave, cannot be linked. ``wordings`` and
    ``across_wordings`` as ``comparisons.wave_difference``.

    Returns
    -------
    DataFrame
        As ``pairs.hoped_and_got``, with the item in the wave ``first`` ("item@wave") as the
        first item and that in ``last`` as the second, first, last, and unlinked: respondents of
        either wave left out. NotMeasured when no pair answered the item.
    """
    same = same_wording(item, wordings, first, last)
    problems = comparison_problems(item, wordings, first, last, "all", same or across_wordings)
    refuse_if_any(f"Item {item} cannot be compared over waves", problems)
    rows = _linked(answers, item=item, waves=(first, last), link=link)
    if isinstance(rows, NotMeasured):
        return rows
    both, unlinked = rows
    own = options[options["item"].eq(item)]
    named = [f"{item}@{wave}" for wave in (first, last)]
    table = hoped_and_got(
        both,
        first=named[0],
        second=named[1],
        options=pd.concat([own.assign(item=name) for name in named]),
        base=base,
        population=None,
        confidence=confidence,
    )
    if isinstance(table, NotMeasured):
        return table
    return table.assign(first=first, last=last, unlinked=unlinked)


def linked_verdicts(
    answers: Answers,
    *,
    rule: Mapping[str, Any],
    minimum_base: int,
    power: float,
    confidence: float,
    family: str,
    correction: str,
    **compared: Any,
) -> Answers:
    """Did the share of each option rise or fall among the same people?

    ``rule``, ``minimum_base``, ``power``, ``family`` and ``correction`` as
    ``verdicts.wave_verdicts``, the rest as `linked_difference`. Returns its table with p_adjusted
    and the family, verdict (a word of the rule: by the sign of a gap that the exact McNemar
    test shows after adjustment), reason (Dutch, why it is unknown: too few pairs) and detectable
    (`paired_detectable`, at the strictest step of the family).
    """
    table = linked_difference(answers, confidence=confidence, **compared)
    if isinstance(table, NotMeasured):
        return table
    table = with_family(table, p="p_mcnemar_exact", family=family, correction=correction)
    few = table["base"] < minimum_base
    shown = table["p_adjusted"] < 1 - confidence
    verdict = np.select(
        [few, shown & table["gap"].gt(0), shown],
        [rule["unknown"], rule["rise"], rule["fall"]],
        rule["none"],
    )
    reason = f"er zijn minder dan {minimum_base} deelnemers met een code in beide golven"
    moved = (table["only_first"] + table["only_second"]) / table["base"]
    alpha = (1 - confidence) / max(1, int(table["n_family"].iloc[0]))
    return table.assign(
        verdict=verdict,
        reason=np.where(few, reason, ""),
        detectable=paired_detectable(moved, table["base"], alpha=alpha, power=power),
    )


def paired_detectable(moved: ArrayLike, pairs: ArrayLike, *, alpha: float, power: float) -> Floats:
    """The smallest gap that so many pairs could have shown when a share ``moved`` answered
    otherwise the second time.

    Solves the sample size of Connor (1987), Biometrics 43:207-211, for the gap. At most
    ``moved``; NaN where nobody moved or even that is too small.
    """
    psi, n = (np.asarray(a, float) for a in np.broadcast_arrays(moved, pairs))
    z, z_power = -norm.ppf(alpha / 2), norm.ppf(power)
    first, whole = z * np.sqrt(psi * n), n + z_power**2
    with np.errstate(invalid="ignore"):
        root = np.sqrt(first**2 - whole * psi * (z**2 - z_power**2))
        gap = (first + root) / whole
        return np.where((psi > 0) & (gap <= psi), gap, np.nan)


def _linked(
    answers: Answers, *, item: str, waves: tuple[str, str], link: str
) -> tuple[pd.DataFrame, int] | NotMeasured:
    """The answers of people found in both waves, as two items of one wave."""
    if isinstance(answers, NotMeasured):
        return answers
    rows = answers[answers["item"].isin([item]) & answers["wave"].isin(waves)]
    people = rows.drop_duplicates(PERSON)[[*PERSON, link]]
    known = people[people[link].fillna("").astype("str").ne("")]
    if known["wave"].nunique() < len(waves):
        return NotMeasured(item, "de antwoorden van beide golven zijn niet per persoon te koppelen")
    single = known[~known.duplicated(["wave", link], keep=False)]
    pairs = single[single.duplicated([link], keep=False)]
    if not len(pairs):
        return NotMeasured(item, "geen enkele deelnemer is in beide golven terug te vinden")
    kept = rows.merge(pairs[PERSON], on=PERSON).astype({"wave": "str", "item": "str"})
    kept = kept.assign(item=item + "@" + kept["wave"], respondent=kept[link], wave="")
    return kept, len(people) - len(pairs)
