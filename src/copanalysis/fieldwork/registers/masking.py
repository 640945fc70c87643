"""Remarks and notes in registers without what identifies a person, each mask told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.study.identifiers import masked_texts, names_of_study
from copanalysis.study.plan import Study
from copanalysis.study.registers import Register


def mask_registers(
    tables: Mapping[str, pd.DataFrame],
    *,
    registers: Mapping[str, Register],
    people: Iterable[str],
    study: Study,
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Tables with "[persoon]", "[telefoon]" and so on in the text columns, and a note for every
    cell that changed (the place and the kinds, never the name).

    ``people`` are the names in the columns of people: every form of them is looked for.
    """
    names = names_of_study(study.names, people=people)
    out, problems = dict(tables), []
    for name, table in tables.items():
        for column in registers[name].columns:
            texts = table[column.name].dropna().astype("string")
            if column.type != "text" or texts.empty:
                continue
            masked = masked_texts(texts, names=names)
            changed = masked.index[masked["kinds"].ne("")]
            own = out[name][column.name].copy()
            own[changed] = masked.loc[changed, "text"]
            out[name] = out[name].assign(**{column.name: own})
            problems += [
                _note(table.loc[at], column.header, masked.loc[at, "kinds"]) for at in changed
            ]
    return out, problems


def _note(row: pd.Series, header: str, kinds: str) -> Problem:
    where = f"{row['file']}, row {row['row']}, column {header}"
    fix = "nothing to do: it is masked in the table; take it out of the file if you can"
    return Problem(where, f"an identifier ({kinds})", "a remark about no person", fix, "note")
