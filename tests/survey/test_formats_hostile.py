"""Files that are no export, and files made to do harm: refused in one paragraph."""

import io
import json
import random
import struct
import zipfile
import zlib

import pytest
from export_questionnaire import RESPONDENTS
from export_writers import microsoft_forms, workbook
from limesurvey_writers import limesurvey_csv, limesurvey_lsa, limesurvey_lss

from copanalysis.errors import CopanalysisError
from copanalysis.survey.formats import archive, read_export, reading
from copanalysis.survey.formats import workbook as workbooks

XXE = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file://{}">]>'
    "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><x>&e;</x></document>"
)


def saved(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def refusal(path, **options):
    """The message of the refusal, which is one paragraph."""
    with pytest.raises(CopanalysisError) as caught:
        read_export(path, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def rezipped(data, change):
    """The archive with its entries changed: ``change`` gets and returns {name: content}."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = change({name: source.read(name) for name in source.namelist()})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def forms():
    return workbook(microsoft_forms())


def with_sheet(change):
    """A forms workbook whose worksheet XML is changed."""
    name = "xl/worksheets/sheet1.xml"
    return rezipped(forms(), lambda entries: {**entries, name: change(entries[name])})


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"%PDF-1.7\n...", "report.pdf", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "old.xls", "old Excel file"),
        (b"\x89PNG\r\n\x1a\n", "picture.csv", "a picture"),
        (json.dumps([{"a": 1}]), "answers.csv", "is JSON"),
        ("[" * 100_000, "deep.csv", "is JSON"),
        ('{"SurveyElements": []}', "survey.csv", "a Qualtrics questionnaire"),
        ("<html><body>Log in</body></html>", "export.csv", "XML or HTML"),
        (limesurvey_lss(), "survey.csv", "a LimeSurvey questionnaire"),
        (b"", "empty.csv", "is empty"),
        (b"\r\n \r\n", "blank.xlsx", "is empty"),
        (bytes(range(256)) * 4, "noise.csv", "NUL"),
    ],
)
def test_other_files_are_called_by_their_name(tmp_path, content, name, says):
    assert says in refusal(saved(tmp_path, content, name))


def test_folders_and_missing_files(tmp_path):
    assert "is a folder" in refusal(tmp_path)
    assert "There is no file" in refusal(tmp_path / "gone.csv")


def test_a_file_beyond_the_bound_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_FILE", 10)
    assert "more than" in refusal(saved(tmp_path, "a,b\n1,2\n3,4\n", "a.csv"))


def test_archives_of_other_things(tmp_path):
    data = rezipped(forms(), lambda _: {"survey/wave 1.csv": b"a,b\n1,2\n"})
    assert "survey/wave 1.csv" in refusal(saved(tmp_path, data, "qualtrics.zip"))
    empty = rezipped(forms(), lambda _: {})
    assert refusal(saved(tmp_path, empty, "empty.xlsx"))


@pytest.mark.parametrize("keep", [0.3, 0.9])
@pytest.mark.parametrize("make", [forms, limesurvey_lsa])
def test_truncated_archives(tmp_path, make, keep):
    data = make()
    path = saved(tmp_path, data[: int(len(data) * keep)], "cut.xlsx")
    assert "damaged or incomplete archive" in refusal(path)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "C:\\evil.xml", "a/../../b.xml"])
def test_entries_that_point_outside_the_archive(tmp_path, name):
    data = rezipped(forms(), lambda entries: {**entries, name: b"x"})
    assert "outside the archive" in refusal(saved(tmp_path, data, "a.xlsx"))
    assert "outside the archive" in refusal(saved(tmp_path, limesurvey_lsa(extra=name), "a.lsa"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.lsa", "a.xlsx"]


def test_a_bomb_is_refused_while_it_unpacks(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 4 * archive.MIB)
    bomb = rezipped(forms(), lambda e: {**e, "xl/bomb.xml": b" " * (64 * archive.MIB)})
    assert "more than 4 MiB" in refusal(saved(tmp_path, bomb, "bomb.xlsx"))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_large_entry_that_hardly_packs_is_refused_too(tmp_path, monkeypatch, method):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 2 * archive.MIB)
    target = io.BytesIO(forms())
    with zipfile.ZipFile(target, "a", method) as source:
        source.writestr("xl/noise.xml", random.Random(1).randbytes(3 * archive.MIB))
    assert "more than 2 MiB" in refusal(saved(tmp_path, target.getvalue(), "a.xlsx"))


def test_an_unlikely_ratio_is_refused(tmp_path):
    bomb = rezipped(forms(), lambda e: {**e, "xl/bomb.xml": b" " * (20 * archive.MIB)})
    assert "times its packed size" in refusal(saved(tmp_path, bomb, "bomb.xlsx"))


@pytest.mark.parametrize("stated", [10, 10**9])
def test_entries_that_lie_about_their_size(tmp_path, stated):
    content = b"<a>" + b"x" * 50_000 + b"</a>"
    data = bytearray(rezipped(forms(), lambda e: {**e, "xl/lie.xml": content}))
    honest = struct.pack("<I", len(content))
    lie = struct.pack("<I", stated)
    crc = struct.pack("<I", zlib.crc32(content))
    data = bytes(data).replace(honest, lie)
    data = data.replace(crc, struct.pack("<I", zlib.crc32(content[:stated])))
    assert "damaged" in refusal(saved(tmp_path, data, "lie.xlsx"))


def test_the_workbook_reader_gets_only_what_was_checked(tmp_path, monkeypatch):
    given = []
    original = archive.stored_zip
    monkeypatch.setattr(archive, "stored_zip", lambda parts: given.append(parts) or original(parts))
    junk = rezipped(forms(), lambda e: {**e, "xl/vbaProject.bin": b"MZ", "xl/media/a.png": b"P"})
    assert len(read_export(saved(tmp_path, junk, "a.xlsx")).responses) == len(RESPONDENTS)
    assert given
    assert all(name.endswith((".xml", ".rels")) for name in given[0])


def test_encrypted_entries(tmp_path):
    data = bytearray(forms())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    assert "password" in refusal(saved(tmp_path, bytes(data), "locked.xlsx"))


def test_two_entries_of_one_name(tmp_path):
    target = io.BytesIO(forms())
    with zipfile.ZipFile(target, "a") as source, pytest.warns(UserWarning, match="Duplicate"):
        source.writestr("xl/workbook.xml", b"<x/>")
    assert "two entries of one name" in refusal(saved(tmp_path, target.getvalue(), "a.xlsx"))


@pytest.mark.parametrize("far", ['r="XFD1048576"', "r='XFD1048576'", 'r = "xfd1048576"'])
def test_a_far_away_cell_does_not_fill_the_memory(tmp_path, far):
    cell = f"<row><c {far}><v>1</v></c></row></sheetData>".encode()
    data = with_sheet(lambda xml: xml.replace(b"</sheetData>", cell))
    assert "row 1048576 and column 16384" in refusal(saved(tmp_path, data, "far.xlsx"))


def test_one_long_text_in_very_many_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_TEXT", 2_000)
    assert "more than a survey export" in refusal(saved(tmp_path, forms(), "many.xlsx"))
    monkeypatch.setattr(workbooks, "MAX_TEXT", 10_000)
    assert read_export(tmp_path / "many.xlsx").responses


@pytest.mark.parametrize("declaration", [b"<!DOCTYPE x>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>"])
def test_document_types_in_a_workbook(tmp_path, declaration):
    data = with_sheet(lambda xml: xml.replace(b"<worksheet", declaration + b"<worksheet", 1))
    assert "document type" in refusal(saved(tmp_path, data, "a.xlsx"))


def test_a_workbook_with_two_filled_sheets(tmp_path):
    import xlsxwriter

    path = tmp_path / "two.xlsx"
    book = xlsxwriter.Workbook(path)
    for name in ("Antwoorden", "Codeboek"):
        book.add_worksheet(name).write_row(0, 0, ["a", "b"])
    book.close()
    assert "Antwoorden, Codeboek" in refusal(path)


def test_formulas_are_never_worked_out(tmp_path):
    cell = b'<row r="90"><c r="F90"><f>1+1</f><v>5</v></c></row></sheetData>'
    data = with_sheet(lambda xml: xml.replace(b"</sheetData>", cell))
    export = read_export(saved(tmp_path, data, "formula.xlsx"))
    assert (export.responses[-1].row, export.responses[-1].cells[5]) == (90, "5")
    assert any("formula" in p.found and p.level == "warning" for p in export.problems)


def test_text_like_a_formula_is_text(tmp_path):
    table = [[cell or "" for cell in row] for row in microsoft_forms()]
    table[1][7] = '=HYPERLINK("http://example.org")'
    export = read_export(saved(tmp_path, workbook(table), "a.xlsx"))
    assert export.responses[0].cells[7] == '=HYPERLINK("http://example.org")'
    assert any("row 2" in p.where and "begins with =" in p.found for p in export.problems)
    assert "HYPERLINK" not in str(export.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_a_questionnaire_are_refused_unread(tmp_path, encoding):
    secret = saved(tmp_path, "geheim", "secret.txt")
    text = XXE.format(secret).replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    structure = saved(tmp_path, text.encode(encoding), "survey.lss")
    path = saved(tmp_path, limesurvey_csv("code"), "a.csv")
    assert "DOCTYPE" in refusal(path, structure=structure)


def test_entities_in_an_archive_are_refused(tmp_path):
    def change(entries):
        return {n: XXE.format("x").encode() if n.endswith("lsr") else c for n, c in entries.items()}

    path = saved(tmp_path, rezipped(limesurvey_lsa(), change), "a.lsa")
    assert "DOCTYPE" in refusal(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<document><LimeSurveyDocType>Survey</LimeSurveyDocType>", "well-formed"),
        ("<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", "another kind"),
        (limesurvey_lss().replace("<gid><", "<gxd><").replace("</gid>", "</gxd>"), "lacks"),
        (limesurvey_lss().replace("<group_order><![CDATA[1", "<group_order><![CDATA[x"), "lacks"),
        ("no xml", "well-formed"),
        ('{"a": 1}', "no Qualtrics survey file"),
        ('{"SurveyElements": ' + "[" * 100_000, "no Qualtrics survey file"),
    ],
)
def test_broken_questionnaires(tmp_path, content, says):
    path = saved(tmp_path, limesurvey_csv("code"), "a.csv")
    assert says in refusal(path, structure=saved(tmp_path, content, "survey.lss"))


def test_a_text_deep_in_xml_is_no_reason_to_crash(tmp_path):
    deep = "<a>" * 5_000 + "</a>" * 5_000
    text = limesurvey_lss().replace("</document>", f"{deep}</document>")
    path = saved(tmp_path, limesurvey_csv("code"), "a.csv")
    assert "well-formed" in refusal(path, structure=saved(tmp_path, text, "survey.lss"))
