"""The ledger of claims: every conclusion with what supports it, what speaks against, how strong."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.evidence.sources import Sources
from copanalysis.evidence.strength import DIRECTIONS, evidence_strength, source_directions
from copanalysis.evidence.tallies import evidence_tallies
from copanalysis.evidence.words import evidence_words

NOT_DIRECT = "niet direct gemeten"
SORTS = {"descriptive": "beschrijvend", "causal": "oorzakelijk"}


def claims_ledger(sources: Sources, *, chapters: Sequence[str]) -> pd.DataFrame:
    """Every claim of claims.csv in some chapters ("4.4" takes 4.4.1 too), held against the data.

    Returns, in the order of the file: claim, chapter, text, sort_name, direct_name ("niet direct
    gemeten" where a claim is about something that nobody measured itself), support and
    opposition (the evidence and its amounts, in Dutch), n_evidence, n_missing, strength,
    strength_name, limits. A claim whose evidence is missing is what ``on_missing`` says: with
    "weaken" the rest counts, with "not_measured" the claim is "niet te meten" as soon as
    anything is missing.

    Raises
    ------
    CopanalysisError
        Naming every claim with ``on_missing`` "fail" of which evidence is missing.
    """
    claims = sources.study.table("claims.csv")
    inside = [any(_within(chapter, c) for c in chapters) for chapter in claims["chapter"]]
    claims = claims[inside].reset_index(drop=True)
    tallies = evidence_tallies(claims, id="claim", sources=sources)
    supporting = tallies[tallies["side"].eq("for")]
    missing = supporting["weight"].isna().groupby(supporting["claim"], sort=False).sum()
    counts = pd.DataFrame({"n_evidence": supporting["claim"].value_counts(), "n_missing": missing})
    directions = source_directions(tallies, id="claim")
    strength = evidence_strength(directions, id="claim", study=sources.study)
    out = claims.join(counts, on="claim").merge(strength, on="claim")
    _refuse_failing(out, tallies)
    gone = out["on_missing"].eq("not_measured") & out["n_missing"].gt(0)
    unmeasured = {"strength": "not_measured", "strength_name": DIRECTIONS["not_measured"]}
    told = _told(tallies, sources)
    return out.assign(
        **{column: out[column].mask(gone, value) for column, value in unmeasured.items()},
        sort_name=out["sort"].map(SORTS),
        direct_name=out["direct"].map({"yes": "", "no": NOT_DIRECT}),
        support=out["claim"].map(told["for"]).astype("string").fillna(""),
        opposition=out["claim"].map(told["counter"]).astype("string").fillna(""),
    )


def _within(chapter: str, above: str) -> bool:
    return chapter == above or chapter.startswith(f"{above}.")


def _told(tallies: pd.DataFrame, sources: Sources) -> dict[str, pd.Series]:
    """Per side the evidence of each claim in words."""
    words = evidence_words(tallies, study=sources.study)
    return {
        side: words[tallies["side"].eq(side)].groupby(tallies["claim"], sort=False).agg("; ".join)
        for side in ("for", "counter")
    }


def _refuse_failing(claims: pd.DataFrame, tallies: pd.DataFrame) -> None:
    failing = claims.loc[claims["on_missing"].eq("fail"), "claim"]
    absent = tallies[tallies["claim"].isin(failing) & tallies["weight"].isna()]
    fix = "restore the data, or let claims.csv weaken the claim"
    problems = [
        Problem(f"claim {row.claim}", f"{row.reference}: {row.reason}", "data behind it", fix)
        for row in absent[absent["side"].eq("for")].itertuples()
    ]
    refuse_if_any("Claims that may not lose their evidence have lost it", problems)
