"""Instruments of observation, registers and analysis: what each of these files must hold."""

from __future__ import annotations

from copanalysis.study.schemas import YES_NO, Field, Schema

FIELD_TYPES = ("count", "scale", "choice", "choices", "text")
REGISTER_TYPES = (
    *("key", "text", "int", "number", "date", "category", "categories"),
    *("cop", "person", "questions", "ignore"),
)
BASES = ("printed", "assumed")
QUESTIONS = Field("questions", refers=("research_questions.csv", "question"), many=True)
COP = ("names.csv", "id")


def _text(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


def _id(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, required=True) for name in names)


def _evidence(*names: str) -> tuple[Field, ...]:
    """Columns of evidence ids, separated by spaces; evidence_ids.py checks them."""
    return tuple(Field(name) for name in names)


POSITION = Field("position", kind="int", required=True)
FRAMES: tuple[Schema, ...] = (
    Schema(
        "registers.csv",
        (
            *_id("register", "column", "headers"),
            Field("place", allowed=("above",)),
            Field("type", required=True, allowed=REGISTER_TYPES),
            Field("required", required=True, allowed=YES_NO),
            Field("vocabulary", refers=("vocabularies.csv", "vocabulary")),
            *_text("rules"),
        ),
        ("register", "column"),
    ),
    Schema(
        "vocabularies.csv",
        (*_id("vocabulary", "code"), POSITION, *_id("label"), *_text("also")),
        ("vocabulary", "code"),
    ),
    Schema(
        "observation_scheme.csv",
        (
            *_id("row"),
            POSITION,
            *_id("question", "framework", "measure"),
            *_text("wrap_up"),
            QUESTIONS,
            *_text("note"),
        ),
        ("row",),
    ),
    Schema(
        "observation_fields.csv",
        (
            *_id("field"),
            Field("row", required=True, refers=("observation_scheme.csv", "row")),
            POSITION,
            *_id("label"),
            Field("type", required=True, allowed=FIELD_TYPES),
            Field("vocabulary", refers=("vocabularies.csv", "vocabulary")),
            *_text("phases"),
            *_text("help"),
        ),
        ("field",),
    ),
    Schema(
        "assumptions.csv",
        (
            *_id("assumption"),
            POSITION,
            *_id("label", "section"),
            Field("register", refers=("registers.csv", "register")),
            *_text("column", "rule", "reason"),
            *_evidence("evidence", "counter_evidence"),
            QUESTIONS,
        ),
        ("assumption",),
    ),
    Schema(
        "chain_links.csv",
        (
            *_id("link"),
            POSITION,
            *_id("label"),
            Field("level", required=True, refers=("levels.csv", "level")),
            *_id("section"),
            QUESTIONS,
        ),
        ("link",),
    ),
    Schema(
        "effect_chain.csv",
        (
            *_id("arrow"),
            POSITION,
            Field("source", required=True, refers=("chain_links.csv", "link")),
            Field("target", required=True, refers=("chain_links.csv", "link")),
            *_id("mechanism"),
            *_evidence("evidence", "counter_evidence"),
            QUESTIONS,
        ),
        ("arrow",),
    ),
    Schema(
        "recommendations.csv",
        (
            *_id("recommendation"),
            *_text("number", "part"),
            *_id("title", "addressee", "advice"),
            Field("status", required=True, allowed=("taken_up", "partly", "not_seen", "unknown")),
            *_id("action", "action_section"),
            *_evidence("evidence", "counter_evidence"),
            *_text("note"),
        ),
        ("recommendation",),
    ),
    Schema(
        "lessons.csv",
        (
            *_id("lesson", "group"),
            POSITION,
            *_id("section", "title"),
            Field("works", required=True, allowed=("yes", "no", "mixed", "unclear")),
            Field("cops", refers=COP, many=True),
            *_evidence("evidence", "counter_evidence"),
            QUESTIONS,
            *_text("note"),
        ),
        ("lesson",),
    ),
    Schema(
        "conditions.csv",
        (
            *_id("condition", "group"),
            POSITION,
            *_id("section", "text"),
            *_evidence("evidence", "counter_evidence"),
            QUESTIONS,
        ),
        ("condition",),
    ),
    Schema(
        "tensions.csv",
        (
            *_id("tension"),
            POSITION,
            *_id("label", "low_pole", "high_pole", "section"),
            *_text("printed_as", "printed_in"),
            *_evidence("evidence"),
            QUESTIONS,
        ),
        ("tension",),
    ),
    Schema(
        "placements.csv",
        (
            Field("cop", required=True, refers=COP),
            Field("tension", required=True, refers=("tensions.csv", "tension")),
            Field("score", required=True, allowed=("-2", "-1", "0", "1", "2")),
            Field("basis", required=True, allowed=BASES),
            *_id("reason"),
            *_evidence("evidence"),
        ),
        ("cop", "tension"),
    ),
    Schema(
        "scenarios.csv",
        (*_id("scenario"), POSITION, *_id("label", "also_called", "section")),
        ("scenario",),
    ),
    Schema(
        "scenario_cells.csv",
        (
            *_id("row"),
            POSITION,
            *_id("row_label"),
            Field("scenario", required=True, refers=("scenarios.csv", "scenario")),
            *_id("text"),
            *_evidence("evidence", "counter_evidence"),
        ),
        ("row", "scenario"),
    ),
)
