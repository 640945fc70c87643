"""LimeSurvey's files as LimeSurvey writes them: CSV, VV, survey structure and archive."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from xml.sax.saxutils import escape

from export_questionnaire import EVERYONE, QUESTIONS, Question, Respondent, label_of

META = (
    ("id", "Response ID", "Antwoord ID"),
    ("submitdate", "Date submitted", "Datum inzending"),
    ("lastpage", "Last page", "Laatste pagina"),
    ("startlanguage", "Start language", "Starttaal"),
    ("seed", "Seed", "Seed"),
    ("startdate", "Date started", "Startdatum"),
    ("datestamp", "Date last action", "Datum laatste actie"),
)
TIMING = ("interviewtime", "Total time", "Totale tijd")
WORDS = {"nl": ("Ja", "Nee", "N.v.t.", "Anders"), "en": ("Yes", "No", "N/A", "Other")}
LETTERS = {"single": "L", "multiple": "M", "scale": "F", "open": "T"}
MOMENT = "%Y-%m-%d %H:%M:%S"
Field = tuple[Question, str, str]  # question, option code, option text


def fields(language: str = "nl") -> list[Field]:
    """Every column of the questions in LimeSurvey's order."""
    found: list[Field] = []
    for question in QUESTIONS:
        if question.kind in ("single", "open"):
            found.append((question, "", ""))
        parts = question.rows if question.kind == "scale" else question.options
        if question.kind in ("multiple", "scale"):
            found += [(question, code, label) for code, label in parts]
        if question.other:
            found.append((question, "other", WORDS[language][3]))
    return found


def stored(field: Field, respondent: Respondent) -> str | None:
    """What LimeSurvey stores: None when the question was never reached."""
    question, option, _ = field
    if question.code not in respondent.answers:
        return None
    answer = respondent.answers[question.code]
    if option == "other":
        return respondent.others.get(question.code, "")
    if question.kind == "multiple":
        return "Y" if option in answer else ""
    return answer.get(option, "") if question.kind == "scale" else str(answer)


def shown(field: Field, respondent: Respondent, answers: str, language: str) -> str:
    """The cell of a CSV: answer codes, or full answers."""
    question, option, _ = field
    value = stored(field, respondent)
    yes, no, absent, _ = WORDS[language]
    if answers == "code" or option == "other" or question.kind == "open":
        return value or ""
    if question.kind == "multiple":
        return {None: absent, "Y": yes}.get(value, no)
    return label_of(question, value) if value else ""


def heading(field: Field, style: str) -> str:
    """code, lem (Q4_SQ001), codetext, text or abbreviated."""
    question, option, text = field
    code = question.code + (f"[{option}]" if option else "")
    if style == "lem":
        return question.code + (f"_{option}" if option else "")
    if style == "code":
        return code
    cut = (lambda t: t[:15] + ".. " if len(t) > 15 else t) if style == "abbreviated" else str
    full = cut(question.text) + (f" [{cut(text)}]" if option else "")
    return f"{code}. {full}" if style == "codetext" else full


def meta_values(respondent: Respondent, anonymous: bool = False) -> list[str]:
    end = respondent.submitted
    stamp = "1980-01-01 00:00:00" if anonymous and end else end and end.strftime(MOMENT)
    started = respondent.started.strftime(MOMENT)
    return [respondent.id, stamp or "", "4", "nl", "123456", started, stamp or started]


def limesurvey_csv(
    style: str = "code",
    answers: str = "code",
    *,
    language: str = "nl",
    separator: str = ",",
    respondents: Sequence[Respondent] = EVERYONE,
    anonymous: bool = False,
) -> str:
    """A CSV export: every cell quoted, CRLF, a blank line at the end."""
    column = {"code": 0, "lem": 0, "codetext": 0}.get(style, 1 if language == "en" else 2)
    metas = [*META, TIMING]
    names = [
        f"{code}. {(en if language == 'en' else nl)}" if style == "codetext" else names[column]
        for names in metas
        for code, en, nl in [names]
    ]
    split = len(META)
    header = [*names[:split], *(heading(f, style) for f in fields(language)), *names[split:]]
    rows = [
        [
            *meta_values(respondent, anonymous),
            *(shown(field, respondent, answers, language) for field in fields(language)),
            "630.5",
        ]
        for respondent in respondents
    ]
    return csv_text([header, *rows], separator=separator, quoting=csv.QUOTE_ALL) + "\r\n"


def csv_text(rows: Iterable[Sequence[str]], *, separator: str = ",", quoting: int = 0) -> str:
    """Delimited text with CRLF line ends."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=separator, quoting=quoting).writerows(rows)
    return target.getvalue()


def limesurvey_vv(respondents: Sequence[Respondent] = EVERYONE) -> str:
    """The VV file: tabs, texts above codes, escapes, "{question_not_shown}" for nothing stored."""

    def cell(value: str | None) -> str:
        if value is None or value == "NULL":
            return "{question_not_shown}"
        for meant, written in (("{", "{lbrace}"), ("\n", "{newline}"), ("\t", "{tab}")):
            value = value.replace(meant, written)
        return "{quote}" + value[1:] if value.startswith('"') else value

    texts = [en for _, en, _ in META] + [
        question.text + (f" ({text})" if option else "") for question, option, text in fields()
    ]
    codes = [code for code, _, _ in META] + [heading(field, "lem") for field in fields()]
    rows = []
    for respondent in respondents:
        metas = meta_values(respondent)
        metas[1] = metas[1] or "NULL"
        rows.append([cell(v) for v in (*metas, *(stored(f, respondent) for f in fields()))])
    return csv_text([texts, codes, *rows], separator="\t")


def _tables(document: str, tables: dict[str, list[dict[str, str | None]]]) -> str:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<document>"]
    parts.append(f" <LimeSurveyDocType>{document}</LimeSurveyDocType><DBVersion>366</DBVersion>")
    parts.append(" <languages><language>en</language><language>nl</language></languages>")
    for name, rows in tables.items():
        if not rows:
            continue
        parts.append(f" <{name}><fields>")
        parts += [f"  <fieldname>{escape(key)}</fieldname>" for key in rows[0]]
        parts.append(" </fields><rows>")
        for row in rows:
            cells = [
                f"<{_tag(key)}><![CDATA[{value}]]></{_tag(key)}>" if value else f"<{_tag(key)}/>"
                for key, value in row.items()
                if value is not None
            ]
            parts.append(f"  <row>{''.join(cells)}</row>")
        parts.append(f" </rows></{name}>")
    return "\n".join([*parts, "</document>", ""])


def _tag(field: str) -> str:
    return ("_" if field[0].isdigit() else "") + field.replace("#", "-")


def ids() -> dict[str, int]:
    """Question ids by code ("Q4") and row ids by both codes ("Q4 SQ001")."""
    found = {question.code: 100 + i for i, question in enumerate(QUESTIONS)}
    for question in QUESTIONS:
        parts = question.rows or (question.options if question.kind == "multiple" else ())
        for code, _ in parts:
            found[f"{question.code} {code}"] = 500 + len(found)
    return found


def limesurvey_lss(layout: str = "new") -> str:
    """The survey structure; ``layout`` "old" keeps texts in the questions and answers tables."""
    tables: dict[str, list[dict[str, str | None]]] = {
        name: [] for name in ("answers", "answer_l10ns", "groups", "questions", "subquestions")
    }
    tables.update({"question_l10ns": [], "question_attributes": [], "surveys": []})
    tables["groups"].append({"gid": "7", "sid": "123456", "group_order": "1"})
    tables["surveys"].append({"sid": "123456", "language": "nl"})
    for order, question in reversed(list(enumerate(QUESTIONS))):
        _add_question(tables, question, order, layout)
    return _tables("Survey", tables)


def _add_question(tables: dict, question: Question, order: int, layout: str) -> None:
    qid = str(ids()[question.code])
    html = f"<p><strong>{escape(question.text)}</strong></p>"
    row = {
        "qid": qid,
        "parent_qid": "0",
        "gid": "7",
        "type": LETTERS[question.kind],
        "title": question.code,
        "other": "Y" if question.other else "N",
        "mandatory": "Y" if question.required else "N",
        "question_order": str(order),
        "scale_id": "0",
        "relevance": question.condition or "1",
    }
    _add_text(tables, "questions", "question_l10ns", row, ("qid", "question"), html, layout)
    if question.other:
        attribute = {"qid": qid, "attribute": "other_replace_text", "value": question.other}
        tables["question_attributes"].append({**attribute, "language": "nl"})
    parts = question.rows or (question.options if question.kind == "multiple" else ())
    for place, (code, text) in enumerate(parts):
        part = {**row, "qid": str(ids()[f"{question.code} {code}"]), "parent_qid": qid}
        part.update({"title": code, "question_order": str(place), "relevance": "1"})
        keys = ("qid", "question")
        _add_text(tables, "subquestions", "question_l10ns", part, keys, escape(text), layout)
    if question.kind in ("single", "scale"):
        for place, (code, text) in enumerate(question.options):
            answer = {"aid": f"{qid}0{place}", "qid": qid, "code": code, "sortorder": str(place)}
            answer["scale_id"] = "0"
            keys = ("aid", "answer")
            _add_text(tables, "answers", "answer_l10ns", answer, keys, escape(text), layout)


def _add_text(
    tables: dict, table: str, texts: str, row: dict, keys: tuple[str, str], text: str, layout: str
) -> None:
    key, column = keys
    if layout == "new":
        tables[table].append(row)
        for language, shown_text in (("en", "In English"), ("nl", text)):
            tables[texts].append({key: row[key], column: shown_text, "language": language})
    else:
        for language, shown_text in (("en", "In English"), ("nl", text)):
            tables[table].append({**row, column: shown_text, "language": language})


def limesurvey_lsa(
    version: int = 6, respondents: Sequence[Respondent] = EVERYONE, extra: str = ""
) -> bytes:
    """The survey archive; from version 7 on the fields are called Q100_S507."""
    name: Callable[[Field], str] = _new_field if version >= 7 else _old_field
    rows = []
    for respondent in respondents:
        metas = dict(zip([code for code, _, _ in META], meta_values(respondent), strict=True))
        metas["submitdate"] = metas["submitdate"] or None
        rows.append({**metas, **{name(f): stored(f, respondent) for f in fields()}})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("survey_123456.lss", limesurvey_lss("new"))
        archive.writestr("survey_123456_responses.lsr", _tables("Responses", {"responses": rows}))
        if extra:
            archive.writestr(extra, "x")
    return target.getvalue()


def _old_field(field: Field) -> str:
    question, option, _ = field
    return f"123456X7X{ids()[question.code]}{option}"


def _new_field(field: Field) -> str:
    question, option, _ = field
    qid = ids()[question.code]
    if option == "other":
        return f"Q{qid}_Cother"
    return f"Q{qid}_S{ids()[f'{question.code} {option}']}" if option else f"Q{qid}"
