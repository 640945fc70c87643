"""Qualtrics' questionnaire file (.qsf): items, types, choices, required, display logic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError
from copanalysis.survey.export import Column
from copanalysis.survey.formats.structure import Structure, plain

SEVERAL = {"MAVR", "MAHR", "MACOL", "MSB"}
JOINER = ","
Keyed = tuple[tuple[str, ...], Column]


def read_qsf(path: Path, data: bytes) -> Structure:
    """Read a Qualtrics survey file (.qsf) as templates keyed by ImportId.

    A multiple-answer question gives both its joined column and a column per choice, as either
    may be exported. Labels go by recode value. Raises CopanalysisError for any other JSON.
    """
    questions = [(q, q["QuestionID"], q["DataExportTag"]) for q in _questions(path, data)]
    try:
        keyed = [pair for question, _, _ in questions for pair in _fields(question)]
        required = {tag: _is_required(question) for question, _, tag in questions}
    except (KeyError, TypeError, AttributeError) as error:
        raise CopanalysisError(
            f"{path.name} has a question without {error}. Export the survey (.qsf) again."
        ) from error
    return Structure(
        path=path,
        origin="Qualtrics",
        columns=tuple(column for _, column in keyed),
        keys=tuple(keys for keys, _ in keyed),
        required=required,
        relevance={
            tag: "display logic" if question.get("DisplayLogic") else ""
            for question, _, tag in questions
        },
    )


def _questions(path: Path, data: bytes) -> list[dict[str, Any]]:
    try:
        survey = json.loads(data)
        elements = survey["SurveyElements"]
        payloads = [e["Payload"] for e in elements if e.get("Element") == "SQ"]
        return [p for p in payloads if p["QuestionID"] and p["DataExportTag"]]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise CopanalysisError(
            f"{path.name} is no Qualtrics survey file (.qsf). In Qualtrics: Tools, Import/Export, "
            "Export survey."
        ) from error


def _is_required(question: dict[str, Any]) -> bool:
    settings = (question.get("Validation") or {}).get("Settings") or {}
    return settings.get("ForceResponse") == "ON"


def _fields(question: dict[str, Any]) -> Iterator[Keyed]:
    kind, selector = question["QuestionType"], question.get("Selector")
    if kind == "DB":
        return
    if kind == "MC" and selector in SEVERAL:
        yield from _tick_fields(question)
    elif kind == "MC":
        yield _field(question, "", type="single", labels=_labels(question, "Choices"))
    elif kind == "Matrix":
        yield from _matrix_fields(question)
    elif kind == "TE" and selector != "FORM":
        yield _field(question, "_TEXT", type="open")
    else:
        kinds = {"Slider": "number", "RO": "number", "CS": "number"}
        for choice, text in _choices(question, "Choices"):
            yield _field(question, f"_{choice}", text, type=kinds.get(kind, "open"))
    for choice, text in _choices(question, "Choices"):
        if question["Choices"][choice].get("TextEntry"):
            part = f"_{choice}_TEXT"
            yield _field(question, part, text, type="open", other=True)


def _tick_fields(question: dict[str, Any]) -> Iterator[Keyed]:
    labels = _labels(question, "Choices")
    yield _field(question, "", type="multiple", joiner=JOINER, labels=labels)
    codes = _codes(question, "Choices")
    for choice, text in _choices(question, "Choices"):
        ticked = frozenset({"1", text, codes[choice]})
        yield _field(question, f"_{choice}", text, type="multiple", ticked=ticked)


def _matrix_fields(question: dict[str, Any]) -> Iterator[Keyed]:
    single = question.get("SubSelector") in ("SingleAnswer", "DL", "DropDown")
    kind = "scale" if single else "open"
    labels = _labels(question, "Answers") if single else {}
    for choice, text in _choices(question, "Choices"):
        yield _field(question, f"_{choice}", text, type=kind, labels=labels)


def _choices(question: dict[str, Any], key: str) -> Iterator[tuple[str, str]]:
    """Id and text of the choices (or of the scale of a matrix) in the order shown."""
    choices = question.get(key)
    if not isinstance(choices, dict):  # Qualtrics writes [] for a question without choices
        return
    order = question.get("ChoiceOrder" if key == "Choices" else "AnswerOrder") or choices
    for choice in (str(choice) for choice in order if str(choice) in choices):
        yield choice, plain(choices[choice]["Display"])


def _codes(question: dict[str, Any], key: str) -> dict[str, str]:
    recodes = question.get("RecodeValues") or {}
    return {choice: str(recodes.get(choice, choice)) for choice, _ in _choices(question, key)}


def _labels(question: dict[str, Any], key: str) -> dict[str, str]:
    codes = _codes(question, key)
    return {codes[choice]: text for choice, text in _choices(question, key)}


def _field(question: dict[str, Any], suffix: str, option_text: str = "", **settings: Any) -> Keyed:
    tag = question["DataExportTag"]
    is_whole = suffix in ("", "_TEXT")
    column = Column(
        name=tag if is_whole else tag + suffix,
        text=plain(question["QuestionText"]),
        item=tag,
        option="" if is_whole else suffix.strip("_"),
        option_text=option_text,
        **settings,
    )
    return (question["QuestionID"] + suffix,), column
