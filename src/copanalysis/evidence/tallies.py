"""Every id of evidence looked up: how much of it there is, out of how much, and how heavy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from copanalysis.evidence.sources import Sources
from copanalysis.evidence.strength import weight
from copanalysis.study.evidence_ids import Reference, read_references
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Study
from copanalysis.survey.bases import item_answers

SIDES = {"for": "evidence", "counter": "counter_evidence"}
BOUND = {"lesson": "lessons.csv", "condition": "conditions.csv"}  # they rest on other ids
ALL_OF_THEM = ("code", "obs")  # all of few conversations or meetings are more than none
DOCUMENTS = ("documents", "project_documents")
TALLY = ["n", "base", "weight", "uncertain", "reason"]


@dataclass(frozen=True)
class Amount:
    """How much an id names: ``n`` out of ``base`` (base None: not out of anything)."""

    n: int
    base: int | None = None


Found = Amount | NotMeasured


def evidence_tallies(rows: pd.DataFrame, *, id: str, sources: Sources) -> pd.DataFrame:
    """Look up the evidence of every row of an instrument.

    Parameters
    ----------
    rows
        One row per ``id``, with the columns evidence and counter_evidence (ids of
        ``references``, separated by spaces; the latter may be absent).

    Returns
    -------
    DataFrame
        One row per id, side ("for", "counter") and reference: id, side, reference, kind, n
        (respondents, conversations, meetings, rows or documents), base (out of how many, NA
        where that has no meaning), weight (0 silent, 1 some, 2 broad; NA when it cannot be
        measured; all conversations or meetings that there are weigh 1 at least), uncertain (a
        code on which coders did not agree enough or were not compared: it weighs at most
        ``code_uncertain`` of study.toml) and reason (in Dutch, "" when measured). A lesson or
        condition stands for what it rests on. A code counts with the codes under it, save those
        that the same row names as counter-evidence.

    Raises
    ------
    CopanalysisError
        For ids of another form.
    """
    records = []
    for row in rows.to_dict("records"):
        sides = _sides(row, sources)
        countered = {r.id for r in sides["counter"] if r.kind == "code"}
        for side, references in sides.items():
            without = countered if side == "for" else set()
            for reference in references:
                asked = (reference, frozenset(without))
                if asked not in sources.tallied:
                    sources.tallied[asked] = _tally(reference, sources, without)
                tally = sources.tallied[asked]
                records.append((row[id], side, reference.text, reference.kind, *tally))
    table = pd.DataFrame(records, columns=[id, "side", "reference", "kind", *TALLY])
    whole = ["n", "base", "weight"]
    return table.astype({**dict.fromkeys(whole, "Int64"), "reason": "string"})


def _sides(row: dict, sources: Sources) -> dict[str, list[Reference]]:
    """The references of both sides, lessons and conditions replaced by what they rest on."""
    found: dict[str, list[Reference]] = {side: [] for side in SIDES}
    for side, column in SIDES.items():
        for reference in read_references(row.get(column, "")):
            if reference.kind not in BOUND:
                found[side].append(reference)
                continue
            bound = sources.study.table(BOUND[reference.kind]).set_index(reference.kind)
            found[side] += read_references(bound.at[reference.id, "evidence"])
    return {side: list(dict.fromkeys(references)) for side, references in found.items()}


def _tally(reference: Reference, sources: Sources, without: Collection[str]) -> tuple:
    amount = LOOK_UP[reference.kind](reference, sources, without)
    if isinstance(amount, NotMeasured):
        return None, None, None, False, amount.reason
    rules = sources.study.settings["evidence"]
    share = amount.n / amount.base if reference.kind == "item" and amount.base else amount.n
    heavy = weight(reference.kind, share, rules)
    if amount.n and amount.n == amount.base and reference.kind in ALL_OF_THEM:
        heavy = max(heavy, 1)
    uncertain = _is_uncertain(reference, sources)
    heavy = min(heavy, rules["code_uncertain"]) if uncertain else heavy
    return amount.n, amount.base, heavy, uncertain, ""


def _is_uncertain(reference: Reference, sources: Sources) -> bool:
    """Whether it goes by a code on which coders did not agree enough, as far as is known."""
    named = {"code": reference.id.split("+"), "item": reference.parts}.get(reference.kind, ())
    codes = sources.codes.intersection(named)  # the parts of a closed item are options
    return not sources.reliable_codes.issuperset(codes)


def _wave(study: Study, reference: Reference) -> str:
    """The wave that an item id is about: the one named, else that of the figures of the report
    when it asked the item, else the last that did."""
    usual = study.settings["study"]["figures_from_wave"]
    asked = study.item(reference.id, wave=usual)
    return reference.moment or (usual if asked else study.latest_wave_of(reference.id))


def _item(reference: Reference, sources: Sources, without: Collection[str]) -> Found:
    """Respondents that chose any of the options, or whose answer in words has any of the codes;
    without either those that answered at all, out of those asked."""
    study = sources.study
    wave = _wave(study, reference)
    asked = study.item(reference.id, wave=wave)
    if isinstance(asked, NotMeasured):
        return asked
    answers = sources.answers[sources.answers["wave"].eq(wave)]
    if answers.empty:
        return NotMeasured(reference.id, f"{study.wave(wave).label} ontbreekt in de gegevens")
    if not reference.part:
        rows = answers[answers["item"].eq(reference.id) & answers["state"].ne("not_shown")]
        given = rows.loc[rows["state"].eq("answered"), "respondent"]
        return Amount(given.nunique(), rows["respondent"].nunique())
    if asked.type == "open":
        return _written(reference, sources, wave)
    request = {"options": study.options(reference.id, wave=wave), "base": "answered", "by": ""}
    types = ("multiple",) if asked.type == "multiple" else ("single",)
    found = item_answers(answers, item=reference.id, types=types, **request)
    if isinstance(found, NotMeasured):
        return found
    picked = found.picks[found.picks["option"].isin(reference.parts)]
    return Amount(picked["respondent"].nunique(), len(found.people))


def _written(reference: Reference, sources: Sources, wave: str) -> Found:
    """Answers in words with any of the codes, out of those that were coded."""
    answers = sources.written(reference.id, wave=wave)
    if isinstance(answers, NotMeasured):
        return answers
    return Amount(len(answers & sources.documents_of(reference.parts)), len(answers))


def _code(reference: Reference, sources: Sources, without: Collection[str]) -> Found:
    talks = sources.conversations(group=reference.part, phase=reference.moment)
    if isinstance(talks, NotMeasured):
        return talks
    coded = sources.coded_documents(reference.id.split("+"), without=without)
    return Amount(len(coded & set(talks["document"])), len(talks))


def _obs(reference: Reference, sources: Sources, without: Collection[str]) -> Found:
    found = sources.observed(reference.id, phase=reference.moment)
    if isinstance(found, NotMeasured):
        return found
    return Amount(int(found["filled"].sum()), len(found))


def _reg(reference: Reference, sources: Sources, without: Collection[str]) -> Found:
    found = sources.table(reference.id)
    if isinstance(found, NotMeasured):
        return found
    column, equals, value = reference.part.partition("=")
    if column and found[column].isna().all():
        return NotMeasured(reference.id, "dit is nergens ingevuld")
    rows = found[found[column].astype(str).eq(value)] if equals else found
    rows = found[found[column].notna()] if column and not equals else rows
    return Amount(len(rows), len(found))


def _doc(reference: Reference, sources: Sources, without: Collection[str]) -> Found:
    ids = {
        str(value)
        for name in DOCUMENTS
        if (table := sources.tables.get(name)) is not None
        for value in table.iloc[:, 0]
    }
    if reference.id not in ids:
        return NotMeasured(reference.id, f"document {reference.id} is er niet")
    return Amount(1)


LOOK_UP = {"item": _item, "code": _code, "obs": _obs, "reg": _reg, "doc": _doc}
