"""data/processed: folders of tables and their origin, written whole or not at all, and read."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.study.dictionary import conform, described, folder_of
from copanalysis.study.plan import Study
from copanalysis.study.steps import with_kept_steps

Read = tuple[object, pd.DataFrame]  # a table, and what it follows from: the file, its description

_read: dict[Path, Read] = {}


def write_processed(
    study: Study, files: Mapping[str, pd.DataFrame | Mapping[str, object]], *, folder: str
) -> Path:
    """Replace ``data/processed/<folder>`` by these files; returns that folder.

    ``files`` maps a path in the folder without ending to what stands there: a table becomes
    Parquet, a mapping JSON. ``source`` tells where the data came from: name, synthetic, note,
    and unless each part tells it for itself inputs ([file, hash]), data_date and problems.
    The previous folder stays until the new one is complete.
    """
    target = study.root / "data" / "processed" / folder
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{folder}-") as temporary:
        made = Path(temporary) / folder
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, pd.DataFrame):
                content.to_parquet(path.with_name(f"{path.name}.parquet"), index=False)
            else:
                text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
                path.with_name(f"{path.name}.json").write_text(text + "\n", encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        made.replace(target)
    return target


def processed_file(study: Study, file: str) -> Path:
    """A file of data/processed that is there; else CopanalysisError names what makes it."""
    path = study.root / "data" / "processed" / file
    if not path.is_file():
        raise CopanalysisError(
            f"{path.relative_to(study.root).as_posix()} is missing: run the notebook "
            f"{_prepared_by(file.partition('/')[0], study=study)} (or `copanalysis report`)."
        )
    return path


def _prepared_by(folder: str, *, study: Study) -> str:
    """The notebook that makes a folder of data/processed; of those that do not tell, the first."""
    blocks = study.settings["preparation"]
    told = [block["notebook"] for block in blocks if folder in block.get("makes", ())]
    return (told or [block["notebook"] for block in blocks])[0]


def read_source(study: Study, part: str) -> dict[str, Any]:
    """What source.json says of a folder of data/processed, or of a wave in it."""
    return json.loads(processed_file(study, f"{part}/source.json").read_text(encoding="utf-8"))


def read_table(study: Study, table: str, *, part: str = "") -> pd.DataFrame:
    """A table of data/processed as tables.csv describes it; ``part`` is the folder of a wave.

    While the file stays the same it is read once. Its text is kept as Python strings: with
    tables of this size that is a third faster than Arrow's.
    """
    path = processed_file(study, f"{part or folder_of(table, study=study)}/{table}.parquet")
    with path.open("rb") as file:  # opened here: pyarrow would do so without telling Python
        stat = os.fstat(file.fileno())
        now = (stat.st_ino, stat.st_size, stat.st_mtime_ns, described(table, study=study))
        if path not in _read or _read[path][0] != now:
            with pd.option_context("mode.string_storage", "python"):
                frame = with_kept_steps(pd.read_parquet(file))
                _read[path] = (now, conform(frame, table=table, study=study))
    return _read[path][1].copy(deep=False)


def processed_parts(study: Study) -> list[str]:
    """The folders of data/processed that hold tables: "registers", "survey/wave_1" and so on."""
    root = study.root / "data" / "processed"
    return sorted({path.parent.relative_to(root).as_posix() for path in root.rglob("*.parquet")})


def read_part(part: str, *, study: Study) -> dict[Path, Read]:
    """The tables of such a folder that are in order and not at hand, for `keep_read` of another
    process."""
    before = dict(_read)
    for path in (study.root / "data" / "processed" / part).glob("*.parquet"):
        with contextlib.suppress(CopanalysisError):  # whoever needs the table will be told
            read_table(study, path.stem, part=part)
    return {path: read for path, read in _read.items() if before.get(path) is not read}


def keep_read(tables: Mapping[Path, Read]) -> None:
    """Have at hand what another process read."""
    _read.update(tables)
