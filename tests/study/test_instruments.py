"""The instruments: what is asked holds together, and every breach is reported with its place."""

import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import load_study


def problems(project):
    with pytest.raises(CopanalysisError) as caught:
        load_study(project)
    return caught.value.problems


def test_the_questionnaire_of_appendix_5_is_complete(study):
    numbers = {item.number for item in study.items if item.origin == "questionnaire"}
    assert numbers == {str(n) for n in range(1, 13)}
    required = {item.number for item in study.items if item.required}
    assert required == {"1", "4", "5", "6", "7", "8", "9"}  # the asterisks of appendix 5


def test_the_options_of_appendix_5_are_complete(study):
    counts = {item.number: len(study.options(item.id, wave="1")) for item in study.items_of("1")}
    assert {n: counts[n] for n in ("1", "2", "3", "4", "5", "9", "11")} == {
        **{"1": 12, "2": 8, "3": 8, "4": 8, "5": 8},
        **{"9": 5, "11": 9},
    }


def test_the_three_items_outside_the_questionnaire_are_marked(study):
    outside = {item.id for item in study.items if item.origin == "report"}
    assert outside == {"x1_satisfaction", "x2_pass_on", "x3_cooperation"}


def test_an_item_that_a_wave_did_not_ask_is_not_measured(study):
    assert isinstance(study.item("x1_satisfaction", wave="1"), NotMeasured)
    assert study.options("x1_satisfaction", wave="1").empty


def test_every_alias_of_a_cop_resolves(study):
    resolve = study.names.resolve
    assert resolve("Groningen", kind="cop") == resolve("noordoost nederland", kind="cop")
    assert resolve("Helmond", kind="cop") == "oost_brabant"
    assert resolve("Friesland", kind="cop") == resolve("FRYSLÂN", kind="cop") == "fryslan"
    assert resolve("Emmen", kind="cop") is None


def test_the_name_of_a_cop_follows_the_date(study):
    assert study.cop_label("utrecht_gezinsmigranten", wave="1") == "Utrecht"
    assert study.cop_label("utrecht_gezinsmigranten", wave="3") == "Gezinsmigranten"


def test_typography_does_not_keep_wordings_apart(study):
    spellings = study.option_spellings("q4_got", wave="1")
    from copanalysis.study.names import normalise

    assert spellings[normalise("steun van collega’s  van andere organisaties*")] == "support"


def test_every_problem_is_listed_at_once(project, edit):
    edit("items.csv", "q4_got,1 2 3,4", "q4_got,1 2 7,4")
    edit("scales.csv", "agreement,,agree,2,Eens", "agreement,,agree,twee,Eens")
    edit("names.csv", "Helmond,oost_brabant,cop", "Helmond,oost_brabant,koe")
    found = problems(project)
    assert {p.where.split(",")[0].rpartition("/")[2] for p in found} == {
        "items.csv",
        "scales.csv",
        "names.csv",
    }
    assert all(p.fix and p.expected for p in found)
    assert "line 5" in next(p.where for p in found if "items.csv" in p.where)


def test_two_wordings_of_an_item_in_one_wave_are_refused(project):
    path = project / "data/instruments/items.csv"
    line = next(t for t in path.read_text("utf-8").splitlines() if t.startswith("q12_learn"))
    path.write_text(
        path.read_text("utf-8")
        + line.replace("1 2 3", "3", 1).replace("Wat hoop", "Wat wil")
        + "\n",
        encoding="utf-8",
    )
    assert any("one wording" in p.expected for p in problems(project))


def test_one_spelling_with_two_meanings_is_refused(project, edit):
    edit("scales.csv", "agreement,,agree,2,Eens,answer,,", "agreement,,agree,2,Eens,answer,,Oneens")
    assert any("'oneens'" in p.found for p in problems(project))


def test_two_preferred_names_at_a_time_are_refused(project, edit):
    edit("names.csv", "Helmond,oost_brabant,cop,no", "Helmond,oost_brabant,cop,yes")
    assert any("second preferred name" in p.found for p in problems(project))


def test_an_alias_of_two_cops_is_refused(project):
    path = project / "data/instruments/names.csv"
    path.write_text(path.read_text("utf-8") + "Helmond,zeeland,cop,no,,,\n", encoding="utf-8")
    assert any("one id per alias" in p.expected for p in problems(project))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("confidence = 0.95", "confidence = 95.0", "between 0.5 and 1"),
        ("minimum_base = 10", "minimum_bas = 10", "one of"),
        ("power = 0.8", "power = 80.0", "between 0 and 1"),
        ('figures_from_wave = "3"', 'figures_from_wave = "9"', "a wave of"),
        ("start = 2024-01-01", "start = 2025-01-01", "start before end"),
        ('[1.00, "het geheel"]', '[0.95, "het geheel"]', "rising limits"),
    ],
)
def test_settings_are_checked_key_by_key(project, edit, old, new, expected):
    edit("study.toml", old, new)
    assert any(expected in p.expected for p in problems(project))


def test_a_file_in_another_encoding_is_named(project):
    path = project / "data/instruments/items.csv"
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    assert any("not UTF-8" in p.found for p in problems(project))


def test_a_row_with_a_cell_too_many_is_named_with_its_line(project):
    path = project / "data/instruments/levels.csv"
    path.write_text(path.read_text("utf-8").rstrip("\n") + ",extra\n", encoding="utf-8")
    (found,) = [p for p in problems(project) if "levels.csv" in p.where]
    assert "line 5" in found.where
    assert "6 cells" in found.found


def test_semicolons_serve_as_well_as_commas(project):
    path = project / "data/instruments/levels.csv"
    rows = path.read_text("utf-8").replace(", ", " en ").replace(",", ";")
    path.write_text(rows, encoding="utf-8-sig")
    assert len(load_study(project).table("levels.csv")) == 4


def test_outside_a_project_the_message_says_what_a_project_holds(tmp_path):
    with pytest.raises(CopanalysisError, match=r"study\.toml"):
        load_study(tmp_path)
