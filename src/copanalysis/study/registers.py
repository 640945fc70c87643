"""What a register holds, from registers.csv: its columns, their headers, types and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from copanalysis.errors import Problem
from copanalysis.study.instruments import FOLDER, Sheet
from copanalysis.study.names import normalise

FILE = "registers.csv"
# rule -> the number of its arguments; rules.py in fieldwork/registers says what each asks
RULES: Mapping[str, int] = {
    "key": 0,
    "unique": 0,
    "required": 0,
    "within": 1,
    "between": 2,
    "after": 1,
    "at_most": 1,
    "at_most_members": 0,
    "same": 1,
    "refers": 2,
    "hash": 1,
}


@dataclass(frozen=True)
class Rule:
    """One rule of a column. ``when`` is (column, code): only rows with that code must keep it."""

    name: str
    arguments: tuple[str, ...]
    warns: bool
    when: tuple[str, str] | None

    @property
    def level(self) -> str:
        return "warning" if self.warns else "error"


@dataclass(frozen=True)
class Column:
    """One column of a register; ``above`` is a value that stands over the table with its name."""

    name: str
    headers: tuple[str, ...]
    above: bool
    type: str
    required: bool
    vocabulary: str
    rules: tuple[Rule, ...]

    @property
    def header(self) -> str:
        return self.headers[0]

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Every normalised way to write the header."""
        return frozenset(normalise(header) for header in self.headers)


@dataclass(frozen=True)
class Register:
    """One register by its name and columns, in the order of the file; ``ignored`` are those that
    may stand there and are not read."""

    name: str
    columns: tuple[Column, ...]
    ignored: tuple[Column, ...] = ()

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def key(self) -> list[str]:
        """The columns that together identify a row."""
        return [c.name for c in self.columns if any(rule.name == "key" for rule in c.rules)]


def study_registers(sheets: Mapping[str, Sheet]) -> dict[str, Register]:
    """Every register of registers.csv by name; ``sheets`` are the instruments of a study."""
    columns: dict[str, list[Column]] = {}
    for row in sheets[FILE].rows:
        columns.setdefault(row["register"], []).append(_column(row))
    return {
        name: Register(
            name,
            tuple(c for c in own if c.type != "ignore"),
            tuple(c for c in own if c.type == "ignore"),
        )
        for name, own in columns.items()
    }


def vocabulary_spellings(sheets: Mapping[str, Sheet], vocabulary: str) -> dict[str, str]:
    """Every normalised way to write a term of a vocabulary, mapped to its code."""
    return {
        normalise(text): row["code"]
        for row in sheets["vocabularies.csv"].rows
        if row["vocabulary"] == vocabulary
        for text in (row["label"], row["code"], *row["also"].split("|"))
        if text.strip()
    }


def vocabulary_labels(sheets: Mapping[str, Sheet], vocabulary: str) -> dict[str, str]:
    """The codes of a vocabulary in order, with their Dutch labels."""
    rows = [r for r in sheets["vocabularies.csv"].rows if r["vocabulary"] == vocabulary]
    return {r["code"]: r["label"] for r in sorted(rows, key=lambda r: int(r["position"]))}


def register_problems(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Rules of registers.csv that do not exist, or name what is not there."""
    sheet = sheets[FILE]
    columns: dict[str, set[str]] = {}
    for row in sheet.rows:
        columns.setdefault(row["register"], set()).add(row["column"])
    problems = []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        where = f"{FOLDER}/{FILE}, line {line}, column rules"
        for text in _parts(row["rules"]):
            expected = _expected(text.split(), row, columns, sheets)
            if expected:
                problems.append(Problem(where, repr(text), expected, "correct the rule"))
        if row["type"] in ("category", "categories") and not row["vocabulary"]:
            found = f"type {row['type']} without a vocabulary"
            problems.append(Problem(where, found, "one of vocabularies.csv", "name it"))
    return problems


def _expected(
    words: Sequence[str],
    row: Mapping[str, str],
    columns: Mapping[str, set[str]],
    sheets: Mapping[str, Sheet],
) -> str:
    """What a rule should look like when it does not, else ""."""
    if "when" in words and len(words) - words.index("when") != 3:
        return "a column and a code behind when"
    rule = _rule(words)
    if rule.name not in RULES:
        return "one of " + ", ".join(RULES)
    if len(rule.arguments) != RULES[rule.name]:
        return f"{rule.name} with {RULES[rule.name]} argument(s)"
    named = [rule.arguments[0]] if rule.name in ("after", "at_most", "same", "hash") else []
    named += [rule.when[0]] if rule.when else []
    if not columns[row["register"]].issuperset(named):
        return "columns of this register"
    if rule.name == "within" and rule.arguments != ("study",):
        return "within study"
    if rule.name == "between" and not all(_is_bound(a, row["type"]) for a in rule.arguments):
        return "two days as 2024-01-31 for a date, else two numbers"
    if rule.name == "refers":
        home, column = rule.arguments
        there = sheets[home].schema.names if home in sheets else columns.get(home, ())
        return "" if column in there else "a register or an instrument, and a column of it"
    return ""


def _is_bound(text: str, type: str) -> bool:
    try:
        date.fromisoformat(text) if type == "date" else float(text)
    except ValueError:
        return False
    return True


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        name=row["column"],
        headers=tuple(h.strip() for h in row["headers"].split("|")),
        above=row["place"] == "above",
        type=row["type"],
        required=row["required"] == "yes",
        vocabulary=row["vocabulary"],
        rules=tuple(_rule(text.split()) for text in _parts(row["rules"])),
    )


def _parts(rules: str) -> list[str]:
    return [part.strip() for part in rules.split(";") if part.strip()]


def _rule(words: Sequence[str]) -> Rule:
    """``[warn] NAME ARGUMENT ... [when COLUMN CODE]`` in its parts."""
    warns = words[0] == "warn"
    words = list(words[1:] if warns else words)
    when = None
    if "when" in words:
        at = words.index("when")
        when, words = (words[at + 1], words[at + 2]), words[:at]
    return Rule(words[0], tuple(words[1:]), warns, when)
