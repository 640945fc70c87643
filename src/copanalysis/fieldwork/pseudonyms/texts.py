"""Texts with pseudonyms in the place of what identifies a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.pseudonyms.cast import Cast, Doubt, Mention, gender_before
from copanalysis.fieldwork.pseudonyms.changes import change_table, moved_positions
from copanalysis.fieldwork.pseudonyms.deduction import Finder
from copanalysis.fieldwork.pseudonyms.identifiers import find_identifiers
from copanalysis.fieldwork.pseudonyms.key import Key
from copanalysis.fieldwork.pseudonyms.sources import Source
from copanalysis.fieldwork.transcripts.labels import ADDED
from copanalysis.study.identifiers import find_by_rules
from copanalysis.study.privacy.findings import Finding, settled
from copanalysis.study.privacy.full_names import FullName, KnownNames, full_name
from copanalysis.study.privacy.masking import Change, changed
from copanalysis.study.privacy.passages import lower_words
from copanalysis.study.privacy.word_lists import folded, ordinary_words

MOST_ROUNDS = 6
SURE = re.compile(r"\s|@|\d")  # in a form: it is no single word that may be plain
TITLE_LENGTH = 14  # letters in front of a name in which a title is looked for
LABEL = "label"  # the source of a finding that is a speaker's label
SHORTEST = 3  # letters of a name that is looked for in the other documents


@dataclass(frozen=True)
class Pseudonymised:
    """The texts by document, the key they need, what to look at, and what was replaced where.

    ``changes`` are those of each text, in order; speakers' labels are of kind "speaker".
    """

    texts: Mapping[str, str]
    key: Key
    doubts: tuple[Doubt, ...]
    changes: Mapping[str, tuple[Change, ...]]


def pseudonymise_sources(
    sources: Sequence[Source], *, key: Key, names: KnownNames, finder: Finder | None
) -> Pseudonymised:
    """Pseudonymise texts together, so that a person has one pseudonym in all of them.

    A name that one text makes plain is looked for in the others. The texts are gone through
    until nothing is found any more; CopanalysisError when a full name, address or number of the
    key is left after all.
    """
    cast = Cast(key)
    known = names_of_all(sources, names=_known(names, cast))
    found: dict[str, list[Finding]] = {source.id: [] for source in sources}
    changes: dict[str, tuple[Change, ...]] = {source.id: () for source in sources}
    masked = sources
    for _ in range(MOST_ROUNDS):
        new = identifiers_of_all(masked, names=known, finder=finder)
        if not any(new.values()):
            break
        found = {s.id: _joined(s, found[s.id], new[s.id], changes[s.id]) for s in sources}
        changes = _changes(sources, found, cast)
        masked = [source.with_text(changed(source.text, changes[source.id])) for source in sources]
        known = _known(names, cast)
    else:
        raise CopanalysisError(f"Names are still found after {MOST_ROUNDS} rounds; please report.")
    _refuse_left(masked, cast.key)
    texts = {source.id: source.text for source in masked}
    return Pseudonymised(texts, cast.key, cast.doubts, changes)


def pseudonymise_names(
    ids: Sequence[str], *, done: Pseudonymised, names: KnownNames
) -> tuple[dict[str, str], Key]:
    """Names of documents ("Interview_Annelies_Wolters") with the pseudonyms of their texts.

    Returns the new name by document, every one another, and the key with what was added.
    """
    cast = Cast(done.key)
    known = _known(names, cast)
    named: dict[str, str] = {}
    for id in ids:
        spaced = re.sub(r"[_/]", " ", id)  # letters keep their place
        found = find_by_rules(spaced, names=known, wide=False)
        name = id
        for finding in reversed(found):
            if finding.kind == "person":
                mention = Mention(id, " ".join(finding.text.split()))
                code = cast.resolve([mention])[mention]
            else:
                code = cast.name_others(finding.kind, [finding.text])[finding.text]
            name = name[: finding.start] + code + name[finding.end :]
        same = sum(other == name or other.startswith(f"{name} (") for other in named.values())
        named[id] = f"{name} ({same + 1})" if same else name
    return named, cast.key


def names_of_all(sources: Sequence[Source], *, names: KnownNames) -> KnownNames:
    """The names known, with the speakers and the people whom the rules find in any text."""
    labels = (label for source in sources for label in source.names)
    known = _with(names, (full_name(x) for x in labels if folded(x) not in names.nobodys))
    met = identifiers_of_all(sources, names=known, finder=None)
    people = (f for own in met.values() for f in own if f.kind == "person" and f.source != LABEL)
    words = dict.fromkeys(f.text for f in people if _tells(folded(f.text)))
    return _with(known, map(full_name, words))


def _tells(word: str) -> bool:
    """Whether a folded word is enough of a name to be looked for in other documents."""
    return len(word) >= SHORTEST and word not in ordinary_words()


def _known(names: KnownNames, cast: Cast) -> KnownNames:
    return _with(names, cast.names)


def _with(names: KnownNames, more: Iterable[FullName]) -> KnownNames:
    return KnownNames(tuple(dict.fromkeys((*names.people, *more))), names.never)


def identifiers_of_all(
    sources: Sequence[Source], *, names: KnownNames, finder: Finder | None
) -> dict[str, list[Finding]]:
    """What is to be replaced, by document: speakers' labels, and identifiers in what is said."""
    lower = frozenset().union(*(lower_words(source.speech) for source in sources))
    found: dict[str, list[Finding]] = {}
    for source in sources:
        labels = [
            Finding(start, end, "person", text, LABEL)
            for start, end, text in source.labels
            if folded(text) not in names.nobodys  # an organisation may speak ("COA:")
        ]
        inside = find_identifiers(
            source.speech, names=names, finder=finder, wide=source.conversation, lower=lower
        )
        found[source.id] = sorted([*labels, *inside], key=lambda f: f.start)
    return found


def _joined(
    source: Source, found: Sequence[Finding], new: Sequence[Finding], changes: Sequence[Change]
) -> list[Finding]:
    """Findings of a text, with those of the text that the changes made of it, at their place."""
    if not new or not changes:
        return settled([*found, *new], text=source.text)
    places = [(source.id, finding.start, finding.end) for finding in new]
    table = pd.DataFrame(places, columns=["document", "start", "end"])
    back = {"start": "new_start", "end": "new_end", "new_start": "start", "new_end": "end"}
    undone = change_table({source.id: changes}).rename(columns=back)
    spans = moved_positions(table, changes=undone)
    moved = [
        replace(finding, start=start, end=end, text=source.text[start:end])
        for finding, start, end in zip(new, spans["start"], spans["end"], strict=True)
    ]
    return settled([*found, *moved], text=source.text)


def _changes(
    sources: Sequence[Source], found: Mapping[str, Sequence[Finding]], cast: Cast
) -> dict[str, tuple[Change, ...]]:
    mentions = {
        (source.id, finding): _mention(source, finding)
        for source in sources
        for finding in found[source.id]
        if finding.kind == "person"
    }
    people = cast.resolve(list(dict.fromkeys(mentions.values())))
    pseudonyms = {place: people[mention] for place, mention in mentions.items()}
    for source in sources:
        for finding in found[source.id]:
            if finding.kind != "person":
                named = cast.name_others(finding.kind, [finding.text])
                pseudonyms[source.id, finding] = named[finding.text]
    return {
        source.id: tuple(_change(source, f, pseudonyms[source.id, f]) for f in found[source.id])
        for source in sources
    }


def _change(source: Source, finding: Finding, pseudonym: str) -> Change:
    """A label becomes the pseudonym itself; in what is said it stands in brackets."""
    if finding.source == LABEL:
        return Change(finding.start, finding.end, "speaker", pseudonym)
    mask = f"[{pseudonym}]{_kept(source.text, source.speech, finding)}"
    return Change(finding.start, finding.end, finding.kind, mask)


def _mention(source: Source, finding: Finding) -> Mention:
    form = " ".join(finding.text.split())
    if finding.source == LABEL:
        role = source.role_of(form)
        return Mention(source.id, ADDED.sub("", form), label=True, role=role)
    before = source.text[max(0, finding.start - TITLE_LENGTH) : finding.start]
    return Mention(source.id, form, gender_before(before))


def _kept(text: str, speech: str, finding: Finding) -> str:
    """What stands inside a name that was cut in two, and is no speech: line ends, times, tags."""
    kept: list[str] = []
    at = finding.start
    for number, line in enumerate(text[finding.start : finding.end].splitlines(keepends=True)):
        said = speech[at : at + len(line)]
        if number and not said.strip():
            kept.append(line)
        else:
            kept += [a for a, b in zip(line, said, strict=True) if a in "\r\n" or a != b]
        at += len(line)
    return "".join(kept)


def _refuse_left(sources: Sequence[Source], key: Key) -> None:
    """Refuse when a form that can mean nothing else is left in a text."""
    sure = [e.form for e in key.entries if not e.document and SURE.search(e.form)]
    left = [source.id for source in sources if any(form in source.speech for form in sure)]
    if left:
        raise CopanalysisError(
            f"Names or numbers of the key are left in {', '.join(left)}, so nothing is written. "
            "Add them to the key as they stand there, and run again."
        )
