"""What the values of study.toml must satisfy: each within its range, and all together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copanalysis.errors import Problem

SETTINGS_FILE = "data/instruments/study.toml"
ID = re.compile(r"[\w.-]+")  # of a page or notebook it is a file name, of a wave a word in a list
ANSWER_PARTS = ("wave", "row", "item")  # between braces in [coding] answer_document
SOURCES = ("item", "code", "obs", "reg", "doc")  # the kinds of source of [evidence]
MOST_OPPOSED = len(SOURCES) // 2 * -(-len(SOURCES) // 2)  # pairs: half for, half against


@dataclass(frozen=True)
class Range:
    """From ``low`` to ``high`` (None: no end), without the ends where ``inside``."""

    low: float
    high: float | None = None
    inside: bool = False

    def holds(self, value: float) -> bool:
        """Whether a number lies in the range; what is no number ("nan") lies in none."""
        high = float("inf") if self.high is None else self.high
        if self.inside:
            return self.low < value < high
        return self.low <= value <= high

    def __str__(self) -> str:
        if self.high is None:
            return f"at least {self.low}"
        if self.inside:
            return f"between {self.low} and {self.high}"
        return f"from {self.low} to {self.high}"


NOT_NEGATIVE, ONE_OR_MORE, TWO_OR_MORE = Range(0), Range(1), Range(2)
SHARE, WITHIN_ONE = Range(0, 1), Range(0, 1, inside=True)
RANGES: Mapping[str, Mapping[str, Range]] = {
    "study": {"confidence": Range(0.5, 1, inside=True), "population": ONE_OR_MORE},
    "disclosure": {
        **dict.fromkeys(("minimum_base", "minimum_cell", "minimum_cell_whole"), ONE_OR_MORE),
        **dict.fromkeys(("minimum_range", "large_group"), ONE_OR_MORE),
        "minimum_people": TWO_OR_MORE,
    },
    "statistics": {
        "statement_base": ONE_OR_MORE,
        "power": WITHIN_ONE,
        "resamples": ONE_OR_MORE,
        "seed": NOT_NEGATIVE,
        "weight_shift": SHARE,
    },
    "small_counts": {
        "expected": NOT_NEGATIVE,
        "share": SHARE,
        "least": NOT_NEGATIVE,
        "group": ONE_OR_MORE,
    },
    "verdict": {"minimum_expected": NOT_NEGATIVE},
    "cleaning": {"speeder_share_of_median": SHARE, "straightline_items": TWO_OR_MORE},
    "coding": {
        "threshold": SHARE,
        "minimum_share": SHARE,
        "resamples": ONE_OR_MORE,
        "seed": NOT_NEGATIVE,
    },
    "evidence": {
        **{f"{kind}_{size}": ONE_OR_MORE for kind in SOURCES[1:] for size in ("some", "broad")},
        "item_some": SHARE,
        "item_broad": SHARE,
        "code_uncertain": Range(0, 2),
    },
    "signals": {"top": ONE_OR_MORE},
    "strengths": {"broad": NOT_NEGATIVE},
    "convergence": {"opposed": NOT_NEGATIVE, "mixed": NOT_NEGATIVE},
    "quotes": {"shortest": ONE_OR_MORE, "longest": ONE_OR_MORE},
    "saturation": {"base_size": ONE_OR_MORE, "run_length": ONE_OR_MORE, "threshold": SHARE},
}


def range_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Every number of study.toml outside its range; what is no number is left to others."""
    for name, ranges in RANGES.items():
        blocks = settings.get(name)
        several = isinstance(blocks, list)
        for i, block in enumerate(blocks if several else [blocks], 1):
            where = f"{name}] {i}" if several else f"{name}]"
            given = block if isinstance(block, dict) else {}
            for key, limits in ranges.items():
                value = given.get(key)
                number = isinstance(value, int | float) and not isinstance(value, bool)
                if number and not limits.holds(value):
                    found = f"{key} = {value}"
                    yield Problem(f"{SETTINGS_FILE} [{where}", found, str(limits), "correct it")


def rule_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Settings that contradict each other or themselves, in a study.toml of the right form."""
    yield from _id_problems(settings)
    yield from _period_problems(settings)
    yield from _last_rule_problems(settings)
    yield from _order_problems(settings)
    yield from _text_problems(settings)
    yield from _coding_problems(settings["coding"])
    for key in ("shares", "quantifiers"):
        yield from _word_problems(settings["words"][key], key)


def _id_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Ids that stand twice, or with characters that no id can have."""
    keys = dict.fromkeys(("waves", "phases", "signal_rules", "strengths", "convergence"), "id")
    for name, key in {**keys, "preparation": "notebook"}.items():
        ids = [block[key] for block in settings[name]]
        twice = [id for id in dict.fromkeys(ids) if ids.count(id) > 1]
        for id in twice:
            yield _wrong(name, f"{key} {id!r} twice", f"{key}s that differ")
    for name, key in {**keys, "preparation": "notebook", "pages": "id"}.items():
        for id in dict.fromkeys(block[key] for block in settings[name]):
            if not ID.fullmatch(id):
                yield _wrong(name, f"{key} {id!r}", "letters, digits, . _ -")


def _period_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    waves = [wave["id"] for wave in settings["waves"]]
    phases = [phase["id"] for phase in settings["phases"]]
    usual = settings["study"]["figures_from_wave"]
    if usual not in waves:
        yield _wrong("study", f"figures_from_wave = {usual!r}", f"a wave of {waves}")
    for name in ("waves", "phases"):
        for block in settings[name]:
            if block["start"] > block["end"]:
                yield _wrong(name, f"{block['start']} after {block['end']}", "start before end")
    for wave in settings["waves"]:
        if wave["phase"] not in phases:
            yield _wrong("waves", f"phase {wave['phase']!r}", f"a phase of {phases}")


def _last_rule_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Where the first rule that fits counts, the last one must fit always."""
    last = settings["strengths"][-1]
    if last["sources"] > -len(SOURCES) or last["broad"] > 0:
        found = f"sources = {last['sources']}, broad = {last['broad']}"
        expected = f"a last rule that fits always: sources -{len(SOURCES)} or less, broad 0"
        yield _wrong("strengths", found, expected)
    last = settings["convergence"][-1]
    least = {"opposed": MOST_OPPOSED, "mixed": len(SOURCES)}
    if last["speaking"] > 0 or any(last[key] < number for key, number in least.items()):
        found = ", ".join(f"{key} = {last[key]}" for key in ("speaking", *least))
        most = ", ".join(f"{key} {number} or more" for key, number in least.items())
        expected = f"a last rule that fits always: speaking 0 or less, {most}"
        yield _wrong("convergence", found, expected)


def _order_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Limits of which the one may not be above the other."""
    pairs = [("evidence", f"{kind}_some", f"{kind}_broad") for kind in SOURCES]
    for name, low, high in [*pairs, ("quotes", "shortest", "longest")]:
        block = settings[name]
        if block[low] > block[high]:
            found = f"{low} = {block[low]} above {high} = {block[high]}"
            yield _wrong(name, found, f"{low} no more than {high}")


def _text_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    pattern = settings["linking"]["pattern"]
    if error := pattern_error(pattern):
        yield _wrong("linking", f"pattern = {pattern!r}: {error}", "a regular expression, or empty")
    missing = [kind for kind in SOURCES if kind not in settings["evidence"]["names"]]
    if missing:
        found = f"no name for {', '.join(missing)}"
        yield _wrong("evidence", found, f"names with {', '.join(SOURCES)}")
    groups = settings["fieldwork"]["groups"]
    for group in settings["fieldwork"]["speakers"]:
        if group not in groups:
            yield _wrong("fieldwork", f"speakers of {group!r}", f"one of {', '.join(groups)}")


def pattern_error(pattern: str) -> str:
    """Why a regular expression does not compile, "" when it does."""
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""


def _coding_problems(coding: Mapping[str, Any]) -> Iterator[Problem]:
    coders = coding["coders"]
    if not coders or not all(map(str.strip, coders)) or len(set(coders)) < len(coders):
        yield _wrong("coding", f"coders = {coders!r}", "names of coders, each once")
    if not coding["used"].strip():
        yield _wrong("coding", f"used = {coding['used']!r}", "whose codes the report uses")
    name = coding["answer_document"]
    if sorted(re.findall(r"\{(\w*)\}|[{}]", name)) != sorted(ANSWER_PARTS):
        parts = " ".join(f"{{{part}}}" for part in ANSWER_PARTS)
        yield _wrong("coding", f"answer_document = {name!r}", f"a name with {parts}, each once")


def _word_problems(scale: Sequence[Any], key: str) -> Iterator[Problem]:
    right = [pair for pair in scale if _is_limit(pair)]
    limits = [limit for limit, _ in right]
    if len(right) < len(scale) or limits != sorted(limits) or limits[-1:] != [1]:
        expected = "[limit, words] pairs with rising limits from 0, the last one 1.00"
        yield _wrong("words", key, expected)


def _is_limit(pair: Any) -> bool:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], str):
        return False
    number = isinstance(pair[0], int | float) and not isinstance(pair[0], bool)
    return number and SHARE.holds(pair[0])


def _wrong(section: str, found: str, expected: str) -> Problem:
    return Problem(f"{SETTINGS_FILE} [{section}]", found, expected, "correct it")
