"""SPSS files: labels, user-missing values, sets, dates, code pages, damage."""

import contextlib
import io
import struct
import subprocess
from datetime import date, datetime
from unittest import mock

import pandas as pd
import pyreadstat
import pytest
from export_questionnaire import COP, EVERYONE, GOT, SECRET, STATEMENTS
from hypothesis import given, settings
from hypothesis import strategies as st
from spss_writers import in_code_page, thermometer, with_sets

from copanalysis.errors import CopanalysisError
from copanalysis.survey.formats import read_export, spss


@pytest.fixture
def sav(tmp_path):
    path = tmp_path / "wave_2.sav"
    thermometer(path)
    return path


def column(export, name):
    return next((i, c) for i, c in enumerate(export.columns) if c.name == name)


def cells(export, name):
    at, _ = column(export, name)
    return [response.cells[at] for response in export.responses]


@pytest.mark.parametrize("suffix", ["sav", "zsav"])
def test_sav_and_zsav_hold_the_same(tmp_path, suffix):
    path = tmp_path / f"wave.{suffix}"
    thermometer(path, sets=False, compress=suffix == "zsav")
    export = read_export(path)
    assert export.format == f"spss-{suffix}"
    assert len(export.responses) == len(EVERYONE)
    assert cells(export, "v6")[0] == SECRET
    assert cells(export, "v1")[:3] == ["1", "3", "3"]
    assert [r.row for r in export.responses] == list(range(1, 10))


def test_labels_texts_and_measurement_levels(sav):
    export = read_export(sav)
    _, cop = column(export, "v1")
    assert (cop.text, cop.type, cop.item) == (COP.text, "single", "v1")
    codes = {str(i): label for i, (_, label) in enumerate(COP.options, 1)}
    assert cop.labels == {**codes, "99": "Weet niet"}
    _, statement = column(export, "v9_1")
    assert (statement.type, statement.text) == ("scale", STATEMENTS.rows[0][1])


def test_user_missing_values_stay_in_the_cells(tmp_path):
    path = tmp_path / "missing.sav"
    ranges = {"a": [9.0], "b": [{"lo": 90.0, "hi": 99.0}, -1.0], "c": [9.0]}
    frame = pd.DataFrame({"a": [1.0, 9.0, 2.0], "b": [-1.0, 95.0, 89.5], "c": [1.0, None, 3.0]})
    pyreadstat.write_sav(frame, str(path), missing_ranges=ranges)
    export = read_export(path)
    assert cells(export, "a") == ["1", "9", "2"]
    assert column(export, "a")[1].missing == {"9"}
    assert column(export, "b")[1].missing == {"95", "-1"}
    assert cells(export, "b") == ["-1", "95", "89.5"]
    assert cells(export, "c") == ["1", None, "3"]
    assert column(export, "c")[1].missing == {"9"}


def test_a_set_of_dichotomies_becomes_one_item(sav):
    export = read_export(sav)
    names = tuple(f"v4_{i}" for i in range(1, 5))
    assert export.multiple_response_sets == {"q4": names}
    boxes = [column(export, name)[1] for name in names]
    assert {c.item for c in boxes} == {"q4"}
    assert {(c.type, c.text, c.ticked) for c in boxes} == {("multiple", GOT.text, frozenset({"1"}))}
    assert [c.option_text for c in boxes] == [label for _, label in GOT.options]
    assert [c.option for c in boxes] == list(names)
    wanted = ["1" if "SQ001" in r.answers.get("Q4", ()) else "0" for r in EVERYONE]
    assert cells(export, "v4_1") == wanted


def test_a_set_of_categories_is_reported_and_left_alone(sav):
    data = with_sets(sav.read_bytes(), {"$rollen": ("", ["v9_1", "v9_2"])})
    sav.write_bytes(data)
    export = read_export(sav)
    assert export.multiple_response_sets["rollen"] == ("v9_1", "v9_2")
    assert any("set rollen" in p.where and "categories" in p.found for p in export.problems)
    assert column(export, "v9_1")[1].type == "scale"


def test_the_tools_own_variables_are_metadata(sav):
    export = read_export(sav)
    assert export.origin == "LimeSurvey"
    meta = [c.name for c in export.columns if c.type == "meta"]
    assert meta == ["id", "submitdate", "lastpage", "startdate"]
    assert [r.status for r in export.responses] == ["complete"] * 8 + ["partial"]
    assert [r.submitted for r in export.responses] == [r.submitted for r in EVERYONE]
    assert [r.started for r in export.responses] == [r.started for r in EVERYONE]
    assert [r.id for r in export.responses] == [r.id for r in EVERYONE]


def test_start_and_end_that_are_no_dates_are_questions(tmp_path):
    path = tmp_path / "own.sav"
    frame = pd.DataFrame({"id": [7.0, 8.0], "start": [3.0, 4.0], "status": [1.0, 1.0]})
    pyreadstat.write_sav(frame, str(path))
    export = read_export(path)
    assert export.origin == "SPSS"
    assert [c.type for c in export.columns] == ["meta", "number", "number"]
    assert [(r.id, r.started, r.status) for r in export.responses] == [
        ("7", None, "complete"),
        ("8", None, "complete"),
    ]


def test_qualtrics_previews_and_unfinished_responses(tmp_path):
    path = tmp_path / "qualtrics.sav"
    moment = pd.to_datetime(["2023-05-15 09:12:03"] * 3)
    frame = pd.DataFrame({"StartDate": moment, "EndDate": moment, "RecordedDate": moment})
    frame = frame.assign(Status=[0.0, 1.0, 0.0], Finished=[1.0, 1.0, 0.0], Q1=[1.0, 2.0, 3.0])
    pyreadstat.write_sav(frame, str(path))
    export = read_export(path)
    assert export.origin == "Qualtrics"
    assert [r.status for r in export.responses] == ["complete", "test", "partial"]


def test_dates_and_moments_become_iso_texts(tmp_path):
    path = tmp_path / "dates.sav"
    frame = pd.DataFrame(
        {"day": [date(2023, 5, 15), None], "at": [datetime(2023, 5, 15, 9, 12), None]}
    )
    pyreadstat.write_sav(frame, str(path))
    export = read_export(path)
    assert cells(export, "day") == ["2023-05-15", None]
    assert cells(export, "at") == ["2023-05-15 09:12:00", None]
    assert [c.type for c in export.columns] == ["date", "date"]


@pytest.mark.parametrize("declare", ["CP1252", ""])
def test_code_page_declared_or_not(sav, declare):
    sav.write_bytes(in_code_page(sav.read_bytes(), declare=declare))
    export = read_export(sav)
    assert "Fryslân" in column(export, "v1")[1].labels["3"]
    warned = any("Windows-1252" in p.found for p in export.problems)
    assert warned == (not declare)


def here(command, **_):
    """The reading process, run in this one: what it would send, and how it ends."""
    sent = io.StringIO()
    with contextlib.redirect_stdout(sent):
        spss.send(command[-1])
    return subprocess.CompletedProcess(command, 0, sent.getvalue().encode(), b"")


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-9999, 9999),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10).map(str.rstrip),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_an_spss_file_holds_is_what_is_read(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("sav") / "data.sav"
    numbers, texts = zip(*rows, strict=True)
    frame = pd.DataFrame({"number": [float(n) for n in numbers], "words": list(texts)})
    pyreadstat.write_sav(frame, str(path))
    with mock.patch.object(subprocess, "run", here):
        export = read_export(path)
    assert [float(cell) for cell in cells(export, "number")] == [float(n) for n in numbers]
    assert not any(cell.endswith(".0") for cell in cells(export, "number") if "e" not in cell)
    assert cells(export, "words") == [text or None for text in texts]


def test_damaged_spss_files_are_refused(sav):
    whole = sav.read_bytes()
    for data in (whole[:100], whole[:-200], b"$FL2" + b"\x00" * 4000, b"$FL3" + whole[4:]):
        sav.write_bytes(data)
        with pytest.raises(CopanalysisError, match="damaged or incomplete"):
            read_export(sav)


def test_a_crash_of_the_reader_is_a_refusal_and_no_end_of_the_session(sav, monkeypatch):
    monkeypatch.setattr(spss, "READER", "import os; os.abort()")
    with pytest.raises(CopanalysisError, match="damaged or incomplete"):
        read_export(sav)


def test_an_error_of_the_program_is_not_blamed_on_the_file(sav, monkeypatch):
    monkeypatch.setattr(spss, "READER", "import no_such_package")
    with pytest.raises(RuntimeError, match="no_such_package"):
        read_export(sav)


def test_variables_of_a_set_that_are_not_there_are_reported(sav):
    sets = {"$q11": ("Wat zou helpen?", ["V11_1", "weg", "v11_2"])}
    sav.write_bytes(with_sets(sav.read_bytes(), sets))
    export = read_export(sav)
    assert export.multiple_response_sets["q11"] == ("v11_1", "v11_2")
    assert any("set q11" in p.where and "1 variable(s)" in p.found for p in export.problems)


def test_sizes_that_a_header_announces_are_checked_before_reading(tmp_path, monkeypatch):
    plain, packed = tmp_path / "a.sav", tmp_path / "b.zsav"
    thermometer(plain, sets=False)
    thermometer(packed, sets=False, compress=True)
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("it was read"))
    data = bytearray(plain.read_bytes())
    data[80:84] = struct.pack("<i", 2_000_000_000)
    plain.write_bytes(data)
    data = bytearray(packed.read_bytes())
    data[-8:-4] = struct.pack("<i", 2_000_000_000)
    packed.write_bytes(data)
    for path in (plain, packed):
        with pytest.raises(CopanalysisError, match="announces"):
            read_export(path)
