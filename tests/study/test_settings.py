"""study.toml: every number in its range, every name one that something goes by."""

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.evidence.signals import signal_issues
from copanalysis.fieldwork.agreement_results import code_measures
from copanalysis.study import setting_names
from copanalysis.study.plan import load_study
from copanalysis.survey.flags import RESPONDENT_FLAGS
from copanalysis.survey.verdicts import COMPARISONS

RANGES = [
    ("minimum_base = 10", "minimum_base = 0", "at least 1"),
    ("minimum_cell = 3", "minimum_cell = -3", "at least 1"),
    ("minimum_cell_whole = 1 ", "minimum_cell_whole = 0 ", "at least 1"),
    ("minimum_range = 3", "minimum_range = 0", "at least 1"),
    ("large_group = 50", "large_group = 0", "at least 1"),
    ("minimum_people = 5", "minimum_people = 1", "at least 2"),
    ("population = 250", "population = 0", "at least 1"),
    ("resamples = 1999", "resamples = 0", "at least 1"),
    ("seed = 20240131", "seed = -1", "at least 0"),
    ("statement_base = 30", "statement_base = 0", "at least 1"),
    ("weight_shift = 0.05", "weight_shift = 5.0", "from 0 to 1"),
    ("expected = 5\nshare", "expected = -5\nshare", "at least 0"),
    ("expected = 5\nshare", 'expected = "5"\nshare', "a number"),
    ("share = 0.2\n", "share = nan\n", "from 0 to 1"),
    ("minimum_expected = 5", "minimum_expected = -1", "at least 0"),
    ("speeder_share_of_median = 0.33", "speeder_share_of_median = 33.0", "from 0 to 1"),
    ("straightline_items = 2", "straightline_items = 1", "at least 2"),
    ("threshold = 0.667", "threshold = 66.7", "from 0 to 1"),
    ("minimum_share = 0.0", "minimum_share = -0.5", "from 0 to 1"),
    ("resamples = 1000", "resamples = 0", "at least 1"),
    ("item_some = 0.10", "item_some = 10.0", "from 0 to 1"),
    ("code_some = 2", "code_some = 0", "at least 1"),
    ("code_some = 2", "code_some = 9", "no more than code_broad"),
    ("code_uncertain = 1", "code_uncertain = 3", "from 0 to 2"),
    ("top = 5", "top = 0", "at least 1"),
    ("sources = -9", "sources = 0", "fits always"),
    ("speaking = 0\nopposed = 9", "speaking = 0\nopposed = 0", "fits always"),
    ("shortest = 70", "shortest = 500", "no more than longest"),
    ("base_size = 4", "base_size = 0", "at least 1"),
]
NAMES = [
    ('coefficient = "alpha"', 'coefficient = "alfa"', "percent_agreement"),
    ('indirect_at_most = "weak"', 'indirect_at_most = "zwak"', "strong"),
    ('coefficient = "alpha"', 'coefficient = "kappa_light"', "kappa"),
    ('pattern = ""', 'pattern = "[A-Z"', "a regular expression"),
    ('key_item = "q4_got"', 'key_item = "q4_gto"', "q4_got"),
    ('story = "msc"', 'story = "mcs"', "an active code"),
    ('"outcome.system"]', '"outcome.sytem"]', "an active code"),
    ('left_out = ["test"', 'left_out = ["tset"', "one of test"),
    ('left_out = ["test"', 'left_out = ["test", "test"', "each once"),
    ('["all", "common"', '["al", "common"', "one of all"),
    ('["all", "common", "widest", "clusters"]', "[]", "at least one of all"),
    ('["all", "common", "widest", "clusters"]', "[1]", "a list of texts"),
    ('makes = ["survey"]', 'makes = ["survy"]', "one of fieldwork"),
    ('needs = ["fieldwork"]', 'needs = ["fieldwrk"]', "one of fieldwork"),
    ('needs = ["fieldwork"]', 'needs = ["reliability"]', "made before"),
    ('used = "Vastgesteld"', 'used = ""', "whose codes"),
    ('coders = ["Codeur A", "Codeur B"]', "coders = []", "names of coders"),
    ("{wave}-{row}-{item}", "{wave}-{row}-{itm}", "each once"),
    ('{ cop = "zeeland"', '{ cop = "zealand"', "zeeland"),
    ('compare_with = "1"', 'compare_with = "9"', "one of 1, 2, 3"),
    ('{ phase = "1" }', '{ phase = "9" }', "one of"),
    ('{ cop = "zeeland", wave', '{ cop = "zeeland", wve', "of the same notebook"),
    ('open = ["open"', 'open = ["opne"', "in_progress"),
    ('by = ["n_open"', 'by = ["n_opne"', "n_cops"),
    ('level = "national"', 'level = "nationaal"', "regional"),
    ('coded_answers = "', 'coded_answer = "', "a kind of source"),
    ('names = { item = "Vragenlijst", ', "names = { ", "names with item"),
    ("speakers = { participant", "speakers = { participnt", "one of participant"),
    ("start = 2024-01-01\n", "start = 2024-01-01T10:00:00\n", "a date"),
    ('[0.10, "bijna niemand"]', '["x", "bijna niemand"]', "rising limits"),
]


def problems(project):
    with pytest.raises(CopanalysisError) as caught:
        load_study(project)
    return caught.value.problems


@pytest.mark.parametrize(("old", "new", "expected"), RANGES)
def test_a_number_outside_its_range_is_refused(project, edit, old, new, expected):
    edit("study.toml", old, new)
    assert [p for p in problems(project) if expected in p.expected]


@pytest.mark.parametrize(("old", "new", "expected"), NAMES)
def test_a_value_that_means_nothing_is_refused(project, edit, old, new, expected):
    edit("study.toml", old, new)
    assert [p for p in problems(project) if expected in p.expected]


def test_problems_of_study_toml_and_of_the_instruments_are_listed_together(project, edit):
    edit("study.toml", "minimum_people = 5", "minimum_people = 1")
    edit("study.toml", 'key_item = "q4_got"', 'key_item = "q4_gto"')
    edit("study.toml", "start = 2024-01-01", "start = 2025-01-01")
    edit("items.csv", "q4_got,1 2 3,4", "q4_got,1 2 7,4")
    places = [p.where for p in problems(project)]
    for place in ("[disclosure]", "[cleaning]", "[waves]", "items.csv"):
        assert any(place in where for where in places)


def test_a_section_without_blocks_is_refused(project):
    path = project / "data/instruments/study.toml"
    text = path.read_text("utf-8")
    path.write_text('strengths = []\nstudy = "x"\n' + text.split("[[strengths]]")[0], "utf-8")
    with pytest.raises(CopanalysisError):
        load_study(project)


def test_an_output_of_a_notebook_that_does_not_exist_is_refused(project):
    path = project / "data/instruments/outline.csv"
    path.write_text(path.read_text("utf-8") + "chapter_9,extra,table,\n", encoding="utf-8")
    (found,) = problems(project)
    assert "chapter_9" in found.found
    assert "[[pages]]" in found.expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (r"respons (?:van |was )?(?P<value>\d+)", r"respons (?:van (?P<value>\d+)", "compiles"),
        (r"(?P<number>[A-Z]?", r"(?P<nr>[A-Z]?", "number"),
        ("fact,periode,phase,", "fact,periode,fase,", "phase"),
    ],
)
def test_a_rule_of_prose_that_cannot_be_used_is_refused(project, edit, old, new, expected):
    edit("prose_rules.csv", old, new)
    (found,) = problems(project)
    assert "prose_rules.csv, line" in found.where
    assert expected in found.expected


def test_the_names_that_study_toml_may_use_are_those_that_the_package_knows(study):
    assert tuple(COMPARISONS) == setting_names.COMPARISONS
    assert RESPONDENT_FLAGS == setting_names.FLAGS
    for coders, kappas in ((2, setting_names.OF_TWO), (3, setting_names.OF_MORE)):
        assert set(code_measures(coders)) == {*setting_names.COEFFICIENTS, *kappas}
    columns = ["signal", "date", "cop", "topic", "issue", "level", "status", "feedback"]
    row = ["1", pd.Timestamp("2023-06-01"), *"abclon", pd.NA]
    signals = pd.DataFrame([row], columns=[*columns, "duplicate_of"])
    issues = signal_issues(signals, study=study)
    assert set(issues.select_dtypes("number")) == set(setting_names.RANKED_BY)
