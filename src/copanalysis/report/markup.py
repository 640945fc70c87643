"""The pieces of HTML that tables, figures and pages share."""

from __future__ import annotations

import base64
import html
import re
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
STYLES = TEMPLATES / "copanalysis"
SYNTHETIC = "fictieve gegevens"
VOID = frozenset({"br", "img", "meta", "source"})


def escape(text: object) -> str:
    """Text made safe for HTML, in content and in quoted attributes alike."""
    return html.escape(str(text), quote=True)


def tag(name: str, *content: str, **attributes: object) -> str:
    """An HTML element. ``content`` is markup; attribute values are text and get escaped.

    An attribute that is None is left out, True stands without a value; underscores become
    hyphens and one at the end is dropped (``class_``, ``aria_label``).
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return f"<{name}{written}>"
    return f"<{name}{written}>{''.join(content)}</{name}>"


def data_uri(mime: str, data: bytes) -> str:
    """The data as a URI that needs no request."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def slug(text: str) -> str:
    """Text as an id: lower case, words joined by hyphens, letters with accents kept."""
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")


def sentence(label: str, text: str, *, addition: str = "") -> str:
    """A paragraph "Label: text." for under a table or a figure, with one full stop."""
    body = text.strip().removeprefix(f"{label}:").strip().rstrip(".")
    body = re.sub(r"\bn = (?=\d)", "n\u00a0=\u00a0", body)
    extra = f" ({escape(addition)})" if addition else ""
    return tag("p", tag("b", f"{escape(label)}:"), f" {escape(body)}{extra}.")


def source_line(source: str, *, synthetic: bool) -> str:
    """The source as a paragraph, which says so when the data are synthetic."""
    return sentence("Bron", source, addition=SYNTHETIC if synthetic else "")


@cache
def stylesheet(name: str) -> str:
    """A style sheet of this package, without its comments and indents."""
    text = (STYLES / name).read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def notebook_style() -> str:
    """The style element that shows tables and figures in JupyterLab as the report does.

    A chapter displays it once; the exporter leaves style elements in outputs out of the page.
    """
    return tag("style", stylesheet("objects.css"))
