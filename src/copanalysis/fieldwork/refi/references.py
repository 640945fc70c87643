"""GUIDs that the schema does not check: used twice, or pointing to nothing."""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.normal_form import is_in
from copanalysis.fieldwork.refi.profiles import SOURCE_TAGS
from copanalysis.fieldwork.refi.schema import PROJECT
from copanalysis.fieldwork.refi.shape import attribute_types

SELECTIONS = (
    *("PlainTextSelection", "PDFSelection", "PictureSelection", "AudioSelection"),
    "VideoSelection",
)
USERS = ("creatingUser", "modifyingUser", "creatingUserGUID", "modifyingUserGUID")
POINTERS = {  # element that only points -> what it may point to
    **dict.fromkeys(("CodeRef", "MemberCode"), ("Code",)),
    **dict.fromkeys(("SourceRef", "MemberSource"), SOURCE_TAGS),
    **dict.fromkeys(("NoteRef", "MemberNote"), ("Note",)),
    "SelectionRef": SELECTIONS,
    "VariableRef": ("Variable",),
}
# a GUID may stand once in each of these groups; elsewhere twice is only told
ONCE = (
    *(("User",), ("Code",), ("Case",), ("Variable",), ("Note",), SOURCE_TAGS),
    ("PlainTextSelection",),
)
AUTHORED = ("Coding", "PlainTextSelection", "Note")

Index = dict[str, list[etree._Element]]


def check_references(root: etree._Element, findings: Findings) -> None:
    """Report GUIDs used twice and GUIDs that point to nothing; take the latter out of the tree.

    A pointer whose loss costs no data is a warning; a coding of text whose code is not there is
    an error, and so is a GUID used twice for the same kind of thing. A coder who is not among
    the users is added without a name.
    """
    _merge_repeated_selections(root, findings)
    _check_repeated(root, findings)
    while dangling := _dangling(root):
        for element, name in dangling:
            if is_in(element, root):
                _resolve(element, name, findings)


def _index(root: etree._Element) -> Index:
    index: Index = defaultdict(list)
    for element in root.iter(etree.Element):
        if element.get("guid"):
            index[element.get("guid")].append(element)
    return index


def _merge_repeated_selections(root: etree._Element, findings: Findings) -> None:
    """Some tools repeat a selection for each code on it: same GUID, source and positions."""
    seen: dict[tuple, etree._Element] = {}
    for selection in root.findall(".//PlainTextSelection"):
        key = (
            *(selection.get(name) for name in ("guid", "startPosition", "endPosition")),
            selection.getparent().get("guid"),
        )
        first = seen.setdefault(key, selection)
        if first is not selection:
            findings.add(
                selection,
                f"the selection {key[0]} again",
                "a selection once, with all its codings",
                "nothing to do; the codings are read together",
                "note",
            )
            first.extend(selection.xpath("Coding | NoteRef"))
            selection.getparent().remove(selection)


def _check_repeated(root: etree._Element, findings: Findings) -> None:
    for guid, elements in _index(root).items():
        for element in elements[1:]:
            alike = [e for e in elements if e is not element and _group(e) == _group(element)]
            serious = bool(alike) and _group(element) in ONCE
            findings.add(
                element,
                f"the GUID {guid}, also of {findings.where(elements[0])}",
                f"a GUID of its own for each {element.tag}",
                "correct it in the analysis tool; it cannot be told which one is meant"
                if serious
                else "nothing to do; both are read",
                "error" if serious else "warning",
            )


def _group(element: etree._Element) -> tuple[str, ...]:
    return SOURCE_TAGS if element.tag in SOURCE_TAGS else (element.tag,)


def _dangling(root: etree._Element) -> list[tuple[etree._Element, str]]:
    index = _index(root)
    return [
        (element, name)
        for element in root.iter(etree.Element)
        for name in _pointing(element)
        if not _points(element, name, index)
    ]


def _pointing(element: etree._Element) -> list[str]:
    """The attributes by which an element points to something else."""
    types = attribute_types(element.tag, PROJECT)
    return [
        name
        for name, type in types.items()
        if type == "guid" and name != "guid" and (name in element.attrib or element.tag in POINTERS)
    ]


def _points(element: etree._Element, name: str, index: Index) -> bool:
    targets = index.get(element.get(name, ""), [])
    if name in USERS:
        return any(target.tag == "User" for target in targets)
    if name in ("sourceVertex", "targetVertex"):
        return any(target.tag == "Vertex" for target in targets)
    allowed = POINTERS.get(element.tag)
    return any(allowed is None or target.tag in allowed for target in targets)


def _resolve(element: etree._Element, name: str, findings: Findings) -> None:
    if name in USERS:
        _resolve_user(element, name, findings)
    elif element.tag == "CodeRef" and element.getparent().tag == "Coding":
        _resolve_coding(element, findings)
    elif element.tag == "VariableRef":
        _tell(element, name, "the value is not read", findings)
        findings.lose("VariableValue", "a value of a variable that is not there")
        element.getparent().getparent().remove(element.getparent())
    elif element.tag in POINTERS:
        _tell(element, name, "nothing to do; it points to nothing and is left out", findings)
        element.getparent().remove(element)
    elif element.tag in ("Link", "Edge") and name != "representedGUID":
        _tell(element, name, "nothing to do; it leads nowhere and is left out", findings)
        findings.lose(element.tag, "it leads to something that is not there or is not kept")
        element.getparent().remove(element)
    else:
        _tell(element, name, "nothing to do; it is left out", findings)
        del element.attrib[name]


def _resolve_user(element: etree._Element, name: str, findings: Findings) -> None:
    if name != "creatingUser" or element.tag not in AUTHORED:
        _tell(element, name, "nothing to do; it is not used", findings)
        del element.attrib[name]
        return
    _tell(element, name, "name the coder; until then the coder is known by this GUID", findings)
    root = element.getroottree().getroot()
    users = root.find("Users")
    if users is None:
        users = etree.Element("Users")
        root.insert(0, users)
    if not users.xpath("User[@guid=$guid]", guid=element.get(name)):
        etree.SubElement(users, "User", guid=element.get(name), name="")


def _resolve_coding(reference: etree._Element, findings: Findings) -> None:
    coding = reference.getparent()
    of_text = coding.getparent().tag in ("PlainTextSelection", *SOURCE_TAGS)
    fix = "correct it in the analysis tool; the coding would be lost"
    _tell(reference, "targetGUID", fix, findings, "error" if of_text else "warning")
    findings.lose("Coding", "a coding with a code that is not there")
    coding.getparent().remove(coding)


def _tell(
    element: etree._Element, name: str, fix: str, findings: Findings, level: str = "warning"
) -> None:
    kinds = " or ".join(POINTERS.get(element.tag, ("User",) if name in USERS else ("thing",)))
    findings.add(
        element,
        f"{name} {element.get(name, '')!r}, which nothing has",
        f"in {name} the GUID of a {kinds} of this project",
        fix,
        level,
    )
