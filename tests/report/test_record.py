"""What a page registered comes back from its folder as it was."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from released_samples import cross, events, gap, shares, statements, steps, waves

from copanalysis.report.datasheet import table_csv
from copanalysis.report.figures import figure_html, share_bars
from copanalysis.report.objects import Figure
from copanalysis.report.record import RECORD, Record, picture_files, read_record, record_json
from copanalysis.report.tables import table_html
from copanalysis.study.measurement import NotMeasured

TABLES = {
    "shares": shares(id="shares", hidden=(2, 5), notes=("Een noot.",)),
    "waves": waves(id="waves"),
    "statements": statements(id="statements"),
    "gap": gap(id="gap"),
    "cross": cross(id="cross", hidden=(1,)),
    "events": events(id="events"),
    "steps": steps(id="steps", synthetic=False),
}


@pytest.fixture
def folder(tmp_path):
    table = TABLES["shares"]
    words = {"title": "Inzicht het vaakst", "subtitle": "Aandeel", "base": "Allen", "source": "E"}
    figure = Figure("shares", "4.1", **words, drawing=share_bars(table))
    gone = NotMeasured("niet te meten", "niet gevraagd")
    (tmp_path / "figures").mkdir()
    for name, picture in picture_files(figure).items():
        (tmp_path / "figures" / name).write_bytes(picture)
    text = record_json({**TABLES, "gone": gone}, {"shares": figure, "gone": gone})
    (tmp_path / RECORD).write_text(text, encoding="utf-8")
    return tmp_path, figure, text


@pytest.mark.parametrize("id", TABLES)
def test_a_table_comes_back_as_it_was_released(folder, id):
    read = read_record(folder[0]).tables[id]
    assert table_html(read) == table_html(TABLES[id])
    assert table_csv(read) == table_csv(TABLES[id])


def test_a_figure_comes_back_with_its_pictures_and_table(folder):
    place, figure, _ = folder
    read = read_record(place).figures["shares"]
    assert figure_html(read) == figure_html(figure)
    assert (read.drawing.desk_size, read.drawing.alt) == (
        figure.drawing.desk_size,
        figure.drawing.alt,
    )


def test_what_was_not_measured_is_no_object(folder):
    assert "gone" not in read_record(folder[0]).tables


def test_the_same_objects_give_the_same_record(folder):
    place, _, text = folder
    read = read_record(place)
    assert record_json(read.tables, read.figures) == text


def test_dates_and_missing_values_are_plain_json():
    data = pd.DataFrame({"event": ["a"], "start": [pd.Timestamp("2023-05-01")], "end": [pd.NaT]})
    text = record_json({"events": replace(TABLES["events"], data=data)}, {})
    row = json.loads(text)["tables"]["events"]["data"]
    assert row == {"event": ["a"], "start": ["2023-05-01T00:00:00"], "end": [None]}


def test_a_folder_without_a_record_has_no_objects(tmp_path):
    assert read_record(tmp_path) == Record()
