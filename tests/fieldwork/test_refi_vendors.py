"""Projects as the tools write them: each habit is read for what it means, and comes back."""

import pandas as pd
import pytest
from refi_writers import (
    code,
    coding,
    guid,
    one_text,
    project,
    selection,
    span_one_crlf,
    span_points,
    span_utf16,
    tag,
    text_source,
    write_qdpx,
)
from test_refi_roundtrip import assert_same

from copanalysis.fieldwork.refi.profiles import profile_of
from copanalysis.fieldwork.refi.reading import losses, read_project
from copanalysis.fieldwork.refi.writing import write_project

TEXT = "I: Hoe ging het?\r\nR: Wij bellen elkaar 😀 nu vaker.\r\nR: Dat scheelt tijd.\r\n"
C, USER, SOURCE = guid("code", "C"), guid("user"), guid("source", "T")
USERS = tag("User", guid=USER, name="Ann")
FILE = f"{SOURCE}.txt"


def texts(read):
    return list(read.segments["text"])


def found(read):
    return " | ".join(problem.found for problem in read.problems)


def lost(path):
    return dict(losses(path)[["element", "count"]].itertuples(index=False))


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("ATLAS.ti Win 23.1", "ATLAS.ti"),
        ("MAXQDA 2022 (Release 22.4.0)", "MAXQDA"),
        ("NVivo for Windows 12.6", "NVivo for Windows"),
        ("NVivo for Mac 15.0.0", "NVivo"),
        ("QualCoder 3.6", "QualCoder"),
        ("Taguette 1.4", "Taguette"),
        ("Quirkos 2.5.3", "Quirkos"),
        ("copanalysis", "copanalysis"),
        ("qc 1.3.2", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_tool_is_known_by_its_origin(origin, name):
    assert profile_of(origin).name == name


# ATLAS.ti ----------------------------------------------------------------------------------------


@pytest.fixture
def atlas(tmp_path):
    marks = [
        selection(*span_one_crlf(TEXT.replace("😀", "X"), quote), coding(C, id=guid(quote)))
        for quote in ("bellen elkaar", "scheelt tijd")
    ]
    sound = tag("Transcript", guid=guid("tr"), name="gesprek 1", plainTextPath="internal://t.txt")
    sources = text_source("T", *marks) + tag(
        "AudioSource", sound, guid=guid("av"), name="", path="relative:///gesprek.m4a"
    )
    xml = project(origin="ATLAS.ti Win 9.0", Codes=code("C"), Sources=sources)
    return write_qdpx(tmp_path / "atlas.qdpx", xml, {FILE: TEXT.replace("😀", "X")})


def test_atlas_counts_a_crlf_as_one_and_the_text_keeps_it(atlas):
    read = read_project(atlas)
    assert texts(read) == ["bellen elkaar", "scheelt tijd"]
    assert "\r\n" in read.documents["text"][0]


def test_atlas_sound_gets_the_name_of_its_transcript(atlas):
    assert list(read_project(atlas).documents["name"]) == ["T", "gesprek 1"]


# MAXQDA ------------------------------------------------------------------------------------------


@pytest.fixture
def maxqda(tmp_path):
    variable = tag("Variable", guid=guid("v"), name="Regio", typeOfVariable="Text")
    value = tag("VariableRef", targetGUID=guid("v")) + tag("TextValue", "Noord")
    start, end = span_points("Ik bel vaker", "bel")
    comment = selection(start, end, tag("Description", "Waarom dan?"), id=guid("comment"))
    coded = selection(0, 2, coding(C), id=guid("coded"))
    one = text_source("Antwoord", coded, comment, tag("VariableValue", value), id=guid(1))
    two = text_source("Antwoord", id=guid(2))
    xml = project(
        origin="MAXQDA 2022 (Release 22.4.0)",
        Codes=code("C"),
        Variables=variable,
        Sources=one + two,
    )
    files = {f"{guid(1)}.txt": "Ik bel vaker", f"{guid(2)}.txt": "Nee"}
    return write_qdpx(tmp_path / "maxqda.qdpx", xml, files)


def test_maxqda_comment_is_a_segment_without_a_code(maxqda):
    read = read_project(maxqda)
    comment = read.segments[read.segments["code"] == ""].iloc[0]
    assert (comment["text"], comment["description"], comment["coding"]) == (
        "bel",
        "Waarom dan?",
        "",
    )


def test_maxqda_sources_of_one_name_stay_apart_and_are_told(maxqda):
    read = read_project(maxqda)
    assert list(read.documents["name"]) == ["Antwoord", "Antwoord"]
    assert "2 sources named 'Antwoord'" in found(read)


def test_maxqda_variables_of_a_source_are_values_of_the_document(maxqda):
    (value,) = read_project(maxqda).values.to_dict("records")
    assert value == {
        **{"owner_kind": "document", "owner": guid(1)},
        **{"variable": guid("v"), "value": "Noord"},
    }


# NVivo -------------------------------------------------------------------------------------------


@pytest.fixture
def nvivo(tmp_path):
    """A case that is also a code, an annotation by link, code names twice, UTF-16 positions."""
    case = guid("case Anna")
    codes = code("Goed", code("Overig", id=guid("o1")), id=C)
    codes += code("Slecht", code("Overig", id=guid("o2")))
    codes += code("Cases", code("Anna", code("onder Anna"), id=case), codable="false")
    cases = tag("Case", guid="{" + case.upper() + "}", name="Anna")
    marks = [
        selection(
            *span_utf16(TEXT, "bellen elkaar 😀"), coding(C), coding(case), id=guid("s1"), name=""
        ),
        selection(
            *span_utf16(TEXT, "nu vaker"), coding(case, id=guid("k3")), id=guid("s2"), name=""
        ),
        selection(*span_utf16(TEXT, "scheelt"), id=guid("s3"), name=""),
    ]
    note = tag("Note", guid=guid("n"), name="", plainTextPath="internal://n.txt", creatingUser=USER)
    link = tag("Link", guid=guid("l"), originGUID=guid("n"), targetGUID=guid("s3"))
    xml = project(
        origin="NVivo for Windows 14.23",
        Users=USERS,
        Codes=codes,
        Cases=cases,
        Sources=text_source("T", *marks, coding(case, id=guid("k4"))),
        Notes=note,
        Links=link,
    )
    files = {FILE: TEXT, "n.txt": "Nagaan\r\nbij Anna"}
    return write_qdpx(tmp_path / "nvivo.qdpx", xml, files, folder="Sources")


def test_nvivo_for_windows_counts_utf16_units(nvivo):
    assert texts(read_project(nvivo)) == ["bellen elkaar 😀", "nu vaker", "scheelt"]


def test_a_case_among_the_codes_is_a_case_only(nvivo):
    read = read_project(nvivo)
    assert "Anna" not in set(read.codes["name"])
    assert list(read.cases["name"]) == ["Anna"]
    assert set(zip(read.case_sources["kind"], read.case_sources["target"], strict=True)) == {
        ("document", SOURCE),
        ("segment", guid("s1")),
        ("segment", guid("s2")),
    }
    assert lost(nvivo)["Coding"] == 3


def test_a_code_below_a_case_moves_up(nvivo):
    codes = read_project(nvivo).codes.set_index("name")
    assert codes.loc["onder Anna", "parent"] == codes.loc["Cases", "code"]


def test_code_names_may_stand_under_several_parents(nvivo):
    codes = read_project(nvivo).codes
    assert (codes["name"] == "Overig").sum() == 2


def test_an_annotation_by_link_is_a_memo_of_the_segment(nvivo):
    (memo,) = read_project(nvivo).memos.to_dict("records")
    assert (memo["target_kind"], memo["target"]) == ("segment", guid("s3"))
    assert memo["text"] == "Nagaan\r\nbij Anna"
    assert memo["coder"] == USER


# QualCoder ---------------------------------------------------------------------------------------


@pytest.fixture
def qualcoder(tmp_path):
    """Positions in the text with LF and without BOM, a file with both; an annotation as note."""
    text = TEXT.replace("\r\n", "\n")
    quotes = ("bellen elkaar", "scheelt tijd")
    marks = [
        selection(
            *span_points(text, quote),
            coding(C, id=guid(quote), user=""),
            name=quote,
            creatingUser="",
        )
        for quote in quotes
    ]
    start, end = span_points(text, "vaker")
    note = tag(
        "Note",
        tag("PlainTextContent", "Vaker dan wat?")
        + tag("PlainTextSelection", guid=guid("ann"), startPosition=start, endPosition=end),
        guid=guid("n"),
        creatingUser=USER,
    )
    stray = note.replace(guid("n"), guid("n2")).replace(guid("ann"), guid("ann2"))
    pdf = tag(
        "PDFSource",
        tag("Representation", guid=guid("rep"), plainTextPath="internal://r.txt")
        + tag("PDFSelection", coding(C, id=guid("kp")), guid=guid("area"), **box()),
        guid=guid("pdf"),
        path="internal://r.pdf",
        name="Nota.pdf",
    )
    xml = project(
        origin="QualCoder 3.6",
        Users=USERS,
        Codes=code("C"),
        Sources=text_source("T", *marks, tag("NoteRef", targetGUID=guid("n"))) + pdf,
        Notes=note + stray,
        space="urn:QDA-XML:project:0:4",
    )
    files = {FILE: TEXT.encode("utf-8-sig"), "r.txt": "\ufeffTekst", "r.pdf": b"%PDF"}
    return write_qdpx(tmp_path / "qualcoder.qdpx", xml, files)


def box():
    return {"page": 0, "firstX": 1, "firstY": 2, "secondX": 3, "secondY": 4}


def test_qualcoder_positions_do_not_count_the_bom(qualcoder):
    read = read_project(qualcoder)
    assert texts(read)[:2] == ["bellen elkaar", "scheelt tijd"]
    assert not read.documents["text"].str.startswith("\ufeff").any()


def test_qualcoder_empty_users_are_no_coder(qualcoder):
    read = read_project(qualcoder)
    assert list(read.segments["coder"][:2]) == ["", ""]
    assert list(read.coders["name"]) == ["Ann"]


def test_qualcoder_annotation_is_a_memo_on_its_passage(qualcoder):
    read = read_project(qualcoder)
    memo = read.memos.set_index("memo").loc[guid("n")]
    assert (memo["target_kind"], memo["target"]) == ("segment", guid("ann"))
    passage = read.segments.set_index("segment").loc[guid("ann")]
    assert passage["text"] == "vaker"


def test_qualcoder_annotation_that_names_no_source_is_told(qualcoder):
    read = read_project(qualcoder)
    assert "an annotation that names no source with a text" in found(read)
    assert read.memos.set_index("memo").loc[guid("n2"), "target"] == ""
    assert lost(qualcoder)["Note/PlainTextSelection"] == 1


def test_another_order_and_version_are_read_and_told(qualcoder):
    read = read_project(qualcoder)
    assert "PDFSelection after a later element" in found(read)
    assert "version 0:4" in found(read)
    assert list(read.documents["text"])[1] == "Tekst"


def test_an_area_of_a_page_is_carried_and_counted(qualcoder):
    assert lost(qualcoder)["PDFSelection"] == 1
    assert lost(qualcoder)["PDFSource/@path"] == 1
    (part,) = read_project(qualcoder).carried.to_dict("records")
    assert (part["owner"], part["element"]) == (guid("pdf"), "PDFSelection")


# Quirkos -----------------------------------------------------------------------------------------


@pytest.fixture
def quirkos(tmp_path):
    variable = tag("Variable", guid=guid("v"), name="Leeftijd", typeOfVariable="Integer")
    value = tag("VariableRef", targetGUID=guid("v")) + tag("IntegerValue", "34")
    case = tag(
        "Case",
        tag("VariableValue", value) + tag("SourceRef", targetGUID=SOURCE),
        guid=guid("case"),
    )
    return one_text(
        tmp_path / "quirkos.qdpx", "Nee", origin="Quirkos 2.5", Variables=variable, Cases=case
    )


def test_quirkos_variables_in_a_nameless_case_are_those_of_the_source(quirkos):
    read = read_project(quirkos)
    assert read.cases.empty
    assert read.values[["owner_kind", "owner", "value"]].to_records(index=False).tolist() == [
        ("document", SOURCE, "34")
    ]


# every tool --------------------------------------------------------------------------------------


@pytest.mark.parametrize("tool", ["atlas", "maxqda", "nvivo", "qualcoder", "quirkos"])
def test_what_was_read_from_a_tool_comes_back_from_an_export(tool, tmp_path, request):
    read = read_project(request.getfixturevalue(tool))
    write_project(read, tmp_path / "ours.qdpx")
    assert_same(read, read_project(tmp_path / "ours.qdpx"))


def test_sets_links_graphs_and_descriptions_travel_through(tmp_path):
    parts = {
        "Variables": tag(
            "Variable",
            tag("Description", "In jaren"),
            guid=guid("v"),
            name="L",
            typeOfVariable="Text",
        ),
        "Notes": tag(
            "Note",
            tag("Description", "Stappen") + tag("PlainTextContent", "Memo"),
            guid=guid("n"),
            name="Plan",
        ),
        "Links": tag("Link", guid=guid("l"), originGUID=C, targetGUID=SOURCE, direction="OneWay"),
        "Sets": tag(
            "Set",
            tag("MemberCode", targetGUID="{" + C.upper() + "}")
            + tag("MemberSource", targetGUID=SOURCE)
            + tag("MemberNote", targetGUID=guid("n")),
            guid=guid("set"),
            name="Groep",
        ),
        "Graphs": tag(
            "Graph",
            tag("Vertex", guid=guid("x"), representedGUID=C, firstX=0, firstY=0)
            + tag("Edge", guid=guid("e"), sourceVertex=guid("x"), targetVertex=guid("x")),
            guid=guid("g"),
        ),
        "tail": tag("Description", "Over het project") + tag("NoteRef", targetGUID=guid("n")),
    }
    path = one_text(tmp_path / "p.qdpx", "Tekst", **parts)
    read = read_project(path)
    assert sorted(read.carried["element"]) == sorted(
        ["Link", "Set", "Graph", "Description", "Description", "Description"]
    )
    assert list(read.memos["target_kind"]) == ["project"]
    write_project(read, tmp_path / "ours.qdpx")
    assert_same(read, read_project(tmp_path / "ours.qdpx"))
    assert {"Set", "Link", "Graph", "Note/Description"} <= set(lost(path))


def test_transcripts_and_their_codings_are_counted_as_lost(tmp_path):
    inside = tag(
        "TranscriptSelection", coding(C, id=guid("k")), guid=guid("ts"), fromSyncPoint=guid("p")
    )
    transcript = tag(
        "Transcript",
        tag("PlainTextContent", "Hallo")
        + tag("SyncPoint", guid=guid("p"), position=0, timeStamp=0)
        + inside,
        guid=guid("tr"),
    )
    stretch = tag("AudioSelection", coding(C, id=guid("k2")), guid=guid("as"), begin=0, end=900)
    sound = tag("AudioSource", transcript + stretch, guid=guid("av"), name="a")
    case = tag(
        "Case",
        tag("SelectionRef", targetGUID=guid("as")) + tag("SelectionRef", targetGUID=guid("ts")),
        guid=guid("case"),
        name="Anna",
    )
    xml = project(Codes=code("C"), Cases=case, Sources=sound)
    path = write_qdpx(tmp_path / "p.qdpx", xml)
    counted = lost(path)
    assert counted["AudioSource/Transcript"] == 1
    assert counted["AudioSource/Transcript/Coding"] == 1
    assert counted["AudioSelection"] == 1
    read = read_project(path)
    assert list(read.case_sources["target"]) == [guid("as")]
    assert "which nothing has" in found(read)
    write_project(read, tmp_path / "ours.qdpx")
    assert_same(read, read_project(tmp_path / "ours.qdpx"))


def test_a_coding_of_a_whole_document_is_a_segment_without_selection(tmp_path):
    source = text_source("T", coding(C, user=USER))
    xml = project(Users=USERS, Codes=code("C"), Sources=source)
    read = read_project(write_qdpx(tmp_path / "p.qdpx", xml, {FILE: "Alles"}))
    row = read.segments.iloc[0]
    assert (row["segment"], row["start"], row["end"], row["text"]) == ("", 0, 5, "Alles")


def test_the_parts_of_an_unpacked_project_are_read_beside_the_qde(tmp_path):
    xml = project(Codes=code("C"), Sources=text_source("T", selection(0, 3, coding(C))))
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / FILE).write_text("Wij bellen", encoding="utf-8")
    path = tmp_path / "project.qde"
    path.write_text(xml, encoding="utf-8")
    assert texts(read_project(path)) == ["Wij"]


def test_the_tables_have_the_types_that_others_rely_on(nvivo):
    read = read_project(nvivo)
    assert read.segments.dtypes.astype(str).to_dict() == {
        **dict.fromkeys(read.segments.columns, "string"),
        **{"start": "int64", "end": "int64"},
    }
    assert read.codes["codable"].dtype == bool
    assert pd.api.types.is_string_dtype(read.documents["text"])
