"""A small study to look evidence up in: ten respondents, six conversations, three meetings."""

from dataclasses import replace

import pandas as pd
import pytest

from copanalysis.evidence.sources import Sources
from copanalysis.study.instruments import Sheet

TICKED = {"insight": 9, "network": 4, "policy": 1, "methods": 0}


@pytest.fixture
def answers():
    """Ten respondents in wave 3: what they ticked at question 4; three wrote at question 6."""
    rows = [
        ("3", f"w3-{i}", "q4_got", option, str(int(i < n)), None, "answered")
        for option, n in TICKED.items()
        for i in range(10)
    ]
    rows += [
        ("3", f"w3-{i}", "q6_examples", None, None, "iets" if i < 3 else None, state)
        for i in range(10)
        for state in ["answered" if i < 3 else "skipped"]
    ]
    columns = ["wave", "respondent", "item", "option", "value", "text", "state"]
    return pd.DataFrame(rows, columns=columns).assign(cop="amsterdam")


@pytest.fixture
def tables():
    documents = pd.DataFrame(
        [
            (f"P{i}", "participant" if i < 5 else "partner", "2" if i < 4 else "1")
            for i in range(1, 7)
        ],
        columns=["document", "group", "phase"],
    )
    coded = [
        ("P1", 0, 9, "outcome.relations.network"),
        ("P2", 0, 9, "outcome.relations.short_lines"),
        ("P2", 10, 19, "outcome.none"),
        ("P3", 0, 9, "outcome.none"),
        ("P1", 20, 29, "works.content.cases"),
        ("P1", 20, 29, "works.yes"),
        ("P4", 0, 9, "works.content.cases"),
        ("P4", 10, 19, "works.yes"),
        ("P5", 0, 9, "outcome.newcomer.unknown"),
        ("P6", 0, 9, "topic.life"),
        ("W3-2-q6_examples", 0, 4, "outcome.service.individual"),
        ("W3-2-q6_examples", 5, 9, "outcome.none"),
        ("W3-3-q6_examples", 0, 4, "outcome.none"),
        ("W3-2-q7_work_forms", 0, 4, "outcome.service.individual"),
        ("W2-2-q6_examples", 0, 4, "outcome.service.individual"),
    ]
    written = [f"W3-{row}-q6_examples" for row in (2, 3, 4)]
    written += ["W3-2-q7_work_forms", "W2-2-q6_examples"]
    answers = pd.DataFrame({"document": written})
    answers["wave"] = answers["document"].str[1]
    answers["item"] = answers["document"].str.split("-").str[2]
    observed = [
        ("O1", "r5", "r5_stories", "2", True),
        ("O1", "r5", "r5_text", "verhaal", True),
        ("O2", "r5", "r5_stories", "0", True),
        ("O2", "r5", "r5_text", "niets", True),
        ("O3", "r5", "r5_stories", None, True),
        ("O1", "r8", "r8_reaction", "4", True),
        ("O2", "r8", "r8_reaction", "3", True),
        ("O1", "r3", "r3_leader", "leading", True),
        ("O3", "r3", "r3_leader", None, False),
    ]
    return {
        "documents": documents,
        "coded_answers": answers,
        "segments": pd.DataFrame(coded, columns=["document", "start", "end", "code"]).assign(
            coder="Vastgesteld"
        ),
        "observations": pd.DataFrame({"observation": ["O1", "O2", "O3"], "phase": list("112")}),
        "observation_answers": pd.DataFrame(
            observed, columns=["observation", "scheme_row", "field", "answer", "measured"]
        ).assign(number=lambda t: pd.to_numeric(t["answer"], errors="coerce").astype("Float64")),
        "products": pd.DataFrame(
            {"status": ["finished", "finished", "in_development"], "scope": "regional"}
        ),
        "meetings": pd.DataFrame({"work_forms": ["case", None], "kind": "cop", "status": "held"}),
        "cops": pd.DataFrame({"time_spent": [None, None], "scope": "regional"}),
    }


@pytest.fixture
def sources(study, answers, tables):
    agreed = study.table("codebook.csv")[["code"]].assign(verdict="voldoende")
    tables = {**tables, "code_agreement": agreed}
    return Sources(study, answers, tables)


@pytest.fixture
def with_rows(study):
    """The study with other rows in an instrument file; columns that are not given are empty."""

    def replaced(file, *rows):
        schema = study.sheets[file].schema
        full = tuple(dict.fromkeys(schema.names, "") | row for row in rows)
        sheet = Sheet(schema, full, tuple(range(2, len(rows) + 2)))
        return replace(study, sheets={**study.sheets, file: sheet})

    return replaced
