"""The raw folder in use, and what it says of itself."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from copanalysis.errors import CopanalysisError

if TYPE_CHECKING:
    from copanalysis.study.plan import Study
    from copanalysis.study.settings import Project


def raw_folder(study: Study | Project, *, raw: str = "") -> Path:
    """The raw folder in use: ``raw`` (a name under data/raw, or a path), else study.toml's."""
    name = raw or study.settings["study"]["raw"]
    folder = study.root / "data" / "raw" / name
    if not folder.is_dir() and Path(name).is_dir():
        folder = Path(name).resolve()
    if not folder.is_dir():
        raise CopanalysisError(
            f"No raw folder {name!r}: make data/raw/{name}/survey/wave_1/ and so on, one export "
            "in each, or name another folder with --raw or in study.toml."
        )
    return folder


def source_of(folder: Path) -> dict[str, object]:
    """What source.toml in a raw folder says of the data; without it they count as real."""
    path = folder / "source.toml"
    source = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {"name": folder.name, "synthetic": False, "note": "", **source}
