"""Waves linked by a token or a code, from the raw export to a verdict, and what is not linked."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from reference import farmer, options_of, ticked
from scipy.stats import binomtest, norm

from copanalysis.errors import CopanalysisError
from copanalysis.report.chapter import open_chapter
from copanalysis.report.disclosure.counts import Counted
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import load_study
from copanalysis.survey.export import Column, Export, Response
from copanalysis.survey.linked_waves import linked_difference, linked_verdicts, paired_detectable
from copanalysis.survey.linking import numbered, read_links
from copanalysis.survey.preparation import prepare_survey, write_survey

CODES = ["a", "b", "c"]
ASK = {"item": "got", "options": options_of("got", CODES), "base": "answered", "link": "token"}
ASK |= {"first": "1", "last": "3", "wordings": dict.fromkeys("13", "vraag")}


def linked(codes_first, codes_last):
    ticks = farmer()[["w1", "w2", "w3"]].set_axis(CODES, axis="columns").head(20)
    later = farmer()[["y1", "y2", "y3"]].set_axis(CODES, axis="columns").tail(20)
    waves = [ticked("got", ticks, wave="1"), ticked("got", later, wave="3")]
    for rows, codes in zip(waves, (codes_first, codes_last), strict=True):
        rows["token"] = np.repeat(codes, 3)
    return pd.concat(waves)


def difference(answers):
    return linked_difference(answers, **ASK, confidence=0.95)


def test_linked_waves_are_compared_person_by_person():
    codes = [f"k{k}" for k in range(20)]
    answers = linked(codes, codes[::-1])
    between = answers[answers["wave"].eq("1")].assign(wave="2")
    table = difference(pd.concat([answers, between]))
    before = farmer()["w1"].head(20).to_numpy()
    after = farmer()["y1"].tail(20).to_numpy()[::-1]
    row = table.iloc[0]
    assert (row["only_second"], row["only_first"]) == (
        ((before == 0) & (after == 1)).sum(),
        ((before == 1) & (after == 0)).sum(),
    )
    assert row["base"] == 20
    assert row["unlinked"] == 0
    assert row["gap"] == pytest.approx(after.mean() - before.mean())


def test_codes_that_point_to_two_people_or_nobody_are_left_out():
    first = ["same", "same", "", *(f"k{k}" for k in range(17))]
    last = ["same", "new", None, *(f"k{k}" for k in range(17))]
    row = difference(linked(first, last)).iloc[0]
    assert row["base"] == 17
    assert row["unlinked"] == 6
    nobody = difference(linked(["x"] * 20, ["y"] * 20))
    assert isinstance(nobody, NotMeasured)
    assert "terug te vinden" in nobody.reason


def test_without_codes_in_both_waves_it_says_so():
    answers = linked([""] * 20, [f"k{k}" for k in range(20)])
    assert "niet per persoon te koppelen" in difference(answers).reason


def test_another_wording_is_refused():
    answers = linked(["x"] * 20, ["y"] * 20)
    with pytest.raises(CopanalysisError, match="one wording in both waves"):
        linked_difference(answers, **ASK | {"wordings": {"1": "dit", "3": "dat"}}, confidence=0.95)


RULE = {"rise": "gestegen", "fall": "gedaald", "none": "geen", "unknown": "onbekend"}


def verdicts(pairs, minimum_base=30):
    """``pairs``: first and last answer to options a, b and c of every person."""
    first, last = (pd.DataFrame(np.array(pairs)[:, k], columns=CODES) for k in (0, 1))
    waves = [ticked("got", first, wave="1"), ticked("got", last, wave="3")]
    for rows in waves:
        rows["token"] = np.repeat([f"k{k}" for k in range(len(pairs))], 3)
    judging = {"rule": RULE, "minimum_base": minimum_base, "power": 0.8, "confidence": 0.95}
    family = {"family": "opties", "correction": "holm"}
    return linked_verdicts(pd.concat(waves), **judging, **family, **ASK)


def test_the_verdict_is_that_of_mcnemar_after_adjustment():
    pairs = [((0, 1, 1), (1, 0, 0))] * 16 + [((1, 1, 0), (1, 1, 1))] * 14
    table = verdicts(pairs)
    exact = binomtest(16, 16).pvalue
    assert table["p_mcnemar_exact"].iloc[0] == pytest.approx(exact)
    assert table["p_adjusted"].iloc[0] == pytest.approx(3 * exact)
    assert table["verdict"].tolist() == ["gestegen", "gedaald", "geen"]
    assert verdicts(pairs, 31)["verdict"].tolist() == ["onbekend"] * 3
    assert "minder dan 31 deelnemers met een code" in verdicts(pairs, 31)["reason"].iloc[0]


def test_the_gap_that_could_have_been_shown_solves_the_sample_size_of_connor():
    found = float(paired_detectable(0.4, 100, alpha=0.05, power=0.8))
    z, power = norm.ppf(0.975), norm.ppf(0.8)
    needed = ((z * 0.4**0.5 + power * (0.4 - found**2) ** 0.5) / found) ** 2
    assert needed == pytest.approx(100)
    assert np.isnan(paired_detectable([0.0, 0.01], [50, 50], alpha=0.05, power=0.8)).all()


# from codes to numbers


def export(codes, used=None):
    responses = tuple(Response(k, (), link=code) for k, code in enumerate(codes, 2))
    people = pd.DataFrame({"wave": "1", "respondent": [f"r{k}" for k in range(len(codes))]})
    people = people.assign(row=range(2, len(codes) + 2), used=used or [True] * len(codes))
    made = Export(Path("raw.csv"), "", "", "", (Column("t"),), responses)
    return made, people


def links(codes, *, pattern="", used=None):
    made, people = export(codes, used)
    return read_links(made, people=people, pattern=pattern)


def test_codes_are_equal_whatever_stands_between_and_in_whatever_capitals():
    assert links(["ab-12", "cd 34"]).codes == {"r0": "AB12", "r1": "CD34"}


def test_malformed_and_repeated_codes_are_told_by_row_and_never_repeated():
    found = links(["AB12", "ab 12", "1234", "CD34", ""], pattern="[A-Z]{2}[0-9]{2}")
    assert found.codes == {"r3": "CD34"}
    assert found.log[["row", "rule"]].values.tolist() == [
        [4, "link_malformed"],
        [2, "link_repeated"],
        [3, "link_repeated"],
    ]
    told = [str(problem) for problem in found.problems]
    assert "row 4" in told[0]
    assert "1 of 5 respondents without a code" in told[3]
    assert not any(code in " ".join(told) for code in ("AB12", "ab 12", "1234"))


def test_a_row_that_is_left_out_does_not_make_a_code_repeated():
    assert links(["AB12", "AB12"], used=[True, False]).codes == {"r0": "AB12"}


def test_numbers_are_the_same_in_every_wave_and_say_nothing_of_the_code():
    first, last = numbered([{"r0": "BB", "r1": "AA"}, {"q0": "AA", "q1": "CC"}])
    assert first["r1"] == last["q0"]
    assert len({*first.values(), *last.values()}) == 3
    assert set("".join([*first.values(), *last.values()])) <= set("P0123456789")


# end to end


def with_codes(project):
    """The demo with a column of tokens in wave 1 (LimeSurvey), two of them twice. They are the
    numbers that wave 3 (SPSS) has of its own; wave 2 has none."""
    (path,) = (project / "data/raw/demo/survey/wave_1").glob("*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    for k, row in enumerate(rows):
        row.append("token" if k == 0 else f"Tok-{k % 140:03d}")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    columns = project / "data/instruments/columns.csv"
    with columns.open("a", encoding="utf-8") as file:
        file.write("1,limesurvey,token,,,link\n")
    return load_study(project)


def with_codes_in_both(project):
    """The same, with the number of a row in wave 3 as its code, of the form of the tokens."""
    study = with_codes(project)
    (path,) = (project / "data/raw/demo/survey/wave_3").glob("*.sav")
    frame, meta = pyreadstat.read_sav(path)
    frame["code"] = [f"tok {k:03d}" for k in range(1, len(frame) + 1)]
    kept = {"column_labels": meta.column_names_to_labels, "missing_ranges": meta.missing_ranges}
    kept |= {"variable_value_labels": meta.variable_value_labels}
    pyreadstat.write_sav(frame, path, **kept)
    columns = project / "data/instruments/columns.csv"
    with columns.open("a", encoding="utf-8") as file:
        file.write("3,spss,code,,,link\n")
    return load_study(study.root)


def test_a_raw_export_with_tokens_gives_numbers_and_no_token(project):
    study = with_codes(project)
    prepared = {wave.wave: wave for wave in prepare_survey(study)}
    people = prepared["1"].tables["respondents"]
    assert people.loc[~people["used"], "link"].eq("").all()
    linked = people.loc[people["link"].ne(""), "link"]
    assert linked.is_unique
    assert len(linked) > 100
    assert prepared["3"].tables["respondents"]["link"].eq("").all()
    told = [str(p) for p in prepared["1"].problems if "code" in str(p)]
    assert any("another row has too" in problem for problem in told)
    for table in prepared["1"].tables.values():
        text = table.astype("string")
        assert not text.apply(lambda c: c.str.contains("tok-", case=False)).any(axis=None)
    assert prepared["1"].codes == {}


def compared(study):
    """Chapter 4's table of linked waves, as the notebook makes it."""
    write_survey(prepare_survey(study), study=study)
    given = {"wave": "3", "compare_with": "1", "cop": "", "breakdown": ""}
    chapter = open_chapter("chapter_4_outcomes", parameters=given, root=study.root)
    table = linked_verdicts(
        chapter.answers(waves=["1", "3"]),
        **study.ask("q4_got", wave="3"),
        **{"base": "answered", "first": "1", "last": "3"},
        wordings=study.wordings("q4_got"),
        confidence=study.confidence,
        **study.judging,
        **{"family": "opties", "correction": "holm"},
    )
    about = chapter.about("q4_got", base="answered", waves=["1", "3"])
    columns = dict.fromkeys(["label", "base", "share_first", "share_second", "gap"], "")
    columns |= {"both": "Beide", "verdict": ""}
    chapter.table("linked", table, title="Per persoon", key=["option"], columns=columns, **about)
    return chapter, table


def test_a_study_with_codes_in_two_exports_compares_person_by_person(project):
    chapter, table = compared(with_codes_in_both(project))
    people = {w: chapter.read("respondents", waves=[w]).query("used") for w in "13"}
    both = set(people["1"]["link"]) & set(people["3"]["link"]) - {""}
    assert 30 < table["base"].iloc[0] <= len(both)
    assert set(table["verdict"]) <= {"gestegen", "gedaald", "geen aantoonbaar verschil"}
    counts = chapter.told["linked"].counts.counts
    assert all(count.of.waves == ("1", "3") for count in counts)
    margin = (("q4_got@1.insight", "1"), ("q4_got@3", "*"))
    assert Counted(("1", "3"), (), margin) in {count.of for count in counts}
    hidden = chapter["linked"].hidden
    for small, secret in zip(table["both"].between(1, 2), hidden["both"], strict=True):
        assert secret or not small


def test_the_demo_has_no_codes_and_says_so(project):
    chapter, table = compared(load_study(project))
    assert isinstance(table, NotMeasured)
    assert chapter["linked"] is table
    assert "niet per persoon te koppelen" in table.reason
