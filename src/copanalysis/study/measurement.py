"""The answer "niet te meten": a result of its own, never a zero and never an error."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NotMeasured:
    """Stands where a table would stand when the data cannot answer.

    ``what`` is the item, variable or comparison asked for; ``reason`` says in Dutch, for the
    reader of the report, why it cannot be known ("de vraag is in golf 1 niet gesteld").
    Every calculation that receives a NotMeasured returns it, so the reason reaches the page.
    """

    what: str
    reason: str

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"Niet te meten: {self.reason}"
