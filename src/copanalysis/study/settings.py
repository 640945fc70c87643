"""study.toml: the waves, pages and rules of the study, read once and checked key by key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args, get_origin

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.study.setting_rules import SETTINGS_FILE, range_problems, rule_problems

_NUMBER, _TEXTS, _NAMED = int | float, list[str], dict[str, str]
_TYPES: dict[str, dict[str, Any]] = {
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
    "small_counts": {"expected": _NUMBER, "share": float, "least": _NUMBER, "group": int},
    "verdict": {
        "comparisons": _TEXTS,
        "minimum_expected": int,
        **dict.fromkeys(("rise", "fall", "none", "unknown"), str),
    },
    "cleaning": {
        "test_words": _TEXTS,
        "speeder_share_of_median": float,
        "straightline_items": int,
        "non_answers": _TEXTS,
        "dont_know": _TEXTS,
        "left_out": _TEXTS,
        "key_item": str,
    },
    "words": {"shares": list, "up": str, "down": str, "unclear": str, "quantifiers": list},
    "fieldwork": {"kinds": _NAMED, "groups": _NAMED, "speakers": _NAMED},
    "coding": {
        "used": str,
        "coders": _TEXTS,
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
    | {"code_uncertain": int, "indirect_at_most": str, "names": _NAMED},
    "signals": {"reference": date, "open": _TEXTS, "top": int},
    "signal_rules": {"id": str, "label": str, "by": _TEXTS, "only_open": bool, "level": str},
    "strengths": {"id": str, "label": str, "sources": int, "broad": int},
    "convergence": {"id": str, "label": str, "speaking": int, "opposed": int, "mixed": int},
    "quotes": {"shortest": int, "longest": int, "story": str, "domains": _TEXTS},
    "saturation": {"base_size": int, "run_length": int, "threshold": float},
    "preparation": {"notebook": str, "makes": _TEXTS, "needs": _TEXTS},
    "pages": {
        "id": str,
        "notebook": str,
        "chapter": str,
        "title": str,
        "part": str,
        "parameters": dict[str, str | int | float],
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
    problems = [*_shape_problems(settings), *range_problems(settings)]
    if well_formed(settings):
        problems += rule_problems(settings)
    return settings, problems


def well_formed(settings: dict[str, Any]) -> bool:
    """Whether settings have every section and key of study.toml, each of its kind."""
    return not _shape_problems(settings)


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
        given = blocks if isinstance(blocks, list) else [blocks]
        of_form = given and all(isinstance(block, dict) for block in given)
        if not of_form or isinstance(blocks, list) != (name in _MANY):
            brackets = f"[[{name}]]" if name in _MANY else f"[{name}]"
            problems.append(Problem(SETTINGS_FILE, f"{name} of another form", brackets, "write so"))
            continue
        for i, block in enumerate(given, 1):
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
        elif not _is(block[key], kind):
            problems.append(Problem(where, f"{key} = {block[key]!r}", _kind(kind), "correct it"))
    return problems


def _is(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind: true is no number, and a day with a time no date."""
    held = get_args(kind)
    if get_origin(kind) in (list, dict):
        values = value.values() if isinstance(value, dict) else value
        return isinstance(value, get_origin(kind)) and all(isinstance(v, held[-1]) for v in values)
    if isinstance(value, bool | datetime):
        return kind is bool and isinstance(value, bool)
    return isinstance(value, kind)


def _kind(kind: Any) -> str:
    return {
        str: "a text",
        float: "a number with a point",
        int: "a whole number",
        _NUMBER: "a number",
        date: "a date",
        list: "a list",
        _TEXTS: "a list of texts",
        _NAMED: "a table of texts",
        bool: "true or false",
    }.get(kind, "a table of texts and numbers")


def _listed(names: Any) -> str:
    return "one of " + ", ".join(names)
