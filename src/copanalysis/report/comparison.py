"""What changed between two runs: numbers, tables, figures, sentences, claims and verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from copanalysis.report.accounting import row_name, text_numbers
from copanalysis.report.numbers import MINUS, NBSP
from copanalysis.report.runs import PagePair, paired_pages, read_run

KINDS = {  # one, and more
    "page": ("pagina", "pagina's"),
    "number": ("getal in de tekst", "getallen in de tekst"),
    "table": ("cel van een tabel", "cellen van tabellen"),
    "figure": ("figuur", "figuren"),
    "claim": ("conclusie", "conclusies"),
    "verdict": ("oordeel", "oordelen"),
    "sentence": ("zin", "zinnen"),
}
AS_IT_IS = ("pages", "reports")  # names of the folders in which the report stands
CLAIM_KEY = "claim"
VERDICTS = ("strength_name", "verdict", "verdict_name", "convergence_name", "direction_name")
ALIKE = 0.5  # from which a sentence is the same one, written differently
END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý“‘])")


@dataclass(frozen=True)
class Change:
    """One thing that is not the same in both runs.

    ``kind`` is one of KINDS; ``where`` says which in Dutch, ``old`` and ``new`` what stands
    there ("" for nothing); ``difference`` by how much, for numbers; ``causes`` what may have
    done it (one name: that did it).
    """

    page: str
    kind: str
    id: str
    where: str
    old: str
    new: str
    difference: str
    causes: tuple[str, ...]


def compare(old: Path, new: Path) -> dict[str, Any]:
    """Two runs compared, page by page.

    Returns old and new (names of the runs), synthetic, pages (per page the causes with what
    differs), counts (changes per kind) and changes (as `Change`, as mappings).
    """
    pairs = paired_pages(read_run(old), read_run(new))
    changes = [change for pair in pairs for change in page_changes(pair)]
    return {
        **dict(zip(("old", "new"), _run_names(old, new), strict=True)),
        "synthetic": any((pair.new or pair.old)["synthetic"] for pair in pairs),
        "pages": {pair.id: pair.causes for pair in pairs},
        "counts": {kind: sum(c.kind == kind for c in changes) for kind in KINDS},
        "changes": [asdict(change) for change in changes],
    }


def _run_names(*folders: Path) -> list[str]:
    """What the runs are called: by their folders, with what these stand in where that is alike."""
    names = ["het rapport van nu" if f.name in AS_IT_IS else f.name for f in folders]
    alike = len(set(names)) < len(names)
    return [f"{f.resolve().parent.name}/{f.name}" for f in folders] if alike else names


def page_changes(pair: PagePair) -> Iterator[Change]:
    """Everything that changed on one page."""
    if not (pair.old and pair.new):
        states = ("ja", "") if pair.old else ("", "ja")
        yield Change(pair.id, "page", pair.id, "de pagina", *states, "", ())
        return
    causes = tuple(pair.causes)
    tables = _by_id(pair.old, "tables"), _by_id(pair.new, "tables")
    yield from _number_changes(pair, causes)
    for id in dict.fromkeys([*tables[0], *tables[1]]):
        yield from _table_changes(pair.id, id, *(side.get(id, {}) for side in tables), causes)
    yield from _figure_changes(pair, causes, tables)
    yield from _sentence_changes(pair, causes)


def difference(old: str, new: str) -> str:
    """By how much two shown numbers differ, with sign and unit; "" where they are no numbers."""
    values = [_number(text) for text in (old, new)]
    if None in values or old.endswith("%") != new.endswith("%"):
        return ""
    change = round(values[1] - values[0], 10)
    sign = "+" if change > 0 else MINUS if change < 0 else ""
    unit = f"{NBSP}procentpunt" if new.endswith(("%", "procentpunt")) else ""
    return f"{sign}{abs(change):g}".replace(".", ",") + unit


def _number(text: str) -> float | None:
    bare = text.removesuffix("%").removesuffix("procentpunt").strip().replace(MINUS, "-")
    bare = bare.replace(".", "").replace(",", ".")
    return float(bare) if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", bare) else None


def _by_id(manifest: Mapping[str, Any], kind: str) -> dict[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in manifest[kind]}


def _number_changes(pair: PagePair, causes: tuple[str, ...]) -> Iterator[Change]:
    old, new = text_numbers(pair.old), text_numbers(pair.new)
    for id in dict.fromkeys([*new, *old]):
        before, after = (side.get(id, {"shown": "", "rows": []}) for side in (old, new))
        if before["shown"] != after["shown"] or (before["rows"] != after["rows"] and id in old):
            shown = before["shown"], after["shown"]
            rows = f", rij {', '.join(before['rows'])} → {', '.join(after['rows'])}"
            moved = rows if id in old and id in new and before["rows"] != after["rows"] else ""
            where = f"{(new.get(id) or old[id])['in']}{moved}"
            yield Change(pair.id, "number", id, where, *shown, difference(*shown), causes)


def _table_changes(
    page: str, id: str, old: Mapping[str, Any], new: Mapping[str, Any], causes: tuple[str, ...]
) -> Iterator[Change]:
    """A change of the table as a whole when it came or went, else one per cell."""
    name = f"tabel {(new or old).get('number', '')} {(new or old).get('title', id)}"
    states = [_state(side) for side in (old, new)]
    if states[0] != states[1]:
        yield Change(page, "table", id, name, *states, "", causes)
    if not ("cells" in old and "cells" in new):
        return
    claims = CLAIM_KEY in new.get("key", ())
    for column in dict.fromkeys([*new["cells"], *old["cells"]]):
        cells = [_column(side, column) for side in (old, new)]
        for row in dict.fromkeys([*cells[1], *cells[0]]):
            before, after = (side.get(row, "") for side in cells)
            if before != after:
                kind = "verdict" if column in VERDICTS else "claim" if claims else "table"
                header = (new["columns"].get(column) or old["columns"][column])["header"]
                side = new if row in cells[1] else old
                where = f"{name}, rij {row_name(side, row)}, kolom {header}"
                told = difference(before, after)
                yield Change(
                    page, kind, f"{id}[{row}].{column}", where, before, after, told, causes
                )


def _state(table: Mapping[str, Any]) -> str:
    if not table:
        return ""
    return f"niet te meten: {table['not_measured']}" if "not_measured" in table else "getoond"


def _column(table: Mapping[str, Any], column: str) -> dict[str, str]:
    return dict(zip(table["keys"], table["cells"].get(column, ()), strict=False))


def _figure_changes(pair: PagePair, causes: tuple[str, ...], tables: tuple) -> Iterator[Change]:
    """Figures that came, went, say something else, or draw a table whose cells changed."""
    old, new = _by_id(pair.old, "figures"), _by_id(pair.new, "figures")
    for id in dict.fromkeys([*new, *old]):
        figure = new.get(id) or old[id]
        where = f"figuur {figure.get('number', '')}".strip()
        said = [_said(side.get(id)) for side in (old, new)]
        drawn = [side.get(figure.get("table"), {}).get("cells") for side in tables]
        if said[0] == said[1]:
            where = f"{where} met dezelfde titel en andere waarden"
        if said[0] != said[1] or drawn[0] != drawn[1]:
            yield Change(pair.id, "figure", id, where, *said, "", causes)


def _said(figure: Mapping[str, Any] | None) -> str:
    if figure is None:
        return ""
    return figure.get("title") or f"niet te meten: {figure['not_measured']}"


def _sentence_changes(pair: PagePair, causes: tuple[str, ...]) -> Iterator[Change]:
    old, new = (_sentences(manifest.get("text", ())) for manifest in (pair.old, pair.new))
    for before, after in _changed_sentences(old, new):
        yield Change(pair.id, "sentence", "", "de tekst", before, after, "", causes)


def _sentences(paragraphs: Sequence[str]) -> list[str]:
    return [part.strip() for text in paragraphs for part in END.split(text) if part.strip()]


def _changed_sentences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Sentences that came, went or were written differently, in the order of the text."""
    for state, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if state == "equal":
            continue
        left = list(new[c:d])
        for before in old[a:b]:
            alike = [(SequenceMatcher(None, before, after).ratio(), after) for after in left]
            ratio, after = max(alike, default=(0.0, ""))
            if ratio >= ALIKE:
                left.remove(after)
            yield before, after if ratio >= ALIKE else ""
        yield from (("", after) for after in left)
