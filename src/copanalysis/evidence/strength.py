"""How strongly sources support something, and in which direction, by the rules of study.toml."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from copanalysis.study.plan import Study

# of a kind of source: what it says of the thing asked
DIRECTIONS = {
    "for": "steunt",
    "mixed": "beide kanten",
    "against": "spreekt tegen",
    "silent": "zwijgt",
    "not_measured": "niet te meten",
}
UNSUPPORTED = {"silent": "geen steun", "not_measured": DIRECTIONS["not_measured"]}
SPEAKING = ("for", "mixed", "against")


def weight(kind: str, amount: float, rules: Mapping[str, float]) -> int:
    """0 (silent), 1 (some) or 2 (broad): an amount held against ``[evidence]`` of study.toml."""
    return int(amount >= rules[f"{kind}_some"]) + int(amount >= rules[f"{kind}_broad"])


def source_directions(tallies: pd.DataFrame, *, id: str) -> pd.DataFrame:
    """What each kind of source says: one row per ``id`` and kind.

    ``tallies`` are those of ``tallies.evidence_tallies``. Of the ids of one kind the heaviest
    on each side counts. Returns id, kind, n_for and n_against (the largest amounts counted),
    supports and opposes (weights 0-2, 0 where nothing was measured) and direction: "for",
    "against", "mixed" (both equally heavy), "silent", or "not_measured" when no id of that
    kind could be measured.
    """
    found = tallies.assign(
        supports=tallies["weight"].where(tallies["side"].eq("for")),
        opposes=tallies["weight"].where(tallies["side"].eq("counter")),
        n_for=tallies["n"].where(tallies["side"].eq("for")),
        n_against=tallies["n"].where(tallies["side"].eq("counter")),
    )
    numbers = ["supports", "opposes", "n_for", "n_against"]
    out = found.groupby([id, "kind"], sort=False)[numbers].max().reset_index()
    measured = found.groupby([id, "kind"], sort=False)["weight"].count().gt(0).to_numpy()
    out[numbers] = out[numbers].astype("Int64").fillna(0)
    cases = {
        "not_measured": ~measured,
        "silent": out["supports"].eq(0) & out["opposes"].eq(0),
        "for": out["supports"].gt(out["opposes"]),
        "against": out["supports"].lt(out["opposes"]),
    }
    conditions = [np.asarray(case, dtype=bool) for case in cases.values()]
    return out.assign(direction=np.select(conditions, list(cases), default="mixed"))


def evidence_strength(directions: pd.DataFrame, *, id: str, study: Study) -> pd.DataFrame:
    """How strong the support is over all kinds of source: one row per ``id``.

    Returns id, n_sources (kinds that support, mixed ones included, minus kinds that oppose),
    n_broad (kinds that only support, and broadly), n_speaking and n_measured (kinds that say
    anything, kinds of which anything could be measured), and strength and strength_name: the
    first of ``[[strengths]]`` that fits, "silent" when nothing speaks, or "not_measured" when
    nothing could be measured.
    """
    d = directions["direction"]
    counted = directions.assign(
        n_sources=d.isin(["for", "mixed"]).astype(int) - d.eq("against").astype(int),
        n_broad=(d.eq("for") & directions["supports"].eq(2)).astype(int),
        n_speaking=d.isin(SPEAKING).astype(int),
        n_measured=d.ne("not_measured").astype(int),
    )
    sums = ["n_sources", "n_broad", "n_speaking", "n_measured"]
    out = counted.groupby(id, sort=False)[sums].sum().reset_index()
    found = [_strength(row, study) for row in out.itertuples()]
    return out.assign(
        strength=[rule["id"] for rule in found], strength_name=[rule["label"] for rule in found]
    )


def _strength(row, study: Study) -> Mapping[str, str]:
    if row.n_speaking == 0:
        state = "silent" if row.n_measured else "not_measured"
        return {"id": state, "label": UNSUPPORTED[state]}
    return next(
        rule
        for rule in study.settings["strengths"]
        if row.n_sources >= rule["sources"] and row.n_broad >= rule["broad"]
    )
