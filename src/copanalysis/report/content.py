"""An executed notebook as the content of a page: its prose and outputs, headings in order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import mistune
from lxml import html

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.cleaning import (
    Element,
    link_target,
    make_ids_unique,
    mend_tables,
    parsed,
    unused,
    written,
)
from copanalysis.report.markup import data_uri, escape, slug, tag

MANIFEST = "application/vnd.copanalysis.manifest+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
RESERVED = ("main", "contents")
NO_ALT = "Afbeelding zonder beschrijving"
BANNER = "synthetic"  # class of the note that a chapter shows in the notebook itself


@dataclass(frozen=True)
class Heading:
    """A heading of a page: its level (2 and deeper), id and text."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Content:
    """What a page holds. ``objects`` are its tables and figures: id and caption."""

    title: str
    html: str
    headings: tuple[Heading, ...]
    objects: tuple[tuple[str, str], ...] = ()
    ids: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
