"""Names in prose: variants of known names, spellings close to one, and unknown ones."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from copanalysis.evidence.prose.findings import Finding, finding
from copanalysis.evidence.prose.passages import Passage
from copanalysis.study.names import Name, Names

NAME = re.compile(r"\b[A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)*")
SHORTEST = 6  # letters: below that, one letter makes another word


def variants_of_names(
    passages: Sequence[Passage], *, rules: Sequence[Mapping[str, str]], names: Names
) -> list[Finding]:
    """One finding per variant, near spelling or unknown name, at its first place.

    A variant is an alias of names.csv that is not the preferred one; of an organisation, one
    that holds the preferred name ("Ministerie van SZW") is no variant.
    """
    by_name = {rule["name"]: dict(rule) for rule in rules if rule["rule"] == "name"}
    preferred = _preferred(names)
    organisations = set(names.ids(kind="organisation"))
    found = []
    for (id, alias), places in _uses(passages, names).items():
        own = preferred[id]
        if alias not in own and not (id in organisations and _holds(alias, own)):
            told = f"“{alias}” ({_times(places)}) heet {_or(own)}"
            found.append(finding(places[0], by_name["variant"], told))
    return found + list(_others(passages, by_name, names))


def _preferred(names: Names) -> dict[str, list[str]]:
    preferred: dict[str, list[str]] = defaultdict(list)
    for name in names.names:
        if name.preferred:
            preferred[name.id].append(name.alias)
    return preferred


def _uses(passages: Sequence[Passage], names: Names) -> dict[tuple[str, str], list[Passage]]:
    """Where each alias stands, the longest alias first where several fit."""
    aliases = {name.alias: name for name in sorted(names.names, key=lambda n: n.preferred)}
    ordered = sorted(aliases, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")
    uses: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        for match in pattern.finditer(" ".join(passage.sentences)):
            uses[aliases[match.group()].id, match.group()].append(passage)
    return uses


def _others(
    passages: Sequence[Passage], by_name: Mapping[str, dict[str, str]], names: Names
) -> Iterator[Finding]:
    """Spellings near a known name, and names after "CoP" that nobody knows."""
    known = {name.alias: name for name in names.names}
    folded = {_folded(alias): alias for alias in known}
    unknown = re.compile(by_name["onbekend"]["pattern"])
    seen: set[str] = set()
    for passage in passages:
        text = " ".join(passage.sentences)
        for written in _capitalised(text):
            near = None if written in seen or written in known else _near(written, folded, known)
            if near:
                seen.add(written)
                told = f"“{written}”; bekend is “{near}”"
                yield finding(passage, by_name["schrijfwijze"], told)
        for match in unknown.finditer(text if passage.kind != "row" else ""):
            name = match["name"]
            if name not in seen and not any(_holds(name, [alias]) for alias in known):
                seen.add(name)
                yield finding(passage, by_name["onbekend"], f"“CoP {name}”")


def _capitalised(text: str) -> Iterator[str]:
    """Every run of capitalised words and every part of it, the longest first."""
    for match in NAME.finditer(text):
        words = match.group().split(" ")
        for length in range(len(words), 0, -1):
            for start in range(len(words) - length + 1):
                yield " ".join(words[start : start + length])


def _near(written: str, folded: Mapping[str, str], known: Mapping[str, Name]) -> str | None:
    form = _folded(written)
    if form in folded:
        alias = folded[form]
        return None if alias.casefold() == written.casefold() else alias
    if len(form) < SHORTEST or any(_holds(written, [alias]) for alias in known):
        return None
    near = (alias for other, alias in folded.items() if _one_slip(form, other))
    return next(near, None)


def _one_slip(first: str, second: str) -> bool:
    """Whether one letter more, less or other, or two swapped, makes one word of the other."""
    start = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), -1)
    if start < 0:
        return abs(len(first) - len(second)) == 1
    a, b = first[start:], second[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])


def _folded(text: str) -> str:
    """Letters and digits only, without case or accents."""
    bare = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^a-z0-9]", "", bare.casefold())


def _holds(text: str, names: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)


def _or(own: Sequence[str]) -> str:
    return " of ".join(f"“{name}”" for name in own)


def _times(places: Sequence[Passage]) -> str:
    where = list(dict.fromkeys(passage.place for passage in places))
    more = f" en {len(where) - 4} andere" if len(where) > 4 else ""
    return f"{len(places)} keer: {', '.join(where[:4])}{more}"
