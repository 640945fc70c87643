"""Where two sources tell the same thing: they must tell it alike, and where not it is told."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.study.plan import Study

INDEX = Path("fieldwork") / "transcripts" / "index.csv"


def agreement_problems(
    tables: Mapping[str, pd.DataFrame], *, study: Study, raw: Path
) -> list[Problem]:
    """Disagreements between the collection register and what was collected (transcripts,
    observations, waves), and between the member lists and population.csv; all are warnings."""
    return [
        *_collection_problems(tables, study, raw),
        *_member_problems(tables["members"], study),
    ]


def _collection_problems(
    tables: Mapping[str, pd.DataFrame], study: Study, raw: Path
) -> Iterator[Problem]:
    collected = tables["collected"]
    known = _collected_elsewhere(tables, study, raw)
    met = set()
    for _, row in collected.iterrows():
        where = f"{row['file']}, row {row['row']}, column Bron"
        for source in str(row["source"] or "").split():
            met.add(source)
            if source not in known:
                expected = "a conversation, observation or wave that is there"
                yield _warning(where, f"{source} is nowhere", expected)
                continue
            day, cop = known[source]
            if day and row["start"] and day != _iso(row["start"]):
                yield _warning(where, f"{source} on {row['start']}", f"{day}, as in its own file")
            if cop and row["cop"] and cop != row["cop"]:
                yield _warning(where, f"{source} in {row['cop']}", f"{cop}, as in its own file")
    if len(collected):
        for source in known:
            if source not in met:
                yield _warning("register collected", f"no row for {source}", "each activity once")


def _collected_elsewhere(
    tables: Mapping[str, pd.DataFrame], study: Study, raw: Path
) -> dict[str, tuple[str, str]]:
    """Everything that was collected by its own id: its day and CoP ("" where not told)."""
    known = {f"golf:{wave}": ("", "") for wave in study.waves}
    for _, row in tables["observations"].iterrows():
        known[row["observation"]] = (_iso(row["date"]), row["cop"] or "")
    if (raw / INDEX).is_file():
        with (raw / INDEX).open(encoding="utf-8-sig", newline="") as file:
            known |= {r["id"]: (r["date"], r["cop"]) for r in csv.DictReader(file)}
    return known


def _member_problems(members: pd.DataFrame, study: Study) -> Iterator[Problem]:
    stated = {
        (row["cop"], row["valid_from"]): int(row["members"])
        for row in study.sheets["population.csv"].rows
    }
    for _, row in members.iterrows():
        expected = stated.get((row["cop"], _iso(row["date"])))
        if expected is not None and row["members"] is not None and row["members"] != expected:
            where = f"{row['file']}, row {row['row']}, column Leden"
            yield _warning(where, str(row["members"]), f"{expected}, as in population.csv")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _warning(where: str, found: str, expected: str) -> Problem:
    fix = "look which is right and correct the other; both are kept as they are"
    return Problem(where, found, expected, fix, "warning")
