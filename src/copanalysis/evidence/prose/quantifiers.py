"""Quantifiers without a count: "soms", "veel deelnemers" in a sentence that gives no number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from copanalysis.evidence.prose.findings import Finding, finding
from copanalysis.evidence.prose.passages import Passage

NUMBER = re.compile(
    r"\d|\{[a-z]\w*[\[.]|\b(?:geen|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf)\b"
)
REACH = 3  # words between a quantifier and what it counts


def uncounted_quantifiers(
    passages: Sequence[Passage], *, rules: Sequence[Mapping[str, str]]
) -> list[Finding]:
    """Every quantifier of prose_rules.csv in a sentence without a number or pointer.

    Where the rule says "countable", one of those words must follow within a few words: "veel
    deelnemers" counts, "veel ruimte" measures. Questions ("hoe vaak") are left alone, and
    "een enkele", which is one.
    """
    countable = [re.escape(rule["name"]) for rule in rules if rule["rule"] == "countable"]
    counted = rf"(?=(?: [\w'-]+){{0,{REACH - 1}}} (?:{'|'.join(countable)})(?!\w))"
    patterns = [
        (re.compile(rf"(?<!\bhoe )(?<!\been )\b{re.escape(rule['name'])}\b{follows}", re.I), rule)
        for rule in rules
        if rule["rule"] == "quantifier"
        for follows in [counted if rule["pattern"] == "countable" else ""]
    ]
    return [
        finding(
            passage,
            dict(rule),
            f"“{match.group()}” in: {_around(sentence, match)}",
            word=rule["name"],
        )
        for passage in passages
        if passage.kind in ("text", "note")
        for sentence in passage.sentences
        if not NUMBER.search(sentence) and not sentence.endswith("?")
        for pattern, rule in patterns
        for match in pattern.finditer(sentence)
    ]


def _around(sentence: str, match: re.Match) -> str:
    start, end = max(0, match.start() - 30), match.end() + 40
    before = "…" if start else ""
    after = "…" if end < len(sentence) else ""
    return f"{before}{sentence[start:end].strip().rstrip('.')}{after}"
