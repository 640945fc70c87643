"""Marked texts as one continuum: over which lengths coders coincide, and how long units are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from copanalysis.fieldwork.agreement_ratings import Floats, Integers
from copanalysis.fieldwork.agreement_spans import Coders

GAP, UNSEEN = 0, -1


@dataclass(frozen=True)
class Continuum:
    """Lengths in characters, per document (d), with value 0 for gaps and 1 to q for the codes.

    ``observed`` (d x q+1 x q+1) are the observed coincidences: the length over which one coder
    gave value c where another gave k. ``own`` (d x q+1) is what a unit would share with itself:
    the sum of squared lengths of units, for gaps the sum of lengths. ``shared`` (d x q) is the
    same for the part of each unit that other coders marked too.
    """

    observed: Floats
    own: Floats
    shared: Floats

    def total(self, weights: Floats) -> Continuum:
        """The documents taken together, each ``weights`` times (draws x d): a row per draw."""
        return Continuum(*(np.tensordot(weights, part, axes=1) for part in self.parts))

    @property
    def parts(self) -> tuple[Floats, Floats, Floats]:
        return self.observed, self.own, self.shared


def continuum(
    spans: pd.DataFrame, lengths: pd.Series, *, coders: Coders, codes: Sequence[str]
) -> Continuum:
    """The documents of ``lengths`` that two or more coders were given, cut by ``spans``.

    ``spans`` (document, coder, code, start, end) do not overlap within a coder and document.
    """
    given = np.column_stack([lengths.index.isin(list(names)) for names in coders.values()])
    compared = (given.sum(axis=1) >= 2) & (lengths.to_numpy() > 0)
    given, lengths = given[compared], lengths[compared]
    borders = np.concatenate([[0], np.cumsum(lengths.to_numpy(dtype=np.int64))])
    spans = spans[spans["document"].isin(lengths.index)]
    units = _on_axis(spans, borders, lengths, coders, codes)
    cuts = np.unique(np.concatenate([borders, *(x for own in units for x in (own.start, own.end))]))
    start, size = cuts[:-1], np.diff(cuts)
    document = np.searchsorted(borders, start, side="right") - 1
    unit = np.column_stack([own.at(start) for own in units])
    value = np.column_stack([own.values(at) for own, at in zip(units, unit.T, strict=True)])
    value = np.where(given[document], value, UNSEEN)
    pieces = _Pieces(document, size, value, unit)
    return Continuum(
        pieces.observed(len(lengths), len(codes)),
        pieces.own(units, len(lengths), len(codes)),
        pieces.shared(units, len(lengths), len(codes)),
    )


@dataclass(frozen=True)
class _Units:
    """What one coder marked, in order of place: where on the axis, in which document, as what."""

    start: Integers
    end: Integers
    document: Integers
    value: Integers

    def at(self, places: Integers) -> Integers:
        """For each place the number of the unit that covers it, -1 for none."""
        at = np.searchsorted(self.start, places, side="right") - 1
        if not len(self.start):
            return at
        inside = (at >= 0) & (places < self.end[at])
        return np.where(inside, at, -1)

    def values(self, units: Integers) -> Integers:
        """The values of units by number, that of a gap for -1."""
        return np.append(self.value, GAP)[units]  # -1 takes the last


def _on_axis(
    spans: pd.DataFrame,
    borders: Integers,
    lengths: pd.Series,
    coders: Coders,
    codes: Sequence[str],
) -> list[_Units]:
    coder = pd.Index(list(coders)).get_indexer(spans["coder"])
    document = lengths.index.get_indexer(spans["document"])
    value = pd.Index(list(codes)).get_indexer(spans["code"]) + 1
    start = spans["start"].to_numpy() + borders[document]
    end = spans["end"].to_numpy() + borders[document]
    order = np.argsort(start, kind="stable")
    own = [order[coder[order] == number] for number in range(len(coders))]
    return [_Units(start[rows], end[rows], document[rows], value[rows]) for rows in own]


@dataclass(frozen=True)
class _Pieces:
    """Stretches within which no coder has a border: document, length, each coder's value, unit."""

    document: Integers
    size: Integers
    value: Integers
    unit: Integers

    @property
    def others(self) -> Floats:
        """By what each coder at a piece is divided: the other coders who saw it."""
        return (self.value != UNSEEN).sum(axis=1) - 1.0

    def observed(self, documents: int, codes: int) -> Floats:
        counts = (self.value[:, :, None] == np.arange(codes + 1)).sum(axis=1).astype(float)
        weight = self.size / self.others
        table = np.zeros((documents, codes + 1, codes + 1))
        for d in range(documents):
            here = self.document == d
            weighted = counts[here] * weight[here, None]
            table[d] = weighted.T @ counts[here] - np.diag(weighted.sum(axis=0))
        return table

    def own(self, units: list[_Units], documents: int, codes: int) -> Floats:
        table = np.zeros((documents, codes + 1))
        gaps = self.size * (self.value == GAP).sum(axis=1)
        np.add.at(table[:, GAP], self.document, gaps)
        for own in units:
            np.add.at(table, (own.document, own.value), (own.end - own.start) ** 2)
        return table

    def shared(self, units: list[_Units], documents: int, codes: int) -> Floats:
        """Squares of the length that other coders marked too, on average over those coders."""
        table = np.zeros((documents, codes))
        marked = self.value > GAP
        for coder, own in enumerate(units):
            mine = marked[:, coder]
            together = self.size * (marked.sum(axis=1) - 1) / self.others
            length = np.bincount(
                self.unit[mine, coder], weights=together[mine], minlength=len(own.start)
            )
            np.add.at(table, (own.document, own.value - 1), length**2)
        return table
