"""Tables of a report protected together, and the audit that finds what a reader could."""

import json
import random
import shutil

import pandas as pd
import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.report.datasheet import table_csv
from copanalysis.report.disclosure.audit import audit, refuse_leaks
from copanalysis.report.disclosure.counts import Counted, Counts, reading
from copanalysis.report.disclosure.protection import protection
from copanalysis.report.disclosure.records import (
    Told,
    public_text,
    read_pattern,
    write_private,
)
from copanalysis.report.disclosure.rules import Kind, rules_of
from copanalysis.report.disclosure.whole import protect_pages
from copanalysis.report.numbers import show
from copanalysis.report.release import release

SCALE = ("agree_fully", "agree", "neutral", "disagree", "disagree_fully")
COPS = ("amsterdam", "rijnmond", "fryslan")


@pytest.fixture(scope="module")
def rules(study):
    return rules_of(study)


def answers(counts, *, item="q9a_responsible", options=SCALE, base=None, **where):
    """A table as single_choice gives it."""
    base = sum(counts) if base is None else base
    data = pd.DataFrame({"item": item, "option": options, "label": options, "n": counts})
    return data.assign(base=base, share=data["n"] / base, **where)


def released(study, data, *, id="t", cop="", waves=("3",), pattern=frozenset(), **more):
    said = {"number": "1", "title": "t", "base": "b", "source": "s", "synthetic": True, "cell": {}}
    given = {"key": (), "columns": (), "formats": {}, "notes": ()} | more
    return release(data, study=study, cop=cop, waves=waves, pattern=pattern, id=id, **given, **said)


def page(folder, study, id, tables):
    """A page as a chapter writes it, for disclosure control; ``tables`` are released pairs."""
    place = folder / id
    shutil.rmtree(place, ignore_errors=True)
    (place / "tables").mkdir(parents=True)
    told = {table.id: found for table, found in tables}
    (place / "counts.json").write_text(public_text(told), encoding="utf-8")
    for table, _ in tables:
        (place / "tables" / f"{table.id}.csv").write_bytes(table_csv(table))
    write_private(study.root, id, told)
    return told


def hidden(pair):
    return pair[0].hidden["n"].tolist()


def shown_whole(study, data, **more):
    """A table released as if nothing in it were secret: a leak is planted."""
    data = data.reset_index(drop=True)
    table, told = released(study, data.assign(n=data["n"] + 50, base=1000), **more)
    assert not table.hidden.to_numpy().any()
    honest = told.counts.counts
    counts = tuple(
        type(c)(c.of, int(base), c.row, c.tells, c.goes, int(n))
        for c, n, base in zip(honest, data["n"], data["base"], strict=True)
    )
    shown = table.data.assign(n=data["n"], base=data["base"], share=data["share"])
    leaky = type(table)(**{**vars(table), "data": shown})
    return leaky, Told(Counts(counts, told.counts.sums), frozenset(), told.headers)


# what a table hides by itself


def test_of_a_cop_small_counts_go_and_the_smallest_of_the_others_with_a_lone_one(study):
    assert hidden(released(study, answers([2, 5, 6, 7, 9]), cop="amsterdam")) == [
        *(True, True, False, False, False)
    ]


def test_the_thresholds_themselves_may_be_shown(study):
    boxes = answers([3, 9], item="q4_got", options=["insight", "network"], base=12)
    assert hidden(released(study, boxes, cop="amsterdam")) == [False, False]
    assert hidden(released(study, answers([5, 5, 0, 0, 0], base=10))) == [False] * 5


def test_of_two_equal_companions_only_one_is_hidden(study):
    found = hidden(released(study, answers([2, 6, 6, 6, 6]), cop="amsterdam"))
    assert found[0]
    assert sum(found) == 2


def test_nobody_and_everybody_of_a_cop_go_like_one(study):
    boxes = answers([12, 0, 6], item="q4_got", options=["insight", "network", "support"], base=12)
    assert hidden(released(study, boxes, cop="amsterdam")) == [True, True, False]


def test_a_base_under_the_minimum_goes_whole_in_a_breakdown_and_over_all(study):
    assert hidden(released(study, answers([3, 3, 3, 0, 0]))) == [True] * 5
    both = pd.concat([answers([4, 5, 0, 0, 0], cop="zeeland"), answers([4] * 5, cop="fryslan")])
    assert hidden(released(study, both)) == [True] * 5 + [False] * 5


def test_one_question_over_all_cops_stays_whole(study):
    # the satisfaction of the published report, 4.2.1: 1 of 52 is "2%"
    options = ["very_satisfied", "satisfied", "neutral", "dissatisfied"]
    table = answers([10, 30, 11, 1], item="x1_satisfaction", options=options)
    assert hidden(released(study, table)) == [False] * 4


def test_a_stricter_rule_in_study_toml_hides_one_of_52_and_what_gives_it_away(study, edit, project):
    from copanalysis.study.plan import load_study

    edit("study.toml", "minimum_cell_whole = 1    #", "minimum_cell_whole = 3  #")
    options = ["very_satisfied", "satisfied", "neutral", "dissatisfied"]
    table = answers([10, 30, 11, 1], item="x1_satisfaction", options=options)
    assert hidden(released(load_study(project), table)) == [True, False, False, True]


def test_a_hidden_count_takes_share_interval_and_verdict_along_and_leaves_the_base(study):
    data = answers([2, 5, 6, 7, 9]).assign(ci_low=0.1, ci_high=0.9, share_weighted=0.2)
    table, _ = released(study, data, cop="amsterdam")
    assert table.hidden.iloc[0][["n", "share", "ci_low", "ci_high", "share_weighted"]].all()
    assert not table.hidden[["item", "option", "label", "base"]].to_numpy().any()
    assert any("Niet getoond" in note for note in table.notes)


def test_crossed_answers_hide_small_counts_but_not_zero(study):
    rows = [
        ("q9a_responsible", a, "q9b_influence", b, n)
        for (a, b), n in zip(
            [(a, b) for a in SCALE[:3] for b in SCALE[:3]],
            [9, 8, 1, 7, 9, 8, 0, 7, 9],
            strict=True,
        )
    ]
    names = ["row_item", "row_option", "column_item", "column_option", "n"]
    data = pd.DataFrame(rows, columns=names).assign(base=58)
    more = {"key": ["row_option", "column_option"], "columns": {"row_option": "r", "n": "n"}}
    assert hidden(released(study, data, **more))[2]
    data["n"] = [9, 8, 4, 7, 9, 8, 0, 7, 6]
    assert not any(hidden(released(study, data, **more)))


def test_a_table_that_does_not_say_its_wave_is_refused(study):
    with pytest.raises(CopanalysisError, match="say waves="):
        released(study, answers([20] * 5), waves=())
    coded = pd.DataFrame({"code": ["a", "b"], "n": [20, 1], "base": 60})
    more = {"key": ["code"], "columns": {"code": "Code", "n": ""}}
    with pytest.raises(CopanalysisError, match="say waves="):
        released(study, coded, waves=(), **more)
    with pytest.raises(CopanalysisError, match="say waves="):
        released(study, coded, waves=("1", "3"), **more)
    assert hidden(released(study, coded, waves=("3",), **more)) == [False, False]


# shares as shown


@pytest.mark.parametrize("base", [1, 7, 52, 74, 350, 1234])
def test_a_reading_allows_exactly_the_counts_that_look_so(base):
    texts = [show(n / base, "share") for n in range(base + 1)]
    for text in set(texts):
        low, high = reading(text, "share", base)
        assert [n for n, t in enumerate(texts) if t == text] == list(range(low, high + 1))


def test_two_percent_of_52_is_one_person():
    assert reading("2%", "share", 52) == (1, 1)


# tables together


def counts_of(study, data, **more):
    return released(study, data, **more)[1].counts


def by_cop(rows, **more):
    return pd.concat([answers(n, cop=cop) for cop, n in zip(COPS, rows, strict=True)], **more)


def test_the_order_of_the_tables_does_not_matter(study, rules):
    rng = random.Random(5)
    rows = [[rng.randint(0, 8) for _ in SCALE] for _ in COPS]
    rows = [[n + 3 * (i == 0) for i, n in enumerate(row)] for row in rows]
    whole = [sum(column) for column in zip(*rows, strict=True)]
    tables = {
        "all": counts_of(study, answers(whole)),
        "by": counts_of(study, by_cop(rows)),
        **{
            cop: counts_of(study, answers(row), cop=cop)
            for cop, row in zip(COPS, rows, strict=True)
        },
    }
    first = protection(tables, rules=rules)
    for seed in range(3):
        names = list(tables)
        random.Random(seed).shuffle(names)
        again = protection({name: tables[name] for name in names}, rules=rules)
        assert again.hidden == first.hidden
    assert first.gap == 0


def test_different_numbers_for_one_count_are_named(study, rules):
    tables = {"a": counts_of(study, answers([20] * 5)), "b": counts_of(study, answers([21] * 5))}
    with pytest.raises(CopanalysisError, match="20 in a, 21 in b"):
        protection(tables, rules=rules)


def test_several_cops_that_are_many_people_count_as_all(rules):
    some = Counted(("3",), ("amsterdam", "fryslan"), (("q9a_responsible", "agree"),))
    assert rules.kind(some, 18) is Kind.IDENTIFYING
    assert rules.kind(some, 97) is Kind.WHOLE


def test_a_wave_of_one_cop_is_a_table_of_that_cop(study):
    # "all CoPs" of such a wave are one group in which everybody is known
    boxes = answers([12, 1, 6], item="q4_got", options=["insight", "network", "support"], base=13)
    assert hidden(released(study, boxes)) == [False, False, False]
    alone = released(study, boxes, lone={"3": "amsterdam"}.get)
    assert hidden(alone) == [True, True, False]
    assert {count.of.cops for count in alone[1].counts.counts} == {("amsterdam",)}
    assert alone[1].withheld == released(study, boxes, cop="amsterdam")[1].withheld


def test_of_two_waves_only_that_of_one_cop_is_of_that_cop(study):
    data = pd.DataFrame({"item": "q4_got", "option": ["insight"], "label": ["x"], "cop_ids": ""})
    data = data.assign(first="1", last="3", n_first=60, base_first=125, n_last=1, base_last=62)
    data = data.assign(share_first=60 / 125, share_last=1 / 62)
    more = {"key": ["option"], "columns": {"label": "", "share_first": "", "share_last": ""}}
    table, told = released(study, data, waves=(), lone={"1": "", "3": "zeeland"}.get, **more)
    assert {count.of.waves: count.of.cops for count in told.counts.counts} == {
        ("1",): (),
        ("3",): ("zeeland",),
    }
    assert table.hidden[["share_first", "share_last"]].to_numpy().tolist() == [[False, True]]


# people in registers


def talks(*numbers, **columns):
    """How many conversations of each kind there were."""
    kinds = ["participant", "manager", "chain", "partner"][: len(numbers)]
    return pd.DataFrame({"group": kinds, "people": numbers, "n_meetings": numbers, **columns})


TALKS = {"key": ["group"], "columns": {"group": "Met wie", "people": "n", "n_meetings": "k"}}
TALKS["formats"] = {"people": "count", "n_meetings": "count"}


def test_one_or_two_people_of_a_cop_are_hidden_and_meetings_are_not(study):
    table, _ = released(study, talks(6, 1, 2, 0), cop="amsterdam", waves=(), **TALKS)
    assert table.hidden["people"].tolist() == [False, True, True, False]
    assert not table.hidden["n_meetings"].any()


def test_a_lone_hidden_count_of_people_takes_the_smallest_other_with_it(study):
    # how many were spoken to in all often stands elsewhere
    table, _ = released(study, talks(6, 1, 4), cop="amsterdam", waves=(), **TALKS)
    assert table.hidden["people"].tolist() == [False, True, True]


def test_people_are_protected_per_cop_and_not_over_all_of_them(study):
    both = pd.concat([talks(6, 1, cop="amsterdam"), talks(5, 4, cop="zeeland")])
    by_cop = TALKS | {"key": ["cop", "group"]}
    both = both.reset_index(drop=True).astype({"cop": "category"})  # as registers have it
    table, _ = released(study, both, waves=(), **by_cop)
    assert table.hidden["people"].tolist() == [True, True, False, False]
    whole, _ = released(study, talks(6, 1), waves=(), **TALKS)
    assert not whole.hidden.to_numpy().any()


def test_a_count_of_a_cop_that_nobody_declared_is_refused(study):
    columns = TALKS | {"columns": {"group": "g", "n_guests": "n"}, "formats": {"n_guests": "count"}}
    data = talks(6, 1).rename(columns={"people": "n_guests"})
    with pytest.raises(CopanalysisError, match=r"'n_guests'.*counted\.csv"):
        released(study, data, cop="amsterdam", waves=(), **columns)


def test_people_hidden_on_one_page_are_not_found_from_another(own_study, pages, rules):
    alone = TALKS | {"cop": "amsterdam", "waves": ()}
    page(pages, own_study, "one", [released(own_study, talks(6, 1, 4), page="one", **alone)])
    assert leaks(pages, rules) == []
    earlier = released(own_study, talks(5, 1, 3), page="interim", **alone)
    page(pages, own_study, "interim", [earlier])  # what the register said before
    both = pd.concat([talks(6, 1, 4, cop="amsterdam"), talks(3, 5, 4, cop="zeeland")])
    by_cop = TALKS | {"key": ["cop", "group"]}
    table = released(own_study, both.reset_index(drop=True), page="two", waves=(), **by_cop)
    page(pages, own_study, "two", [table])
    assert table[0].hidden["people"].tolist() == [False, True, True, False, False, False]
    assert protect_pages(pages, study=own_study) == ()
    assert leaks(pages, rules) == []


# planted leaks


@pytest.fixture
def pages(tmp_path):
    return tmp_path / "pages"


@pytest.fixture
def own_study(study, tmp_path):
    """The study with a data/processed of its own."""
    return type(study)(tmp_path, study.settings, study.sheets)


def leaks(pages, rules, releases=()):
    return [str(problem) for problem in audit(pages, rules=rules, releases=releases).problems]


def test_the_last_cop_is_found_by_taking_the_others_from_the_whole(own_study, pages, rules):
    rows = [[9, 8, 9, 7, 6], [8, 9, 8, 7, 6]]
    last = [4, 4, 5, 4, 1]
    whole = [sum(column) for column in zip(*rows, last, strict=True)]
    respondents = pd.DataFrame({"cop": ["", *COPS], "members": 90, "3": [95, 39, 38, 18]})
    more = {"key": ["cop"], "columns": {"cop": "CoP", "3": "golf 3"}, "formats": {"3": "count"}}
    page(pages, own_study, "quality", [released(own_study, respondents, id="r", **more)])
    page(pages, own_study, "chapter", [released(own_study, answers(whole), id="all")])
    two = [
        released(own_study, answers(n), id=c, cop=c) for c, n in zip(COPS[:2], rows, strict=True)
    ]
    page(pages, own_study, "factsheets", two)
    found = leaks(pages, rules)
    assert any("fryslan: q9a_responsible=disagree_fully: found exactly 1 of 18" in f for f in found)
    assert "chapter, table all" in found[0]
    assert "factsheets, table amsterdam" in found[0]
    again = protect_pages(pages, study=own_study)
    assert again == ("factsheets",)
    pattern = read_pattern(own_study.root, "factsheets")
    two = [
        released(own_study, answers(n), id=c, cop=c, pattern=pattern)
        for c, n in zip(COPS[:2], rows, strict=True)
    ]
    page(pages, own_study, "factsheets", two)
    assert protect_pages(pages, study=own_study) == ()
    assert leaks(pages, rules) == []


def test_a_cell_hidden_on_one_page_and_shown_on_another_is_found(own_study, pages, rules):
    data = answers([2, 5, 6, 7, 9])
    page(pages, own_study, "one", [released(own_study, data, id="a", cop="amsterdam")])
    page(pages, own_study, "two", [shown_whole(own_study, data, id="b", cop="amsterdam")])
    found = leaks(pages, rules)
    assert any("exactly 2 of 29" in f and "two, table b" in f for f in found)


def test_a_breakdown_without_companion_is_found(own_study, pages, rules):
    data = answers([2, 5, 6, 7, 9], cop="amsterdam")
    table, told = released(own_study, data, id="a")
    honest = answers([2, 5, 6, 7, 9])["n"]
    mask = table.hidden.copy()
    mask.iloc[1] = False
    shown = table.data.assign(n=honest, share=honest / 29).mask(mask)
    leaky = type(table)(**{**vars(table), "data": shown, "hidden": mask})
    page(pages, own_study, "one", [(leaky, told)])
    found = leaks(pages, rules)
    assert len(found) == 1
    assert "amsterdam: q9a_responsible=agree_fully: found exactly 2 of 29" in found[0]
    with pytest.raises(CopanalysisError, match="exactly 2 of 29"):
        refuse_leaks(own_study, pages)


def test_the_share_alone_gives_the_count_away(own_study, pages, rules):
    data = answers([2, 5, 6, 7, 9])
    page(pages, own_study, "one", [released(own_study, data, id="a", cop="amsterdam")])
    only = {"key": ["option"], "columns": {"label": "Antwoord", "share": "Aandeel"}}
    page(pages, own_study, "two", [shown_whole(own_study, data, id="b", cop="amsterdam", **only)])
    assert any("exactly 2 of 29" in f and "two, table b" in f for f in leaks(pages, rules))


def test_two_waves_and_the_difference_between_all_and_some_cops(own_study, pages, rules):
    def change(all_or_some, first, last, ids):
        data = pd.DataFrame({"item": "q4_got", "option": ["insight"], "label": ["x"]})
        data = data.assign(cops=all_or_some, cop_ids=ids, first="1", last="3")
        for end, (n, base) in {"first": first, "last": last}.items():
            data = data.assign(**{f"n_{end}": n, f"share_{end}": n / base, f"base_{end}": base})
        return data.assign(difference=data["share_last"] - data["share_first"])

    columns = {"label": "", "share_first": "", "share_last": "", "difference": ""}
    more = {"key": ["option"], "columns": columns, "waves": ()}
    table = change("all", (60, 125), (12, 62), "")
    page(pages, own_study, "one", [released(own_study, table, id="a", **more)])
    table = change("common", (50, 97), (11, 58), "amsterdam rijnmond")
    page(pages, own_study, "two", [released(own_study, table, id="b", **more)])
    found = leaks(pages, rules)
    assert any("exactly 1 of 4" in f and "wave 3" in f for f in found), found


def verdict(n_last):
    """A row of wave_verdicts: the CoPs in both waves told by their difference alone."""
    data = pd.DataFrame({"item": "q4_got", "option": ["insight"], "label": ["x"]})
    data = data.assign(cops="all", cop_ids="", first="1", last="3", p=0.2)
    for stem, counts in {"": (60, 125, 50, 74), "common_": (48, 97, n_last, 18)}.items():
        names = ("n_first", "base_first", "n_last", "base_last")
        data = data.assign(**{f"{stem}{c}": v for c, v in zip(names, counts, strict=True)})
        share = counts[2] / counts[3] - counts[0] / counts[1]
        data = data.assign(**{f"{stem}difference": share})
    return data.assign(share_first=60 / 125, share_last=50 / 74, common_p=0.5,
                       common_cop_ids="amsterdam zeeland")  # fmt: skip


POINTS = {"label": "", "common_difference": "Verschil", "common_p": "p"}
POINTED = {"key": ["option"], "columns": POINTS, "formats": {"common_difference": "points"}}


def test_a_difference_that_gives_a_small_count_away_goes_and_others_stay(study):
    table, _ = released(study, verdict(17), **POINTED)
    assert table.hidden[["common_difference", "common_p"]].to_numpy().all()
    assert not table.hidden[["difference", "p", "common_base_last"]].to_numpy().any()
    table, _ = released(study, verdict(9), **POINTED)
    assert not table.hidden.to_numpy().any()


def test_a_hidden_share_is_found_from_the_other_share_and_the_difference(own_study, pages, rules):
    common = pd.DataFrame({"item": "q4_got", "option": ["insight"], "label": ["x"]})
    common = common.assign(cops="common", cop_ids="amsterdam zeeland", first="1", last="3")
    common = common.assign(n_first=48, base_first=97, share_first=48 / 97)
    common = common.assign(n_last=17, base_last=18, share_last=17 / 18)
    columns = {"label": "", "share_first": "", "share_last": ""}
    table = released(own_study, common, id="a", key=["option"], columns=columns)
    assert table[0].hidden["share_last"].all()
    page(pages, own_study, "one", [table])
    assert leaks(pages, rules) == []
    hidden_one, told = released(own_study, verdict(17), id="b", **POINTED)
    shown = hidden_one.data.assign(common_difference=17 / 18 - 48 / 97)
    leaky = type(hidden_one)(
        **{**vars(hidden_one), "data": shown, "hidden": hidden_one.hidden & False}
    )
    page(pages, own_study, "two", [(leaky, told)])
    assert any("exactly 17 of 18" in f and "one, table a" in f for f in leaks(pages, rules))


def gap(both, hoped, got, base):
    """A row of hoped_and_got."""
    data = pd.DataFrame({"option": ["insight"], "label": ["x"], "both": both, "base": base})
    data = data.assign(only_first=hoped - both, only_second=got - both)
    data = data.assign(neither=base - hoped - got + both, first_item="q3_hoped")
    data = data.assign(second_item="q4_got", share_first=hoped / base, share_second=got / base)
    return data.assign(gap=data["share_second"] - data["share_first"])


def test_who_skipped_the_other_question_is_found_and_protected(own_study, pages, rules):
    # of 12 in the CoP 8 got it; of the 11 who also told what they hoped 7: the twelfth did too
    boxes = answers([8], item="q4_got", options=["insight"], base=12)
    columns = {"label": "", "share_first": "", "share_second": "", "gap": ""}
    more = {"cop": "amsterdam", "key": ["option"], "columns": columns}
    tables = [
        released(own_study, boxes, id="a", cop="amsterdam"),
        released(own_study, gap(5, 6, 7, 11), id="b", **more),
    ]
    assert not tables[1][0].hidden["share_second"].any()
    page(pages, own_study, "one", tables)
    assert any("exactly 1 of 1 (in no table" in leak for leak in leaks(pages, rules))
    assert protect_pages(pages, study=own_study) == ("one",)
    # over all CoPs nobody is known to be the one
    tables = [
        released(own_study, answers([8], item="q4_got", options=["insight"], base=62), id="a"),
        released(own_study, gap(5, 6, 7, 61), id="b", key=["option"], columns=columns),
    ]
    page(pages, own_study, "one", tables)
    assert protect_pages(pages, study=own_study) == ()
    assert leaks(pages, rules) == []


def gap_as_shown(study, **cells):
    """A table of hoped_and_got that shows its four shares, with other cells put in after it was
    protected: a leak is planted."""
    columns = {"label": "", "both": "Beide", "share_first": "", "share_second": ""}
    table, told = released(study, gap(20, 30, 40, 70), id="g", key=["option"], columns=columns)
    assert not table.hidden.to_numpy().any()
    mask = table.hidden.assign(both=True)
    shown = table.data.assign(**cells).mask(mask)
    return type(table)(**{**vars(table), "data": shown, "hidden": mask}), told


def test_what_follows_exactly_from_what_is_never_hidden_is_a_leak(own_study, pages, rules):
    # everybody hoped for it, so both are the two who got it
    leaky = gap_as_shown(own_study, share_first=1.0, share_second=2 / 70)
    page(pages, own_study, "one", [leaky])
    assert any("exactly 2 of 70 (hidden" in leak for leak in leaks(pages, rules))


def test_what_is_never_hidden_may_leave_a_narrow_interval(own_study, pages, rules):
    # of 70 two got it: how many of these hoped for it is 0 to 2, whatever else is hidden
    narrow = gap_as_shown(own_study, share_first=35 / 70, share_second=2 / 70)
    page(pages, own_study, "one", [narrow])
    found = audit(pages, rules=rules)
    assert (0, 2) in found.intervals.values()
    assert found.problems == ()


def test_what_all_cops_together_say_is_no_secret_of_one(own_study, rules):
    # of 60 one said so; that each CoP has at most one of them is known from that alone
    whole = answers([30, 20, 5, 4, 1])
    rows = [[10, 7, 2, 1, 0], [10, 7, 2, 1, 1], [10, 6, 1, 2, 0]]
    tables = {"all": counts_of(own_study, whole), "by": counts_of(own_study, by_cop(rows))}
    found = protection(tables, rules=rules)
    rare = {of for of in found.hidden if of.answers == (("q9a_responsible", "disagree_fully"),)}
    assert len(rare) == 3
    assert found.problems == ()


@pytest.mark.parametrize(("whole", "own"), [((0, 16), (0, 10)), ((20, 11), (12, 4))])
def test_what_nobody_or_everybody_said_is_no_secret_of_one_cop(own_study, rules, whole, own):
    # that nobody (or everybody) of the CoP ticked it follows from that of all CoPs, which stays
    boxes = {"item": "q4_got", "options": ["insight", "network"]}
    tables = {
        "all": counts_of(own_study, answers(whole, base=20, **boxes)),
        "one": counts_of(own_study, answers(own, base=12, **boxes), cop="amsterdam"),
    }
    assert protection(tables, rules=rules).problems == ()


def test_many_cops_together_go_when_they_give_the_others_away(own_study, pages, rules):
    def some(n_first, n_last, bases, cops):
        data = pd.DataFrame({"item": "q4_got", "option": ["other"], "label": ["x"], "cops": cops})
        data = data.assign(first="1", last="3", cop_ids="amsterdam zeeland" if cops else "")
        for end, n, base in (("first", n_first, bases[0]), ("last", n_last, bases[1])):
            data = data.assign(**{f"n_{end}": n, f"base_{end}": base, f"share_{end}": n / base})
        return data

    columns = {"key": ["option"], "columns": {"label": "", "share_first": "", "share_last": ""}}
    whole = released(own_study, some(2, 9, (125, 74), ""), id="a", **columns)
    both = released(own_study, some(1, 8, (97, 60), "common"), id="b", **columns)
    assert not whole[0].hidden.to_numpy().any()
    assert not both[0].hidden.to_numpy().any()
    page(pages, own_study, "one", [whole, both])
    assert any("1 to 2 of 28" in leak for leak in leaks(pages, rules))
    assert protect_pages(pages, study=own_study) == ("one",)
    hidden_now = {of.cops for of in read_pattern(own_study.root, "one")}
    assert hidden_now == {("amsterdam", "zeeland")}


def test_a_later_release_with_one_answer_more_is_found(own_study, pages, rules, tmp_path):
    page(tmp_path / "then", own_study, "one", [released(own_study, answers([20] * 5), id="a")])
    page(pages, own_study, "one", [released(own_study, answers([20, 21, 20, 20, 20]), id="a")])
    found = leaks(pages, rules, [tmp_path / "then"])
    assert len(found) == 5
    assert all("1 respondents more" in f for f in found)
    assert leaks(pages, rules, [pages]) == []


def test_what_was_published_before_counts_as_known(own_study, pages, rules, tmp_path):
    data = answers([2, 3, 6, 7, 9])
    page(tmp_path / "reports/releases/then/pages", own_study, "old", [
        shown_whole(own_study, data.iloc[[1]], id="a", cop="amsterdam")
    ])  # fmt: skip
    page(pages, own_study, "one", [released(own_study, data, id="a", cop="amsterdam")])
    found = leaks(pages, rules, [tmp_path / "reports/releases/then/pages"])
    assert any("agree_fully: found exactly 2" in f for f in found), found
    assert protect_pages(pages, study=own_study) == ("one",)
    pattern = read_pattern(own_study.root, "one")
    data = released(own_study, data, id="a", cop="amsterdam", pattern=pattern)
    assert hidden(data) == [True, False, True, False, False]
    page(pages, own_study, "one", [data])
    assert protect_pages(pages, study=own_study) == ()
    refuse_leaks(own_study, pages)


def test_the_public_record_holds_no_values(own_study, pages):
    page(pages, own_study, "one", [released(own_study, answers([2, 5, 6, 7, 9]), cop="amsterdam")])
    record = json.loads((pages / "one/counts.json").read_text("utf-8"))
    assert all("n" not in count for count in record["t"]["counts"])


def test_a_page_whose_counts_are_gone_is_made_again(own_study, pages):
    page(pages, own_study, "one", [released(own_study, answers([20] * 5))])
    shutil.rmtree(own_study.root / "data/processed/disclosure")
    assert protect_pages(pages, study=own_study) == ("one",)


def test_an_empty_folder_is_no_safe_report(pages, rules):
    with pytest.raises(CopanalysisError, match="nothing to audit"):
        audit(pages, rules=rules)


def pairs_of_boxes(n, row_n, column_n, base):
    """A row of spmi_pairs."""
    data = pd.DataFrame({"row_item": "q3_hoped", "row_option": ["insight"], "row_label": ["x"]})
    data = data.assign(column_item="q4_got", column_option="network", column_label="y", n=n)
    return data.assign(row_n=row_n, column_n=column_n, base=base, phi=0.2, p=0.04)


@pytest.mark.parametrize(
    ("counts", "secret"),
    [
        ((12, 30, 40, 70), False),
        ((2, 30, 40, 70), True),  # two ticked both
        ((28, 30, 40, 70), True),  # two who hoped did not get it
        ((12, 30, 14, 70), True),  # two got it without hoping
        ((20, 40, 49, 70), True),  # one ticked neither
        ((0, 30, 30, 70), False),  # nobody both: no person
    ],
)
def test_a_pair_of_boxes_hides_what_points_to_few_in_any_of_its_four_cells(study, counts, secret):
    columns = {"row_label": "", "column_label": "", "n": "", "phi": "", "base": ""}
    columns = {c: header or c for c, header in columns.items()}
    more = {"key": ["row_option", "column_option"], "columns": columns}
    table, _ = released(study, pairs_of_boxes(*counts), **more)
    assert table.hidden[["n", "phi", "p"]].to_numpy().all() == secret
    assert not table.hidden["base"].any()
