"""copanalysis: from raw survey exports to the chapters of an evaluation report.

In a notebook, ``import copanalysis as ca`` and use what stands in ``__all__``; each name is
imported when it is first used, so that the command line stays quick. A table that comes out
of such a function remembers how it was made (see ``study.steps``).
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

_HOME = {
    "open_chapter": "report.chapter",
    "load_study": "study.plan",
    "NotMeasured": "study.measurement",
    "page_links": "report.pages",
    "CopanalysisError": "errors",
    "prepare_survey": "survey.preparation",
    "write_survey": "survey.preparation",
    "prepare_fieldwork": "fieldwork.preparation",
    "write_fieldwork": "fieldwork.preparation",
    **dict.fromkeys(("intercoder_reliability", "write_reliability"), "fieldwork.reliability"),
    "assumption_checks": "fieldwork.registers.assumptions",
    **dict.fromkeys(("prepare_registers", "write_registers"), "fieldwork.registers.preparation"),
    **dict.fromkeys(
        (
            "used_segments",
            "described",
            "grouped_speakers",
            "code_shares",
            "answer_shares",
            "judged_codes",
            "with_code_sources",
        ),
        "fieldwork.code_tables",
    ),
    **dict.fromkeys(
        ("chosen_quotes", "significant_changes", "repeated_examples"),
        "fieldwork.quotes",
    ),
    **dict.fromkeys(("co_occurrence", "negative_cases", "saturation"), "fieldwork.sources"),
    **dict.fromkeys(
        ("show_codes", "show_quotes", "safe_quotes", "conversation_source"), "report.quotations"
    ),
    "read_table": "study.processed",
    "undecided_write_ins": "survey.triage",
    "ranked": "survey.ranking",
    **dict.fromkeys(("stacked", "left_out"), "survey.ranking"),
    "without_other": "survey.ranking",
    "joined": "survey.ranking",
    "BASE_COLUMNS": "report.columns",
    "shares": "report.charts_choice",
    "funnel_steps": "survey.funnel",
    "response_rates": "survey.funnel",
    "per_wave": "survey.funnel",
    "spelling_variants": "survey.spellings",
    "log_counts": "survey.changes",
    "published_shares": "survey.published",
    "contradictions": "survey.findings",
    **dict.fromkeys(("single_choice", "multiple_response", "scale_summary"), "survey.estimates"),
    **dict.fromkeys(("cross_table", "given_ticked", "hoped_and_got"), "survey.pairs"),
    "item_bases": "survey.bases",
    "claims_ledger": "evidence.ledger",
    "supported": "evidence.support",
    "report_contradictions": "evidence.contradictions",
    "code_by_source": "fieldwork.sources",
    "labelled": "evidence.labels",
    "vocabulary_labels": "study.registers",
    **dict.fromkeys(("evidence_matrix", "silent_questions"), "evidence.matrix"),
    **dict.fromkeys(("joint_display", "joint_quotes"), "evidence.convergence"),
    **dict.fromkeys(
        (
            "observation_coverage",
            "observed_communities",
            "observation_fields",
            "observation_texts",
        ),
        "evidence.observed",
    ),
    **dict.fromkeys(("collection_summary", "collection_totals"), "evidence.collection"),
    "compared_ledgers": "evidence.ledger",
    "ledger_changes": "evidence.ledger",
    **dict.fromkeys(("placements", "scenario_table", "bound_cells"), "evidence.building_blocks"),
    **dict.fromkeys(("process_tests", "hypotheses", "contributions"), "evidence.tracing"),
    **dict.fromkeys(("effect_chain", "levels_of_outcome"), "evidence.chain"),
    **dict.fromkeys(
        (
            "signal_issues",
            "top_issues",
            "issues_by_rule",
            "rule_stability",
            "signal_ageing",
            "signal_routes",
        ),
        "evidence.signals",
    ),
    **dict.fromkeys(
        (
            "assumption_counts",
            "assumptions_by_cop",
            "cop_overview",
            "turnout",
            "attendance_dots",
            "topic_matrix",
            "topic_overlap",
            "topics_by_phase",
            "listed_counts",
        ),
        "evidence.communities",
    ),
    **dict.fromkeys(
        ("masked_quotes", "masking_note", "study_spellings"), "report.disclosure.quotes"
    ),
    **dict.fromkeys(
        (
            "questionnaire",
            "questionnaire_options",
            "wording_differences",
            "timeline_events",
            "question_network",
            "research_questions",
        ),
        "study.overview",
    ),
    **dict.fromkeys(
        ("wave_difference", "count_directions", "same_order", "common_cops"), "survey.comparisons"
    ),
    "weighted_shares": "survey.design_estimates",
    "rank_test": "survey.ordinal",
    "proportional_odds": "survey.proportional_odds",
    **dict.fromkeys(
        ("response_bias", "representation", "weighting_sensitivity", "weighting_note"),
        "survey.representation",
    ),
    **dict.fromkeys(("wave_verdicts", "verdict_note"), "survey.verdicts"),
    **dict.fromkeys(("weighted_verdicts", "weighted_verdict_note"), "survey.verdict_weighting"),
    **dict.fromkeys(("mmi_test", "spmi_test"), "survey.independence"),
    **dict.fromkeys(("mmi_options", "spmi_pairs"), "survey.independence_options"),
    "smh_test": "survey.homogeneity",
    **dict.fromkeys(("linked_difference", "linked_verdicts"), "survey.linked_waves"),
    **dict.fromkeys(
        ("with_family", "over_tables", "p_classes", "method_note"), "survey.multiplicity"
    ),
    **dict.fromkeys(("possible_bases", "plausibility_table", "recomputed"), "survey.plausibility"),
    **dict.fromkeys(
        (
            "share_bars",
            "wave_bars",
            "likert_bars",
            "gap_bars",
            "funnel_bars",
            "matrix",
            "timeline",
            "flow",
            "chain",
            "placement",
            "strip",
        ),
        "report.figures",
    ),
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    if inspect.isfunction(value):  # tables made in a notebook remember how
        value = importlib.import_module(f"{__name__}.study.steps").recorded(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
