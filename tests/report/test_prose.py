"""Prose whose numbers are pointers: what they show, and what is refused."""

from dataclasses import replace

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.report.objects import Released
from copanalysis.report.prose import resolve, unlinked
from copanalysis.study.measurement import NotMeasured

WORDS = [[0.0, "niemand"], [0.4999, "bijna de helft"], [0.5, "de helft"], [1.0, "de meesten"]]
QUANTIFIERS = [[0.0, "geen van de"], [0.25, "enkele van de"], [0.9999, "bijna alle"], [1.0, "alle"]]


def released(id, data, key, formats, hidden=None):
    data = pd.DataFrame(data)
    mask = pd.DataFrame(False, index=data.index, columns=data.columns)
    for row, column in hidden or []:
        mask.loc[row, column] = True
    return Released(
        id=id,
        number="4.1",
        title="Titel",
        data=data.mask(mask),
        key=tuple(key),
        columns={c: c for c in data},
        formats=formats,
        base="basis",
        source="bron",
        hidden=mask,
    )


GOT = released(
    "got",
    {
        "option": ["network", "insight", "policy", "other"],
        "label": ["Netwerk", "Inzicht", "Beleid", "Anders"],
        "n": [36, 35, 2, 1],
        "share": [0.486, 0.473, 0.027, 0.014],
        "direction": ["up", "up", "down", "unclear"],
    },
    ["option"],
    {"n": "count", "share": "share"},
    hidden=[(2, "n"), (2, "share")],
)
ONE = released("one", {"n_up": [3], "gap": [-0.125]}, ["n_up"], {"gap": "points"})
LIMITS = released(
    "limits", {"option": ["all", "half", "none"], "share": [1.0, 0.5, 0.0]}, ["option"], {}
)
CODES = released(
    "codes",
    {"code": ["a", "b", "c"], "label": ["A", "B", "C"], "n_sources": [3, 3, 0], "base": [13] * 3},
    ["code"],
    {"n_sources": "count"},
)
TABLES = {
    "got": GOT,
    "one": ONE,
    "codes": CODES,
    "limits": LIMITS,
    "unsure": replace(
        CODES, data=CODES.data.assign(n_sources=pd.array([pd.NA] * len(CODES.data), dtype="Int64"))
    ),
    "none": NotMeasured("x", "de vraag is in golf 1 niet gesteld"),
}


def find(id):
    if id not in TABLES:
        raise CopanalysisError(f"no table {id}")
    return TABLES[id]


def filled(text, **how):
    return unlinked(
        resolve(
            text,
            find=find,
            reference=lambda mark, id: f"{mark} {id}",
            words={"wave": "golf 3"},
            scales={"shares": WORDS, "quantifiers": QUANTIFIERS},
            **how,
        )[0]
    )


def test_a_sentence_with_a_hidden_number_is_left_out_and_the_paragraph_says_so():
    text = "Netwerk: {got[network].share}. Beleid: {got[policy].share}! Zie {tab:got}.\n\nEen."
    assert filled(text) == "Netwerk: 49%. Beleid: niet getoond! Zie tab got.\n\nEen."
    note = "(Niet getoond: één zin met aantallen die naar personen kunnen leiden.)"
    assert filled(text, whole=False) == f"Netwerk: 49%. Zie tab got. {note}\n\nEen."
    both = "{got[policy].share} is weinig. En {got[policy].n} ook."
    note = "(Niet getoond: twee zinnen met aantallen die naar personen kunnen leiden.)"
    assert filled(both, whole=False) == note


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ("{got[network].share}", "49%"),
        ("{got[network].n}", "36"),
        ("{got[#1].label}", "Netwerk"),
        ("{got[#1-#2].label}", "Netwerk en Inzicht"),
        ("{got[#last].label}", "Beleid"),  # "Anders" has no rank
        ("{got[direction=up].label}", "Netwerk en Inzicht"),
        ("{got[direction=sideways].label}", "geen enkele"),
        ("{got[max=share].label}", "Netwerk"),
        ("{got[network].share:words}", "bijna de helft"),
        ("{limits[half].share:words}", "de helft"),  # a limit belongs to its own words
        ("{limits[all].share:words}", "de meesten"),
        ("{limits[none].share:words}", "niemand"),
        ("{one.n_up}", "3"),
        ("{one.n_up:words}", "drie"),
        ("{one.gap}", "\u221213\u00a0procentpunt"),
        ("{got[policy].share}", "niet getoond"),
        ("{got[policy].share:words}", "niet getoond"),
        ("{codes[a].n_sources:quantifier}", "enkele van de 13"),
        ("{codes[c].n_sources:quantifier}", "geen van de 13"),
        ("{codes[max=n_sources].label}", "A en B"),  # a tie is no winner
        ("{codes[max=n_sources].n_sources}", "3"),
        ("{unsure[max=n_sources].label}", "geen enkele"),  # of nothing nothing is the most
        ("{tab:got}", "tab got"),
        ("{param.wave}", "golf 3"),
    ],
)
def test_a_pointer_shows_its_cell(pointer, text):
    assert filled(f"Voor {pointer} na.") == f"Voor {text} na."


def test_a_number_links_to_its_definition_and_words_do_not():
    text, numbers = resolve(
        "{got[network].share} {got[network].label}",
        find=find,
        reference=str,
        words={},
        scales={"shares": WORDS, "quantifiers": QUANTIFIERS},
    )
    assert text == '<a class="number" href="#num-got-network-share">49%</a> Netwerk'
    assert [(n.table, n.rows, n.column, n.shown) for n in numbers] == [
        ("got", ("network",), "share", "49%"),
        ("got", ("network",), "label", "Netwerk"),
    ]


def test_words_go_along_with_the_number():
    assert filled("Er {got[other].n?is|zijn} er {got[other].n:words}.") == "Er is er één."
    assert filled("Er {got[network].n?is|zijn} {got[policy].n} {got[policy].n?mens|mensen}.") == (
        "Er zijn niet getoond mensen."
    )


def test_words_by_what_is_no_count_are_refused():
    with pytest.raises(CopanalysisError, match="a count"):
        filled("{got[network].share?is|zijn}")


def test_a_paragraph_on_what_was_not_measured_gives_the_reason_and_spares_the_others():
    text = filled("Van {none[a].share} sprake.\n\nMaar {got[network].n} wel.")
    assert text == "Niet te meten: de vraag is in golf 1 niet gesteld.\n\nMaar 36 wel."


def test_every_mistake_is_listed_at_once():
    with pytest.raises(CopanalysisError) as caught:
        filled("Bij 62% {got[netwerk].share} {got[network].aandeel} {weg[a].n} {got[#9].n} {x y}")
    found = [p.found for p in caught.value.problems]
    assert found[0] == "'62%'"
    assert len(found) == 6
    assert "network, insight, policy" in caught.value.problems[1].expected


@pytest.mark.parametrize("pointer", ["{got[other].n:wordz}", "{got[policy].n:wordz}"])
def test_an_unknown_format_is_named(pointer):
    with pytest.raises(CopanalysisError) as caught:
        filled(pointer)
    (problem,) = caught.value.problems
    assert problem.found == "format 'wordz'"
    assert problem.expected.startswith("one of words, quantifier, text, count")


def test_a_value_that_a_format_cannot_hold_is_told_as_a_plain_number():
    with pytest.raises(CopanalysisError) as caught:
        filled("{got[network].n:share}")
    assert [problem.found for problem in caught.value.problems] == ["36.0"]


def test_a_quantifier_needs_its_base():
    with pytest.raises(CopanalysisError, match="a count in a row with a base"):
        filled("{got[network].n:quantifier}")


@pytest.mark.parametrize("rank", ["#0", "#2-#1", "#4", "#x"])
def test_a_rank_that_is_not_there_is_refused(rank):
    with pytest.raises(CopanalysisError, match="#1 to #3, or #last"):
        filled(f"{{got[{rank}].n}}")


def test_a_table_of_more_rows_needs_a_row():
    with pytest.raises(CopanalysisError, match="a row of got"):
        filled("{got.share}")
