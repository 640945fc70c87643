"""Hostile and damaged office files: refused with one message, nothing on disk."""

import struct
import zipfile

import pytest
from transcript_files import archive, docx, odt, p, read, turns

from copanalysis.errors import CopanalysisError
from copanalysis.study.archive import MIB, unpack

BODY = p("I: vraag") + p("R: antwoord")
GOOD = docx(BODY)
LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def refused(folder, name, data) -> str:
    """The message of the refusal; the folder holds only the file itself afterwards."""
    with pytest.raises(CopanalysisError) as caught:
        read(folder, name, data)
    assert [path.name for path in folder.iterdir()] == [name]
    return str(caught.value)


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE, "<!DOCTYPE w>"])
@pytest.mark.parametrize("code", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_xml_with_a_document_type_is_refused(tmp_path, doctype, code):
    text = f'<?xml version="1.0" encoding="{code}"?>{doctype}<w:document xmlns:w="urn:w"/>'
    data = archive({"word/document.xml": text.encode(code)})
    assert "It is refused" in refused(tmp_path, "a.docx", data) or code == "utf-32"
    data = archive({"content.xml": text.encode(code)})
    refused(tmp_path, "a.docx", data)


def test_other_files_are_not_looked_at(tmp_path):
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname"/>'
    document = read(tmp_path, "a.docx", docx(BODY + f"<w:p>{include}</w:p>"))
    assert turns(document) == [("I", "vraag"), ("R", "antwoord")]


@pytest.mark.parametrize(
    "name", ["../weg.xml", "/etc/weg", "a/../../weg", "C:weg", "..\\weg", "word/\x07weg"]
)
def test_an_entry_that_points_outside_is_refused(tmp_path, name):
    data = archive({"word/document.xml": "<a/>", name: "x"})
    assert "points outside" in refused(tmp_path, "a.docx", data)


def test_a_link_in_an_archive_is_refused(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as opened:
        info = zipfile.ZipInfo("word/document.xml")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        opened.writestr(info, "/etc/hostname")
    assert "link or device" in refused(tmp_path, "a.docx", path.read_bytes())


def test_two_entries_of_one_name_are_refused(tmp_path):
    data = archive({"word/document.xml": "<a/>", "word/document.xmk": "<b/>"})
    data = data.replace(b"document.xmk", b"document.xml")
    assert "two entries of one name" in refused(tmp_path, "a.docx", data)


def test_a_bomb_is_refused_before_it_unpacks(tmp_path):
    body = "<w:p/>" * (3 * MIB)
    assert "unpacks to far more" in refused(tmp_path, "a.docx", docx(body))


def test_sizes_that_lie_are_refused():
    data = bytearray(archive({"a.xml": "x" * 1000}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(CopanalysisError, match="damaged"):
        unpack(bytes(data), where="a", wanted=lambda name: True, most=MIB)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_all_entries_together_stay_below_the_bound(method):
    data = archive({"a.xml": "x" * 600, "b.xml": "y" * 600}, method=method)
    assert set(unpack(data, where="a", wanted="a.xml".__eq__, most=1000)) == {"a.xml"}
    with pytest.raises(CopanalysisError, match="far more"):
        unpack(data, where="a", wanted=lambda name: True, most=1000)


def test_an_unusual_way_of_packing_is_refused(tmp_path):
    data = archive({"word/document.xml": "<a/>"}, method=zipfile.ZIP_BZIP2)
    assert "unusual way" in refused(tmp_path, "a.docx", data)


def test_a_locked_archive_is_refused(tmp_path):
    data = bytearray(archive({"word/document.xml": "<a/>"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    assert "locked with a password" in refused(tmp_path, "a.docx", bytes(data))


@pytest.mark.parametrize("keep", [30, 200, -40, -4])
def test_a_cut_archive_is_refused(tmp_path, keep):
    refused(tmp_path, "a.docx", GOOD[:keep])


def test_xml_that_breaks_off_is_refused(tmp_path):
    data = archive({"word/document.xml": "<w:document xmlns:w='urn:w'><w:body>"})
    assert "not well-formed" in refused(tmp_path, "a.docx", data)
    data = archive({"content.xml": b"\xff\xfe\x00"})
    assert "not well-formed" in refused(tmp_path, "a.docx", data)


def test_deeply_nested_xml_is_refused_or_read_but_never_crashes(tmp_path):
    deep = "<w:sdt><w:sdtContent>" * 120 + p("I: diep") + "</w:sdtContent></w:sdt>" * 120
    assert turns(read(tmp_path, "a.docx", docx(deep))) == [("I", "diep")]
    deeper = "<w:ins>" * 5000 + p("I: te diep") + "</w:ins>" * 5000
    assert "not well-formed" in refused(tmp_path, "a.docx", docx(deeper))
    tables = "<w:tbl><w:tr><w:tc>" * 80 + p("I: diep") + "</w:tc></w:tr></w:tbl>" * 80
    assert turns(read(tmp_path, "a.docx", docx(tables))) == [("I", "diep")]
    spans = "<text:span>" * 240 + "I: diep" + "</text:span>" * 240
    (tmp_path / "a.docx").unlink()
    assert turns(read(tmp_path, "a.odt", odt(f"<text:p>{spans}</text:p>"))) == [("I", "diep")]


def test_a_text_larger_than_any_transcript_is_refused(tmp_path):
    assert "larger than" in refused(tmp_path, "a.txt", b"I: hallo\n" * (2 * MIB))


@pytest.mark.parametrize(
    "text",
    [
        "I: a" + " " * 200_000 + "#",
        "I: " + "a: " * 50_000,
        "R" * 200_000 + ":",
        "[" * 100_000,
        "I:" + " " * 200_000 + "x",
        " " * 200_000 + "I: x",
        "Datum: 3 mei\nInterviewer: Eva" + " " * 200_000 + "Vos, (((((\nI: x",
        "00:00:01" + " " * 200_000 + "x",
        "1:" * 100_000,
        "I: a\n" + "\n" * 200_000 + "R: b",
    ],
)
def test_text_made_to_be_slow_is_read_all_the_same(tmp_path, text):
    assert read(tmp_path, "a.txt", text).turns
    captions = f"WEBVTT\n\n00:01.000 --> 00:02.000\nI: <v {text}<{{\\\n"
    assert read(tmp_path, "a.vtt", captions).turns
