"""Observation forms against the scheme: answers by the type of their field, and the meetings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.fieldwork.registers.rules import members_on
from copanalysis.fieldwork.registers.values import Cell, Reader
from copanalysis.study.plan import Study
from copanalysis.study.registers import Column

ANSWERS = "observation_answers"
COUNT = Column("answer", ("Antwoord",), False, "int", False, "", ())


def checked_answers(answers: pd.DataFrame, *, reader: Reader) -> tuple[pd.DataFrame, list[Problem]]:
    """Answers as codes, with scheme_row, number (counts and scales) and measured (bool: whether
    the field belonged to the phase of the meeting), and what is wrong with them.

    An answer that does not fit its field is an error; one in a phase in which the field was not
    measured is kept with a warning; fields of the scheme that a form lacks are one error.
    """
    fields = reader.study.table("observation_fields.csv").set_index("field")
    rows, problems = [], []
    for _, row in answers.iterrows():
        if row["field"] not in fields.index:
            continue  # told by the rule that refers to observation_fields.csv
        field = fields.loc[row["field"]]
        cell = _answer(row["answer"], field, reader)
        measured = phase_of(row["date"], study=reader.study) in field["phases"].split()
        problems += _answer_problems(row, field, cell, measured=measured)
        number = float(cell.value) if field["type"] in ("count", "scale") and cell.value else None
        number = 0.0 if cell.value == 0 else number
        value = None if cell.value is None else str(cell.value)
        own = {"scheme_row": field["row"], "answer": value, "number": number}
        rows.append({**row.to_dict(), **own, "measured": measured})
    columns = [*answers.columns, "scheme_row", "number", "measured"]
    return pd.DataFrame(rows, columns=columns, dtype=object), problems + _lacking(answers, fields)


def without_copies(answers: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Answers without those of a form that gives an observation of another form again, and one
    error for each such form; parts of one observation on several sheets stay."""
    home: dict[tuple[object, object], object] = {}
    copies: dict[tuple[object, object], object] = {}
    keys = ["observation", "field", "file"]
    for observation, field, file in answers[keys].itertuples(index=False):
        first = home.setdefault((observation, field), file)
        if first != file:
            copies.setdefault((observation, file), first)
    rows = zip(answers["observation"], answers["file"], strict=True)
    kept = pd.Series([row not in copies for row in rows], index=answers.index, dtype=bool)
    return answers[kept].reset_index(drop=True), [
        Problem(
            str(file),
            f"observation {observation} again, as in {first}",
            "one form for each observation",
            "take the copy away, or give the other meeting its own number",
        )
        for (observation, file), first in copies.items()
    ]


def phase_of(day: object, *, study: Study) -> str:
    """The phase of study.toml that had begun on a day ("" before the first)."""
    begun = [p["id"] for p in study.settings["phases"] if day is not None and p["start"] <= day]
    return begun[-1] if begun else ""


def observed_meetings(
    answers: pd.DataFrame, *, tables: Mapping[str, pd.DataFrame], study: Study
) -> tuple[pd.DataFrame, list[Problem]]:
    """One row per observation: the head of its form, the phase, members of the CoP on that day,
    and who were present by the register of meetings and by the observer.

    Different counts of those present are both kept, with a warning.
    """
    head = ["observation", "kind", "cop", "date", "place", "format", "observer", "file"]
    table = answers[head].drop_duplicates("observation").reset_index(drop=True)
    days = zip(table["cop"], table["date"], strict=True)
    table["phase"] = [phase_of(day, study=study) for day in table["date"]]
    members = tables.get("members", pd.DataFrame())
    table["members"] = [members_on(members, cop=cop, day=day) if cop else None for cop, day in days]
    table["present"] = [_present(row, tables) for _, row in table.iterrows()]
    counted = answers[answers["field"].eq("r1_present")].drop_duplicates("observation")
    counted = counted.set_index("observation")["number"]
    table["present_observed"] = table["observation"].map(counted)
    return table, [
        Problem(
            f"{row['file']}, r1_present",
            f"{row['present_observed']:g} present",
            f"{row['present']:g}, as the register of meetings says",
            "nothing to do if both counted: both are kept",
            "warning",
        )
        for _, row in table.iterrows()
        if pd.notna(row["present"])
        and pd.notna(row["present_observed"])
        and row["present"] != row["present_observed"]
    ]


def _present(row: pd.Series, tables: Mapping[str, pd.DataFrame]) -> int | None:
    meetings = tables.get("meetings", pd.DataFrame())
    if meetings.empty:
        return None
    same = meetings["date"].eq(row["date"]) & meetings["kind"].eq(row["kind"])
    if row["cop"] is not None:
        same &= meetings["cop"].eq(row["cop"])
    return next(iter(meetings.loc[same, "present"]), None)


def _answer(raw: object, field: pd.Series, reader: Reader) -> Cell:
    if raw is None:
        return Cell()
    if field["type"] == "count":
        return reader.read(raw, COUNT)
    if field["type"] == "choices":
        return reader.terms(raw, vocabulary=field["vocabulary"])
    if field["type"] in ("choice", "scale"):
        return reader.term(raw, vocabulary=field["vocabulary"])
    return Cell(raw)


def _answer_problems(
    row: pd.Series, field: pd.Series, cell: Cell, *, measured: bool
) -> list[Problem]:
    where = f"{row['file']}, row {row['row']}, field {row['field']}"
    if cell.expected:
        return [Problem(where, repr(row["answer"]), cell.expected, cell.fix, cell.level)]
    if cell.value is not None and not measured and field["type"] != "text":
        expected = f"no answer: this field was measured in phase {field['phases']}"
        fix = "nothing to do: it is kept, and counts as not measured"
        return [Problem(where, repr(row["answer"]), expected, fix, "warning")]
    return []


def _lacking(answers: pd.DataFrame, fields: pd.DataFrame) -> list[Problem]:
    problems = []
    for observation, rows in answers.groupby("observation", sort=False):
        lacking = [field for field in fields.index if field not in set(rows["field"])]
        if lacking:
            fix = "copy the answers into a fresh form (copanalysis form observations FILE)"
            problems.append(
                Problem(
                    f"{rows['file'].iloc[0]}, observation {observation}",
                    f"no row for {', '.join(lacking)}",
                    "every field of observation_fields.csv, empty where nothing was seen",
                    fix,
                )
            )
    return problems
