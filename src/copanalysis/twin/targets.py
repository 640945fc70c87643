"""The numbers that the twin must reach and how its fieldwork went, as data: read and checked."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem

FOLDER = Path(__file__).parent
ANSWERED, NON_ANSWER = "(answered)", "(non-answer)"
SPECIAL = ("dont_know", "no_answer")  # user-missing answers to a coded item
MARKS = (ANSWERED, NON_ANSWER, *(f"({code})" for code in SPECIAL))


@dataclass(frozen=True)
class WavePlan:
    """How one wave was fielded: the file it came in, its dates, and what is planted in it."""

    format: str
    file: str
    title: str
    first: date
    reminder: date
    last: date
    median_seconds: int
    tests: tuple[str, ...]
    broke_off: tuple[Mapping[str, str], ...]
    duplicates: int
    empty: int
    empty_with_cop: int
    speeders: int
    straightliners: int
    four_picks: int
    outside_picks: int
    structure: str = ""
    survey: int = 0
    cop_labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows_beside(self) -> int:
        """Rows of the file that are nobody's answer: tests, duplicates, empty ones."""
        return len(self.tests) + self.duplicates + self.empty + self.empty_with_cop


@dataclass(frozen=True)
class Targets:
    """Everything the twin is calibrated to. ``counts`` maps wave and item to option: count."""

    counts: Mapping[tuple[str, str], Mapping[str, int]]
    waves: Mapping[str, WavePlan]
    forced: tuple[str, ...]
    only_other: int
    says_nothing: tuple[str, ...]
    statements: str
    follows: Mapping[str, str]
    inclination: Mapping[str, str]
    favourites: Mapping[str, float]
    tones: Mapping[str, float]

    def of(self, wave: str, item: str) -> Mapping[str, int]:
        """The counts of an item in a wave, by option or mark; empty when there are none."""
        return self.counts.get((wave, item), {})

    def closed(self, wave: str, item: str) -> dict[str, int]:
        """The counts of the options of an item, without marks such as "(answered)"."""
        return {o: n for o, n in self.of(wave, item).items() if o not in MARKS}

    def respondents(self, wave: str, key: str = "q1_cop") -> int:
        """Respondents of a wave, tests, duplicates and empty rows apart."""
        return sum(self.closed(wave, key).values())


def read_targets(folder: Path = FOLDER) -> Targets:
    """targets.csv and plan.toml of a folder; CopanalysisError lists every cell that is no count.

    Whether the numbers can be reached together is what ``check_targets`` tells.
    """
    plan: dict[str, Any] = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    waves = {
        id: WavePlan(
            **{k: tuple(v) if isinstance(v, list) else v for k, v in wave.items()},
        )
        for id, wave in plan.pop("waves").items()
    }
    counts = _counts(folder / "targets.csv", list(waves))
    listed = {name: tuple(plan[name]) for name in ("forced", "says_nothing")}
    return Targets(counts=counts, waves=waves, **{**plan, **listed})


def _counts(path: Path, waves: list[str]) -> dict[tuple[str, str], dict[str, int]]:
    counts: dict[tuple[str, str], dict[str, int]] = {}
    problems = []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            for wave in waves:
                cell = row[wave]
                if cell and not cell.isdecimal():
                    where = f"{path.name}, line {reader.line_num}, column {wave}"
                    problems.append(Problem(where, repr(cell), "a count", "write a whole number"))
                elif cell:
                    counts.setdefault((wave, row["item"]), {})[row["option"]] = int(cell)
    if problems:
        raise CopanalysisError("The targets of the twin cannot be read.", problems)
    return counts
