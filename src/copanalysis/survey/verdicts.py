"""One verdict per option on two unlinked waves, by the rule that study.toml writes down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.measurement import NotMeasured
from copanalysis.survey.bases import ItemAnswers, Population, item_answers
from copanalysis.survey.clusters import clustered_difference
from copanalysis.survey.comparisons import Answers, Wording, wave_difference
from copanalysis.survey.intervals import Floats, newcombe_interval, share_intervals
from copanalysis.survey.multiplicity import (
    adjusted,
    detectable_difference,
    method_note,
    with_family,
)
from copanalysis.survey.overlap import Overlap, correlation_bounds, possible_overlap, score_p
from copanalysis.survey.ticks import tick_matrix

COMPARISONS = {
    "all": "alle CoP's",
    "common": "de CoP's in beide golven",
    "widest": "de ongunstigste overlap",
    "narrowest": "de gunstigste overlap",
    "clusters": "de CoP's als clusters",
}
WEIGHTED = "alle CoP's gewogen"


def wave_verdicts(
    answers: Answers,
    *,
    item: str,
    options: pd.DataFrame,
    base: str,
    first: str,
    last: str,
    wordings: Mapping[str, Wording],
    population: int | None,
    confidence: float,
    rule: Mapping[str, Any],
    minimum_base: int,
    power: float,
    family: str,
    correction: str,
    across_wordings: bool = False,
) -> Answers:
    """Did the share of each option rise or fall between two waves with unlinked respondents?

    Parameters
    ----------
    answers, item, options, base, first, last, wordings, confidence, across_wordings
        As ``comparisons.wave_difference``.
    population : int or None
        Members of all CoPs, for the finite population correction of the difference on all.
    rule : mapping
        [verdict] of study.toml: ``comparisons`` that must agree ("all", "common", "widest",
        "narrowest", "clusters"), ``minimum_expected`` ticks in each wave if nothing
        changed, and the words ``rise``, ``fall``, ``none`` and ``unknown``.
    minimum_base : int
        Under this base, of a wave in a comparison of the rule, no verdict is given.
    power : float
        For the difference that could have been shown.
    family, correction : str
        As ``multiplicity.with_family``: the options are one family in each comparison.

    Returns
    -------
    DataFrame
        One row per option: the columns of ``wave_difference`` on all CoPs; p and p_adjusted;
        of the other comparisons x ("common", "widest", "narrowest", "clusters") x_difference (of
        common and clusters), x_ci_low, x_ci_high, x_p and x_p_adjusted, and of common n, base
        and CoPs as in ``wave_difference`` (missing when no CoP is in both); fewest_both
        and most_both (people that can be in both waves); verdict (a word of the rule), reason
        (Dutch, why it is unknown), detectable (the difference on all CoPs that could have been
        shown at the strictest step of the family) and detectable_common (the same with as few
        respondents as the CoPs in both waves have), method, weighting and the family.
        NotMeasured as ``wave_difference``.

    Notes
    -----
    The tests are score tests (``overlap.score_p``), the intervals Newcombe's, not adjusted.
    "widest" and "narrowest" are the difference on all CoPs under the least and the largest
    correlation that the overlap of respondents allows (``overlap.correlation_bounds``).
    "clusters" is the difference when respondents of a CoP may answer alike
    (``clusters.clustered_difference``, of those that named their CoP). The
    verdict is "rise" or "fall" when every comparison of the rule says so after adjustment,
    "none" when none of them shows a difference, and "unknown" in all other cases.
    """
    refuse_if_any("No verdict on two waves", _rule_problems(rule))
    shared = {"item": item, "options": options, "base": base, "first": first, "last": last}
    compare = {"wordings": wordings, "confidence": confidence, "across_wordings": across_wordings}
    table = wave_difference(answers, cops="all", population=population, **shared, **compare)
    if isinstance(table, NotMeasured):
        return table
    common = wave_difference(answers, cops="common", population=None, **shared, **compare)
    found = _respondents(answers, item, options, base, (first, last))
    overlap = possible_overlap(found.people, first=first, last=last, population=population)
    table = _with_tests(table, population, confidence, overlap)
    table = _with_common(table, common)
    table = _with_clusters(table, found, last, confidence)
    table = with_family(table, p="p", family=family, correction=correction)
    for name in ("common", "widest", "narrowest", "clusters"):
        p = table[f"{name}_p"]
        table[f"{name}_p_adjusted"] = adjusted(p, correction=correction)
    table["verdict"], table["reason"] = judged(
        table, rule=rule, minimum_base=minimum_base, confidence=confidence
    )
    alpha = (1 - confidence) / max(1, int(table["n_family"].iloc[0]))
    for name, stem in (("detectable", ""), ("detectable_common", "common_")):
        bases = table[f"{stem}base_first"], table[f"{stem}base_last"]
        rules = {"alpha": alpha, "power": power, "rise": table["difference"].ge(0)}
        table[name] = detectable_difference(table["share_first"], *bases, **rules)
    method = "scoretoets voor twee aandelen, met interval van Newcombe"
    return table.assign(method=method, weighting="ongewogen")


def _rule_problems(rule: Mapping[str, Any]) -> list[Problem]:
    asked, known = rule["comparisons"], ", ".join(COMPARISONS)
    fix = "name at least one of these in study.toml [verdict]"
    if asked and set(asked) <= set(COMPARISONS):
        return []
    return [Problem("comparisons of the verdict", repr(asked), known, fix)]


def _respondents(
    answers: pd.DataFrame,
    item: str,
    options: pd.DataFrame,
    base: str,
    waves: tuple[str, str],
) -> ItemAnswers:
    rows = answers[answers["wave"].isin(waves)]
    ask = {"options": options, "base": base, "by": ["wave", "cop"]}
    return item_answers(rows, item=item, types=("single", "multiple"), **ask)


def _with_tests(
    table: pd.DataFrame, population: Population, confidence: float, overlap: Overlap
) -> pd.DataFrame:
    """p of the difference on all CoPs, and interval and p at both ends of the overlap."""
    shares = [table[name] for name in ("share_first", "base_first", "share_last", "base_last")]
    ends = correlation_bounds(*shares, overlap=overlap, population=population)
    start, end = (_limits(table, wave, population, confidence) for wave in ("first", "last"))
    out = table.assign(p=score_p(*shares, population=population, correlation=0.0))
    for name, correlation in zip(("widest", "narrowest"), ends, strict=True):
        low, high = newcombe_interval(end, start, correlation=correlation)
        p = score_p(*shares, population=population, correlation=correlation)
        out = out.assign(**{f"{name}_ci_low": low, f"{name}_ci_high": high, f"{name}_p": p})
    return out.assign(fewest_both=overlap.fewest, most_both=overlap.most)


def _limits(
    table: pd.DataFrame, wave: str, population: Population, confidence: float
) -> tuple[Floats, Floats, Floats]:
    members = np.nan if population is None else float(population)
    n, base = table[f"n_{wave}"], table[f"base_{wave}"]
    shares = share_intervals(n, base, population=members, confidence=confidence)
    return tuple(shares[name].to_numpy() for name in ("share", "ci_low", "ci_high"))


def _with_common(table: pd.DataFrame, common: Answers) -> pd.DataFrame:
    names = ("n_first", "base_first", "n_last", "base_last", "difference", "ci_low", "ci_high", "p")
    names += ("cop_ids",)
    if isinstance(common, NotMeasured):
        return table.assign(**{f"common_{name}": np.nan for name in names})
    shares = [common[name] for name in ("share_first", "base_first", "share_last", "base_last")]
    common = common.assign(p=score_p(*shares, population=None, correlation=0.0))
    found = common.set_index("option").loc[table["option"]]
    return table.assign(**{f"common_{name}": found[name].to_numpy() for name in names})


def _with_clusters(
    table: pd.DataFrame, found: ItemAnswers, last: str, confidence: float
) -> pd.DataFrame:
    """The difference with the CoPs as clusters, of each option."""
    ticks = tick_matrix(found)
    known = ticks.people["cop"].astype("str").ne("").to_numpy()
    people, matrix = ticks.people[known], ticks.matrix[known]
    group = people["wave"].eq(last).to_numpy().astype(int)
    cluster = pd.factorize(people["cop"].astype("str"))[0]
    place = pd.Index(ticks.options["option"]).get_indexer(table["option"])
    told = [clustered_difference(matrix[:, k], group, cluster) for k in place]
    ends = np.array([one.interval(confidence) for one in told])
    return table.assign(
        clusters_difference=[one.difference for one in told],
        clusters_ci_low=np.clip(ends[:, 0], -1, 1),
        clusters_ci_high=np.clip(ends[:, 1], -1, 1),
        clusters_p=[one.p for one in told],
    )


def judged(
    table: pd.DataFrame,
    *,
    rule: Mapping[str, Any],
    minimum_base: int,
    confidence: float,
    instead: str = "all",
) -> tuple[np.ndarray, np.ndarray]:
    """The verdict of every row and, where it is unknown, why.

    ``instead`` names the comparison of ``table`` that takes the place of "all" in the rule.
    """
    names = {name: instead if name == "all" else name for name in rule["comparisons"]}
    alpha = 1 - confidence
    says = pd.DataFrame({name: _direction(table, of, alpha) for name, of in names.items()})
    first, last = table["base_first"], table["base_last"]
    common = np.minimum(table["common_base_first"], table["common_base_last"])
    small_common = ("common" in says) & (common < minimum_base)
    pooled = (table["n_first"] + table["n_last"]) / (first + last)
    rarer = np.minimum(pooled, 1 - pooled) * np.minimum(first, last)
    least = rule["minimum_expected"]
    words = [COMPARISONS.get(name, WEIGHTED) for name in names.values()]
    bases = " en ".join(f"{table[f'common_base_{end}'].iloc[0]:.0f}" for end in ("first", "last"))
    untold = says.isna()
    checks = [
        (np.minimum(first, last) < minimum_base, f"een basis is kleiner dan {minimum_base}"),
        (
            small_common,
            f"uit de CoP's in beide golven zijn er {bases} antwoorden, en {minimum_base} per golf "
            "is het minste",
        ),
        (rarer < least, f"te weinig antwoorden: er zijn er minder dan {least} te verwachten"),
        (untold.get("common", False), "er is geen CoP die in beide golven voorkomt"),
        (untold.any(axis=1), "er zijn te weinig CoP's om met hun onderlinge verschil te rekenen"),
        (says.nunique(axis=1) > 1, f"{', '.join(words[:-1])} en {words[-1]} wijzen niet gelijk"),
    ]
    checks = [(np.broadcast_to(wrong, len(table)), why) for wrong, why in checks]
    unknown = np.logical_or.reduce([wrong for wrong, _ in checks])
    side = says.iloc[:, 0]
    known = [rule["rise"], rule["fall"], rule["none"]]
    verdict = np.select([unknown, side > 0, side < 0], [rule["unknown"], *known[:2]], known[2])
    return verdict, np.select([wrong for wrong, _ in checks], [why for _, why in checks], "")


def _direction(table: pd.DataFrame, name: str, alpha: float) -> pd.Series:
    """1 up, -1 down, 0 no difference shown, missing where there is no comparison."""
    stem = "" if name == "all" else f"{name}_"
    own = f"{name}_difference"
    difference = table[own if own in table else "difference"]
    p = table[f"{stem}p_adjusted"]
    return np.sign(difference).where(p < alpha, 0.0).where(p.notna())


def verdict_note(table: Answers) -> list[str]:
    """What stands under a table of verdicts, in Dutch: the test (``method_note``), how many
    people can be in both waves, why a verdict is unknown, and what difference it would have
    taken."""
    if isinstance(table, NotMeasured):
        return []
    fewest, most = (int(table[name].iloc[0]) for name in ("fewest_both", "most_both"))
    between = f"ten hoogste {most}" if fewest == 0 else f"{fewest} tot {most}"
    said = [f"Van de deelnemers kunnen er {between} in beide golven hebben geantwoord."]
    unknown = table[table["reason"].ne("")]
    for reason, rows in unknown.groupby("reason", sort=False):
        labels = "; ".join(f"“{label}”" for label in rows["label"])
        which = "bij elke optie" if len(rows) == len(table) else labels
        said.append(f"Niet te zeggen: {reason} ({which}).")
    return [*method_note(table), *said, *_it_would_have_taken(table)]


def _it_would_have_taken(table: pd.DataFrame) -> list[str]:
    parts = []
    for name, where in (("detectable", "all"), ("detectable_common", "common")):
        sizes = (100 * table[name].dropna().abs()).round()
        if len(sizes):
            least, most = int(sizes.min()), int(sizes.max())
            span = f"{least}" if least == most else f"{least} tot {most}"
            parts.append(f"over {COMPARISONS[where]} vanaf {span} procentpunten")
    if not parts:
        return []
    return [f"Aantoonbaar is een verschil bij deze aantallen pas {', en '.join(parts)}."]
