"""Positions in texts: every way of counting is recognised by evidence, or refused by name."""

import pytest
from refi_writers import (
    code,
    coding,
    guid,
    one_text,
    project,
    selection,
    span_one_crlf,
    span_points,
    span_utf16,
    text_source,
    write_qdpx,
)

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.refi.positions import UNITS, CountedText, Selected, spans, unit_named
from copanalysis.fieldwork.refi.reading import read_project

TEXT = "Intro 😀\r\nWij bellen elkaar nu.\r\nDat 👍 scheelt tijd.\r\nKlaar\r\n"
QUOTES = ("bellen elkaar", "scheelt tijd", "Klaar")
WAYS = {"utf16-crlf2": span_utf16, "points-crlf1": span_one_crlf, "points-crlf2": span_points}


def selections(spans, names=("", "", "")):
    return [
        selection(start, end, coding(guid("code", "C"), id=guid(start)), name=name)
        for (start, end), name in zip(spans, names, strict=True)
    ]


def decision(project):
    return [p for p in project.problems if p.where.endswith("positions in texts")]


@pytest.mark.parametrize("way", WAYS)
def test_names_that_hold_the_quote_decide(tmp_path, way):
    spans = [WAYS[way](TEXT, quote) for quote in QUOTES]
    path = one_text(tmp_path / "p.qdpx", TEXT, *selections(spans, QUOTES), origin=None)
    read = read_project(path)
    assert list(read.segments["text"]) == list(QUOTES)
    assert read.documents["text"][0] == TEXT
    (problem,) = decision(read)
    assert way in problem.found
    assert "names" in problem.found


def test_names_cut_short_decide_too(tmp_path):
    spans = [span_utf16(TEXT, quote) for quote in QUOTES]
    names = ("bellen el...", "scheelt …", "Klaar")
    path = one_text(tmp_path / "p.qdpx", TEXT, *selections(spans, names), origin=None)
    assert list(read_project(path).segments["text"]) == list(QUOTES)


@pytest.mark.parametrize("way", WAYS)
def test_edges_that_do_not_cut_words_decide(tmp_path, way):
    text = (
        TEXT + "We weten elkaar te vinden 🤝\r\nKennis delen ging vanzelf\r\nEinde van het gesprek"
    )
    quotes = ("bellen elkaar", "scheelt tijd", "elkaar te vinden", "delen")
    marks = selections([WAYS[way](text, quote) for quote in quotes], [""] * len(quotes))
    read = read_project(one_text(tmp_path / "p.qdpx", text, *marks, origin=None))
    assert list(read.segments["text"]) == list(quotes)
    assert way in decision(read)[0].found
    assert "cut a word" in decision(read)[0].found


def test_an_edge_or_two_is_too_thin_to_decide_on(tmp_path):
    marks = selections([span_utf16(TEXT, "bellen")], [""])
    with pytest.raises(CopanalysisError, match="cannot be told"):
        read_project(one_text(tmp_path / "p.qdpx", TEXT, *marks, origin=None))


@pytest.fixture
def undecided(tmp_path):
    """One selection whose ends cut no word in whatever way they are counted."""
    text = "a\r\n- - - - - - - -\r\nz"
    marks = selection(6, 9, coding(guid("code", "C")))
    return lambda origin: one_text(tmp_path / "p.qdpx", text, marks, origin=origin)


def test_without_evidence_it_stops_and_names_the_ways(undecided):
    with pytest.raises(CopanalysisError, match="cannot be told") as error:
        read_project(undecided("Some tool"))
    assert "points-crlf1" in str(error.value)
    assert "points-crlf2" in str(error.value)
    assert "utf16" not in str(error.value)  # no astral characters: not a question


def test_without_evidence_a_known_tool_decides(undecided):
    read = read_project(undecided("ATLAS.ti Win 23.0"))
    assert read.segments["start"][0] == 7
    assert "ATLAS.ti counts" in decision(read)[0].found
    assert read_project(undecided("NVivo for Windows 14")).segments["start"][0] == 6


def test_the_reader_may_say_the_way(undecided):
    read = read_project(undecided("Some tool"), counting="points-crlf1-nobom")
    assert (read.segments["start"][0], read.segments["end"][0]) == (7, 10)
    assert "asked for" in decision(read)[0].found


def test_an_unknown_way_is_refused_with_the_known_ones():
    with pytest.raises(CopanalysisError, match="utf16-crlf2-nobom"):
        unit_named("bytes")


def test_evidence_against_a_known_tool_is_a_warning(tmp_path):
    spans = [span_one_crlf(TEXT, quote) for quote in QUOTES]
    path = one_text(
        tmp_path / "p.qdpx", TEXT, *selections(spans, QUOTES), origin="NVivo for Windows 14"
    )
    read = read_project(path)
    assert list(read.segments["text"]) == list(QUOTES)
    assert decision(read)[0].level == "warning"


def test_plain_ascii_raises_no_question(tmp_path):
    marks = selection(3, 5, coding(guid("code", "C")))
    read = read_project(one_text(tmp_path / "p.qdpx", "midden in", marks, origin=None))
    assert read.segments["text"][0] == "de"
    assert decision(read) == []


@pytest.mark.parametrize("counted", [True, False])
def test_a_bom_counted_or_not_is_told_from_the_names(tmp_path, counted):
    shift = 1 if counted else 0
    text = "Wij bellen elkaar nu vaker"
    spans = [tuple(p + shift for p in span_points(text, q)) for q in ("bellen", "vaker")]
    marks = selections(spans, ("bellen", "vaker"))
    path = one_text(tmp_path / "p.qdpx", text.encode("utf-8-sig"), *marks, origin="QualCoder 3.6")
    read = read_project(path)
    assert list(read.segments["text"]) == ["bellen", "vaker"]
    assert read.documents["text"][0] == text
    assert ("-bom" in decision(read)[0].found) is counted


def test_positions_that_only_fit_one_way_need_no_more_evidence(tmp_path):
    text = "a\r\nb\r\nc"
    marks = selection(0, len(text), coding(guid("code", "C")))
    read = read_project(one_text(tmp_path / "p.qdpx", text, marks, origin=None))
    assert read.segments["text"][0] == text
    assert "outside their text" in decision(read)[0].found


def test_selections_up_to_the_end_decide(tmp_path):
    text = "- - -\r\n- - -\r\n- - -"
    start, end = span_one_crlf(text, text)
    marks = selection(start, end, coding(guid("code", "C")))
    read = read_project(one_text(tmp_path / "p.qdpx", text, marks, origin=None))
    assert read.segments["text"][0] == text


def test_a_selection_outside_the_text_in_every_way_is_an_error_with_its_place(tmp_path):
    marks = [selection(3, 500, coding(guid("code", "C"))), selection(7, 2)]
    with pytest.raises(CopanalysisError) as error:
        read_project(one_text(tmp_path / "p.qdpx", TEXT, *marks, origin=None))
    places = [problem.where for problem in error.value.problems]
    assert len(places) == 2
    assert "TextSource/PlainTextSelection[1]" in places[0]
    assert "PlainTextSelection[2]" in places[1]


@pytest.mark.parametrize("digits", ["9" * 5000, "-1", "99999999999999999999"])
def test_absurd_positions_are_refused(tmp_path, digits):
    marks = selection(0, 1).replace('endPosition="1"', f'endPosition="{digits}"')
    with pytest.raises(CopanalysisError, match="outside their text"):
        read_project(one_text(tmp_path / "p.qdpx", "tekst", marks, origin=None))


def test_one_selection_too_far_does_not_shift_the_others(tmp_path):
    """Counted as the names say, one selection lies outside; counted otherwise, none does."""
    marks = selections([span_one_crlf(TEXT, quote) for quote in QUOTES[:2]], QUOTES[:2])
    too_far = selection(len(TEXT) - 2, len(TEXT) - 1, coding(guid("code", "C")))
    with pytest.raises(CopanalysisError, match="outside their text") as error:
        read_project(one_text(tmp_path / "p.qdpx", TEXT, *marks, too_far))
    assert "PlainTextSelection[3]" in error.value.problems[0].where


def test_sources_that_contradict_each_other_are_refused(tmp_path):
    quotes = ("bellen elkaar", "scheelt tijd")
    sources, texts = "", {}
    for name, way in (("A", span_utf16), ("B", span_one_crlf)):
        marks = [selection(*way(TEXT, quote), id=guid(name, quote), name=quote) for quote in quotes]
        sources += text_source(name, *marks)
        texts[f"{guid('source', name)}.txt"] = TEXT
    path = write_qdpx(tmp_path / "p.qdpx", project(Codes=code("C"), Sources=sources), texts)
    with pytest.raises(CopanalysisError, match="more than one way"):
        read_project(path)


def test_crlf_inside_the_xml_may_have_counted_as_two(tmp_path):
    body = "een\r\ntwee\r\ndrie vier"
    quotes = ("twee", "drie")
    marks = [
        selection(*span_points(body, q), coding(guid("code", "C"), id=guid(q)), name=q)
        for q in quotes
    ]
    source = text_source("T", f"<PlainTextContent>{body}</PlainTextContent>", *marks, file="")
    path = tmp_path / "p.qde"
    path.write_bytes(project(Codes=code("C"), Sources=source).encode())
    read = read_project(path)
    assert read.documents["text"][0] == body.replace("\r\n", "\n")
    assert list(read.segments["text"]) == list(quotes)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.key)
def test_every_position_of_a_text_comes_back_as_its_offset(unit):
    text, bom = "a😀\r\nb\rc\n\r\n😀", True
    for offset in range(len(text) + 1):
        before = text[:offset]
        if before.endswith("\r") and text[offset : offset + 1] == "\n" and unit.crlf == 1:
            continue  # no position inside a pair that counts as one
        before = before.replace("\r\n", "\n") if unit.crlf == 1 else before
        position = len(before.encode("utf-16-le")) // 2 if unit.utf16 else len(before)
        position += unit.bom
        counted = CountedText("T", text, (Selected(position, position),), bom=bom)
        assert spans(counted, unit).tolist() == [[offset, offset]]


def test_a_position_inside_a_surrogate_pair_is_none():
    counted = CountedText("T", "a😀b", (Selected(0, 2),))
    assert spans(counted, unit_named("utf16-crlf2-nobom"))[0, 1] == -1
    assert spans(counted, unit_named("points-crlf2-nobom"))[0, 1] == 2
