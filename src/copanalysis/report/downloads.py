"""Files of a report to take along: one HTML page, Word, PDF, and a workbook with all tables.

What writes them is imported where it is asked for: a report without them need not wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path

from copanalysis.report.publication import Publication, SitePage
from copanalysis.report.shell import page_html
from copanalysis.report.single import chapter_content, whole_content

KINDS = ("html", "docx", "pdf", "xlsx")
REPORT, TABLES = "rapport", "tabellen"
WORDS = {
    "html": "In één bestand, om te lezen zonder internet",
    "pdf": "Om af te drukken",
    "docx": "Voor Word",
    "xlsx": "Alle tabellen, voor een spreadsheet",
}
STAMPS = "made_from.json"


def write_downloads(
    whole: Publication,
    folder: Path,
    *,
    kinds: Collection[str],
    pages: Sequence[SitePage] = (),
    told: Callable[[str], None],
) -> dict[Path, str]:
    """Write the files of some ``kinds`` (of KINDS) to a folder, all from the same publication.

    Without ``pages`` they are of the whole report: rapport.html, rapport.docx, rapport.pdf and
    tabellen.xlsx, and with "html" also a file per chapter. With pages each of these gets its
    own html, docx and pdf. A file that was made from the same pages by the same code stays as
    it is. ``told`` hears what could not be made and why.

    Returns
    -------
    dict[Path, str]
        The files of the whole report, with what they are for.
    """
    if "pdf" in kinds:
        from copanalysis.report.pdf import NO_BROWSER, find_browser

        if find_browser() is None:
            told(NO_BROWSER)
            kinds = [kind for kind in kinds if kind != "pdf"]
    folder.mkdir(parents=True, exist_ok=True)
    stamps = _stamps(folder)
    for path, make in _planned(whole, folder, kinds, pages):
        if stamps.get(path.name) != whole.fingerprint or not path.is_file():
            unfinished = path.with_name(f".{path.name}")
            make(unfinished)
            unfinished.replace(path)
        stamps[path.name] = whole.fingerprint
        (folder / STAMPS).write_text(json.dumps(stamps, indent=1, sort_keys=True) + "\n", "utf-8")
    return current_downloads(whole, folder)


def current_downloads(whole: Publication, folder: Path) -> dict[Path, str]:
    """The files of the whole report in a folder that were made from just these pages."""
    stamps = _stamps(folder)
    paths = {folder / f"{TABLES if k == 'xlsx' else REPORT}.{k}": WORDS[k] for k in WORDS}
    return {
        path: words
        for path, words in paths.items()
        if path.is_file() and stamps.get(path.name) == whole.fingerprint
    }


def single_page(whole: Publication, pages: Sequence[SitePage], *, search: bool = True) -> str:
    """Pages of a publication as one page of HTML that needs no other file."""
    site = {"site_title": whole.title, "synthetic": whole.synthetic}
    if len(pages) == 1:
        content = chapter_content(whole.contents[pages[0].name])
    else:
        content = whole_content(whole, pages)
        site |= {"search": ""} if search else {}
    return page_html(content, site=site)


def _planned(
    whole: Publication, folder: Path, kinds: Collection[str], pages: Sequence[SitePage]
) -> Iterator[tuple[Path, Callable[[Path], object]]]:
    """Each file with the call that makes it."""
    groups = {page.name: [page] for page in pages} or {REPORT: list(whole.chapters)}
    makers = {"html": _write_html, "docx": _write_word, "pdf": _write_pdf}
    for name, own in groups.items():
        for kind in (kind for kind in makers if kind in kinds):
            yield folder / f"{name}.{kind}", partial(makers[kind], whole, own)
    if pages:
        return
    if "html" in kinds:
        for page in whole.chapters:
            yield folder / f"{page.name}.html", partial(_write_html, whole, [page])
    if "xlsx" in kinds:
        yield folder / f"{TABLES}.xlsx", partial(_write_workbook, whole)


def _write_html(whole: Publication, pages: Sequence[SitePage], out: Path) -> None:
    out.write_text(single_page(whole, pages), encoding="utf-8")


def _write_word(whole: Publication, pages: Sequence[SitePage], out: Path) -> None:
    from copanalysis.report.word import write_word

    write_word(whole, pages, out)


def _write_workbook(whole: Publication, out: Path) -> None:
    from copanalysis.report.workbook import write_workbook

    write_workbook(whole, out)


def _write_pdf(whole: Publication, pages: Sequence[SitePage], out: Path) -> None:
    from copanalysis.report.pdf import find_browser, write_pdf

    write_pdf(single_page(whole, pages, search=False), out, browser=str(find_browser()))


def _stamps(folder: Path) -> dict[str, str]:
    """What each file was made from, by its name."""
    path = folder / STAMPS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
