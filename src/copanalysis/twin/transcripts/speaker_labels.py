"""How the files of the twin call those who speak: by name, by role, by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from copanalysis.twin.transcripts.conversations import Conversation, Person

STYLES = ("name", "first", "role", "code", "recognised")


def speaker_labels(conversation: Conversation, *, style: str) -> Mapping[str, str]:
    """The label of every speaker by code.

    "name" is the full name, "first" the first name, "role" Interviewer and Respondent, "code"
    I and R, all numbered when there are more; "recognised" is SPEAKER_00, SPEAKER_01, ... in
    the order in which they speak, as speaker recognition gives them.
    """
    people = conversation.people
    if style == "name":
        return {person.code: person.name for person in people}
    if style == "first":
        return {person.code: person.name.split()[0] for person in people}
    if style == "recognised":
        order = dict.fromkeys(utterance.code for utterance in conversation.utterances)
        return {code: f"SPEAKER_{number:02d}" for number, code in enumerate(order)}
    asking, answering = ("Interviewer", "Respondent") if style == "role" else ("I", "R")
    space = " " if style == "role" else ""
    return {
        **_numbered([p for p in people if p.asks], asking, space),
        **_numbered([p for p in people if not p.asks], answering, space),
    }


def _numbered(people: Sequence[Person], word: str, space: str) -> dict[str, str]:
    if len(people) == 1:
        return {people[0].code: word}
    return {person.code: f"{word}{space}{number}" for number, person in enumerate(people, 1)}
