"""What is exported comes back the same, to the byte and to the table."""

import dataclasses
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.coding import (
    COLUMNS,
    DOCUMENT_KINDS,
    VARIABLE_TYPES,
    coded_project,
    stable_guid,
    text_hash,
)
from copanalysis.fieldwork.refi.reading import read_project
from copanalysis.fieldwork.refi.writing import write_project

PIECES = (
    *("a", "b ", "é", "e\u0301", "\u0301", "😀", "𝔘", "\r\n", "\r", "\n", "\ufeff", "\u2028"),
    *("\x00", "\x0b", "&", "<", "]]>", '"', "\t", " ", "\u202e", "👩‍👩‍👧"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
XML_TEXTS = st.text(
    st.sampled_from("a é\u0301😀&<>\"'\t\n\r\ufeff\u0085\u2028")
    | st.characters(exclude_categories=("Cs", "Cc")),
    max_size=8,
).filter(lambda text: not set(text) & {"\ufffe", "\uffff"})
MOMENTS = st.sampled_from(["", "2025-03-01T10:00:00Z", "2025-02-28T23:59:59.5+01:00"])
VALUES = st.sampled_from(
    ["", "12", "-1.5", "true", "0", "2025-01-31", "2025-01-31T10:00:00", " 7 "]
)


def ids(kind, count):
    return [stable_guid(kind, str(number)) for number in range(count)]


@st.composite
def documents(draw):
    rows = []
    for guid in ids("document", draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(DOCUMENT_KINDS))
        worded = kind in ("text", "pdf") and draw(st.integers(0, 4)) > 0
        text = draw(TEXTS) if worded else ""
        rows.append(
            {
                **{"document": guid, "name": draw(XML_TEXTS), "kind": kind, "text": text},
                **{"hash": text_hash(text) if worded else "", "description": draw(XML_TEXTS)},
            }
        )
    return rows


@st.composite
def codes(draw):
    guids = ids("code", draw(st.integers(1, 4)))
    colours = st.sampled_from(["", "#abc", "#A0B1C2"])
    return [
        {
            **{"code": guid, "name": draw(XML_TEXTS), "color": draw(colours)},
            **{"parent": draw(st.sampled_from(["", *guids[:number]]))},
            **{"description": draw(XML_TEXTS), "codable": draw(st.booleans())},
        }
        for number, guid in enumerate(guids)
    ]


@st.composite
def segments(draw, documents, codes, coders):
    rows = []
    for document in documents:
        text, start_id = document["text"], document["document"]
        spans = st.tuples(*[st.integers(0, len(text))] * 2).map(sorted)
        worded = document["hash"] != ""
        for number in range(draw(st.integers(0, 3)) if worded else 0):
            start, end = draw(spans)
            selection = {
                **{"segment": stable_guid("segment", start_id, str(number)), "start": start},
                **{"end": end, "description": draw(XML_TEXTS)},
            }
            chosen = draw(st.lists(st.sampled_from(codes), max_size=3)) or [None]
            rows += [coded(draw, selection, document, c, coders, i) for i, c in enumerate(chosen)]
        if draw(st.booleans()):
            whole = {"segment": "", "start": 0, "end": len(text), "description": ""}
            rows.append(coded(draw, whole, document, codes[0], coders, 0))
    return rows


def coded(draw, selection, document, code, coders, number):
    place = (selection["segment"], document["document"], str(number))
    return {
        **selection,
        "document": document["document"],
        "text": document["text"][selection["start"] : selection["end"]],
        "coding": stable_guid("coding", *place) if code else "",
        "code": code["code"] if code else "",
        "coder": draw(st.sampled_from(["", *coders])),
        "created": draw(MOMENTS),
    }


@st.composite
def memos(draw, targets, coders):
    rows = []
    for guid in ids("memo", draw(st.integers(0, 3))):
        same = {
            **{"memo": guid, "name": draw(XML_TEXTS), "text": draw(TEXTS)},
            **{"coder": draw(st.sampled_from(["", *coders])), "created": draw(MOMENTS)},
        }
        places = draw(st.lists(st.sampled_from(targets), max_size=2, unique=True)) or [("", "")]
        rows += [{**same, "target_kind": kind, "target": target} for kind, target in places]
    return rows


@st.composite
def projects(draw):
    coders = ids("coder", draw(st.integers(0, 2)))
    papers, codebook = draw(documents()), draw(codes())
    passages = draw(segments(papers, codebook, coders))
    cases, variables = ids("case", draw(st.integers(0, 2))), ids("variable", 2)
    things = {
        "document": [row["document"] for row in papers],
        "segment": sorted({row["segment"] for row in passages} - {""}),
        "code": [row["code"] for row in codebook],
    }
    owners = [("case", case) for case in cases] + [("document", d) for d in things["document"]]
    pairs = [(kind, guid) for kind, guids in things.items() for guid in guids]
    codings = [("coding", row["coding"]) for row in passages if row["coding"]]
    targets = [*pairs, *codings, *[("case", case) for case in cases], ("project", "")]
    return coded_project(
        "Proef",
        documents=papers,
        codes=codebook,
        coders=[{"coder": coder, "name": draw(XML_TEXTS)} for coder in coders],
        segments=passages,
        memos=draw(memos(targets, coders)),
        cases=[{"case": c, "name": draw(XML_TEXTS), "description": draw(XML_TEXTS)} for c in cases],
        case_sources=[
            {"case": case, "kind": kind, "target": target}
            for case in cases
            for kind, target in draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True))
        ],
        variables=[
            {"variable": v, "name": draw(XML_TEXTS), "type": draw(st.sampled_from(VARIABLE_TYPES))}
            for v in variables
        ],
        values=[
            {"owner_kind": kind, "owner": owner, "variable": v, "value": draw(VALUES | XML_TEXTS)}
            for kind, owner in owners
            for v in draw(st.lists(st.sampled_from(variables), max_size=2))
        ],
        carried=carried(things),
    )


def carried(things):
    members = "".join(f'<MemberCode targetGUID="{guid}"/>' for guid in things["code"])
    sets = f'<Set guid="{stable_guid("set")}" name="groep">{members}</Set>'
    return [{"owner": "", "element": "Set", "xml": sets}]


def in_order(frame):
    return frame.sort_values(list(frame.columns)).reset_index(drop=True)


def assert_same(one, other):
    for table in COLUMNS:
        pd.testing.assert_frame_equal(
            in_order(getattr(one, table)), in_order(getattr(other, table)), obj=table
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("round")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(project=projects())
def test_import_of_an_export_gives_the_same_tables(place, project):
    assert write_project(project, place / "one.qdpx") == ()
    again = read_project(place / "one.qdpx")
    assert_same(project, again)
    write_project(again, place / "two.qdpx")
    assert_same(again, read_project(place / "two.qdpx"))


@pytest.fixture
def small():
    text = "Wij bellen elkaar.\r\nDat scheelt 😀"
    document = stable_guid("document", "1")
    start = {"segment": stable_guid("s"), "document": document, "start": 4, "end": 10}
    return coded_project(
        "Klein",
        documents=[
            {
                **{"document": document, "name": "P01", "kind": "text", "text": text},
                **{"hash": text_hash(text), "description": ""},
            }
        ],
        codes=[
            {
                **{"code": stable_guid("c"), "name": "Relaties", "parent": "", "color": "#fff"},
                **{"description": "", "codable": True},
            }
        ],
        coders=[{"coder": stable_guid("anna"), "name": "Anna"}],
        cases=[{"case": stable_guid("case"), "name": "P01", "description": ""}],
        memos=[
            {
                **{"memo": stable_guid("memo"), "name": "", "text": "Nagaan", "coder": ""},
                **{"target_kind": "case", "target": stable_guid("case"), "created": ""},
            }
        ],
        segments=[
            {
                **start,
                **{"text": "bellen", "coding": stable_guid("k"), "code": stable_guid("c")},
                **{"coder": stable_guid("anna"), "created": "", "description": ""},
            }
        ],
    )


def test_exporting_twice_gives_the_same_bytes(small, tmp_path):
    write_project(small, tmp_path / "a.qdpx")
    write_project(small, tmp_path / "b.qdpx")
    write_project(read_project(tmp_path / "a.qdpx"), tmp_path / "c.qdpx")
    first, *others = [(tmp_path / f"{name}.qdpx").read_bytes() for name in "abc"]
    assert others == [first, first]


def test_an_archive_tells_nothing_of_the_moment_it_was_made(small, tmp_path):
    write_project(small, tmp_path / "a.qdpx")
    with zipfile.ZipFile(tmp_path / "a.qdpx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_archive_holds_the_project_first_and_texts_in_utf8(small, tmp_path):
    write_project(small, tmp_path / "a.qdpx")
    with zipfile.ZipFile(tmp_path / "a.qdpx") as archive:
        names = archive.namelist()
        texts = [f"sources/{stable_guid(*id)}.txt" for id in (("document", "1"), ("memo",))]
        assert names == ["project.qde", *sorted(texts)]
        assert archive.read(texts[0]).decode() == small.documents["text"][0]
        root = etree.fromstring(archive.read("project.qde"))
    assert root.tag == "{urn:QDA-XML:project:1.0}Project"
    order = ["Users", "CodeBook", "Cases", "Sources", "Notes", "Links"]
    assert [etree.QName(child).localname for child in root] == order


def test_a_stable_guid_tells_parts_apart():
    assert stable_guid("a", "b") == stable_guid("a", "b")
    assert (
        len({stable_guid("a", "b"), stable_guid("ab"), stable_guid("a,b"), stable_guid("b", "a")})
        == 4
    )


def changed(project, table, **values):
    frame = getattr(project, table).copy()
    for column, value in values.items():
        frame.loc[0, column] = value
    return dataclasses.replace(project, **{table: frame})


@pytest.mark.parametrize(
    ("table", "values", "where"),
    [
        (
            "documents",
            {"text": "Wij bellen elkaar!\r\nDat scheelt 😀"},
            "documents, row 1, column hash",
        ),
        ("documents", {"document": "P01"}, "documents, row 1, column document"),
        ("documents", {"kind": "film"}, "documents, row 1, column kind"),
        ("documents", {"kind": "audio"}, "documents, row 1, column text"),
        ("documents", {"name": "P\x01"}, "documents, row 1, column name"),
        ("segments", {"end": 11}, "segments, row 1, column text"),
        ("segments", {"start": 12}, "segments, row 1, column start"),
        ("segments", {"end": 400}, "segments, row 1, column start"),
        ("segments", {"code": stable_guid("other")}, "segments, row 1, column code"),
        ("segments", {"coder": stable_guid("other")}, "segments, row 1, column coder"),
        ("segments", {"document": stable_guid("other")}, "segments, row 1, column document"),
        ("segments", {"code": ""}, "segments, row 1, column coding"),
        ("segments", {"segment": ""}, "segments, row 1, column segment"),
        ("segments", {"created": "gisteren"}, "segments, row 1, column created"),
        ("codes", {"parent": stable_guid("c")}, "codes, row 1, column parent"),
        ("codes", {"color": "rood"}, "codes, row 1, column color"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_its_place(small, tmp_path, table, values, where):
    with pytest.raises(CopanalysisError) as error:
        write_project(changed(small, table, **values), tmp_path / "a.qdpx")
    assert where in [problem.where for problem in error.value.problems]
    assert list(tmp_path.iterdir()) == []


def test_an_id_that_stands_twice_is_refused(small, tmp_path):
    twice = dataclasses.replace(small, codes=pd.concat([small.codes] * 2, ignore_index=True))
    with pytest.raises(CopanalysisError, match="stands once"):
        write_project(twice, tmp_path / "a.qdpx")


def test_a_file_in_place_survives_a_refused_export(small, tmp_path):
    path = tmp_path / "a.qdpx"
    write_project(small, path)
    before = path.read_bytes()
    with pytest.raises(CopanalysisError):
        write_project(changed(small, "segments", end=3), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(small, tmp_path):
    (tmp_path / "a.qdpx").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_project(small, tmp_path / "a.qdpx")
    assert [p.name for p in tmp_path.iterdir()] == ["a.qdpx"]


def test_only_a_qdpx_is_written(small, tmp_path):
    with pytest.raises(CopanalysisError, match="qdpx"):
        write_project(small, tmp_path / "a.zip")


def test_a_set_that_names_a_code_no_longer_there_is_told(small, tmp_path):
    member = f'<MemberCode targetGUID="{stable_guid("weg")}"/>'
    fragment = f'<Set guid="{stable_guid("set")}" name="x">{member}</Set>'
    carried = pd.DataFrame([{"owner": "", "element": "Set", "xml": fragment}]).astype("string")
    with_set = dataclasses.replace(small, carried=carried)
    (problem,) = write_project(with_set, tmp_path / "a.qdpx")
    assert "MemberCode" in problem.where
    assert problem.level == "warning"
    assert "MemberCode" not in read_project(tmp_path / "a.qdpx").carried["xml"][0]


def test_a_value_missing_or_a_column_unknown_is_refused():
    with pytest.raises(CopanalysisError, match="Missing values in coders"):
        coded_project("x", coders=[{"coder": "a", "name": None}])
    with pytest.raises(CopanalysisError, match="table coders has the columns"):
        coded_project("x", coders=[{"coder": "a"}])
    with pytest.raises(CopanalysisError, match="no table"):
        coded_project("x", cats=[])
