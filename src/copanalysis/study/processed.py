"""Writing data/processed: a folder of tables and their origin, whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from copanalysis.study.plan import Study

FOLDERS = ("survey", "fieldwork", "registers")
SOURCE = "source.json"


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
