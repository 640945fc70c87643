"""The twin as a whole: reproducible, calibrated, and refusing what cannot be made."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from twin_readback import (
    answering,
    contents,
    files,
    limesurvey_csv,
    only,
    spss,
    spss_rows,
    ticks_of,
)

from copanalysis.errors import CopanalysisError
from copanalysis.twin.allocation import exact_ticks, sampled
from copanalysis.twin.survey import write_twin
from copanalysis.twin.targets import ANSWERED, Targets, read_targets

SEED = 2021
ROOT = Path(__file__).resolve().parents[2]


# reproducible


def test_the_same_seed_gives_the_same_bytes(twin, study, tmp_path):
    write_twin(tmp_path / "again", study=study, seed=SEED)
    first, second = files(twin), files(tmp_path / "again")
    assert list(first) == list(second)
    assert [p.read_bytes() for p in first.values()] == [p.read_bytes() for p in second.values()]


def test_files_carry_the_day_of_the_wave_and_not_the_clock(twin):
    book = only(twin / "survey" / "wave_2", "*.xlsx")
    with zipfile.ZipFile(book) as parts:
        assert "2023-10-31T17:00:00Z" in parts.read("docProps/core.xml").decode()
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
    assert str(spss(twin)[1].creation_time) == "2024-01-31 17:00:00"


def test_another_seed_gives_other_answers_with_the_same_counts(twin, study, tmp_path):
    write_twin(tmp_path / "demo", study=study, seed=7)
    mine, other = limesurvey_csv(twin), limesurvey_csv(tmp_path / "demo")
    assert not mine.equals(other)
    table = answering(spss_rows(tmp_path / "demo", study))
    got = ticks_of(table, "q4_got").sum().to_dict()
    assert got == read_targets().closed("3", "q4_got")
    assert table["x3_cooperation"].value_counts().to_dict() == {
        "agree": 46,
        "doubt": 22,
        "disagree": 6,
    }


def test_the_demo_in_the_repository_is_what_the_twin_makes(twin):
    kept = ROOT / "data" / "raw" / "demo"
    stale = [
        name
        for name, path in files(twin).items()
        if not (kept / name).is_file() or contents(kept / name) != contents(path)
    ]
    assert not stale, "run `make twin`"


# refused or left alone


def _changed(targets: Targets, wave: str, item: str, **counts: int) -> Targets:
    own = {**targets.of(wave, item), **counts}
    return replace(targets, counts={**targets.counts, (wave, item): own})


@pytest.mark.parametrize(
    ("item", "counts", "told"),
    [
        ("q4_got", {"insight": 126}, "126 for insight"),
        ("q4_got", {ANSWERED: 120}, "compulsory"),
        ("q4_got", {"policy": 2}, "2 ticks of policy"),
        ("q4_got", {"luck": 5}, "option 'luck'"),
        ("q9a_responsible", {"agree": 90}, "at most 125"),
        ("q9a_responsible", {"(dont_know)": 1}, "only SPSS"),
        ("q6_examples", {ANSWERED: 120}, "at most 125"),
    ],
)
def test_targets_that_cannot_be_met_are_refused_before_anything_is_written(
    item, counts, told, study, tmp_path
):
    wrong = _changed(read_targets(), "1", item, **counts)
    with pytest.raises(CopanalysisError, match=told):
        write_twin(tmp_path / "demo", study=study, seed=SEED, targets=wrong)
    assert not list(tmp_path.iterdir())


def test_every_contradiction_is_told_at_once(study, tmp_path):
    wrong = _changed(read_targets(), "1", "q4_got", insight=126)
    wrong = _changed(wrong, "3", "x1_satisfaction", satisfied=80)
    with pytest.raises(CopanalysisError) as refusal:
        write_twin(tmp_path / "demo", study=study, seed=SEED, targets=wrong)
    assert {"twin, wave 1, q4_got", "twin, wave 3, x1_satisfaction"} <= {
        problem.where for problem in refusal.value.problems
    }


def test_a_stock_of_texts_that_runs_out_is_told_and_leaves_the_old_twin(twin, study, tmp_path):
    shutil.copytree(twin, tmp_path / "demo")
    before = {name: p.read_bytes() for name, p in files(tmp_path / "demo").items()}
    wrong = _changed(read_targets(), "1", "q6_examples", **{ANSWERED: 100})
    with pytest.raises(CopanalysisError, match="Too few open answers to q6_examples"):
        write_twin(tmp_path / "demo", study=study, seed=1, targets=wrong)
    assert {name: p.read_bytes() for name, p in files(tmp_path / "demo").items()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["demo"]


def test_other_folders_beside_the_survey_survive(twin, study, tmp_path):
    shutil.copytree(twin, tmp_path / "demo")
    (tmp_path / "demo" / "fieldwork").mkdir()
    (tmp_path / "demo" / "fieldwork" / "P01.txt").write_text("gesprek", encoding="utf-8")
    (tmp_path / "demo" / "survey" / "stray.csv").write_text("oud", encoding="utf-8")
    written = write_twin(tmp_path / "demo", study=study, seed=3)
    assert (tmp_path / "demo" / "fieldwork" / "P01.txt").read_text(encoding="utf-8") == "gesprek"
    left = {p for p in files(tmp_path / "demo").values() if "fieldwork" not in p.parts}
    assert left == set(written)


def test_a_survey_that_the_twin_did_not_make_is_not_replaced(study, tmp_path):
    export = tmp_path / "mine" / "survey" / "wave_1" / "export.csv"
    export.parent.mkdir(parents=True)
    export.write_text("echt", encoding="utf-8")
    with pytest.raises(CopanalysisError, match="did not make"):
        write_twin(tmp_path / "mine", study=study, seed=SEED)
    assert export.read_text(encoding="utf-8") == "echt"


# the draws


def test_ticks_keep_their_counts_whatever_the_pull():
    rng = np.random.default_rng(5)
    for _ in range(20):
        pull = rng.normal(scale=4, size=(30, 5))
        full = np.arange(30) < 2
        among = np.arange(30) < 27
        counts = dict(zip("abcde", [20, 16, 12, 9, 4], strict=True))
        ticks = exact_ticks(rng, pull, counts=counts, among=among, full=full)
        assert ticks.sum(axis=0).tolist() == list(counts.values())
        assert ticks[full].all()
        assert ticks[among].any(axis=1).all()
        assert not ticks[among & ~full].all(axis=1).any()
        assert not ticks[~among].any()


def test_a_higher_pull_is_drawn_more_often_in_proportion_to_its_weight():
    rng = np.random.default_rng(1)
    pull = np.log([1.0, 3.0, 6.0])
    everyone = np.ones(3, dtype=bool)
    drawn = Counter(int(sampled(rng, pull, n=1, among=everyone)[0]) for _ in range(4000))
    assert [drawn[i] / 4000 for i in range(3)] == pytest.approx([0.1, 0.3, 0.6], abs=0.03)
