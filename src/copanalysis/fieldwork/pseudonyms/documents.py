"""The documents and turns of the fieldwork without names, and where everything in them went."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.pseudonyms.changes import change_table, moved_positions
from copanalysis.fieldwork.pseudonyms.key import Key
from copanalysis.fieldwork.pseudonyms.sources import Source
from copanalysis.fieldwork.pseudonyms.texts import pseudonymise_sources
from copanalysis.study.identifiers import names_of_study
from copanalysis.study.plan import Study

BEHIND_LABEL = len(": ")


@dataclass(frozen=True, eq=False)
class MaskedDocuments:
    """Documents with pseudonyms, and the changes: see `change_table` and `moved_positions`."""

    documents: pd.DataFrame
    changes: pd.DataFrame


def masked_documents(
    documents: pd.DataFrame, *, turns: pd.DataFrame, study: Study
) -> MaskedDocuments:
    """Documents with a pseudonym for everything that identifies a person.

    Rules and the names of the study find what is replaced, and the names that one document
    makes plain are looked for in all; deduce is not asked. No key is read or kept: pseudonyms
    are numbered in the order of the documents ("[respondent-03]", "[plaats-07]"), so the same
    documents give the same pseudonyms, and nobody can be found back without the documents.

    Parameters
    ----------
    documents : DataFrame
        document (each once), text, and other columns, which stay as they are.
    turns : DataFrame
        document, speaker (the label as written in the text, "" when unknown) and role, of the
        documents that are conversations. In the others (open answers, notes) a word with a
        capital counts as a name only when it stands on a list of names.

    Raises
    ------
    CopanalysisError
        For a document that stands there twice.
    """
    twice = documents["document"][documents["document"].duplicated()].unique().tolist()
    if twice:
        raise CopanalysisError(f"Documents that stand in the table twice: {', '.join(twice)}.")
    labels = turns[turns["speaker"].ne("")].drop_duplicates(["document", "speaker"])
    roles = {
        document: dict(zip(own["speaker"], own["role"], strict=True))
        for document, own in labels.groupby("document", observed=True)
    }
    talk = set(turns["document"])
    sources = [
        Source(id, text, roles=roles.get(id, {}), conversation=id in talk)
        for id, text in zip(documents["document"], documents["text"], strict=True)
    ]
    names = names_of_study(study.names)
    done = pseudonymise_sources(sources, key=Key(), names=names, finder=None)
    texts = documents["document"].map(done.texts).astype(documents["text"].dtype)
    return MaskedDocuments(documents.assign(text=texts), change_table(done.changes))


def masked_turns(turns: pd.DataFrame, *, masked: MaskedDocuments) -> pd.DataFrame:
    """Turns as they stand in masked documents: speaker, text and offset; all else as given.

    ``turns`` has document, speaker, text and offset (where ``text`` begins in the document that
    was masked), as `read_transcript` tells them. A speaker's name becomes a pseudonym
    ("respondent-03"); a label that is a word for a role ("INT") stays.
    """
    behind = turns["offset"] - BEHIND_LABEL
    label = turns.assign(start=behind - turns["speaker"].str.len(), end=behind)
    said = turns.assign(start=turns["offset"], end=turns["offset"] + turns["text"].str.len())
    text_of = masked.documents.set_index("document")["text"]
    label, said = (moved_positions(part, changes=masked.changes) for part in (label, said))
    cut = {}
    for name, part in (("speaker", label), ("text", said)):
        rows = zip(part["document"], part["start"], part["end"], strict=True)
        texts = [text_of[document][start:end] for document, start, end in rows]
        cut[name] = pd.Series(texts, index=turns.index, dtype=turns[name].dtype)
    cut["speaker"] = cut["speaker"].where(turns["speaker"].ne(""), "")
    return turns.assign(**cut, offset=said["start"])
