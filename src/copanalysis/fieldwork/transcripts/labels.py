"""Who speaks: the label at the beginning of a line ("Naam:", "R2:", "[00:12:31] Naam:")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from copanalysis.fieldwork.transcripts.clock import MARK, SET_OFF, TIME_FIRST, seconds
from copanalysis.fieldwork.transcripts.vocabulary import (
    ANSWERING,
    ANYONE,
    ASKING,
    NO_SPEAKER,
    PARTICLES,
    TITLES,
)

MOST_WORDS = 6
LONG_TRANSCRIPT = 10  # labels, from which on a single word that stands there once is doubted
USUAL = 3  # times that a word in lower case must stand there to be a speaker
HEAD = 150  # characters in which a label ends
NAME = r"(?P<name>[^\W\d_][^:\n]{0,59}?)"
LABELS = (
    re.compile(r"(?P<name>[^\W\d_][^:\n\t]{0,59}?)(?P<mark>)\t+(?=[^\t]*$)"),
    re.compile(rf"{NAME}(?:\s*(?P<mark>{SET_OFF}))?\s*:(?=\s|$)"),
    re.compile(r"(?P<name>[A-Z]{1,4}\d{0,2})(?P<mark>):(?=[^\W\d_])"),
    re.compile(r"\[(?P<name>[^\]\n:]{1,60})\](?P<mark>)\s*:"),
    re.compile(rf"{NAME}\s+(?P<mark>{MARK})\s*$"),
)
ADDED = re.compile(r"\s*\([^)]*\)$")  # "(deelnemer)" behind a name
NUMBERED = re.compile(r"([^\W\d_]+)[\s._-]*\d{0,2}")


@dataclass(frozen=True)
class Label:
    """A label that could name a speaker, and what stands behind it."""

    name: str
    said: str
    start: float | None = None


def label_of(text: str) -> Label | None:
    """What looks like a label at the beginning of a text, not yet judged; None without one."""
    first = TIME_FIRST.match(text)
    start = seconds(first["mark"]) if first else None
    rest = text[first.end() :] if first else text.strip()
    for pattern in LABELS:
        found = pattern.match(rest[:HEAD])
        if found:
            own = seconds(found["mark"]) if found["mark"] else start
            return Label(" ".join(found["name"].split()), rest[found.end() :].strip(), own)
    return None


def folded(name: str) -> str:
    """A label without differences of case and space, to compare by."""
    return " ".join(name.split()).casefold()


def role_of_word(name: str) -> str:
    """ "interviewer" or "respondent" where the label says so itself ("INT", "R2"), else ""."""
    found = NUMBERED.fullmatch(folded(name))
    word = found[1] if found else ""
    if word in ASKING:
        return "interviewer"
    return "respondent" if word in ANSWERING else ""


def accepted(
    names: Iterable[str], *, known: Collection[str] = (), anywhere: bool = False
) -> frozenset[str]:
    """The labels of a transcript that name a speaker, folded.

    Parameters
    ----------
    names : iterable of str
        Every label met in the transcript, as often as it was met.
    known : collection of str
        Names of speakers that were told, which are never doubted.
    anywhere : bool
        Whether a line may begin in the middle of a sentence, as in captions.

    Notes
    -----
    A label is a speaker when it was told, when it is a word for a role, or when it looks like a
    name. In a longer transcript a single word that stands there once ("Wageningen: ...") is
    not taken for a speaker, nor, with ``anywhere``, a name of more words; the reader of the
    format reports it.
    """
    told = {folded(name) for name in known}
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for name in names:
        counts[folded(name)] += 1
        written.setdefault(folded(name), name)
    like = [key for key, name in written.items() if looks_like_a_name(name)]
    long = sum(counts[key] for key in like) >= LONG_TRANSCRIPT
    sure = {key for key in like if counts[key] > 1 or not long or (" " in key and not anywhere)}
    role = {key for key in counts if role_of_word(key) or _is_anyone(key)}
    lower = {k for k, name in written.items() if counts[k] >= USUAL and _is_plain_word(name)}
    return frozenset((told & set(counts)) | sure | role | lower)


def looks_like_a_name(name: str) -> bool:
    """Whether every word is written as in a name: a capital, a particle, a title or a number."""
    bare = ADDED.sub("", name)
    words = re.split(r"[\s/&,;]+", bare.strip())
    if not 1 <= len(words) <= MOST_WORDS or folded(bare) in NO_SPEAKER:
        return False
    small = PARTICLES | TITLES | ASKING | ANSWERING
    return any(word[:1].isupper() for word in words) and all(
        word[:1].isupper() or word.isdigit() or word.casefold() in small for word in words
    )


def _is_anyone(name: str) -> bool:
    found = NUMBERED.fullmatch(name)
    return bool(found and found[1] in ANYONE)


def _is_plain_word(name: str) -> bool:
    return name.isalpha() and name.islower() and name not in NO_SPEAKER
