"""REFI-QDA codebooks (.qdc): codes and the sets they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from lxml import etree

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.fieldwork.coding import coded_project
from copanalysis.fieldwork.refi.building import build_codes
from copanalysis.fieldwork.refi.checks import table_problems
from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.markup import parsed, text_of, with_bare_names
from copanalysis.fieldwork.refi.normal_form import normal_guid
from copanalysis.fieldwork.refi.package import open_package
from copanalysis.fieldwork.refi.profiles import OWN
from copanalysis.fieldwork.refi.records import code_rows
from copanalysis.fieldwork.refi.schema import CODEBOOK
from copanalysis.fieldwork.refi.shape import check_shape
from copanalysis.fieldwork.refi.writing import put_in_place, serialised

CODEBOOK_SPACE = "urn:QDA-XML:codebook:1.0"
SET_COLUMNS = ["set", "name", "description", "code"]


@dataclass(frozen=True, eq=False)
class Codebook:
    """A codebook: ``codes`` as in a CodedProject; ``sets`` has one row per set and code in it.

    ``sets`` has the columns set (GUID), name, description, code ("" for a set without codes).
    """

    codes: pd.DataFrame
    sets: pd.DataFrame
    origin: str
    problems: tuple[Problem, ...]
    losses: list[dict[str, str | int]]


def read_codebook(path: Path) -> Codebook:
    """The codes and sets of a .qdc file.

    Raises CopanalysisError when it is no codebook, or with every code that cannot be read or
    whose GUID stands twice. A member of a set that is no code is left out, with a warning.
    """
    package = open_package(path)
    findings = Findings(package.where)
    root = parsed(package.xml, where=package.where)
    if with_bare_names(root, findings) != "codebook":
        raise CopanalysisError(f"{package.where} is a project. Read it with read_project.")
    check_shape(root, CODEBOOK, findings)
    for element in root.iter():
        if element.get("guid") is not None:
            element.set("guid", normal_guid(element.get("guid")))
    _check_codes(root, findings)
    refuse_if_any(f"{package.where} cannot be read as a codebook", findings.problems())
    project = coded_project("", codes=list(code_rows(root.find("Codes"))))
    return Codebook(
        codes=project.codes,
        sets=_sets(root),
        origin=root.get("origin", ""),
        problems=findings.problems(),
        losses=findings.losses(),
    )


def write_codebook(codes: pd.DataFrame, path: Path, *, sets: pd.DataFrame | None = None) -> None:
    """Write codes (and sets) as a .qdc file, the same bytes for the same tables.

    Raises CopanalysisError with every reason why not; no file is then made or changed.
    """
    path = Path(path)
    if path.suffix.lower() != ".qdc":
        raise CopanalysisError(f"A codebook is written as .qdc; {path.name} is not.")
    if codes.empty:
        raise CopanalysisError("A codebook without codes cannot be written as .qdc.")
    project = coded_project("", codes=codes)
    refuse_if_any(f"{path.name} cannot be written", table_problems(project))
    root = etree.Element("CodeBook", origin=OWN)
    build_codes(etree.SubElement(root, "Codes"), project, {})
    if sets is not None and not sets.empty:
        _build_sets(root, sets)
    findings = Findings(path.name)
    _check_codes(root, findings)
    refuse_if_any(f"{path.name} cannot be written", [_as_error(p) for p in findings.problems()])
    put_in_place(path, serialised(root, CODEBOOK, CODEBOOK_SPACE, findings))


def _check_codes(root: etree._Element, findings: Findings) -> None:
    codes: dict[str, etree._Element] = {}
    for code in root.iter("Code"):
        first = codes.setdefault(code.get("guid", ""), code)
        if first is not code:
            findings.add(
                code,
                f"the GUID {code.get('guid')}, also of {findings.where(first)}",
                "a GUID of its own for each code",
                "correct it in the analysis tool; it cannot be told which one is meant",
                "error",
            )
    for member in root.findall("./Sets/Set/MemberCode"):
        if member.get("guid", "") not in codes:
            findings.add(
                member,
                f"guid {member.get('guid', '')!r}, which no code has",
                "the GUID of a code of this codebook",
                "nothing to do; it points to nothing and is left out",
            )
            member.getparent().remove(member)


def _sets(root: etree._Element) -> pd.DataFrame:
    rows = [
        {
            "set": group.get("guid", ""),
            "name": group.get("name", ""),
            "description": text_of(group.find("Description")),
            "code": code,
        }
        for group in root.findall("./Sets/Set")
        for code in [m.get("guid") for m in group.findall("MemberCode")] or [""]
    ]
    return pd.DataFrame(rows, columns=SET_COLUMNS).astype("string")


def _build_sets(root: etree._Element, sets: pd.DataFrame) -> None:
    if list(sets.columns) != SET_COLUMNS:
        raise CopanalysisError(f"Sets need the columns {SET_COLUMNS}, not {list(sets.columns)}.")
    holder = etree.SubElement(root, "Sets")
    for (guid, name, description), rows in sets.groupby(SET_COLUMNS[:3], sort=False):
        group = etree.SubElement(holder, "Set", guid=guid, name=name)
        if description:
            etree.SubElement(group, "Description").text = description
        for code in rows.loc[rows["code"] != "", "code"]:
            etree.SubElement(group, "MemberCode", guid=code)


def _as_error(problem: Problem) -> Problem:
    return Problem(problem.where, problem.found, problem.expected, problem.fix, "error")
