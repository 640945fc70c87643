"""Pages of the report: which notebook, with which parameters, makes which page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from copanalysis.errors import CopanalysisError
from copanalysis.study.usage import note

if TYPE_CHECKING:
    from copanalysis.study.plan import Study
    from copanalysis.study.settings import Project

Value = str | int | float | bool


@dataclass(frozen=True)
class Page:
    """One page: its id (file name), notebook, chapter number, title in the menu, parameters.

    ``part`` is the heading that it stands under in the menu, "" for the chapters.
    """

    id: str
    notebook: str
    chapter: str
    title: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    variant: bool = False
    part: str = ""


def report_pages(study: Study | Project, *, notebook: str = "") -> tuple[Page, ...]:
    """The pages of study.toml, in the order of the report: all, or those of one notebook (whose
    result then follows from those alone)."""
    if not notebook:
        return tuple(Page(**page) for page in study.settings["pages"])
    note(f"study.toml#pages.{notebook}")
    blocks = dict.__getitem__(study.settings, "pages")  # not noted as all pages
    return tuple(Page(**page) for page in blocks if page["notebook"] == notebook)


def page_links(study: Study, *, notebook: str) -> str:
    """The pages of one notebook as a list of links in Markdown, by their titles."""
    own = report_pages(study, notebook=notebook)
    return "\n".join(f"- [{page.title}]({page.id}.html)" for page in own)


def page_of(study: Study | Project, notebook: str, parameters: Mapping[str, Value]) -> Page:
    """The page that a notebook makes with these parameters.

    Parameters as study.toml states them give that page; others give a variant whose id names
    the parameters that differ ("chapter_4_outcomes--cop-amsterdam"), so that a rerun with
    other parameters never overwrites the report's own page.
    """
    own = report_pages(study, notebook=notebook)
    if not own:
        raise CopanalysisError(
            f"Notebook {notebook!r} makes no page: add it to [[pages]] in study.toml."
        )
    given = _as_stated(parameters, own[0])
    for page in own:
        if dict(page.parameters) == given:
            return replace(page, parameters=given)
    nearest = max(own, key=lambda page: _shared(page.parameters, given))
    differs = {n: v for n, v in given.items() if nearest.parameters.get(n) != v}
    suffix = "-".join(_slug(f"{name}-{value}") for name, value in differs.items())
    return Page(f"{nearest.id}--{suffix}", notebook, nearest.chapter, "", given, variant=True)


def _as_stated(parameters: Mapping[str, Value], page: Page) -> dict[str, Value]:
    """The parameters with the types of study.toml: papermill's -p reads wave 3 as a number."""
    unknown = sorted(set(parameters) ^ set(page.parameters))
    if unknown:
        raise CopanalysisError(
            f"Notebook {page.notebook!r} and its page in study.toml differ in their "
            f"parameters: {', '.join(unknown)}."
        )
    return {name: type(page.parameters[name])(value) for name, value in parameters.items()}


def _shared(first: Mapping[str, Value], second: Mapping[str, Value]) -> int:
    return sum(second.get(name) == value for name, value in first.items())


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-")
