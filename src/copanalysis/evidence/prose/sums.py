"""Sums that do not add up: percentages of one distribution, parts of a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from copanalysis.evidence.prose.findings import Finding, finding
from copanalysis.evidence.prose.passages import Passage

PERCENTAGE = re.compile(r"(?<![\d,])(\d{1,3}(?:,\d+)?)\s?(?:%|procent\b)(?!punt)")
# How far a sum may lie from 100 to be taken for a distribution that was meant to add up.
NEAR = 8
FEWEST = 3


def sums_that_do_not_add_up(
    passages: Sequence[Passage], *, rules: Sequence[Mapping[str, str]]
) -> list[Finding]:
    """Three or more percentages in a sentence (and the next ones of its passage) that add up to
    nearly 100 but not within rounding, and counts whose named parts do not make the whole."""
    by_name = {rule["name"]: dict(rule) for rule in rules if rule["rule"] == "sum"}
    texts = [passage for passage in passages if passage.kind in ("text", "note")]
    found = [
        finding(passage, by_name["percentages"], f"{told} is samen {_dutch(total)}%")
        for passage in texts
        for told, total in _off_hundred(passage.sentences)
    ]
    parts = re.compile(by_name["delen"]["pattern"])
    return found + [
        finding(passage, by_name["delen"], told)
        for passage in texts
        for sentence in passage.sentences
        for told in _off_whole(parts, sentence)
    ]


def _off_hundred(sentences: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Each run of sentences with percentages whose sum is near 100 and not 100."""
    run: list[str] = []
    for sentence in [*sentences, ""]:
        shares = PERCENTAGE.findall(sentence)
        if shares:
            run += shares
            continue
        total = sum(float(share.replace(",", ".")) for share in run)
        rounding = sum(0.5 if "," not in share else 0.05 for share in run)
        if len(run) >= FEWEST and rounding < abs(total - 100) <= NEAR:
            yield " + ".join(f"{share}%" for share in run), total
        run = []


def _off_whole(pattern: re.Pattern, sentence: str) -> Iterator[str]:
    for match in pattern.finditer(sentence):
        parts = [int(n) for n in re.findall(r"(?<![\d,.])\d+(?![\d,.]*\d|%)", match["parts"])]
        if len(parts) > 1 and sum(parts) != int(match["whole"]):
            yield f"{' + '.join(map(str, parts))} is {sum(parts)}, niet {match['whole']}"


def _dutch(number: float) -> str:
    return f"{number:g}".replace(".", ",")
