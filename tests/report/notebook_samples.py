"""Executed notebooks as papermill leaves them, and the pages that they become."""

import base64

from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from copanalysis.report.content import MANIFEST
from copanalysis.report.exporter import ReportExporter

CANARY = "kanarie-7f3a"
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
MANIFEST_DATA = {
    "page": "chapter_4",
    "notebook": "chapter_4_outcomes",
    "parameters": {"wave": "3", "cop": ""},
    "inputs": [["data/processed/survey/wave_3/answers.parquet", "ab" * 32]],
    "code": "cd" * 32,
    "versions": {"python": "3.11", "pandas": "3.0"},
    "commit": "",
    "data_date": "2024-01-31",
    "synthetic": True,
    "tables": [{"id": "got", "title": CANARY}],
    "figures": [],
}
SITE = {
    "site_title": "Evaluatie CoP's",
    "synthetic": False,
    "current": "b.html",
    "pages": [
        {"title": "Eerste", "url": "a.html"},
        {"title": "Tweede", "url": "b.html"},
        {"title": "Variant", "url": "b--cop.html", "variant": True},
        {"title": "Derde & laatste", "url": "c.html"},
    ],
}


def shown(data, kind="display_data", **fields):
    return new_output(kind, data=data, **fields)


def html_output(markup, **more):
    return shown({"text/html": markup, "text/plain": "plat", **more})


def code(*outputs, source="1 + 1"):
    return new_code_cell(source, outputs=list(outputs))


def closing(**fields):
    manifest = {**MANIFEST_DATA, **fields}
    return code(
        html_output("<p>Geschreven</p>", **{MANIFEST: manifest}),
        shown({"text/plain": "PosixPath('reports')"}, kind="execute_result"),
    )


def notebook(*cells, **metadata):
    made = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    return new_notebook(cells=made, metadata=metadata)


def exported(book, site=None, **options):
    resources = {"metadata": {"name": "mijn_notitieboek"}, "copanalysis": site or {}}
    return ReportExporter(**options).from_notebook_node(book, resources)[0]


def page(book, site=None, **options):
    return html.document_fromstring(exported(book, site, **options))


def main_text(root):
    return root.get_element_by_id("main").text_content()
