"""Quotes chosen by a written rule, and the stories of the most significant change."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from copanalysis.fieldwork.code_tables import chosen_codes, described
from copanalysis.fieldwork.sources import members, with_ancestors
from copanalysis.study.plan import Study

SPEAKER = ["group", "organisation", "cop"]
QUOTE_COLUMNS = ["code", "label", "text", "document", "turn", "agreed", *SPEAKER]


def chosen_quotes(
    segments: pd.DataFrame,
    *,
    coders: pd.DataFrame,
    documents: pd.DataFrame,
    study: Study,
    codes: Sequence[str] = (),
    under: str = "",
) -> pd.DataFrame:
    """One quote per code, by the rule of study.toml [quotes].

    A passage can be quoted when its length lies between shortest and longest characters.
    Preferred are, in this order: a passage to which every coder who had the document gave the
    code, one from a source that is not quoted yet in this table, one with the fewest other
    codes (it says the least else), the longest, and then the first by document and place. A code
    without such a passage has no row.

    Parameters
    ----------
    segments : DataFrame
        document, turn, start, end, code, text: the layer that the report uses.
    coders : DataFrame
        The passages of the separate coders: coder, document, start, end, code.
    documents : DataFrame
        The sources to quote from: document, group, organisation, cop.
    codes, under
        What to illustrate, in this order, or all children of the code ``under``; a passage
        under a code counts for the code above it.

    Returns
    -------
    DataFrame
        code, label, text, document, turn, agreed (every coder gave the code), and of the
        speaker group, organisation and cop.
    """
    rule = study.settings["quotes"]
    codebook = study.table("codebook.csv").query("status == 'active'")
    own = segments[segments["document"].isin(documents["document"])]
    own = own.assign(n_codes=own.groupby(["document", "start", "end"])["code"].transform("size"))
    rows = with_ancestors(own, codebook=codebook)
    length = rows["text"].str.len()
    rows = rows[length.between(rule["shortest"], rule["longest"])].assign(length=length)
    rows = rows.assign(agreed=_agreed(rows, with_ancestors_of(coders, codebook)))
    taken: set[str] = set()
    chosen = []
    for code in chosen_codes(codebook, codes=codes, under=under):
        fits = rows[rows["code"].eq(code)]
        fits = fits.assign(new=~fits["document"].isin(taken))
        order = ["agreed", "new", "n_codes", "length", "document", "start"]
        fits = fits.sort_values(order, ascending=[False, False, True, False, True, True])
        chosen.append(fits.head(1))
        taken |= set(fits["document"].head(1))
    table = pd.concat(chosen, ignore_index=True)
    names = codebook.set_index("code")["name"]
    table = table.assign(label=table["code"].map(names))
    table = table.merge(documents[["document", *SPEAKER]], on="document")
    return table[QUOTE_COLUMNS]


def with_ancestors_of(coders: pd.DataFrame, codebook: pd.DataFrame) -> pd.DataFrame:
    """Passages of several coders with the codes above their own, coder by coder."""
    parts = [
        with_ancestors(own, codebook=codebook).assign(coder=coder)
        for coder, own in coders.groupby("coder", observed=True)
    ]
    return pd.concat(parts, ignore_index=True) if parts else coders


def _agreed(rows: pd.DataFrame, coders: pd.DataFrame) -> list[bool]:
    """Whether each coder who coded the document gave the code to some of the passage."""
    had = members(coders, of="coder", by="document")
    places: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for row in coders[["document", "code", "coder", "start", "end"]].itertuples(index=False):
        places.setdefault((row.document, row.code), []).append((row.coder, row.start, row.end))
    agreed = []
    for row in rows[["document", "code", "start", "end"]].itertuples(index=False):
        met = places.get((row.document, row.code), [])
        who = {coder for coder, start, end in met if start < row.end and row.start < end}
        agreed.append(bool(had.get(row.document)) and who == had[row.document])
    return agreed


def significant_changes(
    segments: pd.DataFrame, *, documents: pd.DataFrame, study: Study
) -> pd.DataFrame:
    """The ledger of most significant changes: one row per story told.

    A story is the answer to the question for the most significant change: the turns of one
    conversation that carry the code of study.toml [quotes] story. Its domain is the outcome
    (child of study.toml [quotes] domains) that its passages carry most; told in which round,
    and why it was chosen as the adjudicator noted it.

    Returns
    -------
    DataFrame
        document, phase, group, group_name, organisation, cop, domain, domain_label,
        n_passages, turn (where it begins), text (its longest passage), reason.
    """
    rule = study.settings["quotes"]
    codebook = study.table("codebook.csv").query("status == 'active'")
    names = codebook.set_index("code")["name"]
    domains = set(codebook.loc[codebook["parent"].isin(rule["domains"]), "code"])
    own = segments[segments["document"].isin(documents["document"])]
    told = own[own["code"].eq(rule["story"])]
    within = with_ancestors(own, codebook=codebook)
    within = within[within["code"].isin(domains)]
    rows = []
    for document, story in told.groupby("document", observed=True):
        there = within[within["document"].eq(document) & within["turn"].isin(story["turn"])]
        count = there["code"].astype("str").value_counts()
        best = story.loc[story["text"].str.len().idxmax()]
        rows.append(
            {
                "document": document,
                "domain": min(count[count.eq(count.max())].index, default=""),
                "n_passages": len(story),
                "turn": best["turn"],
                "text": best["text"],
                "reason": " ".join(m for m in story["memo"].fillna("").unique() if m),
            }
        )
    columns = ["document", "domain", "n_passages", "turn", "text", "reason"]
    table = pd.DataFrame(rows, columns=columns)
    table["domain_label"] = table["domain"].map(names).fillna("Geen uitkomst gecodeerd")
    about = ["document", "phase", "group", "group_name", "organisation", "cop"]
    return table.merge(described(documents, study=study)[about], on="document")


def repeated_examples(
    turns: pd.DataFrame, *, documents: pd.DataFrame, examples: pd.DataFrame
) -> pd.DataFrame:
    """One event under several names, counted once: where each name of an example is used.

    Parameters
    ----------
    turns : DataFrame
        document and text.
    examples : DataFrame
        The instrument examples.csv: example (id), label, words (a way to name it; any case).

    Returns
    -------
    DataFrame
        One row per example: example, label, names (ways met, joined by " = "), n_names,
        n_mentions (turns that name it), n_sources, base (conversations).
    """
    said = turns[turns["document"].isin(documents["document"])]
    rows = []
    for (example, label), ways in examples.groupby(["example", "label"], sort=False):
        met = {
            words: said[said["text"].str.contains(words, case=False, regex=False)]
            for words in ways["words"]
        }
        met = {words: found for words, found in met.items() if len(found)}
        every = pd.concat([said.iloc[:0], *met.values()]).drop_duplicates("turn")
        rows.append(
            (example, label, " = ".join(met), len(met), len(every), every["document"].nunique())
        )
    columns = ["example", "label", "names", "n_names", "n_mentions", "n_sources"]
    return pd.DataFrame(rows, columns=columns).assign(base=documents["document"].nunique())
