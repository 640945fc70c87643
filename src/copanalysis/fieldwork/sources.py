"""Codes counted over sources: who says it, in how many conversations, and beside what else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured


def with_ancestors(segments: pd.DataFrame, *, codebook: pd.DataFrame) -> pd.DataFrame:
    """Segments with a further row for every code above their own, so that parents count too.

    ``segments`` has document, start, end and code; ``codebook`` code and parent. A passage
    that carries a code under two children of one parent counts once for the parent.
    """
    parent = codebook.set_index("code")["parent"].to_dict()
    levels = [segments]
    level = segments
    while True:
        level = level.assign(code=level["code"].map(parent))
        level = level[level["code"].fillna("").ne("")]
        if level.empty:
            break
        levels.append(level)
    rows = pd.concat(levels, ignore_index=True)
    return rows.drop_duplicates(["document", "start", "end", "code"], ignore_index=True)


def members(rows: pd.DataFrame, *, of: str, by: str) -> dict[str, set[str]]:
    """The different values of the column ``of`` for each value of the column ``by``."""
    return {name: set(own) for name, own in rows.groupby(by, observed=True)[of]}


def code_by_source(
    segments: pd.DataFrame, *, documents: pd.DataFrame, codebook: pd.DataFrame, by: str = ""
) -> pd.DataFrame:
    """How often each active code is used, in passages and in sources.

    Parameters
    ----------
    segments
        document, start, end, code; one row per code on a passage.
    documents
        document and the column ``by``; they are the base, also those without any code.
    by
        A column of ``documents`` (group, organisation, cop, kind), "" for all together.

    Returns
    -------
    DataFrame
        One row per group and active code, in the order of the codebook: the column ``by``,
        code, name, parent, n_segments, n_sources (documents with the code at least once),
        base (documents in the group), share (n_sources of base; missing without documents).
    """
    known = segments[segments["document"].isin(documents["document"])]
    rows = known.merge(documents, on="document") if by else known
    keys = [by, "code"] if by else ["code"]
    counts = rows.groupby(keys, observed=True)["document"].agg(["size", "nunique"]).reset_index()
    counts.columns = [*keys, "n_segments", "n_sources"]
    codes = codebook.loc[codebook["status"].eq("active"), ["code", "name", "parent"]]
    if by:
        groups = documents.groupby(by, observed=True)["document"].nunique().rename("base")
        table = groups.reset_index().merge(codes, how="cross")
    else:
        table = codes.assign(base=documents["document"].nunique())
    table = table.merge(counts, on=keys, how="left")
    whole = dict.fromkeys(("n_segments", "n_sources"), "int64")
    table = table.fillna({"n_segments": 0, "n_sources": 0}).astype(whole)
    table["share"] = table["n_sources"] / table["base"].replace(0, np.nan)
    return table[[*keys[:-1], "code", "name", "parent", "n_segments", "n_sources", "base", "share"]]


def co_occurrence(segments: pd.DataFrame, *, unit: Sequence[str]) -> pd.DataFrame:
    """Pairs of codes that meet in the same unit, from most to least.

    ``unit`` names the columns that make a unit of coding (["document", "turn"], or
    ["document"]). Returns first, second (each pair once, in alphabetical order), n (units with
    both), n_first, n_second, jaccard (n of the units with either).
    """
    ones = segments[[*unit, "code"]].astype({"code": "str"}).drop_duplicates()
    sizes = ones.groupby("code", observed=True).size()
    pairs = ones.merge(ones, on=list(unit), suffixes=("_first", "_second"))
    pairs = pairs[pairs["code_first"] < pairs["code_second"]]
    counts = pairs.groupby(["code_first", "code_second"], observed=True).size().rename("n")
    table = counts.reset_index().rename(columns={"code_first": "first", "code_second": "second"})
    table["n_first"] = table["first"].map(sizes).astype("int64")
    table["n_second"] = table["second"].map(sizes).astype("int64")
    table["jaccard"] = table["n"] / (table["n_first"] + table["n_second"] - table["n"])
    order = ["n", "first", "second"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def saturation(
    segments: pd.DataFrame,
    *,
    order: Sequence[str],
    base_size: int,
    run_length: int,
    threshold: float,
) -> pd.DataFrame | NotMeasured:
    """When further conversations stop bringing new codes.

    After Guest, Namey and Chen (2020, PLoS ONE 15:e0232076): the codes of the first
    ``base_size`` documents are the base; each following run of ``run_length`` documents adds
    new codes; their number as a share of the base is compared with ``threshold``.

    Returns one row per document in ``order``: position, document, n_codes (codes in it),
    new_codes, cumulative, run_new (codes new in the run that ends here, missing before the
    first run is full), new_information (run_new of the base) and saturated (at or under the
    threshold); NotMeasured when there are fewer documents than base and run need.
    """
    if len(order) < base_size + run_length:
        needed = (
            f"daarvoor zijn {base_size + run_length} gesprekken nodig en er zijn er {len(order)}"
        )
        return NotMeasured("saturation", needed)
    codes = members(segments, of="code", by="document")
    seen: set[str] = set()
    rows = []
    for position, document in enumerate(order, 1):
        own = codes.get(document, set())
        rows.append((position, document, len(own), len(own - seen), len(own | seen)))
        seen |= own
    columns = ["position", "document", "n_codes", "new_codes", "cumulative"]
    table = pd.DataFrame(rows, columns=columns)
    base = table["cumulative"].iloc[base_size - 1]
    run = table["new_codes"].rolling(run_length).sum()
    run = run.where(table["position"] >= base_size + run_length)
    table["run_new"] = run.astype("Int64")
    table["new_information"] = run / (base or np.nan)
    table["saturated"] = table["new_information"] <= threshold
    return table


def negative_cases(
    segments: pd.DataFrame, *, documents: pd.DataFrame, codebook: pd.DataFrame
) -> pd.DataFrame:
    """Sources that speak against a code: they carry the code that codebook.csv calls its opposite.

    Returns
    -------
    DataFrame
        One row per code with an opposite: code, label, opposite, opposite_label, n_for (sources
        with the code or one under it), n_against, n_both, n_only_against and base (all
        documents).
    """
    rows = with_ancestors(segments, codebook=codebook)
    rows = rows[rows["document"].isin(documents["document"])]
    sources, names = members(rows, of="document", by="code"), codebook.set_index("code")["name"]
    found = []
    for code, opposite in codebook.loc[codebook["opposite"].ne(""), ["code", "opposite"]].values:
        for_, against = sources.get(code, set()), sources.get(opposite, set())
        counts = (len(for_), len(against), len(for_ & against), len(against - for_))
        found.append((code, names[code], opposite, names[opposite], *counts))
    columns = ["code", "label", "opposite", "opposite_label"]
    columns += ["n_for", "n_against", "n_both", "n_only_against"]
    return pd.DataFrame(found, columns=columns).assign(base=documents["document"].nunique())


def quantifier(n: int, of: int, *, scale: Sequence[tuple[float, str]]) -> str:
    """The Dutch quantifier for n of so many sources, by a written scale.

    ``scale`` holds (limit, words) with rising limits, the last 1: the words of the first limit
    that n / of does not exceed ("geen", "een enkele", "enkele", "een aantal", "de meeste",
    "alle"). Raises CopanalysisError when n exceeds ``of`` or there are no sources.
    """
    if not 0 <= n <= of or of < 1:
        raise CopanalysisError(f"No quantifier for {n} of {of} sources.")
    return next(words for limit, words in scale if n / of <= limit + 1e-12)
