"""Codebooks (.qdc) of several tools, read and written."""

import pandas as pd
import pytest
from refi_writers import code, guid, tag

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.coded_texts import codes_of_codebook
from copanalysis.fieldwork.refi.codebook import read_codebook, write_codebook
from copanalysis.fieldwork.refi.inspection import inspect_project
from copanalysis.fieldwork.refi.tables import export_codebook, import_codebook

C, D = guid("code", "C"), guid("code", "D")


def qdc(path, *codes, sets="", origin="Taguette 1.4", version="1.0"):
    content = tag("Codes", "".join(codes)) + sets
    path.write_text(
        f'\ufeff<?xml version="1.0" encoding="utf-8"?><CodeBook origin="{origin}" '
        f'xmlns="urn:QDA-XML:codebook:{version}">{content}</CodeBook>',
        encoding="utf-8",
    )
    return path


@pytest.fixture
def taguette(tmp_path):
    return qdc(tmp_path / "c.qdc", code("C", tag("Description", "Wat &amp; hoe")), code("D"))


@pytest.fixture
def atlas(tmp_path):
    members = tag("MemberCode", guid=C.upper()) + tag("MemberCode", guid=D)
    group = tag("Set", tag("Description", "samen") + members, guid=guid("set"), name="Groep")
    empty = tag("Set", guid=guid("leeg"), name="Leeg")
    codes = code("C", code("D", id="{" + D.upper() + "}"), codable="false")
    sets = tag("Sets", group + empty)
    return qdc(tmp_path / "a.qdc", codes, sets=sets, origin="ATLAS.ti Win 9.0.19", version="0:4")


def test_codes_of_taguette(taguette):
    codebook = read_codebook(taguette)
    assert list(codebook.codes["name"]) == ["C", "D"]
    assert codebook.codes["description"][0] == "Wat & hoe"
    assert codebook.sets.empty
    assert codebook.problems == ()


def test_codes_below_codes_and_sets_of_atlas(atlas):
    codebook = read_codebook(atlas)
    assert list(codebook.codes["parent"]) == ["", C]
    assert list(codebook.codes["codable"]) == [False, True]
    assert list(codebook.sets["code"]) == [C, D, ""]
    assert list(codebook.sets["name"]) == ["Groep", "Groep", "Leeg"]
    assert [problem.found for problem in codebook.problems] == ["version 0:4 of the format"]


def test_a_codebook_comes_back_the_same_and_twice_the_same_bytes(atlas, tmp_path):
    codebook = read_codebook(atlas)
    write_codebook(codebook.codes, tmp_path / "one.qdc", sets=codebook.sets)
    again = read_codebook(tmp_path / "one.qdc")
    pd.testing.assert_frame_equal(codebook.codes, again.codes)
    pd.testing.assert_frame_equal(codebook.sets, again.sets)
    assert again.problems == ()
    write_codebook(again.codes, tmp_path / "two.qdc", sets=again.sets)
    assert (tmp_path / "one.qdc").read_bytes() == (tmp_path / "two.qdc").read_bytes()


def test_a_member_that_is_no_code_is_left_out_with_a_warning(tmp_path):
    group = tag("Set", tag("MemberCode", guid=guid("weg")), guid=guid("set"), name="Groep")
    codebook = read_codebook(qdc(tmp_path / "c.qdc", code("C"), sets=tag("Sets", group)))
    assert list(codebook.sets["code"]) == [""]
    assert "/CodeBook/Sets/Set/MemberCode" in codebook.problems[0].where


def test_a_guid_of_two_codes_is_refused(tmp_path):
    path = qdc(tmp_path / "c.qdc", code("C"), code("D", id=C))
    with pytest.raises(CopanalysisError, match="a GUID of its own"):
        read_codebook(path)


def test_a_codebook_that_cannot_be_written_leaves_nothing(taguette, tmp_path):
    codes = read_codebook(taguette).codes
    out = tmp_path / "out"
    out.mkdir()
    sets = pd.DataFrame(
        [{"set": guid("s"), "name": "G", "description": "", "code": guid("weg")}]
    ).astype("string")
    for call in (
        lambda: write_codebook(codes.assign(parent=guid("weg")), out / "c.qdc"),
        lambda: write_codebook(codes, out / "c.qdc", sets=sets),
        lambda: write_codebook(codes.head(0), out / "c.qdc"),
        lambda: write_codebook(codes, out / "c.xml"),
    ):
        with pytest.raises(CopanalysisError):
            call()
    assert list(out.iterdir()) == []


def test_inspection_of_a_codebook(atlas):
    found = inspect_project(atlas)
    assert found["kind"] == "refi-codebook"
    assert found["profile"] == "ATLAS.ti"
    assert [code["name"] for code in found["codes"]] == ["C", "D"]
    assert found["codes"][1]["parent"] == "C"
    assert found["segments"] == []


def test_our_codebook_comes_back_from_a_folder_of_tables(tmp_path, study):
    codes = codes_of_codebook(study)
    write_codebook(codes, tmp_path / "ours.qdc")
    import_codebook(tmp_path / "ours.qdc", tmp_path / "tables")
    export_codebook(tmp_path / "tables", tmp_path / "again.qdc")
    assert (tmp_path / "again.qdc").read_bytes() == (tmp_path / "ours.qdc").read_bytes()
    assert set(read_codebook(tmp_path / "again.qdc").codes["name"]) == set(codes["name"])


def test_a_folder_without_codes_gives_no_codebook(tmp_path):
    with pytest.raises(CopanalysisError, match=r"no codes\.parquet"):
        export_codebook(tmp_path, tmp_path / "none.qdc")
