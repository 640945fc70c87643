"""The XML tree of a project from its tables, in bare names."""

from __future__ import annotations

from lxml import etree

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.coding import CodedProject, stable_guid
from copanalysis.fieldwork.refi.markup import parsed
from copanalysis.fieldwork.refi.normal_form import CARRIED
from copanalysis.fieldwork.refi.profiles import OWN
from copanalysis.fieldwork.refi.schema import LEAVES, fits
from copanalysis.fieldwork.refi.texts import INTERNAL

SOURCE_OF = {
    "text": "TextSource",
    "pdf": "PDFSource",
    "picture": "PictureSource",
    "audio": "AudioSource",
    "video": "VideoSource",
}
REFERENCE_OF = {"code": "CodeRef", "document": "SourceRef", "segment": "SelectionRef"}
CONTAINERS = {"Set": "Sets", "Link": "Links", "Graph": "Graphs"}

Places = dict[tuple[str, str], etree._Element]  # (kind, id) -> the element of it


def project_tree(project: CodedProject) -> etree._Element:
    """The Project element with everything in it, children not yet in the order of the schema."""
    root = etree.Element("Project", name=project.name, origin=OWN)
    places: Places = {("project", ""): root, ("", ""): root}
    for row in project.coders.itertuples():
        _add(_container(root, "Users"), "User", guid=row.coder, name=row.name)
    if len(project.codes):
        build_codes(etree.SubElement(_container(root, "CodeBook"), "Codes"), project, places)
    for row in project.variables.itertuples():
        variable = _add(_container(root, "Variables"), "Variable", guid=row.variable)
        variable.set("name", row.name)
        variable.set("typeOfVariable", row.type)
        places["variable", row.variable] = variable
    _build_sources(root, project, places)
    _build_segments(project, places)
    _build_cases(root, project, places)
    _build_values(project, places)
    _build_memos(root, project, places)
    _build_carried(root, project, places)
    return root


def build_codes(codes: etree._Element, project: CodedProject, places: Places) -> None:
    """Code elements under ``codes``, nested by parent; ``places`` gets each of them."""
    for row in project.codes.itertuples():
        places["code", row.code] = code = etree.Element("Code", guid=row.code, name=row.name)
        code.set("isCodable", "true" if row.codable else "false")
        if row.color:
            code.set("color", row.color)
        _describe(code, row.description)
    for row in project.codes.itertuples():
        parent = places["code", row.parent] if row.parent else codes
        parent.append(places["code", row.code])


def _build_sources(root: etree._Element, project: CodedProject, places: Places) -> None:
    for row in project.documents.itertuples():
        tag = SOURCE_OF[row.kind]
        source = _add(_container(root, "Sources"), tag, guid=row.document, name=row.name)
        _describe(source, row.description)
        places["document", row.document] = places["text", row.document] = source
        if row.kind == "pdf" and row.hash:
            guid = stable_guid("representation", row.document)
            places["text", row.document] = _add(source, "Representation", guid=guid)
        if row.hash:
            path = f"{INTERNAL}{row.document}.txt"
            places["text", row.document].set("plainTextPath", path)


def _build_segments(project: CodedProject, places: Places) -> None:
    for row in project.segments.itertuples():
        place = places["document", row.document]
        if row.segment:
            place = places.get(("segment", row.segment))
        if place is None:
            holder = places["text", row.document]
            place = _add(holder, "PlainTextSelection", guid=row.segment)
            place.set("startPosition", str(row.start))
            place.set("endPosition", str(row.end))
            _describe(place, row.description)
            places["segment", row.segment] = place
        if row.coding:
            place = _add(place, "Coding", guid=row.coding)
            etree.SubElement(place, "CodeRef", targetGUID=row.code)
            places["coding", row.coding] = place
        _sign(place, row.coder, row.created)


def _build_cases(root: etree._Element, project: CodedProject, places: Places) -> None:
    for row in project.cases.itertuples():
        case = _add(_container(root, "Cases"), "Case", guid=row.case, name=row.name)
        _describe(case, row.description)
        places["case", row.case] = case
    for row in project.case_sources.itertuples():
        tag = REFERENCE_OF[row.kind]
        etree.SubElement(places["case", row.case], tag, targetGUID=row.target)


def _build_values(project: CodedProject, places: Places) -> None:
    types = dict(zip(project.variables["variable"], project.variables["type"], strict=True))
    for row in project.values.itertuples():
        value = etree.SubElement(places[row.owner_kind, row.owner], "VariableValue")
        etree.SubElement(value, "VariableRef", targetGUID=row.variable)
        tag = f"{types[row.variable]}Value"
        if row.value:  # a value of another type than its variable is written as text
            tag = tag if fits(row.value, LEAVES[tag]) else "TextValue"
            etree.SubElement(value, tag).text = row.value


def _build_memos(root: etree._Element, project: CodedProject, places: Places) -> None:
    for row in project.memos.itertuples():
        if ("memo", row.memo) not in places:
            note = _add(_container(root, "Notes"), "Note", guid=row.memo, name=row.name)
            note.set("plainTextPath", f"{INTERNAL}{row.memo}.txt")
            _sign(note, row.coder, row.created)
            places["memo", row.memo] = note
        if row.target_kind == "case":  # the schema has no NoteRef in a case
            guid = stable_guid("memo on case", row.memo, row.target)
            link = _add(_container(root, "Links"), "Link", guid=guid)
            link.set("originGUID", row.memo)
            link.set("targetGUID", row.target)
        elif row.target_kind:
            place = places[row.target_kind, row.target]
            etree.SubElement(place, "NoteRef", targetGUID=row.memo)


def _build_carried(root: etree._Element, project: CodedProject, places: Places) -> None:
    owners = {guid: places[kind, guid] for kind, guid in places if kind in ("document", "memo")}
    owners |= {guid: place for (kind, guid), place in places.items() if kind == "variable"}
    for row in project.carried.itertuples():
        part = parsed(row.xml.encode(), where=f"carried, {row.element}")
        if part.tag != row.element or part.tag not in (*CARRIED, "Description"):
            raise CopanalysisError(f"The carried part {part.tag} cannot be given back.")
        owner = owners[row.owner] if row.owner else root
        (_container(owner, CONTAINERS[part.tag]) if part.tag in CONTAINERS else owner).append(part)


def _add(parent: etree._Element, tag: str, *, guid: str, name: str = "") -> etree._Element:
    element = etree.SubElement(parent, tag, guid=guid)
    if name:
        element.set("name", name)
    return element


def _container(parent: etree._Element, tag: str) -> etree._Element:
    found = parent.find(tag)
    return etree.SubElement(parent, tag) if found is None else found


def _describe(element: etree._Element, description: str) -> None:
    if description:
        etree.SubElement(element, "Description").text = description


def _sign(element: etree._Element, coder: str, created: str) -> None:
    if coder:
        element.set("creatingUser", coder)
    if created:
        element.set("creationDateTime", created)
