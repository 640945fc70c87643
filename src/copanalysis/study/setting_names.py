"""What study.toml names, held against the instruments and against what the package knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from copanalysis.errors import Problem
from copanalysis.study.instruments import Sheet
from copanalysis.study.setting_rules import SETTINGS_FILE, SOURCES

# Names that the rooms above give a meaning; tests/study/test_settings.py holds them together.
COMPARISONS = ("all", "common", "widest", "narrowest", "clusters")
OF_TWO, OF_MORE = ("kappa",), ("kappa_light", "kappa_fleiss")
COEFFICIENTS = ("percent_agreement", "alpha", "ac1")  # for any number of coders
FLAGS = ("test", "duplicate", "empty", "speeder", "straightliner", "over_max")
RANKED_BY = ("n_cops", "n_signals", "n_open", "n_feedback", "days_open")
BREAKDOWNS = ("", "cop")


def setting_problems(settings: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Every name in study.toml that nothing goes by."""
    return [
        *_choice_problems(settings),
        *_instrument_problems(settings, sheets),
        *_signal_problems(settings, sheets),
        *_preparation_problems(settings, sheets),
        *_parameter_problems(settings, sheets),
    ]


def _choice_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    compared = settings["verdict"]["comparisons"]
    yield from _unknown("verdict", "comparisons", compared, COMPARISONS)
    if not compared:
        yield _wrong("verdict", "comparisons = []", f"at least one of {', '.join(COMPARISONS)}")
    coding = settings["coding"]
    kappas = OF_MORE if len(coding["coders"]) > 2 else OF_TWO
    yield from _unknown("coding", "coefficient", [coding["coefficient"]], (*COEFFICIENTS, *kappas))
    strengths = [rule["id"] for rule in settings["strengths"]]
    most = settings["evidence"]["indirect_at_most"]
    yield from _unknown("evidence", "indirect_at_most", [most], strengths)
    left_out = settings["cleaning"]["left_out"]
    yield from _unknown("cleaning", "left_out", left_out, FLAGS)
    for flag in dict.fromkeys(flag for flag in left_out if left_out.count(flag) > 1):
        yield _wrong("cleaning", f"left_out with {flag!r} twice", "each once")


def _instrument_problems(
    settings: Mapping[str, Any], sheets: Mapping[str, Sheet]
) -> Iterator[Problem]:
    items = sorted(sheets["items.csv"].values("item"))
    yield from _unknown("cleaning", "key_item", [settings["cleaning"]["key_item"]], items)
    rows = sheets["codebook.csv"].rows
    codes = {row["code"] for row in rows if row["status"] == "active"}
    quotes = settings["quotes"]
    for key, named in (("story", [quotes["story"]]), ("domains", quotes["domains"])):
        for code in named:
            if code not in codes:
                yield _wrong("quotes", f"{key} = {code!r}", "an active code of codebook.csv")
    tables = sheets["tables.csv"].values("table") | sheets["registers.csv"].values("register")
    for name in settings["evidence"]["names"]:
        if name not in tables | set(SOURCES):
            expected = "a kind of source, a table of tables.csv or a register of registers.csv"
            yield _wrong("evidence", f"names of {name!r}", expected)


def _signal_problems(settings: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    terms = {
        row["column"]: [
            term["code"]
            for term in sheets["vocabularies.csv"].rows
            if term["vocabulary"] == row["vocabulary"]
        ]
        for row in sheets["registers.csv"].rows
        if row["register"] == "signals" and row["vocabulary"]
    }
    yield from _unknown("signals", "open", settings["signals"]["open"], terms.get("status", ()))
    for i, rule in enumerate(settings["signal_rules"], 1):
        section = f"signal_rules {i}"
        yield from _unknown(section, "by", rule["by"], RANKED_BY)
        if not rule["by"]:
            yield _wrong(section, "by = []", f"at least one of {', '.join(RANKED_BY)}")
        yield from _unknown(section, "level", [rule["level"]], ("", *terms.get("level", ())))


def _preparation_problems(
    settings: Mapping[str, Any], sheets: Mapping[str, Sheet]
) -> Iterator[Problem]:
    """Folders that no table stands in, and those needed before a notebook makes them."""
    folders = sorted(sheets["tables.csv"].values("folder"))
    made: set[str] = set()
    all_told = True
    for i, block in enumerate(settings["preparation"], 1):
        section = f"preparation {i}"
        for key in ("makes", "needs"):
            yield from _unknown(section, key, block.get(key, ()), folders)
        for folder in block.get("needs", ()):
            if all_told and folder in folders and folder not in made:
                yield _wrong(section, f"needs = {folder!r}", "a folder that is made before")
        all_told = all_told and "makes" in block
        made |= set(block.get("makes", ()))


def _parameter_problems(
    settings: Mapping[str, Any], sheets: Mapping[str, Sheet]
) -> Iterator[Problem]:
    """Parameters whose name or value means nothing, or that another page of the notebook lacks."""
    waves = [wave["id"] for wave in settings["waves"]]
    phases = [phase["id"] for phase in settings["phases"]]
    cops = [row["id"] for row in sheets["names.csv"].rows if row["kind"] == "cop"]
    meant = {"wave": waves, "compare_with": waves, "phase": ["", *phases]}
    meant |= {"cop": ["", *dict.fromkeys(cops)], "breakdown": BREAKDOWNS}
    first: dict[str, Mapping[str, Any]] = {}
    for page in settings["pages"]:
        section, given = f"pages {page['id']}", page.get("parameters", {})
        for name, value in given.items():
            yield from _unknown(section, f"parameter {name}", [value], meant.get(name, [value]))
        before = first.setdefault(page["notebook"], page)
        if set(given) != set(before.get("parameters", {})):
            expected = f"those of page {before['id']}, of the same notebook"
            yield _wrong(section, f"parameters {', '.join(given) or 'none'}", expected)


def _unknown(section: str, key: str, given: Iterable[Any], known: Iterable[Any]) -> Iterator:
    """A problem for each value given that is not among those known."""
    known = list(known)
    for value in given:
        if value not in known:
            expected = "one of " + ", ".join(str(name) or '""' for name in known)
            yield _wrong(section, f"{key} = {value!r}", expected)


def _wrong(section: str, found: str, expected: str) -> Problem:
    name, _, which = section.partition(" ")
    return Problem(f"{SETTINGS_FILE} [{name}] {which}".rstrip(), found, expected, "correct it")
