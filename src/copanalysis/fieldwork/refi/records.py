"""Rows of codes, coders, cases, variables, memos and carried XML from a tree in normal form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from copanalysis.fieldwork.refi.markup import text_of
from copanalysis.fieldwork.refi.normal_form import CARRIED, CARRIED_TEXTS
from copanalysis.fieldwork.refi.profiles import SOURCE_TAGS
from copanalysis.fieldwork.refi.texts import SourceText

Row = dict[str, Any]
KINDS = dict(zip(SOURCE_TAGS, ("text", "picture", "pdf", "audio", "video"), strict=True))
MEMO_KINDS = {
    **dict.fromkeys(SOURCE_TAGS, "document"),
    **{"PlainTextSelection": "segment", "Code": "code", "Case": "case", "Coding": "coding"},
    "Project": "project",
}


def coder_rows(root: etree._Element) -> list[Row]:
    """One row per user."""
    users = root.findall("./Users/User")
    return [{"coder": user.get("guid"), "name": user.get("name", "")} for user in users]


def code_rows(codes: etree._Element | None) -> Iterator[Row]:
    """One row per code under a Codes or Code element, parents before children."""
    for code in [] if codes is None else codes.findall("Code"):
        parent = codes.get("guid", "") if codes.tag == "Code" else ""
        yield {
            "code": code.get("guid"),
            "name": code.get("name"),
            "parent": parent,
            "color": code.get("color", "").strip(),
            "description": text_of(code.find("Description")),
            "codable": code.get("isCodable").strip() in ("true", "1"),
        }
        yield from code_rows(code)


def case_rows(root: etree._Element) -> list[Row]:
    """One row per case."""
    return [
        {
            "case": case.get("guid"),
            "name": case.get("name", ""),
            "description": text_of(case.find("Description")),
        }
        for case in root.findall("./Cases/Case")
    ]


def case_source_rows(root: etree._Element) -> list[Row]:
    """One row per thing that belongs to a case."""
    kinds = {"CodeRef": "code", "SourceRef": "document", "SelectionRef": "segment"}
    return [
        {"case": case.get("guid"), "kind": kinds[ref.tag], "target": ref.get("targetGUID")}
        for case in root.findall("./Cases/Case")
        for ref in case.iterchildren(*kinds)
    ]


def variable_rows(root: etree._Element) -> list[Row]:
    """One row per variable."""
    return [
        {
            "variable": variable.get("guid"),
            "name": variable.get("name"),
            "type": variable.get("typeOfVariable").strip(),
        }
        for variable in root.findall("./Variables/Variable")
    ]


def value_rows(root: etree._Element) -> list[Row]:
    """One row per value of a case or source; a value that is not given is ""."""
    rows = []
    for value in root.xpath("./Cases/Case/VariableValue | ./Sources/*/VariableValue"):
        owner = value.getparent()
        given = [child for child in value if child.tag != "VariableRef"]
        rows.append(
            {
                "owner_kind": "case" if owner.tag == "Case" else "document",
                "owner": owner.get("guid"),
                "variable": value.find("VariableRef").get("targetGUID"),
                "value": text_of(given[0]) if given else "",
            }
        )
    return rows


def memo_rows(root: etree._Element, texts: dict[str, SourceText]) -> list[Row]:
    """One row per memo and thing it stands on; a memo that stands on nothing has one row too."""
    targets: dict[str, list[tuple[str, str]]] = {}
    for ref in root.iter("NoteRef"):
        place = ref.getparent()
        if place.tag in MEMO_KINDS and not any(a.tag in CARRIED for a in place.iterancestors()):
            kind = MEMO_KINDS[place.tag]
            target = (kind, "" if kind == "project" else place.get("guid"))
            known = targets.setdefault(ref.get("targetGUID"), [])
            if target not in known:
                known.append(target)
    return [
        {
            "memo": note.get("guid"),
            "name": note.get("name", ""),
            "text": texts[note.get("guid")].text,
            "target_kind": kind,
            "target": target,
            "coder": note.get("creatingUser", ""),
            "created": note.get("creationDateTime", "").strip(),
        }
        for note in root.findall("./Notes/Note")
        for kind, target in targets.get(note.get("guid"), [("", "")])
    ]


def carried_rows(root: etree._Element) -> list[Row]:
    """One row per part that travels as XML, with the GUID of the element around it."""
    texts = [
        d for tag in CARRIED_TEXTS for d in root.xpath(f"descendant-or-self::{tag}/Description")
    ]
    parts = [*root.iter(*CARRIED), *(d for d in texts if text_of(d))]
    return [
        {
            "owner": part.getparent().get("guid", ""),
            "element": part.tag,
            "xml": etree.tostring(_alone(part), encoding="unicode"),
        }
        for part in parts
        if not any(ancestor.tag in CARRIED for ancestor in part.iterancestors())
    ]


def _alone(part: etree._Element) -> etree._Element:
    """A copy without the namespaces and the layout of the file around it."""
    copy = etree.Element(part.tag, dict(part.attrib))
    if len(part) == 0:
        copy.text = part.text
    copy.extend([_alone(child) for child in part])
    return copy
