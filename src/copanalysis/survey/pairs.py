"""Two items of the same respondents side by side: crossed, one within the other, or their gap."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import (
    PERSON,
    By,
    Population,
    by_columns,
    counted,
    group_population,
    item_answers,
    option_counts,
)
from copanalysis.survey.intervals import newcombe_interval, paired_correlation, share_intervals

Answers = pd.DataFrame | NotMeasured


def cross_table(
    answers: Answers,
    *,
    rows: str,
    columns: str,
    options_rows: pd.DataFrame,
    options_columns: pd.DataFrame,
    base: str,
) -> Answers:
    """Two single-choice or scale items crossed, on the respondents that are in both bases.

    Parameters
    ----------
    answers, base : see the module ``estimates``
        ``base`` is applied to both items; on "asked" the counts may add up to less than the
        base, because who skipped an item has no cell.
    rows, columns : str
        Item ids.
    options_rows, options_columns : DataFrame
        Options of either item.

    Returns
    -------
    DataFrame
        One row per pair of options, in order (pairs that nobody chose too): row_item,
        row_option, row_label, row_position, column_item, column_option, column_label,
        column_position, n, row_n (respondents in the row), share_of_row (n of row_n), base,
        share_of_all (n of base). NotMeasured when either item was not asked.

    Raises
    ------
    CopanalysisError
        As ``bases.item_answers``.
    """
    ask = {"base": base, "by": "", "types": ("single",)}
    first = item_answers(answers, item=rows, options=options_rows, **ask)
    second = item_answers(answers, item=columns, options=options_columns, **ask)
    for found in (first, second):
        if isinstance(found, NotMeasured):
            return found
    people = first.people.merge(second.people, on=PERSON)
    down = first.picks.merge(people, on=PERSON).rename(columns={"option": "row_option"})
    across = second.picks.rename(columns={"option": "column_option"})
    row_side = first.options.drop(columns="kind").add_prefix("row_")
    column_side = second.options.drop(columns="kind").add_prefix("column_")
    table = row_side.merge(column_side, how="cross")
    table.insert(0, "row_item", rows)
    table.insert(4, "column_item", columns)
    both = down.merge(across, on=PERSON)
    table = counted(table, both, on=["row_option", "column_option"], name="n")
    table = counted(table, down, on=["row_option"], name="row_n")
    table["share_of_row"] = table["n"] / table["row_n"].replace(0, np.nan)
    table["base"] = len(people)
    return table.assign(share_of_all=table["n"] / table["base"].replace(0, np.nan))


def given_ticked(
    answers: Answers,
    *,
    item: str,
    among: str,
    options: pd.DataFrame,
    by: By = "",
    population: Population,
    confidence: float,
) -> Answers:
    """How often an option was picked by those that had ticked the same option in ``among``.

    For an item that follows up another with the same options ("which is the most important?").

    Parameters
    ----------
    answers, by, population, confidence : see the module ``estimates``
    item, among : str
        The multiple-response item counted, and the earlier one with the same option codes.
    options : DataFrame
        Options of ``item``; they serve for ``among`` too.

    Returns
    -------
    DataFrame
        One row per group and option: the columns of ``by``, item, option, label, position, n
        (picked it), ticked (answered ``item`` and ticked the option in ``among``), n_of_ticked
        (did both), outside (picked it without having ticked it in ``among``; n is n_of_ticked
        plus outside), among (the earlier item), share_of_ticked (n_of_ticked of ticked) with
        ticked_ci_low, ticked_ci_high and ticked_interval_method, base (answered
        ``item``, nothing picked included), share (n of base) with ci_low, ci_high,
        interval_method. The interval of share_of_ticked has no finite population correction: how
        many members would tick is unknown. NotMeasured when either item was not asked.

    Raises
    ------
    CopanalysisError
        As ``bases.item_answers`` and ``bases.group_population``.
    """
    columns = by_columns(by)
    ask = {"base": "answered", "by": by, "types": ("multiple",)}
    same = options[options["item"].isin([item])].assign(item=among)
    found = item_answers(answers, item=item, options=options, **ask)
    earlier = item_answers(answers, item=among, options=same, **ask)
    for answered in (found, earlier):
        if isinstance(answered, NotMeasured):
            return answered
    members = group_population(found.groups, by=by, population=population)
    ticks = earlier.picks[[*PERSON, "option"]]
    keys = [*columns, "option"]
    table = option_counts(found, by=columns)
    table = counted(table, ticks.merge(found.people, on=PERSON), on=keys, name="ticked")
    followed = found.picks.merge(ticks, on=[*PERSON, "option"])
    table = counted(table, followed, on=keys, name="n_of_ticked")
    table["outside"] = table["n"] - table["n_of_ticked"]
    table["among"] = among
    of_ticked = share_intervals(
        table["n_of_ticked"], table["ticked"], population=np.nan, confidence=confidence
    ).add_prefix("ticked_")
    of_all = share_intervals(
        table["n"],
        table["base"],
        population=np.repeat(members, len(found.options)),
        confidence=confidence,
    )
    base = table.pop("base")
    of_ticked = of_ticked.rename(columns={"ticked_share": "share_of_ticked"})
    return pd.concat([table, of_ticked, base, of_all], axis=1)


def hoped_and_got(
    answers: Answers,
    *,
    first: str,
    second: str,
    options: pd.DataFrame,
    base: str,
    by: By = "",
    population: Population,
    confidence: float,
) -> Answers:
    """The gap between two multiple-response items with the same options, person by person.

    Parameters
    ----------
    answers, by, population, confidence : see the module ``estimates``
    first, second : str
        Item ids; the gap is second minus first.
    options : DataFrame
        Options of both items, with the same codes; labels may differ and both are shown.
    base : str
        Applied to both items: "answered" leaves out who skipped either, "asked" counts a
        skipped item as nothing ticked.

    Returns
    -------
    DataFrame
        One row per group and option: the columns of ``by``, option, label (of ``second``),
        label_first, position, first_item, second_item (the item ids), both, only_first,
        only_second, neither, base (the sum of these four: respondents in both bases),
        share_first, share_second, gap (share_second minus
        share_first) with ci_low, ci_high, interval_method, p_mcnemar_exact (two-sided; 1 when
        nobody differs), method and weighting (of the test, for ``multiplicity.method_note``).
        NotMeasured when either item was not asked.

    Raises
    ------
    CopanalysisError
        As ``bases.item_answers`` and ``bases.group_population``, and for an option code that
        only one of the items has.

    Notes
    -----
    Interval: Newcombe (1998), Statistics in Medicine 17:2635-2650, method 10, on Wilson
    limits with the correction of ``wilson_interval``. Test: the exact binomial form of
    McNemar (1947), as statsmodels ``mcnemar(exact=True)``.
    """
    columns = by_columns(by)
    ask = {"options": options, "base": base, "by": by, "types": ("multiple",)}
    hoped = item_answers(answers, item=first, **ask)
    got = item_answers(answers, item=second, **ask)
    for found in (hoped, got):
        if isinstance(found, NotMeasured):
            return found
    refuse_other_codes(hoped.options, got.options, first, second)
    people = got.people.merge(hoped.people[PERSON], on=PERSON)
    labels = hoped.options[["option", "label"]].rename(columns={"label": "label_first"})
    listed = got.options.drop(columns="kind").merge(labels, on="option")
    listed = listed[["option", "label", "label_first", "position"]]
    listed = listed.assign(first_item=first, second_item=second)
    members = group_population(got.groups, by=by, population=population)
    table = got.groups.merge(listed, how="cross")
    wanted = hoped.picks[[*PERSON, "option"]].merge(people, on=PERSON)
    received = got.picks[[*PERSON, "option"]].merge(people, on=PERSON)
    keys = [*columns, "option"]
    twice = wanted.merge(received[[*PERSON, "option"]], on=[*PERSON, "option"])
    for name, rows in (("both", twice), ("only_first", wanted), ("only_second", received)):
        table = counted(table, rows, on=keys, name=name)
    table = counted(table, people, on=columns, name="base")
    table[["only_first", "only_second"]] -= table[["both"]].to_numpy()
    return _with_gap(table, np.repeat(members, len(listed)), confidence)


def _with_gap(table: pd.DataFrame, members: np.ndarray, confidence: float) -> pd.DataFrame:
    both, lost, gained = (table[name] for name in ("both", "only_first", "only_second"))
    base = table.pop("base")
    neither = base - both - lost - gained
    before, after = (
        share_intervals(count, base, population=members, confidence=confidence)
        for count in (both + lost, both + gained)
    )
    limits = ["share", "ci_low", "ci_high"]
    low, high = newcombe_interval(
        tuple(after[name] for name in limits),
        tuple(before[name] for name in limits),
        correlation=paired_correlation(both, gained, lost, neither),
    )
    tail = binom.cdf(np.minimum(lost, gained), lost + gained, 0.5)
    return table.assign(
        neither=neither,
        base=base,
        share_first=before["share"],
        share_second=after["share"],
        gap=after["share"] - before["share"],
        ci_low=low,
        ci_high=high,
        interval_method="newcombe paired: " + after["interval_method"],
        p_mcnemar_exact=np.minimum(1.0, 2 * tail),
        method="exacte toets van McNemar per optie",
        weighting="ongewogen",
    )


def refuse_other_codes(before: pd.DataFrame, after: pd.DataFrame, first: str, second: str) -> None:
    """Raise CopanalysisError for option codes that only one of two paired items has."""
    one, other = set(before["option"]), set(after["option"])
    fix = "pair items that have the same options, or leave the option out of both"
    problems = [
        Problem(f"options of {first} and {second}", f"{code!r} in one only", "both", fix)
        for code in sorted(one ^ other)
    ]
    refuse_if_any("The items cannot be paired", problems)
