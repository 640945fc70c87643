"""The one base error: where it is, what was found, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

LEVELS = ("error", "warning", "note")


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it should be, told so that a reader can repair it.

    ``where`` names the place as exactly as is known ("survey/wave_1/export.csv, row 12,
    column q4[1]"); ``found`` and ``expected`` are what stands there and what should;
    ``fix`` is the next step. ``level`` is "error" (refused), "warning" (read, but look) or
    "note" (worth knowing).
    """

    where: str
    found: str
    expected: str
    fix: str
    level: str = "error"

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}; expected {self.expected}. Fix: {self.fix}"

    def as_dict(self) -> dict[str, str]:
        """The problem as plain text fields, for JSON."""
        return asdict(self)


class CopanalysisError(Exception):
    """Every refusal of this package; carries all problems found, not only the first."""

    def __init__(self, summary: str, problems: Iterable[Problem] = ()) -> None:
        self.summary = summary
        self.problems = tuple(problems)
        super().__init__(summary, self.problems)

    def __str__(self) -> str:
        if not self.problems:
            return self.summary
        lines = "\n".join(f"  {i}. {p}" for i, p in enumerate(self.problems, 1))
        return f"{self.summary}\n{lines}"


def refuse_if_any(summary: str, problems: Iterable[Problem]) -> None:
    """Raise one CopanalysisError with every problem of level "error"; do nothing without one."""
    errors = [p for p in problems if p.level == "error"]
    if errors:
        raise CopanalysisError(f"{summary}: {len(errors)} problem(s).", errors)
