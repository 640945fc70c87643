"""A notebook that goes wrong ends as a failed notebook with its traceback, and hurts no other."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import engine_runs
import pytest
from engine_runs import error, ran, text, written

BAD = {
    "raises": ["print('so far')", "def broken():\n    raise KeyError('gone')\n\nbroken()"],
    "exits": ["import sys\nsys.exit(0)", "print('never')"],
    "quits": ["exit()", "print('never')"],
    "leaves": ["print('so far')", "import os\nos._exit(3)"],
    "is_killed": ["import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"],
    "crashes": ["def crash():\n    import ctypes\n    ctypes.string_at(0)\n\ncrash()"],
    "forks": ["import os\nos.fork()\nprint('twice')"],
    "leaks": ["import ctypes\nctypes.CDLL(None).fork()\n0", "print(1)"],
    "hangs": ["import time\n\ndef wait():\n    time.sleep(999)\n\nwait()"],
    "hangs_deaf": [
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGXCPU])",
        "def wait():\n    time.sleep(999)\n\nwait()",
    ],
    "floods": ["text = 'x' * 1_000_000\nfor _ in range(1000):\n    print(text)"],
    "floods_below": ["import subprocess\nsubprocess.run('yes', shell=True)"],
    "closes": ["import os\nos.closerange(0, 99)", "1"],
    "shows_much": ["'x' * 60_000_000"],
}
SLOW = """
import subprocess, time
subprocess.Popen(["sleep", "999"])
open("began", "w").close()
time.sleep(999)
"""
GOOD = {f"good_{i}": ["import pandas as pd\nprint(pd.Series([1, 2]).sum())"] for i in range(4)}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failures")
    names = [*list(GOOD)[:2], *BAD, *list(GOOD)[2:]]
    started = time.monotonic()
    notebooks, problems = ran(folder, {n: {**BAD, **GOOD}[n] for n in names}, time_limit=8)
    return folder, notebooks, {p.where.split(",")[0]: p for p in problems}, started


def test_exactly_the_bad_ones_fail(done):
    assert set(done[2]) == set(BAD) - {"leaks"}


def test_the_others_are_whole(done):
    assert all(text(done[1][name], 0) == "3\n" for name in GOOD)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("raises", ["KeyError", "broken()", "line 2, in broken()"]),
        ("exits", ["SystemExit"]),
        ("leaves", ["exit code 3"]),
        ("is_killed", ["signal 9 (SIGKILL)"]),
        ("crashes", ["SIGSEGV", "in crash"]),
        ("forks", ["a cell cannot fork", "os.fork()"]),
        ("hangs", ["TimeoutError", "longer than its time limit", "in wait()"]),
        ("hangs_deaf", ["did not stop at its time limit", "in wait"]),
        ("floods", ["more than 50 million bytes", "print(text)"]),
        ("floods_below", ["floods its output"]),
        ("shows_much", ["more than 50 million bytes"]),
        ("closes", ["DeadKernelError"]),
        ("quits", ["DeadKernelError"]),
    ],
)
def test_the_traceback_says_what_and_where(done, name, words):
    found = error(done[1][name])
    assert [w for w in words if w not in found["traceback"] + found["evalue"]] == []


@pytest.mark.parametrize("name", sorted(set(BAD) - {"leaks"}))
def test_a_failed_notebook_is_kept_beside_and_not_in_place(done, name):
    out = done[0] / "out" / "copanalysis"
    assert (out / f"{name}.failed.ipynb").is_file()
    assert not (out / f"{name}.ipynb").exists()
    assert (out / f"{name}.failed.ipynb").stat().st_size < 60_000_000


def test_what_was_shown_before_is_kept(done):
    for name in ("raises", "leaves"):
        outputs = [o for c in done[1][name].cells for o in c.get("outputs", [])]
        assert outputs[0].text == "so far\n"


def test_a_copy_that_a_cell_makes_does_not_run_the_rest(done):
    assert text(done[1]["leaks"], 1) == "1\n"


def test_no_process_is_left(done):
    assert _processes_in(done[0]) == []


def test_ctrl_c_ends_everything_and_leaves_the_results_before(tmp_path):
    out = tmp_path / "out" / "copanalysis"
    out.mkdir(parents=True)
    (out / "slow.ipynb").write_text("the result before", encoding="utf-8")
    written(tmp_path, {"slow": [SLOW], "other": [SLOW]}, "copanalysis")
    process = subprocess.Popen(
        [sys.executable, engine_runs.__file__, str(tmp_path)],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not (tmp_path / "began").exists():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode != 0
    assert _processes_in(tmp_path) == []
    assert (out / "slow.ipynb").read_text("utf-8") == "the result before"


def _processes_in(folder: Path) -> list[str]:
    """Command lines of the processes whose working directory is this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == folder.resolve():
                found.append((process / "cmdline").read_bytes().decode())
        except OSError:
            continue
    return found
