"""Which tool wrote this file: judged by its content, then read by that tool's reader."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.study.archive import MIB, entry_names
from copanalysis.survey.export import Export
from copanalysis.survey.formats.google_forms import is_google_forms, read_google_forms
from copanalysis.survey.formats.limesurvey import is_limesurvey, read_limesurvey
from copanalysis.survey.formats.limesurvey_archive import (
    archive_structure,
    read_limesurvey_archive,
)
from copanalysis.survey.formats.limesurvey_structure import read_lss
from copanalysis.survey.formats.microsoft_forms import is_microsoft_forms, read_microsoft_forms
from copanalysis.survey.formats.qualtrics import is_qualtrics, read_qualtrics
from copanalysis.survey.formats.qualtrics_structure import read_qsf
from copanalysis.survey.formats.sheet import Sheet
from copanalysis.survey.formats.spss import SIGNATURES, read_spss
from copanalysis.survey.formats.structure import Structure
from copanalysis.survey.formats.surveymonkey import is_surveymonkey, read_surveymonkey
from copanalysis.survey.formats.table import read_table
from copanalysis.survey.formats.text import decode, read_text_sheet
from copanalysis.survey.formats.workbook import read_workbook

MAX_FILE = 512 * MIB
WITH_STRUCTURE = {
    "LimeSurvey": (is_limesurvey, read_limesurvey),
    "Qualtrics": (is_qualtrics, read_qualtrics),
}
WITHOUT_STRUCTURE: tuple[tuple[Callable[[Sheet], bool], Callable[[Sheet], Export]], ...] = (
    (is_surveymonkey, read_surveymonkey),
    (is_microsoft_forms, read_microsoft_forms),
    (is_google_forms, read_google_forms),
)
STRUCTURE_SUFFIX = {"LimeSurvey": ".lss", "Qualtrics": ".qsf"}
NOT_SURVEYS = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls), or a workbook with a password"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf", "a 7-Zip file"),
    (b"PK\x05\x06", "an archive with nothing in it"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a Word document"),
)
EXPECTED = (
    "Expected an export of LimeSurvey (csv, lsa), Qualtrics (csv, tsv), Microsoft Forms (xlsx), "
    "Google Forms (csv, xlsx), SurveyMonkey (csv, xlsx) or SPSS (sav, zsav)."
)


def read_export(path: Path, *, structure: Path | None = None) -> Export:
    """Read a survey export; format and origin are found from its content, not its name.

    ``structure`` is the questionnaire of the survey: LimeSurvey's .lss or Qualtrics' .qsf.
    Without it, the one such file in the folder of the export is used; if there are several,
    none is, and a warning says so. Cells stay as they stand in the file (see `Response`).

    Raises CopanalysisError, in one paragraph, for anything that is no such export: a folder,
    an empty or damaged file, a PDF, an archive with something else in it.
    """
    path = Path(path)
    data = _content(path)
    given = None if structure is None else read_structure(Path(structure))
    unused = [] if given is None else [_unused(path, given)]
    if data[:4] in SIGNATURES:
        return _with_notes(read_spss(path, data), unused)
    if data.startswith(b"PK\x03\x04") and _is_lsa(path, data):
        return _with_notes(read_limesurvey_archive(path, data), unused)
    sheet = _sheet(path, data)
    reader = next((read for fits, read in WITHOUT_STRUCTURE if fits(sheet)), None)
    tool = next((tool for tool, (fits, _) in WITH_STRUCTURE.items() if fits(sheet)), "")
    if not tool and reader is None and given is not None:
        tool = given.origin  # headings may hide the tool, the questionnaire gives it away
    if tool:
        found, notes = _structure_for(path, given, tool)
        return _with_notes(WITH_STRUCTURE[tool][1](sheet, found), notes)
    return _with_notes((reader or read_table)(sheet), unused)


def structure_of(export: Export, *, structure: Path | None = None) -> Structure | None:
    """The questionnaire that `read_export` used for an export, None without one."""
    if export.format == "limesurvey-lsa":
        return archive_structure(export.path, _content(export.path))
    if export.origin not in STRUCTURE_SUFFIX or export.format.startswith("spss"):
        return None
    given = None if structure is None else read_structure(Path(structure))
    return _structure_for(export.path, given, export.origin)[0]


def read_structure(path: Path) -> Structure:
    """Read a questionnaire file: LimeSurvey's .lss or Qualtrics' .qsf, by its content."""
    data = _content(path)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_qsf(path, data)
    return read_lss(path, data)


def _content(path: Path) -> bytes:
    """The bytes of a file that can be an export, or a CopanalysisError that says what it is."""
    if path.is_dir():
        raise CopanalysisError(f"{path.name} is a folder. Name the export file in it. {EXPECTED}")
    if not path.is_file():
        raise CopanalysisError(f"There is no file {path}. {EXPECTED}")
    size = path.stat().st_size
    if size > MAX_FILE:
        raise CopanalysisError(
            f"{path.name} is {size // MIB} MiB, more than the {MAX_FILE // MIB} MiB that a survey "
            f"export can be. {EXPECTED}"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CopanalysisError(
            f"{path.name} cannot be read: {os.strerror(error.errno)}."
        ) from error
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise CopanalysisError(f"{path.name} is empty. Export it again from the survey tool.")
    found = next((what for mark, what in NOT_SURVEYS if data.startswith(mark)), None)
    if found:
        raise CopanalysisError(f"{path.name} is {found}, not a survey export. {EXPECTED}")
    return data


def _is_lsa(path: Path, data: bytes) -> bool:
    """Whether an archive is LimeSurvey's; refuses one that is no workbook either."""
    names = entry_names(data, where=path.name)
    if any(name.endswith(".lss") for name in names):
        return True
    if "xl/workbook.xml" in names:
        return False
    inside = ", ".join(names[:5])
    fix = "unpack it and name the file inside" if names else "export it again"
    raise CopanalysisError(
        f"{path.name} is an archive with {inside or 'nothing'} in it, not a survey export; {fix}. "
        f"{EXPECTED}"
    )


def _sheet(path: Path, data: bytes) -> Sheet:
    if data.startswith(b"PK\x03\x04"):
        sheet = read_workbook(path, data)
    else:
        text, encoding, problems = decode(data, where=path.name)
        _refuse_other_text(path, text.lstrip())
        sheet = read_text_sheet(path, text, encoding=encoding, problems=problems)
    if not sheet.rows:
        raise CopanalysisError(f"{path.name} holds no rows at all. Export it again.")
    return sheet


def _refuse_other_text(path: Path, text: str) -> None:
    if text.startswith("<"):
        kind = (
            "a LimeSurvey questionnaire" if "<LimeSurveyDocType>" in text[:500] else "XML or HTML"
        )
        raise CopanalysisError(
            f"{path.name} is {kind}, not the answers. Export the responses as CSV. {EXPECTED}"
        )
    if text.startswith(("{", "[")) and _is_json(text):
        kind = "a Qualtrics questionnaire" if '"SurveyElements"' in text else "JSON"
        raise CopanalysisError(
            f"{path.name} is {kind}, not a table of answers. Export the responses as CSV. "
            f"{EXPECTED}"
        )


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    except RecursionError:
        return True
    return True


def _structure_for(
    path: Path, given: Structure | None, tool: str
) -> tuple[Structure | None, list[Problem]]:
    """The questionnaire given, or the only one beside the export; a note when there are more."""
    if given is not None:
        return (given, []) if given.origin == tool else (None, [_unused(path, given)])
    suffix = STRUCTURE_SUFFIX[tool]
    beside = sorted(p for p in path.parent.iterdir() if p.suffix.lower() == suffix)
    if len(beside) == 1:
        return read_structure(beside[0]), []
    if not beside:
        return None, []
    names = ", ".join(p.name for p in beside)
    fix = "keep the one that belongs to it, or name it: --structure FILE"
    found = f"{len(beside)} questionnaires beside it ({names}); none was used"
    return None, [Problem(path.name, found, "one questionnaire beside the export", fix, "warning")]


def _unused(path: Path, structure: Structure) -> Problem:
    return Problem(
        f"{path.name} and {structure.path.name}",
        f"a questionnaire of {structure.origin} beside an export that has no use for it",
        "the questionnaire of this very survey, or none",
        "leave the questionnaire out, or name the right one; it was not used",
        "warning",
    )


def _with_notes(export: Export, notes: list[Problem]) -> Export:
    return replace(export, problems=(*export.problems, *notes)) if notes else export
