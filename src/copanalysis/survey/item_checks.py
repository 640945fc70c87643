"""What can be wrong with the answers to one item, its options, or the way they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from copanalysis.errors import Problem

SUBSTANTIVE = ("answered", "none_ticked")
SHOWN = (*SUBSTANTIVE, "skipped", "refused", "dont_know")
STATES = (*SHOWN, "not_shown", "not_asked")
BASES: Mapping[str, tuple[str, ...]] = {
    "asked": SHOWN,
    "answered": SUBSTANTIVE,
    "ticked_any": ("answered",),
}
KINDS = ("answer", "other", "dont_know", "refused")
COLUMNS = ("wave", "respondent", "item", "option", "value", "state")
OPTION_COLUMNS = ("item", "option", "label", "position", "kind")
TAKEN = {"item", "option", "value", "text", "state", "label", "position", "kind", "n", "base"}


def absent_columns(what: str, table: pd.DataFrame, names: Sequence[str]) -> list[Problem]:
    """A problem for each of ``names`` that is no column of ``table``."""
    fix = "give the tidy table as it is prepared"
    return [
        Problem(what, f"no column {name!r}", ", ".join(names), fix)
        for name in names
        if name not in table.columns
    ]


def request_problems(
    answers: pd.DataFrame,
    options: pd.DataFrame,
    *,
    base: str,
    by: Sequence[str],
    types: Collection[str],
) -> list[Problem]:
    """What is wrong before any answer is looked at: columns, base, grouping."""
    problems = absent_columns("answers", answers, [*COLUMNS, *by])
    problems += absent_columns("options", options, OPTION_COLUMNS)
    allowed = [name for name in BASES if name != "ticked_any" or "multiple" in types]
    if base not in allowed:
        problems.append(Problem("base", repr(base), ", ".join(allowed), "name one of these bases"))
    for name in sorted(TAKEN & set(by)):
        problems.append(Problem("by", repr(name), "a column of groups", "group by another column"))
    return problems


def option_problems(item: str, own: pd.DataFrame) -> list[Problem]:
    """What is wrong with the rows of ``options`` for this item."""
    where = f"options of {item}"
    if own.empty:
        return [Problem(where, "none", "a row per option", "give the options of this item")]
    twice = sorted(own.loc[own["option"].duplicated(), "option"].unique())
    kinds = sorted(set(own["kind"]) - set(KINDS))
    return [
        *(Problem(where, f"{code!r} twice", "each once", "keep one row") for code in twice),
        *(Problem(where, f"kind {k!r}", ", ".join(KINDS), "correct the kind") for k in kinds),
    ]


def wave_problems(item: str, rows: pd.DataFrame, by: Sequence[str]) -> list[Problem]:
    """Waves thrown together: one person may be in more than one of them."""
    waves = sorted(str(wave) for wave in rows["wave"].unique())
    if len(waves) < 2 or "wave" in by:
        return []
    expected = "one wave, or by wave: the same person may have answered in both"
    fix = 'select one wave first, or put "wave" in by'
    return [Problem(f"answers to {item}", f"waves {', '.join(waves)} together", expected, fix)]


def state_problems(where: str, rows: pd.DataFrame) -> list[Problem]:
    """States that the tidy tables do not know."""
    unknown = sorted(str(state) for state in set(rows["state"].unique()) - set(STATES))
    expected = ", ".join(STATES)
    return [Problem(where, f"state {s!r}", expected, "correct the state") for s in unknown]


def type_problems(item: str, *, multiple: bool, types: Collection[str]) -> list[Problem]:
    """An item of a type that the estimate is not for."""
    kind = "multiple" if multiple else "single"
    if kind in types:
        return []
    fix = "use multiple_response" if multiple else "use single_choice or scale_summary"
    return [Problem(f"answers to {item}", f"a {kind}-response item", " or ".join(types), fix)]


def repeat_problems(item: str, rows: pd.DataFrame, person: pd.Series) -> list[Problem]:
    """Rows of one respondent that repeat or contradict each other.

    ``person`` numbers the respondents from 0 in order of appearance, row by row.
    """
    where = f"answers to {item}"
    number = person.to_numpy()
    option = pd.factorize(rows["option"])[0]
    twice = int(pd.Series(number * (option.max() + 2) + option).duplicated().sum())
    state = pd.factorize(rows["state"])[0]
    mixed = int((state != state[~person.duplicated().to_numpy()][number]).sum())
    problems = []
    if twice:
        found, expected = f"{twice} repeated row(s)", "one row per respondent and option"
        problems.append(Problem(where, found, expected, "keep one row of each"))
    if mixed:
        found = f"{mixed} row(s) in another state than the respondent's first"
        expected = "one state per respondent and item"
        problems.append(Problem(where, found, expected, "prepare the answers again"))
    return problems


def code_problems(
    item: str, *, used: Collection[str], answered: Collection[str], own: pd.DataFrame
) -> list[Problem]:
    """Codes that the instrument does not have, or that say "don't know" in state answered.

    ``used`` are all codes in the answers, ``answered`` those chosen in state answered.
    """
    where = f"answers to {item}"
    fix = "add the option to the instrument, or correct the code"
    evasive = set(own.loc[own["kind"].isin(["dont_know", "refused"]), "option"])
    return [
        *(
            Problem(where, f"unknown option {code!r}", ", ".join(own["option"]), fix)
            for code in sorted(set(used) - set(own["option"]))
        ),
        *(
            Problem(where, f"{code!r} in state answered", "its own state", "correct the state")
            for code in sorted(set(answered) & evasive)
        ),
    ]


def value_problems(
    item: str, rows: pd.DataFrame, chosen: pd.Series, *, multiple: bool
) -> list[Problem]:
    """Values that contradict the state of their row."""
    where = f"answers to {item}"
    answered = rows["state"].isin(["answered"])
    if not multiple:
        lost = int((chosen.isna() & answered).sum())
        found, expected = f"{lost} row(s) answered without a value", "the chosen code"
        fix = "correct the state or the value"
        return [Problem(where, found, expected, fix)] if lost else []
    odd = sorted(set(rows["value"].dropna().unique()) - {"0", "1"})
    problems = [Problem(where, f"value {v!r}", "1, 0 or empty", "correct it") for v in odd]
    stray = int((chosen.notna() & ~answered).sum())
    if stray:
        found, expected = f"{stray} tick(s) outside state answered", "ticks only where answered"
        problems.append(Problem(where, found, expected, "correct the state"))
    return problems
