"""LimeSurvey's column headings: codes, codes with text, or question texts; Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copanalysis.study.names import normalise
from copanalysis.survey.formats.sheet import split_heading

META = {
    "id": "id",
    "submitdate": "submitted",
    "startdate": "started",
    "interviewtime": "seconds",
    **dict.fromkeys(
        ("lastpage", "startlanguage", "seed", "token", "datestamp", "ipaddr", "refurl"), ""
    ),
}
TELLING = {"submitdate", "lastpage", "startlanguage", "datestamp", "refurl", "interviewtime"}
PARTICIPANT = re.compile(r"firstname|lastname|email|participant_id|attribute_\d+")
TIMING_CODE = re.compile(r"(?:group|question)time\d*|\d+X\d+(?:X\d+)?time|Q\d+time", re.I)
META_TEXTS = {
    "id": "id",
    "response id": "id",
    "antwoord id": "id",
    "antwoord-id": "id",
    "respons id": "id",
    "respons-id": "id",
    "date submitted": "submitted",
    "datum inzending": "submitted",
    "datum van inzending": "submitted",
    "inzenddatum": "submitted",
    "datum ingezonden": "submitted",
    "datum ingediend": "submitted",
    "datum verzonden": "submitted",
    "date started": "started",
    "datum gestart": "started",
    "datum start": "started",
    "startdatum": "started",
    "begindatum": "started",
    "total time": "seconds",
    "totale tijd": "seconds",
    "totaaltijd": "seconds",
    **dict.fromkeys(
        (
            "last page",
            "laatste pagina",
            "start language",
            "starttaal",
            "begintaal",
            "taal bij start",
            "seed",
            "access code",
            "toegangscode",
            "token",
            "date last action",
            "datum laatste actie",
            "laatste actie",
            "ip address",
            "ip-adres",
            "ip adres",
            "referrer url",
            "verwijzende url",
            "referentie url",
            "referentie-url",
        ),
        "",
    ),
}
TELLING_TEXTS = {"last page", "laatste pagina", "start language", "starttaal", "date last action"}
TIMING_TEXT = re.compile(r"(?:group|question) time\b|(?:groeps?|vraag)\s?tijd\b")
CODE = r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9_]+)?"
BRACKETS = r"(?:\[[^\[\]]+\])"
CODE_ONLY = re.compile(rf"({CODE})({BRACKETS}*)")
CODE_AND_TEXT = re.compile(rf"({CODE})({BRACKETS}*)(?:\. | - |: )(.+)", re.DOTALL)
MOSTLY = 0.8


@dataclass(frozen=True)
class Heading:
    """One heading taken apart.

    ``meta`` is None for a question, else the part the column plays ("" for plain metadata).
    ``code`` and ``option`` are "" where the heading shows texts only.
    """

    name: str
    meta: str | None = None
    code: str = ""
    option: str = ""
    text: str = ""
    option_text: str = ""


def read_headings(names: Sequence[str]) -> list[Heading]:
    """Take apart the headings of a file, whichever of LimeSurvey's styles it uses."""
    has_token = "token" in names
    metas = [_meta(name, has_token) for name in names]
    questions = [name for name, meta in zip(names, metas, strict=True) if meta is None]
    style = _style(questions)
    return [
        Heading(name, meta) if meta is not None else style(name)
        for name, meta in zip(names, metas, strict=True)
    ]


def is_telling(names: Sequence[str]) -> bool:
    """Whether headings can only be LimeSurvey's, judged by the metadata and the codes."""
    codes = {_leading_code(name) for name in names}
    texts = {normalise(name) for name in names}
    rows = sum(bool(re.fullmatch(CODE + BRACKETS + "+", name)) for name in names)
    if len(codes & TELLING) >= 2 or rows >= 2 or (codes & TELLING and "id" in codes):
        return True
    return len(texts & set(META_TEXTS)) >= 2 and bool(texts & TELLING_TEXTS)


def _leading_code(name: str) -> str:
    return re.split(r"\. |: | - ", name, maxsplit=1)[0]


def _meta(name: str, has_token: bool) -> str | None:
    code = _leading_code(name)
    if code in META:
        return META[code]
    if TIMING_CODE.fullmatch(code) or (has_token and PARTICIPANT.fullmatch(code)):
        return ""
    text = normalise(name.replace("_", " "))
    return "" if TIMING_TEXT.match(text) else META_TEXTS.get(text)


def _style(names: Sequence[str]):
    for pattern, style in ((CODE_ONLY, _by_code), (CODE_AND_TEXT, _by_code_and_text)):
        if sum(bool(pattern.fullmatch(name)) for name in names) >= MOSTLY * len(names):
            return style
    return _by_text


def _by_code(name: str) -> Heading:
    found = CODE_ONLY.fullmatch(name)
    if not found:
        return _by_text(name)
    code, option = _code_and_option(found[1], found[2])
    return Heading(name, code=code, option=option)


def _by_code_and_text(name: str) -> Heading:
    found = CODE_AND_TEXT.fullmatch(name)
    if not found:
        return _by_code(name)
    code, option = _code_and_option(found[1], found[2])
    text, option_text = split_heading(found[3]) if option else (found[3], "")
    return Heading(name, None, code, option, text, option_text)


def _by_text(name: str) -> Heading:
    text, option_text = split_heading(name)
    return Heading(name, text=text, option_text=option_text)


def _code_and_option(code: str, brackets: str) -> tuple[str, str]:
    """("Q9", "SQ001#0") of Q9[SQ001][1]; ("Q4", "SQ001") of Q4[SQ001] and of Q4_SQ001."""
    parts = re.findall(r"\[([^\[\]]+)\]", brackets)
    if len(parts) == 2 and parts[1] in ("1", "2"):
        return code, f"{parts[0]}#{int(parts[1]) - 1}"
    if not parts and "_" in code:
        code, _, rest = code.partition("_")
        return code, rest
    return code, "_".join(parts).removeprefix("_C")  # version 7 writes Q4[_Cother]
