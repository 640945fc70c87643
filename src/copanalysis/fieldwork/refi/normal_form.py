"""The tree of a project brought to one form: GUIDs alike, and only what is kept left in it."""

from __future__ import annotations

from lxml import etree

from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.markup import text_of
from copanalysis.fieldwork.refi.schema import PROJECT
from copanalysis.fieldwork.refi.shape import attribute_types, check_shape

# no table has a place for these; they travel as XML
CARRIED = {
    "Set": "a set; given back by an export, in no table",
    "Link": "a link; given back by an export, in no table",
    "Graph": "a graph; given back by an export, in no table",
    "PDFSelection": "an area of a PDF page with its codings; given back by an export, in no table",
    "PictureSelection": "an area of a picture with its codings; given back by an export, "
    "in no table",
    "AudioSelection": "a stretch of sound with its codings; given back by an export, in no table",
    "VideoSelection": "a stretch of video with its codings; given back by an export, in no table",
}
CARRIED_TEXTS = ("Project", "Variable", "Note")  # their Description travels as XML too
UNKEPT = {  # (parent, element); "*" is any parent
    ("*", "Transcript"): "a transcript inside a sound or video source; its text and codings are "
    "not read: hand it in as a text source",
    ("*", "TextDescription"): "the text beside a picture is not read",
    ("PDFSelection", "Representation"): "the text of an area of a PDF page is not read",
    ("Representation", "Description"): "the description of the text of a PDF is not read",
    ("Note", "PlainTextSelection"): "a selection in a memo, with its codings, is not read",
    ("Note", "Coding"): "a coding of a memo is not read",
    ("Note", "NoteRef"): "a memo on a memo is read, but not what it stands on",
    ("Note", "VariableValue"): "a variable of a memo is not read",
}
KEPT_ATTRIBUTES = {
    "Project": {"name", "origin"},
    "User": {"guid", "name"},
    "TextSource": {"guid", "name", "plainTextPath"},
    "PDFSource": {"guid", "name"},
    "PictureSource": {"guid", "name"},
    "AudioSource": {"guid", "name"},
    "VideoSource": {"guid", "name"},
    "Representation": {"plainTextPath"},
    "Note": {"guid", "name", "plainTextPath", "creatingUser", "creationDateTime"},
    "PlainTextSelection": {
        *("guid", "startPosition", "endPosition", "creatingUser", "creationDateTime"),
    },
}
ATTRIBUTE_LOSSES = {
    "path": "the file itself is not kept",
    "currentPath": "the place of the file is not kept",
    "basePath": "the place of the files is not kept",
    "richTextPath": "the formatted original is not kept, its plain text is",
    "name": "a name of its own is not kept",
    "id": "the initials of a coder are not kept",
}


def normalise_guids(root: etree._Element) -> None:
    """Write every GUID in the tree in lower case without braces or blanks."""
    for element in root.iter(etree.Element):
        for name, type in attribute_types(element.tag, PROJECT).items():
            if type == "guid" and element.get(name) is not None:
                element.set(name, normal_guid(element.get(name)))


def normal_guid(text: str) -> str:
    """A GUID in lower case, without braces and blanks around it."""
    return text.strip().strip("{}").lower()


def is_in(element: etree._Element, root: etree._Element) -> bool:
    """Whether an element still stands in the tree, and was not taken out with its parents."""
    return element is root or any(ancestor is root for ancestor in element.iterancestors())


def drop_unkept(root: etree._Element, findings: Findings) -> None:
    """Take out what is neither read nor carried, and carried parts of a wrong shape; count all."""
    _drop_incomplete(root, "Coding", "CodeRef", "a coding without a code", findings)
    _drop_incomplete(root, "VariableValue", "VariableRef", "a value of no variable", findings)
    for element in [e for e in root.iter(etree.Element) if e.getparent() is not None]:
        parent = element.getparent()
        what = UNKEPT.get(("*", element.tag)) or UNKEPT.get((parent.tag, element.tag))
        if what and is_in(element, root):
            _count(element, what, findings)
            parent.remove(element)
    for element in [e for e in root.iter(*CARRIED) if e.getparent() is not None]:
        scratch = Findings(findings.file)
        check_shape(element, PROJECT, scratch)
        if scratch.problems():
            _count(element, "it does not fit the format and is not read", findings)
            element.getparent().remove(element)


def count_losses(root: etree._Element, findings: Findings) -> None:
    """Count what stays behind when a tree in normal form is read into tables."""
    for element in root.iter(etree.Element):
        if element.tag in CARRIED:
            findings.lose(element.tag, CARRIED[element.tag])
        elif element.tag == "Description" and element.getparent().tag in CARRIED_TEXTS:
            if text_of(element):
                label = f"{element.getparent().tag}/Description"
                findings.lose(label, "given back by an export, in no table")
        elif not any(ancestor.tag in CARRIED for ancestor in element.iterancestors()):
            kept = KEPT_ATTRIBUTES.get(element.tag, set(element.attrib))
            for name in ({*element.attrib} - kept) | _outdone(element):
                what = ATTRIBUTE_LOSSES.get(name, "who made or changed it and when is not kept")
                findings.lose(f"{element.tag}/@{name}", what)


def _outdone(element: etree._Element) -> set[str]:
    """Who made a selection and when, where each of its codings says something else."""
    codings = element.findall("Coding") if element.tag == "PlainTextSelection" else []
    return {
        name
        for name in ("creatingUser", "creationDateTime")
        if codings and name in element.attrib
        if all(c.get(name, element.get(name)) != element.get(name) for c in codings)
    }


def _count(element: etree._Element, what: str, findings: Findings) -> None:
    label = f"{element.getparent().tag}/{element.tag}"
    findings.lose(label, what)
    codings = len(element.findall(".//Coding"))
    if codings:
        findings.lose(f"{label}/Coding", what, codings)
    findings.add(element, f"{label}, {codings} codings in it", "a part that tables can hold", what)


def _drop_incomplete(
    root: etree._Element, tag: str, needed: str, what: str, findings: Findings
) -> None:
    for element in root.findall(f".//{tag}"):
        if element.find(needed) is None:
            findings.lose(tag, f"{what} is not read")
            element.getparent().remove(element)
