"""The stock of written answers: each open answer is handed out at most once over all waves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.twin.allocation import Flags, sampled

FOLDER = Path(__file__).parent / "texts"


class Wordings:
    """Open answers, non-answers and write-ins, in the order in which a seed hands them out."""

    def __init__(self, rng: np.random.Generator, *, folder: Path = FOLDER) -> None:
        def shuffled(file: str) -> pd.DataFrame:
            table = pd.read_csv(folder / file, dtype="string", keep_default_na=False)
            return table.iloc[rng.permutation(len(table))].reset_index(drop=True)

        self._open = shuffled("open_answers.csv")
        self._nothing = shuffled("non_answers.csv")
        self._other = shuffled("other_specify.csv")
        self._used: set[str] = set()

    def open_answers(self, item: str, *, wave: str) -> pd.DataFrame:
        """The answers to an item that a wave may still use, in the order to place them.

        Answers with a canary (a name or address that must be found and masked) first, then
        those that fit some CoPs only, then those written for this wave, then the others.
        """
        fits = self._open["item"].eq(item) & self._open["wave"].isin(["", wave])
        rows = self._open[fits & ~self._open["id"].isin(self._used)]
        rank = np.select(
            [
                rows["canary"].eq("yes") & rows["wave"].eq(wave),
                rows["scope"].ne("") & rows["wave"].eq(wave),
                rows["wave"].eq(wave),
            ],
            [0, 1, 2],
            default=3,
        )
        return rows.iloc[np.argsort(rank, kind="stable")]

    def write_ins(self, item: str) -> pd.DataFrame:
        """The write-ins for "Anders, namelijk" of an item that are still unused."""
        return self._other[self._other["item"].eq(item) & ~self._other["id"].isin(self._used)]

    def non_answers(self, item: str) -> list[str]:
        """Texts that say nothing, for any item or this one; these may be used again."""
        return list(self._nothing.loc[self._nothing["item"].isin(["", item]), "text"])

    def own_words(self, answers: pd.DataFrame) -> pd.Series:
        """How many open answers of the stock a respondent wrote; 0 for who wrote a canary."""
        canaries = set(self._open.loc[self._open["canary"].eq("yes"), "text"])
        count = answers.isin(set(self._open["text"])).sum(axis=1)
        return count.mask(answers.isin(canaries).any(axis=1), 0)

    def use(self, id: str) -> None:
        """Take an answer out of the stock."""
        self._used.add(id)


def place_answers(
    rng: np.random.Generator,
    stock: Wordings,
    *,
    item: str,
    wave: str,
    n: int,
    people: pd.DataFrame,
    mood: np.ndarray,
    tones: dict[str, float],
    among: Flags,
) -> list[str]:
    """Exactly ``n`` open answers, each with a respondent whose mood and CoP it fits; else "".

    CopanalysisError when the stock does not hold enough texts that fit anyone.
    """
    texts = [""] * len(people)
    free = among.copy()
    left = n
    for row in stock.open_answers(item, wave=wave).itertuples():
        fits = free & (people["cop"].isin(row.scope.split()).to_numpy() if row.scope else True)
        if not left or not fits.any():
            continue
        pull = 0.7 * people["engagement"].to_numpy() - 2.0 * abs(mood - tones[row.tone])
        [who] = sampled(rng, pull, n=1, among=fits)
        texts[who], free[who] = row.text, False
        stock.use(row.id)
        left -= 1
    if left:
        raise CopanalysisError(
            f"Too few open answers to {item} for wave {wave} of the twin: {left} more are "
            f"needed. Add texts to open_answers.csv or lower its target in targets.csv."
        )
    return texts


def place_non_answers(
    rng: np.random.Generator, stock: Wordings, *, item: str, n: int, texts: list[str], among: Flags
) -> list[str]:
    """The texts with ``n`` non-answers added, at respondents of ``among`` who wrote nothing."""
    silent = among & (np.array(texts) == "")
    filled = list(texts)
    for who in sampled(rng, np.zeros(len(texts)), n=n, among=silent):
        filled[who] = str(rng.choice(stock.non_answers(item)))
    return filled


def place_write_ins(
    rng: np.random.Generator,
    stock: Wordings,
    *,
    item: str,
    ticks: pd.DataFrame,
    says_nothing: tuple[str, ...],
) -> list[str]:
    """A write-in for everyone who ticked "other".

    Where possible it does not go to who ticked the option that it belongs to, nor, when its
    id is in ``says_nothing``, to who ticked anything else; those are given out first.
    ``ticks`` has a column per option. CopanalysisError when there are more such respondents
    than write-ins left.
    """
    rows = stock.write_ins(item)
    free = ticks["other"].to_numpy().copy()
    if free.sum() > len(rows):
        raise CopanalysisError(
            f"Too few write-ins for {item} of the twin: {free.sum()} are needed, {len(rows)} "
            "are left. Add texts to other_specify.csv or lower the target of its option other."
        )
    texts = [""] * len(ticks)
    closed = ticks.drop(columns="other")
    rows = rows.head(int(free.sum()))
    rows = rows.iloc[np.argsort(~rows["id"].isin(says_nothing), kind="stable")]
    for row in rows.itertuples():
        own = [row.belongs_to] if row.belongs_to else []
        clash = closed[list(closed) if row.id in says_nothing else own].sum(axis=1)
        [who] = sampled(rng, -5.0 * clash.to_numpy(dtype=float), n=1, among=free)
        texts[who], free[who] = row.text, False
        stock.use(row.id)
    return texts
