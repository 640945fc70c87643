"""Tasks of a process that cannot be forked are done in forks of one that has the libraries."""

import os
import sys
import threading
from pathlib import Path

import pytest

from copanalysis.errors import CopanalysisError
from copanalysis.report import runner
from copanalysis.report.engine.forking import forks_are_safe
from copanalysis.report.engine.pool import results
from copanalysis.report.planning import Run


@pytest.fixture(autouse=True)
def _with_a_thread():
    """A second thread, as a test runner or JupyterLab has, with which no fork is safe."""
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    yield
    ended.set()
    thread.join()


def seen(task: str) -> tuple:
    return task, os.environ.get("OF_THE_CALLER"), os.getppid(), "pandas" in sys.modules


def done(tasks):
    return [found for _, found in results(tasks, seen, jobs=2, started=lambda _: None)]


def test_they_have_the_environment_of_the_caller(monkeypatch):
    for value in ("first", "second"):
        monkeypatch.setenv("OF_THE_CALLER", value)
        assert {found[:2] for found in done(["a", "b", "c"])} == {(t, value) for t in "abc"}


@pytest.mark.skipif(not forks_are_safe(), reason="forks are not safe on this system")
def test_they_are_forks_of_another_process_that_has_the_libraries():
    found = done(["a", "b"])
    assert os.getpid() not in {parent for _, _, parent, _ in found}
    assert all(has for *_, has in found)


def test_a_process_that_ends_without_a_word_is_a_problem(monkeypatch):
    run = Run("gone", Path("gone.ipynb"), {}, Path("out/gone.ipynb"))
    monkeypatch.setattr(runner, "warm_up", lambda notebooks: None)
    monkeypatch.setattr(runner, "results", lambda *_, **__: [(run, None)])
    states = []
    with pytest.raises(CopanalysisError, match="gone: found its process ended"):
        runner.run_all([run], root=Path(), jobs=1, report=lambda *told: states.append(told))
    assert states == [("gone", "failed")]
