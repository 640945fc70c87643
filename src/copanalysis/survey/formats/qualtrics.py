"""Qualtrics exports: CSV and TSV with three header rows, and the older ones with two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from copanalysis.errors import Problem
from copanalysis.survey.export import Column, Export
from copanalysis.survey.formats.assembly import Layout, assemble
from copanalysis.survey.formats.dates import is_date
from copanalysis.survey.formats.joined import joined_options
from copanalysis.survey.formats.kinds import NO_TICKS, answered, guess_row_type, guess_type
from copanalysis.survey.formats.sheet import Body, Row, Sheet, body_of, name_columns, row_list
from copanalysis.survey.formats.structure import Structure, other_survey

IMPORT_ID = re.compile(r"\{\s*[\"']ImportId[\"']\s*:\s*[\"']([^\"']*)[\"']")
QUESTION_ID = re.compile(r"(?:\d+_)?QID\d+(?:#\d+)?(?:_(?P<part>.+))?")
NAME = re.compile(r"(?P<item>.+?)(?:_(?P<part>\d+(?:_\d+)*))?(?P<text>_TEXT)?", re.DOTALL)
UNIMPORTANT = re.compile(
    r".*_(?:FIRST_CLICK|LAST_CLICK|PAGE_SUBMIT|CLICK_COUNT)|.*_DO(?:_.+)?|Q_.+", re.DOTALL
)
SELECTED = re.compile(r" - (?:Selected Choice|Geselecteerde keuze)(?= - |$)")
WRITTEN = re.compile(r" - (?:Text|Tekst)$")
META = {
    "startdate": "started",
    "enddate": "submitted",
    "duration(inseconds)": "seconds",
    "responseid": "id",
    "status": "status",
    "responsetype": "status",
    "finished": "finished",
    **dict.fromkeys(
        (
            "ipaddress",
            "progress",
            "recordeddate",
            "recipientlastname",
            "recipientfirstname",
            "recipientemail",
            "emailaddress",
            "externalreference",
            "externaldatareference",
            "locationlatitude",
            "locationlongitude",
            "locationaccuracy",
            "distributionchannel",
            "userlanguage",
            "responseset",
            "name",
        ),
        "",
    ),
}
TELLING = {"startdate", "enddate", "finished", "progress", "responseid", "responseset", "status"}
TEST_STATUSES = {"1", "2", "9", "17", "survey preview", "survey test", "offline survey preview"}
SPAM_STATUSES = {"8", "12", "spam", "possible spam"}
NOT_FINISHED = {"0", "false", "onwaar"}
SEEN_UNANSWERED = "-99"
JOINER = ","


@dataclass(frozen=True)
class Field:
    """One column: its name, the text above it, its ImportId ("" in older exports)."""

    name: str
    text: str
    import_id: str
    meta: str | None


def is_qualtrics(sheet: Sheet) -> bool:
    """Whether the header rows are Qualtrics'."""
    if any(IMPORT_ID.match(cell) for cell in sheet.header(2)):
        return True
    codes = {_squeezed(cell) for cell in (*sheet.header(0), *sheet.header(1))}
    return {"startdate", "enddate"} <= codes and len(codes & TELLING) >= 4


def read_qualtrics(sheet: Sheet, structure: Structure | None) -> Export:
    """Read a Qualtrics export, with the questionnaire (.qsf) joined on ImportId if there is one.

    Previews are "test", unfinished responses "partial"; possible spam keeps its status and is
    reported. "-99" (seen but unanswered) counts as user-missing.
    """
    headers = _header_rows(sheet)
    body = body_of(sheet, headers=headers)
    fields, problems = _fields(sheet, headers, body.width)
    columns, more = _columns(fields, body, structure, where=sheet.path.name)
    roles = {field.meta: i for i, field in reversed(list(enumerate(fields))) if field.meta}
    layout = Layout(
        f"qualtrics-{sheet.medium}",
        "Qualtrics",
        columns,
        {role: at for role, at in roles.items() if role not in ("status", "finished")},
        _status_of(roles),
        problems=[*problems, *more, *_spam(sheet, body, roles)],
    )
    return assemble(sheet, body, layout)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()


def _header_rows(sheet: Sheet) -> int:
    """3 with ImportIds, 2 with texts only, 1 when someone removed the texts."""
    if any(IMPORT_ID.match(cell) for cell in sheet.header(2)):
        return 3
    names = [_squeezed(cell) for cell in sheet.header(0)]
    if "startdate" not in names:
        return 2
    below = sheet.header(1)
    at = names.index("startdate")
    return 1 if at < len(below) and is_date(below[at]) else 2


def _fields(sheet: Sheet, headers: int, width: int) -> tuple[list[Field], list[Problem]]:
    rows = [sheet.header(i, width=width) for i in range(3)]
    names, problems = name_columns(rows[0], where=sheet.path.name)
    texts = rows[1] if headers > 1 else [""] * width
    ids = [_import_id(cell) for cell in rows[2]] if headers == 3 else [""] * width
    fields = [
        Field(name, text, key, _meta(name, text, key))
        for name, text, key in zip(names, texts, ids, strict=True)
    ]
    return fields, problems


def _import_id(cell: str) -> str:
    found = IMPORT_ID.match(cell)
    return found[1] if found else ""


def _meta(name: str, text: str, import_id: str) -> str | None:
    if QUESTION_ID.fullmatch(import_id) and not UNIMPORTANT.fullmatch(import_id):
        return None
    for word in (name, text) if re.fullmatch(r"V\d+", name) else (name,):
        if _squeezed(word) in META:
            return META[_squeezed(word)]
    return "" if UNIMPORTANT.fullmatch(import_id or name) else None


def _status_of(roles: dict[str, int]):
    def status(row: Row) -> str:
        mark = row.cells[roles["status"]] if "status" in roles else None
        done = row.cells[roles["finished"]] if "finished" in roles else None
        if (mark or "").strip().casefold() in TEST_STATUSES:
            return "test"
        return "partial" if (done or "").strip().casefold() in NOT_FINISHED else "complete"

    return status


def _spam(sheet: Sheet, body: Body, roles: dict[str, int]) -> list[Problem]:
    if "status" not in roles:
        return []
    at = roles["status"]
    rows = [r.number for r in body.rows if (r.cells[at] or "").strip().casefold() in SPAM_STATUSES]
    if not rows:
        return []
    found = f"{len(rows)} response(s) that Qualtrics marks as possible spam"
    fix = "look at them in Qualtrics; they are kept and count like any other"
    where = f"{sheet.path.name}, {row_list(rows)}"
    return [Problem(where, found, "responses of real respondents", fix, "warning")]


def _columns(
    fields: Sequence[Field], body: Body, structure: Structure | None, *, where: str
) -> tuple[list[Column], list[Problem]]:
    templates = structure.by_key() if structure else {}
    questions = [field for field in fields if field.meta is None]
    problems = []
    if structure and not any(field.import_id in templates for field in questions):
        problems.append(other_survey(structure, where=where))
    groups: dict[str, list[int]] = {}
    for i, field in enumerate(fields):
        if field.meta is None:
            groups.setdefault(_item(field), []).append(i)
    columns = [Column(field.name, text=field.text, type="meta") for field in fields]
    for item, members in groups.items():
        guesses = _group(item, [fields[i] for i in members], [body.column(i) for i in members])
        for i, guess in zip(members, guesses, strict=True):
            template = templates.get(fields[i].import_id)
            column = _named(template, guess) if template else guess
            unseen = SEEN_UNANSWERED in set(body.column(i))
            columns[i] = replace(column, missing=frozenset({SEEN_UNANSWERED})) if unseen else column
    return columns, problems


def _named(template: Column, guess: Column) -> Column:
    """The questionnaire's column under the name in the export, with what the export ticks."""
    ticked = template.ticked | guess.ticked if template.ticked else template.ticked
    return replace(template, name=guess.name, ticked=ticked)


def _part(field: Field) -> tuple[str, str, bool]:
    """Item, part ("" for the whole question) and whether this is a write-in, by the name."""
    found = NAME.fullmatch(field.name)
    has_part = found["part"] is not None
    if field.import_id:
        key = QUESTION_ID.fullmatch(field.import_id)
        key_part = (key["part"] if key else None) or ""
        if key_part in ("", "TEXT"):
            return field.name.removesuffix("_TEXT"), "", False
        has_part = has_part and bool(key_part)
    if not has_part:
        return field.name, "", False
    return found["item"], found["part"], found["text"] is not None


def _item(field: Field) -> str:
    return _part(field)[0]


def _group(item: str, fields: list[Field], cells: list[list[str | None]]) -> list[Column]:
    """The columns of one question, judged by header texts and answers."""
    parts = [_part(field) for field in fields]
    texts = [_clean(field) for field in fields]
    rows = [i for i, (_, part, written) in enumerate(parts) if part and not written]
    text = _question_text(texts, [texts[i] for i in rows])
    is_ticks = _are_ticks(rows, fields, cells, text)
    row_type = guess_row_type([c for c in cells[i] if c != SEEN_UNANSWERED] for i in rows)
    columns = []
    for i, field in enumerate(fields):
        _, part, written = parts[i]
        option_text = _option_text(texts[i], text) if part else ""
        column = Column(field.name, text=text, item=item, option=part, option_text=option_text)
        if written:
            columns.append(replace(column, other=True))
        elif part and is_ticks:
            ticked = (set(answered(cells[i])) | {option_text, "1"}) - NO_TICKS - {""}
            ticks = frozenset(ticked - {SEEN_UNANSWERED})
            columns.append(replace(column, type="multiple", ticked=ticks))
        elif part:
            columns.append(replace(column, type=row_type))
        else:
            columns.append(_by_answers(column, field, cells[i]))
    return columns


def _by_answers(column: Column, field: Field, cells: list[str | None]) -> Column:
    values = [cell for cell in answered(cells) if cell != SEEN_UNANSWERED]
    guess = guess_type(values)
    sure = bool(SELECTED.search(field.text)) or any(value.count(",") > 1 for value in values)
    if (guess != "number" or sure) and joined_options(values, joiner=JOINER):
        return replace(column, type="multiple", joiner=JOINER)
    return replace(column, type=guess)


def _clean(field: Field) -> str:
    """The text above a column without "Selected Choice" and, for a write-in, "Text"."""
    text = WRITTEN.sub("", field.text) if field.name.endswith("_TEXT") else field.text
    return SELECTED.sub("", text)


def _question_text(texts: list[str], rows: list[str]) -> str:
    """The question in row texts such as "Question - row": the parts between dashes they share."""
    if not rows:
        return min(texts, key=len)
    split = [text.split(" - ") for text in rows]
    shared = 0
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    shared = max(1, min(shared, min(map(len, split)) - 1))
    return " - ".join(split[0][:shared])


def _option_text(text: str, question: str) -> str:
    return text.removeprefix(question).removeprefix(" - ").strip()


def _are_ticks(
    rows: list[int], fields: list[Field], cells: list[list[str | None]], text: str
) -> bool:
    """Whether columns per row are tick boxes: one value each, its own text or a code."""
    if any(SELECTED.search(fields[i].text) for i in rows):
        return True
    values = {i: set(answered(cells[i])) - NO_TICKS - {SEEN_UNANSWERED} for i in rows}
    if not any(values.values()):
        return False
    return all(
        len(found) <= 1 and found <= {"1", _option_text(_clean(fields[i]), text)}
        for i, found in values.items()
    )
