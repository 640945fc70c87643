"""From the raw folder to tidy tables: read, wire, tidy, triage, flag and count, wave by wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.study.dictionary import conform, framed
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study
from copanalysis.study.processed import write_processed
from copanalysis.study.raw import raw_folder, source_of
from copanalysis.survey.answers import tidy_answers
from copanalysis.survey.flags import flag_respondents
from copanalysis.survey.formats import read_export
from copanalysis.survey.funnel import response_funnel
from copanalysis.survey.linking import numbered, read_links
from copanalysis.survey.masking import mask_identifiers
from copanalysis.survey.oddities import export_oddities
from copanalysis.survey.spellings import written_options
from copanalysis.survey.timing import with_listed_meta
from copanalysis.survey.triage import apply_decisions
from copanalysis.survey.wiring import wire_columns, wiring_table

EXPORT_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".sav", ".zsav", ".lsa")
STRUCTURE_SUFFIXES = (".lss", ".qsf")
TABLES = ("answers", "respondents", "cleaning_log", "funnel", "wiring", "codes", "spellings")


@dataclass(frozen=True)
class PreparedWave:
    """One wave, ready to be written: its tables by name, what it was read from, what was odd.

    ``codes`` are those of its respondents for linking waves; they are never written.
    """

    wave: str
    tables: dict[str, pd.DataFrame]
    format: str
    inputs: tuple[Path, ...]
    problems: tuple[Problem, ...]
    codes: Mapping[str, str] = field(default_factory=dict, repr=False)


def prepare_wave(study: Study, *, wave: str, raw: str = "") -> PreparedWave:
    """Read the one export in ``survey/wave_<id>/`` of the raw folder and make its tables.

    Raises one CopanalysisError with every problem when the export cannot be wired to the
    instruments. The tables are those of TABLES, as tables.csv describes them; answers hold
    every respondent of the file, also those that a flag keeps out of the analysis, and a mask
    where a text identifies a person. A wave without a folder, not fielded yet or lost, has
    tables without rows: what rests on it cannot be measured. An empty folder is refused.
    """
    place = raw_folder(study, raw=raw) / "survey" / f"wave_{wave}"
    if not place.exists():
        return _absent_wave(study, wave, place)
    path, structure = _export_in(place, study, wave)
    export = with_listed_meta(read_export(path, structure=structure), study=study, wave=wave)
    wires, problems = wire_columns(export, study=study, wave=wave)
    problems += export_oddities(export, wires, study=study, wave=wave)
    refuse_if_any(f"{path.name} does not fit the questionnaire of wave {wave}", problems)
    answers, log, codes = tidy_answers(export, wires, study=study, wave=wave)
    people, flags = flag_respondents(answers, export=export, wires=wires, study=study, wave=wave)
    answers, decided = apply_decisions(answers, respondents=people, study=study)
    links = read_links(export, people=people, pattern=study.settings["linking"]["pattern"])
    log = pd.concat([log, decided, flags, links.log], ignore_index=True)
    wiring = wiring_table(wires, wave=wave)
    answers, log = mask_identifiers(answers, log, people=people, wiring=wiring, study=study)
    tables = {
        "answers": answers,
        "respondents": people.assign(link=""),
        "cleaning_log": log,
        "funnel": response_funnel(answers, respondents=people, study=study),
        "wiring": wiring,
        "codes": codes,
        "spellings": written_options(export, wires, study=study, wave=wave),
    }
    tables = {name: conform(t, table=name, study=study) for name, t in tables.items()}
    inputs = (path, structure) if structure else (path,)
    found = (*export.problems, *problems, *links.problems)
    return PreparedWave(wave, tables, export.format, inputs, found, links.codes)


def prepare_survey(study: Study, *, raw: str = "") -> tuple[PreparedWave, ...]:
    """Every wave of the study, prepared; the problems of all waves in one error if any refuses.

    It also refuses when not one wave is there.
    """
    prepared, refused = [], []
    for wave in study.waves:
        try:
            prepared.append(prepare_wave(study, wave=wave, raw=raw))
        except CopanalysisError as error:
            refused.append(error)
    if refused:
        problems = [p for error in refused for p in error.problems]
        summary = " ".join(error.summary for error in refused)
        raise CopanalysisError(summary, problems)
    if not any(wave.inputs for wave in prepared):
        raise CopanalysisError(
            "No wave can be read.", [p for wave in prepared for p in wave.problems]
        )
    numbers = numbered([wave.codes for wave in prepared])
    return tuple(_linked(wave, own) for wave, own in zip(prepared, numbers, strict=True))


def _linked(wave: PreparedWave, numbers: Mapping[str, str]) -> PreparedWave:
    """The wave with the number of each linked respondent in the place of the codes."""
    people = wave.tables["respondents"]
    link = pd.Series([numbers.get(who, "") for who in people["respondent"]], dtype="string")
    return replace(wave, tables=wave.tables | {"respondents": people.assign(link=link)}, codes={})


def write_survey(prepared: tuple[PreparedWave, ...], *, study: Study, raw: str = "") -> Path:
    """Write all waves to data/processed/survey/, whole or not at all; returns that folder.

    One folder per wave with a Parquet file per table, and ``source.json``: where each wave
    came from (file, hash, format, last answer) and whether the data are synthetic.
    """
    folder = raw_folder(study, raw=raw)
    files: dict[str, object] = {"source": source_of(folder)}
    for wave in prepared:
        place = f"wave_{wave.wave}"
        files |= {f"{place}/{name}": table for name, table in wave.tables.items()}
        files[f"{place}/source"] = _origin(wave, folder)
    return write_processed(study, files, folder="survey")


def _absent_wave(study: Study, wave: str, folder: Path) -> PreparedWave:
    tables = {name: framed([], table=name, study=study) for name in TABLES}
    problem = Problem(
        f"{folder.parent.parent.name}/survey/{folder.name}",
        "no folder",
        f"the export of {study.wave(wave).name}",
        "put it there; until then what rests on this wave is not measured",
        level="warning",
    )
    return PreparedWave(wave, tables, "", (), (problem,))


def _export_in(folder: Path, study: Study, wave: str) -> tuple[Path, Path | None]:
    name = study.wave(wave).name
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    exports = [p for p in files if p.suffix.lower() in EXPORT_SUFFIXES]
    structures = [p for p in files if p.suffix.lower() in STRUCTURE_SUFFIXES]
    if len(exports) != 1 or len(structures) > 1:
        found = ", ".join(p.name for p in exports + structures) or "nothing to read"
        fix = f"put the export of {name} there, or take the wave out of study.toml"
        problem = Problem(
            f"{folder.parent.parent.name}/survey/{folder.name}",
            found,
            "one export, with at most one structure file beside it",
            fix,
        )
        raise CopanalysisError(f"Wave {wave} cannot be read.", [problem])
    return exports[0], structures[0] if structures else None


def _origin(wave: PreparedWave, folder: Path) -> dict[str, object]:
    last = wave.tables["respondents"]["submitted"].max()
    return {
        "wave": wave.wave,
        "format": wave.format,
        "data_date": last.date().isoformat() if pd.notna(last) else "",
        "inputs": [[p.relative_to(folder).as_posix(), file_hash(p)] for p in wave.inputs],
        "problems": [p.as_dict() for p in wave.problems],
    }
