"""The twin's registers say what the published report says; origin beside each figure."""

import pytest

from copanalysis.fieldwork.registers.assumptions import assumption_checks
from copanalysis.fieldwork.registers.preparation import prepare_registers
from copanalysis.fieldwork.registers.workbooks import read_sheets
from copanalysis.twin.registers import write_registers_twin


@pytest.fixture(scope="module")
def tables(study):
    return prepare_registers(study).tables


def test_twelve_cops_of_which_ten_are_regional_now(tables):  # 3.2.1: eleven regional at first
    cops = tables["cops"].set_index("cop")
    assert len(cops) == 12
    assert set(cops.query("scope == 'national'").index) == {
        "klantmanagers",
        "utrecht_gezinsmigranten",
    }
    assert cops["former_name"].dropna().to_dict() == {"utrecht_gezinsmigranten": "Utrecht"}


def test_orientations_that_the_report_names(tables):  # 3.2.2
    printed = tables["cops"].query("orientation_basis == 'printed'").set_index("cop")
    assert printed["orientation"].to_dict() == {
        "zeeland": "theme",
        "hart_van_brabant": "product",
        "klantmanagers": "case",
        "utrecht_gezinsmigranten": "theme",
    }


def test_members_at_the_start_are_those_of_the_population(tables, study):  # 3.2.1
    start = tables["members"].sort_values("date").groupby("cop", observed=True)["members"].first()
    assert start.to_dict() == study.members()
    assert (start["zeeland"], start["utrecht_gezinsmigranten"], start["fryslan"]) == (10, 10, 40)


def test_the_composition_adds_up_to_the_members(tables):
    people = tables["composition"].groupby(["cop", "date"], observed=True)["people"].sum()
    members = tables["members"].set_index(["cop", "date"])["members"]
    assert (people == members.reindex(people.index)).all()


def test_frequency_duration_and_place(tables):  # 3.2.1
    cops = tables["cops"].set_index("cop")
    usual = cops["meetings_low"].ge(6) & cops["meetings_high"].le(8)
    assert usual.sum() > 6
    assert (cops["hours_low"].min(), cops["hours_high"].max()) == (2, 4)
    rotating = {"oost_brabant", "foodvalley", "rijnmond", "fryslan", "midden_limburg"}
    assert set(cops.query("venue == 'rotating'").index) == rotating
    assert set(cops.query("online == 'sometimes'").index) == {"hart_van_brabant"}


def test_online_meetings_of_a_cop_that_says_it_has_none(tables):  # 3.2.1 against 5.1.2
    online = tables["meetings"].query("kind == 'cop' and format == 'online'")
    assert set(online["cop"]) == {"hart_van_brabant", "utrecht_gezinsmigranten"}


def test_attendance_at_the_observed_meetings(tables):  # 3.2.1: mostly 15 to 25; 5 and 37
    present = tables["observations"].query("kind == 'cop'")["present"]
    assert (present.min(), present.max()) == (5, 37)
    assert present.between(15, 25).sum() == 8


def test_ten_cops_and_two_other_meetings_were_observed(tables, study):  # 2.3; B3
    observations = tables["observations"]
    cops = observations.query("kind == 'cop'")
    assert cops["phase"].value_counts().to_dict() == {"1": 5, "2": 5}
    assert sorted(observations.query("kind != 'cop'")["kind"]) == ["lcc", "leaders"]
    missing = set(study.names.ids(kind="cop")) - set(cops["cop"])
    assert missing == {"zeeland", "utrecht_gezinsmigranten"}
    assert cops.query("format == 'online'")["cop"].tolist() == ["hart_van_brabant"]
    first = cops.query("phase == '1'")["date"]
    assert {d.strftime("%Y-%m") for d in first} == {"2023-06"}


def test_phase_two_measured_less(tables):  # B3 against B4
    answers = tables["observation_answers"].dropna(subset=["answer"])
    days = tables["observations"].set_index("observation")["phase"]
    phase = answers["observation"].map(days)
    for row in ("r3", "r7"):
        assert set(phase[answers["scheme_row"].eq(row)]) == {"1"}
    odd = answers[~answers["measured"] & answers["number"].notna()]
    assert odd["field"].tolist() == ["r1_present", "r1_present"]
    assert set(answers.query("scheme_row == 'r2'")["answer"]) == {"n.v.t."}


def test_activities_of_both_phases_once(tables, study):  # B3: 13 + 7 + 2 + 1, 12 leaders
    kinds = tables["collected"]["kind"].value_counts()
    expected = {
        "interview_participant": 13,
        "interview_partner": 7,
        "interview_manager": 2,
        "interview_chain": 1,
        "observation": 12,
        "focus_group": 2,
        "survey": 3,
        "session": 1,
        "documents": 1,
    }
    assert {kind: kinds[kind] for kind in expected} == expected
    phone = tables["collected"].query("kind == 'phone' and source.notna()")
    assert phone["cop"].nunique() == len(phone) == 12
    waves = tables["collected"].query("kind == 'survey'").sort_values("start")["n"]
    assert waves.tolist() == [132, 146, 74]
    assert not [p for p in prepare_registers(study).problems if "Bron" in p.where]


def test_eleven_lines_of_products_three_of_them_finished(tables):  # 3.2.5
    products = tables["products"]
    lines = products.groupby("entry")["listed_as"].first()
    assert lines.value_counts().to_dict() == {"in_development": 8, "finished": 3}
    assert "amsterdam" not in set(products["cop"])


def test_the_lcc_goes_on_without_facilitators_after_a_day(tables):  # 3.1.2 against 3.3
    lcc = tables["meetings"].query("kind == 'lcc'").sort_values("date")
    there = lcc["groups"].str.contains("facilitators")
    assert there.tolist() == [True, True, False, False, False]
    assert set(lcc.loc[there, "date"].dt.strftime("%Y-%m")) == {"2023-05", "2023-06"}


def test_newsletters_come_from_divosa_and_two_cops(tables):  # 4.3.1 against 5.1.3; 3.1.2
    issues = tables["newsletters"]
    assert set(issues["cop"].dropna()) == {"fryslan", "foodvalley"}
    divosa = issues[issues["cop"].isna()].sort_values("date")["date"]
    assert 14 < divosa.diff().dt.days.median() <= 21


def test_five_categories_and_three_kinds_of_topics(tables):  # 3.2.2 against B4 r6
    topics = tables["topics"]
    assert topics["category_1"].nunique() == 5
    assert topics["kind"].nunique() == 3
    assert (topics["category_1"].astype(str) != topics["category_2"].astype(str)).any()


def test_signals_can_age_be_answered_and_be_ranked(tables):
    signals = tables["signals"]
    assert 60 <= len(signals) <= 90
    assert signals["level"].nunique() == 3
    assert signals["status"].nunique() == 5
    assert 0.2 < signals["feedback"].eq("yes").mean() < 0.4
    assert (signals["issue"].value_counts() >= 6).sum() >= 5
    late = signals.dropna(subset=["feedback_on"])
    assert (late["feedback_on"] >= late["date"]).all()


def test_time_spent_is_not_measured(tables):  # F1-7, r3: asked, nowhere reported
    assert tables["cops"]["time_spent"].isna().all()


def test_the_instruments_hold_as_many_rows_as_the_report(study):  # 5.1, 5.2, 6.3, B2, B4
    def counts(file, column):
        return study.table(file)[column].value_counts().to_dict()

    assert counts("lessons.csv", "section") == {"5.1.1": 6, "5.1.2": 12, "5.1.3": 13}
    assert counts("conditions.csv", "section") == {
        "5.2.1": 9,
        "5.2.2": 5,
        "5.2.3": 10,
        "5.2.4": 5,
    }
    assert counts("scenario_cells.csv", "scenario") == {"A": 6, "B": 6, "C": 6}
    assert len(study.table("observation_scheme.csv")) == 15
    assert study.table("observation_scheme.csv")["wrap_up"].ne("").sum() == 5
    assert len(study.table("placements.csv")) == 24


def test_assumptions_are_met_missed_or_unknown_for_every_cop(tables, study):
    checks = assumption_checks(tables, study=study)
    outcome = checks.pivot(index="cop", columns="assumption", values="outcome")
    assert outcome.shape == (12, 12)
    assert set(outcome["roles_leader"]) == {"met"}
    assert outcome["mix"].eq("not_met").loc["klantmanagers"]
    assert outcome["mix"].eq("met").sum() == 11
    assert outcome.loc["zeeland", "perspective"] == "unknown"
    assert outcome["core_team"].value_counts().to_dict() == {
        "unknown": 7,
        "not_met": 3,
        "met": 2,
    }
    assert set(outcome["scope"]) == {"unknown"}
    assert checks.query("outcome == 'unknown'")["reason"].ne("").all()


def test_without_registers_every_assumption_is_unknown_or_unmet(study):
    checks = assumption_checks({}, study=study)
    assert set(checks.query("assumption == 'size'")["outcome"]) == {"unknown"}


def test_the_same_twin_twice_and_as_committed(study, tmp_path):
    first = write_registers_twin(tmp_path / "a", study=study)
    again = write_registers_twin(tmp_path / "b", study=study)
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]
    committed = study.root / "data" / "raw" / "demo" / "registers"
    for path in first:
        name = path.relative_to(tmp_path / "a" / "registers")
        if path.suffix == ".xlsx":
            sheets = [read_sheets(p, name="x")[0] for p in (path, committed / name)]
            assert sheets[0] == sheets[1], name
        else:
            assert path.read_bytes() == (committed / name).read_bytes(), name


def test_registers_of_another_team_are_not_overwritten(study, tmp_path):
    own = tmp_path / "registers"
    own.mkdir()
    (own / "lijst.csv").write_text("a;b\n", encoding="utf-8")
    with pytest.raises(Exception, match="which would be lost"):
        write_registers_twin(tmp_path, study=study)
    assert [p.name for p in own.iterdir()] == ["lijst.csv"]
