"""One cell of a register as a value of its column: dates, numbers, terms and names as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from copanalysis.study.names import normalise
from copanalysis.study.plan import Study
from copanalysis.study.registers import Column, vocabulary_labels, vocabulary_spellings

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb febr",
            "maart mrt",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "augustus aug",
            "september sep sept",
            "oktober okt",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAY = r"(?:(?:ma|di|wo|do|vr|za|zo)[a-z]*\.?,?\s+)?"
DAY_FIRST = re.compile(WEEKDAY + r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", re.I)
NAMED = re.compile(WEEKDAY + r"(\d{1,2})\s+([a-z]+)\.?\s+(\d{4})", re.I)
NUMBER = re.compile(r"(ca\.?|circa|\u00b1|~)?\s*(-?\d+(?:[.,]\d+)?)\s*(?:uur|u|x)?", re.I)
BETWEEN = re.compile(r"\s*(?:[;,/>+\n]|\u2192)\s*")


@dataclass(frozen=True)
class Cell:
    """A cell read: its value (None: nothing known), or what is wrong with it."""

    value: object = None
    expected: str = ""
    fix: str = ""
    level: str = "error"


class Reader:
    """Reads cells by the type of their column; people are numbered as they are met."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._people: dict[str, dict[str, str]] = {}
        self._spellings: dict[str, Mapping[str, str]] = {}

    @property
    def people(self) -> set[str]:
        """Every name met in a column of people."""
        return {name for same in self._people.values() for name in same}

    @cached_property
    def _nothing(self) -> set[str]:
        words = self.study.settings["cleaning"]["non_answers"]
        return {normalise(w) for w in (*words, "onbekend", "niet bijgehouden", "niet gemeten")}

    def read(self, raw: object, column: Column) -> Cell:
        """The value of a cell; "nvt", "-" and the like are nothing, save in text."""
        if raw == "" or raw is None:
            return Cell()
        cell = getattr(self, f"_{column.type}")(raw, column)
        said_nothing = column.type != "text" and normalise(str(raw)) in {*self._nothing, ""}
        return Cell() if cell.value is None and cell.expected and said_nothing else cell

    def _text(self, raw: object, column: Column) -> Cell:
        return Cell(_plain(raw))

    def _key(self, raw: object, column: Column) -> Cell:
        return Cell(_plain(raw))

    def _person(self, raw: object, column: Column) -> Cell:
        same = self._people.setdefault(column.name, {})
        name = _plain(raw)
        return Cell(same.setdefault(name, f"{column.header} {len(same) + 1}"))

    def _cop(self, raw: object, column: Column) -> Cell:
        text = _plain(raw)
        names = self.study.names
        id = names.resolve(text, kind="cop")
        id = id or names.resolve(re.sub(r"^\s*cop\s+", "", text, flags=re.I), kind="cop")
        if id:
            return Cell(id)
        fix = "correct the name, or add it to data/instruments/names.csv as an alias"
        return Cell(None, "a CoP of names.csv", fix)

    def _date(self, raw: object, column: Column) -> Cell:
        day = _day(raw)
        expected = "a day as 20-6-2023 or 20 juni 2023"
        return Cell(day) if day else Cell(None, expected, "write day, month and year")

    def _number(self, raw: object, column: Column) -> Cell:
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return Cell(float(raw))
        match = NUMBER.fullmatch(_plain(raw))
        if not match:
            return Cell(None, "one number", "write one number, remarks in another column")
        value = float(match[2].replace(",", "."))
        if match[1]:
            return Cell(value, "an exact number", "count again, or leave it as it is", "warning")
        return Cell(value)

    def _int(self, raw: object, column: Column) -> Cell:
        cell = self._number(raw, column)
        if cell.value is None or not float(cell.value).is_integer():
            return Cell(None, "a whole number", "write one whole number")
        return Cell(int(cell.value), cell.expected, cell.fix, cell.level)

    def _category(self, raw: object, column: Column) -> Cell:
        return self.term(raw, vocabulary=column.vocabulary)

    def term(self, raw: object, *, vocabulary: str) -> Cell:
        """One term of a vocabulary as its code; two in one cell are refused as two."""
        text = _plain(raw)
        known = self._terms(vocabulary)
        if normalise(text) in known:
            return Cell(known[normalise(text)])
        parts = [known.get(normalise(part)) for part in BETWEEN.split(text)]
        listed = ", ".join(vocabulary_labels(self.study.sheets, vocabulary).values())
        if len(parts) > 1 and all(parts):
            return Cell(None, f"one of {listed}, not {len(parts)}", "keep the one that holds now")
        fix = "choose one of these, or add the word to data/instruments/vocabularies.csv"
        return Cell(None, f"one of {listed}", fix)

    def _categories(self, raw: object, column: Column) -> Cell:
        return self.terms(raw, vocabulary=column.vocabulary)

    def terms(self, raw: object, *, vocabulary: str) -> Cell:
        """Terms of a vocabulary as codes with a space between, in the order written."""
        text = _plain(raw)
        whole = self.term(text, vocabulary=vocabulary)
        if whole.value:
            return whole
        cells = [self.term(p, vocabulary=vocabulary) for p in BETWEEN.split(text) if p]
        wrong = next((cell for cell in cells if cell.value is None), None)
        return wrong or Cell(" ".join(str(cell.value) for cell in cells))

    def _questions(self, raw: object, column: Column) -> Cell:
        known = {row["question"] for row in self.study.sheets["research_questions.csv"].rows}
        asked = [part for part in re.split(r"[\s;,]+", _plain(raw)) if part]
        if known.issuperset(asked):
            return Cell(" ".join(asked))
        return Cell(None, "ids of research_questions.csv", "write ids such as F1-5")

    def _terms(self, vocabulary: str) -> Mapping[str, str]:
        if vocabulary not in self._spellings:
            self._spellings[vocabulary] = vocabulary_spellings(self.study.sheets, vocabulary)
        return self._spellings[vocabulary]


def _plain(raw: object) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return raw.isoformat() if isinstance(raw, date) else str(raw)


def _day(raw: object) -> date | None:
    """A day from a date, or from text with the year first, the day first or a month's name."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    try:
        if match := DAY_FIRST.fullmatch(text):
            day, month, year = (int(part) for part in match.groups())
            return date(year + (2000 if year < 100 else 0), month, day)
        if match := NAMED.fullmatch(text):
            return date(int(match[3]), MONTHS.get(match[2].casefold(), 0), int(match[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None
