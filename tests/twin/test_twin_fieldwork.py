"""The coders' projects of the twin come out of its texts again, byte for byte."""

from __future__ import annotations

import shutil

from copanalysis.twin.coding import CODERS, write_coding


def test_the_committed_projects_are_those_that_the_twin_writes(project, study):
    raw = project / "data" / "raw" / "demo"
    committed = {p.name: p.read_bytes() for p in (raw / "fieldwork" / "coding").iterdir()}
    shutil.rmtree(raw / "fieldwork" / "coding")
    made = {p.name: p.read_bytes() for p in write_coding(raw, study=study)}
    assert made == committed
    assert set(made) == {f"{coder.file}.qdpx" for coder in CODERS}
