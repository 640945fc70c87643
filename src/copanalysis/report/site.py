"""The site: every executed notebook a page, an index over them, written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from copanalysis.report.content import Content
from copanalysis.report.coverage import coverage_content
from copanalysis.report.downloads import write_downloads
from copanalysis.report.markup import escape, slug, tag
from copanalysis.report.numbers import show
from copanalysis.report.publication import Publication, SitePage, gathered, gathered_run
from copanalysis.report.search import search_content
from copanalysis.report.shell import page_html
from copanalysis.report.staleness import in_general, stale_note
from copanalysis.study.plan import Study

INDEX, SEARCH, COVERAGE = "index", "zoeken", "coverage"
CHAPTERS = "Hoofdstukken"  # the part of pages that name none
MANY = 8  # pages of a part from which the index sets them in columns


def write_site(
    pages: Sequence[SitePage],
    *,
    out: Path,
    site_title: str,
    synthetic: bool,
    downloads: Mapping[Path, str] | None = None,
) -> Path:
    """Write the pages, an index and their data files to the folder ``out``; see `published`."""
    whole = gathered(pages, title=site_title, synthetic=synthetic)
    return published(whole, out=out, downloads=downloads or {})


def published(whole: Publication, *, out: Path, downloads: Mapping[Path, str]) -> Path:
    """Write the site of a publication to the folder ``out``.

    Everything is made beside ``out`` and put in its place in one move: a run that fails leaves
    what was there. ``downloads`` are files of the whole report, with the words that the index
    calls them by; they are copied along.

    Returns
    -------
    Path
        The index page.
    """
    menu = [
        {"title": p.title, "url": p.url, "part": p.part or CHAPTERS, "variant": bool(p.variant_of)}
        for p in whole.pages
    ]
    site = {"site_title": whole.title, "synthetic": whole.synthetic, "pages": menu}
    site["search"] = f"{SEARCH}.html"
    own = {INDEX: _index(whole, downloads), SEARCH: search_content(whole)}
    if whole.coverage:
        own[COVERAGE] = coverage_content(whole)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".site-") as temporary:
        made = Path(temporary) / "new"
        made.mkdir()
        for name, content in {**whole.contents, **own}.items():
            text = page_html(content, site={**site, "current": f"{name}.html"})
            (made / f"{name}.html").write_text(text, encoding="utf-8")
        for path, place in _files(whole.pages, downloads):
            (made / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, made / place)
        _put_in_place(made, out, Path(temporary) / "old")
    return out / f"{INDEX}.html"


def publish(
    study: Study,
    *,
    fresh: bool,
    kinds: Collection[str] = (),
    only: Collection[str] = (),
    told: Callable[[str], None] = print,
) -> Path:
    """Write reports/site from what stands in reports/notebooks and reports/pages.

    ``fresh`` takes the pages of study.toml, all of them; see `gathered_run`. ``kinds`` are the
    files to make in reports/downloads, of the whole report or of the pages in ``only``; see
    `write_downloads`. Those of the whole report stand in the site too.
    """
    whole, reports = gathered_run(study, fresh=fresh), study.root / "reports"
    pages = [page for page in whole.pages if page.name in only]
    downloads = write_downloads(whole, reports / "downloads", kinds=kinds, pages=pages, told=told)
    return published(whole, out=reports / "site", downloads=downloads)


def _index(whole: Publication, downloads: Mapping[Path, str]) -> Content:
    """Downloads of the whole report, then the pages by part."""
    parts = [tag("p", escape(whole.subtitle), class_="lead")] if whole.subtitle else []
    if whole.data_date:
        parts.append(tag("p", f"Gegevens tot en met {show(whole.data_date, 'date')}."))
    if downloads:
        items = [tag("li", _download(path, words)) for path, words in downloads.items()]
        parts += [tag("h2", "Het hele rapport", id="downloads"), tag("ul", *items)]
    if whole.coverage:
        link = tag("a", "Waar elk onderdeel van het rapport terugkomt", href=f"{COVERAGE}.html")
        parts.append(tag("p", link))
    for part, pages in _by_part(whole.chapters):
        entries = [_entry(page, whole) for page in pages]
        style = "chapters many" if len(pages) > MANY else "chapters"
        parts.append(tag("h2", escape(part), id=f"deel-{slug(part)}"))
        parts.append(tag("ul", *entries, class_=style))
    return Content(whole.title, escape(whole.title), "\n".join(parts), headings=())


def _by_part(pages: Sequence[SitePage]) -> list[tuple[str, list[SitePage]]]:
    """The pages under their headings, in the order of the report."""
    return [(part, list(own)) for part, own in groupby(pages, lambda p: p.part or CHAPTERS)]


def _download(path: Path, words: str) -> str:
    link = tag("a", escape(words), href=f"downloads/{path.name}", download=True)
    return f"{link} ({path.suffix[1:].upper()}, {_size(path.stat().st_size)})"


def _size(size: int) -> str:
    """A number of bytes in kB, or in MB where that is shorter."""
    small = size < 1_000_000
    number = (
        show(max(1, round(size / 1000)), "count")
        if small
        else show(size / 1e6, "number", decimals=1)
    )
    return f"{number} {'kB' if small else 'MB'}"


def _entry(page: SitePage, whole: Publication) -> str:
    """One page in the index: its tables and figures with their data, and its variants."""
    files = {f"tab-{path.stem}": path for path in page.data}
    parts = [
        tag("li", tag("a", escape(caption), href=f"{page.url}#{id}"), _csv(page, files.get(id)))
        for id, caption in whole.contents[page.name].objects
    ]
    variants = [
        tag("li", tag("a", escape(other.title), href=other.url))
        for other in whole.pages
        if other.variant_of == page.name
    ]
    return tag(
        "li",
        tag("h3", tag("a", escape(page.title), href=page.url)),
        tag("p", escape(stale_note(in_general(page.stale))), class_="stale") if page.stale else "",
        _fold("Tabellen en figuren", parts),
        _fold("Varianten", variants),
    )


def _csv(page: SitePage, path: Path | None) -> str:
    return "" if path is None else " " + tag("a", "CSV", href=f"data/{page.name}/{path.name}")


def _fold(title: str, items: list[str]) -> str:
    summary = tag("summary", f"{escape(title)}: {len(items)}")
    return tag("details", summary, tag("ul", *items)) if items else ""


def _files(pages: Sequence[SitePage], downloads: Mapping[Path, str]) -> Iterator[tuple[Path, str]]:
    """Files that go along, with their places in the site."""
    yield from ((path, f"downloads/{path.name}") for path in downloads)
    for page in pages:
        yield from ((path, f"data/{page.name}/{path.name}") for path in page.data)


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
