"""Whether this process can be forked."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from pathlib import Path

# The first restarts itself in a fork. The second is started when polars is imported, waits, and is
# not missed in a fork; the threads that polars computes with have other names.
HARMLESS = {"jemalloc_bg_thd", "polars-ooc-clea"}
COUNTS = tuple(
    f"{prefix}openblas_get_num_threads{suffix}"
    for prefix in ("", "scipy_")
    for suffix in ("", "64_")
)


def forks_are_safe() -> bool:
    """Whether this is a system on which a process without threads can be forked without harm."""
    return hasattr(os, "fork") and os.uname().sysname != "Darwin"


def can_fork() -> bool:
    """Whether this process can be forked without harm: a system where that is safe, and no
    threads but those that are known to be."""
    if not forks_are_safe():
        return False
    waiting = [t for t in threading.enumerate() if type(t).__name__ == "TMonitor"]  # of tqdm
    if threading.active_count() > 1 + len(waiting):
        return False
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        return True
    names = [_name(task) for task in tasks.iterdir()]
    others = [name for name in names if name and name not in HARMLESS]
    return len(others) <= 1 + len(waiting) + _openblas_threads()


def _name(task: Path) -> str:
    """The name of a thread, "" for one that ended meanwhile."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return (task / "comm").read_text().strip()
    return ""


def _openblas_threads() -> int:
    """Threads of the OpenBLAS libraries in this process, which they end before a fork."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    libraries = [ctypes.CDLL(path) for path in {x.split()[-1] for x in lines if "openblas" in x}]
    counts = [getattr(lib, name) for lib in libraries for name in COUNTS if hasattr(lib, name)]
    return sum(count() - 1 for count in counts)
