"""What was answered: tidy tables of counts and shares, each with its base and its interval.

Every estimate takes the tidy answers of used respondents first and the answer options of the
instrument as ``options`` (item, option, label, position, kind), so that an option nobody chose
appears with n 0. ``base`` is "asked", "answered" or "ticked_any" (see ``bases.item_answers``),
``by`` names the columns to group by ("" for none), ``population`` is the number of members for
the finite population correction (None: no correction; a mapping of group to members with
``by``), ``confidence`` the two-sided level. Shares are proportions; a base of 0 gives NaN.
An item that was not asked gives a NotMeasured, and so does a NotMeasured in place of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import (
    By,
    ItemAnswers,
    Population,
    by_columns,
    group_population,
    item_answers,
    item_bases,
    option_counts,
)
from copanalysis.survey.intervals import share_intervals, wilson_interval
from copanalysis.survey.pairs import cross_table, given_ticked, hoped_and_got

__all__ = [
    "cross_table",
    "given_ticked",
    "hoped_and_got",
    "item_bases",
    "multiple_response",
    "scale_summary",
    "single_choice",
    "wilson_interval",
]

Answers = pd.DataFrame | NotMeasured


def single_choice(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    by: By = "",
    population: Population,
    confidence: float,
) -> Answers:
    """How the answers to a single-choice or scale item are distributed.

    Parameters
    ----------
    answers, options, base, by, population, confidence : see the module
        ``base`` is "answered" (n adds up to it) or "asked" (options of kind dont_know and
        refused are then reported too, and who skipped is in the base without an option).
    item : str
        Item id.

    Returns
    -------
    DataFrame
        One row per group and option, in order of position: the columns of ``by``, item,
        option, label, position, n (respondents), base (respondents), share, ci_low, ci_high
        (Wilson; see ``intervals.wilson_interval``), interval_method. NotMeasured when the item
        was not asked.

    Raises
    ------
    CopanalysisError
        As ``bases.item_answers`` and ``bases.group_population``.
    """
    ask = {"options": options, "base": base, "by": by, "types": ("single",)}
    found = item_answers(answers, item=item, **ask)
    return _distribution(found, by=by, population=population, confidence=confidence)


def multiple_response(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    by: By = "",
    population: Population,
    confidence: float,
) -> Answers:
    """Which part of the respondents ticked each option of a multiple-response item.

    Parameters
    ----------
    answers, options, base, by, population, confidence : see the module
        The finding depends on ``base``: of all that were "asked", of those that "answered"
        (nothing ticked is an answer), or of those that "ticked_any".
    item : str
        Item id.

    Returns
    -------
    DataFrame
        The columns of ``single_choice``, in order of position (sorting is up to the caller).
        Shares are of respondents, so they add up to more than 1 when people ticked more than
        one option. NotMeasured when the item was not asked.

    Raises
    ------
    CopanalysisError
        As ``bases.item_answers`` and ``bases.group_population``.
    """
    ask = {"options": options, "base": base, "by": by, "types": ("multiple",)}
    found = item_answers(answers, item=item, **ask)
    return _distribution(found, by=by, population=population, confidence=confidence)


def _distribution(
    found: ItemAnswers | NotMeasured, *, by: By, population: Population, confidence: float
) -> Answers:
    if isinstance(found, NotMeasured):
        return found
    members = group_population(found.groups, by=by, population=population)
    table = option_counts(found, by=by_columns(by))
    shares = share_intervals(
        table["n"],
        table["base"],
        population=np.repeat(members, len(found.options)),
        confidence=confidence,
    )
    return pd.concat([table, shares], axis=1)


def scale_summary(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    favourable: Sequence[str],
    unfavourable: Sequence[str],
    by: By = "",
    population: Population,
    confidence: float,
) -> Answers:
    """A scale item in one row per group: median category and both ends of the scale.

    The scale is ordinal, so there is no mean.

    Parameters
    ----------
    answers, options, base, by, population, confidence : see the module
    item : str
        Item id.
    favourable, unfavourable : sequence of str
        Option codes that count as the favourable and the unfavourable end (top two and
        bottom two of a five-point scale).

    Returns
    -------
    DataFrame
        The columns of ``by``, item, n (respondents with an option of kind answer), base,
        median (label of the middle answer of n; "tussen ... en ..." when the two middle ones
        differ; missing for n 0), n_favourable, share_favourable (of base), favourable_ci_low,
        favourable_ci_high, the same four for unfavourable, and interval_method. NotMeasured
        when the item was not asked.

    Raises
    ------
    CopanalysisError
        As ``bases.item_answers`` and ``bases.group_population``, and for a code that is no
        answer of the scale or stands in both lists.
    """
    ask = {"options": options, "base": base, "by": by, "types": ("single",)}
    found = item_answers(answers, item=item, **ask)
    if isinstance(found, NotMeasured):
        return found
    scale = found.options[found.options["kind"].isin(["answer"])].reset_index(drop=True)
    problems = _end_problems(item, set(scale["option"]), favourable, unfavourable)
    refuse_if_any(f"Item {item} cannot be summarised", problems)
    members = group_population(found.groups, by=by, population=population)
    counts = option_counts(replace(found, options=scale), by=by_columns(by))
    n = counts["n"].to_numpy().reshape(len(found.groups), len(scale))
    table = found.groups.assign(item=item, n=n.sum(axis=1))
    table["base"] = counts["base"].to_numpy()[:: len(scale)]
    table["median"] = _median_labels(n, scale["label"].to_numpy())
    for end, codes in (("favourable", favourable), ("unfavourable", unfavourable)):
        count = n[:, scale["option"].isin(codes)].sum(axis=1)
        shares = share_intervals(count, table["base"], population=members, confidence=confidence)
        table[f"n_{end}"] = count
        table[f"share_{end}"] = shares["share"]
        table[f"{end}_ci_low"], table[f"{end}_ci_high"] = shares["ci_low"], shares["ci_high"]
    return table.assign(interval_method=shares["interval_method"])


def _median_labels(counts: np.ndarray, labels: np.ndarray) -> pd.Series:
    """The label at the middle of each row of counts: groups down, categories across."""
    reached = 2 * counts.cumsum(axis=1)
    total = counts.sum(axis=1, keepdims=True)
    lower = labels[(reached >= total).argmax(axis=1)]
    upper = labels[(reached > total).argmax(axis=1)]
    between = "tussen " + pd.Series(lower, dtype="str") + " en " + pd.Series(upper, dtype="str")
    median = pd.Series(lower, dtype="str").where(lower == upper, between)
    return median.where(total[:, 0] > 0)


def _end_problems(
    item: str, scale: set[str], favourable: Sequence[str], unfavourable: Sequence[str]
) -> list[Problem]:
    expected = ", ".join(sorted(scale))
    problems = [
        Problem(f"{end} of {item}", f"{code!r}", f"codes of the scale: {expected}", "correct it")
        for end, codes in (("favourable", favourable), ("unfavourable", unfavourable))
        for code in codes
        if code not in scale
    ]
    where = f"favourable and unfavourable of {item}"
    problems += [
        Problem(where, f"{code!r} in both", "each code at one end", "leave it out of one")
        for code in sorted(set(favourable) & set(unfavourable))
    ]
    return problems
