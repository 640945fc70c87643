"""The passages on which two coders differ, with what each of them made of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.fieldwork.agreement_spans import column_problems
from copanalysis.fieldwork.agreement_units import judgements


def disagreements(
    coding: pd.DataFrame,
    units: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    first: str,
    second: str,
) -> pd.DataFrame:
    """Units to which two coders did not give the same codes, with the passage.

    Parameters
    ----------
    coding : DataFrame
        As ``coding_units`` returns it.
    units, documents : DataFrame
        The units of coding (unit, document, start, end) and the texts (document, text).
    first, second : str
        The coders to compare.

    Returns
    -------
    DataFrame
        One row per unit that both judged and coded differently, in the order of the units:
        document, unit, text (the passage), codes_first, codes_second (all codes of each),
        only_first, only_second (what the other did not give). Codes are joined with ", " in
        the order of the codes; "" for none.

    Raises
    ------
    CopanalysisError
        As ``agreement_units.judgements``; for a coder, unit or document that is not there.
    """
    found = judgements(coding)
    passages = _passages(found.units, units, documents)
    problems = [
        Problem("coders", repr(name), f"one of {', '.join(found.coders)}", "correct the name")
        for name in (first, second)
        if name not in found.coders
    ]
    refuse_if_any("No list of disagreements", problems + _text_problems(passages))
    one, other = (found.used[:, :, found.coders.index(name)].T for name in (first, second))
    judged = found.given[:, [found.coders.index(name) for name in (first, second)]].all(axis=1)
    differs = judged & (one != other).any(axis=1)
    codes = np.array([*found.codes], dtype=object)
    lists = {
        "codes_first": one,
        "codes_second": other,
        "only_first": one & ~other,
        "only_second": other & ~one,
    }
    joined = {name: [", ".join(codes[row]) for row in use[differs]] for name, use in lists.items()}
    table = passages.loc[differs, ["document", "unit", "text"]].reset_index(drop=True)
    return table.assign(**joined).astype(dict.fromkeys(joined, "str"))


def _passages(judged: pd.DataFrame, units: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    problems = column_problems(units, "units", ("unit", "document", "start", "end"))
    problems += column_problems(documents, "documents", ("document", "text"))
    refuse_if_any("No list of disagreements", problems)
    texts = documents[["document", "text"]].astype("str")
    places = units[["unit", "document", "start", "end"]].astype({"unit": "str", "document": "str"})
    table = judged.merge(places, how="left", on=["unit", "document"]).merge(
        texts, how="left", on="document"
    )
    cut = [
        text[int(start) : int(end)] if pd.notna(start) and pd.notna(text) else pd.NA
        for text, start, end in zip(table["text"], table["start"], table["end"], strict=True)
    ]
    return table.assign(text=pd.Series(cut, dtype="str"))


def _text_problems(passages: pd.DataFrame) -> list[Problem]:
    without = passages[passages["text"].isna()]
    return [
        Problem(f"unit {row.unit}", "no passage", "its place in a text", "give units and documents")
        for row in without.itertuples()
    ]
