"""Direction, strength and convergence: the rules of study.toml, case by case."""

import pandas as pd
import pytest

from copanalysis.evidence.convergence import convergence_coding, directions_in_words
from copanalysis.evidence.strength import evidence_strength, source_directions


def tallies(*rows):
    """Rows of (kind, weight for, weight against); None is not measured, "-" no evidence."""
    records = [
        ("T", side, kind, weight, weight)
        for kind, *weights in rows
        for side, weight in zip(("for", "counter"), weights, strict=True)
        if weight != "-"
    ]
    table = pd.DataFrame(records, columns=["topic", "side", "kind", "n", "weight"])
    return table.astype({"n": "Int64", "weight": "Int64"})


@pytest.mark.parametrize(
    ("pro", "contra", "direction"),
    [
        (2, "-", "for"),
        (1, 0, "for"),
        (2, 1, "for"),
        (1, 1, "mixed"),
        (2, 2, "mixed"),
        (1, 2, "against"),
        (0, 1, "against"),
        (0, 0, "silent"),
        (0, None, "silent"),
        (None, None, "not_measured"),
        (None, 1, "against"),
    ],
)
def test_what_one_kind_of_source_says(pro, contra, direction):
    (row,) = source_directions(tallies(("code", pro, contra)), id="topic").itertuples()
    assert row.direction == direction


def test_of_several_ids_the_heaviest_counts_on_each_side():
    table = tallies(("code", 1, 0), ("code", 2, 1))
    (row,) = source_directions(table, id="topic").itertuples()
    assert (row.supports, row.opposes, row.direction) == (2, 1, "for")


@pytest.mark.parametrize(
    ("rows", "strength"),
    [
        ([("item", 2, 0), ("code", 2, 0), ("obs", 1, 0)], "strong"),
        ([("item", 2, 0), ("code", 1, 0), ("obs", 1, 0)], "fair"),  # broad in one source only
        ([("item", 2, 0), ("code", 1, 0)], "fair"),
        ([("item", 1, 0), ("code", 1, 0)], "weak"),  # nothing broad
        ([("item", 2, 0)], "weak"),
        ([("item", 2, 0), ("code", 2, 2)], "fair"),  # a mixed source is never broad
        ([("item", 2, 0), ("code", 0, 2)], "contested"),
        ([("code", 0, 1)], "contested"),
        ([("code", 0, 0), ("item", None, "-")], "silent"),
        ([("code", None, "-")], "not_measured"),
    ],
)
def test_strength_over_the_sources(study, rows, strength):
    directions = source_directions(tallies(*rows), id="topic")
    (row,) = evidence_strength(directions, id="topic", study=study).itertuples()
    assert row.strength == strength


# Farmer e.a. (2006), table 2: agreement, partial agreement, silence, dissonance.
@pytest.mark.parametrize(
    ("rows", "coding"),
    [
        ([("item", 2, 0), ("code", 1, 0)], "agreement"),
        ([("item", 0, 2), ("code", 0, 1)], "agreement"),  # they agree that it is not so
        ([("item", 2, 0), ("code", 1, 1)], "partial"),
        ([("item", 2, 0), ("code", 0, 1)], "dissonance"),
        ([("item", 2, 0), ("code", 0, 1), ("obs", 1, 1)], "dissonance"),
        ([("item", 2, 0), ("code", 0, 0)], "silence"),
        ([("item", 2, 0), ("code", None, "-")], "silence"),
        ([("item", None, "-")], "silence"),
    ],
)
def test_convergence_between_sources(study, rows, coding):
    directions = source_directions(tallies(*rows), id="topic")
    (row,) = convergence_coding(directions, id="topic", study=study).itertuples()
    assert row.convergence == coding


def test_directions_in_words_have_a_column_per_kind():
    directions = source_directions(tallies(("item", 2, 0), ("code", None, "-")), id="topic")
    (row,) = directions_in_words(directions, id="topic").to_dict("records")
    assert row == {
        **{"topic": "T", "item": "steunt", "code": "niet te meten"},
        **{"obs": "", "reg": "", "doc": ""},
    }
