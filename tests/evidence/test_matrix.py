"""The evidence matrix: every research question and what each kind of source says of it."""

import pandas as pd

from copanalysis.evidence.convergence import joint_display
from copanalysis.evidence.matrix import evidence_matrix, silent_questions
from copanalysis.evidence.support import supported


def test_every_question_without_sub_questions_is_in_the_matrix(sources, study):
    questions = study.table("research_questions.csv")
    leaves = questions[~questions["question"].isin(questions["parent"])]
    matrix = evidence_matrix(sources, phases=["", "1", "2"])
    assert list(matrix["question"]) == list(leaves["question"])


def test_a_question_says_what_its_sources_say(sources):
    matrix = evidence_matrix(sources, phases=["1"]).set_index("question")
    assert matrix.at["F1-4a", "obs"] == "zwijgt"  # one meeting is under obs_some
    assert matrix.at["F1-7b", "strength"] == "not_measured"  # asked, never measured
    assert matrix.at["F1-7b", "gap"]


def test_questions_are_counted_by_strength(sources):
    matrix = evidence_matrix(sources, phases=["1", "2"])
    counts = silent_questions(matrix).iloc[0]
    levels = ["n_strong", "n_fair", "n_weak", "n_contested", "n_silent", "n_not_measured"]
    assert counts[levels].sum() == counts["n"] == len(matrix)


def test_a_joint_display_puts_share_and_conversations_side_by_side(sources):
    display = joint_display(sources).set_index("topic")
    row = display.loc["network"]
    assert (row["n_item"], row["base_item"], row["n_code"], row["base_code"]) == (4, 10, 1, 6)
    assert row["ci_low"] < row["share"] == 0.4 < row["ci_high"]
    assert (row["n_obs"], row["obs"]) == (1, "zwijgt")  # one meeting is under obs_some


def test_a_row_that_names_no_evidence_is_not_measured(sources):
    rows = pd.DataFrame(
        [("a", ""), ("b", "code:outcome.relations")], columns=["lesson", "evidence"]
    )
    table = supported(rows, id="lesson", sources=sources).set_index("lesson")
    assert table["strength"].to_dict() == {"a": "not_measured", "b": "weak"}
    assert table["n_evidence"].tolist() == [0, 1]
    assert table["support"].tolist() == ["", "Relaties (2 van 6 gesprekken)"]
