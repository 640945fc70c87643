"""What stands above a worked-out conversation: title, date, place, who asks the questions."""

from __future__ import annotations

from datetime import date

from copanalysis.twin.transcripts.conversations import Conversation

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
PLACES = {"phone": "telefonisch", "focus_group": "online (Teams)", "session": "Utrecht"}


def header_fields(conversation: Conversation) -> list[tuple[str, str]]:
    """Keys and values: date, place, length, interviewers; no respondent is named."""
    asking = [person.name for person in conversation.interviewers]
    return [
        ("Datum", dutch_date(conversation.date)),
        ("Plaats", PLACES.get(conversation.kind, "op locatie")),
        ("Duur", f"{conversation.minutes} minuten"),
        ("Interviewer" if len(asking) == 1 else "Interviewers", " en ".join(asking)),
    ]


def dutch_date(day: date) -> str:
    """A date as people write it: 14 november 2023."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
