"""What a chapter reads: processed tables, with a record of every file that was opened."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path

import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.study.dictionary import conform
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study


class ReadData:
    """Reads data/processed and remembers what was read, for the manifest."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.folder = study.root / "data" / "processed" / "survey"
        self.files: dict[str, str] = {}
        self._origins: dict[str, dict] = {}

    @cached_property
    def origin(self) -> dict:
        """What source.json says of the raw folder that the tables were made from."""
        path = self.folder / "source.json"
        if not path.is_file():
            raise CopanalysisError(
                "data/processed/survey holds no prepared tables: run the notebook "
                "1_prepare_survey first (or `copanalysis report`)."
            )
        return json.loads(path.read_text(encoding="utf-8"))

    @property
    def synthetic(self) -> bool:
        return bool(self.origin["synthetic"])

    @property
    def data_date(self) -> str:
        """The day of the last answer among the waves that were read ("" without answers)."""
        return max((o["data_date"] for o in self._origins.values()), default="")

    @property
    def raw_inputs(self) -> list[list[str]]:
        """[file, hash] of each raw file behind the waves that were read."""
        return [pair for wave in sorted(self._origins) for pair in self._origins[wave]["inputs"]]

    def table(self, name: str, wave: str) -> pd.DataFrame:
        """One processed table of one wave."""
        frame = pd.read_parquet(self._opened(wave, f"{name}.parquet"))
        return conform(frame, table=name, study=self.study)

    def used_answers(self, wave: str) -> pd.DataFrame:
        """The answers of the respondents whom no rule of study.toml keeps out."""
        answers = self.table("answers", wave)
        people = self.table("respondents", wave)
        return answers[answers["respondent"].isin(people.loc[people["used"], "respondent"])]

    def reading(self, wave: str) -> dict:
        """How a wave was read: format, files, date, and the problems met."""
        self._opened(wave, "source.json")
        return self._origins[wave]

    def _opened(self, wave: str, file: str) -> Path:
        wave = self.study.wave(wave).id
        _ = self.origin
        place = self.folder / f"wave_{wave}"
        for path in (place / file, place / "source.json"):
            if not path.is_file():
                raise CopanalysisError(
                    f"{path.relative_to(self.study.root)} is missing: run 1_prepare_survey again."
                )
        if wave not in self._origins:
            self._origins[wave] = json.loads((place / "source.json").read_text(encoding="utf-8"))
        path = place / file
        self.files[path.relative_to(self.study.root).as_posix()] = file_hash(path)
        return path
