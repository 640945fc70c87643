"""Controlled rounding: counts as multiples of a unit, with every sum still right."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from copanalysis.errors import CopanalysisError, Problem

FARTHEST = 4  # units beyond the nearest multiples that a count may move before it is given up


def controlled_rounding(
    values: np.ndarray, sums: np.ndarray | sparse.sparray, *, unit: int
) -> np.ndarray:
    """Counts rounded to multiples of ``unit`` so that all sums hold, as near as they can be.

    Parameters
    ----------
    values : array of int
        Counts, totals included.
    sums : array or sparse array, sums by counts
        ``sums @ values`` is 0: the parts of a total have factor 1, the total -1.
    unit : int
        2 or more.

    Returns
    -------
    array of int
        ``sums @ rounded`` is 0 and the sum of all changes is as small as possible. A multiple
        stays and another count becomes one of both nearest multiples (zero-restricted), unless
        no such rounding exists, which can be in tables of three dimensions or linked tables;
        then counts may move one unit further, and so on.

    Raises
    ------
    CopanalysisError
        When the sums do not hold before rounding, or no rounding within `FARTHEST` does.

    Notes
    -----
    Cox (1987), Journal of the American Statistical Association 82:520-524; Salazar-González
    (2006), Mathematical Programming 105:583-603.
    """
    values, sums = np.asarray(values, dtype=float), sparse.csr_array(sums)
    if (sums @ values != 0).any():
        problem = Problem("sums", "totals that differ from their parts", "0", "correct the table")
        raise CopanalysisError("The counts cannot be rounded.", [problem])
    for further in range(FARTHEST + 1):
        rounded = _rounded(values, sums, unit, further)
        if rounded is not None:
            return rounded
    raise CopanalysisError(f"No rounding to multiples of {unit} keeps the sums right.")


def _rounded(
    values: np.ndarray, sums: sparse.csr_array, unit: int, further: int
) -> np.ndarray | None:
    """Multiples and their distances as one integer programme; None without a solution."""
    size = len(values)
    low, high = np.floor(values / unit) - further, np.ceil(values / unit) + further
    same = sparse.eye_array(size)
    away = sparse.vstack([sparse.hstack([-unit * same, same]), sparse.hstack([unit * same, same])])
    found = milp(
        np.concatenate([np.zeros(size), np.ones(size)]),
        integrality=np.concatenate([np.ones(size), np.zeros(size)]),
        bounds=Bounds(
            np.concatenate([np.maximum(low, 0), np.zeros(size)]),
            np.concatenate([high, np.full(size, np.inf)]),
        ),
        constraints=[
            LinearConstraint(sparse.hstack([sums, sparse.csr_array(sums.shape)]), 0, 0),
            LinearConstraint(away, np.concatenate([-values, values]), np.inf),
        ],
        options={"mip_rel_gap": 0},
    )
    return None if found.x is None else unit * np.round(found.x[:size]).astype(int)


def rounded_shares(table: pd.DataFrame, *, unit: int) -> pd.DataFrame:
    """A table of a single-choice item with counts in multiples of ``unit`` that add up.

    Takes the result of ``single_choice`` (n of a group adds up to its base) and gives the same
    rows with n and base rounded together per group (wave, cop, item), share as n of base, and
    no intervals: what was rounded does not tell how precise it was. Multiple-response items do
    not add up; their counts are rounded one by one with the base.
    """
    groups = [c for c in ("wave", "cop", "item") if c in table]
    parts = [_rounded_group(part, unit) for _, part in table.groupby(groups, sort=False)]
    gone = [c for c in table.columns if c.startswith("ci_") or c == "interval_method"]
    return pd.concat(parts).loc[table.index].drop(columns=gone)


def _rounded_group(part: pd.DataFrame, unit: int) -> pd.DataFrame:
    n, base = part["n"].to_numpy(), int(part["base"].iloc[0])
    adds_up = n.sum() == base
    sums = np.append(np.ones(len(n)), -1)[None, :] if adds_up else np.zeros((0, len(n) + 1))
    rounded = controlled_rounding(np.append(n, base), sums, unit=unit)
    share = rounded[:-1] / rounded[-1] if rounded[-1] else np.nan
    return part.assign(n=rounded[:-1], base=rounded[-1], share=share)
