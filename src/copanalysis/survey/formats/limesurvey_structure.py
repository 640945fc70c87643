"""LimeSurvey's questionnaire file (.lss): items, types, options, required, relevance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from copanalysis.errors import CopanalysisError
from copanalysis.survey.export import Column
from copanalysis.survey.formats.kinds import TICKS
from copanalysis.survey.formats.structure import Structure, parse_xml, plain

TYPE_OF = {
    **dict.fromkeys("L!OYGI5R", "single"),
    **dict.fromkeys("MP", "multiple"),
    **dict.fromkeys("ABCEFH1", "scale"),
    **dict.fromkeys("NK:", "number"),
    "D": "date",
}
WITH_ROWS = set("MPABCEFHKQ1:;")
FIXED = {
    "5": {str(i): str(i) for i in range(1, 6)},
    "A": {str(i): str(i) for i in range(1, 6)},
    "B": {str(i): str(i) for i in range(1, 11)},
}
WORDS = {
    "nl": ("Ja", "Nee", "Onzeker", "Toegenomen", "Gelijk", "Afgenomen", "Vrouw", "Man", "Anders"),
    "en": ("Yes", "No", "Uncertain", "Increase", "Same", "Decrease", "Female", "Male", "Other"),
}
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Questionnaire:
    """The tables of an .lss file in its base language."""

    language: str
    questions: Rows
    rows: dict[str, Rows]  # subquestions by question id
    answers: dict[str, Rows]  # answer options by question id
    other_texts: dict[str, str]  # wording of "other" by question id


def read_lss(path: Path, data: bytes, *, where: str = "") -> Structure:
    """Read the survey structure that LimeSurvey saves as .lss (any version since 2.0).

    Older files keep texts in the questions and answers tables themselves, newer ones in
    question_l10ns and answer_l10ns; both give the same Structure, in the base language of the
    survey, without HTML. Raises CopanalysisError for any other XML.
    """
    where = where or path.name
    root = parse_xml(data, where=where)
    if root.findtext("LimeSurveyDocType") != "Survey":
        kind = root.findtext("LimeSurveyDocType") or root.tag
        raise CopanalysisError(
            f"{where} is XML of another kind ({kind}); expected a LimeSurvey survey structure "
            "(.lss). In LimeSurvey: Display/Export, Survey structure (.lss)."
        )
    try:
        questionnaire = _questionnaire(root)
    except (KeyError, ValueError) as error:
        raise CopanalysisError(
            f"{where} lacks something that LimeSurvey always writes ({error}). Export the survey "
            "structure again."
        ) from error
    keyed = [pair for q in questionnaire.questions for pair in _fields(q, questionnaire)]
    return Structure(
        path=path,
        origin="LimeSurvey",
        columns=tuple(column for _, column in keyed),
        keys=tuple(keys for keys, _ in keyed),
        required={q["title"]: q.get("mandatory") in ("Y", "S") for q in questionnaire.questions},
        relevance={q["title"]: _relevance(q) for q in questionnaire.questions},
    )


def _relevance(question: dict[str, str]) -> str:
    condition = question.get("relevance", "").strip()
    return "" if condition == "1" else condition


def _table(root: etree._Element, name: str) -> Rows:
    return [
        {str(cell.tag): cell.text or "" for cell in row}
        for row in root.iterfind(f"{name}/rows/row")
    ]


def _questionnaire(root: etree._Element) -> Questionnaire:
    languages = [element.text or "" for element in root.iterfind("languages/language")]
    surveys = _table(root, "surveys")
    base = surveys[0].get("language", "") if surveys else ""
    base = base or (languages[-1] if languages else "")
    question_texts = _texts(_table(root, "question_l10ns"), "qid", "question", base)
    answer_texts = _texts(_table(root, "answer_l10ns"), "aid", "answer", base)
    groups = {row["gid"]: int(row.get("group_order") or 0) for row in _table(root, "groups")}
    questions = _translated(_table(root, "questions"), "qid", "question", question_texts, base)
    rows = _translated(_table(root, "subquestions"), "qid", "question", question_texts, base)
    answers = _translated(_table(root, "answers"), "aid", "answer", answer_texts, base)
    questions = [row for row in questions if row.get("parent_qid", "0") in ("", "0")]
    questions.sort(key=lambda row: (groups.get(row["gid"], 0), _number(row, "question_order")))
    return Questionnaire(
        language=base,
        questions=questions,
        rows=_grouped(rows, "parent_qid", "question_order"),
        answers=_grouped(answers, "qid", "sortorder"),
        other_texts=_other_texts(root, base),
    )


def _texts(rows: Rows, key: str, text: str, language: str) -> dict[str, str]:
    return {row[key]: row.get(text, "") for row in rows if row.get("language") == language}


def _translated(rows: Rows, key: str, text: str, texts: dict[str, str], language: str) -> Rows:
    """Rows of the base language only, their texts filled in and freed of HTML."""
    return [
        {**row, text: plain(texts.get(row.get(key, ""), row.get(text, "")))}
        for row in rows
        if row.get("language", language) == language
    ]


def _grouped(rows: Rows, key: str, order: str) -> dict[str, Rows]:
    groups: dict[str, Rows] = {}
    for row in sorted(rows, key=lambda row: _number(row, order)):
        groups.setdefault(row[key], []).append(row)
    return groups


def _number(row: dict[str, str], key: str) -> int:
    return int(row.get(key) or 0)


def _other_texts(root: etree._Element, language: str) -> dict[str, str]:
    return {
        row["qid"]: plain(row.get("value", ""))
        for row in _table(root, "question_attributes")
        if row.get("attribute") == "other_replace_text"
        and row.get("language", "") in ("", language)
        and row.get("value")
    }


Keyed = tuple[tuple[str, ...], Column]


def _fields(question: dict[str, str], survey: Questionnaire) -> Iterator[Keyed]:
    """Keys and template of every column of one question, in LimeSurvey's order.

    Up to version 6 a field is called by question id and code ("56SQ001"), from version 7 on by
    the ids of question and row ("Q56_S78", "Q56_Cother").
    """
    kind, qid, code = question["type"], question["qid"], question["title"]
    item = Column(code, text=question["question"], item=code, type=TYPE_OF.get(kind, "open"))
    other = survey.other_texts.get(qid) or _words(survey)[8]
    if kind in WITH_ROWS:
        yield from _row_fields(question, survey, item)
    elif kind == "R":
        labels = _labels(question, survey)
        for place in range(1, len(labels) + 1):
            yield (f"{qid}{place}",), _part(item, str(place), f"{place}", labels=labels)
    else:
        labels = _labels(question, survey, other=other)
        yield (qid, f"Q{qid}"), _part(item, "", "", labels=labels)
    if kind == "O":
        yield _written(qid, item, "comment", "")
    if question.get("other") == "Y":
        yield _written(qid, item, "other", other)
        if kind == "P":
            yield _written(qid, item, "othercomment", "")


def _written(qid: str, item: Column, part: str, text: str) -> Keyed:
    column = _part(item, part, text, type="open", other=part == "other")
    return (f"{qid}{part}", f"Q{qid}_C{part}"), column


def _row_fields(question: dict[str, str], survey: Questionnaire, item: Column) -> Iterator[Keyed]:
    kind, qid = question["type"], question["qid"]
    rows = survey.rows.get(qid, [])
    across = [row for row in rows if row.get("scale_id") == "1"]
    for row in (row for row in rows if row.get("scale_id", "0") != "1"):
        code, text, new = row["title"], row["question"], f"Q{qid}_S{row['qid']}"
        if kind == "1":
            for scale in (0, 1):
                labels = _labels(question, survey, scale=str(scale))
                name = f"{item.name}[{code}][{scale + 1}]"
                part = _part(item, f"{code}#{scale}", text, labels=labels, name=name)
                yield (f"{qid}{code}#{scale}", f"{new}#{scale}"), part
        elif kind in ":;":
            for column in across:
                cell, both = f"{code}_{column['title']}", f"{text} | {column['question']}"
                yield (f"{qid}{cell}", f"{new}_S{column['qid']}"), _part(item, cell, both)
        else:
            ticked = TICKS if kind in "MP" else frozenset()
            labels = _labels(question, survey)
            yield (f"{qid}{code}", new), _part(item, code, text, ticked=ticked, labels=labels)
            if kind == "P":
                part = _part(item, f"{code}comment", text, type="open")
                yield (f"{qid}{code}comment", f"{new}Ccomment", f"{new}_Ccomment"), part


def _part(item: Column, option: str, option_text: str, **changes: object) -> Column:
    settings = {
        "name": f"{item.name}[{option}]" if option else item.name,
        "text": item.text,
        "item": item.item,
        "type": item.type,
        "option": option,
        "option_text": option_text,
        **changes,
    }
    return Column(**settings)


def _words(survey: Questionnaire) -> tuple[str, ...]:
    return WORDS["nl" if survey.language.startswith("nl") else "en"]


def _labels(
    question: dict[str, str], survey: Questionnaire, *, scale: str = "0", other: str = ""
) -> dict[str, str]:
    """The options of a question by code, as LimeSurvey fixes them or the author wrote them."""
    kind = question["type"]
    yes, no, unsure, up, same, down, woman, man, _ = _words(survey)
    if kind in FIXED:
        return FIXED[kind]
    if kind in "MP":
        return {}
    if kind in "YC":
        return {"Y": yes, **({"U": unsure} if kind == "C" else {}), "N": no}
    if kind == "E":
        return {"I": up, "S": same, "D": down}
    if kind == "G":
        return {"F": woman, "M": man}
    source = survey.answers.get(question["qid"]) or (
        survey.rows.get(question["qid"], []) if kind == "R" else []
    )
    labels = {
        row.get("code") or row["title"]: row.get("answer") or row.get("question", "")
        for row in source
        if row.get("scale_id", "0") == scale
    }
    asks_other = question.get("other") == "Y" and kind in "L!"
    return {**labels, "-oth-": other} if asks_other else labels
