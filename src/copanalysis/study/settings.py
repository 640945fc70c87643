"""study.toml: the waves, pages and rules of the study, read once and checked key by key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any

SETTINGS_FILE = "data/instruments/study.toml"
_TYPES: dict[str, dict[str, type | tuple[type, ...]]] = {
    "study": {
        "title": str,
        "subtitle": str,
        "raw": str,
        "confidence": float,
        "population": int,
        "population_source": str,
        "survey_name": str,
        "figures_from_wave": str,
    },
    "phases": {"id": str, "label": str, "start": date, "end": date},
    "waves": {
        "id": str,
        "label": str,
        "period": str,
        "start": date,
        "end": date,
        "phase": str,
    },
    "disclosure": {
        "minimum_base": int,
        "minimum_cell": int,
        "minimum_cell_whole": int,
        "minimum_range": int,
        "large_group": int,
        "minimum_people": int,
    },
    "statistics": {
        "statement_base": int,
        "power": float,
        "resamples": int,
        "seed": int,
        "weight_shift": float,
    },
    "linking": {"pattern": str},
    "small_counts": {"expected": (int, float), "share": float, "least": (int, float), "group": int},
    "verdict": {
        "comparisons": list,
        "minimum_expected": int,
        **dict.fromkeys(("rise", "fall", "none", "unknown"), str),
    },
    "cleaning": {
        "test_words": list,
        "speeder_share_of_median": float,
        "straightline_items": int,
        "non_answers": list,
        "dont_know": list,
        "left_out": list,
        "key_item": str,
    },
    "words": {"shares": list, "up": str, "down": str, "unclear": str, "quantifiers": list},
    "fieldwork": {"kinds": dict, "groups": dict, "speakers": dict},
    "coding": {
        "used": str,
        "coders": list,
        "answer_document": str,
        "coefficient": str,
        "threshold": float,
        "minimum_share": float,
        "resamples": int,
        "seed": int,
    },
    "evidence": {
        f"{kind}_{size}": float if kind == "item" else int
        for kind in ("item", "code", "obs", "reg", "doc")
        for size in ("some", "broad")
    }
    | {"code_uncertain": int, "names": dict},
    "signals": {"reference": date, "open": list, "top": int},
    "signal_rules": {"id": str, "label": str, "by": list, "only_open": bool, "level": str},
    "strengths": {"id": str, "label": str, "sources": int, "broad": int},
    "convergence": {"id": str, "label": str, "speaking": int, "opposed": int, "mixed": int},
    "quotes": {"shortest": int, "longest": int, "story": str, "domains": list},
    "saturation": {"base_size": int, "run_length": int, "threshold": float},
    "preparation": {"notebook": str, "makes": list, "needs": list},
    "pages": {
        "id": str,
        "notebook": str,
        "chapter": str,
        "title": str,
        "part": str,
        "parameters": dict,
    },
}
_MANY = ("phases", "waves", "signal_rules", "strengths", "convergence", "preparation", "pages")
_OPTIONAL = {("pages", "parameters"), ("pages", "part")}
_OPTIONAL |= {("preparation", "makes"), ("preparation", "needs")}


def find_root(start: Path | None = None) -> Path:
    """The project folder: the nearest one at or above ``start`` that holds study.toml.

    The environment variable COPANALYSIS_ROOT goes before the search.
    """
    root = nearest_root(start)
    if root is None:
        raise CopanalysisError(
            f"No study found at or above {start or Path.cwd()}: a project folder holds "
            f"{SETTINGS_FILE}."
        )
    return root


def nearest_root(start: Path | None = None) -> Path | None:
    """The project folder as `find_root` finds it, or None when there is none."""
    named = os.environ.get("COPANALYSIS_ROOT")
    here = Path(named).resolve() if named else (start or Path.cwd()).resolve()
    folders = (here, *here.parents)
    return next((folder for folder in folders if (folder / SETTINGS_FILE).is_file()), None)


@dataclass(frozen=True)
class Project:
    """A project folder and its study.toml: enough to plan a report without reading the rest."""

    root: Path
    settings: Mapping[str, Any]


def load_project(root: Path | None = None) -> Project:
    """The project of a folder, as `find_root` finds it.

    Raises one CopanalysisError that lists every problem in study.toml.
    """
    folder = find_root(root)
    settings, problems = read_settings(folder)
    refuse_if_any("study.toml cannot be used", problems)
    return Project(folder, settings)


def read_settings(root: Path) -> tuple[dict[str, Any], list[Problem]]:
    """study.toml as a dictionary, with every problem in it; ({}, problems) when unreadable."""
    path = root / SETTINGS_FILE
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, [
            Problem(SETTINGS_FILE, str(error), "a readable TOML file in UTF-8", "repair this line")
        ]
    problems = _shape_problems(settings)
    if not problems:
        problems = _rule_problems(settings)
    return settings, problems


def _shape_problems(settings: dict[str, Any]) -> list[Problem]:
    problems = [
        Problem(f"{SETTINGS_FILE} [{name}]", "an unknown section", _listed(_TYPES), "remove it")
        for name in settings
        if name not in _TYPES
    ]
    for name, types in _TYPES.items():
        blocks = settings.get(name)
        if blocks is None:
            problems.append(
                Problem(SETTINGS_FILE, f"no section [{name}]", _listed(types), f"add [{name}]")
            )
            continue
        if isinstance(blocks, list) != (name in _MANY):
            brackets = f"[[{name}]]" if name in _MANY else f"[{name}]"
            problems.append(Problem(SETTINGS_FILE, f"{name} of another form", brackets, "write so"))
            continue
        for i, block in enumerate(blocks if name in _MANY else [blocks], 1):
            where = f"{SETTINGS_FILE} [{name}]" + (f" {i}" if name in _MANY else "")
            problems += _block_problems(where, name, block, types)
    return problems


def _block_problems(where: str, name: str, block: dict, types: dict) -> list[Problem]:
    problems = [
        Problem(where, f"unknown key {key!r}", _listed(types), "remove or correct it")
        for key in block
        if key not in types
    ]
    for key, kind in types.items():
        if key not in block:
            if (name, key) not in _OPTIONAL:
                problems.append(Problem(where, f"no key {key!r}", _kind(kind), f"add {key}"))
        elif not isinstance(block[key], kind) or (isinstance(block[key], bool) != (kind is bool)):
            problems.append(Problem(where, f"{key} = {block[key]!r}", _kind(kind), "correct it"))
    return problems


def _rule_problems(settings: dict[str, Any]) -> list[Problem]:
    problems = []
    study = settings["study"]
    if not 0.5 < study["confidence"] < 1:
        problems.append(_wrong("study", f"confidence = {study['confidence']}", "between 0.5 and 1"))
    if study["population"] < 1:
        problems.append(_wrong("study", f"population = {study['population']}", "at least 1"))
    power = settings["statistics"]["power"]
    if not 0 < power < 1:
        problems.append(_wrong("statistics", f"power = {power}", "between 0 and 1"))
    waves = [w["id"] for w in settings["waves"]]
    if study["figures_from_wave"] not in waves:
        problems.append(_wrong("study", study["figures_from_wave"], f"a wave of {waves}"))
    phases = [p["id"] for p in settings["phases"]]
    for name, ids in (("waves", waves), ("phases", phases)):
        problems += [
            _wrong(name, f"id {i!r} twice", "ids that differ") for i in ids if ids.count(i) > 1
        ][:1]
        for block in settings[name]:
            if block["start"] > block["end"]:
                problems.append(
                    _wrong(name, f"{block['start']} after {block['end']}", "start before end")
                )
    for wave in settings["waves"]:
        if wave["phase"] not in phases:
            problems.append(_wrong("waves", f"phase {wave['phase']!r}", f"a phase of {phases}"))
    for name, key in (("strengths", "sources"), ("convergence", "speaking")):
        if settings[name][-1][key] > 0:
            expected = f"a last rule that fits always: {key} 0 or less"
            problems.append(_wrong(name, f"{key} = {settings[name][-1][key]}", expected))
    words = settings["words"]
    return [*problems, *_word_problems(words, "shares"), *_word_problems(words, "quantifiers")]


def _word_problems(words: dict[str, Any], key: str) -> list[Problem]:
    scale = words[key]
    pairs = [p for p in scale if isinstance(p, list) and len(p) == 2 and isinstance(p[1], str)]
    limits = [float(p[0]) for p in pairs]
    right = len(pairs) == len(scale) and limits == sorted(limits) and limits[-1:] == [1.0]
    if right:
        return []
    return [_wrong("words", key, "[limit, words] pairs with rising limits, the last one 1.00")]


def _wrong(section: str, found: str, expected: str) -> Problem:
    return Problem(f"{SETTINGS_FILE} [{section}]", found, expected, "correct it")


def _kind(kind: type) -> str:
    return {
        str: "a text",
        float: "a number with a point",
        int: "a whole number",
        date: "a date",
        list: "a list",
        dict: "a table",
        bool: "true or false",
    }[kind]


def _listed(names: Any) -> str:
    return "one of " + ", ".join(names)
