"""The shape of a REFI-QDA file: which elements and attributes stand where, and of what type.

The facts are those of the schema of 18 March 2019 (project 1.0) and of codebook 1.0, in short:
children in their fixed order with ``?`` (at most one), ``*`` (any number), ``+`` (at least
one) or nothing (exactly one); attributes with ``!`` (required) and ``:type`` (text without).
"""

from __future__ import annotations

import re
from datetime import date, datetime

MADE = "creatingUser:guid creationDateTime:dateTime "
AUTHORED = MADE + "modifyingUser:guid modifiedDateTime:dateTime"
TARGET = ("", "targetGUID!:guid")
CONTENT = "guid!:guid name richTextPath plainTextPath " + AUTHORED
MEDIUM = "guid!:guid name path currentPath " + AUTHORED
TAIL = "Coding* NoteRef* VariableValue*"
SELECTED = "Description? Coding* NoteRef*"
BOX = "firstX!:integer firstY!:integer secondX!:integer secondY!:integer "
TEXT = ("Description? PlainTextContent? PlainTextSelection* " + TAIL, CONTENT)
TIMED = (SELECTED, "guid!:guid name begin!:integer end!:integer " + AUTHORED)
GROUPS = {
    "SOURCE": ("TextSource", "PictureSource", "PDFSource", "AudioSource", "VideoSource"),
    "VALUE": (
        *("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue"),
        "DateTimeValue",
    ),
}
PROJECT = {
    "Project": (
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? "
        "NoteRef*",
        "name! origin creatingUserGUID:guid creationDateTime:dateTime modifyingUserGUID:guid "
        "modifiedDateTime:dateTime basePath",
    ),
    "Users": ("User+", ""),
    "User": ("", "guid!:guid name id"),
    "CodeBook": ("Codes", ""),
    "Codes": ("Code+", ""),
    "Code": ("Description? NoteRef* Code*", "guid!:guid name! isCodable!:boolean color:colour"),
    "Variables": ("Variable+", ""),
    "Variable": ("Description?", "guid!:guid name! typeOfVariable!:variable"),
    "Cases": ("Case+", ""),
    "Case": (
        "Description? CodeRef* VariableValue* SourceRef* SelectionRef*",
        "guid!:guid name",
    ),
    "VariableValue": ("VariableRef VALUE?", ""),
    "Sources": ("SOURCE+", ""),
    **dict.fromkeys(("TextSource", "Note", "Representation", "TextDescription"), TEXT),
    "PictureSource": ("Description? TextDescription? PictureSelection* " + TAIL, MEDIUM),
    "PDFSource": ("Description? PDFSelection* Representation? " + TAIL, MEDIUM),
    "AudioSource": ("Description? Transcript* AudioSelection* " + TAIL, MEDIUM),
    "VideoSource": ("Description? Transcript* VideoSelection* " + TAIL, MEDIUM),
    "PlainTextSelection": (
        SELECTED,
        "guid!:guid name startPosition!:integer endPosition!:integer " + AUTHORED,
    ),
    "PictureSelection": (SELECTED, "guid!:guid name " + BOX + AUTHORED),
    "PDFSelection": (
        "Description? Representation? Coding* NoteRef*",
        "guid!:guid name page!:integer " + BOX + AUTHORED,
    ),
    "AudioSelection": TIMED,
    "VideoSelection": TIMED,
    "Transcript": (
        "Description? PlainTextContent? SyncPoint* TranscriptSelection* NoteRef*",
        CONTENT,
    ),
    "TranscriptSelection": (
        SELECTED,
        "guid!:guid name fromSyncPoint:guid toSyncPoint:guid " + AUTHORED,
    ),
    "SyncPoint": ("", "guid!:guid timeStamp:integer position:integer"),
    "Coding": ("CodeRef NoteRef*", "guid!:guid " + MADE),
    "Notes": ("Note+", ""),
    "Links": ("Link+", ""),
    "Link": (
        "NoteRef*",
        "guid!:guid name direction:direction color:colour originGUID:guid targetGUID:guid",
    ),
    "Sets": ("Set+", ""),
    "Set": ("Description? MemberCode* MemberSource* MemberNote*", "guid!:guid name!"),
    "Graphs": ("Graph+", ""),
    "Graph": ("Vertex* Edge*", "guid!:guid name"),
    "Vertex": (
        "",
        "guid!:guid representedGUID:guid name firstX!:integer firstY!:integer secondX:integer "
        "secondY:integer shape:shape color:colour",
    ),
    "Edge": (
        "",
        "guid!:guid representedGUID:guid name sourceVertex!:guid targetVertex!:guid "
        "color:colour direction:direction lineStyle:line",
    ),
    **dict.fromkeys(
        (
            *("NoteRef", "CodeRef", "SourceRef", "SelectionRef", "VariableRef"),
            *("MemberCode", "MemberSource", "MemberNote"),
        ),
        TARGET,
    ),
}
CODEBOOK = {
    "CodeBook": ("Codes Sets?", "origin"),
    "Codes": ("Code+", ""),
    "Code": ("Description? Code*", "guid!:guid name! isCodable!:boolean color:colour"),
    "Sets": ("Set+", ""),
    "Set": ("Description? MemberCode*", "guid!:guid name!"),
    "MemberCode": ("", "guid!:guid"),
}
LEAVES = {
    **dict.fromkeys(("Description", "PlainTextContent", "TextValue"), "text"),
    "BooleanValue": "boolean",
    "IntegerValue": "integer",
    "FloatValue": "decimal",
    "DateValue": "date",
    "DateTimeValue": "dateTime",
}
ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
PATTERNS = {
    "guid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|\{[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}",
    "integer": r"[+-]?[0-9]+",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "boolean": "true|false|1|0",
    "colour": "#(?:[A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})",
    "variable": "Text|Boolean|Integer|Float|Date|DateTime",
    "direction": "Associative|OneWay|Bidirectional",
    "shape": "Person|Oval|Rectangle|RoundedRectangle|Star|(?:Left|Right|Up|Down)Triangle|Note",
    "line": "dotted|dashed|solid",
    "date": rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){ZONE}",
    "dateTime": r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?" + ZONE,
}
XML_BLANKS = " \t\n\r"


def fits(value: str, type: str) -> bool:
    """Whether a text is a value of an XML type of this format ("text" takes all)."""
    if type == "text":
        return True
    match = re.fullmatch(PATTERNS[type], value.strip(XML_BLANKS))
    if match is None or type not in ("date", "dateTime"):
        return match is not None
    try:
        date.fromisoformat(match[1]) if type == "date" else datetime.fromisoformat(match[1])
    except ValueError:
        return False
    return True
