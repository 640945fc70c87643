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
            if column.type != "text" or table.empty:
                continue
            texts = table[column.name].astype("string")
            masked = masked_texts(texts, names=names)
            changed = masked["kinds"].ne("")
            text = masked["text"].astype(object).where(masked["text"].notna(), None)
            out[name] = out[name].assign(**{column.name: text})
            problems += [
                _note(row, column.header, kinds)
                for (_, row), kinds in zip(
                    table[changed].iterrows(), masked.loc[changed, "kinds"], strict=True
                )
            ]
    return out, problems


def _note(row: pd.Series, header: str, kinds: str) -> Problem:
    where = f"{row['file']}, row {row['row']}, column {header}"
    fix = "nothing to do: it is masked in the table; take it out of the file if you can"
    return Problem(where, f"an identifier ({kinds})", "a remark about no person", fix, "note")
