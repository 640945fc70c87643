"""Tables read back from delivered files, in one form: rows of texts as the CSV writes them."""

import csv
import io
import re
import zipfile
from functools import lru_cache

import docx
from lxml import html
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

HIDDEN, MISSING, DASH = "niet getoond", "–", "\u00a0–\u00a0"


def plain(text):
    """A number or word as the CSV has it."""
    text = text.strip().removeprefix("'")
    if re.fullmatch(r"[+−]?\d[\d.]*(,\d+)?%?", text):
        text = text.replace(".", "").replace("−", "-").removeprefix("+")
    return text.replace("\u00a0", " ")


def cells(text, *, interval):
    """A shown cell as one or, for an interval, two texts."""
    if not interval:
        return [plain(text)]
    if text in (HIDDEN, MISSING):
        return [text, text]
    parts = re.split("\u00a0–\u00a0|\u00a0tot\u00a0", text)
    parts = parts if len(parts) > 1 else parts * 2  # from and to the same number
    return [plain(part.removesuffix("\u00a0procentpunt")) for part in parts]


def table_rows(headers, rows):
    """Rows of texts, in which an interval is two: by its header, or by how its cells look."""
    spans = [
        "interval" in header.lower() or any(DASH in row[i] for row in rows)
        for i, header in enumerate(headers)
    ]
    return [
        sorted(c for text, span in zip(row, spans, strict=True) for c in cells(text, interval=span))
        for row in rows
    ]


def upright_rows(pairs):
    """The one row of a table whose headers stand under each other."""
    headers, values = zip(*pairs, strict=True)
    return table_rows([header.replace("\u00ad", "") for header in headers], [values])


def csv_rows(data):
    """Rows of a CSV without the column that says that the data are fictional."""
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    drop = head.index("gegevens") if head[-1] == "gegevens" else len(head)
    return [sorted(plain(cell) for cell in row[:drop]) for row in rows]


def html_tables(text):
    """Rows of every registered table, by id; the header of a group is a cell of its rows."""
    return {
        table.get("id"): html_rows(table)
        for table in html.document_fromstring(text).xpath("//table[caption][@id]")
        if not table.xpath("ancestor::figure")
    }


def html_rows(table):
    if "cop-upright" in table.get("class", ""):
        return upright_rows([[cell.text_content() for cell in row] for row in table.iter("tr")])
    headers = [th.text_content().replace("\u00ad", "") for th in table.xpath("thead/tr/th")]
    rows, groups = [], []
    for body in table.findall("tbody"):
        group = []
        for row in body.findall("tr"):
            texts = [cell.text_content() for cell in row]
            if len(texts) == 1 and row[0].get("scope") == "rowgroup":
                group = [plain(texts[0])]
            else:
                rows.append(texts)
                groups.append(group)
    made = table_rows(headers, rows)
    return [sorted([*group, *row]) for group, row in zip(groups, made, strict=True)]


def word_tables(path):
    """Rows of every table with a numbered caption, by the caption."""
    found = {}
    for table in docx.Document(path).tables:
        title = table._tbl.tblPr.xpath("./w:tblCaption/@w:val")[0]
        rows = [row.xpath("./w:tc") for row in table._tbl.tr_lst]
        rows = [
            ["".join(t.text or "" for t in cell.xpath(".//w:t")) for cell in row] for row in rows
        ]
        upright = table._tbl.tblPr.xpath("./w:tblLook/@w:firstColumn") == ["1"]
        found[title] = upright_rows(rows) if upright else table_rows(rows[0], rows[1:])
    return found


def workbook_tables(path):
    """Rows of every sheet but the first, by its title, of which the first counts."""
    book, found = CalamineWorkbook.from_path(str(path)), {}
    for name in book.sheet_names[1:]:
        lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        start = next(i for i, line in enumerate(lines) if line[0] == "Naar de inhoud") + 2
        rows = [row for row in lines[start + 1 :] if any(cell != "" for cell in row)]
        found.setdefault(lines[0][0], rows)
    return found


def same(value, text):
    """Whether a cell of a sheet is what the CSV says."""
    if isinstance(value, str):
        return plain(value) == plain(text)
    number = text.rstrip("%").replace(",", ".")
    scale = 100 if text.endswith("%") else 1
    return abs(value * scale - float(number)) < 1e-9


@lru_cache(maxsize=2)
def pdf_pages(data):
    """The text of every page of a PDF; reading a long one takes a minute, so it is kept."""
    return tuple(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def pdf_text(path):
    """The text of a PDF without white space and hyphens, which differ with the line breaks."""
    return squeezed("".join(pdf_pages(path.read_bytes())))


def squeezed(text):
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def file_text(path):
    """Everything that a delivered file says, unpacked."""
    if path.suffix == ".pdf":
        return "".join(pdf_pages(path.read_bytes()))
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    return path.read_text("utf-8", "replace")
