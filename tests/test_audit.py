"""The report that was built gives nobody away, and one cell too many stops it."""

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from copanalysis.report.disclosure.audit import refuse_leaks
from copanalysis.report.disclosure.counts import Counted
from copanalysis.report.disclosure.records import read_private
from copanalysis.report.protecting import runs_again
from copanalysis.study.plan import load_study

BIN = Path(sys.executable).parent
PAGE, TABLE = "chapter_4_outcomes", "cross"


@pytest.fixture
def pages(built, tmp_path) -> Path:
    """The pages of the report, free to be changed."""
    return Path(shutil.copytree(built / "reports/pages", tmp_path / "pages"))


def test_the_report_passes_its_own_audit_and_no_page_must_be_made_again(built):
    study = load_study(built)
    assert runs_again(study) == []
    found = refuse_leaks(study, built / "reports/pages")
    assert len(found.intervals) > 100
    identifying = [of for of in found.intervals if of.cops]
    assert identifying


def test_one_hidden_number_shown_stops_the_audit_and_names_the_cells(built, pages):
    told = read_private(built, PAGE)[TABLE]
    lone = next(c for c in told.counts.counts if c.of in told.withheld and c.n >= 3)
    path = pages / PAGE / "tables" / f"{TABLE}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    rows[lone.row + 1][rows[0].index("Aantal")] = str(lone.n)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    run = subprocess.run(
        [str(BIN / "copanalysis"), "audit", str(pages)],
        cwd=built,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "give persons away" in run.stderr
    assert str(lone.of) in run.stderr
    assert f"{PAGE}, table {TABLE}" in run.stderr


def test_no_released_file_of_a_page_holds_a_hidden_count(built):
    for page in sorted((built / "reports/pages").iterdir()):
        record = (page / "counts.json").read_text("utf-8")
        assert '"n"' not in record


def test_hidden_counts_are_the_same_on_every_page(built):
    hidden: dict[Counted, set[bool]] = {}
    for page in sorted((built / "reports/pages").iterdir()):
        for told in read_private(built, page.name).values():
            for count in told.counts.counts:
                hidden.setdefault(count.of, set()).add(count.of in told.withheld)
    assert all(len(states) == 1 for states in hidden.values())
