"""Agreement on characters: each character of the texts is a unit that has a code or has not.

For comparison with programs that report it. Neighbouring characters are not independent, so
there is no interval, and long segments weigh more than short ones; agreement on units of coding
is the measure to judge by.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.fieldwork.agreement_spans import (
    Coders,
    Integers,
    coded_spans,
    merged,
    text_lengths,
    text_problems,
)

NO_CHARACTERS = "geen enkel document is aan beide codeurs gegeven"
NOT_USED = "geen van de codeurs gebruikte deze code"
ALWAYS_USED = "beide codeurs gaven elk teken deze code"


def kappa_characters(
    segments: pd.DataFrame, documents: pd.DataFrame, *, coders: Coders, codes: Sequence[str]
) -> pd.DataFrame:
    """Cohen's kappa per code over the characters of the documents that two coders shared.

    A two by two table (both, only first, only second, neither) of all characters, coded or
    not, with chance agreement from its margins: (a + b)(a + c) + (c + d)(b + d) over n squared.
    A product of the two parts instead of their sum, or a base of coded characters only, gives
    another number that is not kappa.

    Parameters
    ----------
    segments, coders, codes : see ``agreement_units.coding_units``
        Exactly two coders.
    documents : DataFrame
        document and text.

    Returns
    -------
    DataFrame
        One row per code: code, n_characters, both, only_first, only_second, neither
        (characters), percent_agreement (share), kappa (missing where it does not exist),
        reason (Dutch; "" where it does).

    Raises
    ------
    CopanalysisError
        As ``agreement_spans.coded_spans``; for another number of coders than two, a
        document without a text and segments beyond one.
    """
    lengths = text_lengths(documents)
    spans = coded_spans(segments, coders=coders, codes=codes)
    problems = text_problems(spans, lengths, coders=coders)
    if len(coders) != 2:
        problems.append(Problem("coders", ", ".join(coders), "two coders", "choose two"))
    refuse_if_any("Agreement on characters cannot be calculated", problems)
    shared = set.intersection(*(set(given) for given in coders.values()))
    spans = spans[spans["document"].isin(shared)]
    n = int(lengths[lengths.index.isin(shared)].sum())
    first, second = (_covered(spans[spans["coder"].eq(name)], codes) for name in coders)
    either = _covered(merged(spans, by=["document", "code"]), codes)
    return _kappa_table(codes, n, both=first + second - either, first=first, second=second)


def _covered(spans: pd.DataFrame, codes: Sequence[str]) -> Integers:
    """Characters under each code; the stretches of a code do not overlap."""
    size = (spans["end"] - spans["start"]).groupby(spans["code"]).sum()
    return size.reindex(list(codes), fill_value=0).to_numpy(dtype=np.int64)


def _kappa_table(
    codes: Sequence[str], n: int, *, both: Integers, first: Integers, second: Integers
) -> pd.DataFrame:
    neither = n - first - second + both
    # In whole numbers, times n squared, so that chance agreement gives exactly 0.
    agreed = n * (both + neither)
    chance = first * second + (n - first) * (n - second)
    with np.errstate(invalid="ignore"):  # 0 / 0 where it does not exist
        kappa = (agreed - chance) / (n * n - chance)
        share = (both + neither) / n
    reason = np.select(
        [n == 0, (first == 0) & (second == 0), (first == n) & (second == n)],
        [NO_CHARACTERS, NOT_USED, ALWAYS_USED],
        "",
    )
    table = pd.DataFrame({"code": list(codes), "n_characters": n, "both": both})
    return table.assign(
        only_first=first - both,
        only_second=second - both,
        neither=neither,
        percent_agreement=share,
        kappa=kappa,
        reason=reason,
    ).astype({"code": "str", "reason": "str"})
