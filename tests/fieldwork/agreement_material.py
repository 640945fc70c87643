"""Small reliability data for the tests of agreement between coders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from copanalysis.fieldwork.agreement import Bootstrap

REFERENCE = json.loads(
    (Path(__file__).parent / "reference" / "agreement.json").read_text(encoding="utf-8")
)
BY_UNIT = Bootstrap(resample="unit", resamples=200, seed=7, confidence=0.95)
BY_DOCUMENT = Bootstrap(resample="document", resamples=200, seed=7, confidence=0.95)


def ratings(matrix: Sequence[Sequence[object]], *, documents: int = 1) -> pd.DataFrame:
    """Units x coders as the tidy ratings of ``coefficients``; None is not judged."""
    return pd.DataFrame(
        [
            (f"u{i}", f"d{i % documents}", f"coder {j}", value)
            for i, row in enumerate(matrix)
            for j, value in enumerate(row)
        ],
        columns=["unit", "document", "coder", "value"],
    )


def ratings_of_table(table: Sequence[Sequence[int]]) -> pd.DataFrame:
    """A contingency table of two coders as ratings."""
    cells = np.argwhere(np.ones_like(table)).repeat(np.ravel(table), axis=0)
    return ratings(cells.tolist())


def coding(sets: Mapping[str, Sequence[str | None]], *, codes: str) -> pd.DataFrame:
    """Unit -> the codes (letters) each coder gave it, None for not judged, as coding_units."""
    return pd.DataFrame(
        [
            (unit, unit[0], code, f"coder {j}", pd.NA if given is None else code in given)
            for code in codes
            for unit, row in sets.items()
            for j, given in enumerate(row)
        ],
        columns=["unit", "document", "code", "coder", "used"],
    ).astype({"used": "boolean"})


def segments(rows: Sequence[tuple[str, str, int, int, str]]) -> pd.DataFrame:
    """(coder, document, start, end, code) as the segments of a coded project."""
    table = pd.DataFrame(rows, columns=["coder", "document", "start", "end", "code"])
    text = dict.fromkeys(("coder", "document", "code"), "string")
    return table.astype({**text, "start": "int64", "end": "int64"})


def value(table: pd.DataFrame, measure: str) -> float:
    """One value of a table of measures."""
    return table.set_index("measure")["value"][measure]
