"""Whether a text that nobody released (an answer, a turn of a talk) stands in what goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.study.privacy.textual_files import texts_in

COLUMNS = ("text", "value", "signal_text")  # of data/processed that hold people's own words
SPLIT = re.compile(r"[\s\u00ad\u2010-]+")
LEAST = 40  # letters from which a text is someone's own and no label


def untold_problems(
    delivered: Path, *, processed: Path, manifests: Iterable[Mapping[str, Any]]
) -> list[Problem]:
    """Texts of respondents and speakers in the delivered files that no table released.

    Of every table in ``processed`` the columns in COLUMNS are taken, texts of at least LEAST
    letters. Cells of the released tables of ``manifests`` may hold them: they went through
    disclosure control. One problem per file, which never repeats the text.
    """
    told = _squeezed(_released(manifests))
    own = {text for text in map(_squeezed, _own_words(processed)) if text not in told}
    files = {
        path: _squeezed(text for _, text in texts_in(path))
        for path in sorted(delivered.rglob("*"))
        if path.is_file()
    }
    everything = "\n".join(dict.fromkeys(files.values()))
    found = [text for text in own if text in everything]
    counts = {path: sum(text in whole for text in found) for path, whole in files.items()}
    fix = "release it as a table of quotes, or take it out"
    return [
        Problem(
            path.relative_to(delivered).as_posix(),
            f"{n} text(s) of a respondent or speaker",
            "only texts that a table releases",
            fix,
        )
        for path, n in counts.items()
        if n
    ]


def _squeezed(text: str | Iterable[str]) -> str:
    """Texts without what a line break changes: white space and hyphens."""
    return SPLIT.sub("", text if isinstance(text, str) else "\n".join(text))


def _own_words(processed: Path) -> Iterable[str]:
    for path in sorted(processed.rglob("*.parquet")):
        table = pd.read_parquet(path)
        for column in table.columns.intersection(COLUMNS):
            texts = table[column].dropna().astype(str).str.strip()
            yield from texts[texts.str.len() >= LEAST].unique()


def _released(manifests: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for manifest in manifests:
        for table in manifest["tables"]:
            for cells in table.get("cells", {}).values():
                yield from cells
