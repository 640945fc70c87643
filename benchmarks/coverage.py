"""Do the intervals hold the truth, and do the tests keep their level, at this study's sizes?

Run as ``python benchmarks/coverage.py [file.md]``; prints (and writes) Markdown tables. Each
row draws many samples without replacement from a population whose truth is known: of 250 (or
288 in twelve CoPs), with 74 or 147 respondents and small CoPs, as in the study. A share of
intervals that hold the truth under 93%, and a share of false alarms over 7%, is marked; with
2000 draws the error of simulation is about one percentage point, with 200 about three.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2, rankdata

from copanalysis.survey.clusters import clustered_difference
from copanalysis.survey.design_estimates import weighted_shares
from copanalysis.survey.homogeneity import smh_test
from copanalysis.survey.independence_tables import pair_cells
from copanalysis.survey.intervals import newcombe_interval, paired_correlation, wilson_interval
from copanalysis.survey.modified_pearson import (
    group_squares,
    independence_squares,
    pearson,
    second_order,
)
from copanalysis.survey.multiplicity import adjusted
from copanalysis.survey.ordinal import kruskal_wallis, superiority
from copanalysis.survey.overlap import Overlap, correlation_bounds, score_p
from copanalysis.survey.proportional_odds import proportional_odds

DRAWS, FEW, CONFIDENCE, MEMBERS = 2000, 200, 0.95, 250
SHARES = (0.05, 0.25, 0.5, 0.85)
SIZES = (74, 147)
NEVER_SMALL = {"expected": 0, "share": 1, "least": 0, "group": 0}
Row = dict[str, object]


def people(generator: np.random.Generator, size: int, options: int, link: float) -> np.ndarray:
    """A population whose ticks hang together: a common leaning of strength ``link``."""
    leaning = generator.normal(size=(size, 1))
    own = generator.normal(size=(size, options))
    limits = np.linspace(-1.2, 1.2, options)
    return (np.sqrt(link) * leaning + np.sqrt(1 - link) * own > limits).astype(float)


def drawn(generator: np.random.Generator, population: int, size: int) -> np.ndarray:
    """Many samples without replacement: places in the population, (draws, size)."""
    return np.argsort(generator.random((DRAWS, population)), axis=1)[:, :size]


def held(truth: float, low: np.ndarray, high: np.ndarray) -> float:
    return float(((low - 1e-12 <= truth) & (truth <= high + 1e-12)).mean())


def shares(generator: np.random.Generator) -> Iterator[Row]:
    for size in SIZES:
        for share in SHARES:
            ticks = (np.arange(MEMBERS) < round(share * MEMBERS)).astype(float)
            count = ticks[drawn(generator, MEMBERS, size)].sum(axis=1)
            for name, members in (("Wilson, finite population", MEMBERS), ("Wilson", None)):
                limits = wilson_interval(count, size, population=members, confidence=CONFIDENCE)
                said = f"share {share:.0%}, {size} of {MEMBERS}"
                yield {"what": name, "situation": said, "holds": held(ticks.mean(), *limits)}


def wave_pair(
    generator: np.random.Generator, share: float, change: float, kept: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Samples of 125 and 74 from one population at two times: their shares, and the truth."""
    first = (generator.random(MEMBERS) < share).astype(float)
    again = generator.random(MEMBERS) < kept
    last = np.where(again, first, generator.random(MEMBERS) < share + change).astype(float)
    one, other = drawn(generator, MEMBERS, 125), drawn(generator, MEMBERS, 74)
    return first[one].mean(axis=1), last[other].mean(axis=1), last.mean() - first.mean()


def waves(generator: np.random.Generator) -> Iterator[Row]:
    for share, change, kept in ((0.3, 0, 0.0), (0.3, 0, 0.9), (0.5, 0.15, 0.7), (0.8, -0.1, 0.9)):
        p, q, truth = wave_pair(generator, share, change, kept)
        start, end = (
            (s, *wilson_interval(s * n, n, population=MEMBERS, confidence=CONFIDENCE))
            for s, n in ((p, 125), (q, 74))
        )
        ends = correlation_bounds(p, 125, q, 74, overlap=Overlap(0, 74), population=MEMBERS)
        said = f"from {share:.0%} by {change:+.0%}, {kept:.0%} answer alike"
        for name, correlation in zip(
            ("independent", "widest by overlap", "narrowest by overlap"),
            (0.0, *ends),
            strict=True,
        ):
            limits = newcombe_interval(end, start, correlation=correlation)
            row = {"what": f"Difference of waves, {name}", "situation": said}
            yield row | {"holds": held(truth, *limits)}


def paired(generator: np.random.Generator) -> Iterator[Row]:
    for share, gap in ((0.5, 0.0), (0.8, -0.1), (0.3, 0.15)):
        hoped = generator.random(5000) < share
        got = np.where(generator.random(5000) < 0.7, hoped, generator.random(5000) < share + gap)
        picked = generator.integers(5000, size=(DRAWS, 68))
        a, b = hoped[picked], got[picked]
        cells = [(x & y).sum(axis=1) for x in (a, ~a) for y in (b, ~b)]
        first, second = (
            (k / 68, *wilson_interval(k, 68, population=None, confidence=CONFIDENCE))
            for k in (a.sum(axis=1), b.sum(axis=1))
        )
        correlation = paired_correlation(cells[0], cells[1], cells[2], cells[3])
        limits = newcombe_interval(second, first, correlation=correlation)
        said = f"hoped {share:.0%}, 68 people"
        row = {"what": "Difference, same people (Newcombe)", "situation": said}
        yield row | {"holds": held(got.mean() - hoped.mean(), *limits)}


def alarms(name: str, situation: str, p: np.ndarray) -> Row:
    return {
        "what": name,
        "situation": situation,
        "false alarms": float((p < 1 - CONFIDENCE).mean()),
    }


def wave_tests(generator: np.random.Generator) -> Iterator[Row]:
    """No option changed: one test of all options, and the options one by one."""
    population = people(generator, 5000, 7, 0.3)
    groups = np.repeat([0, 1], [125, 74])
    ones, rs2, naive, single = np.ones(199), [], [], []
    for _ in range(DRAWS):
        ticks = population[generator.integers(5000, size=199)]
        ticked = np.stack([np.bincount(groups, t, 2) for t in ticks.T])
        cells = np.stack([np.bincount(groups) - ticked, ticked], axis=-1)
        parts = pearson(cells)
        squares = group_squares(ticks, groups, ones)
        rs2.append(second_order(parts.sum(), terms=7, squares=squares)[2])
        naive.append(chi2.sf(parts.sum(), 7))
        p, q = ticked[:, 0] / 125, ticked[:, 1] / 74
        single.append(score_p(p, 125, q, 74, population=None, correlation=0.0))
    said = "7 correlated options, waves of 125 and 74"
    yield alarms("MMI, Rao-Scott second order", said, np.array(rs2))
    yield alarms("Plain sum of chi-squares", said, np.array(naive))
    yield alarms("Any of 7 options, not adjusted", said, np.min(single, axis=1))
    holm = [adjusted(p, correction="holm").min() for p in single]
    yield alarms("Any of 7 options, Holm", said, np.array(holm))


def pair_tests(generator: np.random.Generator) -> Iterator[Row]:
    first, second = people(generator, 5000, 5, 0.3), people(generator, 5000, 5, 0.3)
    found = []
    for _ in range(DRAWS):
        one, other = (t[generator.integers(5000, size=74)] for t in (first, second))
        parts = pearson(pair_cells(one, other))
        if np.isnan(parts).any():
            continue
        squares = independence_squares(one, other, np.ones(74))
        found.append(second_order(parts.sum(), terms=25, squares=squares)[2])
    yield alarms("SPMI, Rao-Scott second order", "5 by 5 options, 74 people", np.array(found))


def homogeneity_tests(generator: np.random.Generator) -> Iterator[Row]:
    options = pd.DataFrame(
        [(item, f"o{k}", f"o{k}", k, "answer") for item in ("h", "g") for k in range(5)],
        columns=["item", "option", "label", "position", "kind"],
    )
    ask = {"first": "h", "second": "g", "options": options, "base": "answered"}
    found = {"p_rs2": [], "p_bootstrap": []}
    for _ in range(FEW):
        hoped = people(generator, 68, 5, 0.3)
        got = np.where(generator.random(hoped.shape) < 0.6, hoped, people(generator, 68, 5, 0.3))
        answers = pd.concat([tidy("h", hoped), tidy("g", got)])
        seed = int(generator.integers(1 << 30))
        rules = {"minimum_base": 10, "small": NEVER_SMALL, "resamples": 199, "seed": seed}
        row = smh_test(answers, **ask, **rules).iloc[0]
        for name, values in found.items():
            values.append(row[name])
    said = f"5 options, 68 people, {FEW} draws"
    for name, label in (("p_rs2", "Rao-Scott second order"), ("p_bootstrap", "bootstrap")):
        yield alarms(f"Hoped and got (SMH), {label}", said, np.array(found[name]))


def tidy(item: str, ticks: np.ndarray) -> pd.DataFrame:
    count, width = ticks.shape
    return pd.DataFrame(
        {
            "wave": "3",
            "respondent": np.repeat([f"r{k}" for k in range(count)], width),
            "cop": "a",
            "item": item,
            "option": np.tile([f"o{k}" for k in range(width)], count),
            "value": np.where(ticks.ravel() > 0, "1", "0"),
            "state": "answered",
        }
    )


def designs() -> Iterator[tuple[str, np.ndarray, float]]:
    """Waves of 125 and 74 in CoPs: a name, the CoP of each respondent, and how alike a CoP
    answers (intraclass correlation of the latent answer)."""
    same = np.concatenate([np.arange(125) % 12, np.arange(74) % 12])
    other = np.concatenate([np.arange(125) % 3, 3 + np.arange(74) % 9])
    some = np.concatenate([np.arange(125) % 3, np.array([0, 1, *range(3, 10)])[np.arange(74) % 9]])
    yield "no clusters", same, 0.0
    yield "same CoPs in both waves, ICC 0.2", same, 0.2
    yield "3 CoPs, then 9 others, ICC 0.2", other, 0.2
    yield "3 CoPs, then 9 of which 2 the same, ICC 0.2", some, 0.2
    yield "3 CoPs, then 9 of which 2 the same, ICC 0.05", some, 0.05


def cluster_tests(generator: np.random.Generator) -> Iterator[Row]:
    """Two waves without a difference whose CoPs answer alike: a scale, and one option."""
    wave = np.repeat([0, 1], [125, 74])
    for said, cop, spread in designs():
        leaning = generator.normal(scale=np.sqrt(spread), size=(DRAWS, 12))[:, cop]
        latent = leaning + generator.normal(scale=np.sqrt(1 - spread), size=(DRAWS, 199))
        answer = np.digitize(latent, [-1, -0.3, 0.4, 1.2])
        sums = [[(answer[:, wave == g] == k).sum(axis=1) for k in range(5)] for g in (0, 1)]
        p = chi2.sf(kruskal_wallis(np.moveaxis(np.array(sums), 2, 0)), 1)
        scale = f"5 points, waves of 125 and 74, {said}"
        yield alarms("Mann-Whitney", scale, p)
        ranks = rankdata(answer, axis=1) / answer.shape[1]
        yield alarms("Ranks in a GEE, CoPs as clusters", scale, clustered_p(ranks, wave, cop))
        low, high = np.array([*map(drawn_clusters(wave, cop), answer[:FEW])]).T
        p = np.where((low <= 0.5) & (high >= 0.5), 1.0, 0.0)
        yield alarms("Superiority, bootstrap of CoPs", f"the same, {FEW} draws", p)
        p = np.array([odds_p(row, wave, cop) for row in answer[:FEW]])
        said_few = f"the same, {FEW} draws ({np.isnan(p).mean():.0%} refused)"
        yield alarms("Proportional odds, few clusters", said_few, p[~np.isnan(p)])
        ticks = (latent > 0.5).astype(float)
        option = f"option of 31%, waves of 125 and 74, {said}"
        first, last = (ticks[:, wave == g].mean(axis=1) for g in (0, 1))
        p = score_p(first, 125, last, 74, population=None, correlation=0.0)
        yield alarms("Difference of shares, score test", option, p)
        p = clustered_p(ticks, wave, cop)
        yield alarms("Difference of shares, GEE, CoPs as clusters", option, p)


def clustered_p(values: np.ndarray, wave: np.ndarray, cop: np.ndarray) -> np.ndarray:
    cluster = np.unique(cop, return_inverse=True)[1]
    return np.array([clustered_difference(row, wave, cluster).p for row in values])


def drawn_clusters(wave: np.ndarray, cop: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Percentile interval of the probability of superiority when whole CoPs are drawn anew."""
    count = cop.max() + 1
    times = np.random.default_rng(1).multinomial(count, np.full(count, 1 / count), size=499)

    def interval(answer: np.ndarray) -> np.ndarray:
        cells = np.bincount((cop * 2 + wave) * 5 + answer, minlength=count * 10)
        sums = (times @ cells.reshape(count, 10)).reshape(-1, 2, 5)
        return np.nanquantile(superiority(sums), [0.025, 0.975])

    return interval


def odds_p(answer: np.ndarray, wave: np.ndarray, cop: np.ndarray) -> float:
    answers = pd.DataFrame(
        {
            "wave": wave.astype(str),
            "respondent": [f"r{k}" for k in range(len(wave))],
            "cop": [f"c{c}" for c in cop],
            "item": "q",
            "option": "",
            "value": [f"o{k}" for k in answer],
            "state": "answered",
        }
    )
    options = [("q", f"o{k}", f"o{k}", k, "answer") for k in range(5)]
    options = pd.DataFrame(options, columns=["item", "option", "label", "position", "kind"])
    ask = {"item": "q", "options": options, "by": "wave", "cluster": "cop"}
    found = proportional_odds(answers, **ask, minimum_base=10, confidence=CONFIDENCE)
    return float(found["p"].iloc[0]) if isinstance(found, pd.DataFrame) else np.nan


def weighted(generator: np.random.Generator) -> Iterator[Row]:
    """CoPs that answer otherwise and respond otherwise: unweighted and weighted to members."""
    sizes = np.array([27, 26, 28, 40, 10, 25, 30, 27, 25, 10, 22, 18])
    cop = np.repeat(np.arange(12), sizes)
    ticks = (generator.random(len(cop)) < np.linspace(0.2, 0.8, 12)[cop]).astype(float)
    options = pd.DataFrame(
        [("q", "o0", "o0", 1, "answer")],
        columns=["item", "option", "label", "position", "kind"],
    )
    margins = {"cop": {f"c{k}": int(size) for k, size in enumerate(sizes)}}
    ask = {"item": "q", "options": options, "base": "answered", "margins": margins, "strata": ""}
    ask |= {"weights": "members", "weight_shift": 0.05, "population": int(sizes.sum())}
    for said, rates in (("equal", np.full(12, 0.4)), ("unequal", np.linspace(0.2, 0.7, 12))):
        rows = []
        for _ in range(FEW):
            there = generator.random(len(cop)) < rates[cop]
            answers = tidy("q", ticks[there][:, None]).assign(cop=[f"c{c}" for c in cop[there]])
            rows.append(weighted_shares(answers, **ask, confidence=CONFIDENCE).iloc[0])
        table = pd.DataFrame(rows)
        for name, stem in (("Unweighted", ""), ("Weighted to members", "weighted_")):
            limits = (table[f"{stem}ci_{end}"].to_numpy(float) for end in ("low", "high"))
            situation = f"{said} response of 12 CoPs, {FEW} draws"
            yield {"what": name, "situation": situation, "holds": held(ticks.mean(), *limits)}


def tables() -> dict[str, pd.DataFrame]:
    """Every simulation, by the heading of its table."""
    parts: dict[str, list[Callable[[np.random.Generator], Iterator[Row]]]] = {
        "Intervals: share that holds the truth (95% promised)": [shares, waves, paired, weighted],
        "Tests: false alarms without a difference (5% promised)": [
            wave_tests,
            pair_tests,
            homogeneity_tests,
            cluster_tests,
        ],
    }
    generator = np.random.default_rng(20240131)
    return {
        title: pd.DataFrame([row for study in studies for row in study(generator)])
        for title, studies in parts.items()
    }


def markdown(title: str, table: pd.DataFrame) -> str:
    last = table.columns[-1]
    lines = [f"## {title}", "", f"| what | situation | {last} | |", "|---|---|---:|---|"]
    for _, row in table.iterrows():
        wrong = row[last] < 0.93 if last == "holds" else row[last] > 0.07
        mark = "outside the promise" if wrong else ""
        lines.append(f"| {row['what']} | {row['situation']} | {row[last]:.1%} | {mark} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    text = "\n".join(markdown(title, table) for title, table in tables().items())
    print(text)
    if len(sys.argv) > 1:
        head = "# Coverage and false alarms\n\nMade by `python benchmarks/coverage.py`.\n\n"
        Path(sys.argv[1]).write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
