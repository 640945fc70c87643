"""Tools and their ways: which tool wrote a file, and its habits turned into the common form."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.markup import text_of
from copanalysis.fieldwork.refi.texts import text_holder

OWN = "copanalysis"
SOURCE_TAGS = ("TextSource", "PictureSource", "PDFSource", "AudioSource", "VideoSource")
MEMO_PLACES = (*SOURCE_TAGS, "PlainTextSelection", "Code", "Case", "Coding")


@dataclass(frozen=True)
class Profile:
    """A tool by the words in ``origin`` and what is known of how it counts positions.

    ``utf16`` and ``crlf`` (1 or 2 for a CRLF) and ``bom`` (counted or not) are None where it
    is not known.
    """

    name: str
    words: tuple[str, ...] = ()
    utf16: bool | None = None
    crlf: int | None = None
    bom: bool | None = None


UNKNOWN = Profile("unknown")
PROFILES = (
    Profile(OWN, ("copanalysis",), utf16=False, crlf=2, bom=True),
    Profile("ATLAS.ti", ("atlas",), crlf=1),
    Profile("MAXQDA", ("maxqda",)),
    Profile("NVivo for Windows", ("nvivo", "windows"), utf16=True, crlf=2),
    Profile("NVivo", ("nvivo",)),
    Profile("QualCoder", ("qualcoder",), utf16=False, crlf=1),  # it counts in Python, with LF
    Profile("Taguette", ("taguette",)),
    Profile("Quirkos", ("quirkos",)),
)


def profile_of(origin: str) -> Profile:
    """The profile of the tool that ``origin`` names, UNKNOWN when it names none of them."""
    folded = origin.casefold()
    fitting = (p for p in PROFILES if all(word in folded for word in p.words))
    return next(fitting, UNKNOWN)


def adapt(root: etree._Element, profile: Profile, findings: Findings) -> None:
    """Rewrite the habits of tools in the tree to what the standard has for the same thing."""
    take_pdf_texts_as_their_pdf(root)
    if profile.name != OWN:
        name_unnamed_media(root)
        read_codes_as_cases(root, findings)
        read_nameless_cases(root, findings)
    if profile.name == "QualCoder":
        place_annotations(root, findings)


def take_pdf_texts_as_their_pdf(root: etree._Element) -> None:
    """What stands on, or points to, the text of a PDF as a whole is moved to the PDF itself."""
    moved = {}
    for text in root.findall("./Sources/PDFSource/Representation"):
        source = text.getparent()
        source.extend(text.xpath("Coding | NoteRef | VariableValue"))
        moved[text.attrib.pop("guid")] = source.get("guid")
    for element in root.iter("Link", "Vertex", "Edge"):
        for name in ("originGUID", "targetGUID", "representedGUID"):
            if element.get(name) in moved:
                element.set(name, moved[element.get(name)])


def name_unnamed_media(root: etree._Element) -> None:
    """ATLAS.ti leaves the name of sound and video empty and names the transcript."""
    for source in root.xpath(".//AudioSource | .//VideoSource"):
        transcript = source.find("Transcript")
        if not source.get("name") and transcript is not None:
            source.set("name", transcript.get("name", ""))


def read_codes_as_cases(root: etree._Element, findings: Findings) -> None:
    """NVivo lists a case among the codes too, under one GUID, and codes text with it.

    The code is taken out, its children move up; each coding with it becomes a reference of the
    case to the selection or source.
    """
    cases = {case.get("guid"): case for case in root.findall(".//Case")}
    for coding in root.findall(".//Coding"):
        reference = coding.find("CodeRef")
        case = cases.get(reference.get("targetGUID")) if reference is not None else None
        if case is not None:
            holder = coding.getparent()
            tag = "SourceRef" if holder.tag in SOURCE_TAGS else "SelectionRef"
            if not case.xpath(f"{tag}[@targetGUID=$guid]", guid=holder.get("guid")):
                etree.SubElement(case, tag, targetGUID=holder.get("guid"))
            what = "a coding with a case is read as part of the case; its coder and date are not"
            findings.lose("Coding", what)
            holder.remove(coding)
    for code in [c for c in root.findall(".//Code") if c.get("guid") in cases]:
        findings.add(
            code,
            f"the code {code.get('name')!r} with the GUID of a case",
            "a GUID of its own",
            "nothing to do; it is read as the case, not as a code",
            "note",
        )
        for child in code.findall("Code"):
            code.addprevious(child)
        code.getparent().remove(code)


def read_nameless_cases(root: etree._Element, findings: Findings) -> None:
    """Quirkos puts the variables of a source in a case without a name for that one source."""
    for case in root.findall(".//Case"):
        sources = case.findall("SourceRef")
        others = case.xpath("CodeRef | SelectionRef") or text_of(case.find("Description"))
        values = case.findall("VariableValue")
        if case.get("name") or len(sources) != 1 or others or not values:
            continue
        guid = sources[0].get("targetGUID")
        owner = root.xpath(".//Sources/*[@guid=$guid]", guid=guid)
        if owner:
            findings.add(
                case,
                "a case without a name for one source",
                "the variables of a source in the source",
                "nothing to do; its values are read as those of the source",
                "note",
            )
            for value in values:
                owner[0].append(value)
            case.getparent().remove(case)


def place_annotations(root: etree._Element, findings: Findings) -> None:
    """QualCoder writes an annotation as a note that holds a selection of the source's text."""
    for note in root.findall("./Notes/Note"):
        for selection in note.findall("PlainTextSelection"):
            guid = note.get("guid")
            marks = root.xpath("./Sources/*/NoteRef[@targetGUID=$guid]", guid=guid)
            text = text_holder(marks[0].getparent()) if marks else None
            if text is None:
                findings.add(
                    selection,
                    "an annotation that names no source with a text",
                    "a source with a NoteRef to it",
                    "look up its place in QualCoder; the memo is read, its place is not",
                )
                continue
            text.append(selection)
            etree.SubElement(selection, "NoteRef", targetGUID=guid)
            for mark in marks:
                mark.getparent().remove(mark)


def attach_linked_notes(root: etree._Element, findings: Findings) -> None:
    """NVivo links a note to what it is about; such a link is read as a memo of its target."""
    notes = {note.get("guid") for note in root.findall("./Notes/Note")}
    places = {place.get("guid"): place for place in root.iter(*MEMO_PLACES)}
    for link in root.findall("./Links/Link"):
        note, target = link.get("originGUID"), places.get(link.get("targetGUID"))
        if note not in notes or target is None or len(link):
            continue
        if not target.xpath("NoteRef[@targetGUID=$guid]", guid=note):
            etree.SubElement(target, "NoteRef", targetGUID=note)
        for name in ("name", "color", "direction"):
            if link.get(name):
                findings.lose(f"Link/@{name}", "the link is read as a memo, this is not kept")
        link.getparent().remove(link)
