"""Encodings, separators, rows and headers of delimited text; dates; types."""

from datetime import datetime

import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.survey.formats import read_export
from copanalysis.survey.formats.dates import read_moments
from copanalysis.survey.formats.kinds import guess_type
from copanalysis.survey.formats.sheet import split_heading

TABLE = "regio{0}oordeel{0}cijfer\r\nFryslân{0}eens{0}7,5\r\nZeeland{0}beïnvloed{0}8,0\r\n"


def read(tmp_path, content, name="tabel.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_export(path)


def cells(export):
    return [response.cells for response in export.responses]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "windows-1252"),
    ],
)
def test_encodings_and_separators(tmp_path, separator, encoding, name):
    export = read(tmp_path, TABLE.format(separator).encode(encoding))
    assert export.encoding == name
    assert cells(export) == [("Fryslân", "eens", "7,5"), ("Zeeland", "beïnvloed", "8,0")]
    assert [c.name for c in export.columns] == ["regio", "oordeel", "cijfer"]


def test_comma_in_unquoted_headings_does_not_beat_the_semicolon(tmp_path):
    header = "Id;Wat vond je lastig, teleurstellend, frustrerend? Noem iets, kort;Cijfer"
    export = read(tmp_path, f"{header}\n1;niets, eigenlijk;7\n2;de reis, de tijd, de zaal;8\n")
    assert len(export.columns) == 3
    assert cells(export)[1] == ("2", "de reis, de tijd, de zaal", "8")


def test_a_header_alone_with_commas_in_its_texts_splits_at_semicolons(tmp_path):
    export = read(tmp_path, "Id;Was het lang, duur, ver, of anders\n")
    assert [c.name for c in export.columns] == ["Id", "Was het lang, duur, ver, of anders"]


def test_separator_line_of_excel_is_no_header(tmp_path):
    export = read(tmp_path, "sep=;\r\na;b\r\n1;x,y\r\n")
    assert [c.name for c in export.columns] == ["a", "b"]
    assert export.responses[0].row == 3


def test_quoted_line_ends_stay_in_the_cell(tmp_path):
    export = read(tmp_path, 'a,b\n"een\r\ntwee\n""drie""",x\n4,y\n')
    assert cells(export) == [('een\r\ntwee\n"drie"', "x"), ("4", "y")]
    assert [r.row for r in export.responses] == [2, 5]


def test_ragged_rows_are_kept_and_named(tmp_path):
    export = read(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n\n,,\n10,11,12\n")
    assert cells(export) == [
        ("1", "2", "3", None),
        ("4", "5", None, None),
        ("6", "7", "8", "9"),
        ("10", "11", "12", None),
    ]
    found = {p.where: p.found for p in export.problems}
    assert "fewer cells" in found["tabel.csv, row 3"]
    assert "more cells" in found["tabel.csv, row 4"]
    assert found["tabel.csv, rows 5, 6"] == "2 row(s) without anything in them"
    assert [c.name for c in export.columns] == ["a", "b", "c", "column 4"]


def test_long_lists_of_rows_are_cut_short(tmp_path):
    export = read(tmp_path, "a,b\n" + "1\n" * 40)
    [where] = [p.where for p in export.problems if "fewer" in p.found]
    assert where.endswith("13 and 28 more")


def test_repeated_and_empty_headers_get_names_of_their_own(tmp_path):
    export = read(tmp_path, "a,a,a (2),,a\n1,2,3,4,5\n")
    names = [c.name for c in export.columns]
    assert names == ["a", "a (3)", "a (2)", "column 4", "a (4)"]
    assert any("'a'" in p.found and p.level == "warning" for p in export.problems)


def test_a_header_alone_is_a_readable_export(tmp_path):
    limesurvey = "id,submitdate,lastpage,Q4[SQ001]\r\n"
    qualtrics = "StartDate,EndDate,Status,Finished,Q1\n"
    surveymonkey = "Respondent ID,Collector ID,Start Date,End Date,Vraag?\n"
    for text in ("a;b;c\n", "Timestamp,Vraag\n", limesurvey, qualtrics, surveymonkey):
        export = read(tmp_path, text)
        assert export.responses == ()
        assert len(export.columns) >= 2


def test_letters_encoded_twice_are_pointed_out(tmp_path):
    twice = TABLE.format(";").encode("utf-8").decode("cp1252").encode("utf-8")
    export = read(tmp_path, twice)
    assert any("encoded twice" in p.found for p in export.problems)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,\x00\n", "NUL"),
        ("a;b\n1;\x00\n".encode("utf-16"), "NUL"),
        (b"a,b\n1,Frysl" + b"\xc3", "cut short"),
        (b"a,b\n1,\x81\x8d\n", "neither UTF-8"),
        (b'a,b\n1,"open\n2,x\n', "from line 2 on"),
        (b'a,b\n1,"x"y\n', "from line 2 on"),
        (b"\xff\xfea\x00,\x00b\x00\n", "damaged or cut short"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
    ],
)
def test_text_that_cannot_be_trusted_is_refused(tmp_path, content, says):
    with pytest.raises(CopanalysisError, match=says):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("Vraag? [Ik heb [veel] invloed]", ("Vraag?", "Ik heb [veel] invloed")),
        ("Vraag? [rij][Schaal 1]", ("Vraag?", "rij | Schaal 1")),
        ("Vraag? [rij] ", ("Vraag?", "rij")),
        ("[Anders]", ("[Anders]", "")),
        ("Vraag? rij]", ("Vraag? rij]", "")),
        ("Vraag?", ("Vraag?", "")),
    ],
)
def test_question_and_row_of_a_heading(heading, parts):
    assert split_heading(heading) == parts


def moments(*texts, month_first=False):
    found = read_moments([texts], where="x.csv", month_first=month_first)
    return list(found.columns[0]), [p.level for p in found.problems]


@pytest.mark.parametrize(
    "text",
    [
        "2023-05-15 09:12:33",
        "2023-05-15T09:12:33Z",
        "2023-05-15T09:12:33.250+02:00",
        "15-05-2023 09:12:33",
        "15-5-2023 9:12:33",
        "15.05.2023 09.12.33",
        "5/15/2023 9:12:33",
        "5/15/23 9:12:33",
        "05/15/2023 09:12:33 AM",
        "15 mei 2023 09:12:33",
        "15 mei 2023 om 9:12:33",
        "May 15, 2023 9:12:33 AM",
        "2023/05/15 9:12:33 AM GMT+2",
        "2023/05/15 9:12:33 a.m. CET",
        "45061.3837152778",
        "45061,3837152778",
    ],
)
def test_a_moment_in_many_notations(text):
    assert moments(text) == ([datetime(2023, 5, 15, 9, 12, 33)], [])


def test_afternoon_and_midnight():
    found, _ = moments("2023/05/15 12:05:00 AM GMT+2", "2023/05/15 9:12:33 p.m. CET")
    assert found == [datetime(2023, 5, 15, 0, 5), datetime(2023, 5, 15, 21, 12, 33)]


@pytest.mark.parametrize(
    ("texts", "month_first", "day", "levels"),
    [
        (("5/6/2023", "15/6/2023"), True, 5, []),
        (("5/6/2023", "6/15/2023"), False, 6, []),
        (("5/6/2023", "7/6/2023"), True, 6, ["note"]),
        (("5/6/2023", "7/6/2023"), False, 5, ["note"]),
        (("5-6-2023", "7-6-2023"), True, 5, ["note"]),
        (("5/6/2023 9:00 AM",), False, 6, ["note"]),
        (("5/6/2023", "15/6/2023", "16/6/2023", "6/17/2023"), True, 5, ["warning", "warning"]),
        (("5/5/2023",), True, 5, []),
    ],
)
def test_day_and_month_are_told_apart_by_the_whole_column(texts, month_first, day, levels):
    found, problems = moments(*texts, month_first=month_first)
    assert found[0].day == day
    assert problems == levels


def test_cells_that_are_no_date_are_counted():
    assert moments("2023-05-15", "gisteren", "31-02-2023", None, " ") == (
        [datetime(2023, 5, 15), None, None, None, None],
        ["warning"],
    )


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["Eens"] * 4 + ["Oneens"] * 4, "single"),
        (["Eens", "Oneens", "Eens", "Oneens"], "open"),
        (["1", "2", "3,5", "1.200"], "number"),
        (["15-05-2023", "16-05-2023"], "date"),
        ([None, " "], "open"),
        ([f"verhaal {i}" for i in range(9)], "open"),
    ],
)
def test_types_are_judged_by_answers_that_recur(cells, kind):
    assert guess_type(cells) == kind
