"""Ways of counting positions in a text, and positions turned into offsets of code points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from copanalysis.errors import CopanalysisError

BOM = "\ufeff"
CR, LF = 13, 10


@dataclass(frozen=True)
class Unit:
    """A way of counting: UTF-16 units or code points, a CRLF as 1 or 2, a BOM counted or not."""

    utf16: bool = False
    crlf: int = 2
    bom: bool = False

    @property
    def key(self) -> str:
        """A short name, as ``counting=`` takes it: "points-crlf2-nobom"."""
        base = "utf16" if self.utf16 else "points"
        return f"{base}-crlf{self.crlf}-{'bom' if self.bom else 'nobom'}"

    def __str__(self) -> str:
        base = "UTF-16 units" if self.utf16 else "code points"
        return (
            f"{base}, a CRLF as {'one' if self.crlf == 1 else 'two'}, "
            f"a BOM {'' if self.bom else 'not '}counted ({self.key})"
        )


UNITS = tuple(Unit(*choice) for choice in product((False, True), (2, 1), (False, True)))


def unit_named(key: str) -> Unit:
    """The unit with a key such as "points-crlf2-nobom"; refuses another name."""
    for unit in UNITS:
        if unit.key == key:
            return unit
    known = ", ".join(unit.key for unit in UNITS)
    raise CopanalysisError(f"{key!r} is no way of counting positions; known are {known}.")


@dataclass(frozen=True)
class Selected:
    """A stretch of text as the file gives it: positions in an unknown unit, and a name.

    ``place`` says where it stands in the file, for messages.
    """

    start: int
    end: int
    name: str = ""
    place: Callable[[], str] = str


@dataclass(frozen=True)
class CountedText:
    """A text with its selections. ``text`` stands without BOM, ``bom`` says it had one.

    ``joined`` marks a text inside the XML, where every CRLF of the file came out as LF.
    """

    name: str
    text: str
    selections: tuple[Selected, ...]
    bom: bool = False
    joined: bool = False
    points: np.ndarray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        raw = self.text.encode("utf-32-le", "surrogatepass")
        object.__setattr__(self, "points", np.frombuffer(raw, dtype="<u4"))


def offsets(text: CountedText, unit: Unit, positions: Sequence[int]) -> np.ndarray:
    """Offsets in code points for positions in a unit; -1 where the position is none.

    A position is none when it lies outside the text, inside a surrogate pair, or (BOM counted)
    is that of the BOM as an end; as a start, position 0 is the first character.
    """
    ends = np.concatenate([[0], np.cumsum(_weights(text, unit))])
    wanted = np.asarray(positions, dtype="int64")
    if unit.bom and text.bom:
        wanted = np.where(wanted == 0, 0, wanted - 1)
    found = np.searchsorted(ends, wanted)
    inside = (wanted >= 0) & (wanted <= ends[-1])
    found = np.where(inside, found, 0)
    return np.where(inside & (ends[found] == wanted), found, -1)


def spans(text: CountedText, unit: Unit) -> np.ndarray:
    """An array of (start, end) offsets in code points, one row per selection."""
    starts = offsets(text, unit, [s.start for s in text.selections])
    ends = offsets(text, unit, [s.end for s in text.selections])
    return np.column_stack([starts, ends])


def _weights(text: CountedText, unit: Unit) -> np.ndarray:
    """How far each character moves the position on."""
    points = text.points
    weights = np.where((points > 0xFFFF) & unit.utf16, 2, 1).astype("int64")
    if unit.crlf == 1 and len(points):
        pairs = (points[:-1] == CR) & (points[1:] == LF)
        weights[:-1][pairs] = 0  # the pair counts once, at its LF
    elif text.joined:
        weights[points == LF] = 2  # it was a CRLF in the file
    return weights
