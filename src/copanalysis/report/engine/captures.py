"""Files that catch what a notebook writes to its file descriptors, or leaves when it crashes."""

from __future__ import annotations

import fcntl
import os
import tempfile
from typing import BinaryIO


class Captures:
    """stdout and stderr of a child at the level of descriptors, and the traceback of a crash.

    Files instead of pipes: nothing can be full or deadlock, and the parent sees how much there
    is. They have no name on disk and end with the processes that hold them.
    """

    def __init__(self) -> None:
        self.stdout, self.stderr, self.fault = (_unnamed() for _ in range(3))
        for file in (self.stdout, self.stderr):
            flags = fcntl.fcntl(file, fcntl.F_GETFL)
            fcntl.fcntl(file, fcntl.F_SETFL, flags | os.O_APPEND)

    @property
    def size(self) -> int:
        """Bytes caught so far."""
        return sum(os.fstat(f.fileno()).st_size for f in (self.stdout, self.stderr))

    def take(self) -> None:
        """Let the descriptors 1 and 2 of this process lead here, and 0 to nothing."""
        nothing = os.open(os.devnull, os.O_RDONLY)
        for descriptor, number in (
            (nothing, 0),
            (self.stdout.fileno(), 1),
            (self.stderr.fileno(), 2),
        ):
            os.dup2(descriptor, number)
        os.close(nothing)

    def fault_lines(self) -> list[str]:
        """What Python wrote of where it was when it crashed."""
        self.fault.seek(0)
        return self.fault.read().decode("utf-8", "replace").splitlines()

    def close(self) -> None:
        """Close all files."""
        for file in (self.stdout, self.stderr, self.fault):
            file.close()


def _unnamed() -> BinaryIO:
    return tempfile.TemporaryFile()
