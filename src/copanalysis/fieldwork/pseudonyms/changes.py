"""What was replaced in texts, and where every other letter of them went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from copanalysis.study.privacy.masking import Change

COLUMNS = ("start", "end", "new_start", "new_end")


def change_table(changes: Mapping[str, Sequence[Change]]) -> pd.DataFrame:
    """Changes by document as a table: document, start, end, new_start, new_end, kind, mask."""
    rows = [row for document, own in changes.items() for row in _rows(document, own)]
    types = {"document": "string"} | dict.fromkeys(COLUMNS, "int64")
    types |= {"kind": "string", "mask": "string"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def moved_positions(positions: pd.DataFrame, *, changes: pd.DataFrame) -> pd.DataFrame:
    """Stretches of texts at their place in the changed texts.

    Parameters
    ----------
    positions : DataFrame
        document, start, end (code points of the text before, end exclusive), and other columns.
    changes : DataFrame
        As `change_table` makes them; a document without changes stays as it is.

    Returns
    -------
    DataFrame
        ``positions`` with start and end in the text after; all else as given. A stretch that
        begins or ends inside a change takes what stands there now as a whole, so that nothing
        is cut in two.
    """
    start = positions["start"].to_numpy("int64", copy=True)
    end = positions["end"].to_numpy("int64", copy=True)
    own = positions.groupby("document", observed=True).indices
    for document, table in changes.groupby("document", observed=True):
        at = own.get(document, np.array([], dtype="int64"))
        start[at], end[at] = _moved(start[at], end[at], *(table[c].to_numpy() for c in COLUMNS))
    return positions.assign(start=start, end=end)


def _rows(
    document: str, changes: Iterable[Change]
) -> list[tuple[str, int, int, int, int, str, str]]:
    rows, shift = [], 0
    for change in changes:
        begin = change.start + shift
        behind = begin + len(change.mask)
        rows.append((document, change.start, change.end, begin, behind, change.kind, change.mask))
        shift = behind - change.end
    return rows


def _moved(
    starts: np.ndarray,
    ends: np.ndarray,
    old_start: np.ndarray,
    old_end: np.ndarray,
    new_start: np.ndarray,
    new_end: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Starts after the last change before them, or at the change they lie in; ends likewise."""
    shifts = np.concatenate([[0], new_end - old_end])
    behind = np.searchsorted(old_end, starts, side="right")
    next_start = np.append(new_start, np.iinfo("int64").max)[behind]
    begun = np.searchsorted(old_start, ends, side="left")
    last_end = np.insert(new_end, 0, 0)[begun]
    return np.minimum(starts + shifts[behind], next_start), np.maximum(
        ends + shifts[begun], last_end
    )
