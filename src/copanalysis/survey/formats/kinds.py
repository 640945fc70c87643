"""What kind of column this is, judged by its answers when the file does not say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from copanalysis.survey.export import NOT_SHOWN
from copanalysis.survey.formats.dates import is_date

NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[.\u00a0 ]\d{3})+)(?:[.,]\d+)?")
MOST_CHOICES = 25
FEWEST = 5  # answers, to speak of answers that recur
LONGEST_CHOICE = 200
TICKS = frozenset({"Y", "Yes", "Ja", "1"})
NO_TICKS = frozenset({"N", "No", "Nee", "0", "2"})
NOT_APPLICABLE = frozenset({"N/A", "N.v.t.", "n.v.t.", "n/a"})
OTHER = re.compile(r"\s*(other|anders|overige?|iets anders|een andere)\b", re.I)


def answered(cells: Iterable[str | None]) -> list[str]:
    """The cells that hold an answer: not empty, not blank, not "question not shown"."""
    return [cell for cell in cells if cell and cell != NOT_SHOWN and cell.strip()]


def guess_type(cells: Sequence[str | None]) -> str:
    """ "number", "date", "single" or "open".

    "single" needs at least 5 answers that recur: at most 25 different ones of at most 200
    characters, each given twice on average. Anything else is "open", so that a rare answer is
    never taken for an option.
    """
    values = answered(cells)
    if not values:
        return "open"
    different = Counter(value.strip() for value in values)
    if all(NUMBER.fullmatch(value) for value in different):
        return "number"
    if all(is_date(value) for value in different):
        return "date"
    few = len(different) <= MOST_CHOICES and len(values) >= max(FEWEST, 2 * len(different))
    short = all(len(value) <= LONGEST_CHOICE and "\n" not in value for value in different)
    return "single" if few and short else "open"


def guess_row_type(rows: Iterable[Sequence[str | None]]) -> str:
    """The type of the rows of a grid, judged together: "scale" when their answers recur."""
    guess = guess_type([cell for cells in rows for cell in cells])
    return "scale" if guess == "single" else guess


def looks_ticked(cells: Iterable[str | None]) -> bool:
    """Whether a column holds nothing but yes and no, with at least one of either."""
    values = {cell.strip() for cell in answered(cells)} - NOT_APPLICABLE
    return bool(values) and values <= TICKS | NO_TICKS


def is_other(text: str) -> bool:
    """Whether an option is "Anders, namelijk", "Other (please specify)" or the like."""
    return bool(OTHER.match(text))
