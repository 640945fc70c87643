"""References to sections that are not there, or that do not hold what the sentence says."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from copanalysis.evidence.prose.findings import Finding, finding
from copanalysis.evidence.prose.passages import Passage, headings

WORD = re.compile(r"[a-zà-ÿ'-]{4,}")
QUOTED = re.compile(r"\[§[^\]]*\]")  # a citation of another text
LEAST_WORDS = 8  # of content, for a sentence to say what the section holds
LEAST_SHARE = 0.5  # of those words, by weight, that the better section must hold
TIMES = 1.5  # as much as the section referred to


def dead_references(
    passages: Sequence[Passage], *, rules: Sequence[Mapping[str, str]], chapters: Collection[str]
) -> list[Finding]:
    """References to a section, chapter or appendix without such a heading, and those whose
    sentence fits the text of another section much better.

    ``chapters`` are numbers that exist outside the files. How well a sentence fits a section is
    the share of its content words, weighted by rarity over sections (inverse document
    frequency), that one paragraph of the section holds.
    """
    by_name = {rule["name"]: dict(rule) for rule in rules if rule["rule"] == "section"}
    pattern = re.compile(by_name["verwijzing"]["pattern"])
    known = {number for _, number in headings(list(passages))} | set(chapters)
    if not known:
        return []
    contents = _Contents(passages)
    found = []
    for passage, sentence, number in _references(passages, pattern):
        if number not in known:
            found.append(finding(passage, by_name["verwijzing"], f"verwijzing naar {number}"))
        elif better := contents.better(sentence, number, passage.section):
            told = f"verwijzing naar {number}; de inhoud van de zin staat in {better}"
            found.append(finding(passage, by_name["elders"], told))
    return found


def _references(
    passages: Sequence[Passage], pattern: re.Pattern
) -> Iterator[tuple[Passage, str, str]]:
    for passage in passages:
        if passage.kind not in ("text", "note"):
            continue
        for sentence in passage.sentences:
            for match in pattern.finditer(QUOTED.sub("", sentence)):
                appendix = match["appendix"]
                yield passage, sentence, f"B{appendix}" if appendix else match["number"]


class _Contents:
    """The words of every paragraph by section, with their rarity."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.paragraphs: dict[str, list[set[str]]] = defaultdict(list)
        for passage in passages:
            if passage.kind == "text" and passage.section:
                self.paragraphs[passage.section].append(_words(passage.text))
        counts = Counter(w for sets in self.paragraphs.values() for w in set().union(*sets))
        total = len(self.paragraphs)
        self.weights = {word: math.log(1 + total / n) for word, n in counts.items()}

    def better(self, sentence: str, number: str, own: str) -> str:
        """The section that fits much better than the one referred to, "" when none does.

        Only references to a section within a chapter say enough; the section in which the
        sentence stands, and the parts of the one referred to, do not count as others.
        """
        words = _words(sentence)
        if "." not in number or len(words) < LEAST_WORDS:
            return ""
        fits = {section: self._fit(words, section) for section in self.paragraphs}
        referred = max((f for s, f in fits.items() if _within(s, number)), default=0.0)
        others = {s: f for s, f in fits.items() if s != own and not _within(s, number)}
        best = max(others, key=others.get, default="")
        fit = others.get(best, 0.0)
        return best if fit >= LEAST_SHARE and fit >= TIMES * referred else ""

    def _fit(self, words: set[str], section: str) -> float:
        whole = sum(self.weights.get(word, 0.0) for word in words) or 1.0
        return max(
            sum(self.weights[word] for word in words & paragraph) / whole
            for paragraph in self.paragraphs[section]
        )


def _within(section: str, number: str) -> bool:
    return section == number or section.startswith(f"{number}.")


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))
