"""What the instruments must satisfy together; every breach found, none repaired."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from copanalysis.errors import Problem
from copanalysis.study.evidence_ids import evidence_problems
from copanalysis.study.frame_checks import frame_problems
from copanalysis.study.instruments import FOLDER, Sheet
from copanalysis.study.names import normalise
from copanalysis.study.setting_names import setting_problems
from copanalysis.study.setting_rules import pattern_error

SUBJECTS = ("wave", "phase")  # that a text may be about
FILLED_IN = re.compile(r"\{(?:label|ordinal|month)\}")  # in a pattern, by the prose check
GROUPS = {  # what a pattern must find, by rule and name ("" for every name)
    ("fact", ""): {"value"},
    ("sum", "delen"): {"whole", "parts"},
    ("name", "onbekend"): {"name"},
    ("section", "verwijzing"): {"number", "appendix"},
}


def instrument_problems(settings: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Problems between rows and files that a look at one cell cannot find."""
    return [
        *_item_problems(sheets["items.csv"], sheets["scales.csv"]),
        *_scale_problems(sheets["scales.csv"]),
        *_name_problems(sheets["names.csv"], sheets["scales.csv"]),
        *_option_references(sheets),
        *_column_problems(sheets["columns.csv"]),
        *_page_problems(settings, sheets["outline.csv"]),
        *setting_problems(settings, sheets),
        *_prose_rule_problems(sheets["prose_rules.csv"]),
        *evidence_problems(settings, sheets),
        *frame_problems(settings, sheets),
    ]


def _place(file: str, line: int) -> str:
    return f"{FOLDER}/{file}, line {line}"


def _item_problems(items: Sheet, scales: Sheet) -> list[Problem]:
    problems = []
    asked: dict[tuple[str, str], int] = {}
    for row, line in zip(items.rows, items.lines, strict=True):
        where = _place("items.csv", line)
        closed = row["type"] != "open"
        if closed != bool(row["scale"]):
            found = f"type {row['type']} with scale {row['scale']!r}"
            problems.append(Problem(where, found, "a scale on a closed item only", "mend either"))
        if row["max_picks"] and row["type"] != "multiple":
            problems.append(
                Problem(where, f"max_picks on {row['type']}", "only on multiple", "clear it")
            )
        for wave in row["waves"].split():
            if (row["item"], wave) in asked:
                found = f"{row['item']} in wave {wave} again, as on line {asked[row['item'], wave]}"
                problems.append(
                    Problem(where, found, "one wording of an item per wave", "split the waves")
                )
            asked.setdefault((row["item"], wave), line)
    return problems


def _scale_problems(scales: Sheet) -> list[Problem]:
    seen: dict[tuple[str, str, str], tuple[str, int]] = {}
    problems = []
    for row, line in zip(scales.rows, scales.lines, strict=True):
        spellings = {normalise(t) for t in (row["label"], *row["also"].split("|")) if t.strip()}
        for wave in row["waves"].split() or [""]:
            for spelling in spellings:
                code, first = seen.setdefault((row["scale"], wave, spelling), (row["code"], line))
                if code != row["code"]:
                    found = f"{spelling!r} means {row['code']} here and {code} on line {first}"
                    problems.append(
                        Problem(
                            _place("scales.csv", line),
                            found,
                            "one meaning per spelling within a scale",
                            "remove it from one of them",
                        )
                    )
    return problems


def _name_problems(names: Sheet, scales: Sheet) -> list[Problem]:
    problems = []
    by_alias: dict[tuple[str, str], tuple[str, int]] = {}
    preferred: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for row, line in zip(names.rows, names.lines, strict=True):
        key = (row["kind"], normalise(row["alias"]))
        id, first = by_alias.setdefault(key, (row["id"], line))
        if id != row["id"]:
            found = f"{row['alias']!r} for {row['id']}, and for {id} on line {first}"
            problems.append(
                Problem(_place("names.csv", line), found, "one id per alias", "correct one")
            )
        if row["preferred"] == "yes":
            start, end = row["valid_from"] or "0001-01-01", row["valid_to"] or "9999-12-31"
            for other_start, other_end, other in preferred[row["id"]]:
                if start <= other_end and other_start <= end:
                    found = f"a second preferred name of {row['id']}, beside line {other}"
                    problems.append(
                        Problem(
                            _place("names.csv", line),
                            found,
                            "one preferred name at a time",
                            "end one before the other begins",
                        )
                    )
            preferred[row["id"]].append((start, end, line))
    known = {row["id"] for row in names.rows if row["kind"] == "cop"}
    for row, line in zip(scales.rows, scales.lines, strict=True):
        if row["scale"] == "cop" and row["code"] not in known and row["kind"] == "answer":
            problems.append(
                Problem(
                    _place("scales.csv", line),
                    f"CoP {row['code']!r}",
                    "an id that stands in names.csv with kind cop",
                    "add its name there",
                )
            )
    return problems


def _option_references(sheets: Mapping[str, Sheet]) -> list[Problem]:
    scale_of = {row["item"]: row["scale"] for row in sheets["items.csv"].rows}
    codes = defaultdict(set)
    for row in sheets["scales.csv"].rows:
        codes[row["scale"]].add(row["code"])
    problems = []
    for file in ("columns.csv", "published.csv", "decisions.csv"):
        for row, line in zip(sheets[file].rows, sheets[file].lines, strict=True):
            known = codes[scale_of.get(row["item"], "")]
            if row["option"] and row["item"] and row["option"] not in known:
                found = f"option {row['option']!r} of {row['item']}"
                expected = "one of " + ", ".join(sorted(known)) if known else "no option"
                problems.append(Problem(_place(file, line), found, expected, "correct it"))
    return problems


def _column_problems(columns: Sheet) -> list[Problem]:
    """A column holds an item (its answer or its write-in) or is one of the others, not both."""
    return [
        Problem(
            _place("columns.csv", line),
            f"item {row['item']!r} with role {row['role']!r}",
            "an item for role text or none, and none for the other roles",
            "correct either",
        )
        for row, line in zip(columns.rows, columns.lines, strict=True)
        if bool(row["item"]) != (row["role"] in ("", "text"))
    ]


def _page_problems(settings: Mapping[str, Any], outline: Sheet) -> list[Problem]:
    ids = Counter(page["id"] for page in settings["pages"])
    notebooks = {page["notebook"] for page in settings["pages"]}
    problems = [
        Problem(f"{FOLDER}/study.toml [[pages]]", f"id {id!r} {n} times", "each once", "rename")
        for id, n in ids.items()
        if n > 1
    ]
    for row, line in zip(outline.rows, outline.lines, strict=True):
        if row["notebook"] not in notebooks:
            problems.append(
                Problem(
                    _place("outline.csv", line),
                    f"notebook {row['notebook']!r}",
                    "a notebook of study.toml [[pages]]",
                    "add a page or correct it",
                )
            )
    return problems


def _prose_rule_problems(rules: Sheet) -> Iterator[Problem]:
    """Patterns of prose_rules.csv that do not compile or find nothing to compare, and subjects
    that no text is about."""
    for row, line in zip(rules.rows, rules.lines, strict=True):
        where = _place("prose_rules.csv", line)
        column = {"subject": "name", "fact": "subject"}.get(row["rule"])
        if column and row[column] and row[column] not in SUBJECTS:
            expected = f"one of {', '.join(SUBJECTS)}"
            yield Problem(f"{where}, column {column}", repr(row[column]), expected, "correct it")
        pattern = FILLED_IN.sub("x", row["pattern"])
        if error := pattern_error(pattern):
            found = f"{row['pattern']}: {error}"
            yield Problem(where, found, "a regular expression that compiles", "correct it")
            continue
        needed = GROUPS.get((row["rule"], ""), GROUPS.get((row["rule"], row["name"]), set()))
        if missing := needed - set(re.compile(pattern).groupindex):
            expected = f"a pattern with (?P<{'>...) and (?P<'.join(sorted(missing))}>...)"
            yield Problem(where, row["pattern"] or "no pattern", expected, "name the group")
