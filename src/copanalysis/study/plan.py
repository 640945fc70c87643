"""The study as one object: its settings, its instruments, and the questions asked of them.

pandas is imported where a table is made: a study is also read by commands that need none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.study.check import instrument_problems
from copanalysis.study.instruments import FOLDER, Sheet, read_instruments
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.names import Names, normalise
from copanalysis.study.settings import SETTINGS_FILE, find_root, read_settings, well_formed
from copanalysis.study.usage import Noted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Wave:
    """One wave of the questionnaire; the names are Dutch, for the reader of the report."""

    id: str
    label: str
    period: str
    start: date
    end: date
    phase: str

    @property
    def name(self) -> str:
        return f"{self.label} ({self.period})"


@dataclass(frozen=True)
class Item:
    """One item as fielded in one set of waves."""

    id: str
    waves: tuple[str, ...]
    number: str
    section: str
    wording: str
    type: str
    scale: str
    max_picks: int | None
    required: bool
    asked_if: str
    questions: tuple[str, ...]
    origin: str
    short: str
    note: str


@dataclass(frozen=True)
class Study:
    """Everything that was decided before the data came in. Made by ``load_study``."""

    root: Path
    settings: Mapping[str, Any]
    sheets: Mapping[str, Sheet]

    @cached_property
    def waves(self) -> dict[str, Wave]:
        return {w["id"]: Wave(**w) for w in self.settings["waves"]}

    @cached_property
    def names(self) -> Names:
        return Names(self.sheets["names.csv"].rows)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every wording of every item, in the order of items.csv."""
        return tuple(_item(row) for row in self.sheets["items.csv"].rows)

    @property
    def confidence(self) -> float:
        return self.settings["study"]["confidence"]

    @property
    def testing(self) -> dict[str, Any]:
        """What every test takes from study.toml: minimum_base, small (when counts are too small
        for a chi-square), resamples and seed."""
        rules = self.settings["statistics"]
        floor = {"minimum_base": rules["statement_base"], "small": self.settings["small_counts"]}
        return floor | {name: rules[name] for name in ("resamples", "seed")}

    @property
    def judging(self) -> dict[str, Any]:
        """What a verdict on two waves takes from study.toml: rule, power and minimum_base."""
        rules = self.settings["statistics"]
        floor = {"minimum_base": rules["statement_base"], "power": rules["power"]}
        return {"rule": self.settings["verdict"]} | floor

    @property
    def weighting(self) -> dict[str, Any]:
        """How shares are weighted: to the members of each CoP, as one sample of all."""
        shift = self.settings["statistics"]["weight_shift"]
        rules = {"weights": "ledental per CoP", "strata": "", "weight_shift": shift}
        return {"margins": {"cop": self.members()}, **rules}

    def table(self, file: str) -> pd.DataFrame:
        """One instrument file as text columns, row for row ("" where a cell is empty)."""
        return self.sheets[file].frame.copy(deep=False)

    def wave(self, id: str) -> Wave:
        """The wave of an id; CopanalysisError names the known ones when there is none."""
        if str(id) not in self.waves:
            raise CopanalysisError(f"Unknown wave {id!r}; the study has {', '.join(self.waves)}.")
        return self.waves[str(id)]

    def phase_of(self, day: date) -> str:
        """The phase that was under way on a day or the last one before it; "" before the first."""
        begun = [p for p in self.settings["phases"] if p["start"] <= day]
        return max(begun, key=lambda p: p["start"])["id"] if begun else ""

    def is_cop_item(self, id: str) -> bool:
        """Whether an item asks for the CoP of the respondent."""
        return any(item.scale == "cop" for item in self.items if item.id == id)

    def items_of(self, wave: str) -> tuple[Item, ...]:
        """The items fielded in a wave, in questionnaire order."""
        return tuple(item for item in self.items if self.wave(wave).id in item.waves)

    def item(self, id: str, *, wave: str) -> Item | NotMeasured:
        """An item as fielded in a wave; NotMeasured when that wave did not ask it."""
        if id not in {item.id for item in self.items}:
            raise CopanalysisError(f"Unknown item {id!r}; see data/instruments/items.csv.")
        for item in self.items_of(wave):
            if item.id == id:
                return item
        return NotMeasured(id, f"de vraag is in {self.wave(wave).label} niet gesteld")

    def latest_wave_of(self, id: str) -> str:
        """The last wave that asked an item (CopanalysisError for an unknown item)."""
        asked = [wave for wave in self.waves if self.item(id, wave=wave)]
        return asked[-1]

    def wordings(self, id: str) -> dict[str, list[str]]:
        """Per wave that asked an item: its wording followed by the labels of its options."""
        return {
            wave: [item.wording, *self.options(id, wave=wave)["label"]]
            for wave in self.waves
            if (item := self.item(id, wave=wave))
        }

    def options(self, id: str, *, wave: str) -> pd.DataFrame:
        """The answer options of an item in a wave, one row each, in order.

        Columns: item, option, label (as fielded), short, position, kind (answer, other,
        dont_know, refused). Empty for an open item or one that the wave did not ask.
        """
        import pandas as pd

        item = self.item(id, wave=wave)
        columns = ["item", "option", "label", "short", "position", "kind"]
        rows = [] if not item or not item.scale else self._scale_rows(item.scale, str(wave))
        return pd.DataFrame(
            [
                (id, r["code"], r["label"], r["short"] or r["label"], int(r["position"]), r["kind"])
                for r in rows
            ],
            columns=columns,
        )

    def ask(self, id: str, *, wave: str) -> dict[str, Any]:
        """An item and its options in a wave, as the estimators take them: item, options."""
        return {"item": id, "options": self.options(id, wave=wave)}

    def option_spellings(self, id: str, *, wave: str) -> dict[str, str]:
        """Every normalised way to write an option of an item in a wave, mapped to its code."""
        item = self.item(id, wave=wave)
        spellings: dict[str, str] = {}
        for row in self._scale_rows(item.scale, str(wave)) if item else []:
            for text in (row["label"], row["code"], *row["also"].split("|")):
                if text.strip():
                    spellings.setdefault(normalise(text), row["code"])
            if item.scale == "cop":
                for alias in self.names.aliases(row["code"]):
                    spellings.setdefault(normalise(alias), row["code"])
        return spellings

    def population(self, *, cop: str = "") -> int:
        """The number of members: of one CoP by population.csv, or of all as study.toml states."""
        if not cop:
            return self.settings["study"]["population"]
        return self.members()[cop]

    def members(self) -> dict[str, int]:
        """The latest known number of members of each CoP."""
        rows = sorted(self.sheets["population.csv"].rows, key=lambda row: row["valid_from"])
        return {row["cop"]: int(row["members"]) for row in rows}

    def cop_label(self, cop: str, *, wave: str) -> str:
        """How a CoP was called at the end of a wave."""
        return self.names.label(cop, on=self.wave(wave).end) if cop else "onbekend"

    def _scale_rows(self, scale: str, wave: str) -> list[Mapping[str, str]]:
        rows = [
            row
            for row in self.sheets["scales.csv"].rows
            if row["scale"] == scale and (not row["waves"] or wave in row["waves"].split())
        ]
        return sorted(rows, key=lambda row: int(row["position"]))


def load_study(root: Path | str | None = None) -> Study:
    """Read study.toml and the instruments under the project folder.

    Without ``root`` the nearest project folder at or above the working directory is used.
    Raises one CopanalysisError that lists every problem in the instruments.
    """
    folder = find_root(Path(root) if root else None)
    settings, problems = read_settings(folder)
    if not well_formed(settings):  # without waves and pages the rest cannot be judged
        refuse_if_any("study.toml cannot be used", problems)
    sheets, found = _checked_sheets(folder, _stamp(folder))
    refuse_if_any("The instruments cannot be used", [*problems, *found])
    return Study(
        folder,
        Noted(settings, prefix=f"{Path(SETTINGS_FILE).name}#"),
        Noted(sheets, prefix=""),
    )


@lru_cache(maxsize=4)
def _checked_sheets(
    root: Path, _: tuple[tuple[str, int, int, int], ...]
) -> tuple[dict[str, Sheet], list[Problem]]:
    """The instruments and all that is wrong with them, read once while the files stay the same:
    a notebook that runs in a fork finds them as the process before it read them."""
    settings, _ = read_settings(root)
    sheets, problems = read_instruments(root, [wave["id"] for wave in settings["waves"]])
    return sheets, [*problems, *instrument_problems(settings, sheets)]


def _stamp(root: Path) -> tuple[tuple[str, int, int, int], ...]:
    """What changes when an instrument is written again."""
    files = [(path.name, path.stat()) for path in sorted((root / FOLDER).glob("*"))]
    return tuple((name, stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in files)


def _item(row: Mapping[str, str]) -> Item:
    return Item(
        id=row["item"],
        waves=tuple(row["waves"].split()),
        number=row["number"],
        section=row["section"],
        wording=row["wording"],
        type=row["type"],
        scale=row["scale"],
        max_picks=int(row["max_picks"]) if row["max_picks"] else None,
        required=row["required"] == "yes",
        asked_if=row["asked_if"],
        questions=tuple(row["questions"].split()),
        origin=row["origin"],
        short=row["short"],
        note=row["note"],
    )
