"""Tensions and scenarios: where each community stands, and what every choice rests on."""

from __future__ import annotations

import pandas as pd

from copanalysis.evidence.sources import Sources
from copanalysis.evidence.support import supported
from copanalysis.study.evidence_ids import read_references
from copanalysis.study.plan import Study

TITLES = {"lesson": ("lessons.csv", "title"), "condition": ("conditions.csv", "text")}


def placements(study: Study) -> pd.DataFrame:
    """Where each community stands on each tension: cop, a column per tension with its score (-2 to
    2), and reason and basis_name ("rapport", "aanname") of every score together."""
    rows = study.table("placements.csv")
    scores = rows.assign(score=rows["score"].astype(int))
    wide = scores.pivot(index="cop", columns="tension", values="score")
    wide.columns.name = None
    words = rows["reason"].groupby(rows["cop"], sort=False).agg("; ".join)
    assumed = rows["basis"].eq("assumed").groupby(rows["cop"], sort=False).sum()
    out = wide.assign(reason=words, n_assumed=assumed)
    return out.loc[rows["cop"].drop_duplicates()].reset_index()


def scenario_table(study: Study) -> pd.DataFrame:
    """The choices by scenario: row, row_label and a column per scenario with its text."""
    cells = study.table("scenario_cells.csv")
    wide = cells.pivot(index="row", columns="scenario", values="text")
    wide.columns.name = None
    order = cells[["row", "row_label"]].drop_duplicates()
    return order.merge(wide.reset_index(), on="row")


def bound_cells(sources: Sources) -> pd.DataFrame:
    """Every cell of the scenario table and what it rests on: cell, row_label, scenario, text, bound
    (lessons and conditions in words), n_bound, and the columns of ``support.supported``."""
    study = sources.study
    cells = study.table("scenario_cells.csv")
    cells = cells.assign(cell=cells["row"] + " " + cells["scenario"])
    names = [_bound(study, evidence) for evidence in cells["evidence"]]
    out = supported(cells, id="cell", sources=sources)
    return out.assign(bound=["; ".join(n) for n in names], n_bound=[len(n) for n in names])


def _bound(study: Study, evidence: str) -> list[str]:
    found = []
    for reference in read_references(evidence):
        if reference.kind in TITLES:
            file, column = TITLES[reference.kind]
            rows = study.table(file).set_index(reference.kind)
            found.append(rows.at[reference.id, column])
    return found
