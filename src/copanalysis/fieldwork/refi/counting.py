"""Which way of counting a file uses, decided on evidence, or not decided at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.fieldwork.refi.positions import UNITS, CountedText, Unit, spans
from copanalysis.fieldwork.refi.profiles import Profile

SHORTEST_NAME = 4  # characters of a selection's name that can tell anything
CLEAR_CUTS = 3  # fewer edges inside words than any other way, to decide on that alone
CLEAR_RATIO = 4  # and that many times fewer
ELLIPSIS = re.compile(r"\s*(\.\.\.|…)\s*$")


@dataclass(frozen=True)
class Decision:
    """The unit, and why it is this one ("" when every way of counting gives the same)."""

    unit: Unit
    reason: str


Group = tuple[list[Unit], list[np.ndarray]]  # units that give the same spans, and those spans


def decide(texts: Sequence[CountedText], profile: Profile, file: str) -> Decision:
    """The way in which all texts of a file count positions.

    A way is possible when every selection of every text lies inside the text. Where several
    possible ways give other stretches, these decide, in this order: names of selections that
    hold the quoted text; selections that end where the text ends; edges that do not cut words;
    what is known of the tool. Raises CopanalysisError when no way is possible, when texts
    contradict each other, and when nothing decides: it then names the ways that are left.
    """
    texts = [text for text in texts if text.selections]
    if not texts:
        return Decision(Unit(), "")
    everything = {unit: [spans(text, unit) for text in texts] for unit in UNITS}
    possible = {unit: found for unit, found in everything.items() if _possible(found)}
    if not possible:
        raise _impossible(texts, UNITS, file)
    names = {unit: _names(texts, found) for unit, found in everything.items()}
    best = max(UNITS, key=lambda unit: sum(names[unit]))
    if sum(names[best]) > max(sum(names[unit]) for unit in possible):
        raise _impossible(texts, (best,), file)
    groups = _groups(possible)
    if len(groups) == 1:
        outside = "counted otherwise, selections would lie outside their text"
        return Decision(groups[0][0][0], "" if len(possible) == len(UNITS) else outside)
    _refuse_contradiction(texts, possible, names, file)
    left, reason = _narrowed(texts, groups, names, profile)
    if len(left) != 1:
        raise _undecided(left or groups, profile, file)
    return Decision(_preferred(left[0][0], profile), reason)


def _narrowed(
    texts: Sequence[CountedText],
    groups: list[Group],
    names: dict[Unit, list[int]],
    profile: Profile,
) -> tuple[list[Group], str]:
    """The groups that the evidence leaves, and the last piece of it that was needed."""
    left = _best([sum(names[units[0]]) for units, _ in groups], groups)
    reason = "the names of selections hold the text that they select only when counted so"
    for narrow in (_ending, _uncut):
        if len(left) > 1:
            left, reason = narrow(texts, left)
    if len(left) > 1:
        left = [group for group in left if any(_known(unit, profile) for unit in group[0])]
        reason = f"that is how {profile.name} counts"
    return left, reason


def disagreement(decision: Decision, profile: Profile) -> bool:
    """Whether the evidence went against what is known of the tool."""
    return bool(decision.reason) and not _known(decision.unit, profile)


def _possible(found: list[np.ndarray]) -> bool:
    return all((s >= 0).all() and (s[:, 0] <= s[:, 1]).all() for s in found)


def _groups(possible: dict[Unit, list[np.ndarray]]) -> list[Group]:
    groups: dict[bytes, Group] = {}
    for unit, found in possible.items():
        key = b"".join(s.tobytes() for s in found)
        groups.setdefault(key, ([], found))[0].append(unit)
    return list(groups.values())


def _names(texts: Sequence[CountedText], found: list[np.ndarray]) -> list[int]:
    return [_named(text, each) for text, each in zip(texts, found, strict=True)]


def _named(text: CountedText, found: np.ndarray) -> int:
    """How well the names of selections agree with the text selected: 3 for equal, 1 for begun."""
    score = 0
    for selection, (start, end) in zip(text.selections, found, strict=True):
        name = _folded(ELLIPSIS.sub("", selection.name))
        quoted = _folded(text.text[start:end])
        if len(name.strip()) < SHORTEST_NAME or start < 0 or end < 0:
            continue
        score += 3 if quoted == name else 1 if quoted.startswith(name) else 0
    return score


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _ending(texts: Sequence[CountedText], groups: list[Group]) -> tuple[list[Group], str]:
    """The groups with most selections up to the end of the text, if they cut no more words."""
    cuts = [_cuts(texts, group[1]) for group in groups]
    ends = [_at_end(texts, group[1]) for group in groups]
    best = _best(ends, groups)
    if min(cuts) < min(_cuts(texts, group[1]) for group in best):
        return groups, ""
    return best, "selections end where the text ends only when counted so"


def _at_end(texts: Sequence[CountedText], found: list[np.ndarray]) -> int:
    """Selections after which only white space follows (few people select the last line end)."""
    lengths = [len(text.text.rstrip()) for text in texts]
    pairs = zip(lengths, found, strict=True)
    return sum(int((s[:, 1] >= length).sum()) for length, s in pairs if length)


def _best(scores: list[int], groups: list[Group]) -> list[Group]:
    return [g for g, score in zip(groups, scores, strict=True) if score == max(scores)]


def _uncut(texts: Sequence[CountedText], groups: list[Group]) -> tuple[list[Group], str]:
    cuts = [_cuts(texts, group[1]) for group in groups]
    best, second = sorted(cuts)[:2]
    if second - best < CLEAR_CUTS or second < best * CLEAR_RATIO:
        return groups, ""
    reason = f"{best} edges of selections cut a word when counted so, otherwise {second} or more"
    return [groups[cuts.index(best)]], reason


def _cuts(texts: Sequence[CountedText], found: list[np.ndarray]) -> int:
    return sum(
        _inside_word(text.text, int(edge))
        for text, text_spans in zip(texts, found, strict=True)
        for edge in text_spans.flat
    )


def _inside_word(text: str, edge: int) -> bool:
    if not 0 < edge < len(text):
        return False
    before, after = text[edge - 1], text[edge]
    if unicodedata.combining(after) or (before, after) == ("\r", "\n"):
        return True
    return (before.isalnum() or unicodedata.combining(before) > 0) and after.isalnum()


def _known(unit: Unit, profile: Profile) -> bool:
    return all(
        known is None or known == counted
        for known, counted in (
            (profile.utf16, unit.utf16),
            (profile.crlf, unit.crlf),
            (profile.bom, unit.bom),
        )
    )


def _preferred(units: list[Unit], profile: Profile) -> Unit:
    return next((unit for unit in units if _known(unit, profile)), units[0])


def _refuse_contradiction(
    texts: Sequence[CountedText],
    possible: dict[Unit, list[np.ndarray]],
    names: dict[Unit, list[int]],
    file: str,
) -> None:
    best = max(possible, key=lambda unit: sum(names[unit]))
    problems = []
    for i, text in enumerate(texts):
        other = max(possible, key=lambda unit: names[unit][i])
        if names[other][i] > names[best][i]:
            problem = Problem(
                f"{file}, source {text.name!r}",
                f"names of selections that fit when counted in {other}",
                f"the way that fits the other sources, {best}",
                "read the sources apart, or correct the positions in the analysis tool",
            )
            problems.append(problem)
    if problems:
        raise CopanalysisError(f"{file} counts positions in more than one way.", problems)


def _impossible(texts: Sequence[CountedText], units: Sequence[Unit], file: str) -> CopanalysisError:
    """Names the selections that lie outside their text in each of the units."""
    bad = [
        Problem(
            selection.place(),
            f"positions {selection.start} to {selection.end}",
            f"a stretch inside the text, which has {len(text.text)} characters",
            "correct the selection in the analysis tool, or hand in the text that was coded",
        )
        for text in texts
        for i, selection in enumerate(text.selections)
        if not any(_possible([spans(text, unit)[i : i + 1]]) for unit in units)
    ]
    if bad:
        return CopanalysisError(f"{file}: {len(bad)} selection(s) outside their text.", bad)
    return CopanalysisError(
        f"{file}: there is no single way of counting positions in which every selection lies "
        "inside its text. The texts are probably not those that were coded; export again."
    )


def _undecided(groups: list[Group], profile: Profile, file: str) -> CopanalysisError:
    ways = "; ".join(str(_preferred(units, profile)) for units, _ in groups)
    return CopanalysisError(
        f"{file}: it cannot be told how positions in the texts are counted, and the ways give "
        f"other stretches of text. Possible are: {ways}. Look up one coded passage in "
        f"{profile.name if profile.words else 'the analysis tool'}, and say which way it is "
        "with counting=; nothing was read."
    )
