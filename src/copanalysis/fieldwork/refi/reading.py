"""Reading a REFI-QDA project: from file to tables, whole or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from lxml import etree

from copanalysis.errors import CopanalysisError, refuse_if_any
from copanalysis.fieldwork.coding import CodedProject, coded_project
from copanalysis.fieldwork.refi import records
from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.markup import parsed, with_bare_names
from copanalysis.fieldwork.refi.normal_form import count_losses, drop_unkept, normalise_guids
from copanalysis.fieldwork.refi.package import Package, open_package
from copanalysis.fieldwork.refi.profiles import (
    OWN,
    Profile,
    adapt,
    attach_linked_notes,
    profile_of,
)
from copanalysis.fieldwork.refi.references import check_references
from copanalysis.fieldwork.refi.schema import PROJECT
from copanalysis.fieldwork.refi.segments import (
    document_rows,
    located,
    segment_rows,
)
from copanalysis.fieldwork.refi.shape import check_shape
from copanalysis.fieldwork.refi.texts import SourceText, source_text, text_holder


@dataclass(frozen=True)
class Reading:
    """A project with everything that was met on the way to it."""

    project: CodedProject
    profile: Profile
    format: str
    losses: list[dict[str, str | int]]


def read_project(path: Path, *, counting: str | None = None) -> CodedProject:
    """The tables of a REFI-QDA project (.qdpx, or .qde with its sources folder beside it).

    Parameters
    ----------
    path
        The file. Nothing is written to disk, nothing outside it is opened.
    counting
        How positions in texts are counted, such as "utf16-crlf2-nobom"; None decides on the
        tool and on evidence in the file, and says so in ``problems``.

    Returns
    -------
    CodedProject
        ``problems`` holds the warnings and notes; what no table keeps is in :func:`losses`.

    Raises
    ------
    CopanalysisError
        With every error found, each with its element path: no REFI-QDA project, hostile or
        damaged archive, an element that cannot be read, a GUID used twice, a coding that points
        to no code, a selection outside its text, a text that is not there, or positions whose
        way of counting cannot be told.
    """
    return load(path, counting=counting).project


def losses(path: Path) -> pd.DataFrame:
    """What a project holds and the tables do not keep: element, count, what."""
    rows = load(path).losses
    return pd.DataFrame(rows, columns=["element", "count", "what"]).astype(
        {"element": "string", "count": "int64", "what": "string"}
    )


def load(path: Path, *, counting: str | None = None) -> Reading:
    """Read a project together with its profile and losses."""
    package = open_package(path)
    findings = Findings(package.where)
    root = parsed(package.xml, where=package.where)
    if with_bare_names(root, findings) != "project":
        raise CopanalysisError(
            f"{package.where} is a codebook, not a project. Read it with read_codebook."
        )
    profile = profile_of(root.get("origin", ""))
    summary = f"{package.where} cannot be read as a project"
    _normalise(root, profile, findings)
    refuse_if_any(summary, findings.problems())
    texts = _texts(root, package, profile, findings)
    refuse_if_any(summary, findings.problems())
    crlf = b"\r\n" in package.xml
    found = located(root, texts, profile, findings, counting=counting, crlf_in_xml=crlf)
    refuse_if_any(summary, findings.problems())
    _note_habits(root, findings)
    count_losses(root, findings)
    project = coded_project(
        root.get("name") or Path(path).stem,
        origin=root.get("origin", ""),
        problems=findings.problems(),
        documents=document_rows(root, texts),
        codes=list(records.code_rows(root.find("./CodeBook/Codes"))),
        coders=records.coder_rows(root),
        segments=segment_rows(root, texts, found),
        memos=records.memo_rows(root, texts),
        cases=records.case_rows(root),
        case_sources=records.case_source_rows(root),
        variables=records.variable_rows(root),
        values=records.value_rows(root),
        carried=records.carried_rows(root),
    )
    return Reading(project, profile, package.format, findings.losses())


def _normalise(root: etree._Element, profile: Profile, findings: Findings) -> None:
    check_shape(root, PROJECT, findings)
    normalise_guids(root)
    adapt(root, profile, findings)
    drop_unkept(root, findings)
    attach_linked_notes(root, findings)
    check_references(root, findings)


def _texts(
    root: etree._Element, package: Package, profile: Profile, findings: Findings
) -> dict[str, SourceText]:
    """The text of every source and note by its GUID; a source without text has an empty one."""
    holders = {s.get("guid"): text_holder(s) for s in root.findall("./Sources/*")}
    holders |= {note.get("guid"): note for note in root.findall("./Notes/Note")}
    keep_bom = profile.name == OWN
    return {
        guid: SourceText()
        if holder is None
        else source_text(holder, package, findings, keep_bom=keep_bom)
        for guid, holder in holders.items()
    }


def _note_habits(root: etree._Element, findings: Findings) -> None:
    """Things that are no fault, but surprise who counts sources or segments."""
    names = Counter(source.get("name", "") for source in root.findall("./Sources/*"))
    for name, count in names.items():
        if count > 1:
            findings.add(
                "Sources",
                f"{count} sources named {name!r}",
                "a name of its own for each source",
                "tell them apart by their GUID",
                "note",
            )
    comments = root.xpath(".//Sources//PlainTextSelection[not(Coding)]")
    if comments:
        findings.add(
            "Sources",
            f"{len(comments)} selections without a code (comments, passages of cases)",
            "a code on each selection",
            "nothing to do; they are segments with an empty code",
            "note",
        )
