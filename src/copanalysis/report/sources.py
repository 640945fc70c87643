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

SURVEY = "survey"
PREPARED_BY = {
    SURVEY: "1_prepare_survey",
    "fieldwork": "2_prepare_fieldwork",
    "registers": "2_prepare_fieldwork",
}


class ReadData:
    """Reads data/processed and remembers what was read, for the manifest."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.files: dict[str, str] = {}
        self._origins: dict[str, dict] = {}

    @cached_property
    def origin(self) -> dict:
        """What source.json says of the raw folder that the survey's tables were made from."""
        return self._source(f"{SURVEY}/source.json")

    @property
    def synthetic(self) -> bool:
        return bool(self.origin["synthetic"])

    @property
    def data_date(self) -> str:
        """The last day of the data among the parts that were read ("" without any)."""
        return max((o["data_date"] for o in self._origins.values()), default="")

    @property
    def raw_inputs(self) -> list[list[str]]:
        """[file, hash] of each raw file behind the parts that were read."""
        return [pair for part in sorted(self._origins) for pair in self._origins[part]["inputs"]]

    def table(self, name: str, wave: str = "") -> pd.DataFrame:
        """One processed table; of the survey that of one wave."""
        folder = self._folder_of(name)
        part = self._wave_part(wave) if folder == SURVEY else folder
        frame = pd.read_parquet(self._opened(part, f"{name}.parquet"))
        return conform(frame, table=name, study=self.study)

    def used_answers(self, wave: str) -> pd.DataFrame:
        """The answers of the respondents whom no rule of study.toml keeps out."""
        answers = self.table("answers", wave)
        people = self.table("respondents", wave)
        return answers[answers["respondent"].isin(people.loc[people["used"], "respondent"])]

    def reading(self, wave: str) -> dict:
        """How a wave was read: format, files, date, and the problems met."""
        part = self._wave_part(wave)
        self._opened(part, "source.json")
        return self._origins[part]

    def _wave_part(self, wave: str) -> str:
        return f"{SURVEY}/wave_{self.study.wave(wave).id}"

    def _folder_of(self, name: str) -> str:
        rows = self.study.table("tables.csv").query("table == @name")
        if rows.empty:
            raise CopanalysisError(f"tables.csv knows no table {name!r}.")
        return rows["folder"].iloc[0]

    def _opened(self, part: str, file: str) -> Path:
        if part not in self._origins:
            self._origins[part] = self._source(f"{part}/source.json")
        path = self._present(f"{part}/{file}")
        self.files[path.relative_to(self.study.root).as_posix()] = file_hash(path)
        return path

    def _source(self, file: str) -> dict:
        return json.loads(self._present(file).read_text(encoding="utf-8"))

    def _present(self, file: str) -> Path:
        path = self.study.root / "data" / "processed" / file
        if not path.is_file():
            notebook = PREPARED_BY[file.partition("/")[0]]
            raise CopanalysisError(
                f"{path.relative_to(self.study.root)} is missing: run the notebook {notebook} "
                "(or `copanalysis report`)."
            )
        return path
