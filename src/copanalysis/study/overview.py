"""The study told to its reader: the questionnaire, its wordings, the time line, the questions."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from copanalysis.study.plan import Item, Study

FORMS = {
    "single": "één antwoord",
    "multiple": "meer antwoorden",
    "scale": "schaal",
    "open": "open vraag",
}
EVENT_KINDS = {
    "phase": "Fase of onderzoek",
    "research": "Fase of onderzoek",
    "activity": "Activiteit",
    "wave": "Vragenlijst",
    "deliverable": "Rapport",
}


def questionnaire(study: Study) -> pd.DataFrame:
    """Every wording of every item: item, number, wording, form, required (bool), waves,
    questions, origin, short, note; texts in Dutch, one row each, in questionnaire order."""
    rows = [
        (
            item.id,
            item.number or "–",
            item.wording,
            FORMS[item.type] + (f", ten hoogste {item.max_picks}" if item.max_picks else ""),
            item.required,
            ", ".join(item.waves),
            " ".join(item.questions),
            "vragenlijst" if item.origin == "questionnaire" else "alleen het rapport",
            item.short,
            item.note,
        )
        for item in study.items
    ]
    columns = ["item", "number", "wording", "form", "required", "waves", "questions"]
    return pd.DataFrame(rows, columns=[*columns, "origin", "short", "note"])


def questionnaire_options(study: Study) -> pd.DataFrame:
    """The options of every closed item in the last wave that asked it: item, question (number
    and short name), option, position, label."""
    frames = [
        study.options(item.id, wave=item.waves[-1]).assign(question=_named(item))
        for item in _latest(study.items)
        if item.scale
    ]
    return pd.concat(frames, ignore_index=True)[["item", "question", "option", "position", "label"]]


def wording_differences(study: Study) -> pd.DataFrame:
    """Options with one code and more than one wording, over items and waves.

    Returns option, label (one wording), where (the items and waves that use it), one row per
    wording. Only items whose option codes are the same are held against each other.
    """
    rows = [
        (frozenset(options["option"]), option, label, f"{item.short}, golf {wave}")
        for item in study.items
        for wave in item.waves
        if item.scale
        for options in [study.options(item.id, wave=wave)]
        for option, label in zip(options["option"], options["label"], strict=True)
    ]
    table = pd.DataFrame(rows, columns=["codes", "option", "label", "where"])
    several = table.groupby(["codes", "option"])["label"].transform("nunique").gt(1)
    wordings = table[several].groupby(["option", "label"], sort=False)["where"]
    return wordings.agg("; ".join).reset_index()


def timeline_events(study: Study) -> pd.DataFrame:
    """Phases, activities, waves and deliverables: event, label, kind, kind_name (Dutch), start,
    end (dates), section (where it is stated), in order of time."""
    events = study.table("timeline.csv")
    events = events.assign(
        kind_name=events["kind"].map(EVENT_KINDS),
        start=pd.to_datetime(events["start"]),
        end=pd.to_datetime(events["end"]),
    )
    return events.sort_values(["start", "end"], ignore_index=True)


def _named(item: Item) -> str:
    return f"{item.number} {item.short}".strip()


def _latest(items: Iterable[Item]) -> list[Item]:
    """One wording per item: the one fielded last."""
    return list({item.id: item for item in items}.values())


def research_questions(study: Study) -> pd.DataFrame:
    """Every question, part and sub-question: the columns of research_questions.csv with
    level_name (Dutch, "" without a level) and chapters separated by commas."""
    levels = study.table("levels.csv").set_index("level")["label"]
    questions = study.table("research_questions.csv")
    return questions.assign(
        level_name=questions["level"].map(levels).fillna(""),
        chapters=questions["chapters"].str.replace(" ", ", "),
    )


def question_network(study: Study) -> pd.DataFrame:
    """Which survey item serves which research question on which level.

    Returns question, level, level_name (Dutch), item, short; one row per research question and
    item, and one with item and short missing ("") for a question that no item serves. Parts
    of questions count with their question.
    """
    questions = study.table("research_questions.csv")
    asked = questions[questions["phase"].ne("") & questions["parent"].eq("")]
    served = [
        (question, item.id, item.short)
        for item in _latest(study.items)
        for question in item.questions
    ]
    items = pd.DataFrame(served, columns=["question", "item", "short"], dtype="string")
    levels = study.table("levels.csv")[["level", "label"]].rename(columns={"label": "level_name"})
    network = asked[["question", "level"]].merge(items, on="question", how="left")
    network = network.merge(levels, on="level", how="left").fillna("")
    return network[["question", "level", "level_name", "item", "short"]]
