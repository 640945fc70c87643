"""Which variables of an SPSS file are the survey tool's own, and what they say of a response."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from copanalysis.survey.export import Column
from copanalysis.survey.formats.sheet import Row

META = {
    "id": "id",
    "respondent_id": "id",
    "responseid": "id",
    "respnr": "id",
    "startdate": "started",
    "start": "started",
    "begin": "started",
    "begintijd": "started",
    "date_created": "started",
    "submitdate": "submitted",
    "enddate": "submitted",
    "end": "submitted",
    "eind": "submitted",
    "einde": "submitted",
    "eindtijd": "submitted",
    "date_modified": "submitted",
    "interviewtime": "seconds",
    "duration__in_seconds_": "seconds",
    "duration": "seconds",
    "duur": "seconds",
    "finished": "finished",
    "status": "status",
    "lastpage": "",
    "startlanguage": "",
    "startlang": "",
    "seed": "",
    "token": "",
    "datestamp": "",
    "ipaddr": "",
    "refurl": "",
    "ipaddress": "",
    "progress": "",
    "recordeddate": "",
    "recipientlastname": "",
    "recipientfirstname": "",
    "recipientemail": "",
    "externalreference": "",
    "externaldatareference": "",
    "locationlatitude": "",
    "locationlongitude": "",
    "distributionchannel": "",
    "userlanguage": "",
    "collector_id": "",
    "ip_address": "",
    "email_address": "",
}
ORIGINS = {
    "LimeSurvey": {"submitdate", "lastpage"},
    "Qualtrics": {"startdate", "enddate", "recordeddate"},
    "SurveyMonkey": {"respondent_id", "collector_id"},
}
TEST_STATUSES = {"1", "2", "9", "17"}  # Qualtrics: preview, test, preview spam, offline preview


def origin_of(names: Iterable[str]) -> str:
    """The tool that made the file, by its variables; "SPSS" when none is recognised."""
    known = {name.casefold() for name in names}
    return next((origin for origin, own in ORIGINS.items() if own <= known), "SPSS")


def roles_of(names: Sequence[str], columns: Sequence[Column], origin: str) -> dict[str, str]:
    """Variable by role; "start" and "end" only when they hold dates, "duur" only numbers."""
    roles: dict[str, str] = {}
    for name, column in zip(names, columns, strict=True):
        role = META.get(name.casefold(), "")
        if role and role not in roles and _can_be(role, column, origin):
            roles[role] = name
    return roles


def _can_be(role: str, column: Column, origin: str) -> bool:
    if role in ("status", "finished"):
        return origin == "Qualtrics"
    if role in ("started", "submitted"):
        return column.type == "date" or (origin != "SPSS" and column.type == "open")
    return role == "id" or column.type == "number"


def is_meta(name: str, origin: str) -> bool:
    """Whether a variable is the tool's own; in a file of unknown origin none is."""
    return origin != "SPSS" and name.casefold() in META


def status_of(at: Mapping[str, int], origin: str) -> Callable[[Row], str]:
    """Partial without a submit date (LimeSurvey) or unfinished (Qualtrics), test for previews."""

    def status(row: Row) -> str:
        if "status" in at and row.cells[at["status"]] in TEST_STATUSES:
            return "test"
        if "finished" in at and row.cells[at["finished"]] == "0":
            return "partial"
        asks_date = origin == "LimeSurvey" and "submitted" in at
        return "partial" if asks_date and row.cells[at["submitted"]] is None else "complete"

    return status
