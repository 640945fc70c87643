"""Save, and the page in the browser is new; Ctrl-C ends all of it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from small_project import NOTEBOOKS, write_notebook

COMMAND = str(Path(sys.executable).parent / "copanalysis")


def page(address: str, name: str = "") -> str:
    with urllib.request.urlopen(address + name, timeout=40) as answer:
        return answer.read().decode()


@pytest.fixture
def watched(small_report, tmp_path):
    """A project that is watched, and the address where it is shown."""
    root = shutil.copytree(small_report, tmp_path / "copy")
    process = subprocess.Popen(
        [COMMAND, "watch", "--port", "0"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    address = re.search(r"http://\S+/", process.stdout.readline())[0]
    assert "Up to date" in process.stdout.readline()
    yield root, address, process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def wait_for(process, words: str) -> str:
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"it ended without saying {words!r}")


def test_a_saved_notebook_makes_its_page_new(watched):
    root, address, process = watched
    assert "<script>" in page(address, "one.html")
    assert "Content-Security-Policy" not in page(address, "one.html")
    stamp = page(address, "_changed?since=")
    assert page(address, "_changed?since=0") == stamp
    write_notebook(root, "one", NOTEBOOKS["one"], prose="Text that was just saved.")
    assert page(address, f"_changed?since={stamp}") != stamp
    assert "Text that was just saved." in page(address, "one.html")
    write_notebook(root, "one", "1/0")
    wait_for(process, "ZeroDivisionError")
    assert "Text that was just saved." in page(address, "one.html")
    write_notebook(root, "one", NOTEBOOKS["one"], prose="Mended.")
    wait_for(process, "Up to date")
    assert "Mended." in page(address, "one.html")


def test_ctrl_c_ends_everything(watched):
    root, _, process = watched
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 0
    time.sleep(0.1)
    left = [p for p in Path("/proc").glob("[0-9]*/cwd") if _leads_to(p, root)]
    assert left == []


def _leads_to(link: Path, folder: Path) -> bool:
    try:
        return link.resolve() == folder.resolve()
    except OSError:
        return False
