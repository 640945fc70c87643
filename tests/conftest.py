"""A copy of the study that a test may edit, and the committed one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small_project import ALL, made, write_project
from xdist.scheduler import LoadScopeScheduling

from copanalysis.study.plan import Study, load_study

ROOT = Path(__file__).resolve().parents[1]
FACTSHEETS = ("amsterdam", "zeeland")  # of all alike: one with answers in every wave, one without
# Files whose tests share the fixture `built` run in one process, or it would be built twice.
BUILT = ("test_whole_report", "test_audit", "test_canaries", "test_runs", "test_browser_")
BUILT += ("test_engines",)
# What would else leave one process waiting at the end.
LONG_FIRST = (*BUILT, "test_production", "test_retelling", "test_refi_roundtrip")


class ByFile(LoadScopeScheduling):
    """The tests of a file in one process, and those on the built report in one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "built" if Path(file).stem.startswith(BUILT) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.stem.startswith(LONG_FIRST))


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


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The project with notebooks, run as `copanalysis report` runs it, with some variants.

    Every kind of page is made; of the factsheets, which one notebook makes, those in FACTSHEETS.
    """
    root = tmp_path_factory.mktemp("project")
    for name in ("data/instruments", "data/raw/demo", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    leave_out_factsheets(root / "data/instruments/study.toml")
    # in a process of its own: this one has threads of pytest-xdist, with which it cannot be forked
    subprocess.run([sys.executable, ROOT / "tests/build_report.py", root], check=True)
    return root


def leave_out_factsheets(toml: Path) -> None:
    kept = [f'id = "factsheet_{name}"' for name in FACTSHEETS]
    parts = re.split(r"(?m)^(?=\[)", toml.read_text(encoding="utf-8"))
    pages = [p for p in parts if 'notebook = "factsheet_cop"' not in p or any(k in p for k in kept)]
    assert len(pages) < len(parts)
    toml.write_text("".join(pages), encoding="utf-8")


@pytest.fixture(scope="session")
def small_report(tmp_path_factory):
    """A small project of which the report was made once: copy it before you change it."""
    root = write_project(tmp_path_factory.mktemp("small"))
    assert made(root)[0] == ALL
    return root
