"""The counts that the tests of independence rest on: options by groups, or pairs of options."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import PERSON, item_answers
from copanalysis.survey.intervals import Floats
from copanalysis.survey.modified_pearson import pearson
from copanalysis.survey.ticks import Ticks, item_ticks, too_small

Draw = Callable[[np.random.Generator, int], Floats]
NOTHING_DIFFERS = "bij elke optie gaf iedereen hetzelfde antwoord"


def grouped_ticks(
    answers: pd.DataFrame | NotMeasured,
    item: str,
    options: pd.DataFrame,
    by: str,
    by_options: pd.DataFrame | None,
    base: str,
    minimum_base: int,
) -> tuple[Ticks, np.ndarray] | NotMeasured:
    """The varied ticks of an item, and the group of each respondent as a number."""
    columns = "" if by_options is not None else list(dict.fromkeys([by, "wave"]))
    ask = {"options": options, "base": base, "by": columns, "minimum_base": minimum_base}
    ticks = item_ticks(answers, item=item, **ask)
    if isinstance(ticks, NotMeasured):
        return ticks
    people = ticks.people
    if by_options is not None:
        ask = {"options": by_options, "base": "answered", "by": "", "types": ("single",)}
        grouping = item_answers(answers, item=by, **ask)
        if isinstance(grouping, NotMeasured):
            return grouping
        people = people.merge(grouping.picks[[*PERSON, "option"]], on=PERSON)
        by = "option"
    people = people[people[by].astype("str").ne("")].reset_index(drop=True)
    refusal = too_small(item, len(people), minimum_base)
    if refusal is not None:
        return refusal
    groups, names = pd.factorize(people[by].astype("str"), sort=True)
    varied = ticks.of(people).varied()
    if len(names) < 2:
        return NotMeasured(item, "er is maar één groep met antwoorden")
    if not len(varied.options):
        return NotMeasured(item, NOTHING_DIFFERS)
    return varied, groups


def paired_ticks(
    answers: pd.DataFrame | NotMeasured,
    *sides: tuple[str, pd.DataFrame],
    base: str,
    minimum_base: int,
) -> tuple[Ticks, Ticks] | NotMeasured:
    """The ticks of two items, of the respondents in the base of both, in the same order."""
    ask = {"base": base, "by": "", "minimum_base": minimum_base}
    found = [item_ticks(answers, item=item, options=own, **ask) for item, own in sides]
    for ticks in found:
        if isinstance(ticks, NotMeasured):
            return ticks
    people = found[0].people[PERSON].merge(found[1].people[PERSON], on=PERSON)
    refusal = too_small(f"{sides[0][0]} en {sides[1][0]}", len(people), minimum_base)
    if refusal is not None:
        return refusal
    first, second = (ticks.of(people) for ticks in found)
    return first, second


def varied_pair(
    answers: pd.DataFrame | NotMeasured,
    *sides: tuple[str, pd.DataFrame],
    base: str,
    minimum_base: int,
) -> tuple[Ticks, Ticks] | NotMeasured:
    """``paired_ticks`` without options that all or nobody ticked; NotMeasured if none is left."""
    found = paired_ticks(answers, *sides, base=base, minimum_base=minimum_base)
    if isinstance(found, NotMeasured):
        return found
    first, second = (ticks.varied() for ticks in found)
    if not len(first.options) or not len(second.options):
        return NotMeasured(f"{sides[0][0]} en {sides[1][0]}", NOTHING_DIFFERS)
    return first, second


def expected_counts(cells: Floats) -> Floats:
    """Expected counts of every cell under independence."""
    down, across = cells.sum(axis=-1, keepdims=True), cells.sum(axis=-2, keepdims=True)
    return down * across / cells.sum(axis=(-2, -1), keepdims=True)


def group_cells(matrix: Floats, groups: np.ndarray, count: int) -> Floats:
    """Counts by option, group and not ticked or ticked: shape (options, groups, 2)."""
    ticked = np.stack([np.bincount(groups, column, count) for column in matrix.T])
    return np.stack([np.bincount(groups, minlength=count) - ticked, ticked], axis=-1)


def pair_cells(first: Floats, second: Floats) -> Floats:
    """Counts of pairs of options: shape (..., I, J, 2, 2) from ticks (..., people, I and J)."""
    both = np.swapaxes(first, -1, -2) @ second
    one = first.sum(axis=-2)[..., :, None]
    other = second.sum(axis=-2)[..., None, :]
    ticked = np.stack([one - both, both], axis=-1)
    rest = np.stack([first.shape[-2] - one - other + both, other - both], axis=-1)
    return np.stack([rest, ticked], axis=-2)


def group_draw(matrix: Floats, groups: np.ndarray, count: int) -> Draw:
    """The statistic of every option (resamples, options) in resamples that keep the groups and
    draw the answers with replacement from all."""
    people, size = len(groups), np.bincount(groups, minlength=count)
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(count))

    def draw(generator: np.random.Generator, resamples: int) -> Floats:
        drawn = matrix[generator.integers(people, size=(resamples, people))]
        ticked = np.add.reduceat(drawn, starts, axis=1).transpose(0, 2, 1)
        return pearson(np.stack([size - ticked, ticked], axis=-1))

    return draw


def pair_draw(first: Floats, second: Floats) -> Draw:
    """The statistic of every pair (resamples, pairs) in resamples that draw the answers to both
    items apart, with replacement."""
    people = len(first)

    def draw(generator: np.random.Generator, resamples: int) -> Floats:
        one, other = generator.integers(people, size=(2, resamples, people))
        return pearson(pair_cells(first[one], second[other])).reshape(resamples, -1)

    return draw
