"""The parent's side of the child that runs cells: questions, answers, time limit, its end."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from copanalysis.report.engine.captures import Captures
from copanalysis.report.engine.child import STOP, run_cells
from copanalysis.report.engine.kernel import OUTPUT_LIMIT, PipeSession
from copanalysis.report.engine.reads import Reads

TICK = 0.2  # seconds between looks at a child that says nothing
GRACE = 3.0  # seconds that it gets to obey
FLOOD = 4 * OUTPUT_LIMIT  # bytes in its files after which it is not waited for


class CellsEndedError(Exception):
    """The child that runs the cells is gone; ``why`` says how, ``traceback`` where it was."""

    def __init__(self, why: str, traceback: list[str]) -> None:
        self.why, self.traceback = why, traceback
        super().__init__(why)


class CellProcess:
    """A clean child of this process in which the cells of one notebook run.

    Parameters
    ----------
    root
        The project folder of which it tells what was read; None: it tells nothing.
    """

    def __init__(self, *, root: Path | None) -> None:
        self._captures = Captures()
        self._session = PipeSession()
        self._pipe, theirs = Pipe()
        self._status: int | None = None
        self._killed = ""
        sys.stdout.flush()
        sys.stderr.flush()
        self._parent = os.getppid()
        self.pid = os.fork()
        if self.pid == 0:
            self._pipe.close()
            run_cells(theirs, self._captures, Reads(root) if root else None)
        theirs.close()

    def run(self, source: str, *, time_limit: float | None) -> Iterator[dict[str, Any]]:
        """The messages of one cell up to the one that says idle.

        Raises
        ------
        CellsEndedError
            When the child ends, does not stop at the time limit, or floods its files.
        """
        content = {"code": source, "silent": False, "store_history": True}
        content |= {"allow_stdin": False, "stop_on_error": False}
        request = self._session.msg("execute_request", content)
        self._send(self._session.serialize(request))
        deadline = time.monotonic() + time_limit if time_limit else None
        while True:
            msg = self._session.received(self._received(deadline))
            yield msg
            if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
                return

    def stop(self) -> list[bytes]:
        """Let the child end; what it tells of the data it read, and what it leaves (`parting`)."""
        self._send(STOP)
        told = []
        for _ in range(2):
            self._wait_for_word(time.monotonic() + GRACE)
            told.append(self._pipe.recv_bytes())
        self._wait(GRACE)
        return told

    def end(self) -> None:
        """End the child and every process of its group that is left."""
        _kill_group(self.pid)
        if self._status is None:
            self._status = os.waitpid(self.pid, 0)[1]
        self._pipe.close()
        self._captures.close()

    def _send(self, parts: Any) -> None:
        try:
            self._pipe.send(parts)
        except OSError as error:
            raise self._gone() from error

    def _received(self, deadline: float | None) -> list[bytes]:
        self._wait_for_word(deadline)
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error

    def _wait_for_word(self, deadline: float | None) -> None:
        warned = False
        while not self._pipe.poll(TICK):
            if os.getppid() != self._parent:
                raise SystemExit("the process that runs the report is gone")
            if self._exited():
                if self._pipe.poll(0):
                    return
                raise self._gone()
            if self._captures.size > FLOOD:
                self._kill("it floods its output", signal.SIGABRT)
            elif deadline is not None and time.monotonic() > deadline:
                if warned:
                    self._kill("it did not stop at its time limit", signal.SIGABRT)
                else:
                    os.kill(self.pid, signal.SIGXCPU)
                    warned, deadline = True, time.monotonic() + GRACE

    def _kill(self, why: str, number: int) -> None:
        """SIGABRT first: Python then writes where it was."""
        self._killed = why
        os.kill(self.pid, number)
        self._wait(GRACE)

    def _exited(self) -> bool:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = status if pid else None
        return self._status is not None

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._exited() and time.monotonic() < until:
            time.sleep(0.002)

    def _gone(self) -> CellsEndedError:
        self._wait(GRACE)
        how = self._killed or _ending(self._status)
        return CellsEndedError(
            f"the process of this notebook has ended: {how}", self._captures.fault_lines()
        )


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _ending(status: int | None) -> str:
    if status is None:
        return "it closed its pipe and was killed"
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"killed by signal {number} ({signal.Signals(number).name})"
    return f"it left with exit code {os.WEXITSTATUS(status)}"
