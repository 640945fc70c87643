"""Tables remember the functions that made them, with keywords and rows, and nothing else."""

import pandas as pd

import copanalysis as ca
from copanalysis.study.steps import recorded, steps_of

ANSWERS = pd.DataFrame(
    {"wave": ["1", "1", "3"], "respondent": ["a", "b", "a"], "option": ["x", "y", "x"]}
)


@recorded
def counted(answers, *, base, options=None):
    return answers.groupby("option", as_index=False).size()


@recorded
def under_each_other(tables, *, name):
    return pd.concat(tables.values())


def test_a_step_tells_function_plain_keywords_rows_respondents_and_waves():
    table = counted(ANSWERS, base="answered", options=ANSWERS)
    assert steps_of(table) == [
        {
            "function": "counted",
            "keywords": {"base": "answered"},
            "rows": 3,
            "respondents": 3,  # "a" of wave 1 and of wave 3 are two
            "waves": ["1", "3"],
        }
    ]


def test_steps_follow_each_other_and_those_of_several_tables_come_together_once():
    one = counted(ANSWERS, base="answered")
    two = counted(ANSWERS, base="asked")
    both = under_each_other({"a": one, "b": two, "c": one}, name="comparison")
    assert [s["function"] for s in steps_of(both)] == ["counted", "counted", "under_each_other"]
    assert [s["keywords"].get("base") for s in steps_of(both)] == ["answered", "asked", None]


def test_steps_stay_when_rows_are_chosen_and_the_table_given_keeps_its_own():
    table = counted(ANSWERS, base="answered")
    chosen = table[table["size"].gt(1)].sort_values("size").reset_index(drop=True)
    assert steps_of(chosen) == steps_of(table)
    under_each_other({"a": table}, name="x")
    assert len(steps_of(table)) == 1
    assert steps_of(ANSWERS) == []


def test_what_is_no_table_comes_out_as_it_is():
    assert recorded(len)([1, 2]) == 2


def test_functions_in_notebooks_are_recorded_and_classes_are_not():
    ranked = ca.ranked(pd.DataFrame({"option": ["a"], "n": [1]}), by="n")
    assert [step["function"] for step in steps_of(ranked)] == ["ranked"]
    assert ca.ranked.__doc__.startswith("The rows from large to small")
    assert isinstance(ca.NotMeasured("q", "x"), ca.NotMeasured)
