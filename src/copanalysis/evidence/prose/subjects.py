"""What a sentence is about: the waves and phases of study.toml, however the text calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from copanalysis.study.plan import Study

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
ORDINALS = ("eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste")
MONTH = f"(?:{'|'.join(MONTHS)})"
Mention = tuple[int, str]  # where in the sentence, and the id of what is meant


class Subjects:
    """Finds mentions of waves and phases by the patterns of prose_rules.csv."""

    def __init__(self, study: Study, rules: Sequence[Mapping[str, str]]) -> None:
        known = {"wave": study.settings["waves"], "phase": study.settings["phases"]}
        self._patterns = {
            rule["name"]: {
                row["id"]: _pattern(rule["pattern"], row, place)
                for place, row in enumerate(known[rule["name"]])
            }
            for rule in rules
            if rule["rule"] == "subject"
        }
        self.labels = {kind: {r["id"]: r["label"] for r in rows} for kind, rows in known.items()}

    def mentions(self, sentence: str, kind: str) -> list[Mention]:
        """Every mention of a wave or phase, from left to right."""
        return sorted(
            (match.start(), id)
            for id, pattern in self._patterns[kind].items()
            for match in pattern.finditer(sentence)
        )


def _pattern(rule: str, row: Mapping[str, Any], place: int) -> re.Pattern:
    months = "|".join(rf"{name}(?! \d{{4}})|{name} {row['start'].year}" for name in _months(row))
    filled = (
        rule.replace("{label}", re.escape(row["label"]))
        .replace("{ordinal}", ORDINALS[place])
        .replace("{month}", months)
    )
    return re.compile(rf"\b(?:{filled})\b", re.I)


def _months(row: Mapping[str, Any]) -> list[str]:
    start: date = row["start"]
    end: date = row["end"]
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return [MONTHS[(start.month - 1 + i) % 12] for i in range(count)]
