"""Texts with pseudonyms in the place of what identifies a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.pseudonyms.cast import Cast, Doubt, Mention, gender_before
from copanalysis.fieldwork.pseudonyms.deduction import Finder
from copanalysis.fieldwork.pseudonyms.identifiers import combined
from copanalysis.fieldwork.pseudonyms.key import Key
from copanalysis.fieldwork.pseudonyms.sources import Source
from copanalysis.fieldwork.transcripts.labels import ADDED
from copanalysis.study.identifiers import find_by_rules
from copanalysis.study.privacy.findings import Finding
from copanalysis.study.privacy.full_names import FullName, KnownNames, full_name
from copanalysis.study.privacy.passages import lower_words
from copanalysis.study.privacy.word_lists import folded, ordinary_words

MOST_ROUNDS = 6
SURE = re.compile(r"\s|@|\d")  # in a form: it is no single word that may be plain
TITLE_LENGTH = 14  # letters in front of a name in which a title is looked for
LABEL = "label"  # the source of a finding that is a speaker's label
SHORTEST = 3  # letters of a name that is looked for in the other documents


@dataclass(frozen=True)
class Pseudonymised:
    """The texts by document, the key they need, what to look at, and how many were replaced.

    ``replaced`` counts by document and kind; speakers' labels are of kind "speaker".
    """

    texts: Mapping[str, str]
    key: Key
    doubts: tuple[Doubt, ...]
    replaced: Mapping[tuple[str, str], int]


def pseudonymise_text(
    text: str, *, key: Key, document: str, names: KnownNames, finder: Finder | None
) -> tuple[str, Key]:
    """A text with a pseudonym in brackets for everything that identifies a person.

    Parameters
    ----------
    text : str
        A conversation or notes.
    key : Key
        Pseudonyms given before; a form in it keeps its pseudonym.
    document : str
        The name under which first names are remembered: "Mark" is one person per document.
    names : KnownNames
        People to look for, and names that are never an identifier.
    finder : Finder or None
        Made by `deduce_finder`; None leaves it to rules and names.

    Returns
    -------
    tuple of str and Key
        The text, in which all else stands as it was, and the key with what was added. Doing it
        again changes nothing.
    """
    done = pseudonymise_sources([Source(document, text)], key=key, names=names, finder=finder)
    return done.texts[document], done.key


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
    replaced: Counter[tuple[str, str]] = Counter()
    for _ in range(MOST_ROUNDS):
        found = identifiers_of_all(sources, names=known, finder=finder)
        if not any(found.values()):
            break
        sources = _replaced(sources, found, cast)
        for document, findings in found.items():
            replaced.update((document, _kind(f)) for f in findings)
        known = _known(names, cast)
    else:
        raise CopanalysisError(f"Names are still found after {MOST_ROUNDS} rounds; please report.")
    _refuse_left(sources, cast.key)
    texts = {source.id: source.text for source in sources}
    return Pseudonymised(texts, cast.key, cast.doubts, replaced)


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
    met: dict[str, None] = {}
    lower = _lower(sources)
    for source in sources:
        for finding in find_by_rules(source.speech, names=known, wide=True, lower=lower):
            word = folded(finding.text)
            if finding.kind == "person" and len(word) >= SHORTEST and word not in ordinary_words():
                met[finding.text] = None
    return _with(known, map(full_name, met))


def _known(names: KnownNames, cast: Cast) -> KnownNames:
    return _with(names, cast.names)


def _with(names: KnownNames, more: Iterable[FullName]) -> KnownNames:
    return KnownNames(tuple(dict.fromkeys((*names.people, *more))), names.never)


def _lower(sources: Sequence[Source]) -> frozenset[str]:
    return frozenset().union(*(lower_words(source.speech) for source in sources))


def identifiers_of_all(
    sources: Sequence[Source], *, names: KnownNames, finder: Finder | None
) -> dict[str, list[Finding]]:
    """What is to be replaced, by document: speakers' labels, and identifiers in what is said."""
    lower = _lower(sources)
    found: dict[str, list[Finding]] = {}
    for source in sources:
        labels = [
            Finding(start, end, "person", text, LABEL)
            for start, end, text in source.labels
            if folded(text) not in names.nobodys  # an organisation may speak ("COA:")
        ]
        inside = combined(source.speech, names=names, finder=finder, lower=lower)
        found[source.id] = sorted([*labels, *inside], key=lambda f: f.start)
    return found


def _replaced(
    sources: Sequence[Source], found: Mapping[str, Sequence[Finding]], cast: Cast
) -> list[Source]:
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
    return [_filled(source, found[source.id], pseudonyms) for source in sources]


def _mention(source: Source, finding: Finding) -> Mention:
    form = " ".join(finding.text.split())
    if finding.source == LABEL:
        role = source.role_of(form)
        return Mention(source.id, ADDED.sub("", form), label=True, role=role)
    before = source.text[max(0, finding.start - TITLE_LENGTH) : finding.start]
    return Mention(source.id, form, gender_before(before))


def _filled(
    source: Source,
    findings: Sequence[Finding],
    pseudonyms: Mapping[tuple[str, Finding], str],
) -> Source:
    text, speech = source.text, source.speech
    for finding in reversed(findings):
        name = pseudonyms[source.id, finding]
        if finding.source != LABEL:
            name = f"[{name}]{_kept(text, speech, finding)}"
        text = text[: finding.start] + name + text[finding.end :]
    return source.with_text(text)


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


def _kind(finding: Finding) -> str:
    return "speaker" if finding.source == LABEL else finding.kind


def _refuse_left(sources: Sequence[Source], key: Key) -> None:
    """Refuse when a form that can mean nothing else is left in a text."""
    sure = [e.form for e in key.entries if not e.document and SURE.search(e.form)]
    left = [source.id for source in sources if any(form in source.speech for form in sure)]
    if left:
        raise CopanalysisError(
            f"Names or numbers of the key are left in {', '.join(left)}, so nothing is written. "
            "Add them to the key as they stand there, and run again."
        )
