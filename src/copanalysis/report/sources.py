"""What a chapter reads: processed tables, with a record of every file that was opened."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from copanalysis.study.dictionary import folder_of
from copanalysis.study.fingerprint import file_hash
from copanalysis.study.plan import Study
from copanalysis.study.processed import processed_file, read_source, read_table

SURVEY = "survey"


class ReadData:
    """Reads data/processed and remembers what was read, for the manifest."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.files: dict[str, str] = {}
        self.origins: dict[str, dict] = {}
        self._tables: dict[tuple[str, str], pd.DataFrame] = {}
        self._lone: dict[str, str] = {}

    @cached_property
    def origin(self) -> dict:
        """What source.json says of the raw folder that the survey's tables were made from."""
        return read_source(self.study, SURVEY)

    @property
    def synthetic(self) -> bool:
        return bool(self.origin["synthetic"])

    @property
    def data_date(self) -> str:
        """The last day of the data among the parts that were read ("" without any)."""
        return max((o["data_date"] for o in self.origins.values()), default="")

    @property
    def raw_inputs(self) -> list[list[str]]:
        """[file, hash] of each raw file behind the parts that were read."""
        return [pair for part in sorted(self.origins) for pair in self.origins[part]["inputs"]]

    def table(self, name: str, wave: str = "") -> pd.DataFrame:
        """One processed table; of the survey that of one wave."""
        folder = folder_of(name, study=self.study)
        part = self._wave_part(wave) if folder == SURVEY else folder
        self._opened(part, f"{name}.parquet")
        if (part, name) not in self._tables:
            self._tables[part, name] = read_table(self.study, name, part=part)
        return self._tables[part, name].copy(deep=False)

    def used_answers(self, wave: str) -> pd.DataFrame:
        """The answers of the respondents whom no rule of study.toml keeps out, with ``link``: the
        number by which a respondent is found in other waves ("" without one)."""
        answers = self.table("answers", wave)
        people = self.table("respondents", wave)
        people = people[people["used"]].set_index("respondent")
        own = answers[answers["respondent"].isin(people.index)]
        return own.assign(link=own["respondent"].map(people["link"]).astype("string"))

    def lone_cop(self, wave: str) -> str:
        """The CoP of all respondents of a wave that named one, "" when they named several."""
        if wave not in self._lone:
            people = self.table("respondents", wave)
            named = set(people.loc[people["used"], "cop"].dropna()) - {""}
            self._lone[wave] = str(*named) if len(named) == 1 else ""
        return self._lone[wave]

    def reading(self, wave: str) -> dict:
        """How a wave was read: format, files, date, and the problems met."""
        part = self._wave_part(wave)
        self._opened(part, "source.json")
        return self.origins[part]

    def _wave_part(self, wave: str) -> str:
        return f"{SURVEY}/wave_{self.study.wave(wave).id}"

    def _opened(self, part: str, file: str) -> None:
        if part not in self.origins:
            self.origins[part] = read_source(self.study, part)
        path = processed_file(self.study, f"{part}/{file}")
        name = path.relative_to(self.study.root).as_posix()
        if name not in self.files:
            self.files[name] = file_hash(path)
