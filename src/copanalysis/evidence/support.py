"""What the rows of an instrument rest on: their evidence in words, and how strong it is."""

from __future__ import annotations

import pandas as pd

from copanalysis.evidence.sources import Sources
from copanalysis.evidence.strength import UNSUPPORTED, evidence_strength, source_directions
from copanalysis.evidence.tallies import evidence_tallies
from copanalysis.evidence.words import evidence_words

COUNTS = ["n_evidence", "n_missing"]


def supported(rows: pd.DataFrame, *, id: str, sources: Sources) -> pd.DataFrame:
    """Rows with columns evidence and counter_evidence, held against the data.

    Parameters
    ----------
    rows
        One row per ``id``: of lessons.csv, conditions.csv, effect_chain.csv and so on.

    Returns
    -------
    DataFrame
        The rows, in their order, with support and opposition (the evidence and its amounts, in
        Dutch), n_evidence and n_missing (ids that support, and those of them that cannot be
        measured), n_sources, n_broad, strength, strength_name (see ``strength``) and level: 0
        for the strongest of ``[[strengths]]`` and one more for each below it, then silent, then
        not measured. A row that names no evidence is not measured.
    """
    tallies = evidence_tallies(rows, id=id, sources=sources)
    pro = tallies[tallies["side"].eq("for")]
    counts = pd.DataFrame(
        {
            "n_evidence": pro.groupby(id, sort=False).size(),
            "n_missing": pro["weight"].isna().groupby(pro[id], sort=False).sum(),
        }
    )
    directions = source_directions(tallies, id=id)
    strength = evidence_strength(directions, id=id, study=sources.study)
    out = rows.join(counts, on=id).merge(strength, on=id, how="left")
    numbers = [*COUNTS, "n_sources", "n_broad", "n_speaking", "n_measured"]
    out[numbers] = out[numbers].fillna(0).astype("int64")
    out = out.assign(**_told(tallies, out[id], id=id, sources=sources))
    return with_strength(out, out["strength"].fillna("not_measured"), sources=sources)


def with_strength(table: pd.DataFrame, strength: pd.Series, *, sources: Sources) -> pd.DataFrame:
    """The table with this strength, its Dutch name and its level."""
    named = {rule["id"]: rule["label"] for rule in sources.study.settings["strengths"]}
    named |= UNSUPPORTED
    levels = {id: level for level, id in enumerate(named)}
    return table.assign(
        strength=strength, strength_name=strength.map(named), level=strength.map(levels)
    )


def _told(
    tallies: pd.DataFrame, ids: pd.Series, *, id: str, sources: Sources
) -> dict[str, pd.Series]:
    """Per side the evidence of each row in words, "" without any."""
    words = evidence_words(tallies, study=sources.study)
    sides = {"support": "for", "opposition": "counter"}
    found = {}
    for column, side in sides.items():
        own = words[tallies["side"].eq(side)]
        joined = own.groupby(tallies[id], sort=False).agg("; ".join)
        found[column] = ids.map(joined).astype("string").fillna("")
    return found
