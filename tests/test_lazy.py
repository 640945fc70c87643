"""Commands that need no data library do not load one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "data" / "raw" / "demo"
HEAVY = {"pandas", "numpy", "papermill", "matplotlib", "nbformat", "nbconvert", "IPython", "scipy"}
CODE = """
import sys
from copanalysis.cli import app
try:
    app(sys.argv[1:], prog_name="copanalysis")
except SystemExit:
    pass
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded(*words: str, cwd: Path = ROOT) -> set[str]:
    """The packages that a command has loaded when it ends."""
    command = [sys.executable, "-c", CODE, *words]
    run = subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)
    return set(run.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("words", [["--help"], ["report", "--help"], ["watch", "--help"]])
def test_help_loads_no_data_library(words):
    found = loaded(*words)
    assert "typer" in found
    assert found & HEAVY == set()


@pytest.mark.parametrize(
    "file",
    [
        "survey/wave_1/results-survey482913.csv",
        "fieldwork/transcripts/P01.docx",
        "fieldwork/transcripts/S02.vtt",
    ],
)
def test_inspecting_a_file_loads_no_data_library(file):
    assert loaded("inspect", str(DEMO / file)) & HEAVY == set()


def test_a_report_that_is_up_to_date_loads_no_data_library(small_report, tmp_path):
    root = shutil.copytree(small_report, tmp_path / "copy")
    assert loaded("report", cwd=root) & HEAVY == set()
