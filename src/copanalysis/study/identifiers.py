"""What identifies a person in a Dutch text, found by rules and lists alone: fast, no model."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from copanalysis.study.names import Names
from copanalysis.study.privacy.addresses import find_addresses
from copanalysis.study.privacy.findings import KINDS, Finding, hidden, settled
from copanalysis.study.privacy.full_names import KnownNames, known_names
from copanalysis.study.privacy.masking import changed, masked
from copanalysis.study.privacy.passages import Passage, lower_words
from copanalysis.study.privacy.patterns import find_numbers
from copanalysis.study.privacy.people import People
from copanalysis.study.privacy.places import Places, find_organisations

# What points to a person without anything else.
DIRECT = tuple(kind for kind in KINDS if kind not in ("place", "organisation"))


def names_of_study(names: Names, *, people: Iterable[str] = ()) -> KnownNames:
    """The names a study knows: ``people``, and those of names.csv, which identify nobody.

    Every alias and id of names.csv is kept: CoPs, organisations, and what is of kind public
    (places and people that anybody may name).
    """
    never = [text for name in names.names for text in (name.alias, name.id)]
    return known_names(people, never=never)


def find_by_rules(
    text: str,
    *,
    names: KnownNames,
    wide: bool,
    lower: Collection[str] | None = None,
) -> list[Finding]:
    """What identifies a person in a text, in order of place, without overlap.

    Parameters
    ----------
    text : str
        A Dutch text; earlier pseudonyms in it ("[persoon-03]") are left alone.
    names : KnownNames
        People of whom every form is looked for, and names that are never an identifier.
    wide : bool
        Whether a word with a capital within a sentence that is nothing else counts as a name
        (right for conversations, where such words are names), or only words on a list of names.
    lower : collection of str, optional
        Words that the texts around this one write small, which are therefore plain words where
        they begin a sentence; the words of ``text`` itself by default.

    Returns
    -------
    list of Finding
        Kinds: see findings.KINDS.

    Notes
    -----
    Places and regions larger than the region of a CoP, and the government's seat, are no
    identifiers; nor are streets without a number and dates that are not of birth.
    """
    organisations = list(find_organisations(text, known=names))
    rest = hidden(text, organisations)
    passage = Passage(rest, lower_words(text) if lower is None else lower, names.nobodys)
    found = [
        *organisations,
        *find_numbers(text),
        *find_addresses(text),
        *People(passage, names, wide).findings(),
        *Places(passage, names, wide).findings(),
    ]
    return settled(found, text=text)


def masked_texts(texts: pd.Series, *, names: KnownNames) -> pd.DataFrame:
    """Open answers with what identifies a person replaced by its kind ("[persoon]", "[telefoon]").

    Parameters
    ----------
    texts : Series
        Answers as written, text or missing.
    names : KnownNames
        People whose every form is looked for, and names that are never an identifier.

    Returns
    -------
    DataFrame
        Index as given; text (missing ones stay missing) and kinds (what was replaced, of DIRECT,
        in order and separated by spaces; "" for nothing). Places and organisations stay. Nothing
        links two masked names: there is no key.
    """
    distinct = texts.dropna().unique().tolist()
    lower = lower_words("\n".join(distinct))
    new, kinds = {}, {}
    for text in distinct:
        found = find_by_rules(text, names=names, wide=False, lower=lower)
        changes = [masked(finding) for finding in found if finding.kind in DIRECT]
        new[text] = changed(text, changes)
        kinds[text] = " ".join(change.kind for change in changes)
    table = {"text": texts.map(new), "kinds": texts.map(kinds).fillna("")}
    return pd.DataFrame(table, index=texts.index).astype("string")
