"""Prepared tables are read once while their files stay the same, and by each as they were."""

from pathlib import Path

import pandas as pd
import pytest

from copanalysis.study import processed
from copanalysis.study.dictionary import framed
from copanalysis.study.plan import load_study
from copanalysis.study.processed import (
    keep_read,
    processed_parts,
    read_part,
    read_table,
    write_processed,
)


@pytest.fixture
def study(project):
    study = load_study(project)
    written(study, "A01")
    return study


@pytest.fixture
def reads(monkeypatch):
    """The files that pandas reads."""
    found = []
    read = pd.read_parquet

    def counted(file):
        found.append(Path(file.name).name)
        return read(file)

    monkeypatch.setattr(pd, "read_parquet", counted)
    return found


def written(study, document):
    rows = [{"document": document, "coder": "coder_a"}]
    write_processed(study, {"given": framed(rows, table="given", study=study)}, folder="fieldwork")


def test_a_file_that_stays_the_same_is_read_once(study, reads):
    for _ in range(3):
        assert read_table(study, "given")["document"].tolist() == ["A01"]
    assert reads == ["given.parquet"]


def test_a_table_that_was_written_again_is_read_again(study, reads):
    read_table(study, "given")
    written(study, "B02")
    assert read_table(study, "given")["document"].tolist() == ["B02"]
    assert len(reads) == 2


def test_a_table_described_otherwise_is_read_again(study, project, reads):
    read_table(study, "given")
    path = project / "data/instruments/tables.csv"
    text = path.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("fieldwork,given,coder,"))
    path.write_text(text.replace(old, f"{old} (naam)"), encoding="utf-8")
    read_table(load_study(project), "given")
    assert len(reads) == 2


def test_what_one_does_to_a_table_another_does_not_see(study):
    mine = read_table(study, "given")
    mine["document"] = "Z99"
    mine.attrs["mine"] = True
    other = read_table(study, "given")
    assert other["document"].tolist() == ["A01"]
    assert other.attrs == {}


def test_the_file_is_opened_each_time_so_that_it_counts_as_read(study, monkeypatch):
    opened = []
    own = Path.open
    monkeypatch.setattr(Path, "open", lambda p, *a, **k: opened.append(p.name) or own(p, *a, **k))
    for _ in range(2):
        read_table(study, "given")
    assert opened.count("given.parquet") == 2


def test_tables_that_another_process_read_are_at_hand(study, reads, monkeypatch):
    assert processed_parts(study) == ["fieldwork"]
    tables = read_part("fieldwork", study=study)
    monkeypatch.setattr(processed, "_read", {})
    keep_read(tables)
    assert read_table(study, "given")["document"].tolist() == ["A01"]
    assert reads == ["given.parquet"]


def test_a_table_that_does_not_fit_is_left_to_whoever_needs_it(study):
    path = study.root / "data/processed/fieldwork/given.parquet"
    pd.DataFrame({"other": [1]}).to_parquet(path)
    assert not any(p == path for p in read_part("fieldwork", study=study))
