"""The ledger of claims: every conclusion with what supports it, what speaks against, how strong."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.evidence.sources import Sources
from copanalysis.evidence.support import supported, with_strength
from copanalysis.evidence.tallies import evidence_tallies

NOT_DIRECT = "niet direct gemeten"
CHANGES = ("sterker", "gelijk", "zwakker", "eerst niet te meten")  # of the evidence of a claim
SORTS = {"descriptive": "beschrijvend", "causal": "oorzakelijk"}


def claims_ledger(sources: Sources, *, chapters: Sequence[str]) -> pd.DataFrame:
    """Every claim of claims.csv in some chapters ("4.4" takes 4.4.1 too), held against the data.

    Returns, in the order of the file: claim, chapter, text, sort_name, direct_name ("niet direct
    gemeten" where a claim is about something that nobody measured itself), support and
    opposition (the evidence and its amounts, in Dutch), n_evidence, n_missing, strength,
    strength_name, limits. A claim whose evidence is missing is what ``on_missing`` says: with
    "weaken" the rest counts, with "not_measured" the claim is "niet te meten" as soon as
    anything is missing. What nobody measured itself is at most as strong as indirect_at_most of
    study.toml, however much is said of it.

    Raises
    ------
    CopanalysisError
        Naming every claim with ``on_missing`` "fail" of which evidence is missing.
    """
    claims = sources.study.table("claims.csv")
    inside = [any(_within(chapter, c) for c in chapters) for chapter in claims["chapter"]]
    out = supported(claims[inside].reset_index(drop=True), id="claim", sources=sources)
    _refuse_failing(out, sources)
    gone = out["on_missing"].eq("not_measured") & out["n_missing"].gt(0)
    out = with_strength(out, out["strength"].mask(gone, "not_measured"), sources=sources)
    most = sources.study.settings["evidence"]["indirect_at_most"]
    order = [rule["id"] for rule in sources.study.settings["strengths"]]
    beyond = out["direct"].eq("no") & out["level"].lt(order.index(most))
    out = with_strength(out, out["strength"].mask(beyond, most), sources=sources)
    return out.assign(
        sort_name=out["sort"].map(SORTS),
        direct_name=out["direct"].map({"yes": "", "no": NOT_DIRECT}),
    )


def compared_ledgers(first: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """The same claims on two moments: claim, chapter, text, strength_first, strength_last (Dutch),
    and change (one of CHANGES)."""
    both = first[["claim", "strength", "strength_name", "level"]].merge(
        last[["claim", "chapter", "text", "strength_name", "level"]],
        on="claim",
        suffixes=("_first", "_last"),
    )
    step = both["level_last"] - both["level_first"]
    stronger, same, weaker, first_unmeasured = CHANGES
    change = step.map(lambda s: stronger if s < 0 else weaker if s > 0 else same)
    unmeasured = both["strength"].eq("not_measured") & step.ne(0)
    return both.assign(change=change.mask(unmeasured, first_unmeasured)).rename(
        columns={"strength_name_first": "strength_first", "strength_name_last": "strength_last"}
    )


def ledger_changes(compared: pd.DataFrame) -> pd.DataFrame:
    """How many claims of ``compared_ledgers`` changed in which way: change and n_claims, a row for
    each of CHANGES, in that order."""
    counts = compared["change"].value_counts().reindex(CHANGES, fill_value=0)
    return counts.rename("n_claims").rename_axis("change").reset_index()


def _within(chapter: str, above: str) -> bool:
    return chapter == above or chapter.startswith(f"{above}.")


def _refuse_failing(claims: pd.DataFrame, sources: Sources) -> None:
    failing = claims[claims["on_missing"].eq("fail") & claims["n_missing"].gt(0)]
    tallies = evidence_tallies(failing, id="claim", sources=sources)
    absent = tallies[tallies["weight"].isna() & tallies["side"].eq("for")]
    fix = "restore the data, or let claims.csv weaken the claim"
    problems = [
        Problem(f"claim {row.claim}", f"{row.reference}: {row.reason}", "data behind it", fix)
        for row in absent.itertuples()
    ]
    refuse_if_any("Claims that may not lose their evidence have lost it", problems)
