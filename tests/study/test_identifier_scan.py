"""Scanning what goes on or out for identifiers of people."""

import base64
import io
import json
import zipfile

import docx
import pandas as pd
import pytest
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from copanalysis.study.identifiers import known_names, names_of_study
from copanalysis.study.privacy.scan import scan_for_identifiers

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
LEAK = "Bel Jolanda Terpstra, 06-00000012 of j.terpstra@voorbeeld.nl"


def write_parquet(path, text):
    pd.DataFrame({"id": [1, 2], "text": pd.array(["niets", text], "string")}).to_parquet(path)


def write_category(path, text):
    pd.DataFrame({"text": pd.Categorical(["niets", text])}).to_parquet(path)


def write_csv(path, text):
    pd.DataFrame({"id": [1], "text": [text]}).to_csv(path, index=False)


def write_json(path, text):
    path.write_text(json.dumps({"a": [{"b": text}]}), encoding="utf-8")


def write_notebook(path, text):
    output = {"output_type": "display_data", "data": {"text/html": [f"<p>{text}</p>"]}}
    cell = {"cell_type": "code", "source": ["1"], "outputs": [output]}
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")


def write_page(path, text):
    path.write_text(f"<html><body><p class='a'>{text}</p></body></html>", encoding="utf-8")


def write_alternative(path, text):
    path.write_text(f'<img src="data:image/png;base64,AAAA" alt="{text}">', encoding="utf-8")


def write_text(path, text):
    path.write_text(f"regel\n{text}\n", encoding="utf-8")


def write_word(path, text):
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = text
    document.save(path)


def write_author(path, text):
    document = docx.Document()
    document.core_properties.author = text
    document.save(path)


def write_word_alternative(path, text):
    document = docx.Document()
    picture = document.add_picture(io.BytesIO(PICTURE))
    picture._inline.docPr.set("descr", text)
    document.save(path)


def write_word_title(path, text):
    document = docx.Document()
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), text)
    document.add_table(1, 1)._tbl.tblPr.append(title)
    document.save(path)


def write_pdf(path, text):
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = {NameObject(k): NameObject(v) for k, v in font.items()}
    fonts = DictionaryObject({NameObject("/F"): DictionaryObject(named)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = StreamObject()
    first, last = text[: text.index(" ") + 1], text[text.index(" ") + 1 :]
    shown = f"BT /F 12 Tf 20 700 Td ({first}) Tj 0 -20 Td ({last}) Tj ET"  # on two lines
    content.set_data(shown.encode())
    page[NameObject("/Contents")] = content
    writer.write(path)


def write_workbook(path, text):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", text)
        sheet.write("A2", 112233445566)


def write_inline(path, text):
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.add_worksheet().write("A1", text)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("answers.parquet", write_parquet),
        ("codes.parquet", write_category),
        ("table.csv", write_csv),
        ("source.json", write_json),
        ("page.ipynb", write_notebook),
        ("page.html", write_page),
        ("picture.html", write_alternative),
        ("figure.svg", write_page),
        ("report.docx", write_word),
        ("properties.docx", write_author),
        ("picture.docx", write_word_alternative),
        ("title.docx", write_word_title),
        ("report.pdf", write_pdf),
        ("table.xlsx", write_workbook),
        ("inline.xlsx", write_inline),
        ("notes.txt", write_text),
        ("run.log", write_text),
    ],
)
def test_a_leak_is_found_in_every_kind_of_file(tmp_path, name, write):
    folder = tmp_path / "processed"
    (folder / "deep").mkdir(parents=True)
    write(folder / "deep" / name, "niets aan de hand")
    assert scan_for_identifiers(folder, names=known_names([])) == []
    write(folder / "deep" / name, LEAK)
    problems = scan_for_identifiers(folder, names=known_names([]))
    assert sorted(p.found.rpartition("like ")[2] for p in problems) == [
        "a person's name",
        "a phone number",
        "an e-mail address",
    ]
    assert all(p.where.startswith(f"processed/deep/{name}") for p in problems)


def test_the_message_does_not_repeat_the_leak(tmp_path):
    write_text(tmp_path / "notes.txt", LEAK)
    told = " ".join(map(str, scan_for_identifiers(tmp_path, names=known_names([]))))
    assert not [word for word in ("Jolanda", "Terpstra", "06-00000012", "@") if word in told]


def test_numbers_hashes_and_pictures_of_a_report_are_no_leak(tmp_path):
    write_csv(tmp_path / "table.csv", "n=74, 0.123456789, 2024-01-31T09:15:00, 482913123456")
    write_json(tmp_path / "source.json", "sha256:" + "0612345678" * 6)
    write_json(tmp_path / "picture.json", "06123456780" * 60)
    page = (
        "<script>var a = '06-00000012'</script><path d='M 06 12 34 56 78'/>Tabel 4.2, CoP Zeeland"
    )
    write_page(tmp_path / "page.html", page)
    write_text(tmp_path / "notes.md", "Evaluatie van de Wet inburgering 2021, hoofdstuk Vijf.")
    assert scan_for_identifiers(tmp_path, names=known_names([])) == []


def test_a_list_of_values_is_not_read_as_one_text(tmp_path):
    write = (tmp_path / "manifest.json").write_text
    write(json.dumps({"speaker": ["Respondent uit Jan ", "Wolters", "CoP"]}), encoding="utf-8")
    assert scan_for_identifiers(tmp_path, names=known_names([])) == []
    write(json.dumps({"source": ["Gesproken met Jan\n", "Wolters"]}), encoding="utf-8")
    assert len(scan_for_identifiers(tmp_path, names=known_names([]))) == 1


def test_known_people_are_found_by_any_form(tmp_path):
    write_csv(tmp_path / "quotes.csv", "Toen belde Zjoelbahar mij op")
    assert scan_for_identifiers(tmp_path, names=known_names([])) == []
    assert len(scan_for_identifiers(tmp_path, names=known_names(["Zjoelbahar Tesfa"]))) == 1


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path):
    (tmp_path / "answers.parquet").write_bytes(b"no parquet")
    (tmp_path / "notes.txt").write_bytes(b"\xff\xfe\x00\xd8")
    (tmp_path / "report.docx").write_bytes(b"no archive")
    (tmp_path / "report.pdf").write_bytes(b"no PDF")
    with zipfile.ZipFile(tmp_path / "table.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "no xml")
    found = [p.found for p in scan_for_identifiers(tmp_path, names=known_names([]))]
    assert len(found) == 5
    assert all(text.startswith("a file that cannot be read") for text in found)


def test_the_instruments_and_the_committed_outputs_are_clean(study):
    names = names_of_study(study.names)
    assert scan_for_identifiers(study.root / "data" / "instruments", names=names) == []
