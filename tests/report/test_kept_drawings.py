"""A picture is drawn again when its table, its options or the drawing function change, not else."""

import pandas as pd
import pytest
from released_samples import released

from copanalysis.report import charts_bars
from copanalysis.report.kept_drawings import KeptDrawings
from copanalysis.report.objects import Figure
from copanalysis.report.record import picture_files, record_json

KEY = ("option",)
SHOWN = {"label": "Antwoord", "share": "Aandeel", "n": "Aantal"}
FORMATS = {"label": "text", "share": "share", "n": "count"}


def table(share=0.25):
    rows = {"option": ["a", "b"], "label": ["Ja", "Nee"], "n": [3, 1], "share": [0.75, share]}
    return released(pd.DataFrame(rows), KEY, SHOWN, FORMATS)


@pytest.fixture
def drawn():
    """The tables drawn, one entry each time."""
    return []


@pytest.fixture
def bars(drawn, monkeypatch):
    """A function of the package that draws, and counts."""
    real = charts_bars.share_bars

    def share_bars(given, **options):
        drawn.append(given.id)
        return real(given, **options)

    share_bars.__module__ = real.__module__
    monkeypatch.setattr(charts_bars, "share_bars", share_bars)
    return share_bars


def keep(folder, draw, given, **options):
    """Draw a figure and write it as a page does."""
    drawing, drawn_from = KeptDrawings(folder).drawn("fig", draw, given, options)
    said = {"number": "1", "title": "T", "subtitle": "", "base": "B", "source": "S"}
    figure = Figure("fig", drawing=drawing, drawn_from=drawn_from, **said)
    (folder / "figures").mkdir(exist_ok=True)
    for name, picture in picture_files(figure).items():
        (folder / "figures" / name).write_bytes(picture)
    (folder / "objects.json").write_text(record_json({given.id: given}, {"fig": figure}), "utf-8")
    return drawing


def test_the_same_is_drawn_once(tmp_path, bars, drawn):
    first, second = keep(tmp_path, bars, table()), keep(tmp_path, bars, table())
    assert len(drawn) == 1
    assert (first.desk, first.phone, first.alt) == (second.desk, second.phone, second.alt)
    assert (first.desk_size, first.phone_size) == (second.desk_size, second.phone_size)


def test_another_number_or_option_is_drawn(tmp_path, bars, drawn):
    keep(tmp_path, bars, table())
    keep(tmp_path, bars, table(0.26))
    keep(tmp_path, bars, table(0.26), sort=False)
    assert len(drawn) == 3


def test_a_picture_that_was_edited_or_is_gone_is_drawn(tmp_path, bars, drawn):
    keep(tmp_path, bars, table())
    picture = tmp_path / "figures" / "fig_phone.png"
    picture.write_bytes(picture.read_bytes() + b"x")
    keep(tmp_path, bars, table())
    picture.unlink()
    keep(tmp_path, bars, table())
    assert len(drawn) == 3


def test_what_a_notebook_draws_itself_is_always_drawn(tmp_path, bars, drawn):
    bars.__module__ = "__main__"
    keep(tmp_path, bars, table())
    keep(tmp_path, bars, table())
    assert len(drawn) == 2
