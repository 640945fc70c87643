"""What a drawing shows, in Dutch words, for readers who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from copanalysis.report.cells import INTERVAL
from copanalysis.report.numbers import in_words, join_words, show
from copanalysis.report.objects import Released


def counted(count: int, one: str, many: str) -> str:
    """A number of things in words: "drie staven", "één staaf"."""
    return f"{in_words(count)} {one if count == 1 else many}"


def extremes(labels: Sequence[str], numbers: Sequence[float], format: str) -> str:
    """The highest and lowest of labelled numbers, as sentences; unknown ones are counted."""
    known = pd.Series(np.asarray(numbers, dtype=float), index=[str(x) for x in labels])
    absent = int(known.isna().sum())
    known = known.dropna().sort_values(ascending=False, kind="stable")
    parts = []
    if len(known):
        parts.append(f"Hoogste: {known.index[0]} ({show(known.iloc[0], format)}).")
    if len(known) > 1:
        parts.append(f"Laagste: {known.index[-1]} ({show(known.iloc[-1], format)}).")
    if absent:
        parts.append(f"Zonder getoonde waarde: {in_words(absent)}.")
    return " ".join(parts)


def interval_words(table: Released, *, drawn: bool) -> str:
    """What the thin lines are, when there are any."""
    name = table.columns.get(INTERVAL, "betrouwbaarheidsinterval")
    return f" De dunne lijnen geven het {name[0].lower()}{name[1:]}." if drawn else ""


def bars_alt(table: Released, labels: Sequence[str], shares: np.ndarray, *, intervals: bool) -> str:
    """A bar chart of shares."""
    kind = f"Liggend staafdiagram met {counted(len(labels), 'staaf', 'staven')}."
    words = interval_words(table, drawn=intervals)
    return f"{kind} {extremes(labels, shares, 'share')}{words}"


def waves_alt(
    table: Released, marks: pd.DataFrame, names: Sequence[str], *, intervals: bool
) -> str:
    """Markers per item and series; ``marks`` has columns item, name and value."""
    rows = counted(marks["item"].nunique(), "rij", "rijen")
    kind = f"Puntendiagram met {rows} en per rij {join_words(names)}."
    labels = marks["item"] + ", " + marks["name"]
    words = interval_words(table, drawn=intervals)
    return f"{kind} {extremes(labels, marks['value'], 'share')}{words}"


def gap_alt(labels: Sequence[str], first: np.ndarray, second: np.ndarray, names: list[str]) -> str:
    """Two linked shares per item: where the gap is widest and where narrowest."""
    kind = (
        f"Puntendiagram met {counted(len(labels), 'rij', 'rijen')}; per rij zijn "
        f"{names[0]} en {names[1]} met een lijn verbonden."
    )
    gaps = pd.Series(np.abs(second - first)).dropna()
    if gaps.empty:
        return f"{kind} Geen enkel verschil wordt getoond."

    def pair(i: int) -> str:
        return f"{labels[i]} ({show(first[i], 'share')} en {show(second[i], 'share')})"

    most, least = pair(gaps.idxmax()), pair(gaps.idxmin())
    return f"{kind} Grootste verschil: {most}. Kleinste verschil: {least}."


def likert_alt(labels: Sequence[str], names: Sequence[str], parts: np.ndarray) -> str:
    """Stacked answers: per statement every answer with its share."""
    kind = (
        f"Gestapeld staafdiagram met {counted(len(labels), 'rij', 'rijen')} "
        f"en {counted(len(names), 'antwoord', 'antwoorden')}."
    )
    rows = []
    for label, row in zip(labels, parts, strict=True):
        if np.isnan(row).any():
            rows.append(f"{label}: niet getoond.")
        else:
            shares = [f"{name} {show(x, 'share')}" for name, x in zip(names, row, strict=True)]
            rows.append(f"{label}: {join_words(shares)}.")
    return " ".join([kind, *rows])


def funnel_alt(labels: Sequence[str], texts: Sequence[str]) -> str:
    """Steps in order, each with its number."""
    steps = [f"{label}: {text}" for label, text in zip(labels, texts, strict=True)]
    kind = f"Staafdiagram van {counted(len(labels), 'stap', 'stappen')} na elkaar"
    return f"{kind}. {'; '.join(steps)}."


def matrix_alt(
    rows: Sequence[str], columns: Sequence[str], cells: np.ndarray, format: str, *, ranks: bool
) -> str:
    """A table in colours: its size and its highest and lowest cell, of ``ranks`` the first."""
    darker = "een hogere plaats" if ranks else "een hogere waarde"
    kind = (
        f"Tabel in kleurtinten met {counted(len(rows), 'rij', 'rijen')} en "
        f"{counted(len(columns), 'kolom', 'kolommen')}; een donkerder tint is {darker}."
    )
    labels = [f"{row} bij {column}" for row in rows for column in columns]
    numbers = cells.ravel()
    if not ranks or np.isnan(numbers).all():
        return f"{kind} {extremes(labels, numbers, format)}"
    first = np.nanmin(numbers)
    firsts = [label for label, number in zip(labels, numbers, strict=True) if number == first]
    return f"{kind} Op plaats {show(first, format)}: {join_words(firsts)}."


def timeline_alt(labels: Sequence[str], starts: pd.Series, ends: pd.Series) -> str:
    """What lies on the line, from when to when, and what comes first and last."""
    kind = f"Tijdlijn met {counted(len(labels), 'onderdeel', 'onderdelen')}"
    first, last = starts.idxmin(), ends.idxmax()
    return (
        f"{kind}, van {show(starts[first], 'date')} tot {show(ends[last], 'date')}. "
        f"Als eerste begint: {labels[first]}. Als laatste eindigt: {labels[last]}."
    )


def flow_alt(columns: Sequence[str], nodes: Sequence[int], ends: Sequence[str]) -> str:
    """Boxes in columns: how many there are, and which is linked most (``ends`` of arrows)."""
    parts = [f"{column} ({in_words(n)})" for column, n in zip(columns, nodes, strict=True)]
    kind = f"Stroomschema met vakken in {counted(len(columns), 'kolom', 'kolommen')}"
    if not ends:
        return f"{kind}, zonder verbindingen: {join_words(parts)}."
    links = pd.Series(ends).value_counts()
    most = f"{links.index[0]} ({in_words(int(links.iloc[0]))})"
    return f"{kind}, verbonden door pijlen: {join_words(parts)}. De meeste pijlen heeft {most}."


def chain_alt(boxes: int, strengths: Sequence[str]) -> str:
    """Boxes joined by arrows: how many of each, and how many arrows of each strength."""
    counts = pd.Series(strengths).value_counts(sort=False)
    parts = [f"{in_words(int(n))} {name}" for name, n in counts.items()]
    arrows = counted(len(strengths), "pijl", "pijlen")
    return f"Effectketen met {counted(boxes, 'vak', 'vakken')} en {arrows}: {join_words(parts)}."


def placement_alt(names: Sequence[str], x: Sequence[str], y: Sequence[str]) -> str:
    """A grid of two scales: what lies at the ends, and who stands in the corners."""
    return (
        f"Raster met {counted(len(names), 'naam', 'namen')}; van links naar rechts van "
        f"{x[0].lower()} naar {x[1].lower()}, van onder naar boven van {y[0].lower()} naar "
        f"{y[1].lower()}. Geplaatst zijn {join_words(names)}."
    )


def strip_alt(labels: Sequence[str], names: Sequence[str], numbers: Sequence[float]) -> str:
    """Dots on rows: how many, of what kinds, from the lowest to the highest."""
    known = pd.Series(numbers).dropna()
    kind = (
        f"Puntendiagram met {counted(len(labels), 'rij', 'rijen')} en "
        f"{counted(len(known), 'punt', 'punten')}: {join_words(names)}."
    )
    if known.empty:
        return f"{kind} Geen enkel punt wordt getoond."
    return f"{kind} Van {show(known.min(), 'count')} tot {show(known.max(), 'count')}."
