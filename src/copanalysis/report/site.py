"""The site: every executed notebook a page, an index over them, written whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.content import Content, page_content
from copanalysis.report.exporter import ReportExporter
from copanalysis.report.markup import escape, tag
from copanalysis.report.pages import report_pages
from copanalysis.study.plan import Study

INDEX = "index"
NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class SitePage:
    """One page: its name (of the file), the executed notebook, and what belongs to it.

    ``title`` is the first heading of the notebook when left empty. ``variant_of`` names the
    page that this one is a variant of; variants stand in the index, not in the menu. ``data``
    are CSV files that go along.
    """

    name: str
    notebook: Path
    title: str = ""
    variant_of: str = ""
    data: tuple[Path, ...] = ()

    @property
    def url(self) -> str:
        """The address of the page within the site."""
        return f"{self.name}.html"


def write_site(pages: Sequence[SitePage], *, out: Path, site_title: str, synthetic: bool) -> Path:
    """Write the pages, an index and their data files to the folder ``out``.

    Everything is made beside ``out`` and put in its place in one move: a run that fails leaves
    what was there.

    Parameters
    ----------
    pages
        In the order of the report.
    synthetic
        Whether the data are synthetic: then every page says so. A page whose own manifest says
        so does in any case.

    Returns
    -------
    Path
        The index page.

    Raises
    ------
    CopanalysisError
        For names that cannot be file names or occur twice, notebooks or data files that are
        not there, chapters that are not whole, and links to pages or parts that do not exist.
    """
    refuse_if_any("The site cannot be written", _page_problems(pages))
    contents = {page.name: _content(page) for page in pages}
    pages = [replace(page, title=_title(page, contents)) for page in pages]
    refuse_if_any("The site has broken links", _broken_links(pages, contents))
    menu = [{"title": p.title, "url": p.url, "variant": bool(p.variant_of)} for p in pages]
    site = {"site_title": site_title, "synthetic": synthetic, "pages": menu}
    exporter = ReportExporter()
    index = _index(pages, contents, site_title)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".site-") as temporary:
        made = Path(temporary) / "new"
        made.mkdir()
        for name, content in [*contents.items(), (INDEX, index)]:
            text = exporter.page(content, site={**site, "current": f"{name}.html"})
            (made / f"{name}.html").write_text(text, encoding="utf-8")
        _copy_data(pages, made)
        _put_in_place(made, out, Path(temporary) / "old")
    return out / f"{INDEX}.html"


def publish(study: Study, *, fresh: bool) -> Path:
    """Write reports/site from what stands in reports/notebooks and reports/pages.

    ``fresh`` takes the pages of study.toml, all of them. Without it the pages that have been
    made so far are taken, and the variants with them.

    Raises
    ------
    CopanalysisError
        As `write_site`; also when pages were made from different raw folders, because one
        site may not mix synthetic and real data.
    """
    notebooks, folder = study.root / "reports" / "notebooks", study.root / "reports" / "pages"
    titles = {page.id: page.title for page in report_pages(study)}
    names = list(titles)
    made = [SitePage(n, notebooks / f"{n}.ipynb", title=title) for n, title in titles.items()]
    if not fresh:
        made = [page for page in (*made, *_variants(notebooks, names)) if page.notebook.is_file()]
    made = [replace(page, data=_csv_files(folder / page.name)) for page in made]
    manifests = {page.name: _manifest(folder / page.name) for page in made}
    refuse_if_any("The site cannot be written", _mixed(manifests))
    settings = study.settings["study"]
    return write_site(
        made,
        out=study.root / "reports" / "site",
        site_title=settings["title"],
        synthetic=any(manifest.get("synthetic") for manifest in manifests.values()),
    )


def _variants(notebooks: Path, names: Sequence[str]) -> list[SitePage]:
    """Executed notebooks named after a page and the parameters that differ from it."""
    paths = {path: path.stem.rpartition("--")[0] for path in sorted(notebooks.glob("*--*.ipynb"))}
    return [
        SitePage(path.stem, path, variant_of=page)
        for path, page in paths.items()
        if page in names and path.stem not in names and NAME.fullmatch(path.stem)
    ]


def _csv_files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted((folder / "tables").glob("*.csv")))


def _manifest(folder: Path) -> Mapping[str, Any]:
    path = folder / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _mixed(manifests: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    sources = {name: m["raw"] for name, m in manifests.items() if m.get("raw")}
    if len(set(sources.values())) < 2:
        return []
    found = ", ".join(f"{name} from {raw}" for name, raw in sources.items())
    fix = "run copanalysis report once for all pages"
    return [Problem("reports/pages", found, "pages from one raw folder", fix)]


def _page_problems(pages: Sequence[SitePage]) -> Iterator[Problem]:
    names = [page.name for page in pages]
    if not pages:
        yield Problem("site", "no pages", "at least one", "run the notebooks first")
    for page in pages:
        if not NAME.fullmatch(page.name) or page.name == INDEX or names.count(page.name) > 1:
            expected = "a name of its own of letters, digits, - and _, not index"
            yield Problem("site", f"page {page.name!r}", expected, "rename the page")
        for path in (page.notebook, *page.data):
            if not path.is_file():
                yield Problem(f"page {page.name!r}", f"no file {path}", "it", "run the notebook")
        if page.variant_of and page.variant_of not in names:
            fix = "publish that page too"
            yield Problem(f"page {page.name!r}", f"no page {page.variant_of!r}", "it", fix)


def _content(page: SitePage) -> Content:
    notebook = nbformat.read(page.notebook, as_version=4)
    return page_content(notebook, name=page.title or page.name)


def _title(page: SitePage, contents: Mapping[str, Content]) -> str:
    """The title given, or that of the notebook; a variant with its page's title adds its own."""
    own = page.title or contents[page.name].title
    if page.variant_of and not page.title and own == contents[page.variant_of].title:
        return f"{own} ({page.name.removeprefix(page.variant_of).strip('-')})"
    return own


def _broken_links(pages: Sequence[SitePage], contents: Mapping[str, Content]) -> Iterator[Problem]:
    known = {page.url: contents[page.name].ids for page in pages} | {f"{INDEX}.html": frozenset()}
    files = {f"data/{page.name}/{path.name}" for page in pages for path in page.data}
    for page in pages:
        for link in contents[page.name].links:
            url, _, part = link.partition("#")
            if url not in files and (url not in known or (part and part not in known[url])):
                fix = "correct the link, or publish the page it leads to"
                yield Problem(f"page {page.name!r}", f"a link to {link}", "a part of the site", fix)


def _index(pages: Sequence[SitePage], contents: Mapping[str, Content], title: str) -> Content:
    entries = [_entry(page, pages, contents) for page in pages if not page.variant_of]
    html = tag("ul", *entries, class_="chapters")
    return Content(title=title, heading=escape(title), html=html, headings=())


def _entry(page: SitePage, pages: Sequence[SitePage], contents: Mapping[str, Content]) -> str:
    """One chapter in the index: its tables and figures, data files and variants."""
    parts = [
        tag("li", tag("a", escape(caption), href=f"{page.url}#{id}"))
        for id, caption in contents[page.name].objects
    ]
    variants = [
        tag("li", tag("a", escape(other.title), href=other.url))
        for other in pages
        if other.variant_of == page.name
    ]
    files = [
        tag("li", tag("a", escape(path.name), href=f"data/{page.name}/{path.name}", download=True))
        for path in page.data
    ]
    return tag(
        "li",
        tag("h2", tag("a", escape(page.title), href=page.url)),
        _fold("Tabellen en figuren", parts),
        tag("p", "Varianten") + tag("ul", *variants) if variants else "",
        _fold("Gegevens (CSV)", files),
    )


def _fold(title: str, items: list[str]) -> str:
    summary = tag("summary", f"{escape(title)}: {len(items)}")
    return tag("details", summary, tag("ul", *items)) if items else ""


def _copy_data(pages: Sequence[SitePage], made: Path) -> None:
    for page in pages:
        folder = made / "data" / page.name
        for path in page.data:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / path.name)


def _put_in_place(made: Path, out: Path, old: Path) -> None:
    """Replace ``out`` by ``made``; when that fails the old one goes back."""
    if out.exists():
        out.replace(old)
    try:
        made.replace(out)
    except OSError:
        if old.exists():
            old.replace(out)
        raise
