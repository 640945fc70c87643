"""The questionnaire of a wave as LimeSurvey's structure file (.lss)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from lxml import etree

from copanalysis.study.plan import Item, Study
from copanalysis.twin.targets import Targets

LANGUAGE = "nl"
VERSION = "498"  # of LimeSurvey's database, 5.6: texts stand in tables of their own (.._l10ns)
FIELDS = {
    "answers": "aid qid code sortorder assessment_value scale_id",
    "answer_l10ns": "id aid answer language",
    "groups": "gid sid group_order randomization_group grelevance",
    "group_l10ns": "id gid group_name description language sid group_order",
    "questions": "qid parent_qid sid gid type title preg other mandatory encrypted question_order "
    "scale_id same_default relevance question_theme_name modulename same_script",
    "subquestions": "qid parent_qid sid gid type title preg other mandatory encrypted "
    "question_order scale_id same_default relevance question_theme_name modulename same_script",
    "question_l10ns": "id qid question help script language",
    "question_attributes": "qid attribute value language",
    "surveys": "sid gsid admin startdate expires adminemail anonymized format savetimings "
    "template language datestamp usecookie allowprev ipaddr refurl showwelcome",
    "surveys_languagesettings": "surveyls_survey_id surveyls_language surveyls_title "
    "surveyls_description surveyls_welcometext surveyls_endtext",
}
THEMES = {"T": "longfreetext", "F": "arrays/array", "M": "multiplechoice", "!": "list_dropdown"}


@dataclass
class Tables:
    """The rows of every table of the file while they are gathered."""

    sid: int
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def add(self, table: str, **values: object) -> int:
        """Add a row; returns its number within the table."""
        rows = self.rows.setdefault(table, [])
        rows.append(values)
        return len(rows)

    def question(self, table: str, text: str, help: str = "", **values: object) -> int:
        """Add a question or subquestion with its text; returns its id."""
        qid = len(self.rows.get("question_l10ns", [])) + 1
        usual = {"sid": self.sid, "parent_qid": 0, "preg": "", "other": "N", "mandatory": "N"}
        usual |= {"encrypted": "N", "scale_id": 0, "same_default": 0, "relevance": 1}
        self.add(table, **{**usual, "same_script": 0, "qid": qid, **values})
        self.add("question_l10ns", id=qid, qid=qid, question=text, help=help, language=LANGUAGE)
        return qid


def structure_xml(columns: pd.DataFrame, *, study: Study, wave: str, targets: Targets) -> bytes:
    """The .lss file for the columns of a wave (``export_columns`` of format limesurvey).

    Question codes are what stands before "[" in a column, subquestion codes what stands
    within; items that share a code are the rows of one array. A compulsory item of plan.toml
    is mandatory ("Y"), another with a required mark asks once more and then lets go ("S").
    """
    plan = targets.waves[wave]
    tables = Tables(plan.survey)
    items = {item.id: item for item in study.items_of(wave)}
    code = columns["column"].str.partition("[")[0]
    for number, section in enumerate(dict.fromkeys(item.section for item in items.values()), 1):
        tables.add("groups", gid=number, sid=plan.survey, group_order=number, grelevance=1)
        names = {"group_name": section, "description": "", "language": LANGUAGE}
        tables.add("group_l10ns", id=number, gid=number, **names)
        within = columns["item"].map(lambda id, s=section: items[id].section == s)
        for order, (title, own) in enumerate(columns[within].groupby(code, sort=False), 1):
            place = {"gid": number, "title": title, "question_order": order}
            _add_question(tables, own, place, study, wave, targets)
    first = {"startdate": f"{plan.first} 00:00:00", "expires": f"{plan.last} 23:59:59"}
    how = dict.fromkeys(("savetimings", "usecookie", "ipaddr", "refurl"), "N") | {"format": "G"}
    how |= dict.fromkeys(("anonymized", "datestamp", "allowprev", "showwelcome"), "Y")
    tables.add("surveys", sid=plan.survey, gsid=1, language=LANGUAGE, **first, **how)
    texts = {"surveyls_title": plan.title, "surveyls_language": LANGUAGE}
    tables.add("surveys_languagesettings", surveyls_survey_id=plan.survey, **texts)
    return _document(tables)


def _add_question(
    tables: Tables,
    columns: pd.DataFrame,
    place: dict[str, object],
    study: Study,
    wave: str,
    targets: Targets,
) -> None:
    items = [study.item(id, wave=wave) for id in dict.fromkeys(columns["item"])]
    item, options = items[0], study.options(items[0].id, wave=wave)
    kind = _kind(item, columns)
    place |= {"type": kind, "question_theme_name": THEMES[kind], "mandatory": "N"}
    if item.required:
        place["mandatory"] = "Y" if item.id in targets.forced else "S"
    if kind == "M":
        place["other"] = "Y" if "other" in set(columns["option"]) else "N"
    wording = targets.statements if kind == "F" else item.wording
    help = f"Vink maximaal {item.max_picks} antwoorden aan." if item.max_picks else ""
    qid = tables.question("questions", wording, help, **place)
    labels = options.set_index("option")["label"]
    if place.get("other") == "Y":
        values = {"value": labels["other"], "language": LANGUAGE}
        tables.add("question_attributes", qid=qid, attribute="other_replace_text", **values)
    tables.add("question_attributes", qid=qid, attribute="hide_tip", value=0, language="")
    _add_subquestions(tables, columns, {"parent_qid": qid, "gid": place["gid"]}, study, wave)
    for option in options.itertuples() if kind in "F!" else ():
        answer = {"code": f"A{option.position}", "sortorder": option.position}
        aid = len(tables.rows.get("answers", [])) + 1
        tables.add("answers", aid=aid, qid=qid, **answer, assessment_value=0, scale_id=0)
        tables.add("answer_l10ns", id=aid, aid=aid, answer=option.label, language=LANGUAGE)


def _add_subquestions(
    tables: Tables, columns: pd.DataFrame, below: dict[str, object], study: Study, wave: str
) -> None:
    """The tick boxes of a multiple item ("other" is no subquestion), or the rows of an array."""
    part = columns["column"].str.extract(r"\[(.+)\]")[0]
    rows = columns.assign(part=part)[part.notna() & columns["option"].ne("other")]
    for order, row in enumerate(rows.itertuples(), 1):
        labels = study.options(row.item, wave=wave).set_index("option")["label"]
        text = labels[row.option] if row.option else study.item(row.item, wave=wave).wording
        place = {"title": row.part, "question_order": order, "type": "T"}
        tables.question("subquestions", text, question_theme_name="", **place, **below)


def _kind(item: Item, columns: pd.DataFrame) -> str:
    if item.type in ("open", "multiple"):
        return {"open": "T", "multiple": "M"}[item.type]
    return "F" if columns["column"].str.contains("[", regex=False).any() else "!"


def _document(tables: Tables) -> bytes:
    root = etree.Element("document")
    etree.SubElement(root, "LimeSurveyDocType").text = "Survey"
    etree.SubElement(root, "DBVersion").text = VERSION
    languages = etree.SubElement(root, "languages")
    etree.SubElement(languages, "language").text = LANGUAGE
    for name, listed in FIELDS.items():
        table = etree.SubElement(root, name)
        fields = etree.SubElement(table, "fields")
        for fieldname in listed.split():
            etree.SubElement(fields, "fieldname").text = fieldname
        rows = etree.SubElement(table, "rows")
        for values in tables.rows.get(name, []):
            row = etree.SubElement(rows, "row")
            for fieldname in listed.split():
                cell = etree.SubElement(row, fieldname)
                if (value := str(values.get(fieldname, ""))) != "":
                    cell.text = etree.CDATA(value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
