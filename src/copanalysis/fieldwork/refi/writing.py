"""Writing a REFI-QDA project: checked, the same bytes each time, whole or not at all."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.fieldwork.coding import CodedProject
from copanalysis.fieldwork.refi.building import project_tree
from copanalysis.fieldwork.refi.checks import table_problems
from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.markup import parsed
from copanalysis.fieldwork.refi.package import SOURCES
from copanalysis.fieldwork.refi.references import check_references
from copanalysis.fieldwork.refi.schema import PROJECT
from copanalysis.fieldwork.refi.shape import Shapes, check_shape, child_ranks

PROJECT_SPACE = "urn:QDA-XML:project:1.0"
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every entry: the same project gives the same bytes
PLAIN_FILE = 0o100644 << 16
UNIX = 3
LARGEST = 2**31 - 1  # bytes of a file inside a project, by the standard


def write_project(project: CodedProject, path: Path) -> tuple[Problem, ...]:
    """Write a project as .qdpx; the same project gives the same bytes.

    Texts of documents and memos become files in ``sources``, in UTF-8 as they are; positions
    are code points. What ``carried`` holds is given back; a part of it that points to something
    which is no longer in the project is left out.

    Parameters
    ----------
    project
        The tables. They are not changed.
    path
        A file name that ends in .qdpx. An existing file is replaced in one step.

    Returns
    -------
    tuple of Problem
        Warnings: what was left out of ``carried``.

    Raises
    ------
    CopanalysisError
        With every reason why the tables cannot be written; no file is then made or changed.
    """
    path = Path(path)
    if path.suffix.lower() != ".qdpx":
        raise CopanalysisError(f"A project is written as .qdpx; {path.name} is not.")
    refuse_if_any(f"{path.name} cannot be written", table_problems(project))
    root = project_tree(project)
    findings = Findings(path.name)
    check_references(root, findings)
    for container in root.xpath("Links[not(*)] | Sets[not(*)] | Graphs[not(*)]"):
        root.remove(container)
    xml = serialised(root, PROJECT, PROJECT_SPACE, findings)
    put_in_place(path, _packed(xml, _texts(project)))
    return findings.problems()


def serialised(root: etree._Element, shapes: Shapes, space: str, findings: Findings) -> bytes:
    """A tree as the bytes of a file: children in order, checked against the schema.

    Raises CopanalysisError when the tree does not fit the schema or cannot be read back.
    """
    for element in root.iter():
        ranks = child_ranks(element.tag, shapes)
        element[:] = sorted(element, key=lambda child: ranks.get(child.tag, len(ranks)))
    refuse_if_any(f"{findings.file} cannot be written", findings.problems())
    shape = Findings(findings.file)
    check_shape(root, shapes, shape)
    if shape.problems():
        raise CopanalysisError(f"{findings.file} would not fit the format.", shape.problems())
    whole = etree.Element(f"{{{space}}}{root.tag}", dict(root.attrib), nsmap={None: space})
    _copy_children(root, whole, space)
    etree.indent(whole)
    xml = etree.tostring(whole, xml_declaration=True, encoding="UTF-8") + b"\n"
    parsed(xml, where=findings.file)
    return xml


def put_in_place(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there: it is whole, or not there."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _copy_children(element: etree._Element, copy: etree._Element, space: str) -> None:
    if len(element) == 0:
        copy.text = element.text
    for child in element:
        under = etree.SubElement(copy, f"{{{space}}}{child.tag}", dict(child.attrib))
        _copy_children(child, under, space)


def _texts(project: CodedProject) -> dict[str, bytes]:
    documents = project.documents[project.documents["hash"] != ""]
    memos = project.memos.drop_duplicates("memo")
    pairs = [
        *zip(documents["document"], documents["text"], strict=True),
        *zip(memos["memo"], memos["text"], strict=True),
    ]
    texts = {f"{SOURCES}/{guid}.txt": text.encode() for guid, text in pairs}
    if len(texts) < len(pairs):
        raise CopanalysisError("A memo and a document have one GUID; each needs its own.")
    large = [name for name, text in texts.items() if len(text) > LARGEST]
    if large:
        raise CopanalysisError(f"Larger than a REFI-QDA project may hold (2 GB): {large}.")
    return texts


def _packed(xml: bytes, texts: dict[str, bytes]) -> bytes:
    """Stored, not deflated: packed bytes differ between versions of the packing library."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in _entries(xml, texts):
            info = zipfile.ZipInfo(name, FIRST_MOMENT)
            info.external_attr, info.create_system = PLAIN_FILE, UNIX
            archive.writestr(info, content)
    return target.getvalue()


def _entries(xml: bytes, texts: dict[str, bytes]) -> Iterable[tuple[str, bytes]]:
    return [("project.qde", xml), *sorted(texts.items())]
