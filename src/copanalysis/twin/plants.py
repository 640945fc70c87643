"""What a real file holds besides answers: tests, repeated and empty rows, slips of typing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.study.plan import Item
from copanalysis.twin.allocation import sampled
from copanalysis.twin.targets import WavePlan

INCLINATIONS = ("engagement", "mood", "responsible", "influence")  # of people, not of rows
DELAYS = ("4min", "17min", "1D", "2D", "6D")  # until somebody sends the same answers again
SLIPS = 2  # open answers per wave with a line break, and as many with a stray space


def plant_slips(people: pd.DataFrame, *, items: list[str]) -> pd.DataFrame:
    """Two open answers with a line break and two that end in spaces, the longest ones first."""
    out = people.copy()
    cells = [(len(text), item, who) for item in items for who, text in people[item].items() if text]
    longest = sorted(cells, reverse=True)
    breakable = [cell for cell in longest if ". " in people.at[cell[2], cell[1]]]
    for _, item, who in breakable[:SLIPS]:
        out.at[who, item] = people.at[who, item].replace(". ", ".\n", 1)
    spaced = [cell for cell in longest if cell not in breakable[:SLIPS]]
    for _, item, who in spaced[:SLIPS]:
        out.at[who, item] = people.at[who, item] + "  "
    return out


def plant_duplicates(
    rng: np.random.Generator, people: pd.DataFrame, *, plan: WavePlan, texts: pd.Series
) -> pd.DataFrame:
    """Respondents with the answers of some of them once more, sent minutes or days later.

    ``texts`` counts the open answers of each respondent: only those who wrote two or more are
    repeated, so that a repetition cannot be chance.
    """
    latest = people["submitted"] + max(pd.to_timedelta(DELAYS)) < pd.Timestamp(plan.last)
    able = latest & texts.ge(2) & people["after"].eq("") & ~people["fast"] & ~people["straight"]
    if able.sum() < plan.duplicates:
        raise CopanalysisError(
            f"{plan.file} of the twin has {able.sum()} respondents whose answers can be repeated, "
            f"and plan.toml asks for {plan.duplicates} duplicates: lower it."
        )
    chosen = sampled(rng, np.zeros(len(people)), n=plan.duplicates, among=able.to_numpy())
    again = people.loc[chosen].assign(kind="duplicate")
    wait = pd.to_timedelta([DELAYS[i % len(DELAYS)] for i in range(len(chosen))])
    took = np.round(plan.median_seconds * rng.uniform(0.5, 0.9, size=len(chosen)))
    return _appended(people, _timed(again, again["submitted"] + wait, took))


def plant_tests(people: pd.DataFrame, *, plan: WavePlan, items: list[Item]) -> pd.DataFrame:
    """Respondents preceded by the builder's own tries: a test word in every open answer."""
    tests = _blank(people, len(plan.tests)).assign(kind="test")
    for number, word in enumerate(plan.tests):
        for item in items:
            if item.type == "open":
                tests.loc[number, item.id] = word
            elif item.type == "multiple":
                boxes = [c for c in people if people[c].dtype == bool and c.startswith(item.id)]
                tests.loc[number, boxes[number % len(boxes)]] = True
            else:
                codes = sorted(set(people[item.id]) - {""})
                tests.loc[number, item.id] = codes[number % len(codes)]
    minutes = pd.to_timedelta(7 * 60 + 6 * np.arange(len(tests)), unit="min")
    return _appended(people, _timed(tests, pd.Timestamp(plan.first) + minutes, 140.0))


def plant_empty(
    rng: np.random.Generator, people: pd.DataFrame, *, plan: WavePlan, cop_item: str
) -> pd.DataFrame:
    """Respondents with those who opened the questionnaire and answered nothing but their CoP."""
    n = plan.empty + plan.empty_with_cop
    like = people.loc[rng.choice(people.index, size=n, replace=False)].reset_index(drop=True)
    named = np.arange(n) < plan.empty_with_cop
    empty = _blank(people, n).assign(kind="empty", after=np.where(named, cop_item, "nothing"))
    empty[cop_item] = like[cop_item].where(named, "")
    started = like["started"] + pd.to_timedelta(rng.integers(60, 3000, size=n), unit="s")
    return _appended(people, _timed(empty, started, rng.integers(8, 50, size=n)))


def _blank(people: pd.DataFrame, n: int) -> pd.DataFrame:
    """Rows with the columns of ``people``: no box ticked, no answer given."""
    empty = {column: False if people[column].dtype == bool else "" for column in people}
    return pd.DataFrame([empty] * n, columns=people.columns)


def _timed(rows: pd.DataFrame, started: pd.Series, seconds: object) -> pd.DataFrame:
    moments = pd.Series(np.asarray(started, dtype="datetime64[us]"), index=rows.index)
    took = pd.Series(seconds, index=rows.index).astype("int64")
    ended = moments + pd.to_timedelta(took, unit="s")
    return rows.assign(started=moments, seconds=took, submitted=ended.astype("datetime64[us]"))


def _appended(people: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    kept = [c for c in people if c not in INCLINATIONS]
    return pd.concat([people[kept], rows[kept]], ignore_index=True) if len(rows) else people[kept]
