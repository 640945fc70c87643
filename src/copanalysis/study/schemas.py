"""What each instrument file must hold: columns, kinds of value, keys and references."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One column: its kind of value and, where it points elsewhere, to which file and column.

    ``kind`` is "text", "int", "number" or "date" (ISO). ``allowed`` lists the only values.
    ``refers`` is (file, column), or ("waves",) for a wave of study.toml; ``many`` allows
    several values separated by spaces.
    """

    name: str
    kind: str = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True)
class Schema:
    """One instrument file: its fields and the columns that together identify a row."""

    file: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)


ITEM_TYPES = ("single", "multiple", "scale", "open")
COLUMN_ROLES = ("text", "ignore", "id", "started", "submitted", "seconds", "link")
YES_NO = ("yes", "no")


def _text(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


def _id(name: str) -> Field:
    return Field(name, required=True)


SCHEMAS: tuple[Schema, ...] = (
    Schema(
        "items.csv",
        (
            _id("item"),
            Field("waves", required=True, refers=("waves",), many=True),
            *_text("number", "section"),
            _id("wording"),
            Field("type", required=True, allowed=ITEM_TYPES),
            Field("scale", refers=("scales.csv", "scale")),
            Field("max_picks", kind="int"),
            Field("required", required=True, allowed=YES_NO),
            Field("asked_if", refers=("items.csv", "item")),
            Field("questions", refers=("research_questions.csv", "question"), many=True),
            Field("origin", required=True, allowed=("questionnaire", "report")),
            _id("short"),
            *_text("note"),
        ),
        ("item", "waves"),
    ),
    Schema(
        "scales.csv",
        (
            _id("scale"),
            Field("waves", refers=("waves",), many=True),
            _id("code"),
            Field("position", kind="int", required=True),
            _id("label"),
            Field(
                "kind",
                required=True,
                allowed=("answer", "other", "dont_know", "refused", "not_asked"),
            ),
            *_text("short", "also"),
        ),
        ("scale", "code", "waves"),
    ),
    Schema(
        "columns.csv",
        (
            Field("wave", refers=("waves",)),
            *_text("format"),
            _id("column"),
            Field("item", refers=("items.csv", "item")),
            *_text("option"),
            Field("role", allowed=COLUMN_ROLES),
        ),
        ("wave", "format", "column"),
    ),
    Schema(
        "names.csv",
        (
            _id("alias"),
            _id("id"),
            Field("kind", required=True, allowed=("cop", "organisation", "public")),
            Field("preferred", required=True, allowed=YES_NO),
            Field("valid_from", kind="date"),
            Field("valid_to", kind="date"),
            *_text("source"),
        ),
        ("alias", "kind", "valid_from"),
    ),
    Schema(
        "population.csv",
        (
            Field("cop", required=True, refers=("names.csv", "id")),
            Field("members", kind="int", required=True),
            Field("valid_from", kind="date", required=True),
            Field("basis", required=True, allowed=("printed", "assumed")),
            *_text("source"),
        ),
        ("cop", "valid_from"),
    ),
    Schema(
        "research_questions.csv",
        (
            _id("question"),
            *_text("phase"),
            Field("parent", refers=("research_questions.csv", "question")),
            *_text("number"),
            _id("text"),
            Field("level", refers=("levels.csv", "level")),
            *_text("chapters"),
        ),
        ("question",),
    ),
    Schema(
        "published.csv",
        (
            _id("figure"),
            _id("section"),
            Field("item", refers=("items.csv", "item")),
            *_text("option"),
            Field("wave", refers=("waves",)),
            Field("wave_assumed", refers=("waves",)),
            Field("statistic", required=True, allowed=("share", "responses", "members")),
            Field("printed", kind="number"),
            _id("as_printed"),
            Field("base_stated", kind="int"),
            *_text("base_source", "note"),
        ),
        ("figure", "section", "option", "as_printed"),
    ),
    Schema(
        "findings.csv",
        (
            *map(_id, ("finding", "title", "check", "consequence")),
            Field("data", required=True, allowed=("survey", "all")),
        ),
        ("finding",),
    ),
    Schema(
        "statements.csv",
        (
            Field("finding", required=True, refers=("findings.csv", "finding")),
            _id("value"),
            _id("section"),
        ),
        ("finding", "value", "section"),
    ),
    Schema(
        "timeline.csv",
        (
            _id("event"),
            _id("label"),
            Field(
                "kind",
                required=True,
                allowed=("phase", "research", "activity", "deliverable", "wave"),
            ),
            Field("start", kind="date", required=True),
            Field("end", kind="date", required=True),
            _id("section"),
        ),
        ("event",),
    ),
    Schema(
        "levels.csv",
        (
            _id("level"),
            Field("position", kind="int", required=True),
            _id("label"),
            _id("indicator"),
            _id("source"),
        ),
        ("level",),
    ),
    Schema(
        "codebook.csv",
        (
            _id("code"),
            Field("parent", refers=("codebook.csv", "code")),
            _id("name"),
            _id("definition"),
            *_text("include", "exclude", "example"),
            Field("since", kind="date", required=True),
            Field("status", required=True, allowed=("active", "merged", "split", "retired")),
            Field("merged_into", refers=("codebook.csv", "code"), many=True),
            Field("questions", refers=("research_questions.csv", "question"), many=True),
            Field("opposite", refers=("codebook.csv", "code")),
        ),
        ("code",),
    ),
    Schema(
        "examples.csv",
        (_id("example"), _id("label"), _id("words"), _id("section")),
        ("example", "words"),
    ),
    Schema(
        "decisions.csv",
        (
            Field("item", required=True, refers=("items.csv", "item")),
            _id("text"),
            Field("action", required=True, allowed=("move", "keep", "clear")),
            *_text("option", "reason"),
        ),
        ("item", "text"),
    ),
    Schema(
        "outline.csv",
        (
            _id("notebook"),
            _id("output"),
            Field("kind", required=True, allowed=("table", "figure")),
            *_text("coverage"),
        ),
        ("notebook", "output", "kind"),
    ),
    Schema(
        "definitions.csv",
        (
            Field("kind", required=True, allowed=("column", "keyword", "function")),
            *_text("function", "name"),
            _id("meaning"),
        ),
        ("kind", "function", "name"),
    ),
    Schema(
        "counted.csv",
        (
            *_text("table"),
            _id("column"),
            Field("unit", required=True, allowed=("people", "things", "bases")),
            _id("meaning"),
        ),
        ("table", "column"),
    ),
    Schema(
        "prose_rules.csv",
        (
            Field(
                "rule",
                required=True,
                allowed=("subject", "fact", "sum", "name", "section", "quantifier", "countable"),
            ),
            _id("name"),
            *_text("subject", "pattern"),
            Field("level", required=True, allowed=("error", "warning", "note")),
            _id("why"),
        ),
        ("rule", "name", "pattern"),
    ),
    Schema(
        "tables.csv",
        (
            Field(
                "folder", required=True, allowed=("survey", "fieldwork", "registers", "reliability")
            ),
            _id("table"),
            _id("column"),
            Field(
                "type",
                required=True,
                allowed=("text", "category", "int", "number", "bool", "datetime"),
            ),
            Field("required", required=True, allowed=YES_NO),
            _id("meaning"),
        ),
        ("table", "column"),
    ),
)
