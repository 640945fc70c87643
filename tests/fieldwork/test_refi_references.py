"""Departures from the schema and GUIDs that lead nowhere: each is told with its element path."""

import pytest
from refi_writers import (
    code,
    coding,
    guid,
    one_text,
    project,
    selection,
    tag,
    text_source,
    write_qdpx,
)

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.refi.findings import SHOWN, Findings
from copanalysis.fieldwork.refi.markup import parsed, with_bare_names
from copanalysis.fieldwork.refi.reading import losses, read_project
from copanalysis.fieldwork.refi.schema import PROJECT, fits
from copanalysis.fieldwork.refi.shape import check_shape

C, SOURCE, NOWHERE = guid("code", "C"), guid("source", "T"), guid("nowhere")
MARK = selection(0, 3, coding(C))


@pytest.fixture
def read(tmp_path):
    """Reads a project with one text ("Wij bellen") and the parts that are given."""
    return lambda *marks, **parts: read_project(
        one_text(tmp_path / "p.qdpx", "Wij bellen", *marks, **parts)
    )


def problems(read, level):
    return [problem for problem in read.problems if problem.level == level]


def errors_of(call):
    with pytest.raises(CopanalysisError) as error:
        call()
    return error.value.problems


# pointers that lead nowhere ----------------------------------------------------------------------


def test_a_coding_with_a_code_that_is_not_there_is_an_error(read):
    (problem,) = errors_of(lambda: read(selection(0, 3, coding(C), coding(NOWHERE))))
    expected = "/Project/Sources/TextSource/PlainTextSelection/Coding[2]/CodeRef"
    assert expected in problem.where
    assert NOWHERE in problem.found


def test_every_error_is_told_not_only_the_first(read):
    marks = [selection(0, end, coding(guid(end), id=guid("k", end))) for end in (1, 2, 3)]
    assert len(errors_of(lambda: read(*marks, Codes=code("C") + code("C")))) == 4


@pytest.mark.parametrize(
    ("part", "content", "place"),
    [
        ("Notes", tag("NoteRef", targetGUID=NOWHERE), "NoteRef"),
        ("Cases", tag("SourceRef", targetGUID=NOWHERE), "Case/SourceRef"),
        ("Cases", tag("SelectionRef", targetGUID=NOWHERE), "Case/SelectionRef"),
        ("Cases", tag("CodeRef", targetGUID=SOURCE), "Case/CodeRef"),
        ("Sets", tag("MemberCode", targetGUID=NOWHERE), "Set/MemberCode"),
        ("Sets", tag("MemberSource", targetGUID=C), "Set/MemberSource"),
        ("Sets", tag("MemberNote", targetGUID=NOWHERE), "Set/MemberNote"),
    ],
)
def test_a_pointer_that_loses_nothing_is_a_warning(read, part, content, place):
    around = {
        "Notes": lambda: {"tail": content},
        "Cases": lambda: {"Cases": tag("Case", content, guid=guid("case"), name="Anna")},
        "Sets": lambda: {"Sets": tag("Set", content, guid=guid("set"), name="Groep")},
    }[part]()
    result = read(MARK, **around)
    (problem,) = problems(result, "warning")
    assert place in problem.where
    assert result.case_sources.empty
    assert not result.carried["xml"].str.contains("targetGUID").any()


def test_a_value_of_a_variable_that_is_not_there_is_a_warning_and_a_loss(tmp_path):
    value = tag("VariableRef", targetGUID=NOWHERE) + tag("TextValue", "Noord")
    case = tag("Case", tag("VariableValue", value), guid=guid("case"), name="Anna")
    path = one_text(tmp_path / "p.qdpx", "Wij", Cases=case)
    result = read_project(path)
    assert result.values.empty
    assert "VariableValue/VariableRef" in problems(result, "warning")[0].where
    assert "VariableValue" in set(losses(path)["element"])


def test_a_coder_who_is_no_user_is_kept_by_id(read):
    result = read(
        selection(0, 3, coding(C, user=NOWHERE), coding(C, user=guid("user"), id=guid(2)))
    )
    assert list(result.segments["coder"]) == [NOWHERE, guid("user")]
    assert result.coders.set_index("coder").loc[NOWHERE, "name"] == ""
    (problem,) = problems(result, "warning")
    assert "creatingUser" in problem.found


def test_links_and_edges_to_nothing_are_left_out_and_counted(tmp_path):
    parts = {
        "Links": tag("Link", guid=guid("l"), originGUID=NOWHERE, targetGUID=guid("other")),
        "Graphs": tag(
            "Graph",
            tag("Vertex", guid=guid("x"), representedGUID=NOWHERE, firstX=0, firstY=0)
            + tag("Edge", guid=guid("e"), sourceVertex=guid("x"), targetVertex=C),
            guid=guid("g"),
        ),
    }
    path = one_text(tmp_path / "p.qdpx", "Wij", MARK, **parts)
    result = read_project(path)
    assert list(result.carried["element"]) == ["Graph"]
    assert NOWHERE not in result.carried["xml"][0]
    assert {"Link", "Edge", "Graph"} <= set(losses(path)["element"])


def test_a_coding_of_a_picture_with_no_code_is_a_loss_not_an_error(tmp_path):
    area = {"firstX": 0, "firstY": 0, "secondX": 9, "secondY": 9}
    marks = [
        tag("PictureSelection", coding(NOWHERE), guid=guid("a"), **area),
        tag("PictureSelection", tag("Coding", guid=guid("k")), guid=guid("b"), **area),
    ]
    picture = tag("PictureSource", "".join(marks), guid=guid("p"), name="Foto")
    path = write_qdpx(tmp_path / "p.qdpx", project(Sources=picture))
    counted = losses(path)
    assert counted.loc[counted["element"] == "Coding", "count"].sum() == 2
    assert len(read_project(path).carried) == 2


def test_a_loop_of_repairs_ends(tmp_path):
    """A link to an edge to a vertex that is not there: one repair makes the next."""
    parts = {
        "Links": tag("Link", guid=guid("l"), originGUID=C, targetGUID=guid("e")),
        "Graphs": tag(
            "Graph",
            tag("Edge", guid=guid("e"), sourceVertex=NOWHERE, targetVertex=NOWHERE),
            guid=guid("g"),
        ),
    }
    result = read_project(one_text(tmp_path / "p.qdpx", "Wij", MARK, **parts))
    assert list(result.carried["element"]) == ["Graph"]


# GUIDs that stand twice --------------------------------------------------------------------------


def test_a_guid_of_two_codes_is_an_error_with_both_places(read):
    (problem,) = errors_of(lambda: read(MARK, Codes=code("C") + code("D", id=C)))
    assert "Codes/Code[2]" in problem.where
    assert "Codes/Code[1]" in problem.found


def test_two_selections_of_one_guid_elsewhere_are_an_error(read):
    twice = selection(0, 3, coding(C), id=guid("s")) + selection(4, 7, coding(C), id=guid("s"))
    assert "PlainTextSelection[2]" in errors_of(lambda: read(twice))[0].where


def test_one_selection_repeated_for_each_code_is_read_as_one(read):
    codes = code("C") + code("D")
    marks = [
        selection(0, 3, coding(C), id=guid("s")),
        selection(0, 3, coding(guid("code", "D")), id=guid("s")),
    ]
    result = read(*marks, Codes=codes)
    assert list(result.segments["segment"]) == [guid("s")] * 2
    assert list(result.segments["code"]) == [C, guid("code", "D")]


def test_codings_of_one_guid_are_both_read_and_told(read):
    marks = [selection(0, end, coding(C, id=guid("k"))) for end in (1, 2)]
    result = read(*marks)
    assert list(result.segments["coding"]) == [guid("k")] * 2
    assert "a GUID of its own" in problems(result, "warning")[0].expected


def test_guids_are_compared_without_braces_and_case(read):
    mark = selection(0, 3, coding("{" + C.upper() + "}"))
    assert list(read(mark).segments["code"]) == [C]


# departures from the schema ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (f'guid="{C}"', 'guid="C"', "Codes/Code"),
        (f'guid="{C}" ', "", "Codes/Code"),
        ('name="C"', "", "Codes/Code"),
        ('isCodable="true"', 'isCodable="ja"', "Codes/Code"),
        ('startPosition="0"', "", "PlainTextSelection"),
        ('endPosition="3"', 'endPosition="drie"', "PlainTextSelection"),
        ("<Sources>", "<Sources></Sources><Sources>", "Project"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_place(tmp_path, old, new, place):
    xml = project(Codes=code("C"), Sources=text_source("T", MARK))
    assert xml.count(old) == 1
    path = write_qdpx(tmp_path / "p.qdpx", xml.replace(old, new), {f"{SOURCE}.txt": "Wij bellen"})
    found = errors_of(lambda: read_project(path))
    assert any(problem.where.split(" (line")[0].endswith(place) for problem in found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('isCodable="true"', "", "isCodable"),
        ('isCodable="true"', 'isCodable="True"', "isCodable"),
        ('isCodable="true"', 'isCodable="true" color="rood"', "color"),
        ('isCodable="true"', 'isCodable="true" eigen="1"', "attribute of the format"),
        ('startPosition="0"', 'startPosition="0" creationDateTime="gisteren"', "creationDateTime"),
        ("</Project>", "<Eigen/></Project>", "element of the format"),
        ("</Project>", "<Users/></Project>", "order"),
        ("</Project>", "<Graphs/></Project>", "a Graph in Graphs"),
    ],
)
def test_what_loses_nothing_is_read_with_a_warning(tmp_path, old, new, expected):
    xml = project(Codes=code("C"), Sources=text_source("T", MARK))
    assert xml.count(old) == 1
    path = write_qdpx(tmp_path / "p.qdpx", xml.replace(old, new), {f"{SOURCE}.txt": "Wij bellen"})
    result = read_project(path)
    assert any(expected in problem.expected for problem in problems(result, "warning"))
    assert list(result.segments["text"]) == ["Wij"]
    assert result.codes["codable"][0]


def test_a_value_that_is_left_out_is_counted(tmp_path):
    mark = MARK.replace('startPosition="0"', 'startPosition="0" creationDateTime="gisteren"')
    counted = losses(one_text(tmp_path / "p.qdpx", "Wij bellen", mark))
    assert "PlainTextSelection/@creationDateTime" in set(counted["element"])


def test_a_memo_named_twice_at_one_place_is_one_row(read):
    reference = tag("NoteRef", targetGUID=guid("n"))
    note = tag("Note", tag("PlainTextContent", "m"), guid=guid("n"))
    result = read(selection(0, 3, reference, reference), Notes=note)
    assert list(result.memos["target_kind"]) == ["segment"]


def test_a_value_that_does_not_fit_its_type_is_kept_as_text(read):
    variable = tag("Variable", guid=guid("v"), name="L", typeOfVariable="Float")
    given = tag("VariableRef", targetGUID=guid("v")) + tag("FloatValue", "veel")
    empty = tag("VariableRef", targetGUID=guid("v")) + tag("FloatValue")
    bare = tag("VariableRef", targetGUID=guid("v"))
    values = "".join(tag("VariableValue", value) for value in (given, empty, bare))
    case = tag("Case", values, guid=guid("case"), name="Anna")
    result = read(Variables=variable, Cases=case)
    assert list(result.values["value"]) == ["veel", "", ""]
    assert len(problems(result, "warning")) == 2


def test_two_texts_of_one_source_must_be_the_same(tmp_path):
    source = text_source("T", tag("PlainTextContent", "Wij bellen"), MARK)
    xml = project(Codes=code("C"), Sources=source)
    path = write_qdpx(tmp_path / "p.qdpx", xml, {f"{SOURCE}.txt": "Wij bellen"})
    assert len(problems(read_project(path), "warning")) == 1
    path = write_qdpx(tmp_path / "q.qdpx", xml, {f"{SOURCE}.txt": "Wij mailen"})
    assert "with other texts" in errors_of(lambda: read_project(path))[0].found


def test_a_coded_text_that_is_not_in_the_file_is_an_error(tmp_path):
    path = write_qdpx(tmp_path / "p.qdpx", project(Codes=code("C"), Sources=text_source("T", MARK)))
    (problem,) = errors_of(lambda: read_project(path))
    assert "no file" in problem.found
    assert "TextSource" in problem.where


def test_a_problem_met_very_often_is_counted():
    findings = Findings("f")
    for number in range(SHOWN + 7):
        findings.add("Coding", f"{number}", "same", "fix")
    told = findings.problems()
    assert len(told) == SHOWN + 1
    assert "7 more" in told[-1].found


# the schema itself -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        (
            "guid",
            ["0a" * 4 + "-0000-0000-0000-" + "0F" * 6, f"{{{C}}}", f" {C}\n"],
            ["", "1", f"{{{C}"],
        ),
        ("integer", ["0", "-12", "+7", " 3 "], ["", "1.0", "1e3", "١"]),
        ("decimal", ["1.", ".5", "-0.5", "7"], ["", ".", "1e3", "NaN"]),
        ("boolean", ["true", "0"], ["True", "", "ja"]),
        ("colour", ["#fff", "#A0b1C2"], ["fff", "#ffff", "#ggg"]),
        ("date", ["2025-02-28", "2024-02-29Z"], ["2025-02-29", "2025-2-1", "20250201"]),
        (
            "dateTime",
            ["2025-02-28T10:00:00", "2025-02-28T10:00:00.123+02:00"],
            ["2025-02-28", "2025-02-28 10:00:00", "2025-02-28T25:00:00", "2025-02-28T10:00:00+2"],
        ),
    ],
)
def test_values_of_a_type(type, good, bad):
    assert [value for value in good if not fits(value, type)] == []
    assert [value for value in bad if fits(value, type)] == []


def test_an_example_with_every_element_in_order_fits(tmp_path):
    value = tag("VariableRef", targetGUID=guid("v")) + tag("TextValue", "x")
    xml = project(
        Users=tag("User", guid=guid("u"), name="Ann", id="A"),
        Codes=code("C", tag("Description", "d"), tag("NoteRef", targetGUID=guid("n")), code("D")),
        Variables=tag("Variable", guid=guid("v"), name="V", typeOfVariable="Text"),
        Cases=tag("Case", tag("VariableValue", value), guid=guid("case")),
        Sources=text_source("T", tag("Description", "d"), MARK, coding(C, id=guid("k"))),
        Notes=tag("Note", tag("PlainTextContent", "m"), guid=guid("n")),
    )
    findings = Findings("f")
    root = parsed(xml.encode(), where="f")
    assert with_bare_names(root, findings) == "project"
    check_shape(root, PROJECT, findings)
    assert findings.problems() == ()
