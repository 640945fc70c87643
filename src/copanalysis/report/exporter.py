"""The nbconvert exporter "copanalysis": an executed notebook as one accessible Dutch page."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode
from traitlets import Bool, default

from copanalysis.report.content import page_content
from copanalysis.report.markup import TEMPLATES
from copanalysis.report.shell import page_html


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

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook node; see the class."""
        # The two classes between render with BeautifulSoup and highlight code: not needed here.
        notebook, resources = Exporter.from_notebook_node(self, nb, resources, **kw)
        name = resources.get("metadata", {}).get("name") or "Notebook"
        content = page_content(notebook, name=name, show_code=self.show_code)
        resources["copanalysis_content"] = content
        site = resources.get("copanalysis", {})
        return page_html(content, site=site, template=self.template), resources
