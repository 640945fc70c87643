"""A released table as HTML and as CSV."""

import csv
import io
from dataclasses import replace

import pandas as pd
import pytest
from lxml import html
from released_samples import OPTIONS, gap, overview, paths, released, shares, statements, waves

from copanalysis.errors import CopanalysisError
from copanalysis.report.cells import row_anchor, shown_cells, wholly_hidden
from copanalysis.report.datasheet import table_csv
from copanalysis.report.tables import data_table_html, is_wide, table_html

HOSTILE = '<script>alert("1")</script>'


def parsed(released):
    return html.fragment_fromstring(table_html(released))


def texts(elements):
    return [e.text_content() for e in elements]


def csv_rows(released):
    text = table_csv(released).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_a_table_has_a_numbered_caption_and_scoped_headers():
    root = parsed(shares())
    assert texts(root.iter("caption")) == ["Tabel 4.1. Opbrengsten voor deelnemers"]
    assert all(th.get("scope") == "col" for th in root.xpath(".//thead//th"))
    assert texts(root.xpath(".//thead//th")) == ["Opbrengst", "Aantal", "Aandeel", "95%-interval"]
    assert texts(root.xpath('.//tbody//th[@scope="row"]')) == list(OPTIONS)


def test_cells_are_dutch_and_numbers_are_marked_for_the_right():
    cells = parsed(shares()).xpath(".//tbody/tr[1]/td")
    assert [c.replace("\u00a0", " ") for c in texts(cells)] == ["60", "81%", "72% – 90%"]
    assert all("cop-n" in cell.get("class") for cell in cells)


def test_base_source_and_notes_describe_the_table():
    root = parsed(shares(notes=("Meer antwoorden mogelijk.",)))
    (table,) = root.iter("table")
    note = root.get_element_by_id(table.get("aria-describedby"))
    assert texts(note.iter("p")) == [
        "Basis: Deelnemers die de vraag beantwoordden.",
        "Bron: Thermometervragenlijst, golf 3 (fictieve gegevens).",
        "Meer antwoorden mogelijk.",
    ]


def test_only_synthetic_data_are_called_so():
    assert "fictieve gegevens" not in table_html(shares(synthetic=False))
    assert "fictieve gegevens" not in table_csv(shares(synthetic=False)).decode()


def test_table_and_rows_can_be_linked_to():
    root = parsed(shares())
    assert root.xpath(".//table/@id") == ["tab-got"]
    assert root.xpath(".//tbody/tr/@id")[:2] == ["tab-got--o0", "tab-got--o1"]
    assert row_anchor("got", "Midden Limburg", 3) == "tab-got--Midden-Limburg--3"


def test_the_table_behind_a_figure_shares_no_id_with_the_registered_one():
    table = shares()
    both = table_html(table) + data_table_html(table, id="fig-got-data", name="Gegevens")
    ids = html.fragment_fromstring(f"<div>{both}</div>").xpath("//@id")
    assert len(ids) == len(set(ids))


def test_hidden_and_missing_cells_are_told_apart():
    table = shares(hidden=[7])
    table.data.loc[6, "share"] = None
    rows = parsed(table).xpath(".//tbody/tr")
    assert texts(rows[7].iter("td")) == ["niet getoond"] * 3
    assert texts(rows[6].iter("td"))[1] == "–"


def test_a_value_under_a_hidden_cell_is_refused():
    table = shares(hidden=[7])
    leaking = table.data.assign(share=0.5)
    with pytest.raises(CopanalysisError, match="column 'share'"):
        table_html(replace(table, data=leaking))


def test_repeated_row_headers_become_groups():
    root = parsed(waves())
    groups = root.xpath('.//tbody/tr/th[@scope="rowgroup"]')
    assert texts(groups) == ["1", "2", "3"]
    assert len(root.xpath(".//tbody")) == 3
    assert texts(root.xpath(".//thead//th"))[0] == "Opbrengst"
    assert groups[0].get("colspan") == "4"


def test_the_repeating_column_groups_also_when_it_comes_first_in_the_text():
    root = parsed(statements())
    assert len(root.xpath('.//th[@scope="rowgroup"]')) == 2
    assert len(root.xpath('.//tbody[1]//th[@scope="row"]')) == 5


def test_two_row_headers_with_the_same_words_stay_beside_each_other():
    answers = ["Eens", "Oneens"]
    data = pd.DataFrame([(a, b, 9) for a in answers for b in answers], columns=["a", "b", "n"])
    headers = {"a": "Verantwoordelijk", "b": "Invloed", "n": "Aantal"}
    cross = released(data, ("a", "b"), headers, {"a": "text", "b": "text", "n": "count"})
    root = parsed(cross)
    assert root.xpath('.//th[@scope="rowgroup"]') == []
    assert texts(root.xpath(".//thead//th")) == list(headers.values())


def test_a_wide_table_lies_in_a_region_that_the_keyboard_reaches():
    (region,) = parsed(waves()).xpath('.//*[@role="region"]')
    assert region.get("tabindex") == "0"
    assert region.get("aria-label") == "Tabel 4.1"
    assert parsed(waves()).xpath(".//*[@tabindex and not(@role)]") == []


def test_a_narrow_table_needs_no_region():
    data = pd.DataFrame({"label": ["Ja", "Nee"], "n": [1, 2]})
    formats = {"label": "text", "n": "count"}
    narrow = released(data, ("label",), {"label": "Antwoord", "n": "Aantal"}, formats)
    assert parsed(narrow).xpath(".//*[@tabindex]") == []


def test_a_table_that_reflows_keeps_its_roles():
    (table,) = parsed(shares()).iter("table")
    assert "cop-reflow" in table.get("class")
    assert table.get("role") == "table"
    wanted = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for name, role in wanted.items():
        assert {e.get("role") for e in table.iter(name)} == {role}, name
    assert {e.get("role") for e in table.iter("th")} == {"columnheader", "rowheader"}


def test_prose_columns_are_kept_from_being_squeezed():
    assert parsed(paths()).xpath('.//th[contains(@class, "cop-long")]')


def test_hostile_labels_stay_text():
    labels = (HOSTILE, '"><img src=x onerror=alert(1)>')
    hostile = shares(labels=labels, title=HOSTILE, source=HOSTILE, notes=(HOSTILE,))
    root = parsed(hostile)
    assert not list(root.iter("script", "img"))
    assert texts(root.xpath('.//th[@scope="row"]')) == list(labels)
    assert HOSTILE in texts(root.iter("caption"))[0]


def test_every_problem_of_a_table_is_told_at_once():
    table = shares()
    columns = {"label": "Opbrengst", "nowhere": "?", "share": "Aandeel", "base": "Basis"}
    bad = replace(table, columns=columns, base="", source=" ")
    with pytest.raises(CopanalysisError) as caught:
        table_html(bad)
    told = str(caught.value)
    for part in ("no base", "no source", "no column 'nowhere'", "column 'base'"):
        assert part in told


def test_an_empty_table_and_doubled_rows_are_refused():
    table = shares()
    with pytest.raises(CopanalysisError, match="no rows"):
        table_html(replace(table, data=table.data.iloc[:0]))
    twice = pd.concat([table.data.iloc[:2], table.data.iloc[:1]], ignore_index=True)
    with pytest.raises(CopanalysisError, match="several rows 'tab-got--o0'"):
        table_html(replace(table, data=twice, hidden=pd.DataFrame()))


def test_a_table_may_show_a_second_interval_by_its_stem():
    table = shares()
    named = {f"common_{c}": table.data[c] for c in ("ci_low", "ci_high")}
    formats = {**table.formats, "common_interval": "points"}
    columns = {**table.columns, "common_interval": "Gezamenlijk"}
    table = replace(table, data=table.data.assign(**named), columns=columns, formats=formats)
    shown = shown_cells(table)["common_interval"].iloc[0]
    assert shown.replace("\u00a0", " ") == "+72 tot +90"
    head = [f"Gezamenlijk (procentpunt) {end}" for end in ("van", "tot")]
    assert csv_rows(table)[0][-3:-1] == head
    gone = replace(table, data=table.data.drop(columns="common_ci_low"))
    with pytest.raises(CopanalysisError, match="no column 'common_ci_low'"):
        table_html(gone)


def test_an_interval_needs_both_bounds_and_a_format():
    table = shares()
    with pytest.raises(CopanalysisError, match="no column 'ci_high'"):
        table_html(replace(table, data=table.data.drop(columns="ci_high")))
    formats = {k: v for k, v in table.formats.items() if k != "interval"}
    with pytest.raises(CopanalysisError, match="column 'interval'"):
        table_html(replace(table, formats=formats))


def test_the_unit_of_a_difference_stands_in_the_header_and_not_in_the_cells():
    assert shown_cells(gap())["difference"].tolist()[1] == "−7"
    assert "(procentpunt)</th>" in table_html(gap())


def test_csv_opens_in_a_dutch_spreadsheet():
    raw = table_csv(shares(hidden=[7]))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in raw
    rows = csv_rows(shares(hidden=[7]))
    head = ["Opbrengst", "Aantal", "Aandeel", "95%-interval van", "95%-interval tot", "gegevens"]
    assert rows[0] == head
    assert rows[1][1:] == ["60", "81%", "72%", "90%", "fictieve gegevens"]
    assert rows[8][1:] == ["niet getoond"] * 4 + ["fictieve gegevens"]


def test_csv_numbers_are_numbers():
    data = pd.DataFrame({"label": ["a"], "n": [12345], "mean": [-1234.5], "change": [-0.07]})
    headers = {"label": "Naam", "n": "Aantal", "mean": "Gemiddelde", "change": "Verschil"}
    formats = {"label": "text", "n": "count", "mean": "number", "change": "points"}
    rows = csv_rows(released(data, ("label",), headers, formats, synthetic=False))
    assert rows == [
        ["Naam", "Aantal", "Gemiddelde", "Verschil (procentpunt)"],
        ["a", "12345", "-1234,50", "-7"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_defused(start):
    text = f"{start}HYPERLINK(1)"
    rows = csv_rows(shares(labels=(text,), counts=(3,)))
    assert rows[1][0] == f"'{text}"


def test_a_header_that_a_spreadsheet_would_run_is_defused():
    columns = {"label": "=1+1", "n": "@Aantal"}
    assert csv_rows(replace(shares(), columns=columns))[0][:2] == ["'=1+1", "'@Aantal"]


def test_the_same_table_gives_the_same_bytes():
    assert table_html(waves()) == table_html(waves())
    assert table_csv(waves()) == table_csv(waves())


def test_a_code_on_which_coders_differ_is_set_apart():
    table = shares()
    doubtful = [i == 1 for i in range(len(table.data))]
    page = table_html(replace(table, data=table.data.assign(uncertain=doubtful)))
    assert page.count('class="cop-uncertain"') == 1
    assert OPTIONS[1] in page.split('class="cop-uncertain"')[1].split("</tr>")[0]


def test_one_row_of_many_columns_stands_upright():
    root = parsed(overview())
    rows = [texts(row) for row in root.iter("tr")]
    assert rows == [
        ["Richt zich op", "samenwerken"],
        ["Online", "nee"],
        ["Leden", "28"],
        ["Organisaties", "12"],
        ["Bijeenkomsten", "6"],
    ]
    assert {th.get("scope") for th in root.iter("th")} == {"row"}
    assert root.xpath("//tbody/@id") == ["tab-got--here"]
    assert not is_wide(overview())


def test_a_table_that_tells_nothing_is_a_sentence():
    root = parsed(shares(hidden=range(8), notes=("Niet getoond: te weinig.",)))
    assert not list(root.iter("table"))
    said = texts(root.iter("p"))
    assert said[0].startswith("Tabel 4.1. Opbrengsten voor deelnemers. Geen enkel aantal")
    assert said[1].startswith("Basis: ")
    assert said[-1] == "Niet getoond: te weinig."
    assert root.get("id") == "tab-got"


def test_a_table_that_tells_something_is_a_table():
    assert not wholly_hidden(shares(hidden=range(7)))
    assert list(parsed(shares(hidden=range(7))).iter("table"))


def test_a_base_keeps_its_number_on_one_line():
    assert "(n\u00a0=\u00a074)." in table_html(replace(shares(), base="Allen (n = 74)"))


def test_a_quote_heads_no_row_though_a_key_follows_it():
    said = {"topic": ["Rollen", "Stem"], "text": ["Woorden " * 20, "kort"], "turn": ["P1", "P2"]}
    table = released(
        pd.DataFrame(said),
        ("turn", "topic"),
        dict.fromkeys(said, "Kop"),
        dict.fromkeys(said, "text"),
    )
    assert texts(parsed(table).xpath(".//tbody//th")) == ["Rollen", "Stem"]
