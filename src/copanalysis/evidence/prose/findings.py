"""What the prose check reports: where, by which rule, what was found and why that matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from copanalysis.evidence.prose.passages import Passage


@dataclass(frozen=True)
class Finding:
    """One thing to look at; ``level`` is that of the rule in prose_rules.csv, ``word`` what a
    finding that may come many times is about ("" for others)."""

    file: str
    place: str
    section: str
    rule: str
    level: str
    found: str
    why: str
    word: str = ""

    def __str__(self) -> str:
        said = f"{self.level} ({self.rule}): {self.found}. {self.why}"
        return f"{self.file}, {self.where}: {said}"

    @property
    def where(self) -> str:
        """The place in the file, with its section where there is one."""
        return f"{self.place}, § {self.section}" if self.section else self.place

    def as_dict(self) -> dict[str, str]:
        """The finding as plain text fields, for JSON."""
        return asdict(self)


def findings_text(found: Sequence[Finding]) -> str:
    """A line per finding, and one for all findings of a file about the same word: with many, those
    that come once would not be seen."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for place, one in enumerate(found):
        about = (one.file, one.rule, one.word) if one.word else (str(place),)
        alike.setdefault(about, []).append(one)
    return "\n".join(_line(group) for group in alike.values())


def _line(group: Sequence[Finding]) -> str:
    first = group[0]
    if len(group) == 1:
        return str(first)
    places = "; ".join(dict.fromkeys(one.where for one in group))
    said = f"{first.level} ({first.rule}): “{first.word}” ({len(group)} keer: {places})"
    return f"{first.file}: {said}. {first.why}"


def finding(
    passage: Passage, rule: dict[str, str], found: str, why: str = "", *, word: str = ""
) -> Finding:
    """A finding at a passage, by a row of prose_rules.csv."""
    return Finding(
        passage.file,
        passage.place,
        passage.section,
        rule["rule"],
        rule["level"],
        found,
        why or rule["why"],
        word,
    )
