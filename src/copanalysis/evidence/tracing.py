"""Process tracing: the tests that a contribution claim and its rivals pass or fail.

The four tests are those of Van Evera (1997), in the words of Collier (2011, PS: Political Science
and Politics 44:823): failing a hoop test rejects a hypothesis, passing a smoking gun confirms it,
a doubly decisive test does both, a straw in the wind neither. With rival explanations beside each
claim this is the core of contribution analysis (Mayne 2012, Evaluation 18:270).
"""

from __future__ import annotations

import pandas as pd

from copanalysis.evidence.sources import Sources
from copanalysis.evidence.strength import SPEAKING, source_directions
from copanalysis.evidence.tallies import evidence_tallies
from copanalysis.evidence.words import evidence_words

TESTS = {
    "straw": "strohalm",
    "hoop": "hoepel",
    "smoking_gun": "rokend pistool",
    "doubly_decisive": "dubbel beslissend",
}
RESULTS = {
    "passed": "doorstaan",
    "failed": "niet doorstaan",
    "mixed": "gemengd",
    "not_measured": "niet te meten",
}
VERDICTS = {
    "rejected": "valt af",
    "confirmed": "bevestigd",
    "tenable": "houdbaar",
    "undecided": "onbeslist",
    "not_measured": "niet te meten",
}
CONCLUSIONS = {
    "alone": "bijdrage aannemelijk",
    "shared": "bijdrage mogelijk, naast een andere verklaring",
    "indirect": "aanwijzing, niet direct gemeten",
    "undecided": "bijdrage onbeslist",
    "rejected": "bijdrage niet aangetoond",
    "not_measured": "niet te meten",
}


def process_tests(sources: Sources) -> pd.DataFrame:
    """Every test of contribution_tests.csv: passed, failed, or not to be measured.

    A test is passed when more kinds of source support what it expects than oppose it, failed
    when more oppose it or all are silent, else mixed. Returns the columns of the file and
    kind_name, result, result_name and found (the evidence with its amounts, in Dutch), in the
    order of the file.
    """
    tests = sources.study.table("contribution_tests.csv")
    tallies = evidence_tallies(tests, id="test", sources=sources)
    directions = source_directions(tallies, id="test")
    words = evidence_words(tallies, study=sources.study)
    found = words.groupby(tallies["test"], sort=False).agg("; ".join)
    result = tests["test"].map(directions.groupby("test")["direction"].agg(_result))
    return tests.assign(
        kind_name=tests["kind"].map(TESTS),
        result=result,
        result_name=result.map(RESULTS),
        found=tests["test"].map(found),
    )


def hypotheses(tests: pd.DataFrame) -> pd.DataFrame:
    """What the tests together say of each claim and of each rival explanation.

    ``tests`` are those of ``process_tests``. Returns claim, rival ("" for the claim itself),
    n_tests, n_passed, n_failed, verdict ("rejected", "confirmed", "tenable", "undecided",
    "not_measured") and verdict_name.
    """
    rows = [
        (claim, rival, len(own), *_counts(own), _verdict(own))
        for (claim, rival), own in tests.groupby(["claim", "rival"], sort=False)
    ]
    columns = ["claim", "rival", "n_tests", "n_passed", "n_failed", "verdict"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(verdict_name=table["verdict"].map(VERDICTS))


def contributions(verdicts: pd.DataFrame, *, claims: pd.DataFrame) -> pd.DataFrame:
    """What follows for each claim, its rivals beside it.

    ``verdicts`` are those of ``hypotheses``, ``claims`` has claim, chapter, text and direct_name.
    Returns claim, chapter, text, direct_name, verdict, verdict_name, n_rivals, n_rivals_left
    (not rejected), rivals_left (their words), conclusion and conclusion_name. What nobody
    measured directly is at most an indication, whatever its tests say.
    """
    own = verdicts[verdicts["rival"].eq("")]
    rivals = verdicts[verdicts["rival"].ne("")]
    left = rivals[rivals["verdict"].ne("rejected")]
    names = left["rival"].groupby(left["claim"], sort=False).agg(" ".join)
    table = claims[["claim", "chapter", "text", "direct_name"]].merge(
        own[["claim", "verdict", "verdict_name"]], on="claim"
    )
    table = table.assign(
        n_rivals=table["claim"].map(rivals["claim"].value_counts()).fillna(0).astype(int),
        n_rivals_left=table["claim"].map(left["claim"].value_counts()).fillna(0).astype(int),
        rivals_left=table["claim"].map(names).astype("string").fillna(""),
    )
    conclusion = [
        _conclusion(row.verdict, row.n_rivals_left, direct=not row.direct_name)
        for row in table.itertuples()
    ]
    names = [CONCLUSIONS[c] for c in conclusion]
    return table.assign(conclusion=conclusion, conclusion_name=names)


def _result(directions: pd.Series) -> str:
    """The result of one test, from what each kind of source says."""
    if directions.eq("not_measured").all():
        return "not_measured"
    surplus = directions.eq("for").sum() - directions.eq("against").sum()
    if surplus == 0:
        return "mixed" if directions.isin(SPEAKING).any() else "failed"
    return "passed" if surplus > 0 else "failed"


def _counts(tests: pd.DataFrame) -> tuple[int, int]:
    return int(tests["result"].eq("passed").sum()), int(tests["result"].eq("failed").sum())


def _verdict(tests: pd.DataFrame) -> str:
    measured = tests[tests["result"].ne("not_measured")]
    failed = measured.loc[measured["result"].eq("failed"), "kind"]
    passed = measured.loc[measured["result"].eq("passed"), "kind"]
    if measured.empty:
        return "not_measured"
    if failed.isin(["hoop", "doubly_decisive"]).any():
        return "rejected"
    if passed.isin(["smoking_gun", "doubly_decisive"]).any():
        return "confirmed"
    return "tenable" if len(passed) else "undecided"


def _conclusion(verdict: str, rivals_left: int, *, direct: bool) -> str:
    if verdict not in ("confirmed", "tenable"):
        return verdict
    if not direct:
        return "indirect"
    return "shared" if rivals_left else "alone"
