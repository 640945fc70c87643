"""Sources side by side: each topic has the quote of the first code that supports it."""

from dataclasses import replace

import pytest

from copanalysis.evidence.convergence import joint_quotes
from copanalysis.evidence.sources import Sources

TOPICS = [
    {"topic": "network", "evidence": "item:q4_got[network]@3 code:outcome.relations.network"},
    {"topic": "cases", "evidence": "code:works.content.cases+works.yes obs:r4"},
    {"topic": "figures", "evidence": "item:q4_got[insight]@3"},
    {"topic": "never_said", "evidence": "code:outcome.newcomer"},
]


@pytest.fixture
def spoken(sources, with_rows):
    """The small study with texts long enough to quote, and four topics."""
    segments = sources.tables["segments"]
    said = segments["document"] + " over " + segments["code"] + " " + "en zo verder " * 8
    kept = segments.assign(text=said, turn=segments["document"] + "-1", memo="")
    kept = kept[kept["code"].ne("outcome.newcomer.unknown")]
    documents = sources.tables["documents"].assign(organisation="", cop="amsterdam")
    tables = sources.tables | {"segments": kept, "documents": documents}
    return Sources(with_rows("convergence.csv", *TOPICS), sources.answers, tables)


def test_a_topic_is_illustrated_by_its_first_supporting_code(spoken):
    quotes = joint_quotes(spoken).set_index("topic")
    assert list(quotes.index) == ["network", "cases"]
    assert quotes.loc["network", "text"].startswith("P1 over outcome.relations.network")
    assert quotes.loc["cases", "code"] == "works.content.cases"
    assert quotes.loc["cases", "document"] == "P4"  # P1 is quoted already


def test_without_conversations_there_are_no_quotes(spoken):
    empty = {name: table.iloc[:0] for name, table in spoken.tables.items()}
    found = joint_quotes(replace(spoken, tables=empty))
    assert found.empty
    assert {"topic", "text", "group", "turn"} <= set(found)
