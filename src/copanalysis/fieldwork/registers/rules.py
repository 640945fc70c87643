"""The rules of registers.csv: which rows break them, told with what was found and expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study
from copanalysis.study.registers import Column, Register, Rule

Broken = Iterator[tuple[int, str, str, str]]  # position, found, expected, fix


@dataclass(frozen=True)
class Checked:
    """What a rule may look at: one column of a register, the others, the study, the folder."""

    table: pd.DataFrame
    register: Register
    column: Column
    tables: Mapping[str, pd.DataFrame]
    study: Study
    folder: Path

    @property
    def values(self) -> pd.Series:
        return self.table[self.column.name]

    def beside(self, name: str) -> Iterator[tuple[int, object, object]]:
        """Position, value and the value of another column, where both are known."""
        other = self.table[name]
        for at, (own, its) in enumerate(zip(self.values, other, strict=True)):
            if own is not None and its is not None:
                yield at, own, its


def rule_problems(
    tables: Mapping[str, pd.DataFrame],
    *,
    registers: Mapping[str, Register],
    study: Study,
    folder: Path,
) -> list[Problem]:
    """Every breach of a rule in any register; ``folder`` is where their files stand."""
    problems = []
    for name, table in tables.items():
        register = registers[name]
        problems += _key_problems(table, register)
        for column in register.columns:
            checked = Checked(table, register, column, tables, study, folder)
            for rule in column.rules:
                problems += _broken(checked, rule)
    return problems


def _broken(checked: Checked, rule: Rule) -> Iterator[Problem]:
    if rule.name not in CHECKS:
        return
    where = _where(checked.table, checked.column)
    for at, found, expected, fix in CHECKS[rule.name](checked, *rule.arguments):
        if rule.when is None or checked.table[rule.when[0]].iloc[at] == rule.when[1]:
            yield Problem(where[at], found, expected, fix, rule.level)


def _where(table: pd.DataFrame, column: Column) -> list[str]:
    rows = zip(table["file"], table["row"], strict=True)
    return [f"{file}, row {row}, column {column.header}" for file, row in rows]


def _key_problems(table: pd.DataFrame, register: Register) -> Iterator[Problem]:
    """Rows with the key of an earlier row; different terms in them are two statuses of one."""
    key = register.key
    if not key or table.empty:
        return
    for same, rows in table.groupby(key, sort=False, dropna=False):
        first = rows.iloc[0]
        for _, row in rows.iloc[1:].iterrows():
            terms = [c for c in register.columns if c.type == "category" and c.name not in key]
            differ = [f"{c.header} {row[c.name]} and {first[c.name]}" for c in terms]
            differ = [
                text
                for text, c in zip(differ, terms, strict=True)
                if row[c.name] is not None and row[c.name] != first[c.name]
            ]
            more = f", with {'; '.join(differ)}" if differ else ""
            told = ", ".join(str(part) for part in same)
            yield Problem(
                f"{row['file']}, row {row['row']}",
                f"{told} again, as in {first['file']}, row {first['row']}{more}",
                "each " + " and ".join(register.column(k).header for k in key) + " once",
                "keep the row that holds now, or give the other its own number",
            )


def _unique(checked: Checked) -> Broken:
    met: dict[object, int] = {}
    rows = checked.table["row"]
    for at, value in enumerate(checked.values):
        if value is not None and value in met:
            fix = "note in one of them that it repeats the other, or remove it"
            yield at, f"{value!r}, as in row {rows.iloc[met[value]]}", "each text once", fix
        met.setdefault(value, at)


def _required(checked: Checked) -> Broken:
    for at, value in enumerate(checked.values):
        if value is None:
            yield at, "an empty cell", "a value in this row", "fill it in"


def _within(checked: Checked, period: str) -> Broken:
    """``period`` is "study": from the first to the last day in study.toml and timeline.csv."""
    study = checked.study
    days = [d for phase in study.settings["phases"] for d in (phase["start"], phase["end"])]
    told = [day.isoformat() for day in days]
    told += [row[end] for row in study.sheets["timeline.csv"].rows for end in ("start", "end")]
    return _between(checked, min(told), max(told))


def _between(checked: Checked, low: str, high: str) -> Broken:
    parse: Callable = date.fromisoformat if checked.column.type == "date" else float
    for at, value in enumerate(checked.values):
        if value is not None and not parse(low) <= value <= parse(high):
            fix = "correct it; a day outside the study or a number out of range is a slip"
            yield at, str(value), f"from {low} to {high}", fix


def _after(checked: Checked, other: str) -> Broken:
    name = checked.register.column(other).header
    for at, value, earlier in checked.beside(other):
        if value < earlier:
            yield at, f"{value}, before {name} {earlier}", f"on or after {name}", "correct a date"


def _at_most(checked: Checked, other: str) -> Broken:
    name = checked.register.column(other).header
    for at, value, limit in checked.beside(other):
        if value > limit:
            yield at, f"{value}, above {name} {limit}", f"at most {name}", "correct one of them"


def _at_most_members(checked: Checked) -> Broken:
    members = checked.tables.get("members", pd.DataFrame())
    for at, value, cop in checked.beside("cop"):
        limit = members_on(members, cop=str(cop), day=checked.table["date"].iloc[at])
        if limit is not None and value > limit:
            expected = f"at most the {limit} members of {cop} on that day"
            yield at, f"{value} present", expected, "correct the count, or the list of members"


def members_on(members: pd.DataFrame, *, cop: str, day: date | None) -> int | None:
    """The members of a CoP by its last count on or before a day, else by its first count."""
    known = members[members["cop"].eq(cop)] if "cop" in members else members
    known = known.dropna(subset=["date", "members"]).sort_values("date") if len(known) else known
    if known.empty or day is None:
        return None
    before = known[known["date"] <= day]
    return int((before if len(before) else known.head(1))["members"].iloc[-1])


def _same(checked: Checked, other: str) -> Broken:
    name = checked.register.column(other).header
    for at, value, its in checked.beside(other):
        if value != its:
            fix = "nothing to do if both stand in the source: both are kept"
            yield at, f"{value}, where {name} says {its}", f"the same as {name}", fix


def _refers(checked: Checked, home: str, column: str) -> Broken:
    """A value that stands in a column of another register, or of an instrument."""
    if home in checked.study.sheets:
        known = checked.study.sheets[home].values(column)
    else:
        known = set(checked.tables[home][column].dropna())
    for at, value in enumerate(checked.values):
        if value is not None and value not in known:
            yield at, repr(value), f"a {column} of {home}", "correct it or add it there"


def _hash(checked: Checked, path: str) -> Broken:
    for at, told, name in checked.beside(path):
        file = checked.folder / str(name)
        real = file_hash(file) if file.is_file() else "no such file"
        if told != real:
            fix = "put the file back as it was, or fill in the new hash and say why"
            yield at, f"{str(told)[:12]}... for {name}", real, fix


CHECKS: Mapping[str, Callable[..., Broken]] = {
    "unique": _unique,
    "required": _required,
    "within": _within,
    "between": _between,
    "after": _after,
    "at_most": _at_most,
    "at_most_members": _at_most_members,
    "same": _same,
    "refers": _refers,
    "hash": _hash,
}
