"""The site: pages, index, data files, whole or not at all."""

import json
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from released_samples import shares

from copanalysis.errors import CopanalysisError
from copanalysis.report import publication
from copanalysis.report import site as site_module
from copanalysis.report.content import MANIFEST
from copanalysis.report.datasheet import table_csv
from copanalysis.report.site import SitePage, publish, write_site
from copanalysis.report.tables import table_html


def write_notebook(path: Path, text: str, *markups: str, raw="demo", synthetic=True) -> Path:
    manifest = {"page": path.stem, "raw": raw, "synthetic": synthetic}
    outputs = [new_output("display_data", data={"text/html": markup}) for markup in markups]
    closing = new_output("display_data", data={MANIFEST: manifest, "text/plain": "klaar"})
    cells = [new_markdown_cell(text), new_code_cell("", outputs=outputs)]
    cells.append(new_code_cell("", outputs=[closing]))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.fixture
def pages(tmp_path):
    """Two chapters that link to each other, a variant, and a data file."""
    books = tmp_path / "notebooks"
    link = "Zie [de tabel](two.html#tab-got)."
    one = write_notebook(books / "one.ipynb", f"# Eerste & beste\n\n{link}")
    two = write_notebook(books / "two.ipynb", "# Tweede", table_html(shares()))
    other = write_notebook(books / "two--cop-zeeland.ipynb", "# Tweede", table_html(shares()))
    csv = tmp_path / "got.csv"
    csv.write_bytes(table_csv(shares()))
    return [
        SitePage("one", one),
        SitePage("two", two, data=(csv,)),
        SitePage("two--cop-zeeland", other, variant_of="two"),
    ]


def written(pages, tmp_path, **options):
    given = {"site_title": "Evaluatie CoP's", "synthetic": True, **options}
    return write_site(pages, out=tmp_path / "reports" / "site", **given)


def parsed(path):
    return html.parse(str(path)).getroot()


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_page_the_index_and_the_data_are_written(pages, tmp_path):
    index = written(pages, tmp_path)
    assert set(files(index.parent)) == {
        *("index.html", "zoeken.html", "one.html", "two.html", "two--cop-zeeland.html"),
        "data/two/got.csv",
    }
    assert files(index.parent)["data/two/got.csv"] == table_csv(shares())


def test_a_notebook_without_a_heading_goes_by_the_title_of_its_page(tmp_path):
    bare = write_notebook(tmp_path / "notebooks/bare.ipynb", "Alleen tekst.")
    site = written([SitePage("bare", bare, title="De kale pagina")], tmp_path).parent
    assert [h.text_content() for h in parsed(site / "bare.html").iter("h1")] == ["De kale pagina"]


def test_the_index_lists_chapters_tables_variants_and_data(pages, tmp_path):
    root = parsed(written(pages, tmp_path))
    assert [h.text_content() for h in root.iter("h1")] == ["Evaluatie CoP's"]
    links = {a.get("href"): a.text_content() for a in root.xpath("//main//a")}
    assert links == {
        "one.html": "Eerste & beste",
        "two.html": "Tweede",
        "two.html#tab-got": "Tabel 4.1. Opbrengsten voor deelnemers",
        "two--cop-zeeland.html": "Tweede (cop-zeeland)",
        "data/two/got.csv": "CSV",
    }


def test_pages_of_one_notebook_have_titles_of_their_own(pages, tmp_path):
    folder = written(pages, tmp_path).parent
    roots = [parsed(folder / f"{page.name}.html") for page in pages]
    own = ["Eerste & beste", "Tweede", "Tweede (cop-zeeland)"]
    assert [root.findtext(".//h1") for root in roots] == own
    assert [root.findtext("head/title").partition(" – ")[0] for root in roots] == own


def test_every_page_links_to_the_index_and_its_neighbours(pages, tmp_path):
    folder = written(pages, tmp_path).parent
    root = parsed(folder / "one.html")
    assert root.xpath("//header//p[@class='site']/a/@href") == ["index.html"]
    assert root.xpath("//nav[@class='neighbours']/a/@href") == ["two.html"]
    assert parsed(folder / "two--cop-zeeland.html").xpath("//nav[@class='neighbours']") == []


def test_every_page_and_the_index_say_that_data_are_synthetic(pages, tmp_path):
    folder = written(pages, tmp_path).parent
    for path in folder.glob("*.html"):
        assert len(parsed(path).find_class("banner")) == 1, path.name


def test_a_second_run_writes_the_same_bytes(pages, tmp_path):
    folder = written(pages, tmp_path).parent
    before = files(folder)
    written(pages, tmp_path)
    assert files(folder) == before


def test_pages_that_are_gone_do_not_linger(pages, tmp_path):
    folder = written(pages, tmp_path).parent
    (folder / "old.html").write_text("oud", encoding="utf-8")
    written(pages, tmp_path)
    assert not (folder / "old.html").exists()


def test_a_run_that_fails_leaves_what_was_there(pages, tmp_path, monkeypatch):
    folder = written(pages, tmp_path).parent
    before = files(folder)

    def fail(*_):
        raise OSError("schijf vol")

    monkeypatch.setattr(site_module.shutil, "copyfile", fail)
    with pytest.raises(OSError, match="schijf vol"):
        written(pages, tmp_path)
    assert files(folder) == before
    assert [p.name for p in folder.parent.iterdir()] == ["site"]


def test_a_move_that_fails_puts_the_old_site_back(pages, tmp_path, monkeypatch):
    folder = written(pages, tmp_path).parent
    before = files(folder)
    move = Path.replace

    def stuck(self, target):
        if self.name == "new":
            raise OSError("bezet")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", stuck)
    with pytest.raises(OSError, match="bezet"):
        written(pages, tmp_path)
    assert files(folder) == before


def test_links_between_pages_must_lead_somewhere(pages, tmp_path):
    text = "# Derde\n\n[a](two.html#tab-gone) [b](four.html) [c](index.html) [d](https://x.nl)"
    third = write_notebook(tmp_path / "three.ipynb", text)
    with pytest.raises(CopanalysisError) as caught:
        written([*pages, SitePage("three", third)], tmp_path)
    assert [p.found for p in caught.value.problems] == [
        "a link to two.html#tab-gone",
        "a link to four.html",
    ]


@pytest.mark.parametrize("name", ["index", "../buiten", "a b", "", "one"])
def test_names_that_cannot_be_pages_are_refused(pages, tmp_path, name):
    with pytest.raises(CopanalysisError, match="a name of its own"):
        written([*pages, SitePage(name, pages[0].notebook)], tmp_path)


def test_every_missing_file_is_told_at_once(tmp_path):
    gone = tmp_path / "gone.ipynb"
    with pytest.raises(CopanalysisError) as caught:
        written([SitePage("a", gone), SitePage("b", gone, variant_of="c")], tmp_path)
    assert len(caught.value.problems) == 3
    with pytest.raises(CopanalysisError, match="no pages"):
        written([], tmp_path)


@pytest.fixture
def study(tmp_path):
    """As much of a study as publishing needs, with two pages made and one variant."""
    pages = [
        {"id": name, "notebook": name, "chapter": number}
        for name, number in (("chapter_2", "2"), ("chapter_4", "4"))
    ]
    settings = {"pages": pages, "study": {"title": "Evaluatie CoP's"}}
    for name in ("chapter_2", "chapter_4", "chapter_4--cop-zeeland"):
        made(tmp_path, name)
    coverage = pd.DataFrame([("S1", "Hoofdvraag", "1")], columns=["item", "text", "section"])
    return SimpleNamespace(root=tmp_path, settings=settings, table=lambda file: coverage)


def made(root, name, raw="demo", synthetic=True):
    write_notebook(
        root / "reports/notebooks" / f"{name}.ipynb", f"# {name}", raw=raw, synthetic=synthetic
    )
    folder = root / "reports/pages" / name
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "tables/got.csv").write_bytes(table_csv(shares()))
    manifest = json.dumps({"raw": raw, "synthetic": synthetic})
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")


def names(index):
    return sorted(path.name for path in index.parent.glob("*.html"))


def test_a_fresh_site_holds_the_pages_of_the_study(study):
    index = publish(study, fresh=True)
    assert index == study.root / "reports/site/index.html"
    assert names(index) == [
        "chapter_2.html",
        "chapter_4.html",
        "coverage.html",
        "index.html",
        "zoeken.html",
    ]
    assert (index.parent / "data/chapter_4/got.csv").is_file()


def test_a_page_of_a_notebook_that_makes_more_goes_by_its_title_also_alone(study):
    for page in study.settings["pages"]:
        page |= {"notebook": "chapter_2", "title": f"Blad {page['chapter']}"}
    (study.root / "reports/notebooks/chapter_2.ipynb").unlink()
    index = publish(study, fresh=False)
    (title,) = parsed(index.parent / "chapter_4.html").xpath("//h1")
    assert title.text_content() == "Blad 4"


def test_later_pages_and_variants_join_what_was_made(study):
    (study.root / "reports/notebooks/chapter_2.ipynb").unlink()
    index = publish(study, fresh=False)
    assert names(index) == [
        *(
            "chapter_4--cop-zeeland.html",
            "chapter_4.html",
            "coverage.html",
            "index.html",
            "zoeken.html",
        )
    ]


@pytest.mark.parametrize("given", [{"city": "zeeland"}, {"cop": "zeeland"}])
def test_a_variant_of_what_the_study_no_longer_knows_goes_by_its_name(study, given, monkeypatch):
    study.settings["pages"][1] |= {"title": "chapter_4", "parameters": {"cop": ""}}
    path = study.root / "reports/pages/chapter_4--cop-zeeland/manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | {"parameters": given}
    path.write_text(json.dumps(manifest), encoding="utf-8")

    def unknown(*_, **__):
        raise CopanalysisError("Unknown wave")

    monkeypatch.setattr(publication, "variant_title", unknown)
    index = publish(study, fresh=False)
    (title,) = parsed(index.parent / "chapter_4--cop-zeeland.html").xpath("//h1")
    assert "cop-zeeland" in title.text_content()


def test_a_fresh_site_needs_every_page(study):
    (study.root / "reports/notebooks/chapter_2.ipynb").unlink()
    with pytest.raises(CopanalysisError, match=r"chapter_2\.ipynb"):
        publish(study, fresh=True)


def test_real_and_synthetic_data_are_not_mixed(study):
    made(study.root, "chapter_2", raw="echt", synthetic=False)
    with pytest.raises(CopanalysisError, match="chapter_2 from echt, chapter_4 from demo"):
        publish(study, fresh=True)


def test_the_index_says_how_large_a_download_is_in_units_that_read(pages, tmp_path):
    small, large = tmp_path / "klein.xlsx", tmp_path / "groot.pdf"
    small.write_bytes(b"x" * 1500)
    large.write_bytes(b"x" * 14_980_000)
    index = written(pages, tmp_path, downloads={small: "Klein", large: "Groot"})
    text = index.read_text("utf-8")
    assert "(XLSX, 2 kB)" in text
    assert "(PDF, 15,0 MB)" in text
