"""The ids of evidence: read in their parts, and each unknown one named with its place."""

import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.study.evidence_ids import Reference, evidence_problems, read_references
from copanalysis.study.instruments import Sheet
from copanalysis.study.schemas import Field, Schema


def test_an_id_is_read_in_its_parts():
    assert read_references("item:q4_got[insight+network]@3 code:a.b+c doc:D01") == (
        Reference("item:q4_got[insight+network]@3", "item", "q4_got", "insight+network", "3"),
        Reference("code:a.b+c", "code", "a.b+c", "", ""),
        Reference("doc:D01", "doc", "D01", "", ""),
    )


def test_every_malformed_id_is_named():
    with pytest.raises(CopanalysisError) as caught:
        read_references("item:q4_got itm:q4 code")
    assert [p.found for p in caught.value.problems] == ["'itm:q4'", "'code'"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("item:q4_got[insight]@3 item:q6_examples code:outcome.none+works.yes@2", []),
        ("item:q99", ["a item of items.csv"]),
        ("item:q4_got@3", ["between brackets one or more of insight, "]),  # not all say the same
        ("item:q6_examples[outcome.service+outcome.none]@3", []),
        ("item:q6_examples[insight]@3", ["between brackets one of "]),
        ("item:q4_got[insihgt]@3", ["between brackets one of "]),
        ("item:q4_got[insight]@9", ["an id of [[waves]]"]),
        ("code:outcome.relations.contacts", ["a code of codebook.csv"]),  # a retired code
        ("code:outcome.none+works.yess", ["a code of codebook.csv"]),
        ("code:outcome.none@7", ["an id of [[waves]]"]),
        ("reg:answers[wave=3] reg:answer", ["a table of tables.csv"]),
        ("reg:answers[wav=3]", ["between brackets one of "]),
        ("survey:q4", ["kind:id"]),
    ],
)
def test_an_unknown_id_in_an_instrument_is_a_problem_with_its_place(study, written, expected):
    schema = Schema("claims.csv", (Field("claim"), Field("evidence")), ("claim",))
    sheet = Sheet(schema, ({"claim": "C1", "evidence": written},), (7,))
    problems = evidence_problems(study.settings, {**study.sheets, "claims.csv": sheet})
    assert [p.expected.startswith(e) for p, e in zip(problems, expected, strict=True)] == [
        True
    ] * len(expected)
    assert all(p.where == "data/instruments/claims.csv, line 7, column evidence" for p in problems)
