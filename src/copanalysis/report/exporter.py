"""The nbconvert exporter "copanalysis": an executed notebook as one accessible Dutch page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode
from traitlets import Bool, default

from copanalysis.report.content import Content, page_content
from copanalysis.report.markup import TEMPLATES, stylesheet
from copanalysis.report.provenance import provenance_html
from copanalysis.report.search import search_script

SITE_TITLE = "Evaluatierapport"
TOC_LEVELS = (2, 3)


class ReportExporter(HTMLExporter):
    """Notebook to HTML: one file, no JavaScript, no request, no code, no notebook metadata.

    In JupyterLab under "Save and Export Notebook As", and as ``jupyter nbconvert --to
    copanalysis``. ``resources["copanalysis"]`` may hold the site that the page belongs to: a
    mapping with ``site_title``, ``synthetic``, ``current`` (the url of this page), ``pages``, a
    list of mappings with ``title``, ``url``, ``part`` (the heading in the menu) and, for
    variants that the menu leaves out, ``variant``, and ``search`` (the url of the page that
    shows what is found, "" for this page) when there is a search.

    ``resources["copanalysis_content"]`` holds the `Content` afterwards. The same notebook gives
    the same bytes.

    Raises
    ------
    CopanalysisError
        When a cell ended in an error, or a chapter is not whole; see `page_content`.
    """

    export_from_notebook = "Rapportpagina (copanalysis)"
    show_code = Bool(False, help="Show the code of each cell in a fold.").tag(config=True)

    @default("template_name")
    def _template_name_default(self) -> str:
        return "copanalysis"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("language_code")
    def _language_code_default(self) -> str:
        return "nl"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook node; see the class."""
        # The two classes between render with BeautifulSoup and highlight code: not needed here.
        notebook, resources = Exporter.from_notebook_node(self, nb, resources, **kw)
        name = resources.get("metadata", {}).get("name") or "Notebook"
        content = page_content(notebook, name=name, show_code=self.show_code)
        resources["copanalysis_content"] = content
        return self.page(content, site=resources.get("copanalysis", {})), resources

    def page(self, content: Content, *, site: Mapping[str, Any]) -> str:
        """Content in the shell that every page of the site has."""
        style = f"{stylesheet('style.css')}\n{stylesheet('objects.css')}"
        script = search_script() if "search" in site else ""
        pages, current = _menu(site), site.get("current", "")
        return self.template.render(
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
            language=self.language_code,
        )


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
