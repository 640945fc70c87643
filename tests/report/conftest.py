"""What the tests of drawings share: the canvases that a chart finishes."""

import matplotlib as mpl
import pytest

from copanalysis.report import drawing


@pytest.fixture
def canvases(monkeypatch):
    """Every canvas that a chart finishes, desk before phone."""
    seen = []
    png = drawing._png

    def keep(figure):
        seen.append(figure)
        return png(figure)

    monkeypatch.setattr(drawing, "_png", keep)
    return seen


@pytest.fixture
def texts():
    """The texts on a canvas."""
    return lambda figure: [t.get_text() for t in figure.findobj(mpl.text.Text) if t.get_text()]
