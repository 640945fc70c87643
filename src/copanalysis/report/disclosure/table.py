"""A result table as disclosure control takes it: its rows, and of whom each row counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.disclosure.counts import UNKNOWN, Counted
from copanalysis.study.plan import Study

# columns that tell which row it is, or what was known before anybody answered: never hidden
KEPT = frozenset(
    {
        *("wave", "cop", "item", "option", "label", "short", "position", "kind", "base", "figure"),
        *("section", "as_printed", "printed", "base_stated", "statement", "members", "cops"),
        *("common_cop_ids", "common_base_first", "common_base_last"),
        *("cop_ids", "first", "last", "base_first", "base_last", "label_first", "among"),
        *("row_item", "row_option", "row_label", "row_position", "interval_method"),
        *("column_item", "column_option", "column_label", "column_position", "same_wording"),
    }
)


@dataclass(frozen=True)
class Table:
    """A result table and what it is about: ``waves`` and ``cop`` where no column says so.

    ``lone`` gives for a wave the CoP of all its respondents, "" when they are of several: a
    table over all CoPs of such a wave is one of that CoP. ``page`` is the page that shows it.
    """

    data: pd.DataFrame
    key: tuple[str, ...]
    formats: Mapping[str, str]
    waves: tuple[str, ...]
    cop: str
    name: str
    study: Study
    lone: Callable[[str], str] = lambda wave: ""
    page: str = ""

    def rows(self) -> Iterable[dict]:
        """The rows, with their position as "row"."""
        return ({**row, "row": i} for i, row in enumerate(self.data.to_dict("records")))

    def group(self, row: Mapping, *, waves: Sequence[str] = ()) -> Counted:
        """The respondents of a row before any answer."""
        own = (str(row["wave"]),) if "wave" in row else self.waves
        waves = tuple(waves) or own
        if len(waves) != 1:
            fix = "say waves=[wave] when registering the table; if it counts no respondents, "
            fix += "call its columns otherwise than n and base"
            problem = Problem(f"table {self.name!r}", f"waves {waves}", "one wave per row", fix)
            raise CopanalysisError("It is not known of which wave a table counts.", [problem])
        return Counted(waves, self.cops(row, waves[0]))

    def both_waves(self, row: Mapping) -> Counted:
        """The people of a row who answered in two waves."""
        waves = str(row["first"]), str(row["last"])
        return Counted(waves, self.cops(row, waves[0]) or self.cops(row, waves[1]))

    def cops(self, row: Mapping, wave: str) -> tuple[str, ...]:
        """The one CoP that a row is about; none when it is about all of them."""
        if "cop" in row:
            return (row["cop"] if isinstance(row["cop"], str) and row["cop"] else UNKNOWN,)
        one = self.cop or self.lone(wave)
        return (one,) if one else ()

    def answer(self, item: str, option: str, *, value: str = "1") -> tuple[str, str]:
        """Having chosen an option, as a variable and its value; "item@wave" is the item as it
        was answered in one of several waves."""
        if self.types.get(item.partition("@")[0]) == "multiple":
            return f"{item}.{option}", value
        return item, option

    @property
    def types(self) -> dict[str, str]:
        return {item.id: item.type for item in self.study.items}

    def goes(self, *, but: Iterable[str] = ()) -> tuple[str, ...]:
        """The columns that are hidden with a count of a row."""
        kept = {*KEPT, *self.key, *but}
        return tuple(c for c in self.data.columns if c not in kept)
