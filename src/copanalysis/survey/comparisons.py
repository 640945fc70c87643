"""Two waves of a survey whose respondents cannot be linked: differences, and in which direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, spearmanr

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import (
    ItemAnswers,
    Population,
    group_population,
    item_answers,
    not_asked_reason,
    option_counts,
    waves_in_words,
)
from copanalysis.survey.intervals import newcombe_interval, share_intervals

Answers = pd.DataFrame | NotMeasured
Wording = str | Sequence[str]
COPS = ("all", "common")


def common_cops(
    answers: pd.DataFrame | NotMeasured, *, first: str, last: str
) -> tuple[str, ...] | NotMeasured:
    """The CoPs with at least one respondent in both waves, in alphabetical order.

    Takes tidy answers of used respondents (wave, cop). Respondents whose CoP is unknown ("")
    belong to none. Empty when there is no such CoP.
    """
    if isinstance(answers, NotMeasured):
        return answers
    present = [
        set(answers.loc[answers["wave"].isin([wave]), "cop"].dropna().unique()) - {""}
        for wave in (first, last)
    ]
    return tuple(sorted(present[0] & present[1]))


def wave_difference(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    first: str,
    last: str,
    cops: str,
    wordings: Mapping[str, Wording],
    population: Population,
    confidence: float,
    across_wordings: bool = False,
) -> Answers:
    """How the share of each option differs between two waves with unlinked respondents.

    Parameters
    ----------
    answers : DataFrame
        Tidy answers of used respondents of at least the two waves.
    item, options, base, confidence
        As in ``estimates.single_choice`` or ``estimates.multiple_response``; the type of the
        item follows from the answers.
    first, last : str
        The waves; the difference is last minus first.
    cops : str
        "all", or "common": only respondents of CoPs that are present in both waves
        (``common_cops``), so that a change in composition is no change in answers.
    wordings : mapping of wave to text or texts
        What was asked, per wave: the wording, or the wording and the labels of the options.
        Spaces apart they must be equal.
    population : int, None or mapping of wave to int or None
        Members of the CoPs compared, for the finite population correction of each wave.
    across_wordings : bool
        True allows different wordings; the table then says ``same_wording`` False.

    Returns
    -------
    DataFrame
        One row per option, in order of position: item, option, label, position, cops, cop_ids
        (of "common" the CoPs compared, with spaces between), first,
        last, n_first, share_first, base_first, n_last, share_last, base_last, difference
        (share_last minus share_first), ci_low, ci_high, direction ("up" or "down" when the
        interval excludes 0, else "unclear"), same_wording and interval_method.
        NotMeasured, with the reason in Dutch, when a wave has no answers, did not ask the item
        or has nobody in the base, or when no CoP is in both.

    Raises
    ------
    CopanalysisError
        For different wordings without ``across_wordings``, an unknown ``cops``, and as
        ``bases.item_answers`` and ``bases.group_population``.

    Notes
    -----
    Newcombe (1998), Statistics in Medicine 17:873-890, method 10, on Wilson limits with the
    correction of ``intervals.wilson_interval``. It takes the waves as independent samples. How many
    respondents answered both is unknown; who did tends to answer alike, which makes the true
    variance of the difference smaller, so the interval is then too wide rather than too
    narrow. The intervals are per option, not adjusted for their number.
    """
    if isinstance(answers, NotMeasured):
        return answers
    same = same_wording(item, wordings, first, last)
    problems = comparison_problems(item, wordings, first, last, cops, same or across_wordings)
    refuse_if_any(f"Item {item} cannot be compared over waves", problems)
    rows = _rows_compared(answers, item, first, last, cops)
    if isinstance(rows, NotMeasured):
        return rows
    types = ("single", "multiple")
    found = item_answers(rows, item=item, options=options, base=base, by="wave", types=types)
    if isinstance(found, NotMeasured):
        return found
    empty = sorted({first, last} - set(found.people["wave"].unique()))
    if empty:
        return NotMeasured(item, f"in {waves_in_words(empty)} gaf niemand antwoord op de vraag")
    counts = _counts_with_shares(found, population, confidence)
    table = _difference(counts, first, last)
    compared = common_cops(answers, first=first, last=last) if cops == "common" else ()
    table.insert(4, "cops", cops)
    table.insert(5, "cop_ids", " ".join(compared))
    table.insert(len(table.columns) - 1, "same_wording", same)
    return table


def _rows_compared(answers: pd.DataFrame, item: str, first: str, last: str, cops: str) -> Answers:
    silent = sorted({first, last} - set(answers["wave"].unique()))
    if silent:
        return NotMeasured(item, f"er zijn geen antwoorden uit {waves_in_words(silent)}")
    asked = answers[answers["item"].isin([item]) & ~answers["state"].isin(["not_asked"])]
    unasked = sorted({first, last} - set(asked["wave"].unique()))
    if unasked:
        return NotMeasured(item, not_asked_reason(unasked))
    rows = asked[asked["wave"].isin([first, last])]
    if cops == "all":
        return rows
    common = common_cops(answers, first=first, last=last)
    if not common:
        both = waves_in_words([first, last])
        return NotMeasured(item, f"er is geen CoP die in {both} allebei voorkomt")
    return rows[rows["cop"].isin(common)]


def _counts_with_shares(
    found: ItemAnswers, population: Population, confidence: float
) -> pd.DataFrame:
    members = group_population(found.groups, by="wave", population=population)
    counts = option_counts(found, by=["wave"])
    shares = share_intervals(
        counts["n"],
        counts["base"],
        population=np.repeat(members, len(found.options)),
        confidence=confidence,
    )
    return pd.concat([counts, shares], axis=1)


def _difference(counts: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Two waves of one share table side by side, with the difference and its interval."""
    start, end = (
        counts[counts["wave"].isin([wave])].reset_index(drop=True) for wave in (first, last)
    )
    low, high = newcombe_interval(
        (end["share"], end["ci_low"], end["ci_high"]),
        (start["share"], start["ci_low"], start["ci_high"]),
        correlation=0.0,
    )
    table = start[["item", "option", "label", "position"]].assign(first=first, last=last)
    for wave, side in (("first", start), ("last", end)):
        for name in ("n", "share", "base"):
            table[f"{name}_{wave}"] = side[name]
    return table.assign(
        difference=end["share"] - start["share"],
        ci_low=low,
        ci_high=high,
        direction=np.select([low > 0, high < 0], ["up", "down"], "unclear"),
        interval_method="newcombe: "
        + start["interval_method"].str.cat(end["interval_method"], sep=" | "),
    )


def same_wording(item: str, wordings: Mapping[str, Wording], first: str, last: str) -> bool:
    """Whether both waves asked the same, spaces apart."""
    one, other = (_words(wordings.get(wave, "")) for wave in (first, last))
    return one == other


def _words(wording: Wording) -> tuple[str, ...]:
    texts = (wording,) if isinstance(wording, str) else tuple(wording)
    return tuple(" ".join(text.split()) for text in texts)


def comparison_problems(
    item: str,
    wordings: Mapping[str, Wording],
    first: str,
    last: str,
    cops: str,
    comparable: bool,
) -> list[Problem]:
    """What is wrong with a request to compare two waves of an item."""
    problems = [
        Problem("wordings", f"nothing for wave {wave}", "both waves", "give the wording as fielded")
        for wave in (first, last)
        if wave not in wordings
    ]
    if not problems and not comparable:
        one, other = (" / ".join(_words(wordings[wave])) for wave in (first, last))
        found = f"wave {first} asked {one!r}, wave {last} asked {other!r}"
        fix = "compare other items, or say across_wordings=True and tell the reader"
        problems = [Problem(f"wording of {item}", found, "one wording in both waves", fix)]
    if cops not in COPS:
        problems.append(Problem("cops", repr(cops), " or ".join(COPS), "name one of these"))
    if first == last:
        problems.append(Problem("waves", f"{first} twice", "two waves", "name another wave"))
    return problems


def count_directions(table: Answers) -> Answers:
    """How many options went up, down, or nowhere that can be told, in one row.

    Parameters
    ----------
    table : DataFrame
        From ``wave_difference``.

    Returns
    -------
    DataFrame
        One row: n (options), n_up, n_down, n_unclear (by the intervals), n_higher, n_lower,
        n_equal (by the point estimates alone, whatever the intervals say), and of the largest
        difference in size, up or down: largest_option, largest_label, largest_difference,
        largest_direction (the first in order when several are equally large).
    """
    if isinstance(table, NotMeasured):
        return table
    difference = table["difference"]
    largest = table.loc[difference.abs().idxmax()]
    counts = {
        f"n_{way}": int((table["direction"] == way).sum()) for way in ("up", "down", "unclear")
    }
    return pd.DataFrame(
        [
            {
                "n": len(table),
                **counts,
                "n_higher": int((difference > 0).sum()),
                "n_lower": int((difference < 0).sum()),
                "n_equal": int((difference == 0).sum()),
                "largest_option": largest["option"],
                "largest_label": largest["label"],
                "largest_difference": float(largest["difference"]),
                "largest_direction": largest["direction"],
            }
        ]
    )


def same_order(table: Answers) -> Answers:
    """Whether the options stand in the same order of share in both waves, in one row.

    Parameters
    ----------
    table : DataFrame
        From ``wave_difference``.

    Returns
    -------
    DataFrame
        One row: n (options), kendall (tau-b) and spearman (rank correlations of the shares;
        NaN with fewer than two options or all shares of a wave equal), same_order (no pair of
        options changed places; a tie in either wave is no change), n_swaps (pairs that did)
        and swaps (text: "label ↔ label; ...", the one that was larger first in front).
        Point estimates only: a swap may be chance.
    """
    if isinstance(table, NotMeasured):
        return table
    start, end = (table[name].to_numpy() for name in ("share_first", "share_last"))
    ahead = np.sign(start[:, None] - start[None, :])
    swapped = np.argwhere((ahead > 0) & (np.sign(end[:, None] - end[None, :]) < 0))
    labels = table["label"].to_numpy()
    varied = min(len(np.unique(start)), len(np.unique(end))) > 1
    return pd.DataFrame(
        [
            {
                "n": len(table),
                "kendall": float(kendalltau(start, end).statistic) if varied else np.nan,
                "spearman": float(spearmanr(start, end).statistic) if varied else np.nan,
                "same_order": len(swapped) == 0,
                "n_swaps": len(swapped),
                "swaps": "; ".join(f"{labels[i]} ↔ {labels[j]}" for i, j in swapped),
            }
        ]
    )
