"""The synthetic twin of the survey: three exports in three real formats, made from a seed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.study.plan import Study
from copanalysis.twin.feasibility import check_targets
from copanalysis.twin.forms import write_forms
from copanalysis.twin.limesurvey import write_limesurvey
from copanalysis.twin.plants import plant_duplicates, plant_empty, plant_slips, plant_tests
from copanalysis.twin.readme import demo_readme
from copanalysis.twin.respondents import Draw, draw_respondents
from copanalysis.twin.spss import write_spss
from copanalysis.twin.targets import Targets, read_targets
from copanalysis.twin.wordings import Wordings

MADE_BY = "copanalysis twin"
WRITERS = {"limesurvey": write_limesurvey, "forms": write_forms, "spss": write_spss}
SOURCE = """synthetic = true
made_by = "{made_by}"
seed = {seed}
note = "Fictieve antwoorden van fictieve respondenten, gemaakt om de analyse te kunnen tonen."
"""


def write_twin(out: Path, *, study: Study, seed: int, targets: Targets | None = None) -> list[Path]:
    """Write the twin's raw folder, whole or not at all; returns the files written.

    Parameters
    ----------
    out : Path
        The raw folder. Only ``survey/``, ``README.md`` and ``source.toml`` in it are replaced;
        anything else stays.
    study : Study
        Gives wordings, options, CoPs and the column names of the exports.
    seed : int
        The same seed and instruments give the same bytes.
    targets : Targets, optional
        What to calibrate to; the package's own targets.csv and plan.toml when not given.

    Raises
    ------
    CopanalysisError
        For targets that contradict themselves or the study, a stock of texts that runs out,
        a seed below 0, a file where a folder is due, or a folder with a survey that the twin did
        not make.
    """
    _refuse_unusable(out, seed)
    targets = targets or read_targets()
    check_targets(targets, study=study)
    _refuse_other_survey(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".twin-") as temporary:
        made = Path(temporary) / "made"
        rows = _write_waves(made / "survey", study, targets, seed)
        readme = demo_readme(targets, seed=seed, rows=rows)
        (made / "README.md").write_text(readme, encoding="utf-8")
        source = SOURCE.format(made_by=MADE_BY, seed=seed)
        (made / "source.toml").write_text(source, encoding="utf-8")
        files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
        _put_in_place(made, out, aside=Path(temporary) / "old")
    return [out / file for file in files]


def exported_rows(draw: Draw) -> pd.DataFrame:
    """The rows of one export in order of time: respondents, and all that is planted.

    Columns as ``draw_respondents`` gives them and ``kind``: used, duplicate, empty or test.
    """
    items = list(draw.study.items_of(draw.wave))
    open_items = [item.id for item in items if item.type == "open"]
    cop_item = next(item.id for item in items if item.scale == "cop")
    people = draw_respondents(draw).assign(kind="used")
    texts = draw.stock.own_words(people[open_items])
    rows = plant_slips(people, items=open_items)
    rows = plant_duplicates(draw.rng, rows, plan=draw.plan, texts=texts)
    rows = plant_empty(draw.rng, rows, plan=draw.plan, cop_item=cop_item)
    rows = plant_tests(rows, plan=draw.plan, items=items)
    return rows.sort_values("started", kind="stable", ignore_index=True)


def _write_waves(folder: Path, study: Study, targets: Targets, seed: int) -> dict[str, int]:
    stock = Wordings(np.random.default_rng([seed, 0]))
    counts = {}
    for number, (wave, plan) in enumerate(targets.waves.items(), 1):
        rng = np.random.default_rng([seed, number])
        rows = exported_rows(Draw(rng, study, targets, stock, wave))
        place = folder / f"wave_{wave}"
        place.mkdir(parents=True)
        WRITERS[plan.format](rows, place, study=study, wave=wave, targets=targets)
        counts[wave] = len(rows)
    return counts


def _refuse_unusable(out: Path, seed: int) -> None:
    files = [place for place in (out, *out.parents) if place.is_file()]
    problems = [
        Problem("--out", f"{place}, a file", "a folder, or a new name", "name another folder")
        for place in files
    ]
    if seed < 0:
        problems.append(Problem("--seed", f"seed {seed}", "0 or more", "choose another seed"))
    refuse_if_any("The twin cannot be written", problems)


def _refuse_other_survey(out: Path) -> None:
    source = out / "source.toml"
    stated = source.read_text(encoding="utf-8") if source.is_file() else ""
    if (out / "survey").exists() and f'made_by = "{MADE_BY}"' not in stated:
        raise CopanalysisError(
            f"{out} holds a survey that the twin did not make, which would be lost: choose "
            "another folder with --out, or move that survey away first."
        )


def _put_in_place(made: Path, out: Path, *, aside: Path) -> None:
    """Move what was made into ``out``, folders first; what it replaces goes aside."""
    out.mkdir(exist_ok=True)
    aside.mkdir()
    for new in sorted(made.iterdir(), key=lambda path: (path.is_file(), path.name)):
        old = out / new.name
        if old.exists():
            old.rename(aside / new.name)
        new.rename(old)
