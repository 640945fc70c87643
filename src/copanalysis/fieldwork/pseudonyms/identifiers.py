"""What identifies a person in a conversation: rules, known names and deduce together."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from copanalysis.fieldwork.pseudonyms.deduction import Finder
from copanalysis.study.identifiers import find_by_rules
from copanalysis.study.privacy.findings import Finding, hidden, settled
from copanalysis.study.privacy.full_names import KnownNames
from copanalysis.study.privacy.passages import Passage, lower_words

COLUMNS = {"start": "int64", "end": "int64", "kind": "string", "text": "string", "source": "string"}


def find_identifiers(
    text: str, *, names: KnownNames, finder: Finder | None, lower: Collection[str] | None = None
) -> pd.DataFrame:
    """Everything in a conversation that identifies a person.

    Parameters
    ----------
    text : str
        What was said; offsets count its code points.
    names : KnownNames
        People whose every form is looked for, and CoPs and organisations that are never found.
    finder : Finder or None
        Made by `deduce_finder`; None leaves it to the rules and the names.
    lower : collection of str, optional
        See `find_by_rules`.

    Returns
    -------
    DataFrame
        start, end (exclusive), kind, text, source; a row per stretch, in order, without overlap.
        Kinds: person, place, organisation, address, phone, email, bsn, iban, date_of_birth,
        licence_plate.

    Notes
    -----
    No method finds everything: read a sample of the result. Measured recall and precision stand
    in the documentation.
    """
    found = combined(text, names=names, finder=finder, lower=lower)
    rows = [(f.start, f.end, f.kind, f.text, f.source) for f in found]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def combined(
    text: str, *, names: KnownNames, finder: Finder | None, lower: Collection[str] | None
) -> list[Finding]:
    """The findings that `find_identifiers` puts in a table."""
    found = find_by_rules(text, names=names, wide=True, lower=lower)
    if finder is not None:
        rest = hidden(text, (f for f in found if f.kind == "organisation"))
        passage = Passage(rest, lower_words(text) if lower is None else lower, names.nobodys)
        found += finder(passage, names)
    return settled(found, text=text)
