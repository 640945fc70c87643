"""The forked child that runs the cells of one notebook, apart from everything else."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from copanalysis.report.engine.captures import Captures
from copanalysis.report.engine.kernel import CellStream, PipeKernel, kernel_config
from copanalysis.report.engine.parting import left
from copanalysis.report.engine.reads import Reads

INLINE = "module://matplotlib_inline.backend_inline"
STOP = b"stop"
LEAKED = 70  # exit code of a copy of the child that a cell forked


def warm_kernel() -> PipeKernel:
    """The kernel of this process, made once. Make it before pandas is imported, which sets its
    display by whether it finds one; the environment stays as it was, but for the backend that
    matplotlib takes when it is imported."""
    before = {**os.environ, "MPLBACKEND": os.environ.get("MPLBACKEND") or INLINE}
    kernel = PipeKernel.instance(config=kernel_config())
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)
    return kernel


def run_cells(connection: Connection, captures: Captures, reads: Reads | None) -> NoReturn:
    """Answer requests to run a cell until the word to stop comes; never returns."""
    code = 1
    try:
        _set_apart(captures)
        kernel = warm_kernel()
        kernel.appear()
        kernel.connect(connection)
        kernel.shell.init_environment()
        _take_streams(kernel, captures)
        if reads is not None:
            reads.start()
        _answer_all(kernel, connection)
        connection.send_bytes(reads.told() if reads else b"[]")
        connection.send_bytes(left())
        _let_go(kernel)
        code = 0
    finally:
        if code:
            sys.excepthook(*sys.exc_info())
        os._exit(code)


def _answer_all(kernel: PipeKernel, connection: Connection) -> None:
    pid, loop = os.getpid(), asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    kernel.shell_channel_thread = _NoThread()
    while (parts := connection.recv()) != STOP:
        sys.stdout.start_cell()
        sys.stderr.start_cell()
        kernel.answer(kernel.session.received(parts), loop)
        if os.getpid() != pid:
            os._exit(LEAKED)
        if kernel.shell.exit_now:
            os._exit(0)


class _NoThread:
    """Stands for ipykernel's thread of subshells, of which there is none."""

    parent_thread = None

    def __bool__(self) -> bool:
        return False


def _set_apart(captures: Captures) -> None:
    """A process group, descriptors, signals and random numbers of its own."""
    os.setpgid(0, 0)
    captures.take()
    faulthandler.enable(captures.fault)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGXCPU, _out_of_time)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    os.fork = _refuse_in_cells(os.fork)
    if "" not in sys.path:
        sys.path.insert(0, "")


def _out_of_time(*_: object) -> None:
    raise TimeoutError("this cell ran longer than its time limit")


def _refuse_in_cells(fork: Callable[[], int]) -> Callable[[], int]:
    """A copy of the notebook would go on with its next cells beside the notebook itself."""

    def guarded() -> int:
        if sys._getframe(1).f_globals.get("__name__") == "__main__":
            raise RuntimeError("a cell cannot fork: use multiprocessing or subprocess")
        return fork()

    return guarded


def _take_streams(kernel: PipeKernel, captures: Captures) -> None:
    sys.stdout = CellStream("stdout", kernel, captures.stdout)
    sys.stderr = CellStream("stderr", kernel, captures.stderr)


def _let_go(kernel: Any) -> None:
    """Close what the notebook left open, as the end of a kernel would."""
    kernel.shell.reset(new_session=False)
    gc.collect()
