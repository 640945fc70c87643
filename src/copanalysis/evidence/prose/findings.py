"""What the prose check reports: where, by which rule, what was found and why that matters."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from copanalysis.evidence.prose.passages import Passage


@dataclass(frozen=True)
class Finding:
    """One thing to look at; ``level`` is that of the rule in prose_rules.csv."""

    file: str
    place: str
    section: str
    rule: str
    level: str
    found: str
    why: str

    def __str__(self) -> str:
        place = f"{self.place}, § {self.section}" if self.section else self.place
        said = f"{self.level} ({self.rule}): {self.found}. {self.why}"
        return f"{self.file}, {place}: {said}"

    def as_dict(self) -> dict[str, str]:
        """The finding as plain text fields, for JSON."""
        return asdict(self)


def finding(passage: Passage, rule: dict[str, str], found: str, why: str = "") -> Finding:
    """A finding at a passage, by a row of prose_rules.csv."""
    return Finding(
        passage.file,
        passage.place,
        passage.section,
        rule["rule"],
        rule["level"],
        found,
        why or rule["why"],
    )
