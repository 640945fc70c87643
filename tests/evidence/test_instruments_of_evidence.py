"""Building blocks, data collection and contradictions: bound to their instruments."""

from dataclasses import replace

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.evidence.building_blocks import bound_cells, placements, scenario_table
from copanalysis.evidence.chain import effect_chain, levels_of_outcome
from copanalysis.evidence.collection import collection_summary, collection_totals
from copanalysis.evidence.contradictions import IN_TEXT_ONLY, report_contradictions
from copanalysis.evidence.ledger import compared_ledgers


def test_every_community_is_placed_on_both_tensions(study):
    placed = placements(study)
    assert set(placed["cop"]) == set(study.names.ids(kind="cop"))
    assert placed[["process_product", "local_national"]].isin(range(-2, 3)).all().all()


def test_the_scenario_table_has_a_cell_per_choice_and_scenario(study):
    table = scenario_table(study)
    assert table[["A", "B", "C"]].ne("").all().all()
    assert len(table) == 6


def test_every_cell_names_what_it_rests_on(sources):
    cells = bound_cells(sources)
    assert len(cells) == 18
    assert cells["evidence"].ne("").all()
    lesson = cells.set_index("cell").at["composition A", "bound"]
    assert lesson.startswith("Diversiteit van organisaties; ")


def test_every_arrow_leads_from_and_to_a_known_link(sources):
    chain = effect_chain(sources)
    assert chain[["source_name", "target_name"]].notna().all().all()
    assert chain["level"].between(0, 5).all()


def test_levels_count_conversations_and_passages(sources):
    levels = levels_of_outcome(sources).set_index("code")
    assert levels.at["outcome.relations", "n_conversations"] == 2
    assert levels.at["outcome.relations", "counted"] == "2 gesprekken, 2 fragmenten"


@pytest.fixture
def collected():
    rows = [
        ("1", "interview_participant", "zeeland", "deelnemer", "yes", "yes", None),
        ("2", "interview_partner", None, "DUO", "yes", "yes", None),
        ("1", "phone", "zeeland", "communitytrekker", "yes", "yes", None),
        ("1", "phone", None, "Divosa", "no", "yes", "alleen in B3"),
        ("1", "observation", "fryslan", "deelnemers", "yes", "yes", None),
        ("2", "observation", None, "LCC", "yes", "yes", None),
    ]
    columns = ["phase", "kind", "cop", "party", "in_summary", "in_appendix", "also_stated"]
    dates = {"start": pd.Timestamp("2023-06-01"), "end": pd.NaT}
    return pd.DataFrame(rows, columns=columns).assign(n=1, **dates)


def test_the_collection_is_counted_once_for_both_places(collected, study):
    totals = collection_totals(collected).iloc[0]
    assert totals.to_dict() == {
        **{"n_activities": 6, "n_interviews": 2, "n_calls": 1, "n_observed": 1},
        **{"n_observed_other": 1, "n_focus": 0, "n_only_appendix": 1, "n_two_numbers": 1},
    }
    summary = collection_summary(collected, study=study)
    assert summary["n_activities"].sum() == len(collected)
    phone = summary.set_index("kind").loc["phone"]
    assert phone["who"] == "Zeeland, Divosa"


def test_every_contradiction_gets_both_sides_and_a_measurement(sources):
    few = {
        name: sources.tables[name] for name in ("documents", "segments", "code_agreement", "cops")
    }
    few["documents"] = few["documents"].assign(organisation="coa")
    roles = dict.fromkeys(("community_leader", "facilitator"), "1")
    few["cops"] = few["cops"].assign(cop="zeeland", **roles)
    table = report_contradictions(replace(sources, tables=few)).set_index("finding")
    assert table[["stated", "measured", "consequence"]].ne("").all().all()
    assert table.at["I31", "measured"] == IN_TEXT_ONLY
    assert table.at["I39", "measured"] == "niet te meten: bij geen enkele CoP ingevuld"
    assert table.at["I28", "measured"] == "Niet te meten: nieuwsbrieven: geen gegevens"
    assert table.at["I42", "measured"] == "Kortere lijnen (in minder dan 5 gesprekken nagegaan)"
    assert table.at["T6", "measured"] == "in beide groepen: COA"


def test_an_unknown_check_is_refused(sources, with_rows):
    row = {"finding": "I99", "title": "x", "check": "nothing", "consequence": "x", "data": "all"}
    study = with_rows("findings.csv", row)
    with pytest.raises(CopanalysisError, match="unknown checks: nothing"):
        report_contradictions(replace(sources, study=study))


@pytest.mark.parametrize(
    ("first", "last", "change"),
    [
        (("weak", 2), 1, "sterker"),
        (("fair", 1), 2, "zwakker"),
        (("fair", 1), 1, "gelijk"),
        (("not_measured", 5), 1, "eerst niet te meten"),
        (("not_measured", 5), 5, "gelijk"),
    ],
)
def test_two_moments_of_a_claim_are_compared(first, last, change):
    strength, level = first
    columns = {"claim": "C", "chapter": "4", "text": "x", "strength_name": "x"}
    before = pd.DataFrame([columns | {"strength": strength, "level": level}])
    after = pd.DataFrame([columns | {"strength": "fair", "level": last}])
    assert compared_ledgers(before, after)["change"].item() == change
