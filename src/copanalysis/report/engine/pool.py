"""A process for every task, so many at a time, and none left when the work stops."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import Pipe, get_context
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Any, NoReturn, TypeVar

from copanalysis.report.engine.forking import can_fork, forks_are_safe

Task = TypeVar("Task")
LIBRARIES = "copanalysis.report.engine.libraries"
TICK = 0.2
PATIENCE = 5.0  # seconds that a process gets to end what it started


def results(
    tasks: Sequence[Task],
    work: Callable[[Task], Any],
    *,
    jobs: int,
    started: Callable[[Task], None],
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[tuple[Task, Any]]:
    """Each task with what ``work`` makes of it, in the order in which they finish.

    Tasks begin in the order given, each in a fork of this process; where this process cannot be
    forked, in other processes that are used again (`_elsewhere`). ``meanwhile`` is called once,
    when the first tasks have begun. The result of a task whose process ended without one is
    None. When the caller stops, or Ctrl-C or SIGTERM comes, every process is ended first.
    """
    if can_fork():
        yield from _forked(tasks, work, max(1, jobs), started, meanwhile or (lambda: None))
        return
    with ProcessPoolExecutor(max(1, jobs), mp_context=_elsewhere()) as pool:
        waiting = {}
        for task in tasks:
            waiting[pool.submit(_in_environment, dict(os.environ), work, task)] = task
            started(task)
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def _elsewhere() -> BaseContext:
    """Forks of a process of its own that has the libraries; new processes where forks are not
    safe at all."""
    if not forks_are_safe():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([LIBRARIES])
    return context


def _in_environment(environment: Mapping[str, str], work: Callable[[Task], Any], task: Task) -> Any:
    """The work in the environment of the caller: a process that is used again, or forked from
    one that began earlier, has that of then."""
    os.environ.clear()
    os.environ.update(environment)
    return work(task)


def _forked(
    tasks: Sequence[Task],
    work: Callable[[Task], Any],
    jobs: int,
    started: Callable[[Task], None],
    meanwhile: Callable[[], None],
) -> Iterator[tuple[Task, Any]]:
    left, running, met = list(tasks), {}, False
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        while left or running:
            while left and len(running) < jobs:
                task = left.pop(0)
                started(task)
                worker = _Worker(work, task)
                running[worker] = task
            if not met:
                meanwhile()
                met = True
            wait([worker.pipe for worker in running], TICK)
            for worker in [worker for worker in running if worker.is_done()]:
                yield running.pop(worker), worker.result
    finally:
        for worker in running:
            worker.end()
        signal.signal(signal.SIGTERM, before)


class _Worker:
    """A fork of this process that does one task and hands back the result."""

    def __init__(self, work: Callable[[Any], Any], task: Any) -> None:
        self.pipe, theirs = Pipe(duplex=False)
        self.result: Any = None
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _work(work, task, theirs)
        theirs.close()

    def is_done(self) -> bool:
        """Whether it handed back its result, or ended without."""
        ended, _ = os.waitpid(self.pid, os.WNOHANG)
        if self.pipe.poll(0):
            with contextlib.suppress(EOFError):
                self.result = self.pipe.recv()
            if not ended:
                os.waitpid(self.pid, 0)
            ended = self.pid
        if ended:
            self.pipe.close()
        return bool(ended)

    def end(self) -> None:
        """Ask it to end, with all that it started; insist after a while."""
        os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while not os.waitpid(self.pid, os.WNOHANG)[0]:
            if time.monotonic() > until:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.01)
        self.pipe.close()


def _work(work: Callable[[Any], Any], task: Any, pipe: Any) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children
        signal.signal(signal.SIGTERM, _leave)
        pipe.send(work(task))
        code = 0
    finally:
        if code and not isinstance(sys.exc_info()[1], SystemExit):
            sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(code)


def _leave(*_: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)
