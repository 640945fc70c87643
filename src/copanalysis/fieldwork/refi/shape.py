"""A tree held against the shape of the format: departures reported, and mended where harmless."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from copanalysis.fieldwork.refi.findings import Findings
from copanalysis.fieldwork.refi.markup import text_of
from copanalysis.fieldwork.refi.schema import GROUPS, LEAVES, fits

Shapes = dict[str, tuple[str, str]]
# without these the element cannot be read at all
NEEDED = {
    "guid": (
        *("User", "Code", "Variable", "Case", *GROUPS["SOURCE"], "Note", "Representation"),
        *("PlainTextSelection", "Coding"),
    ),
    "startPosition": ("PlainTextSelection",),
    "endPosition": ("PlainTextSelection",),
    "name": ("Code", "Variable"),
    "typeOfVariable": ("Variable",),
    "isCodable": (),
}
SUPPLIED = {"isCodable": "true", "name": ""}  # what a missing required attribute is read as


def check_shape(root: etree._Element, shapes: Shapes, findings: Findings) -> None:
    """Report every departure from the schema, and mend in the tree what loses nothing.

    Taken out, with a warning: an unknown element or attribute, and an optional attribute whose
    value does not fit. An error: a value without which the element cannot be read, and an
    element that stands twice where there is room for one.
    """
    if root.tag in LEAVES:
        _check_leaf(root, findings)
        return
    _check_attributes(root, shapes[root.tag][1], findings)
    _check_children(root, shapes, findings)
    for child in root:
        check_shape(child, shapes, findings)


def child_ranks(tag: str, shapes: Shapes) -> dict[str, int]:
    """name -> place in the order of the children of an element."""
    places = _places(shapes.get(tag, ("", ""))[0])
    return {name: i for i, (names, _, _) in enumerate(places) for name in names}


def attribute_types(tag: str, shapes: Shapes) -> dict[str, str]:
    """name -> type of the attributes that an element may have."""
    return {n: type for n, (type, _) in _attributes(shapes.get(tag, ("", ""))[1]).items()}


@lru_cache
def _attributes(text: str) -> dict[str, tuple[str, bool]]:
    """name -> (type, required)."""
    parsed = {}
    for entry in text.split():
        name, _, type = entry.partition(":")
        parsed[name.rstrip("!")] = (type or "text", name.endswith("!"))
    return parsed


@lru_cache
def _places(text: str) -> tuple[tuple[tuple[str, ...], bool, bool], ...]:
    """The places for children in order: names that fit, whether needed, whether repeatable."""
    places = []
    for entry in text.split():
        name = entry.rstrip("?*+")
        mark = entry[len(name) :]
        places.append((GROUPS.get(name, (name,)), mark in ("", "+"), mark in ("*", "+")))
    return tuple(places)


def _check_leaf(leaf: etree._Element, findings: Findings) -> None:
    for child in list(leaf):
        _take_out(child, findings)
    for name in list(leaf.attrib):
        _drop_attribute(leaf, name, "no attribute", findings)
    if not fits(text_of(leaf), LEAVES[leaf.tag]):
        findings.add(
            leaf,
            repr(text_of(leaf)),
            f"a value of the type {LEAVES[leaf.tag]}",
            "correct the value in the analysis tool; it is kept as text",
        )


def _check_attributes(element: etree._Element, text: str, findings: Findings) -> None:
    known = _attributes(text)
    for name in [n for n in element.attrib if n not in known]:
        _drop_attribute(element, name, "an attribute of the format", findings)
    for name, (type, required) in known.items():
        value = element.get(name)
        if value is None and required:
            _report_missing(element, name, findings)
        elif value is not None and not fits(value, type):
            _report_unfit(element, name, type, required, findings)


def _report_missing(element: etree._Element, name: str, findings: Findings) -> None:
    needed = element.tag in NEEDED.get(name, ())
    findings.add(
        element,
        f"no {name}",
        f"the attribute {name}",
        "export the project again from the analysis tool"
        if needed
        else "nothing to do; it is read without",
        "error" if needed else "warning",
    )
    if not needed and name in SUPPLIED:
        element.set(name, SUPPLIED[name])


def _report_unfit(
    element: etree._Element, name: str, type: str, required: bool, findings: Findings
) -> None:
    value = element.get(name)
    expected = f"a value of the type {type} in {name}"
    if name == "isCodable" and fits(value.strip().lower(), type):
        findings.add(element, repr(value), expected, "nothing to do; it is read in lower case")
        element.set(name, value.strip().lower())
    elif name == "isCodable" or element.tag in NEEDED.get(name, ()):
        findings.add(element, repr(value), expected, "correct it in the analysis tool", "error")
    elif required:
        findings.add(element, repr(value), expected, "correct it in the analysis tool")
    else:
        findings.add(element, repr(value), expected, "nothing to do; it is read as not given")
        findings.lose(f"{element.tag}/@{name}", "a value that does not fit the format")
        del element.attrib[name]


def _drop_attribute(element: etree._Element, name: str, expected: str, findings: Findings) -> None:
    findings.add(element, f"the attribute {name}", expected, "nothing to do; it is not read")
    findings.lose(f"{element.tag}/@{name}", "not part of the format")
    del element.attrib[name]


def _take_out(element: etree._Element, findings: Findings) -> None:
    findings.add(
        element, f"the element {element.tag}", "an element of the format", "it is not read"
    )
    findings.lose(str(element.tag), "not part of the format")
    element.getparent().remove(element)


def _check_children(element: etree._Element, shapes: Shapes, findings: Findings) -> None:
    rank = child_ranks(element.tag, shapes)
    for child in [c for c in element if c.tag not in rank]:
        _take_out(child, findings)
    furthest = 0
    for child in element:
        if rank[child.tag] < furthest:
            findings.add(
                child,
                f"{child.tag} after a later element",
                f"the order {' '.join(rank)} in {element.tag}",
                "nothing to do; it is read all the same",
            )
        furthest = max(furthest, rank[child.tag])
    _check_numbers(element, _places(shapes[element.tag][0]), findings)


def _check_numbers(element: etree._Element, places: tuple, findings: Findings) -> None:
    for names, needed, repeatable in places:
        count = sum(child.tag in names for child in element)
        if needed and count == 0:
            findings.add(
                element,
                f"no {' or '.join(names)}",
                f"a {names[0]} in {element.tag}",
                "nothing to do; it is read as it stands",
            )
        if count > 1 and not repeatable:
            findings.add(
                element,
                f"{count} times {names[0]}",
                f"one {names[0]} in {element.tag}",
                "export the project again from the analysis tool",
                "error",
            )
