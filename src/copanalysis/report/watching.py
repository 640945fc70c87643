"""Keeping the report up to date: each time something is saved, what follows from it is made."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from copanalysis.errors import CopanalysisError
from copanalysis.report.engine.history import marks
from copanalysis.report.engine.pool import results
from copanalysis.report.engine.warm import warm_up
from copanalysis.report.preview import preview_server
from copanalysis.report.production import Order, make_report, site_folder
from copanalysis.study.settings import Project, load_project

PACKAGE = Path(__file__).resolve().parents[1]
TICK = 0.3  # seconds between looks


def watch(
    project: Project, order: Callable[[Project], Order], *, port: int, say: Callable[[str], None]
) -> None:
    """Make the report, show it on 127.0.0.1, and make it again whenever a notebook, an
    instrument or raw data are saved; until Ctrl-C.

    Every time a fork of this process does it, which has the libraries in memory and stays
    clean. When the code of this package changes, the process begins anew.
    """
    places = [project.root / "notebooks", project.root / "data" / "instruments"]
    places += [project.root / "data" / "raw"]
    with _served(site_folder(project), port=port, say=say):
        warm_up(sorted((project.root / "notebooks").glob("*.ipynb")))
        import_module("copanalysis.report.site")
        code = marks([PACKAGE])
        for _ in _changes(places):
            if _sources(marks([PACKAGE])) != _sources(code):
                break
            began = time.monotonic()
            for _, problem in results(
                [project.root], lambda root: _made(root, order), jobs=1, started=lambda _: None
            ):
                seconds = time.monotonic() - began
                say(problem or f"Up to date in {seconds:.1f} s. Waiting for changes; Ctrl-C ends.")
    say("The code of copanalysis changed: beginning anew.")
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _made(root: Path, order: Callable[[Project], Order]) -> str:
    """Make the report; what keeps it from being made, "" when it was."""
    try:
        project = load_project(root)
        make_report(project, order(project))
    except CopanalysisError as error:
        return f"copanalysis: {error}"
    return ""


def _changes(places: Sequence[Path]) -> Iterator[None]:
    """Once at the beginning, then each time files in these places or the package changed."""
    known = None
    while True:
        seen = marks([*places, PACKAGE])
        if _sources(seen) != known:
            known = _sources(seen)
            yield
        time.sleep(TICK)


def _sources(seen: dict) -> dict:
    """Without what programs write beside the files that people save."""
    return {
        path: mark
        for path, mark in seen.items()
        if "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts
    }


@contextmanager
def _served(site: Path, *, port: int, say: Callable[[str], None]) -> Iterator[None]:
    """A process of its own serves the site: this one must have no threads."""
    server = preview_server(site, port=port)
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        server.serve_forever()
    server.server_close()
    say(f"The report is shown at http://127.0.0.1:{server.server_address[1]}/")
    try:
        yield
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
