"""The respondents of a wave: one row each, with every answer as a code of the instruments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.study.plan import Item, Study
from copanalysis.twin.allocation import (
    Flags,
    Floats,
    exact_ticks,
    favourites,
    flags,
    ranked_codes,
    sampled,
)
from copanalysis.twin.moments import answer_moments
from copanalysis.twin.targets import ANSWERED, NON_ANSWER, SPECIAL, Targets, WavePlan
from copanalysis.twin.wordings import (
    Wordings,
    place_answers,
    place_non_answers,
    place_write_ins,
)


@dataclass(frozen=True)
class Draw:
    """What every answer of one wave is drawn with."""

    rng: np.random.Generator
    study: Study
    targets: Targets
    stock: Wordings
    wave: str

    @property
    def plan(self) -> WavePlan:
        return self.targets.waves[self.wave]


def draw_respondents(draw: Draw) -> pd.DataFrame:
    """The respondents of a wave who belong in the analysis, in the order of their CoPs.

    Columns: cop; after (the item after which a respondent gave up, "" for who finished);
    fast, straight (planted speeders and straightliners); engagement, mood, responsible and
    influence (what the answers follow from); started, submitted, seconds; per single or scale
    item its code ("" where not answered, "dont_know" or "no_answer" where the file says so);
    per multiple item "item.option" flags and "item.text" for the write-in; per open item its
    text. Every count is the one of targets.csv.
    """
    people = _people(draw)
    for item in draw.study.items_of(draw.wave):
        if item.scale == "cop":
            answers = people[["cop"]].rename(columns={"cop": item.id})
        elif item.type == "multiple":
            answers = _picks(draw, people, item) if item.asked_if else _ticks(draw, people, item)
        elif item.type == "open":
            answers = _texts(draw, people, item)
        else:
            answers = _codes(draw, people, item)
        people = pd.concat([people, answers], axis=1)
    return people


def _people(draw: Draw) -> pd.DataFrame:
    rng, plan = draw.rng, draw.plan
    cops = draw.targets.closed(draw.wave, "q1_cop")
    cop = np.repeat(list(cops), list(cops.values()))
    n = len(cop)
    after = pd.Series("", index=range(n))
    for stop in plan.broke_off:
        after[next(i for i in range(n) if cop[i] == stop["cop"] and not after[i])] = stop["after"]
    engagement, mood, responsible, influence = _inclinations(rng, n)
    through = after.eq("").to_numpy()
    fast = flags(n, sampled(rng, -1.5 * engagement, n=plan.speeders, among=through))
    straight = flags(n, sampled(rng, engagement, n=plan.straightliners, among=through & ~fast))
    moments = answer_moments(rng, plan=plan, fast=fast)
    return pd.DataFrame(
        {
            "cop": cop,
            "after": after,
            "fast": fast,
            "straight": straight,
            "engagement": engagement,
            "mood": mood,
            "responsible": responsible,
            "influence": influence,
            **moments,
        }
    )


def _inclinations(rng: np.random.Generator, n: int) -> tuple[Floats, ...]:
    """Engagement, mood, felt responsibility and felt influence: related, not the same."""
    engagement = rng.normal(size=n)
    mood = 0.6 * engagement + 0.8 * rng.normal(size=n)
    responsible = 0.6 * engagement + 0.8 * rng.normal(size=n)
    influence = 0.5 * responsible + 0.3 * mood + 0.8 * rng.normal(size=n)
    return engagement, mood, responsible, influence


def _reached(draw: Draw, people: pd.DataFrame, item: Item) -> Flags:
    order = [i.id for i in draw.study.items_of(draw.wave)]
    last = people["after"].map(lambda id: order.index(id) if id else len(order))
    return (last >= order.index(item.id)).to_numpy()


def _answering(draw: Draw, people: pd.DataFrame, item: Item, n: int) -> Flags:
    """``n`` of those who reached an item: who gave up right after it, the engaged sooner."""
    reached = _reached(draw, people, item)
    certain = people["straight"] | people["after"].eq(item.id)
    pull = people["engagement"].mask(certain, np.inf).to_numpy()
    return flags(len(people), sampled(draw.rng, pull, n=n, among=reached))


def _ticks(draw: Draw, people: pd.DataFrame, item: Item) -> pd.DataFrame:
    counts = {
        option: draw.targets.closed(draw.wave, item.id).get(option, 0)
        for option in draw.study.options(item.id, wave=draw.wave)["option"]
    }
    n_other = counts.pop("other", 0)
    answering = _answering(draw, people, item, draw.targets.of(draw.wave, item.id)[ANSWERED])
    straight = people["straight"].to_numpy()
    drive = 0.6 * people["engagement"].to_numpy() + 0.4 * people["mood"].to_numpy()
    only = min(draw.targets.only_other, n_other)
    writing = sampled(draw.rng, -drive, n=only, among=answering & ~straight)
    only_other = flags(len(people), writing)
    pull = drive[:, None] + _follow(draw, people, item, list(counts))
    among = answering & ~only_other
    ticks = exact_ticks(draw.rng, pull, counts=counts, among=among, full=straight)
    more = sampled(draw.rng, drive, n=n_other - only, among=among & ~straight)
    table = pd.DataFrame(ticks, columns=list(counts))
    table["other"] = only_other | flags(len(people), more)
    written = place_write_ins(
        draw.rng,
        draw.stock,
        item=item.id,
        ticks=table,
        says_nothing=draw.targets.says_nothing,
    )
    return table.add_prefix(f"{item.id}.").assign(**{f"{item.id}.text": written})


def _follow(draw: Draw, people: pd.DataFrame, item: Item, options: list[str]) -> Floats:
    """Who ticked an option in the earlier item of plan.toml is likelier to tick it here."""
    earlier = draw.targets.follows.get(item.id, "")
    same = [f"{earlier}.{option}" for option in options]
    return 0.8 * people.reindex(columns=same, fill_value=False).to_numpy(dtype=float)


def _codes(draw: Draw, people: pd.DataFrame, item: Item) -> pd.DataFrame:
    counts = draw.targets.closed(draw.wave, item.id)
    straight = people["straight"].to_numpy()
    latent = people[draw.targets.inclination.get(item.id, "mood")].to_numpy()
    given = _answering(draw, people, item, sum(counts.values()))
    usual = max(counts, key=counts.__getitem__)  # what a straightliner keeps ticking
    rest = {**counts, usual: counts[usual] - int(straight.sum())}
    codes = ranked_codes(draw.rng, latent, counts=rest, among=given & ~straight)
    codes[straight] = usual
    left = _reached(draw, people, item) & ~given
    for code in SPECIAL:
        n = draw.targets.of(draw.wave, item.id).get(f"({code})", 0)
        chosen = sampled(draw.rng, np.zeros(len(people)), n=n, among=left)
        codes[chosen], left[chosen] = code, False
    return pd.DataFrame({item.id: codes})


def _picks(draw: Draw, people: pd.DataFrame, item: Item) -> pd.DataFrame:
    """Picks from the options ticked before; some take one too many or one not ticked."""
    options = list(draw.study.options(item.id, wave=draw.wave)["option"])
    ticked = people[[f"{item.asked_if}.{option}" for option in options]].to_numpy(dtype=bool)
    answering = _answering(draw, people, item, draw.targets.of(draw.wave, item.id)[ANSWERED])
    straight = people["straight"].to_numpy()
    over = _planted(draw, answering & ~straight & (ticked.sum(axis=1) > item.max_picks), "four")
    outside = _planted(draw, answering & ~straight & ~over & (ticked.sum(axis=1) <= 4), "outside")
    picks = draw.rng.choice([1, 2, 3], p=[0.15, 0.3, 0.55], size=len(people))
    picks = np.where(over, item.max_picks + 1, np.minimum(picks, item.max_picks))
    weights = np.array([draw.targets.favourites.get(option, 1.0) for option in options])
    available = ticked & answering[:, None]
    chosen = favourites(draw.rng, weights, available=available, picks=np.where(outside, 1, picks))
    beside = ~ticked & outside[:, None] & (np.array(options) != "other")
    chosen |= favourites(draw.rng, weights, available=beside, picks=np.ones_like(picks))
    table = pd.DataFrame(chosen, columns=options)
    written = people[f"{item.asked_if}.text"].where(table["other"], "")
    return table.add_prefix(f"{item.id}.").assign(**{f"{item.id}.text": written})


def _planted(draw: Draw, able: Flags, kind: str) -> Flags:
    n = getattr(draw.plan, f"{kind}_picks")
    if n > able.sum():
        raise CopanalysisError(
            f"Wave {draw.wave} of the twin has {able.sum()} respondents for whom {kind}_picks can "
            f"be planted, and plan.toml asks for {n}: lower it."
        )
    return flags(len(able), sampled(draw.rng, np.zeros(len(able)), n=n, among=able))


def _texts(draw: Draw, people: pd.DataFrame, item: Item) -> pd.DataFrame:
    counts = draw.targets.of(draw.wave, item.id)
    among = _reached(draw, people, item)
    texts = place_answers(
        draw.rng,
        draw.stock,
        item=item.id,
        wave=draw.wave,
        n=counts[ANSWERED],
        people=people,
        mood=people[draw.targets.inclination.get(item.id, "mood")].to_numpy(),
        tones=dict(draw.targets.tones),
        among=among & ~people["fast"].to_numpy(),
    )
    texts = place_non_answers(
        draw.rng, draw.stock, item=item.id, n=counts[NON_ANSWER], texts=texts, among=among
    )
    return pd.DataFrame({item.id: texts})
