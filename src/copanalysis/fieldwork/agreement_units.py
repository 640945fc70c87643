"""From coded stretches to judgements: which coder gave which unit of coding which code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.fieldwork.agreement_spans import (
    Coders,
    Integers,
    coded_spans,
    column_problems,
)

UNIT_COLUMNS = ("unit", "document", "start", "end")


def coding_units(
    segments: pd.DataFrame,
    units: pd.DataFrame,
    *,
    coders: Coders,
    codes: Sequence[str],
    minimum_share: float,
) -> pd.DataFrame:
    """The reliability data: one judgement per code, unit of coding and coder.

    A unit has a code according to a coder when segments of that coder with that code cover at
    least one character of the unit and at least ``minimum_share`` of its characters. Characters
    covered twice count once. What was coded outside the units is left out: the units are the
    scope of the comparison.

    Parameters
    ----------
    segments : DataFrame
        document, start, end (code points, end exclusive), code, coder. A row with code "" is
        a selection without a code and counts for nothing.
    units : DataFrame
        unit (id), document, start, end: turns, open answers, paragraphs. Units of one document
        do not overlap.
    coders : mapping of str to collection of str
        Each coder, in the order of first, second, ..., with the documents given to this coder.
        Units in other documents are missing for this coder, not "no".
    codes : sequence of str
        The codes that could be used, in the order of the results; also those nobody used.
    minimum_share : float
        Share of a unit's characters that must be covered, 0 to 1; with 0 one character is
        enough.

    Returns
    -------
    DataFrame
        One row per code, unit and coder, in the order in which these were given: unit,
        document, code, coder (str) and used (boolean; missing where the coder was not given
        the document).

    Raises
    ------
    CopanalysisError
        As ``agreement_spans.coded_spans``; for missing columns, repeated, empty or overlapping
        units, and a share outside 0 to 1.
    """
    refuse_if_any("Units of coding cannot be used", _unit_problems(units, minimum_share))
    spans = coded_spans(segments, coders=coders, codes=codes)
    units = units.astype({"unit": "str", "document": "str"}).reset_index(drop=True)
    covered = _covered_characters(spans, units, coders=list(coders), codes=list(codes))
    size = (units["end"] - units["start"]).to_numpy()[None, :, None]
    used = (covered > 0) & (covered >= minimum_share * size)
    given = np.column_stack([units["document"].isin(list(coders[name])) for name in coders])
    shape = (len(codes), len(units), len(coders))
    code, unit, coder = (axis.ravel() for axis in np.indices(shape))
    table = units.loc[unit, ["unit", "document"]].reset_index(drop=True)
    return table.assign(
        code=pd.Series(list(codes), dtype="str").to_numpy()[code],
        coder=pd.Series(list(coders), dtype="str").to_numpy()[coder],
        used=pd.arrays.BooleanArray(used.ravel(), ~np.broadcast_to(given, shape).ravel()),
    ).astype({"code": "str", "coder": "str"})


def _unit_problems(units: pd.DataFrame, minimum_share: float) -> list[Problem]:
    problems = column_problems(units, "units", UNIT_COLUMNS)
    if not 0 <= minimum_share <= 1:
        expected = "a share from 0 to 1"
        problems.append(Problem("minimum_share", repr(minimum_share), expected, "correct it"))
    if problems:
        return problems
    units = units.reset_index(drop=True)
    ids = units["unit"].astype("str")
    empty = ids[(units["start"] < 0) | (units["end"] <= units["start"])]
    ordered = units.sort_values(["document", "start"])
    before = ordered.groupby("document", sort=False)["end"].shift()
    overlapping = ids[ordered.index[ordered["start"] < before]]
    checks = (
        (ids[ids.duplicated()], "an id that stands there twice", "make the ids unique"),
        (empty, "no characters or a negative start", "leave out empty units"),
        (overlapping, "an overlap with the unit before it", "let each character be in one unit"),
    )
    return [
        Problem(f"units, unit {unit}", found, "units of coding that are distinct stretches", fix)
        for wrong, found, fix in checks
        for unit in dict.fromkeys(wrong)
    ]


def _covered_characters(
    spans: pd.DataFrame, units: pd.DataFrame, *, coders: list[str], codes: list[str]
) -> NDArray[np.float64]:
    """Characters of each unit covered by each code of each coder: codes x units x coders."""
    shape = (len(codes), len(units), len(coders))
    axis = _Axis(units, spans)
    order = np.argsort(axis.place(units, "start"))
    starts, ends = axis.place(units, "start")[order], axis.place(units, "end")[order]
    span_start, span_end = axis.place(spans, "start"), axis.place(spans, "end")
    first = np.searchsorted(ends, span_start, side="right")
    met = np.maximum(np.searchsorted(starts, span_end, side="left") - first, 0)
    span = np.repeat(np.arange(len(spans)), met)
    unit = np.arange(met.sum()) - np.repeat(np.cumsum(met) - met, met) + first[span]
    shared = np.minimum(ends[unit], span_end[span]) - np.maximum(starts[unit], span_start[span])
    code = pd.Index(codes).get_indexer(spans["code"])[span]
    coder = pd.Index(coders).get_indexer(spans["coder"])[span]
    cell = np.ravel_multi_index((code, order[unit], coder), shape)
    return np.bincount(cell, weights=shared, minlength=int(np.prod(shape))).reshape(shape)


class _Axis:
    """All documents laid one after another, so that one sorted search serves them all."""

    def __init__(self, *tables: pd.DataFrame) -> None:
        self.documents = pd.Index(pd.concat([t["document"] for t in tables]).unique())
        self.width = int(max((t["end"].max() for t in tables if len(t)), default=0)) + 1

    def place(self, table: pd.DataFrame, column: str) -> Integers:
        shift = self.documents.get_indexer(table["document"]) * self.width
        return table[column].to_numpy(dtype=np.int64) + shift


@dataclass(frozen=True)
class Judgements:
    """The table of ``coding_units`` as arrays, in the order in which codes and coders stand.

    ``units`` has unit and document; ``used`` (codes x units x coders) says who gave a unit a
    code, ``given`` (units x coders) who judged the unit at all.
    """

    codes: tuple[str, ...]
    coders: tuple[str, ...]
    units: pd.DataFrame
    used: NDArray[np.bool_]
    given: NDArray[np.bool_]

    def clusters(self, resample: str, *, times: int) -> pd.Series:
        """What is drawn together, a unit or its document, for ``times`` rows per unit."""
        names = self.units if resample == "unit" else self.units[["document"]]
        number = names.groupby(list(names.columns), sort=False).ngroup()
        return pd.concat([number] * times, ignore_index=True)

    @property
    def compared(self) -> Judgements:
        """The units that two or more coders judged."""
        kept = self.given.sum(axis=1) >= 2
        units = self.units[kept].reset_index(drop=True)
        return replace(self, units=units, used=self.used[:, kept], given=self.given[kept])

    @property
    def ratings(self) -> Integers:
        """1 used, 0 not used, -1 not judged: codes x units x coders."""
        return np.where(self.given[None, :, :], self.used.astype(np.int64), -1)


def judgements(coding: pd.DataFrame) -> Judgements:
    """Read a table of ``coding_units`` back; refuse one that is not complete.

    Raises
    ------
    CopanalysisError
        For missing columns, fewer than two coders, a judgement that stands there twice or not
        at all, and a coder who judged a unit for some codes only.
    """
    columns = ("unit", "document", "code", "coder", "used")
    refuse_if_any("Agreement cannot be calculated", column_problems(coding, "coding", columns))
    code, codes = pd.factorize(coding["code"].astype("str"))
    coder, coders = pd.factorize(coding["coder"].astype("str"))
    units = coding[["unit", "document"]].astype("str")
    unit = units.groupby(["unit", "document"], sort=False).ngroup().to_numpy()
    shape = (len(codes), int(unit.max(initial=-1)) + 1, len(coders))
    cell = np.ravel_multi_index((code, unit, coder), shape) if len(coding) else code
    times = np.bincount(cell, minlength=int(np.prod(shape)))
    known, used = np.zeros((2, int(np.prod(shape))), dtype=bool)
    known[cell] = coding["used"].notna()
    used[cell] = coding["used"].fillna(False).astype(bool)
    known = known.reshape(shape)
    problems = _judgement_problems(times, known, list(coders))
    refuse_if_any("Agreement cannot be calculated", problems)
    names = units.drop_duplicates(ignore_index=True)
    return Judgements(tuple(codes), tuple(coders), names, used.reshape(shape), known[0])


def _judgement_problems(times: Integers, known: NDArray[np.bool_], coders: list) -> list[Problem]:
    checks = (
        (
            len(coders) < 2,
            f"{len(coders)} coder(s)",
            "judgements of two or more coders",
            "add the other coder's judgements",
        ),
        (
            bool((times != 1).any()),
            f"{int((times != 1).sum())} judgements that are missing or repeated",
            "one row per code, unit and coder",
            "make the table with coding_units",
        ),
        (
            bool((known != known[:1]).any()),
            "a coder who judged a unit for some codes only",
            "units that a coder judged for every code or for none",
            "make the table with coding_units",
        ),
    )
    return [Problem("coding", *found) for wrong, *found in checks if wrong]
