"""Design-based shares, weighted to known sizes of groups, beside the unweighted ones.

Every calculation of variance is that of the package svy; it is imported here only, because
that takes seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import svy

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import item_answers, option_counts
from copanalysis.survey.intervals import share_intervals, wilson_interval
from copanalysis.survey.ticks import Ticks, tick_matrix

Answers = pd.DataFrame | NotMeasured
Margins = Mapping[str, Mapping[str, float]]
NO_CORRECTION = 1e12  # members of a stratum with more answers than members: nothing to correct
TOLERANCE, MOST_SWEEPS = 1e-10, 1000


def weighted_shares(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    margins: Margins,
    weights: str,
    strata: str,
    weight_shift: float,
    population: int | None,
    confidence: float,
    ci_method: str = "wilson",
) -> Answers:
    """The share of each option, unweighted and weighted side by side, in one wave.

    Parameters
    ----------
    answers, item, options, base, population, confidence : see the module ``estimates``
        ``population`` is for the unweighted interval.
    margins : mapping of column to mapping of level to members
        Known sizes of groups of the population. One margin makes post-stratification, several
        raking (iterative proportional fitting). Respondents without a level ("") are left out
        of the weighted share, levels without respondents out of the population.
    weights : str
        What the weights make up for, in Dutch ("ledental per CoP").
    strata : str
        "" takes the respondents as one sample of the population, with its finite population
        correction; the name of a margin takes those of each level as a sample of their own
        group, with a correction per group and no other margin.
    weight_shift : float
        A share that shifts more than this by weighting is called sensitive.
    ci_method : str
        Of svy: "wilson", "logit", "beta" or "korn-graubard".

    Returns
    -------
    DataFrame
        One row per option: item, option, label, position, n, base, share, ci_low, ci_high,
        interval_method (unweighted, Wilson);
        weighted_share, weighted_se, weighted_ci_low, weighted_ci_high (Wilson's limits on
        the effective base where the share is 0 or 1); shift (weighted minus
        unweighted) and sensitive (bool); weighted_base (respondents with a level),
        effective_base (of Kish: the square of the sum of weights by the sum of their squares),
        coverage (share of the members that are in levels with respondents) and weighting
        (Dutch). NotMeasured when the item was not asked or no respondent has a level.

    Raises
    ------
    CopanalysisError
        As ``bases.item_answers``, and for a level that a margin does not know, margins that
        add up differently, an unknown stratum, or weights that do not converge.

    Notes
    -----
    Agrees with R survey 4.1: ``postStratify`` and ``rake`` (linearised variance of the
    residuals), and with ``strata`` ``svydesign(strata, fpc)`` under
    ``options(survey.lonely.psu = "adjust")``. Where there are more answers than members there
    is no finite population correction.
    """
    ask = {"options": options, "base": base, "by": list(margins)}
    found = item_answers(answers, item=item, types=("single", "multiple"), **ask)
    if isinstance(found, NotMeasured):
        return found
    ticks = tick_matrix(found)
    levels = ticks.people[list(margins)].astype("str")
    refuse_if_any(f"Item {item} cannot be weighted", _problems(levels, margins, strata))
    known = levels.ne("").all(axis=1)
    if not known.any():
        return NotMeasured(item, "van geen enkele deelnemer is de groep bekend")
    levels = levels[known].reset_index(drop=True)
    present = _present(levels, margins)
    sample = _sample(Ticks(levels, ticks.options, ticks.matrix[known.to_numpy()]), present, strata)
    everyone = sum(next(iter(margins.values())).values())
    table = option_counts(replace(found, groups=pd.DataFrame(index=[0])), by=[])
    members = np.nan if population is None else float(population)
    unweighted = share_intervals(
        table["n"], table["base"], population=members, confidence=confidence
    )
    table = pd.concat([table, unweighted], axis=1)
    table = table.assign(**_weighted(sample, len(table), confidence, ci_method))
    weight = sample.data[sample.design.wgt].to_numpy()
    effective = weight.sum() ** 2 / (weight**2).sum()
    table["shift"] = table["weighted_share"] - table["share"]
    return _with_edges(table, effective, confidence).assign(
        sensitive=table["shift"].abs() > weight_shift,
        weighted_base=len(levels),
        effective_base=effective,
        coverage=sum(next(iter(present.values())).values()) / everyone,
        weighting=f"gewogen naar {weights}, {_way(margins, strata)}",
    )


def _problems(levels: pd.DataFrame, margins: Margins, strata: str) -> list[Problem]:
    problems = []
    for column, sizes in margins.items():
        unknown = sorted(set(map(str, levels[column])) - set(sizes) - {""})
        fix = "add the group to the margin, or correct the answers"
        problems += [
            Problem(f"margin {column}", f"no members of {level!r}", "every group", fix)
            for level in unknown
        ]
    totals = {round(sum(sizes.values()), 6) for sizes in margins.values()}
    if len(totals) != 1:
        found = ", ".join(f"{total:g}" for total in sorted(totals)) or "no margin"
        fix = "give margins of the same population"
        problems.append(Problem("margins", found, "one total", fix))
    if strata and strata not in margins:
        fix = "name one of the margins"
        problems.append(Problem("strata", repr(strata), ", ".join(margins), fix))
    return problems


def _present(levels: pd.DataFrame, margins: Margins) -> dict[str, dict[str, float]]:
    """Margins of the levels that have respondents, scaled to the total of the first."""
    present, total = {}, None
    for column, sizes in margins.items():
        held = {level: size for level, size in sizes.items() if level in set(levels[column])}
        total = sum(held.values()) if total is None else total
        factor = total / sum(held.values())
        present[column] = {level: size * factor for level, size in held.items()}
    return present


def _sample(ticks: Ticks, margins: Margins, strata: str) -> svy.Sample:
    """The respondents as a sample of svy, weighted to the margins."""
    column = strata or next(iter(margins))
    members = ticks.people[column].map(margins[column]).astype(float)
    size = ticks.people[column].map(ticks.people[column].value_counts()).astype(float)
    total, people = sum(margins[column].values()), len(ticks.people)
    if not strata:
        members = pd.Series(total, index=members.index)
        size = pd.Series(float(people), index=members.index)
    data = {name: ticks.people[name].to_list() for name in margins}
    data |= {f"y{k}": ticks.matrix[:, k].astype(int) for k in range(ticks.matrix.shape[1])}
    data["base_weight"] = (members / size).to_numpy()
    data["members"] = members.where(members >= size, NO_CORRECTION).to_numpy()
    design = svy.Design(
        wgt="base_weight",
        pop_size="members",
        stratum=strata or None,
        singleton="center" if strata else None,
    )
    sample = svy.Sample(pl.DataFrame(data), design)
    if strata:
        return sample
    return sample.weighting.rake(controls=margins, tol=TOLERANCE, max_iter=MOST_SWEEPS)


def _weighted(
    sample: svy.Sample, options: int, confidence: float, ci_method: str
) -> dict[str, np.ndarray]:
    ask = {"ci_method": ci_method, "alpha": 1 - confidence}
    rows = []
    for name in [f"y{k}" for k in range(options)]:
        # one at a time: given a list, svy 0.35 leaves the calibration out of the variance
        levels = sample.estimation.prop(name, **ask).to_polars().rows(named=True)
        rows.append(_ticked(levels, name))
    columns = ("weighted_share", "weighted_se", "weighted_ci_low", "weighted_ci_high")
    return dict(zip(columns, np.array(rows).T, strict=True))


def _ticked(levels: list[dict], name: str) -> tuple[float, float, float, float]:
    """Share, standard error and limits of a tick; from "no tick" where nobody ticked."""
    by_level = {int(level[name]): level for level in levels}
    if 1 in by_level:
        row = by_level[1]
        return row["est"], row["se"], row["lci"], row["uci"]
    row = by_level[0]
    return 1 - row["est"], row["se"], 1 - row["uci"], 1 - row["lci"]


def _with_edges(table: pd.DataFrame, effective: float, confidence: float) -> pd.DataFrame:
    """Wilson limits on the effective base for shares of 0 and 1, for which svy has none."""
    share = table["weighted_share"].clip(0, 1)
    limits = wilson_interval(share * effective, effective, population=None, confidence=confidence)
    names = ("weighted_ci_low", "weighted_ci_high")
    edge = share.isin([0, 1])
    return table.assign(
        **{n: table[n].mask(edge, limit) for n, limit in zip(names, limits, strict=True)}
    )


def _way(margins: Margins, strata: str) -> str:
    if strata:
        return "steekproef per groep"
    return "nagestratificeerd" if len(margins) == 1 else "geraked"
