"""What identifies a person in a conversation: rules, known names and deduce together."""

from __future__ import annotations

from collections.abc import Collection

from copanalysis.fieldwork.pseudonyms.deduction import Finder
from copanalysis.study.identifiers import find_by_rules
from copanalysis.study.privacy.findings import Finding, hidden, settled
from copanalysis.study.privacy.full_names import KnownNames
from copanalysis.study.privacy.passages import Passage, lower_words


def find_identifiers(
    text: str,
    *,
    names: KnownNames,
    finder: Finder | None,
    wide: bool,
    lower: Collection[str] | None = None,
) -> list[Finding]:
    """What `find_by_rules` finds in a text, joined with what a finder adds.

    ``finder`` is made by `deduce_finder`; None leaves it to the rules and the names. No method
    finds everything: read a sample of the result. Measured recall and precision stand in the
    documentation.
    """
    found = find_by_rules(text, names=names, wide=wide, lower=lower)
    if finder is not None:
        rest = hidden(text, (f for f in found if f.kind == "organisation"))
        passage = Passage(rest, lower_words(text) if lower is None else lower, names.nobodys)
        found += finder(passage, names)
    return settled(found, text=text)
