"""From an export to tidy answers: kinds of missing, write-ins, flags, and the way back."""

from dataclasses import replace
from pathlib import Path

import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.survey.answers import tidy_answers
from copanalysis.survey.export import NOT_SHOWN, Column, Export, Response
from copanalysis.survey.flags import flag_respondents
from copanalysis.survey.funnel import response_funnel
from copanalysis.survey.triage import apply_decisions, undecided_write_ins
from copanalysis.survey.wiring import wire_columns


def columns_of(study, *, wave, joined=False):
    """One column per item, named as fielded; multiple items as boxes or as one joined cell."""
    columns = []
    for item in study.items_of(wave):
        if item.type == "multiple" and not joined:
            for option in study.options(item.id, wave=wave).itertuples():
                columns.append(
                    Column(
                        f"{item.id}.{option.option}",
                        text=item.wording,
                        item=item.wording,
                        option_text=option.label,
                        type="multiple",
                        ticked=frozenset({"Ja"}),
                    )
                )
            columns.append(
                Column(f"{item.id}.text", text=item.wording, item=item.wording, other=True)
            )
        else:
            kind = {"multiple": "multiple"}.get(item.type, item.type)
            joiner = ";" if item.type == "multiple" else ""
            columns.append(Column(item.id, text=item.wording, type=kind, joiner=joiner))
    return tuple(columns)


def export(study, people, *, wave="1", joined=False):
    """An export of respondents given as {column: cell}, with keys status, seconds and row."""
    columns = columns_of(study, wave=wave, joined=joined)
    responses = tuple(
        Response(
            row=i,
            cells=tuple(person.get(c.name) for c in columns),
            status=person.get("status", "complete"),
            seconds=person.get("seconds", 600),
        )
        for i, person in enumerate(people, 2)
    )
    return Export(Path("test.csv"), "test", "test", "utf-8", columns, responses)


def tidy(study, people, *, wave="1", joined=False):
    made = export(study, people, wave=wave, joined=joined)
    wires, problems = wire_columns(made, study=study, wave=wave)
    assert problems == []
    answers, log, _ = tidy_answers(made, wires, study=study, wave=wave)
    return made, wires, answers, log


def state(answers, item, respondent="1-0001"):
    own = answers[answers["item"].eq(item) & answers["respondent"].eq(respondent)]
    (found,) = set(own["state"])
    return found


def ticked(answers, item, respondent="1-0001"):
    own = answers[answers["item"].eq(item) & answers["respondent"].eq(respondent)]
    return set(own.loc[own["value"].eq("1"), "option"])


def test_an_alias_counts_as_its_cop_and_is_logged_beside_the_usual_spelling(study):
    people = [{"q1_cop": "Oost-Brabant"}, {"q1_cop": "Oost-Brabant"}, {"q1_cop": "Helmond"}]
    *_, answers, log = tidy(study, people)
    assert set(answers["cop"]) == {"oost_brabant"}
    (row,) = log[log["rule"].eq("spelling")].to_dict("records")
    assert (row["old"], row["new"], row["row"]) == ("Helmond", "oost_brabant", 4)


def test_a_value_that_is_no_option_is_skipped_and_logged(study):
    *_, answers, log = tidy(study, [{"q9a_responsible": "Groen"}])
    assert state(answers, "q9a_responsible") == "skipped"
    assert log.loc[log["rule"].eq("no_option"), "old"].tolist() == ["Groen"]


def test_do_not_know_is_a_state_of_its_own(study):
    *_, answers, _ = tidy(study, [{"q9a_responsible": "Weet niet"}])
    assert state(answers, "q9a_responsible") == "dont_know"


def test_boxes_tell_none_ticked_from_skipped_where_the_file_does(study):
    all_no = {f"q2_aims.{o}": "Nee" for o in study.options("q2_aims", wave="1")["option"]}
    people = [all_no, {"q2_aims.reflect": "Ja"}, {"q6_examples": "iets"}]
    *_, answers, _ = tidy(study, people)
    states = [state(answers, "q2_aims", f"1-000{i}") for i in (1, 2, 3)]
    assert states == ["none_ticked", "answered", "skipped"]
    values = answers[answers["item"].eq("q2_aims")].groupby("respondent")["value"]
    assert set(values.get_group("1-0001")) == {"0"}  # an answer: nobody in the boxes
    assert values.get_group("1-0003").isna().all()


def test_boxes_without_a_no_in_the_file_count_as_none_ticked(study):
    *_, answers, _ = tidy(study, [{"q2_aims.reflect": "Ja"}, {"q6_examples": "iets"}])
    assert state(answers, "q2_aims", "1-0002") == "none_ticked"


def test_what_a_tool_did_not_show_is_not_shown(study):
    *_, answers, _ = tidy(study, [{"q9a_responsible": NOT_SHOWN, "q6_examples": "iets"}])
    assert state(answers, "q9a_responsible") == "not_shown"
    people = [{"q2_aims.reflect": NOT_SHOWN}, {"q2_aims.reflect": "Ja"}]
    *_, answers, _ = tidy(study, people)
    assert state(answers, "q2_aims") == "not_shown"


def test_a_label_of_a_missing_value_is_no_answer(study):
    made = export(study, [{"q1_cop": "Helmond"}, {"q1_cop": "Zeeland"}])
    columns = tuple(
        replace(c, missing=frozenset({"Helmond"})) if c.name == "q1_cop" else c
        for c in made.columns
    )
    made = replace(made, columns=columns)
    wires, _ = wire_columns(made, study=study, wave="1")
    answers, log, _ = tidy_answers(made, wires, study=study, wave="1")
    assert [state(answers, "q1_cop", f"1-000{i}") for i in (1, 2)] == ["skipped", "answered"]
    assert log.loc[log["rule"].eq("no_option"), "old"].tolist() == ["Helmond"]


def test_after_the_last_answer_a_partial_respondent_saw_nothing(study):
    people = [{"status": "partial", "q1_cop": "Zeeland", "q3_hoped.insight": "Ja"}]
    *_, answers, _ = tidy(study, people)
    assert state(answers, "q2_aims") == "none_ticked"
    assert state(answers, "q4_got") == "not_shown"
    assert state(answers, "q12_learn") == "not_shown"


def test_a_follow_up_is_not_shown_to_who_did_not_answer_the_first(study):
    people = [{"q6_examples": "iets"}, {"q4_got.network": "Ja"}]
    *_, answers, _ = tidy(study, people)
    assert state(answers, "q5_most_important", "1-0001") == "not_shown"
    assert state(answers, "q5_most_important", "1-0002") == "none_ticked"


@pytest.mark.parametrize("text", ["nvt", " NVT ", "-", "n.v.t.", "weet ik niet"])
def test_a_non_answer_is_no_answer(study, text):
    *_, answers, log = tidy(study, [{"q6_examples": text, "q7_work_forms": "werkbezoek"}])
    assert state(answers, "q6_examples") == "skipped"
    assert log.loc[log["rule"].eq("non_answer"), "old"].tolist() == [text]


def test_a_write_in_ticks_other(study):
    *_, answers, _ = tidy(study, [{"q4_got.text": "gezelligheid"}])
    assert ticked(answers, "q4_got") == {"other"}
    assert "gezelligheid" in set(answers["text"].dropna())


def test_joined_options_with_commas_and_semicolons_are_found_whole(study):
    cell = (
        "Kennis van nieuwe werkwijzen, methoden, praktijken;Steun van collega's van andere "
        "organisaties;iets, met een komma;"
    )
    *_, answers, log = tidy(study, [{"q4_got": cell}], joined=True)
    assert ticked(answers, "q4_got") == {"methods", "support", "other"}
    assert "iets, met een komma" in set(answers["text"].dropna())
    assert log.loc[log["rule"].eq("write_in_split_off"), "old"].tolist() == [cell]


def test_an_item_without_a_column_is_refused_with_its_wording(study):
    made = export(study, [{}])
    columns = tuple(c for c in made.columns if c.name != "q12_learn")
    short = Export(made.path, "test", "test", "utf-8", columns, ())
    _, problems = wire_columns(short, study=study, wave="1")
    assert [p.found for p in problems if p.level == "error"] == ["no column for q12_learn"]


def test_a_column_that_matches_nothing_is_a_warning(study):
    made = export(study, [{}])
    more = (*made.columns, Column("extra", text="Heel iets anders"))
    _, problems = wire_columns(
        Export(made.path, "test", "test", "utf-8", more, ()), study=study, wave="1"
    )
    assert [(p.level, "extra" in p.where) for p in problems] == [("warning", True)]


ANSWERED = {"q1_cop": "Zeeland", "q4_got.network": "Ja", "q6_examples": "We bellen nu eerst."}


def flagged(study, people):
    made, wires, answers, _ = tidy(study, people)
    return flag_respondents(answers, export=made, wires=wires, study=study, wave="1")


def test_flags_keep_the_row_and_say_why_it_is_left_out(study):
    all_boxes = {f"q11_help.{o}": "Ja" for o in study.options("q11_help", wave="1")["option"]}
    same = {"q9a_responsible": "Eens", "q9b_influence": "Eens"}
    people = [
        ANSWERED,
        {**ANSWERED},  # the same words again
        {**ANSWERED, "q6_examples": "Testje"},
        {"q1_cop": "Zeeland"},
        {**ANSWERED, "q6_examples": "Snel klaar", "seconds": 20},
        {**ANSWERED, "q6_examples": "Alles goed", **all_boxes, **same},
    ]
    found, log = flagged(study, people)
    assert found["left_out"].tolist() == ["", "duplicate", "test", "empty", "", ""]
    assert found["duplicate_of"].tolist()[1] == "1-0001"
    assert found["speeder"].tolist() == [False] * 4 + [True, False]
    assert found["straightliner"].tolist() == [False] * 5 + [True]
    assert len(found) == len(people)
    assert set(log["rule"]) == {"duplicate", "test", "empty", "speeder", "straightliner"}


def test_equal_boxes_without_words_are_no_duplicate(study):
    found, _ = flagged(study, [{"q1_cop": "Zeeland", "q4_got.network": "Ja"}] * 2)
    assert found["left_out"].tolist() == ["", ""]


def test_more_picks_than_allowed_and_picks_from_outside_are_flagged(study):
    four = ("insight", "network", "support", "methods")
    person = {f"q4_got.{o}": "Ja" for o in four[:3]} | {
        f"q5_most_important.{o}": "Ja" for o in four
    }
    found, log = flagged(study, [person])
    assert found["over_max"].tolist() == [True]
    outside = log[log["rule"].eq("outside_previous")]
    assert outside["option"].tolist() == ["methods"]
    assert found["used"].tolist() == [True]


def test_the_funnel_counts_what_each_step_removes(study):
    people = [ANSWERED, {**ANSWERED}, {"q1_cop": "Zeeland", "q6_examples": "nog niets"}]
    made, wires, answers, _ = tidy(study, people)
    found, _ = flag_respondents(answers, export=made, wires=wires, study=study, wave="1")
    funnel = response_funnel(answers, respondents=found, study=study)
    total = funnel[funnel["cop"].eq("")].set_index("step")
    assert total["n"].to_dict() == {
        **{"rows": 3, "test": 3, "duplicate": 2, "empty": 2, "key_item": 1}
    }
    assert total["removed"].to_dict()["duplicate"] == 1
    by_cop = funnel[funnel["cop"].eq("zeeland") & funnel["step"].eq("key_item")]
    assert by_cop["n"].tolist() == [1]


def test_a_decision_moves_a_write_in_and_is_logged(project):
    from copanalysis.study.plan import load_study

    path = project / "data/instruments/decisions.csv"
    path.write_text(
        "item,text,action,option,reason\n"
        "q4_got,kortere lijntjes,move,network,hoort bij netwerk\n"
        "q4_got,geen idee hoor,clear,,zegt niets\n",
        encoding="utf-8",
    )
    study = load_study(project)
    people = [
        {"q4_got.text": "Kortere  lijntjes"},
        {"q4_got.text": "geen idee hoor"},
        {"q4_got.text": "een nieuwe baan"},
    ]
    made, wires, answers, _ = tidy(study, people)
    found, _ = flag_respondents(answers, export=made, wires=wires, study=study, wave="1")
    decided, log = apply_decisions(answers, respondents=found, study=study)
    assert ticked(decided, "q4_got", "1-0001") == {"network"}
    assert ticked(decided, "q4_got", "1-0002") == set()
    assert ticked(decided, "q4_got", "1-0003") == {"other"}
    assert ticked(answers, "q4_got", "1-0001") == {"other"}  # the argument is not changed
    assert sorted(log["rule"]) == ["write_in_clear", "write_in_move", "write_in_move"]
    assert undecided_write_ins(decided, study=study)["text"].tolist() == ["een nieuwe baan"]


def test_two_columns_for_one_option_are_refused(study):
    made = export(study, [{}])
    twice = (*made.columns, Column("q12_learn (2)", text=made.columns[-1].text))
    _, problems = wire_columns(
        Export(made.path, "test", "test", "utf-8", twice, ()), study=study, wave="1"
    )
    assert any("again" in p.found for p in problems if p.level == "error")


def test_a_raw_folder_that_is_not_there_is_said_with_what_to_make(study):
    from copanalysis.study.raw import raw_folder

    with pytest.raises(CopanalysisError, match="survey/wave_1"):
        raw_folder(study, raw="nowhere")
