"""Every number of the text and how it came about: the section at the foot of a chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from copanalysis.report.markup import escape, tag
from copanalysis.report.numbers import join_words

Manifest = Mapping[str, Any]
HEADING = "Waar de getallen vandaan komen"
LEAD = (
    "Per tabel: hoe zij is gemaakt, en welke getallen in de tekst en de titels eruit komen. "
    "Elk getal in de tekst verwijst hierheen."
)


def accounting_html(manifest: Manifest) -> str:
    """The section with a fold per table that the text points into, "" for a text without numbers.

    Each number has an id of its own (its ``anchor`` in the manifest), to which the text links;
    a manifest of a version that gave none has no section.
    """
    tables = {table["id"]: table for table in manifest.get("tables", ())}
    numbers = [n for n in text_numbers(manifest).values() if not n.get("words")]
    folds = [
        _fold(table, [number for number in numbers if number["table"] == id], manifest)
        for id, table in tables.items()
        if any(number["table"] == id for number in numbers)
    ]
    if not folds:
        return ""
    return tag("section", tag("h2", HEADING), tag("p", LEAD), *folds, class_="accounting")


def closing_html(manifest: Manifest) -> str:
    """What a chapter shows when it closes: that it is written, and where its numbers come from."""
    said = tag("p", f"Geschreven: {escape(manifest['page'])}", class_="written")
    return said + accounting_html(manifest)


def text_numbers(manifest: Manifest) -> dict[str, Mapping[str, Any]]:
    """The numbers of the text by id, each as it stands there first."""
    numbers: dict[str, Mapping[str, Any]] = {}
    for number in manifest.get("numbers", ()):
        if "anchor" in number:
            numbers.setdefault(number["id"], number)
    return numbers


def made_lines(table: Mapping[str, Any], manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Label and text of everything that all numbers of a table have in common, in Dutch."""
    yield "Basis", table["base"]
    yield "Weging", table["weighting"]
    if table["waves"]:
        yield "Golf", join_words(table["waves"])
    yield "Bron", table["source"]
    for step in table["made"]:
        yield "Gemaakt door", step_text(step)
    cell = table["cell"]
    place = f", cel {cell['number']} ({cell['id']})" if cell else ""
    yield "Notebook", f"{manifest['notebook']}{place}"


def step_text(step: Mapping[str, Any]) -> str:
    """One step in words: function, what it does, how, and over how many rows."""
    counts = [_counted(step["rows"], "rij", "rijen")]
    counts.append(_counted(step["respondents"], "deelnemer", "deelnemers"))
    over = join_words(filter(None, counts))
    parts = [step["does"], *step["with"], f"over {over}" if over else ""]
    return f"{step['function']}: {'; '.join(filter(None, parts))}".removesuffix(": ")


def _counted(count: int | str | None, one: str, many: str) -> str:
    return "" if count is None else f"{count} {one if count == 1 else many}"


def cell_text(number: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """The row and column of a number, and the counts that stand in the same row."""
    columns = table["columns"]
    header = columns.get(number["column"], {}).get("header", number["column"])
    named = join_words(row_name(table, row) for row in number["rows"])
    where = f"{f'rij {named}' if len(table['keys']) > 1 else 'de enige rij'}, kolom {header}"
    if len(number["rows"]) != 1:
        return where
    counts = row_counts(table, number["rows"][0], other_than=number["column"])
    return f"{where} ({', '.join(f'{name.lower()} {text}' for name, text in counts)})".replace(
        " ()", ""
    )


def row_name(table: Mapping[str, Any], row: str) -> str:
    """The row by its label or name where it has one, with its key where others have the same; else
    by that key."""
    shown, key = table["cells"], table["key"]
    named = [c for c in shown if len(key) == 1 and c in (f"{key[0]}_name", f"{key[0]}_label")]
    labels = shown.get("label") or (shown[named[0]] if named else None)
    if not labels:
        return row
    label = labels[table["keys"].index(row)]
    return f"“{label}” ({row})" if labels.count(label) > 1 else f"“{label}”"


def row_counts(table: Mapping[str, Any], row: str, *, other_than: str) -> list[tuple[str, str]]:
    """The counts of one row as shown: suppressed ones read "niet getoond"."""
    place, columns = table["keys"].index(row), table["columns"]
    return [
        (columns[column]["header"], table["cells"][column][place])
        for column in table.get("order", columns)  # an older manifest has none
        if columns[column]["format"] == "count" and column != other_than
    ]


def _fold(table: Mapping[str, Any], numbers: list[Mapping[str, Any]], manifest: Manifest) -> str:
    made = [
        tag("dt", escape(label)) + tag("dd", escape(text))
        for label, text in made_lines(table, manifest)
    ]
    title = f"Tabel {table['number']}. {table['title']}"
    link = tag("p", tag("a", "Naar de tabel", href=f"#tab-{table['id']}"))
    items = [tag("li", *_item(number, table), id=number["anchor"]) for number in numbers]
    count = f"{len(items)} getal{'len' * (len(items) > 1)}"
    summary = tag("summary", f"{escape(title)}: {count}")
    return tag("details", summary, link, tag("dl", *made), tag("ul", *items), class_="numbers")


def _item(number: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[str]:
    formula = f": {number['formula']}" if number["formula"] else ""
    yield tag("b", escape(number["shown"]))
    yield escape(f" – {cell_text(number, table)}{formula}. In {number['in']}. ")
    yield tag("code", escape(number["id"]))
