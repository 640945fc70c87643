"""SPSS files as survey tools write them, with the parts that pyreadstat cannot write."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyreadstat
from export_questionnaire import EVERYONE, QUESTIONS, Question

END_OF_DICTIONARY = struct.pack("<2i", 999, 0)


def with_sets(data: bytes, sets: Mapping[str, tuple[str, list[str]]]) -> bytes:
    """Add dichotomous sets (label and variables, counting 1); a label of "" means categories."""
    lines = []
    for name, (label, variables) in sets.items():
        kind = f"D1 1 {len(label.encode())} {label}" if label else "C 0 "
        lines.append(f"{name}={kind} {' '.join(variable.lower() for variable in variables)}\n")
    return with_record(data, 7, "".join(lines).encode())


def with_record(data: bytes, subtype: int, content: bytes) -> bytes:
    """Put an extension record at the end of the dictionary of a .sav file."""
    record = struct.pack("<4i", 7, subtype, 1, len(content)) + content
    at = data.index(END_OF_DICTIONARY)
    return data[:at] + record + data[at:]


def in_code_page(data: bytes, *, declare: str = "") -> bytes:
    """The same file with its texts in Windows-1252; ``declare`` names that encoding in it."""
    for text in ("Fryslân", "beïnvloeden"):
        left = text.encode("utf-8")
        data = data.replace(left, text.encode("cp1252") + b" ")
    if declare:
        old = struct.pack("<4i", 7, 20, 1, 5) + b"UTF-8"
        assert old in data
        data = data.replace(old, struct.pack("<4i", 7, 20, 1, len(declare)) + declare.encode())
    return data


def thermometer(path: Path, *, sets: bool = True, compress: bool = False) -> None:
    """Write the thermometer as LimeSurvey's SPSS export does: 1/0 boxes, codes, text, dates."""
    values: dict[str, list] = {
        "id": [float(r.id) for r in EVERYONE],
        "submitdate": pd.to_datetime([r.submitted for r in EVERYONE]).to_list(),
        "lastpage": [4.0 if r.submitted else 2.0 for r in EVERYONE],
        "startdate": pd.to_datetime([r.started for r in EVERYONE]).to_list(),
    }
    labels: dict[str, str] = {}
    options: dict[str, dict] = {}
    for question in QUESTIONS:
        for name, text, cells in _variables(question):
            values[name], labels[name] = cells, text
            if question.kind in ("single", "scale"):
                options[name] = {
                    float(i): label for i, (_, label) in enumerate(question.options, 1)
                }
                options[name][99.0] = "Weet niet"
    frame = pd.DataFrame(values)
    pyreadstat.write_sav(
        frame,
        str(path),
        compress=compress,
        column_labels=labels,
        variable_value_labels=options,
        missing_ranges={"v9_1": [99.0], "v9_2": [{"lo": 90.0, "hi": 99.0}]},
        variable_measure={"v9_1": "ordinal", "v9_2": "ordinal"},
        variable_format={"startdate": "DATETIME20"},
    )
    if sets:
        boxes = [f"v4_{i}" for i in range(1, 5)]
        path.write_bytes(with_sets(path.read_bytes(), {"$q4": (QUESTIONS[1].text, boxes)}))


def _variables(question: Question) -> list[tuple[str, str, list]]:
    """Name, label and values of the variables of one question."""
    base = question.code.lower().replace("q", "v")
    codes = [code for code, _ in question.options]
    answers = [r.answers.get(question.code) for r in EVERYONE]
    if question.kind == "single":
        cells = [float(codes.index(str(a)) + 1) if a else None for a in answers]
        return [(base, question.text, cells)]
    if question.kind == "multiple":
        variables = [
            (f"{base}_{i}", label, [None if a is None else float(code in a) for a in answers])
            for i, (code, label) in enumerate(question.options, 1)
        ]
        written = [r.others.get(question.code, "") for r in EVERYONE]
        return [*variables, (f"{base}_text", question.other, written)]
    if question.kind == "scale":
        return [
            (
                f"{base}_{i}",
                text,
                [float(codes.index(a[row]) + 1) if a else None for a in answers],
            )
            for i, (row, text) in enumerate(question.rows, 1)
        ]
    return [(base, question.text, [str(a or "") for a in answers])]
