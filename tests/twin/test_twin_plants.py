"""What is planted in the twin: contradictions of the report and slips of respondents."""

from __future__ import annotations

from collections import Counter

import pandas as pd
from twin_readback import MULTIPLE, OPEN, spss, ticks_of

from copanalysis.twin.targets import read_targets
from copanalysis.twin.wordings import FOLDER as TEXTS

WITH_TEXT = ["q2_aims", "q3_hoped", "q4_got", "q11_help"]  # each write-in once


def test_wave_1_has_three_cops_with_more_answers_than_members(used, study):
    counts = used["1"]["q1_cop"].value_counts().to_dict()
    assert set(counts) == {"amsterdam", "oost_brabant", "zeeland"}
    assert all(n > study.members()[cop] for cop, n in counts.items())


def test_wave_2_has_every_cop_within_its_size_and_wave_3_lacks_three(used, study):
    members = study.members()
    counts = used["2"]["q1_cop"].value_counts().to_dict()
    assert set(counts) == set(members)
    assert all(n <= members[cop] for cop, n in counts.items())
    assert set(members) - set(used["3"]["q1_cop"]) == {"zeeland", "rijnmond", "foodvalley"}


def test_wave_3_calls_cops_by_their_other_names(twin):
    labels = set(spss(twin)[1].variable_value_labels["cop"].values())
    aliases = {"Groningen", "Helmond", "Friesland", "Gezinsmigranten", "Gemeente Amsterdam"}
    assert aliases | {"Midden-Limburg"} <= labels
    assert not labels & {"Noordoost Nederland", "Oost-Brabant", "Fryslân", "Utrecht", "Amsterdam"}


def test_some_pick_four_of_three_and_some_pick_what_they_did_not_tick(used):
    targets = read_targets()
    for wave, table in used.items():
        picks, ticked = ticks_of(table, "q5_most_important"), ticks_of(table, "q4_got")
        plan = targets.waves[wave]
        assert picks.sum(axis=1).max() == 4
        assert picks.sum(axis=1).eq(4).sum() == plan.four_picks
        assert (picks & ~ticked).any(axis=1).sum() == plan.outside_picks
        assert set(picks.sum().nlargest(3).index) == {"network", "insight", "knowledge"}


def test_three_speeders_and_three_straightliners_a_wave_and_nobody_near(used):
    for wave, table in used.items():
        share = table["seconds"] / table["seconds"].median()
        assert share.lt(0.33).sum() == 3, wave
        assert not share.between(0.3, 0.4).any()
        same = table["q9a_responsible"].eq(table["q9b_influence"]) & table["q9b_influence"].ne("")
        boxes = [ticks_of(table, item).drop(columns="other") for item in MULTIPLE]
        full = pd.concat([b.all(axis=1) for b in boxes], axis=1).any(axis=1)
        assert (same & full).sum() == 3, wave


def test_some_tick_nothing_but_anders_and_some_write_what_an_option_says(used):
    other = pd.read_csv(TEXTS / "other_specify.csv", dtype=str, keep_default_na=False)
    belongs = other[other["belongs_to"].ne("")]
    for wave, table in used.items():
        for item in WITH_TEXT:
            ticks = ticks_of(table, item)
            only = ticks["other"] & ~ticks.drop(columns="other").any(axis=1)
            assert only.sum() == 2, (wave, item)
        written = table.loc[table["q4_got.other"], "q4_got.text"]
        assert written.isin(other["text"]).all()
        assert written.isin(belongs["text"]).any()
    written = pd.concat([t[f"{i}.text"] for t in used.values() for i in WITH_TEXT])
    assert not written[written.ne("")].duplicated().any()


def test_who_writes_that_there_is_nothing_ticked_nothing_else(used):
    nothing = ["Nog niets, ben net begonnen", "Vooral veel reistijd", "niets, het is goed zo"]
    found = 0
    for table in used.values():
        for item in WITH_TEXT:
            said = table[f"{item}.text"].isin(nothing)
            found += int(said.sum())
            assert ticks_of(table[said], item).drop(columns="other").sum(axis=None) == 0
    assert found


def test_some_feel_responsible_without_influence(used):
    order = {"agree_fully": 1, "agree": 2, "neutral": 3, "disagree": 4, "disagree_fully": 5}
    for wave, table in used.items():
        responsible = table["q9a_responsible"].isin(["agree", "agree_fully"])
        powerless = table["q9b_influence"].isin(["disagree", "disagree_fully"])
        assert (responsible & powerless).sum() >= 5, wave
        scores = table[["q9a_responsible", "q9b_influence"]].apply(
            lambda answers: answers.map(order)
        )
        assert 0.2 < scores.corr(method="spearman").iloc[0, 1] < 0.8


def test_open_answers_are_used_once_in_their_wave_and_cop(used, texts):
    by_text = {" ".join(row.text.split()): row for row in texts.itertuples()}
    seen: Counter = Counter()
    for wave, table in used.items():
        for item in OPEN:
            for text, cop in zip(table[item], table["q1_cop"], strict=True):
                row = by_text.get(" ".join(text.split()))
                if row is not None:
                    seen[row.id] += 1
                    assert row.item == item
                    assert row.wave in ("", wave)
                    assert not row.scope or cop in row.scope.split()
    assert max(seen.values()) == 1
    assert set(texts.loc[texts["canary"].eq("yes"), "id"]) <= set(seen)
    assert len(seen) > 700


def test_the_tone_of_remarks_follows_what_was_gained(used, texts):
    tone = {" ".join(row.text.split()): row.tone for row in texts.itertuples()}
    gained = pd.DataFrame(
        [
            (tone.get(" ".join(text.split())), n)
            for table in used.values()
            for text, n in zip(
                table["q7_work_forms"], ticks_of(table, "q4_got").sum(axis=1), strict=True
            )
        ],
        columns=["tone", "n"],
    )
    means = gained.groupby("tone")["n"].mean()
    assert means["positive"] > means["negative"] + 0.5


def test_remarks_hold_line_breaks_stray_spaces_and_non_answers(used):
    for wave, table in used.items():
        answers = table[OPEN].stack()
        assert answers.str.contains("\n").sum() == 2, wave
        assert answers[answers.str.endswith(" ")].size == (2 if wave != "3" else 0)
        assert answers.str.casefold().isin(["nvt", "-", "n.v.t.", "geen", "x", "idem"]).any()
