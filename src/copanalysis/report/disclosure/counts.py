"""Counts of respondents that tables tell, in a form in which tables can be held together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from copanalysis.errors import CopanalysisError
from copanalysis.report.numbers import HIDDEN, MISSING

ANY = "*"  # any answer to an item that a count is limited to
NONE = "-"  # no answer to an item that others of the group did answer
UNKNOWN = "?"  # respondents whose CoP is not known
LISTED = ("-",)  # in place of waves: people in a register or a list of conversations


@dataclass(frozen=True, order=True)
class Counted:
    """Who a count is of: the respondents of some waves and CoPs who gave some answers.

    No ``cops`` is all CoPs together. ``answers`` are pairs of a variable and a value: an item
    and the option chosen, a box ("item.option") and "1" or "0", any other column and its value.
    Without answers the respondents themselves are counted.
    """

    waves: tuple[str, ...]
    cops: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    def with_answers(self, *answers: tuple[str, str]) -> Counted:
        """The same respondents, of whom more is said."""
        return replace(self, answers=tuple(sorted({*self.answers, *answers})))

    @property
    def items(self) -> frozenset[str]:
        """The items and other variables that the count is about."""
        return frozenset(variable.partition(".")[0] for variable, _ in self.answers)

    def __str__(self) -> str:
        cops = "+".join(self.cops) or "all CoPs"
        answers = ", ".join(f"{variable}={value}" for variable, value in self.answers)
        return f"wave {'+'.join(self.waves)}, {cops}: {answers or 'respondents'}"


@dataclass(frozen=True)
class Count:
    """One count in one row of a table.

    ``base`` is the number of respondents it is a part of. ``tells`` maps the columns that tell
    it to how: "count" as a number, "share" as a share of the base, "function" by way of a
    calculation (a difference, an interval, a p-value). ``goes`` are the columns
    that are hidden with it. ``n`` is missing (None) in a record that readers may see.
    """

    of: Counted
    base: int
    row: int
    tells: Mapping[str, str]
    goes: tuple[str, ...] = ()
    n: int | None = None
    exact: bool = False


@dataclass(frozen=True)
class Sum:
    """Counts that add up among ``base`` respondents.

    ``parts`` and at most ``rest`` others make ``total``, or without one the base itself.
    """

    base: int
    parts: tuple[Counted, ...]
    total: Counted | None = None
    rest: int = 0


@dataclass(frozen=True)
class Difference:
    """A column that tells how much larger the share of ``last`` is than that of ``first``."""

    first: Counted
    last: Counted
    row: int
    column: str


@dataclass(frozen=True)
class Counts:
    """The counts that one table tells, the sums that hold between them, and its bare numbers.

    ``respondents`` are groups whose size the table shows, ``differences`` those in percentage
    points between two shares.
    """

    counts: tuple[Count, ...] = ()
    sums: tuple[Sum, ...] = ()
    respondents: tuple[tuple[Counted, int], ...] = ()
    differences: tuple[Difference, ...] = ()


def reading(text: str, how: str, base: int) -> tuple[int, int]:
    """The least and greatest count that a cell as shown allows.

    ``how`` is "count" ("41", "1.250") or "share" ("37%", "<1%", ">99%", a whole percentage of
    ``base`` with halves rounded up). A hidden or missing cell allows 0 to ``base``.
    """
    text = text.replace("\u00a0", " ").strip()
    if text in (HIDDEN, MISSING, ""):
        return 0, base
    try:
        if how == "count":
            return (int(text.replace(".", "")),) * 2
        return _of_percentage(text.removesuffix("%"), base)
    except ValueError as error:
        raise CopanalysisError(f"{text!r} is not a {how}.") from error


def points_reading(text: str) -> tuple[float, float]:
    """The least and greatest difference of two shares that a cell in points allows."""
    text = text.strip()
    if text in (HIDDEN, MISSING, ""):
        return -1.0, 1.0
    points = 0.0 if text.startswith("<") else float(text.replace(".", "").replace(",", "."))
    return (points - 0.5) / 100, (points + 0.5) / 100


def _of_percentage(text: str, base: int) -> tuple[int, int]:
    if text == "<1":
        return 1, _upward(base, 200) - 1
    if text == ">99":
        return _upward(199 * base, 200), base - 1
    percent = int(text)
    if percent in (0, 100):
        return (base * percent // 100,) * 2
    return _upward(base * (2 * percent - 1), 200), _upward(base * (2 * percent + 1), 200) - 1


def _upward(number: int, divisor: int) -> int:
    return -(-number // divisor)


def as_record(counts: Counts, *, headers: Mapping[str, str], secret: bool) -> dict[str, Any]:
    """Counts as JSON; ``headers`` names the columns of the CSV file, ``secret`` adds the values."""
    return {
        "counts": [_count_record(count, headers, secret=secret) for count in counts.counts],
        "sums": [
            {
                "base": s.base,
                "total": s.total and of_record(s.total),
                "parts": [of_record(part) for part in s.parts],
                "rest": s.rest,
            }
            for s in counts.sums
        ],
        "respondents": [[of_record(of), number] for of, number in counts.respondents],
        "differences": [
            [of_record(d.first), of_record(d.last), d.row, headers.get(d.column, d.column)]
            for d in counts.differences
        ],
    }


def from_record(record: Mapping[str, Any]) -> Counts:
    """Counts from what `as_record` made."""
    sums = tuple(
        Sum(
            s["base"],
            tuple(counted_of(part) for part in s["parts"]),
            s["total"] and counted_of(s["total"]),
            s["rest"],
        )
        for s in record["sums"]
    )
    groups = tuple((counted_of(of), number) for of, number in record["respondents"])
    differences = tuple(
        Difference(counted_of(first), counted_of(last), row, column)
        for first, last, row, column in record["differences"]
    )
    return Counts(tuple(map(_count, record["counts"])), sums, groups, differences)


def _count(record: Mapping[str, Any]) -> Count:
    said = {"of": counted_of(record["of"]), "goes": tuple(record.get("goes", ()))}
    return Count(**{**record, **said})


def _count_record(count: Count, headers: Mapping[str, str], *, secret: bool) -> dict[str, Any]:
    record = {
        "of": of_record(count.of),
        "base": count.base,
        "row": count.row,
        "tells": {
            headers.get(column, column): how
            for column, how in count.tells.items()
            if secret or how != "function"
        },
    }
    more = {"goes": list(count.goes), "n": count.n, "exact": count.exact}
    return {**record, **more} if secret else record


def of_record(of: Counted) -> list[Any]:
    """Who a count is of, as JSON."""
    return [list(of.waves), list(of.cops), [list(pair) for pair in of.answers]]


def counted_of(record: Iterable[Any]) -> Counted:
    """Who a count is of, from JSON."""
    waves, cops, answers = record
    return Counted(tuple(waves), tuple(cops), tuple((name, value) for name, value in answers))
