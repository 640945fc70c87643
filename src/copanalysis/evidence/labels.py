"""Register tables for the reader: codes in the words of the vocabularies."""

from __future__ import annotations

import pandas as pd

from copanalysis.study.plan import Study
from copanalysis.study.registers import study_registers, vocabulary_labels


def labelled(table: pd.DataFrame, *, register: str, study: Study) -> pd.DataFrame:
    """The table with, beside every column of codes, its Dutch words as ``<column>_name``.

    The vocabulary of a column is that of registers.csv; of a column with several codes the words
    are joined by commas. Missing stays missing.
    """
    named = {}
    for column in study_registers(study.sheets)[register].columns:
        if column.vocabulary and column.name in table:
            labels = vocabulary_labels(study.sheets, column.vocabulary)
            codes = table[column.name].astype("string").str.split()
            words = [
                pd.NA if codes_ is pd.NA else ", ".join(labels.get(code, code) for code in codes_)
                for codes_ in codes.astype(object).where(codes.notna(), pd.NA)
            ]
            named[f"{column.name}_name"] = pd.Series(words, index=table.index, dtype="string")
    return table.assign(**named)
