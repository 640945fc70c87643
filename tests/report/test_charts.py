"""What each chart shows of its table, and what it refuses."""

from dataclasses import replace

import matplotlib as mpl
import pandas as pd
import pytest
from released_samples import (
    OPTIONS,
    SCALE,
    cross,
    events,
    gap,
    hide,
    paths,
    shares,
    statements,
    waves,
)

from copanalysis.errors import CopanalysisError
from copanalysis.report import charts_likert, charts_matrix
from copanalysis.report.figures import (
    flow,
    gap_bars,
    layout_problems,
    likert_bars,
    matrix,
    share_bars,
    timeline,
    wave_bars,
)

COPS = ["Achterhoek", "Noordoost Nederland", "Hart van Brabant", "Midden-Limburg"]


def test_bars_run_from_large_to_small_with_other_last(canvases, texts):
    share_bars(shares(counts=(60, 42, 31, 38, 57, 29, 12, 70)))
    values = [t for t in texts(canvases[0]) if "(" in t and "n\u00a0=" not in t]
    assert values == [
        *("81% (60)", "77% (57)", "57% (42)", "51% (38)", "42% (31)", "39% (29)", "16% (12)"),
        "95% (70)",
    ]


def test_bars_keep_the_order_of_the_table_when_asked(canvases, texts):
    share_bars(shares(), sort=False)
    values = [t for t in texts(canvases[0]) if t.endswith(")") and "%" in t]
    assert values[:2] == ["81% (60)", "57% (42)"]


def test_the_axis_tells_the_base(canvases, texts):
    share_bars(shares())
    assert "Aandeel (n\u00a0=\u00a074)" in texts(canvases[0])


def test_long_labels_are_wrapped_whole(canvases, texts):
    share_bars(shares())
    for canvas in canvases:
        assert OPTIONS[0] not in texts(canvas)
        words = " ".join(texts(canvas))
        assert all(part in words for option in OPTIONS for part in option.split())


def test_a_dollar_sign_is_no_formula(canvases):
    share_bars(shares(labels=("Kosten van $5 tot $10", "Geen"), counts=(40, 20)))
    written = canvases[0].findobj(mpl.text.Text)
    assert [t.get_parse_math() for t in written if "$" in t.get_text()] == [False]


def test_a_word_wider_than_the_sheet_is_cut_with_a_hyphen(canvases, texts):
    word = "samenwerkingsverbandcoördinatiebijeenkomstverslagleggingsafspraken"
    share_bars(shares(labels=(word, "Kort"), counts=(40, 20)))
    for canvas in canvases:
        pieces = [t for t in texts(canvas) if t.strip("-") in word]
        assert len(pieces) > 1
        assert "".join(piece.removesuffix("-") for piece in pieces) == word


def test_a_hidden_bar_is_not_drawn_as_zero(canvases, texts):
    made = share_bars(shares(hidden=[7]))
    for canvas in canvases:
        assert "niet getoond" in texts(canvas)
        assert "4% (3)" not in texts(canvas)
        hatched = [p for p in canvas.findobj(mpl.patches.Rectangle) if p.get_hatch()]
        assert len(hatched) == 1
    assert "Zonder getoonde waarde: één." in made.alt


def test_intervals_are_told_only_where_they_are_drawn():
    table = shares()
    assert "95%-interval" in share_bars(table).alt
    bare = replace(
        table,
        data=table.data.drop(columns=["ci_low", "ci_high"]),
        columns={k: v for k, v in table.columns.items() if k != "interval"},
        hidden=pd.DataFrame(),
    )
    assert "lijnen" not in share_bars(bare).alt


def test_the_words_give_the_highest_and_the_lowest():
    alt = share_bars(shares()).alt
    assert f"Hoogste: {OPTIONS[0]} (81%)." in alt
    assert "Laagste: Anders, namelijk... (4%)." in alt
    assert "acht staven" in alt


def test_waves_have_markers_of_their_own_and_their_bases(canvases, texts):
    made = wave_bars(waves())
    legend = [t for t in texts(canvases[0]) if t.startswith("Golf")]
    assert legend == [f"Golf {i}, n\u00a0=\u00a0{n}" for i, n in ((1, 132), (2, 146), (3, 74))]
    markers = {line.get_marker() for line in canvases[0].findobj(mpl.lines.Line2D)}
    assert {"o", "s", "D"} <= markers
    assert "Golf 1, Golf 2 en Golf 3" in made.alt


def test_a_wave_in_which_an_option_was_not_asked_stays_empty():
    table = waves()
    data = table.data[~(table.data["wave"].eq("1") & table.data["option"].eq("o5"))]
    wave_bars(replace(table, data=data, hidden=pd.DataFrame()))


def test_four_waves_and_doubled_marks_are_refused():
    with pytest.raises(CopanalysisError, match="at most three"):
        wave_bars(waves(names=("1", "2", "3", "4")))
    with pytest.raises(CopanalysisError, match="two rows for"):
        wave_bars(waves(), series="base", label="wave")


def test_the_gap_is_told_where_it_is_widest():
    alt = gap_bars(gap(), first="hoped", second="got").alt
    assert f"Grootste verschil: {OPTIONS[3]} (70% en <1%)." in alt
    assert f"Kleinste verschil: {OPTIONS[0]} (81% en 81%)." in alt


def test_the_positive_side_is_blue_whichever_end_it_is_at(canvases):
    def first_colour(canvas):
        boxes = canvas.findobj(
            lambda p: isinstance(p, mpl.patches.Rectangle) and p.get_alpha() != 0
        )
        fills = [mpl.colors.to_hex(p.get_facecolor()).upper() for p in boxes]
        return next(f for f in fills if f in charts_likert.PALETTES[5])

    likert_bars(statements(), positive="first")
    likert_bars(statements(), positive="last")
    assert first_colour(canvases[0]) == charts_likert.POSITIVE[1]
    assert first_colour(canvases[2]) == charts_likert.NEGATIVE[0]


@pytest.mark.parametrize("neutral", ["inside", "aside"])
def test_small_answers_keep_their_label(neutral, canvases, texts):
    table = statements(rows=((1, 1, 70, 1, 1), (35, 1, 1, 1, 36)))
    likert_bars(table, positive="first", neutral=neutral)
    for canvas in canvases:
        assert texts(canvas).count("1%") == 7
        assert layout_problems(canvas) == []


def test_a_statement_with_a_hidden_answer_is_not_drawn(canvases, texts):
    table = statements()
    data, mask = hide(table.data, [3], ["n", "share"])
    made = likert_bars(replace(table, data=data, hidden=mask), positive="first")
    assert "niet getoond" in texts(canvases[0])
    assert "46%" not in texts(canvases[0])
    assert "CoP: niet getoond." in made.alt


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"positive": "left"}, "positive='left'"),
        ({"neutral": "gone"}, "neutral='gone'"),
        ({"label": "nowhere"}, "'nowhere'"),
    ],
)
def test_likert_bars_refuse_what_they_do_not_know(change, told):
    with pytest.raises(CopanalysisError, match=told):
        likert_bars(statements(), **{"positive": "first", **change})


def test_answers_must_add_up_and_be_a_scale():
    table = statements()
    with pytest.raises(CopanalysisError, match="a total of"):
        likert_bars(
            replace(table, data=table.data.assign(share=table.data["share"] / 2)), positive="first"
        )
    six = statements(rows=((1, 2, 3, 4, 5, 6),), scale=(*SCALE, "Weet niet"))
    with pytest.raises(CopanalysisError, match="6 answers"):
        likert_bars(six, positive="first")
    four = statements(rows=((1, 2, 3, 4),), scale=SCALE[:4])
    likert_bars(four, positive="first")
    with pytest.raises(CopanalysisError, match="a scale with a middle"):
        likert_bars(four, positive="first", neutral="aside")


def test_a_matrix_writes_its_numbers_and_hatches_hidden_cells(canvases):
    made = matrix(cross(hidden=[3, 8]), rows="row", columns="column", value="n")
    assert "vijf rijen en vijf kolommen" in made.alt
    assert "Zonder getoonde waarde: twee." in made.alt
    hatched = [p for p in canvases[0].findobj(mpl.patches.Rectangle) if p.get_hatch()]
    assert len(hatched) == 2


def test_the_first_of_ranks_is_darkest(canvases):
    places = cross(rows=("a", "b", "c"), columns=("x", "y"))  # 0 5, 3 8, 6 11
    made = matrix(places, rows="row", columns="column", value="n", ranks=True)
    boxes = [
        mpl.colors.to_hex(p.get_facecolor()) for p in canvases[0].findobj(mpl.patches.Rectangle)
    ]
    tints = [colour for colour in boxes if colour.upper() in charts_matrix.TINTS]
    assert tints[0].upper() == charts_matrix.TINTS[-1]
    assert tints[-1].upper() == charts_matrix.TINTS[0]
    assert "een donkerder tint is een hogere plaats. Op plaats 0: a bij x." in made.alt


def test_a_matrix_of_many_columns_still_fits_the_phone(canvases, texts):
    cops = [f"{name} {i}" for i in range(3) for name in COPS]
    matrix(cross(rows=OPTIONS, columns=cops), rows="row", columns="column", value="n")
    wide = cross(rows=cops, columns=cops, factor=100)
    matrix(wide, rows="row", columns="column", value="n")
    assert [layout_problems(canvas) for canvas in canvases] == [[]] * 4
    assert "A: Achterhoek 0" in " ".join(texts(canvases[2]))
    assert texts(canvases[3]).count("Achterhoek 0") == 2  # once per band of columns


def test_a_timeline_marks_days_and_periods(canvases):
    made = timeline(events(), start="start", end="end", label="event", kind="kind")
    diamonds = [line for line in canvases[0].findobj(mpl.lines.Line2D) if line.get_marker() == "D"]
    assert len(diamonds) == 2
    assert made.alt.replace("\u00a0", " ").startswith(
        "Tijdlijn met vier onderdelen, van 1 mei 2023 tot 29 maart 2024."
    )


def test_a_timeline_refuses_dates_that_cannot_be():
    table = events()
    wrong = table.data.assign(start=["2023-10-01", None, "2023-09-14", "2024-03-29"])
    with pytest.raises(CopanalysisError) as caught:
        timeline(replace(table, data=wrong), start="start", end="end", label="event", kind="kind")
    assert "2023-10-01 to 2023-09-30" in str(caught.value)
    assert "no start" in str(caught.value)


def test_a_flow_is_a_list_on_the_phone(canvases, texts):
    flow(paths(), columns=("question", "level", "instrument"))
    desk, phone = canvases
    assert "Observaties" in texts(desk)
    assert "→ Outcome → Vragenlijst en Interviews" in texts(phone)
    assert "→ Impact" in texts(phone)
    assert len(desk.findobj(mpl.patches.FancyArrowPatch)) == 6
    assert phone.findobj(mpl.patches.FancyArrowPatch) == []


def test_a_drawing_of_synthetic_data_says_so_itself(canvases, texts):
    share_bars(shares())
    share_bars(shares(synthetic=False))
    assert ["fictieve gegevens" in texts(canvas) for canvas in canvases] == [True] * 2 + [False] * 2


def test_an_empty_table_or_unknown_column_is_refused():
    table = shares()
    with pytest.raises(CopanalysisError, match="no rows"):
        share_bars(replace(table, data=table.data.iloc[:0]))
    with pytest.raises(CopanalysisError, match="a column 'aandeel'"):
        share_bars(table, value="aandeel")


def test_a_chart_without_a_single_value_is_drawn():
    made = share_bars(shares(hidden=range(8)))
    assert "Zonder getoonde waarde: acht." in made.alt


def test_many_rows_of_the_longest_labels_stay_apart(canvases):
    labels = tuple(f"{option} {i}" for i in range(3) for option in OPTIONS[:7])
    wave_bars(waves())
    share_bars(shares(labels=labels, counts=tuple(range(50, 50 + len(labels))), base=75))
    assert all(layout_problems(canvas) == [] for canvas in canvases)
