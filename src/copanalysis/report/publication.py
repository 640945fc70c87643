"""What is published: the pages of a run with their content, checked as a whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.report.content import Content
from copanalysis.report.content_store import kept_content
from copanalysis.report.markup import escape
from copanalysis.report.pages import Page, report_pages
from copanalysis.report.record import Record, read_record
from copanalysis.report.references import variant_title
from copanalysis.report.staleness import present
from copanalysis.study.fingerprint import code_hash, combined_hash
from copanalysis.study.plan import Study

RESERVED = ("index", "zoeken", "rapport", "tabellen")
NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class SitePage:
    """One page: its name (of the file), the executed notebook, and what belongs to it.

    ``title`` is the first heading of the notebook when left empty, ``part`` the heading that
    it stands under in the menu ("" for the chapters). ``variant_of`` names the page that this
    one is a variant of; variants stand in the index, not in the menu. ``data`` are CSV files
    that go along, ``folder`` is the page folder that holds its registered objects, ``stale`` tells
    what changed since the page was made. A page whose notebook is ``shared`` with others goes by
    its title, not by the first heading.
    """

    name: str
    notebook: Path
    title: str = ""
    part: str = ""
    variant_of: str = ""
    data: tuple[Path, ...] = ()
    folder: Path | None = None
    stale: tuple[str, ...] = ()
    shared: bool = False

    @property
    def url(self) -> str:
        """The address of the page within the site."""
        return f"{self.name}.html"

    @cached_property
    def record(self) -> Record:
        """The registered tables and figures; none without a folder."""
        return read_record(self.folder) if self.folder else Record()


@dataclass(frozen=True)
class Publication:
    """The pages of one run in the order of the report, and their contents by name.

    ``synthetic`` says that the data are; a content whose own manifest says so is in any case.
    ``coverage`` lists what the report must bring back: item, words, section of the published one.
    """

    title: str
    subtitle: str
    synthetic: bool
    pages: tuple[SitePage, ...]
    contents: Mapping[str, Content]
    coverage: tuple[tuple[str, str, str], ...] = ()

    @property
    def chapters(self) -> tuple[SitePage, ...]:
        """The pages of the report, without variants."""
        return tuple(page for page in self.pages if not page.variant_of)

    @property
    def data_date(self) -> str:
        """The last day of the data behind any page ("" when no page says)."""
        return max((c.manifest.get("data_date") or "" for c in self.contents.values()), default="")

    @cached_property
    def fingerprint(self) -> str:
        """One hash over everything that the pages show and the code that shows it."""
        words = (self.title, self.subtitle, str(self.synthetic), code_hash())
        shown = [
            (page.name, f"{page.title}\n{page.part}\n{content.heading}\n{content.html}")
            for page in self.pages
            for content in [self.contents[page.name]]
        ]
        hashes = ((name, hashlib.sha256(text.encode()).hexdigest()) for name, text in shown)
        return combined_hash([*((word, "") for word in words), *hashes])


def gathered(
    pages: Sequence[SitePage],
    *,
    title: str,
    synthetic: bool,
    subtitle: str = "",
    awaited: Collection[str] = (),
) -> Publication:
    """Read the pages and check them as a whole.

    ``awaited`` are names of pages that are still to be made; links may lead to them.

    Raises
    ------
    CopanalysisError
        For names that cannot be file names or occur twice, notebooks or data files that are
        not there, chapters that are not whole, and links to pages or parts that do not exist.
    """
    refuse_if_any("The site cannot be written", _page_problems(pages))
    code = code_hash()
    contents = {page.name: kept_content(page.notebook, code=code) for page in pages}
    titled = tuple(replace(page, title=_title(page, contents)) for page in pages)
    refuse_if_any("The site has broken links", _broken_links(titled, contents, awaited))
    return Publication(title, subtitle, synthetic, titled, _told_apart(titled, contents))


def _told_apart(pages: Sequence[SitePage], contents: Mapping[str, Content]) -> dict[str, Content]:
    """Contents by page; those of one notebook, under one heading or under none go by the title
    of their page."""
    times = Counter(content.title for content in contents.values())
    return {
        page.name: replace(content, title=page.title, heading=escape(page.title))
        if page.shared or times[content.title] > 1 or content.title == page.notebook.stem
        else content
        for page in pages
        for content in [contents[page.name]]
    }


def gathered_run(study: Study, *, fresh: bool) -> Publication:
    """The pages that stand in reports/notebooks and reports/pages.

    ``fresh`` takes the pages of study.toml, all of them. Without it the pages that have been
    made so far are taken, and the variants with them.

    Raises
    ------
    CopanalysisError
        As `gathered`; also when pages were made from different raw folders, because one
        publication may not mix synthetic and real data.
    """
    folder, planned = study.root / "reports" / "pages", report_pages(study)
    found = _found_pages(study, planned, fresh=fresh)
    manifests = {page.name: _manifest(folder / page.name) for page in found}
    own, now = {page.id: page for page in planned}, present(study.root)
    made = [
        replace(
            page,
            title=_variant_title(own[page.variant_of], manifest, study=study)
            if page.variant_of
            else page.title,
            data=_csv_files(folder / page.name),
            folder=folder / page.name,
            stale=tuple(now.changes(manifest)),
        )
        for page, manifest in zip(found, manifests.values(), strict=True)
    ]
    refuse_if_any("The site cannot be written", _mixed(manifests))
    settings = study.settings["study"]
    whole = gathered(
        made,
        title=settings["title"],
        subtitle=settings.get("subtitle", ""),
        synthetic=any(manifest.get("synthetic") for manifest in manifests.values()),
        awaited=() if fresh else [page.id for page in planned],
    )
    items = study.table("coverage.csv").itertuples(index=False, name=None)
    return replace(whole, coverage=tuple(items))


def _found_pages(study: Study, planned: Sequence[Page], *, fresh: bool) -> list[SitePage]:
    """The pages that are to be there, or with their variants those that are."""
    notebooks = study.root / "reports" / "notebooks"
    times = Counter(page.notebook for page in planned)
    pages = [
        SitePage(
            page.id,
            notebooks / f"{page.id}.ipynb",
            title=page.title,
            part=page.part,
            shared=times[page.notebook] > 1,
        )
        for page in planned
    ]
    if fresh:
        return pages
    variants = _variants(notebooks, [page.id for page in planned])
    return [page for page in (*pages, *variants) if page.notebook.is_file()]


def _variant_title(page: Page, manifest: Mapping[str, Any], *, study: Study) -> str:
    """What a variant is called; "" when it was made with what the study no longer knows."""
    given = manifest.get("parameters")
    if not given or not page.title or set(given) != set(page.parameters):
        return ""
    try:
        return variant_title(page, given, study=study)
    except CopanalysisError:
        return ""


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
        if not NAME.fullmatch(page.name) or page.name in RESERVED or names.count(page.name) > 1:
            expected = f"a name of its own of letters, digits, - and _, none of {RESERVED}"
            yield Problem("site", f"page {page.name!r}", expected, "rename the page")
        for path in (page.notebook, *page.data):
            if not path.is_file():
                yield Problem(f"page {page.name!r}", f"no file {path}", "it", "run the notebook")
        if page.variant_of and page.variant_of not in names:
            fix = "publish that page too"
            yield Problem(f"page {page.name!r}", f"no page {page.variant_of!r}", "it", fix)


def _title(page: SitePage, contents: Mapping[str, Content]) -> str:
    """The title given, or that of the notebook; a variant with its page's title adds its own."""
    own = page.title or contents[page.name].title
    if page.variant_of and not page.title and own == contents[page.variant_of].title:
        return f"{own} ({page.name.removeprefix(page.variant_of).strip('-')})"
    return own


def _broken_links(
    pages: Sequence[SitePage], contents: Mapping[str, Content], awaited: Collection[str]
) -> Iterator[Problem]:
    known = {page.url: contents[page.name].ids for page in pages} | {"index.html": frozenset()}
    coming = {f"{name}.html" for name in awaited} - set(known)
    files = {f"data/{page.name}/{path.name}" for page in pages for path in page.data}
    for page in pages:
        for link in contents[page.name].links:
            url, _, part = link.partition("#")
            if url in coming:
                continue
            if url not in files and (url not in known or (part and part not in known[url])):
                fix = "correct the link, or publish the page it leads to"
                yield Problem(f"page {page.name!r}", f"a link to {link}", "a part of the site", fix)
