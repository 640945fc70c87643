"""Process tracing: the four tests and what passing and failing them says."""

from dataclasses import replace

import pandas as pd
import pytest

from copanalysis.evidence.tracing import contributions, hypotheses, process_tests


# Collier (2011), table 1: which outcome of which test affirms or eliminates a hypothesis.
@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([("straw", "passed")], "tenable"),
        ([("straw", "failed")], "undecided"),
        ([("hoop", "passed")], "tenable"),
        ([("hoop", "failed")], "rejected"),
        ([("smoking_gun", "passed")], "confirmed"),
        ([("smoking_gun", "failed")], "undecided"),
        ([("doubly_decisive", "passed")], "confirmed"),
        ([("doubly_decisive", "failed")], "rejected"),
        ([("hoop", "failed"), ("smoking_gun", "passed")], "rejected"),
        ([("hoop", "not_measured"), ("straw", "passed")], "tenable"),
        ([("hoop", "not_measured")], "not_measured"),
        ([("hoop", "mixed")], "undecided"),
    ],
)
def test_what_tests_together_say(results, verdict):
    tests = pd.DataFrame(results, columns=["kind", "result"]).assign(claim="C", rival="")
    assert hypotheses(tests)["verdict"].item() == verdict


@pytest.mark.parametrize(
    ("evidence", "counter", "result"),
    [
        ("item:q4_got[insight]@3", "", "passed"),
        ("item:q4_got[methods]@3", "", "failed"),
        ("item:q4_got[insight]@3", "code:outcome.none", "mixed"),  # one source for, one against
        ("item:q4_got[policy]@3", "item:q4_got[insight]@3", "failed"),
        ("item:q4_got[insight]@2", "", "not_measured"),
    ],
)
def test_when_a_test_is_passed(sources, with_rows, evidence, counter, result):
    row = {"test": "T", "claim": "C4-1", "kind": "hoop", "evidence": evidence}
    study = with_rows("contribution_tests.csv", row | {"counter_evidence": counter})
    assert process_tests(replace(sources, study=study))["result"].item() == result


@pytest.mark.parametrize(
    ("own", "rival", "direct_name", "conclusion"),
    [
        ("confirmed", "rejected", "", "alone"),
        ("tenable", "tenable", "", "shared"),
        ("confirmed", "undecided", "", "shared"),
        ("rejected", "rejected", "", "rejected"),
        ("not_measured", "tenable", "", "not_measured"),
        ("confirmed", "rejected", "niet direct gemeten", "indirect"),
    ],
)
def test_what_follows_with_rivals_beside_it(own, rival, direct_name, conclusion):
    verdicts = pd.DataFrame(
        [("C", "", own), ("C", "Iets anders.", rival)], columns=["claim", "rival", "verdict"]
    ).assign(verdict_name="")
    claims = pd.DataFrame([("C", "4.4.1", "Iets", direct_name)])
    claims.columns = ["claim", "chapter", "text", "direct_name"]
    assert contributions(verdicts, claims=claims)["conclusion"].item() == conclusion


def test_every_contribution_claim_has_a_test_of_its_own_and_a_rival(study):
    tests = study.table("contribution_tests.csv")
    claims = study.table("claims.csv").query("chapter.str.startswith('4.4')")["claim"]
    assert set(tests.loc[tests["rival"].eq(""), "claim"]) == set(claims)
    assert set(tests.loc[tests["rival"].ne(""), "claim"]) == set(claims)
