"""The instrument files that say what the conclusions of the report rest on."""

from __future__ import annotations

from copanalysis.study.schemas import YES_NO, Field, Schema

# tests of process tracing, by what passing and failing say (Van Evera 1997; Collier 2011)
TESTS = ("straw", "hoop", "smoking_gun", "doubly_decisive")


def _id(name: str) -> Field:
    return Field(name, required=True)


EVIDENCE_SCHEMAS: tuple[Schema, ...] = (
    Schema(
        "claims.csv",
        (
            _id("claim"),
            _id("chapter"),
            _id("text"),
            Field("sort", required=True, allowed=("descriptive", "causal")),
            _id("evidence"),
            Field("counter_evidence"),
            Field("on_missing", required=True, allowed=("weaken", "not_measured", "fail")),
            Field("test", allowed=TESTS),
            Field("direct", required=True, allowed=YES_NO),
            Field("limits"),
        ),
        ("claim",),
    ),
    Schema(
        "contribution_tests.csv",
        (
            _id("test"),
            Field("claim", required=True, refers=("claims.csv", "claim")),
            Field("rival"),
            Field("kind", required=True, allowed=TESTS),
            _id("expectation"),
            _id("evidence"),
            Field("counter_evidence"),
        ),
        ("test",),
    ),
    Schema(
        "convergence.csv",
        (_id("topic"), _id("label"), _id("chapter"), _id("evidence"), Field("counter_evidence")),
        ("topic",),
    ),
    Schema(
        "question_evidence.csv",
        (
            Field("question", required=True, refers=("research_questions.csv", "question")),
            _id("evidence"),
            Field("counter_evidence"),
            Field("gap"),
        ),
        ("question",),
    ),
    Schema(
        "aims.csv",
        (
            _id("aim"),
            Field("position", kind="int", required=True),
            _id("label"),
            _id("section"),
            Field("aim_option", refers=("scales.csv", "code")),
            Field("got_options", refers=("scales.csv", "code"), many=True),
        ),
        ("aim",),
    ),
    Schema("coverage.csv", (_id("item"), _id("text"), _id("section")), ("item",)),
)
