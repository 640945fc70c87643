"""Content that was kept is the content that would be made, and no other."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from copanalysis.report import content_store
from copanalysis.report.content import page_content
from copanalysis.report.content_store import kept_content


def write(path, text):
    html = '<table id="tab-a"><caption>A</caption><tr><th scope="row">1</th></tr></table>'
    output = new_output("display_data", data={"text/html": html, "text/plain": "a"})
    cells = [new_markdown_cell(f"# Title\n\n## {text}\n\n[to](other.html#x)\n\n### Deeper")]
    cells += [new_code_cell("show()", outputs=[output])]
    nbformat.write(new_notebook(cells=cells), path)


def test_kept_content_is_the_same_and_made_once(tmp_path, monkeypatch):
    path = tmp_path / "page.ipynb"
    write(path, "Part")
    made = page_content(nbformat.read(path, as_version=4), name="page")
    first = kept_content(path, code="1")
    monkeypatch.setattr(content_store, "page_content", None)
    second = kept_content(path, code="1")
    assert first == made
    assert second == made
    assert made.headings
    assert made.objects
    assert made.links


def test_another_notebook_or_code_makes_it_anew(tmp_path):
    path = tmp_path / "page.ipynb"
    write(path, "Part")
    place = path.with_suffix(content_store.SUFFIX)
    kept_content(path, code="1")
    before = place.read_text("utf-8")
    kept_content(path, code="2")
    assert place.read_text("utf-8") != before
    write(path, "Another part")
    assert "Another part" in kept_content(path, code="2").html
