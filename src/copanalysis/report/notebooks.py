"""The notebook that a chapter runs in, as it lies in the project: which cell is at work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copanalysis.study.fingerprint import notebook_cells, source_hash

Cell = Mapping[str, Any]


class NotebookCells:
    """The cells of ``notebooks/<name>.ipynb``, and the one that runs now.

    ``current`` is {"id", "number"} (from 1, as the notebook shows its cells), empty outside a
    notebook and for a cell that does not stand in the file as saved.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.path = root / "notebooks" / f"{name}.ipynb"
        self.current: Cell = {}
        self._cells = _read(self.path) if self.path.is_file() else []

    @property
    def hash(self) -> str:
        """The fingerprint of the notebook's cells ("" where there is none)."""
        return source_hash(self.path) if self.path.is_file() else ""

    def began(self, info: Any) -> None:
        """Note which cell starts (for IPython's event "pre_run_cell")."""
        source = info.raw_cell.strip()
        places = [i for i, cell in enumerate(self._cells) if cell["source"].strip() == source]
        self.current = (
            {"id": self._cells[places[0]]["id"], "number": places[0] + 1} if places else {}
        )

    def markdown(self) -> list[str]:
        """The paragraphs of the Markdown cells."""
        texts = [cell["source"] for cell in self._cells if cell["type"] == "markdown"]
        return [part.strip() for text in texts for part in text.split("\n\n") if part.strip()]


def _read(path: Path) -> list[dict[str, str]]:
    return [
        {"id": c.get("id", ""), "type": c["cell_type"], "source": "".join(c["source"])}
        for c in notebook_cells(path)
    ]
