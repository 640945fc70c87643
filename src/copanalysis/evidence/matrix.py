"""The evidence matrix: for every research question which sources speak, and how strongly."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from copanalysis.evidence.convergence import directions_in_words
from copanalysis.evidence.sources import Sources
from copanalysis.evidence.strength import source_directions
from copanalysis.evidence.support import supported
from copanalysis.evidence.tallies import evidence_tallies


def evidence_matrix(sources: Sources, *, phases: Sequence[str]) -> pd.DataFrame:
    """One row per question or sub-question of some phases that question_evidence.csv answers.

    Returns question, text, chapters, item, code, obs, reg and doc (what that kind of source
    says, in Dutch: "steunt", "beide kanten", "spreekt tegen", "zwijgt", "niet te meten"; "" when
    it was not meant to answer), n_sources, strength, strength_name and gap (what no source
    measured, in Dutch). ``phases`` holds "" for the parts of the main question.
    """
    questions = sources.study.table("research_questions.csv")
    rows = sources.study.table("question_evidence.csv").merge(questions, on="question")
    rows = rows[rows["phase"].isin(list(phases))].reset_index(drop=True)
    tallies = evidence_tallies(rows, id="question", sources=sources)
    wide = directions_in_words(source_directions(tallies, id="question"), id="question")
    return supported(rows, id="question", sources=sources).merge(wide, on="question")


def silent_questions(matrix: pd.DataFrame) -> pd.DataFrame:
    """How many questions have an answer: n, and by strength n_strong, n_fair, n_weak, n_contested,
    n_silent, n_not_measured; n_gap (with something that no source measured). One row."""
    counts = matrix["strength"].value_counts()
    levels = ("strong", "fair", "weak", "contested", "silent", "not_measured")
    row = {"n": len(matrix)} | {f"n_{level}": int(counts.get(level, 0)) for level in levels}
    return pd.DataFrame([row | {"n_gap": int(matrix["gap"].ne("").sum())}])
