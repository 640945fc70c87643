"""The questionnaire behind an export, as its tool saves it: what each column can be."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.survey.export import Column


@dataclass(frozen=True)
class Structure:
    """A questionnaire file.

    ``columns`` are templates in the order of the questionnaire, named as the tool names them
    ("Q4[SQ001]"); ``keys`` gives for each the tool's own identifiers (("678SQ001", "Q678_S91"),
    ("QID4_1",)).
    ``required`` and ``relevance`` (the condition to be asked, "" for always) go by item.
    """

    path: Path
    origin: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...]
    required: Mapping[str, bool]
    relevance: Mapping[str, str]

    def by_key(self) -> dict[str, Column]:
        """The templates by the tool's own identifiers."""
        pairs = zip(self.keys, self.columns, strict=True)
        return {key: column for keys, column in pairs for key in keys}


def plain(text: str) -> str:
    """A text without HTML tags and entities, on one line."""
    text = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text)
    text = re.sub(r"<[^<>]*>", " ", text)
    return re.sub(r"\s+", " ", html.unescape(text)).strip()


def parse_xml(data: bytes, *, where: str) -> etree._Element:
    """The root of an XML file; nothing in it is expanded, fetched or opened.

    Raises CopanalysisError for XML that is not well-formed and for a document type (DOCTYPE),
    which these files never have.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise CopanalysisError(
            f"{where} is no well-formed XML (line {error.lineno}): it is damaged, cut short or "
            "another kind of file. Export it again from the survey tool."
        ) from error
    if root.getroottree().docinfo.doctype:
        raise CopanalysisError(
            f"{where} declares a document type (DOCTYPE), which LimeSurvey never writes. It is "
            "refused; export the survey structure again."
        )
    return root


def other_survey(structure: Structure, *, where: str) -> Problem:
    """The warning that a questionnaire file has no column in common with the export."""
    return Problem(
        f"{where} and {structure.path.name}",
        "an export and a questionnaire without a question in common",
        "the questionnaire of this very survey",
        "put the right questionnaire file next to the export; this one was not used",
        "warning",
    )
