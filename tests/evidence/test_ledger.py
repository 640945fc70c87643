"""The ledger: a claim that loses its evidence weakens, cannot be measured, or stops the build."""

from dataclasses import replace

import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.evidence.ledger import claims_ledger
from copanalysis.evidence.sources import Sources

CLAIM = {
    **{"claim": "C1", "chapter": "4.5", "text": "Iets", "sort": "causal", "direct": "yes"},
    "evidence": "item:q4_got[insight]@3 code:outcome.relations",
}


def ledger(sources, with_rows, **changes):
    study = with_rows("claims.csv", {**CLAIM, **changes})
    (row,) = claims_ledger(replace(sources, study=study), chapters=["4.5"]).to_dict("records")
    return row


def without_wave(sources):
    return Sources(sources.study, sources.answers.iloc[:0], sources.tables)


def without_conversation(sources, id):
    kept = {name: sources.tables[name] for name in sources.tables}
    for name in ("documents", "segments"):
        kept[name] = kept[name][kept[name]["document"].ne(id)]
    return Sources(sources.study, sources.answers, kept)


def test_a_claim_with_its_evidence(sources, with_rows):
    row = ledger(sources, with_rows, on_missing="weaken")
    assert (row["strength"], row["n_evidence"], row["n_missing"]) == ("fair", 2, 0)
    assert row["support"].endswith("(9 van 10 deelnemers); Relaties (2 van 6 gesprekken)")


def test_without_the_wave_it_weakens(sources, with_rows):
    row = ledger(without_wave(sources), with_rows, on_missing="weaken")
    assert (row["strength"], row["n_missing"]) == ("weak", 1)


def test_without_the_wave_it_cannot_be_measured(sources, with_rows):
    row = ledger(without_wave(sources), with_rows, on_missing="not_measured")
    assert row["strength_name"] == "niet te meten"


def test_without_the_wave_it_stops_the_build_and_says_what_is_missing(sources, with_rows):
    with pytest.raises(CopanalysisError) as caught:
        ledger(without_wave(sources), with_rows, on_missing="fail")
    (problem,) = caught.value.problems
    assert problem.where == "claim C1"
    assert problem.found == "item:q4_got[insight]@3: golf 3 ontbreekt in de gegevens"


@pytest.mark.parametrize("on_missing", ["weaken", "not_measured", "fail"])
def test_with_one_conversation_less_the_code_falls_silent(sources, with_rows, on_missing):
    row = ledger(without_conversation(sources, "P2"), with_rows, on_missing=on_missing)
    assert row["strength"] == "weak"  # one conversation is under code_some


def test_counter_evidence_weakens(sources, with_rows):
    row = ledger(sources, with_rows, on_missing="weaken", counter_evidence="code:outcome.none")
    assert row["opposition"] == "Geen verandering bij deelnemer (2 van 6 gesprekken)"
    assert (row["n_sources"], row["n_broad"]) == (2, 1)  # conversations point both ways


def test_what_nobody_measured_itself_is_labelled_and_at_most_weak(sources, with_rows):
    row = ledger(sources, with_rows, on_missing="weaken", direct="no")
    assert row["direct_name"] == "niet direct gemeten"
    assert (row["strength"], row["strength_name"], row["level"]) == ("weak", "zwak", 2)
    gone = ledger(without_wave(sources), with_rows, on_missing="not_measured", direct="no")
    assert gone["strength_name"] == "niet te meten"


def test_chapters_take_their_paragraphs_and_no_others(sources):
    chapters = set(claims_ledger(sources, chapters=["4.4", "6"])["chapter"])
    assert chapters
    assert all(c.startswith(("4.4.", "6.")) for c in chapters)


def test_every_chapter_with_conclusions_has_claims(sources):
    ledger = claims_ledger(sources, chapters=["3.4", "4.4", "4.5", "5.3", "6", "B2"])
    assert len(ledger) == len(sources.study.table("claims.csv"))
    assert {"3.4", "4.4.1", "4.4.2", "4.5", "5.3", "6.1", "6.3"} <= set(ledger["chapter"])
