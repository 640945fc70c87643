"""Communities, meetings, topics and observations: what is counted, and against what."""

from dataclasses import replace

import pandas as pd
import pytest

from copanalysis.evidence.communities import (
    assumption_counts,
    assumptions_by_cop,
    attendance_dots,
    cop_overview,
    listed_counts,
    topic_matrix,
    topic_overlap,
    turnout,
)
from copanalysis.evidence.labels import labelled
from copanalysis.evidence.observed import (
    observation_coverage,
    observation_fields,
    observation_texts,
    observed_communities,
)
from copanalysis.evidence.sources import Sources
from copanalysis.study.measurement import NotMeasured


@pytest.fixture
def known(study, answers):
    meetings = pd.DataFrame(
        [
            ("1", "cop", "zeeland", "2023-05-11", 6, "physical"),
            ("2", "cop", "zeeland", "2023-11-11", 9, "physical"),
            ("3", "cop", "zeeland", "2023-12-11", None, "physical"),
            ("4", "lcc", None, "2023-12-11", 18, "physical"),
        ],
        columns=["meeting", "kind", "cop", "date", "present", "format"],
    ).astype({"date": "datetime64[ns]", "present": "Int64"})
    members = pd.DataFrame(
        [("zeeland", "2023-05-01", 10), ("zeeland", "2023-09-01", 16)],
        columns=["cop", "date", "members"],
    ).astype({"date": "datetime64[ns]"})
    return Sources(study, answers, {"meetings": meetings, "members": members})


def test_turnout_is_held_against_the_list_of_that_day(known):
    table = turnout(known)
    assert table["present"].tolist() == [6, 9]  # not counted and not a community: left out
    assert table["members"].tolist() == [10, 16]
    assert table["phase"].tolist() == ["1", "2"]
    assert table["rate"].tolist() == pytest.approx([0.6, 9 / 16])


def test_dots_hold_each_meeting_and_the_last_list_once(known, study):
    dots = attendance_dots(turnout(known), study=study)
    found = dots[["kind", "number"]].to_numpy().tolist()
    assert found == [["leden", 16], ["aanwezig, fase 1", 6], ["aanwezig, fase 2", 9]]


def test_without_registers_there_are_no_rows_and_no_error(known, study, answers):
    nothing = {name: table.iloc[:0] for name, table in known.tables.items()}
    cops = pd.DataFrame(columns=["cop", "hours_low"])
    members = nothing["members"].assign(organisations=[])
    sources = Sources(study, answers, nothing | {"cops": cops, "members": members})
    assert turnout(sources).empty
    assert attendance_dots(turnout(sources), study=study).empty
    overview = cop_overview(sources)
    assert overview.empty
    assert {"members_first", "n_meetings", "days_between"} <= set(overview)


def test_of_one_list_and_two_meetings_the_overview_tells_both(known, study, answers):
    members = known.tables["members"].assign(organisations=[6, 8])
    tables = known.tables | {"cops": pd.DataFrame({"cop": ["zeeland"]}), "members": members}
    row = cop_overview(Sources(study, answers, tables)).iloc[0]
    assert row[["members_first", "members_last", "organisations"]].tolist() == [10, 16, 8]
    assert (row["n_meetings"], row["days_between"]) == (3, 107)  # 184 and 30 days apart


def test_assumptions_are_counted_per_assumption_and_per_community():
    checks = pd.DataFrame(
        [
            ("size", "20 leden", "a", "met"),
            ("size", "20 leden", "b", "not_met"),
            ("safe", "Veilig", "a", "unknown"),
            ("safe", "Veilig", "b", "not_met"),
        ],
        columns=["assumption", "label", "cop", "outcome"],
    )
    counts = assumption_counts(checks).set_index("assumption")
    assert counts.loc["size", ["n_met", "n_not_met", "n_unknown"]].tolist() == [1, 1, 0]
    by_cop = assumptions_by_cop(checks).set_index("cop")
    assert by_cop.at["b", "not_met"] == "20 leden; Veilig"
    assert by_cop.at["a", "n_unknown"] == 1


def test_topics_per_community_with_zeros_and_two_coders():
    topics = pd.DataFrame(
        [("a", "ISK", "groups", "life"), ("a", "werk", "life", "life"), ("b", "PIP", "life", None)],
        columns=["cop", "topic", "category_1", "category_2"],
    )
    matrix = topic_matrix(topics, names={"groups": "Groepen", "life": "Leven"})
    cells = matrix.set_index(["cop", "category"])["n_topics"].to_dict()
    assert cells == {("a", "groups"): 1, ("a", "life"): 1, ("b", "groups"): 0, ("b", "life"): 1}
    overlap = topic_overlap(topics).iloc[0]
    assert (overlap["n_topics"], overlap["n_equal"], overlap["share_equal"]) == (2, 1, 0.5)


def test_listed_codes_count_rows_and_communities():
    table = pd.DataFrame({"cop": ["a", "a", "b"], "forms": ["case visit", "case", None]})
    counts = listed_counts(table, column="forms", names={"case": "Casus", "visit": "Bezoek"})
    assert counts[["label", "n_rows", "n_cops"]].to_numpy().tolist() == [
        ["Casus", 2, 1],
        ["Bezoek", 1, 1],
    ]


def test_codes_get_the_words_of_their_vocabulary(study):
    table = pd.DataFrame({"route": ["cop lcc", None], "status": ["open", "done"]})
    out = labelled(table, register="signals", study=study)
    assert out["route_name"].iloc[0] == "CoP, LCC"
    assert pd.isna(out["route_name"].iloc[1])
    assert out["status_name"].tolist() == ["open", "afgerond"]


def test_coverage_names_communities_that_were_never_observed(sources):
    answers = sources.tables["observation_answers"].assign(cop="amsterdam")
    seen = replace(sources, tables={**sources.tables, "observation_answers": answers})
    coverage = observation_coverage(seen)
    cell = coverage.set_index(["cop", "scheme_row"]).loc[("amsterdam", "r5")]
    assert cell.tolist() == [5, 4, "rij 5"]  # fields to be measured, and answered
    counts = observed_communities(coverage).iloc[0]
    assert (counts["n_observed"], counts["n_not_observed"]) == (1, 11)
    assert "zeeland" in counts["not_observed"].split()


def test_fields_of_a_row_are_summed_up_over_the_meetings(sources):
    fields = observation_fields(sources, row="r5").set_index("field")
    row = fields.loc["r5_stories"]
    assert (row["n_meetings"], row["n_answered"], row["lowest"], row["highest"]) == (3, 2, 0, 2)
    assert observation_fields(sources, row="r3")["seen"].iloc[0] == "leidend (1)"
    assert isinstance(observation_fields(sources, row="r2"), NotMeasured)


def test_until_the_end_of_a_phase_only_what_was_known_then(known):
    early = known.until("1")
    assert early.answers.empty  # wave 3 came later
    assert early.tables["meetings"]["meeting"].tolist() == ["1"]
    assert early.tables["members"]["members"].tolist() == [10, 16]
    assert known.until("") is known


def test_signals_are_as_old_as_they_were_and_later_feedback_is_not_told_yet(known):
    days = pd.to_datetime(["2023-06-01", "2023-09-01", "2023-11-01"])
    told = pd.to_datetime(["2023-09-30", "2023-12-01", None])
    signals = pd.DataFrame({"date": days, "feedback": ["yes", "yes", "no"], "feedback_on": told})
    signals["duplicate_of"] = pd.array([None] * 3, dtype="string")
    early = replace(known, tables={"signals": signals}).until("1")
    assert early.tables["signals"]["feedback"].tolist() == ["yes", "no"]
    assert early.tables["signals"]["feedback_on"].isna().tolist() == [False, True]
    assert str(early.study.settings["signals"]["reference"]) == "2023-10-01"
    late = replace(known, tables={}).until("2").study.settings["signals"]["reference"]
    assert late == known.study.settings["signals"]["reference"]


def test_sources_of_one_community_hold_no_other(known):
    own = known.of_cop("amsterdam")
    assert own.tables["meetings"].empty
    assert len(own.answers) == len(known.answers)  # the answers are all from amsterdam
    assert known.of_cop("zeeland").answers.empty


def test_texts_of_observers_do_not_stand_in_order_of_the_day_nor_come_from_small_meetings(sources):
    rows = [("O1", "veel"), ("O2", "alles"), ("O3", "zeldzaam"), ("O4", "buiten")]
    answers = pd.DataFrame(rows, columns=["observation", "answer"])
    answers = answers.assign(field="r5_text", scheme_row="r5", measured=True, date=range(4))
    present = pd.array([20, 12, 9, None], dtype="Int64")
    observations = pd.DataFrame({"observation": ["O1", "O2", "O3", "O4"], "phase": "1"})
    tables = {"observation_answers": answers, "observations": observations.assign(present=present)}
    field = sources.study.table("observation_fields.csv").query("row == 'r5' and type == 'text'")
    answers["field"] = field["field"].iloc[0]
    texts = observation_texts(replace(sources, tables=sources.tables | tables), row="r5")
    assert texts["answer"].tolist() == ["alles", "buiten", "veel"]
