"""A multiple-response item as a matrix of ticks: respondents down, options across."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import PERSON, By, ItemAnswers, item_answers

MOST_BITS = 62


@dataclass(frozen=True)
class Ticks:
    """``people`` (one row per respondent in the base), ``options`` (one row per option, in
    order) and ``matrix`` (respondents, options) of 0 and 1 in the same orders."""

    people: pd.DataFrame
    options: pd.DataFrame
    matrix: NDArray[np.float64]

    def of(self, people: pd.DataFrame) -> Ticks:
        """The same for these respondents, in their order."""
        places = pd.MultiIndex.from_frame(self.people[PERSON]).get_indexer(
            pd.MultiIndex.from_frame(people[PERSON])
        )
        return Ticks(people, self.options, self.matrix[places])

    def varied(self) -> Ticks:
        """The same without options that everybody or nobody ticked: they test nothing."""
        kept = self.matrix.any(axis=0) & ~self.matrix.all(axis=0)
        return Ticks(self.people, self.options[kept].reset_index(drop=True), self.matrix[:, kept])


def item_ticks(
    answers: pd.DataFrame | NotMeasured,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    by: By,
    minimum_base: int,
) -> Ticks | NotMeasured:
    """The ticks of a multiple-response item, or why there are too few to test.

    Arguments as ``bases.item_answers``; NotMeasured also when fewer than ``minimum_base``
    respondents are in the base.
    """
    found = item_answers(answers, item=item, options=options, base=base, by=by, types=("multiple",))
    if isinstance(found, NotMeasured):
        return found
    refusal = too_small(item, len(found.people), minimum_base)
    return tick_matrix(found) if refusal is None else refusal


def tick_matrix(found: ItemAnswers) -> Ticks:
    """The picks of an item as a matrix of 0 and 1."""
    people = found.people.reset_index(drop=True)
    row = pd.MultiIndex.from_frame(people[PERSON]).get_indexer(
        pd.MultiIndex.from_frame(found.picks[PERSON])
    )
    column = pd.Index(found.options["option"]).get_indexer(found.picks["option"])
    matrix = np.zeros((len(people), len(found.options)))
    matrix[row[column >= 0], column[column >= 0]] = 1
    return Ticks(people, found.options, matrix)


def too_small(what: str, base: int, minimum_base: int) -> NotMeasured | None:
    """Why nothing is said on a base under the floor; None when it is large enough."""
    if base >= minimum_base:
        return None
    return NotMeasured(what, f"de basis ({base}) is kleiner dan {minimum_base}")


def patterns(*matrices: NDArray) -> tuple[list[NDArray], NDArray[np.float64]]:
    """The distinct rows of matrices of 0 and 1 side by side, and how often each occurs.

    So that a covariance over a million respondents is one over their patterns of answers.
    """
    joined = np.concatenate(matrices, axis=1)
    width = joined.shape[1]
    found = f"{width} options"
    expected = f"at most {MOST_BITS}"
    refuse_if_any(
        "The items cannot be tested together",
        [Problem("options of both items", found, expected, "leave options out")]
        if width > MOST_BITS
        else [],
    )
    codes = joined.astype(np.int64) @ (1 << np.arange(width, dtype=np.int64))
    _, first, counts = np.unique(codes, return_index=True, return_counts=True)
    ends = np.cumsum([matrix.shape[1] for matrix in matrices])[:-1]
    return np.split(joined[first], ends, axis=1), counts.astype(float)
