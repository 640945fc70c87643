"""One fact with two values: what a text says of the same thing in different places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from copanalysis.evidence.prose.findings import Finding, finding
from copanalysis.evidence.prose.passages import Passage
from copanalysis.evidence.prose.subjects import MONTH, Subjects

Rule = Mapping[str, str]
Stated = tuple[str, str, str, Passage, Rule]  # fact, subject, value, where, by which rule


def contradicting_facts(
    passages: Sequence[Passage], *, rules: Sequence[Rule], subjects: Subjects
) -> list[Finding]:
    """Facts of prose_rules.csv that the text gives in two or more values.

    A number belongs to the subject that is named last before it in the sentence (of a note: in
    the sentence that it is a note to); numbers after "respectievelijk" to as many subjects in
    the same order. One finding per fact and subject, at the first value, naming every place.
    """
    facts = [rule for rule in rules if rule["rule"] == "fact"]
    stated = [one for passage in passages for one in _stated(passage, facts, subjects)]
    stated.sort(key=lambda one: one[:2])
    found = []
    for (fact, subject), group in groupby(stated, key=lambda one: one[:2]):
        values = list(group)
        places: dict[str, list[Passage]] = {}
        for _, _, value, passage, _ in values:
            places.setdefault(value, []).append(passage)
        if len(places) > 1:
            _, _, _, first, rule = values[0]
            found.append(finding(first, dict(rule), _told(fact, subject, places)))
    return found


def _stated(passage: Passage, facts: Sequence[Rule], subjects: Subjects) -> Iterator[Stated]:
    if passage.kind == "row":
        return
    for sentence in passage.sentences:
        about = f"{passage.about} " if passage.about else ""
        text = f"{about}{sentence}"
        for rule in facts:
            pattern = re.compile(rule["pattern"].replace("{month}", MONTH), re.I)
            for match in pattern.finditer(text, len(about)):
                for subject, value in _attributed(text, match, rule, subjects):
                    yield rule["name"], subject, value, passage, rule


def _attributed(
    text: str, match: re.Match, rule: Rule, subjects: Subjects
) -> Iterator[tuple[str, str]]:
    values = match["value"].split(" en ") if match["value"][0].isdigit() else [match["value"]]
    kind = rule["subject"]
    if not kind:
        yield "", values[0].lower()
        return
    mentions = subjects.mentions(text, kind)
    before = list(dict.fromkeys(id for place, id in mentions if place < match.start()))
    named = [id for place, id in mentions if place < match.start()]
    of = [named[-1]] if len(values) == 1 and named else before[-len(values) :]
    for id, value in zip(of, values, strict=False):
        yield subjects.labels[kind][id], value.lower()


def _told(fact: str, subject: str, places: Mapping[str, Sequence[Passage]]) -> str:
    of = f" {subject}" if subject else ""
    values = "; ".join(
        f"{value} ({', '.join(_place(passage) for passage in passages)})"
        for value, passages in places.items()
    )
    return f"{fact}{of} staat er met {len(places)} waarden: {values}"


def _place(passage: Passage) -> str:
    return f"{passage.place}, § {passage.section}" if passage.section else passage.place
