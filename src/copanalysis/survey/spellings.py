"""How an export writes the options: labels beside the wording as fielded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from copanalysis.study.names import normalise
from copanalysis.study.plan import Study
from copanalysis.survey.export import Export
from copanalysis.survey.wiring import Wire


def written_options(
    export: Export, wires: Iterable[Wire], *, study: Study, wave: str
) -> pd.DataFrame:
    """Every label that the export uses for an option: wave, item, option, label as fielded,
    written, n (cells that use it; 0 for a tick box), fielded (whether both are the same text).

    Write-ins and open answers do not appear: only labels that resolve to a known option.
    """
    rows = []
    for wire in wires:
        spellings = study.option_spellings(wire.item, wave=wave)
        if wire.role == "value" and spellings:
            cells = Counter(r.cells[wire.index] for r in export.responses)
            written = Counter()
            for cell, n in cells.items():
                if cell is not None:
                    written[wire.column.labels.get(cell, cell)] += n
            rows += [
                (wave, wire.item, spellings[normalise(label)], label, n)
                for label, n in written.items()
                if normalise(label) in spellings
            ]
        elif wire.role == "tick" and wire.option and wire.column.option_text:
            rows.append((wave, wire.item, wire.option, wire.column.option_text, 0))
    table = pd.DataFrame(rows, columns=["wave", "item", "option", "written", "n"])
    fielded = {
        (item.id, row.option): row.label
        for item in study.items_of(wave)
        for row in study.options(item.id, wave=wave).itertuples()
    }
    labels = [fielded.get(key, "") for key in zip(table["item"], table["option"], strict=True)]
    table.insert(3, "label", labels)
    table["fielded"] = [w == v for w, v in zip(table["written"], labels, strict=True)]
    return table.sort_values(["item", "option", "written"], ignore_index=True)


def spelling_variants(spellings: pd.DataFrame) -> pd.DataFrame:
    """The labels that differ from the wording as fielded: wave, item, option, label, written."""
    rows = spellings[~spellings["fielded"]]
    return rows[["wave", "item", "option", "label", "written"]].reset_index(drop=True)
