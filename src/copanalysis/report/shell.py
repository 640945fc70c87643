"""The shell that every page of a site has: menu, contents, style, where it comes from."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template

from copanalysis.report.content import Content
from copanalysis.report.markup import TEMPLATES, stylesheet
from copanalysis.report.provenance import provenance_html
from copanalysis.report.search import search_script

SITE_TITLE = "Evaluatierapport"
TOC_LEVELS = (2, 3)
LANGUAGE = "nl"


def page_html(
    content: Content, *, site: Mapping[str, Any], template: Template | None = None
) -> str:
    """Content in the shell that every page of the site has; ``site`` is as in `ReportExporter`,
    ``template`` another than our own."""
    style = f"{stylesheet('style.css')}\n{stylesheet('objects.css')}"
    script = search_script() if "search" in site else ""
    pages, current = _menu(site), site.get("current", "")
    return (template or _template()).render(
        content=content,
        toc=[heading for heading in content.headings if heading.level in TOC_LEVELS],
        site_title=site.get("site_title") or SITE_TITLE,
        synthetic=bool(site.get("synthetic")) or content.synthetic,
        current=current,
        menu=[(part, list(own)) for part, own in groupby(pages, lambda p: p.get("part", ""))],
        neighbours=_neighbours(pages, current),
        search=site.get("search", ""),
        script=script,
        provenance=provenance_html(content.manifest) if content.manifest else "",
        style=style,
        policy=_policy(style, script),
        language=LANGUAGE,
    )


@cache
def _template() -> Template:
    folder = FileSystemLoader(TEMPLATES / "copanalysis")
    return Environment(loader=folder).get_template("index.html.j2")


def _menu(site: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The pages of the site without variants."""
    return [page for page in site.get("pages", ()) if not page.get("variant")]


def _neighbours(
    menu: Sequence[Mapping[str, Any]], current: str
) -> list[tuple[str, Mapping[str, Any]]]:
    """The pages before and after this one, with the word that says which."""
    urls = [page["url"] for page in menu]
    if current not in urls:
        return []
    place = urls.index(current)
    before = [("Vorige", menu[place - 1])] if place > 0 else []
    after = [("Volgende", menu[place + 1])] if place + 1 < len(menu) else []
    return before + after


def _policy(style: str, script: str) -> str:
    """A content security policy: this one style sheet and script, and embedded images."""
    scripts = f"script-src {_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {_hash(style)}; {scripts}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
