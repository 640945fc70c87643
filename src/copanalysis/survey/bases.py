"""Who counts: the respondents of one item in a stated base, and what they chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.item_checks import (
    BASES,
    COLUMNS,
    OPTION_COLUMNS,
    SHOWN,
    SUBSTANTIVE,
    absent_columns,
    code_problems,
    option_problems,
    repeat_problems,
    request_problems,
    state_problems,
    type_problems,
    value_problems,
    wave_problems,
)

PERSON = ["wave", "respondent"]

By = str | Sequence[str]
Population = int | None | Mapping


@dataclass(frozen=True)
class ItemAnswers:
    """One item, ready to count.

    ``options`` are the options to report, in order; ``groups`` the groups of ``by`` in which
    the item was asked (one row without columns when ``by`` is empty); ``people`` one row per
    respondent in the base; ``picks`` one row per option that such a respondent chose.
    """

    item: str
    options: pd.DataFrame
    groups: pd.DataFrame
    people: pd.DataFrame
    picks: pd.DataFrame


def item_answers(
    answers: pd.DataFrame | NotMeasured,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    by: By,
    types: tuple[str, ...],
) -> ItemAnswers | NotMeasured:
    """The respondents of ``item`` in ``base`` and their picks; every estimate starts here.

    Parameters
    ----------
    answers : DataFrame
        Tidy answers of used respondents (wave, respondent, item, option, value, state and the
        columns of ``by``). State "not_asked" leaves everything; "not_shown" makes a group
        visible but is in no base.
    options : DataFrame
        item, option, label, position, kind ("answer", "other", "dont_know", "refused").
        Options of kind dont_know and refused are reported only on base "asked": on the other
        bases the respondents that chose them do not count.
    base : str
        "asked" (shown the item), "answered" (an answer, or shown and nothing ticked) or
        "ticked_any" (multiple response: at least one tick).
    by : str or list of str
        Column(s) to group by; "" for none. Several waves together need "wave" in it.
    types : tuple of str
        Which of "single" (scales too) and "multiple" the caller can count.

    Returns
    -------
    ItemAnswers or NotMeasured
        NotMeasured (with the reason in Dutch) when the item was not asked, or when ``answers``
        is itself NotMeasured.

    Raises
    ------
    CopanalysisError
        With every problem of the request, or else every problem of the answers and options.
    """
    if isinstance(answers, NotMeasured):
        return answers
    columns = by_columns(by)
    refuse_if_any(
        f"Item {item} cannot be counted",
        request_problems(answers, options, base=base, by=columns, types=types),
    )
    asked = answers["item"].isin([item]) & ~answers["state"].isin(["not_asked"])
    rows = answers.loc[asked, list(dict.fromkeys([*COLUMNS, *columns]))]
    if rows.empty:
        return NotMeasured(item, not_asked_reason(answers["wave"].unique()))
    own = options.loc[options["item"].isin([item]), list(OPTION_COLUMNS[1:])]
    return _checked(item, rows, own, base=base, columns=columns, types=types)


def _checked(
    item: str,
    rows: pd.DataFrame,
    own: pd.DataFrame,
    *,
    base: str,
    columns: list[str],
    types: tuple[str, ...],
) -> ItemAnswers:
    multiple = not set(rows["option"].dropna().unique()) <= {""}
    chosen = _chosen(rows, own, multiple)
    person = rows.groupby(PERSON, observed=True, sort=False).ngroup()
    inside = rows["state"].isin(BASES[base])
    picked = inside & chosen.notna()
    used = rows["option" if multiple else "value"].dropna().unique()
    answered = chosen[rows["state"].isin(["answered"])].dropna().unique()
    problems = [
        *option_problems(item, own),
        *wave_problems(item, rows, columns),
        *state_problems(f"answers to {item}", rows),
        *type_problems(item, multiple=multiple, types=types),
        *repeat_problems(item, rows, person),
        *code_problems(item, used=used, answered=answered, own=own),
        *value_problems(item, rows, chosen, multiple=multiple),
    ]
    refuse_if_any(f"Item {item} cannot be counted", problems)
    kept = list(dict.fromkeys([*PERSON, *columns]))
    return ItemAnswers(
        item=item,
        options=_listed(own, base),
        groups=_groups(rows, columns),
        people=rows.loc[inside & ~person.duplicated(), kept],
        picks=rows.loc[picked, kept].assign(option=chosen[picked]),
    )


def _chosen(rows: pd.DataFrame, own: pd.DataFrame, multiple: bool) -> pd.Series:
    """The option that each row chooses, missing where it chooses none."""
    if multiple:
        return rows["option"].where(rows["value"].isin(["1"]))
    chosen = rows["value"].astype("object")
    for kind in ("dont_know", "refused"):
        codes = own.loc[own["kind"].isin([kind]), "option"]
        if len(codes) == 1:  # the tidy table may give only the state of such an answer
            chosen = chosen.mask(rows["state"].isin([kind]), codes.iloc[0])
    return chosen


def _listed(own: pd.DataFrame, base: str) -> pd.DataFrame:
    listed = own if base == "asked" else own[own["kind"].isin(["answer", "other"])]
    ordered = listed.assign(position=pd.to_numeric(listed["position"]))
    return ordered.sort_values("position", ignore_index=True)


def _groups(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    if not columns:
        return pd.DataFrame(index=[0])
    return plain(rows[columns].drop_duplicates()).sort_values(columns, ignore_index=True)


def by_columns(by: By) -> list[str]:
    """``by`` as a list of column names."""
    return ([by] if by else []) if isinstance(by, str) else list(by)


def waves_in_words(waves: Iterable[str]) -> str:
    """Waves as a Dutch phrase: "golf 1", "golf 1, 2 en 3"."""
    names = sorted(str(wave) for wave in waves)
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"
    return f"golf {listed}"


def not_asked_reason(waves: Sequence[str]) -> str:
    """Why an item that nobody was asked cannot be measured, in Dutch."""
    if len(waves) == 0:
        return "er zijn geen antwoorden"
    return f"de vraag is in {waves_in_words(waves)} niet gesteld"


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """``table`` with text instead of categorical columns, so that tables join by value."""
    kinds = {
        name: "str"
        for name, dtype in table.dtypes.items()
        if isinstance(dtype, pd.CategoricalDtype)
    }
    return table.astype(kinds)


def counted(table: pd.DataFrame, rows: pd.DataFrame, *, on: list[str], name: str) -> pd.DataFrame:
    """``table`` with one more column: how many of ``rows`` fall in each of its rows (0 if none)."""
    if not on:
        return table.assign(**{name: len(rows)})
    sizes = rows.groupby(on, observed=True, dropna=False).size().rename(name).reset_index()
    out = table.merge(plain(sizes), how="left", on=on)
    return out.assign(**{name: out[name].fillna(0).astype("int64")})


def option_counts(found: ItemAnswers, *, by: list[str]) -> pd.DataFrame:
    """Per group and option, in order: the columns of ``by``, item, option, label, position,
    n (respondents that chose it, 0 included) and base (respondents in the base)."""
    table = found.groups.merge(found.options.drop(columns="kind"), how="cross")
    table.insert(len(by), "item", found.item)
    table = counted(table, found.picks, on=[*by, "option"], name="n")
    return counted(table, found.people, on=by, name="base")


def group_population(groups: pd.DataFrame, *, by: By, population: Population) -> np.ndarray:
    """Members of each group, as floats with NaN where none is known.

    ``population`` is None, one number (only without groups, or per wave), or a mapping of
    group to members or None (with a tuple of values per group for several columns). The group
    "" (unknown) may be left out. Raises CopanalysisError naming every group without members,
    and for a single number with groups that are parts of the population.
    """
    columns = by_columns(by)
    keys = [key[0] if len(key) == 1 else key for key in groups.itertuples(index=False, name=None)]
    problems = _population_problems(keys, columns, population)
    refuse_if_any("The population does not fit the groups", problems)
    if not isinstance(population, Mapping):
        return np.full(len(groups), np.nan if population is None else float(population))
    found = [population.get(key) for key in keys]
    return np.array([np.nan if members is None else float(members) for members in found])


def _population_problems(keys: list, columns: list[str], population: Population) -> list[Problem]:
    fix = "give a mapping of group to members (None where unknown), or None for no correction"
    where = f"population by {', '.join(columns) or 'nothing'}"
    if isinstance(population, Mapping):
        if not columns:
            return [Problem(where, "a mapping", "one number or None", "give the whole population")]
        absent = [key for key in keys if key not in population and key != ""]
        return [Problem(where, f"no members of {key!r}", "every group", fix) for key in absent]
    if population is None or set(columns) <= {"wave"}:
        return []
    return [Problem(where, "one number", "the members of each group", fix)]


def item_bases(answers: pd.DataFrame | NotMeasured, *, by: By = "") -> pd.DataFrame | NotMeasured:
    """For every item: to how many it was shown, and what became of it.

    Parameters
    ----------
    answers : DataFrame
        Tidy answers of used respondents.
    by : str or list of str
        Column(s) to group by; "" for none. Several waves together need "wave" in it.

    Returns
    -------
    DataFrame
        One row per group and item, in order of name: the columns of ``by``, item, asked,
        answered, none_ticked, skipped, not_shown, refused, dont_know (respondents, not rows)
        and item_nonresponse: the share of ``asked`` that gave no substantive answer (skipped,
        refused or don't know; NaN when nobody was asked). ``answered`` leaves out
        ``none_ticked``; the base "answered" of the estimates holds both.

    Raises
    ------
    CopanalysisError
        For missing columns, unknown states, or waves together without "wave" in ``by``.
    """
    if isinstance(answers, NotMeasured):
        return answers
    columns, summary = by_columns(by), "The bases cannot be counted"
    refuse_if_any(summary, absent_columns("answers", answers, [*COLUMNS, *columns]))
    rows = answers.loc[~answers["state"].isin(["not_asked"])]
    parts = rows.groupby("item", observed=True)
    problems = [p for item, part in parts for p in wave_problems(str(item), part, columns)]
    refuse_if_any(summary, [*problems, *state_problems("answers", rows)])
    people = rows.drop_duplicates([*PERSON, "item"])
    keys = [*columns, "item"]
    table = plain(people[keys].drop_duplicates()).sort_values(keys, ignore_index=True)
    for state in (*SUBSTANTIVE, "skipped", "not_shown", "refused", "dont_know"):
        table = counted(table, people[people["state"].isin([state])], on=keys, name=state)
    asked = table[list(SHOWN)].sum(axis=1)
    table.insert(len(keys), "asked", asked)
    substantive = table[list(SUBSTANTIVE)].sum(axis=1)
    return table.assign(item_nonresponse=(asked - substantive) / asked.replace(0, np.nan))
