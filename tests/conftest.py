"""A copy of the study that a test may edit, and the committed one."""

import shutil
from pathlib import Path

import pytest

from copanalysis.study.plan import Study, load_study

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def study() -> Study:
    return load_study(ROOT)


@pytest.fixture
def project(tmp_path) -> Path:
    """The instruments and the raw demo data in a folder of their own."""
    for name in ("data/instruments", "data/raw/demo"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def edit(project):
    """Replace text in an instrument file of the copy; fails when it is not there once."""

    def replace(file: str, old: str, new: str) -> None:
        path = project / "data" / "instruments" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
