"""A number followed back: from its place in the text to formula, cell, notebook and rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.accounting import cell_text, made_lines, row_counts, text_numbers
from copanalysis.report.outputs import read_manifests

Manifest = Mapping[str, Any]


def number_ids(root: Path, page: str) -> list[dict[str, str]]:
    """Every number of a page, in its order: id ("page:pointer"), what is shown, and where."""
    numbers = text_numbers(_page(root, page)).values()
    return [{"id": f"{page}:{n['id']}", "shown": n["shown"], "in": n["in"]} for n in numbers]


def trace(root: Path, id: str) -> dict[str, Any]:
    """Everything behind one number.

    ``id`` is "page:pointer": a pointer of the text ("chapter_4_outcomes:got[#1].share"), or any
    cell of a registered table by row and column ("chapter_4_outcomes:got[network].n").
    Returned are id, shown, in, table (id, number, title), rows, column, formula, counts (of the
    row, as shown), made (label and text of base, weighting, wave, source, functions, notebook),
    parameters, inputs and synthetic.

    Raises
    ------
    CopanalysisError
        When the page, table, row or column does not exist; it names those that do.
    """
    page, _, pointer = id.partition(":")
    manifest = _page(root, page)
    tables = {table["id"]: table for table in manifest["tables"] if "keys" in table}
    number = text_numbers(manifest).get(pointer) or _any_cell(tables, page, pointer)
    table = tables[number["table"]]
    one_row = len(number["rows"]) == 1
    counts = row_counts(table, number["rows"][0], other_than=number["column"]) if one_row else []
    return {
        "id": id,
        "shown": number["shown"],
        "in": number["in"],
        "table": {key: table[key] for key in ("id", "number", "title")},
        "rows": number["rows"],
        "column": number["column"],
        "place": cell_text(number, table),
        "formula": number["formula"],
        "counts": dict(counts),
        "made": [list(line) for line in made_lines(table, manifest)],
        "text_cell": number["cell"],
        "parameters": manifest["parameters"],
        "inputs": manifest["inputs"],
        "synthetic": manifest["synthetic"],
    }


def trace_text(found: Mapping[str, Any]) -> str:
    """What `trace` found, for the terminal."""
    table, cell = found["table"], found["text_cell"]
    place = f" (cel {cell['number']}, {cell['id']})" if cell else ""
    lines = [
        ("Getal", f"{found['shown']}{' (fictieve gegevens)' if found['synthetic'] else ''}"),
        ("Staat in", f"{found['in']}{place}" if found["in"] else ""),
        ("Tabel", f"{table['number']} {table['title']} ({table['id']})"),
        ("Cel", found["place"]),
        ("Formule", found["formula"]),
        *found["made"],
        ("Parameters", ", ".join(f"{k}={v}" for k, v in found["parameters"].items())),
        *[("Invoer", f"{path} {hash[:12]}") for path, hash in found["inputs"]],
    ]
    return "\n".join(f"{label + ':':<14}{text}" for label, text in lines if text)


def _page(root: Path, page: str) -> Manifest:
    manifests = read_manifests(root)
    if page not in manifests:
        known = ", ".join(manifests) or "none: run copanalysis report"
        raise CopanalysisError(
            "This number cannot be traced.",
            [Problem("trace", f"page {page!r}", f"one of {known}", "name a page that was made")],
        )
    return manifests[page]


def _any_cell(tables: Mapping[str, Any], page: str, pointer: str) -> dict[str, Any]:
    """A cell of a table that the text does not point to."""
    head, _, column = pointer.rpartition(".")
    id, _, row = head.removesuffix("]").partition("[")
    if id not in tables:
        raise _unknown(page, f"number {pointer!r}", tables)
    table = tables[id]
    if column not in table["columns"]:
        raise _unknown(page, f"column {column!r} of table {id}", table["columns"])
    if row not in table["keys"]:
        raise _unknown(page, f"row {row!r} of table {id}", table["keys"])
    return {
        "table": id,
        "rows": [row],
        "column": column,
        "shown": table["cells"][column][table["keys"].index(row)],
        "formula": table["columns"][column]["formula"],
        "in": "",
        "cell": {},
    }


def _unknown(page: str, found: str, known: Any) -> CopanalysisError:
    expected = f"one of {', '.join(known)}"
    fix = f"list the numbers of the page with copanalysis trace {page}"
    return CopanalysisError("This number cannot be traced.", [Problem(page, found, expected, fix)])
