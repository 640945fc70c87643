"""Charts of evidence: the effect chain, names on two scales, dots on rows."""

import pandas as pd
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text
from released_samples import released

from copanalysis.errors import CopanalysisError
from copanalysis.report.charts_chain import _depths, _layers, _ports
from copanalysis.report.figures import chain, layout_problems, placement, strip

CHAIN = {"source": "source", "target": "target", "number": "number"}
CHAIN |= {"strength": "strength_name", "level": "level"}
PLACED = {"x": "x", "y": "y", "label": "label"}
PLACED |= {"x_poles": ("Leerproces", "Eindproduct"), "y_poles": ("Lokaal", "Landelijk")}


def table(rows, columns, **fields):
    data = pd.DataFrame(rows, columns=columns).assign(row=range(len(rows)))
    shown = dict.fromkeys(columns, "Kop")
    return released(data, ("row",), shown, dict.fromkeys(columns, "text"), **fields)


def arrows(*links):
    rows = [(a, b, str(i + 1), "sterk" if i else "zwak", 0 if i else 2) for i, (a, b) in links]
    return table(rows, ["source", "target", "number", "strength_name", "level"])


def linked(*pairs):
    return arrows(*enumerate(pairs))


def test_every_name_and_number_of_the_chain_stands_on_both_drawings(canvases, texts):
    drawing = chain(
        linked(("Leren", "Deelnemer"), ("Deelnemer", "Dienst"), ("Leren", "Dienst")), **CHAIN
    )
    desk, phone = canvases
    assert {"Leren", "Deelnemer", "Dienst", "1", "2", "3", "sterk", "zwak"} <= set(texts(desk))
    assert "→ 1. Deelnemer (zwak) en 3. Dienst" in " ".join(texts(phone))
    assert layout_problems(desk) == layout_problems(phone) == []
    assert drawing.alt == "Effectketen met drie vakken en drie pijlen: één zwak en twee sterk."


def test_an_effect_stands_right_of_all_that_leads_to_it():
    links = [("a", "d"), ("a", "b"), ("b", "c"), ("c", "d")]
    assert _depths(linked(*links), links) == {"a": 0, "d": 3, "b": 1, "c": 2}


def test_arrows_of_one_box_leave_and_arrive_apart():
    links = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "e"), ("c", "e"), ("d", "e")]
    layers = _layers(linked(*links), links)
    middles = [{name: float(i) for i, name in enumerate(names)} for names in layers.names]
    ports = _ports(layers, middles, [dict.fromkeys(names, 1.0) for names in layers.names])
    leaving = [ports[("a", name), 0] for name in layers.names[1]]
    arriving = [ports[(name, "e"), -1] for name in layers.names[1]]
    assert leaving == sorted(set(leaving)) == arriving
    assert max(leaving) - min(leaving) < 1


def test_arrows_in_a_circle_are_refused():
    with pytest.raises(CopanalysisError, match="circle"):
        chain(linked(("a", "b"), ("b", "c"), ("c", "a")), **CHAIN)


def test_a_name_stands_where_its_scores_put_it(canvases):
    rows = [("Zeeland", -2, 2), ("Rijnmond", 2, 2), ("Fryslân", -2, -1)]
    placement(table(rows, ["label", "x", "y"]), **PLACED)
    places = {t.get_text(): t.get_position() for t in canvases[0].findobj(Text)}
    zeeland, rijnmond, fryslan = (places[name] for name, *_ in rows)
    assert zeeland[0] == fryslan[0] < rijnmond[0]
    assert zeeland[1] == rijnmond[1] < fryslan[1]  # the vertical axis runs down


def test_names_that_do_not_fit_become_numbers_with_a_list(canvases, texts):
    rows = [("Noordoost-Nederlandse gemeenten", 0, 0), ("Utrecht", 1, -2)]
    placement(table(rows, ["label", "x", "y"]), **PLACED)
    phone = texts(canvases[1])
    assert {"1", "2"} <= set(phone)
    assert "2:\u00a0Utrecht" in " ".join(phone)


def test_names_of_one_cell_stand_under_each_other(canvases):
    drawing = placement(
        table([("Zeeland", 0, 0), ("Utrecht", 0, 0)], ["label", "x", "y"]), **PLACED
    )
    assert layout_problems(canvases[0]) == []
    assert drawing.alt.endswith("Geplaatst zijn Zeeland (+0, +0) en Utrecht (+0, +0).")


def test_a_strip_has_a_dot_per_known_number(canvases):
    rows = [("A", 5, "aanwezig"), ("A", 5, "aanwezig"), ("B", 37, "aanwezig"), ("B", None, "leden")]
    drawing = strip(table(rows, ["row_name", "n", "kind"]), row="row_name", value="n", kind="kind")
    dots = [line for line in canvases[0].findobj(Line2D) if line.get_linestyle() == "None"]
    legend = 2
    assert len(dots) == 3 + legend
    assert "drie punten: aanwezig en leden. Van 5 tot 37." in drawing.alt


def test_equal_numbers_in_a_row_lie_apart(canvases):
    rows = [("A", 5, "x"), ("A", 5, "x"), ("A", 5, "x")]
    strip(table(rows, ["row_name", "n", "kind"]), row="row_name", value="n", kind="kind")
    dots = [line for line in canvases[0].findobj(Line2D) if line.get_linestyle() == "None"][1:]
    assert len({round(float(line.get_ydata()[0]), 6) for line in dots}) == 3


def test_more_than_four_kinds_are_refused():
    rows = [("A", i, f"soort {i}") for i in range(5)]
    with pytest.raises(CopanalysisError, match="cannot be drawn"):
        strip(table(rows, ["row_name", "n", "kind"]), row="row_name", value="n", kind="kind")
