"""The three files of the twin are what the real tools export."""

from __future__ import annotations

from lxml import etree
from twin_readback import forms_sheet, limesurvey_csv, only, spss


def test_the_limesurvey_file_is_classic_and_names_no_person(twin):
    path = only(twin / "survey" / "wave_1", "*.csv")
    data = path.read_bytes()
    assert data.startswith(b'\xef\xbb\xbf"id","submitdate","lastpage","startlanguage","seed",')
    assert b"@" not in data
    assert b"question_not_shown" not in data
    raw = limesurvey_csv(twin)
    assert not [c for c in raw if "mail" in c.lower() or "token" in c.lower()]
    assert set(raw["V04[SQ001]"]) == {"Y", ""}
    assert set(raw["V09[SQ001]"]) == {"", "A1", "A2", "A3", "A4", "A5"}
    partial = raw[raw["submitdate"].eq("")]
    assert partial.filter(regex="^V(0[4-9]|1)").eq("").all(axis=None)


def test_the_lss_explains_every_column_and_code_of_the_csv(twin, study):
    root = etree.parse(only(twin / "survey" / "wave_1", "*.lss")).getroot()

    def table(name: str) -> list[dict[str, str]]:
        return [{c.tag: c.text or "" for c in row} for row in root.findall(f"{name}/rows/row")]

    texts = {row["qid"]: row["question"] for row in table("question_l10ns")}
    questions = {row["qid"]: row for row in table("questions")}
    known = {}
    for row in questions.values():
        known[row["title"]] = texts[row["qid"]]
        if row["other"] == "Y":
            known[f"{row['title']}[other]"] = "Anders"
    for row in table("subquestions"):
        known[f"{questions[row['parent_qid']]['title']}[{row['title']}]"] = texts[row["qid"]]
    assert set(limesurvey_csv(twin).columns[7:]) <= set(known)
    assert known["V04[SQ001]"] == study.options("q4_got", wave="1")["label"].iloc[0]
    assert known["V09[SQ002]"] == study.item("q9b_influence", wave="1").wording
    answers = {row["aid"]: row["answer"] for row in table("answer_l10ns")}
    statements = next(row["qid"] for row in questions.values() if row["title"] == "V09")
    codes = {r["code"]: answers[r["aid"]] for r in table("answers") if r["qid"] == statements}
    assert codes["A3"] == "Niet eens/ oneens"
    must = {row["title"]: row["mandatory"] for row in questions.values()}
    assert [must["CoP"], must["V03"], must["V04"], must["V06"]] == ["Y", "N", "Y", "S"]


def test_the_forms_workbook_has_dutch_headings_and_anonymous_respondents(twin, study):
    raw = forms_sheet(twin)
    assert list(raw)[:5] == ["Id", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"]
    assert raw["Id"].tolist() == list(range(1, 149))
    assert set(raw["E-mail"]) == {"anonymous"}
    assert set(raw["Naam"]) == {""}
    assert any("\u00a0" in heading for heading in raw)
    got = raw[next(h for h in raw if h.startswith("Wat heeft je deelname"))]
    assert got.str.endswith(";").all()
    assert not got.str.contains("Anders, namelijk").any()
    assert "Utrecht" in set(raw.iloc[:, 5])
    assert study.item("q9a_responsible", wave="2").wording in raw


def test_the_spss_file_has_multiple_response_sets_and_short_labels(twin, study):
    meta = spss(twin)[1]
    assert list(meta.mr_sets) == ["q2", "q3", "q4", "q5", "q11"]
    assert meta.mr_sets["q4"]["is_dichotomy"]
    assert meta.mr_sets["q4"]["counted_value"] == 1
    assert meta.mr_sets["q4"]["variable_list"] == [
        *(f"v04_{i}" for i in range(1, 8)),
        "v04_other",
    ]
    assert meta.mr_sets["q4"]["label"] == study.item("q4_got", wave="3").wording
    assert max(len(label.encode()) for label in meta.column_labels) <= 255
    wording = study.item("q2_aims", wave="3").wording
    assert len(wording) > 255
    assert wording.startswith(meta.mr_sets["q2"]["label"])


def test_the_spss_file_tells_dont_know_no_answer_and_nothing_apart(twin, used):
    kept, meta = spss(twin, user_missing=True)
    kept = kept.loc[used["3"].index]
    assert meta.missing_ranges["x1"] == [{"lo": 98, "hi": 98}, {"lo": 99, "hi": 99}]
    assert meta.variable_value_labels["x1"][98] == "weet niet"
    assert [int(kept["x1"].eq(99).sum()), int(kept["x1"].isna().sum())] == [14, 8]
    assert kept["v09a"].eq(98).sum() == 2
    skipped = kept.filter(regex=r"^v03_(\d|other)$").isna()
    assert skipped.all(axis=1).sum() == skipped.any(axis=1).sum() == 6
    assert meta.original_variable_types["start"].startswith("DATETIME")
