"""Hostile, broken and foreign files: one clear refusal, and nothing on disk."""

import io
import json
import stat
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refi_writers import code, coding, guid, project, selection, tag, text_source, write_qdpx

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.refi import archive
from copanalysis.fieldwork.refi.codebook import read_codebook
from copanalysis.fieldwork.refi.inspection import inspect_project
from copanalysis.fieldwork.refi.reading import read_project
from copanalysis.fieldwork.refi.tables import import_tables

C = guid("code", "C")
FILE = f"{guid('source', 'T')}.txt"
XML = project(Codes=code("C"), Sources=text_source("T", selection(0, 3, coding(C))))
MIB = 1024 * 1024


def zipped(*entries, kind=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, content) pairs beside a sound project."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", kind) as made:
        made.writestr("project.qde", XML)
        made.writestr(f"sources/{FILE}", "Wij bellen")
        for name, content in entries:
            made.writestr(name, content)
    return target.getvalue()


def entry(name, mode):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def refused(tmp_path, content, match, name="p.qdpx"):
    """Every way in refuses the file with one message, and leaves the folder as it was."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    path = inbox / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for read in (read_project, inspect_project, lambda p: import_tables(p, inbox / "out")):
        with pytest.raises(CopanalysisError, match=match):
            read(path)
    assert list(inbox.iterdir()) == [path]
    assert list(tmp_path.iterdir()) == [inbox]


def qdpx(xml, **files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("project.qde", xml)
        for name, content in files.items():
            made.writestr(f"sources/{name}", content)
    return target.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.txt", "sources/../../evil.txt", "/etc/evil", "C:\\evil.txt", "..\\evil.txt"),
        *("sources\\..\\..\\evil.txt", "\\\\host\\share\\evil", "sources/a\nb.txt", ".."),
    ],
)
def test_a_name_that_leaves_the_archive(tmp_path, name):
    refused(tmp_path, zipped((name, "x")), "points outside it")


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFBLK | 0o644])
def test_a_link_or_device(tmp_path, mode):
    refused(tmp_path, zipped((entry("sources/link.txt", mode), "/etc/passwd")), "link or device")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["project.qde", "PROJECT.QDE", "sources\\" + FILE])
def test_two_entries_of_one_name(tmp_path, name):
    refused(tmp_path, zipped((name, XML)), "two entries named")


def test_a_locked_entry(tmp_path):
    content = bytearray(zipped())
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    refused(tmp_path, bytes(content), "password")


def test_a_bomb_by_ratio(tmp_path):
    bomb = tag("Description", "a" * (12 * MIB))
    refused(tmp_path, _deflated(project(tail=bomb)), "unpacks to more than")


def test_a_bomb_by_size(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 4096)
    text = "".join(guid(number) for number in range(400))
    content = qdpx(project(Sources=text_source("T")), **{FILE: text})
    refused(tmp_path, content, "unpacks to more than")


def test_bombs_that_add_up(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 40_000)
    sources, files = "", {}
    for number in range(6):
        sources += text_source("T", id=guid(number))
        files[f"{guid(number)}.txt"] = "x" * 9_000
    refused(tmp_path, qdpx(project(Sources=sources), **files), "unpacks to more than")


def test_a_bomb_inside_a_nested_archive_is_never_opened(tmp_path):
    inner = _deflated("a" * (20 * MIB))
    path = tmp_path / "p.qdpx"
    path.write_bytes(zipped(("sources/inner.docx", inner), ("sources/inner.zip", inner)))
    assert list(read_project(path).segments["text"]) == ["Wij"]


def test_a_bomb_that_is_not_read_does_no_harm(tmp_path):
    path = tmp_path / "p.qdpx"
    path.write_bytes(zipped(("sources/film.mp4", b"\0" * (20 * MIB))))
    assert list(read_project(path).segments["text"]) == ["Wij"]


def _deflated(xml):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("project.qde", xml)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 5, 4_000_000_000])
@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_an_entry_that_lies_about_its_size(tmp_path, size, kind):
    content = bytearray(zipped(kind=kind))
    start = content.index(b"PK\x01\x02")
    content[start + 24 : start + 28] = struct.pack("<I", size)
    refused(tmp_path, bytes(content), "damaged")


@pytest.mark.parametrize(("offset", "value"), [(16, 0), (20, 2**31), (42, 2**30), (42, 2**31)])
def test_a_wrong_checksum_length_or_place(tmp_path, offset, value):
    content = bytearray(zipped())
    start = content.index(b"PK\x01\x02")
    content[start + offset : start + offset + 4] = struct.pack("<I", value)
    refused(tmp_path, bytes(content), "damaged|unpacks to more")


def test_an_unusual_packing(tmp_path):
    refused(tmp_path, zipped(kind=zipfile.ZIP_LZMA), "unusual method")


def test_too_many_entries(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    refused(tmp_path, zipped(("a", ""), ("b", "")), "entries, more than")


@pytest.mark.parametrize("cut", [3, 30, 200, -1, -30])
def test_a_truncated_file(tmp_path, cut):
    refused(tmp_path, zipped()[:cut], "damaged or incomplete")


SOUND = zipped()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return tmp_path_factory.mktemp("bench") / "p.qdpx"


@settings(max_examples=60, deadline=None)
@given(
    place=st.integers(0, len(SOUND) - 1),
    cut=st.integers(0, 30),
    put=st.binary(max_size=8),
)
def test_damage_anywhere_is_refused_or_read_and_nothing_else(bench, place, cut, put):
    bench.write_bytes(SOUND[:place] + put + SOUND[place + cut :])
    with suppress(CopanalysisError):
        assert list(read_project(bench).segments["text"]) == ["Wij"]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no REFI-QDA file"),
        (b"zomaar tekst", "no REFI-QDA file"),
        (json.dumps({"a": 1}).encode(), "no REFI-QDA file"),
        (b"%PDF-1.7", "no REFI-QDA file"),
        (b"\x00" * 100, "no REFI-QDA file"),
        (b"<html><body>Nee</body></html>", "no REFI-QDA project"),
        (b"<Project name='x'/>", "no REFI-QDA project"),
        (b"<Project", "not well-formed"),
        ("<Project name='é'/>".encode("latin-1"), "not in UTF-8"),
        (b"<?xml version='1.0' encoding='latin-1'?><a/>", "says it is in latin-1"),
        (project().encode("utf-16"), "no REFI-QDA file"),
    ],
)
def test_a_foreign_file(tmp_path, content, match):
    refused(tmp_path, content, match)


def test_a_zip_without_a_project(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("word/document.xml", "<a/>")
    refused(tmp_path, target.getvalue(), "without project.qde")


def test_another_qde_at_the_top_is_the_project(tmp_path):
    path = write_qdpx(tmp_path / "p.qdpx", XML, {FILE: "Wij bellen"}, qde="Interviews.qde")
    assert list(read_project(path).segments["text"]) == ["Wij"]


def test_a_project_that_is_not_there(tmp_path):
    with pytest.raises(CopanalysisError, match="not a file"):
        read_project(tmp_path / "geen.qdpx")


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 9))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        f'<!DOCTYPE Project [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE Project SYSTEM "http://example.org/x.dtd">',
        '<!-- <Project> --> <?pi x?>\n<!DOCTYPE Project [<!ENTITY % p SYSTEM "file:///x"> %p;]>',
        "<!DOCTYPE Project>",
    ],
)
def test_a_doctype(tmp_path, head):
    xml = project(head=head, tail=tag("Description", "&x;&l8;"))
    refused(tmp_path, qdpx(xml), "DOCTYPE")


def test_an_entity_without_a_doctype(tmp_path):
    refused(tmp_path, qdpx(project(tail=tag("Description", "&x;"))), "not well-formed")


def test_the_word_doctype_in_a_text_is_no_doctype(tmp_path):
    text = "<PlainTextContent><![CDATA[<!DOCTYPE html>]]></PlainTextContent>"
    path = tmp_path / "p.qdpx"
    path.write_bytes(qdpx(project(Sources=text_source("T", text, file=""))))
    assert read_project(path).documents["text"][0] == "<!DOCTYPE html>"


def test_an_include(tmp_path):
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>'
    )
    xml = project(tail=tag("Description", include))
    refused(tmp_path, qdpx(xml), "XInclude")


def test_xml_nested_too_deep(tmp_path):
    deep = code("C")
    for _ in range(400):
        deep = code("C", deep)
    refused(tmp_path, qdpx(project(Codes=deep)), "not well-formed")


@pytest.mark.parametrize(
    "place",
    [
        *("internal://../project.qde", "internal:///../../etc/hostname", "internal://a/../../b"),
        *("internal://..\\project.qde", "internal://C:/x.txt", "internal:////etc/hostname"),
        *("../project.qde", "internal://a\tb/../..", "file:///etc/hostname"),
    ],
)
def test_a_path_that_leaves_the_sources(tmp_path, place):
    source = tag("TextSource", guid=guid("T"), name="T", plainTextPath=place)
    refused(tmp_path, qdpx(project(Sources=source)), "points out of the sources folder")


@pytest.mark.parametrize("scheme", ["relative", "absolute"])
def test_a_text_outside_the_file_is_told_and_never_opened(tmp_path, scheme):
    outside = tmp_path / "geheim.txt"
    outside.write_text("geheim", encoding="utf-8")
    source = tag("TextSource", guid=guid("T"), name="T", plainTextPath=f"{scheme}://{outside}")
    path = write_qdpx(tmp_path / "p.qdpx", project(Sources=source))
    read = read_project(path)
    assert read.documents["text"][0] == ""
    assert any("outside the file" in problem.found for problem in read.problems)


def test_a_coded_text_outside_the_file_is_an_error(tmp_path):
    place = "absolute:///etc/hostname"
    source = tag("TextSource", selection(0, 1, coding(C)), guid=guid("T"), plainTextPath=place)
    refused(tmp_path, qdpx(project(Codes=code("C"), Sources=source)), "which is not opened")


def test_a_link_beside_a_qde_is_not_followed(tmp_path):
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim", encoding="utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / FILE).symlink_to(secret)
    path = tmp_path / "project.qde"
    path.write_text(project(Sources=text_source("T")), encoding="utf-8")
    read = read_project(path)
    assert read.documents["text"][0] == ""
    assert any("no file" in problem.found for problem in read.problems)


def test_a_linked_sources_folder_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()
    (elsewhere / FILE).write_text("geheim", encoding="utf-8")
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "sources").symlink_to(elsewhere)
    path = tmp_path / "p" / "project.qde"
    path.write_text(project(Sources=text_source("T")), encoding="utf-8")
    assert read_project(path).documents["text"][0] == ""


def test_a_text_that_is_no_utf8(tmp_path):
    content = qdpx(XML, **{FILE: "Wíj bellen".encode("latin-1")})
    refused(tmp_path, content, "not utf-8")


def test_a_text_in_utf16_with_its_mark_is_read(tmp_path):
    path = write_qdpx(tmp_path / "p.qdpx", XML, {FILE: "Wij bellen".encode("utf-16")})
    (row,) = read_project(path, counting="points-crlf2-nobom").segments["text"]
    assert row == "Wij"


def test_a_codebook_is_no_project_and_the_other_way_round(tmp_path):
    codebook = tmp_path / "c.qdc"
    codebook.write_text(
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{code("C")}</Codes></CodeBook>',
        encoding="utf-8",
    )
    with pytest.raises(CopanalysisError, match="read_codebook"):
        read_project(codebook)
    path = write_qdpx(tmp_path / "p.qdpx", XML, {FILE: "Wij bellen"})
    with pytest.raises(CopanalysisError, match="read_project"):
        read_codebook(path)


def test_a_text_that_ends_where_a_chunk_does_is_whole(tmp_path):
    text = "a" * (2 * MIB + 1)  # the last character comes out after all input is used
    xml = project(Sources=text_source("T"))
    path = write_qdpx(tmp_path / "p.qdpx", xml, {FILE: text})
    assert len(read_project(path).documents["text"][0]) == len(text)
