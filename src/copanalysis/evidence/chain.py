"""The effect chain: every arrow from aim to impact with the evidence on it."""

from __future__ import annotations

import pandas as pd

from copanalysis.evidence.sources import Sources
from copanalysis.evidence.support import supported


def effect_chain(sources: Sources) -> pd.DataFrame:
    """Every arrow of effect_chain.csv, in its order: arrow, number (its place as text), source_name
    and target_name (the labels of chain_links.csv), mechanism, and the columns of
    ``support.supported``."""
    links = sources.study.table("chain_links.csv").set_index("link")["label"]
    arrows = supported(sources.study.table("effect_chain.csv"), id="arrow", sources=sources)
    return arrows.assign(
        number=arrows["position"],
        source_name=arrows["source"].map(links),
        target_name=arrows["target"].map(links),
    )


def levels_of_outcome(sources: Sources) -> pd.DataFrame:
    """How much evidence there is of each outcome of the codebook, by level.

    Returns, for every code two below an "outcome" root (knowledge, relations, service ...):
    code, level_name and outcome (the names of the root and of the code), n_conversations,
    n_passages, and counted (both in Dutch words).
    """
    codebook = sources.study.table("codebook.csv")
    codebook = codebook[codebook["status"].eq("active")].set_index("code")
    roots = [c for c in codebook.index[codebook["parent"].eq("")] if c.startswith("outcome.")]
    children = codebook[codebook["parent"].isin(roots)]
    rows = []
    for code, row in children.iterrows():
        passages = sources.passages_of(code)
        documents = {document for document, *_ in passages}
        level = codebook.at[row["parent"], "name"].partition(": ")[2].capitalize()
        rows.append((code, level, row["name"], len(documents), len(passages)))
    columns = ["code", "level_name", "outcome", "n_conversations", "n_passages"]
    table = pd.DataFrame(rows, columns=columns)
    counted = table["n_conversations"].astype(str) + " gesprekken, "
    return table.assign(counted=counted + table["n_passages"].astype(str) + " fragmenten")
