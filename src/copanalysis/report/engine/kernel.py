"""ipykernel's own kernel without sockets: its messages go into a pipe, its shell runs here."""

from __future__ import annotations

import asyncio
import codecs
import errno
import io
import logging
import os
import threading
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, BinaryIO

from ipykernel.eventloops import enable_gui
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelbase import Kernel
from jupyter_client.session import Session
from traitlets.config import Config

OUTPUT_LIMIT = 50_000_000  # bytes that one cell may put out
READ = 1_000_000


class PipeSession(Session):
    """Messages as ipykernel makes them, into a `Connection` in place of a socket."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(key=b"", **settings)
        self.sent = 0
        self._one_at_a_time = threading.Lock()

    def send(self, stream: Any, msg_or_type: Any, *args: Any, **fields: Any) -> Any:
        """Put a message into ``stream``; one from a forked copy of this process is dropped."""
        fields |= dict(zip(("content", "parent"), args, strict=False))
        ours = {key: fields.get(key) for key in ("content", "parent", "header", "metadata")}
        msg = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, **ours)
        if self.pid == os.getpid() and stream is not None:
            self._put(stream, [*self.serialize(msg), *(fields.get("buffers") or ())])
        return msg

    def received(self, parts: list[bytes]) -> dict[str, Any]:
        """The message that `send` put into the other end of the pipe."""
        return self.deserialize(self.feed_identities(parts)[1])

    def _put(self, stream: Connection, parts: list[bytes]) -> None:
        size = sum(len(part) for part in parts)
        if size > OUTPUT_LIMIT:
            raise too_much()
        with self._one_at_a_time:
            stream.send([bytes(part) for part in parts])


class PipeKernel(IPythonKernel):
    """The kernel of a notebook, without the debugger that ipykernel's would load."""

    debugger_class = None

    def __init__(self, **settings: Any) -> None:
        Kernel.__init__(self, log=logging.getLogger("copanalysis.kernel"), **settings)
        self._execute_sleep = 0
        self.shell = self.shell_class.instance(
            parent=self, kernel=self, user_ns={}, compiler_class=self.compiler_class
        )
        self.shell.enable_gui = partial(enable_gui, kernel=self)

    def appear(self) -> None:
        """Be the shell that ``get_ipython`` finds in this process."""
        for cls in type(self.shell)._walk_mro():
            cls._instance = self.shell

    def withdraw(self) -> None:
        """Let this process have no shell: it only has the kernel ready for its forks."""
        for cls in type(self.shell)._walk_mro():
            cls._instance = None

    def connect(self, connection: Connection) -> None:
        """Send every message of this process into ``connection``."""
        self.session = PipeSession()
        self.iopub_socket = connection
        for publisher in (self.shell.displayhook, self.shell.display_pub):
            publisher.session, publisher.pub_socket = self.session, connection

    def answer(self, request: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
        """Run the cell of one execute_request, telling what ipykernel would tell."""
        self.shell.set_parent(request)
        self._publish_status("busy", "shell", request)
        loop.run_until_complete(self.execute_request(self.iopub_socket, None, request))
        self._publish_status("idle", "shell", request)


def kernel_config() -> Config:
    """No file of history: writing it would start a thread."""
    config = Config()
    config.HistoryManager.enabled = False
    return config


class CellStream(io.TextIOBase):
    """stdout or stderr of the cells: what Python prints and what reaches the file descriptor.

    The text becomes one message when something else is shown, at ``flush`` and at the end of
    the cell. More than OUTPUT_LIMIT in one cell raises OSError where it is printed.
    """

    encoding = "UTF-8"

    def __init__(self, name: str, kernel: PipeKernel, capture: BinaryIO) -> None:
        self.name = name
        self._kernel, self._capture = kernel, capture
        self._pid, self._seen, self._size = os.getpid(), 0, 0
        self._parts: list[str] = []
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def fileno(self) -> int:
        """The descriptor that C code and subprocesses write to."""
        return {"stdout": 1, "stderr": 2}[self.name]

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Keep the text for the next message, after what reached the descriptor before it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._pid:  # a forked copy: the descriptor leads to the capture
            return os.write(self.fileno(), text.encode())
        self._catch()
        self._keep(text)
        return len(text)

    def flush(self) -> None:
        """Send what was written since the last message."""
        if os.getpid() != self._pid:
            return
        self._catch()
        text, self._parts = "".join(self._parts), []
        if text:
            content = {"name": self.name, "text": text}
            parent = self._kernel.get_parent("shell")
            self._kernel.session.send(self._kernel.iopub_socket, "stream", content, parent)

    def start_cell(self) -> None:
        """Count the output of the next cell from nothing."""
        self._size = 0

    def _catch(self) -> None:
        end = os.fstat(self._capture.fileno()).st_size
        while self._seen < end:
            data = os.pread(self._capture.fileno(), min(READ, end - self._seen), self._seen)
            self._seen += len(data)
            self._keep(self._decoder.decode(data))

    def _keep(self, text: str) -> None:
        if self._size + len(text) > OUTPUT_LIMIT:
            self._seen = os.fstat(self._capture.fileno()).st_size
            raise too_much()
        self._size += len(text)
        self._parts.append(text)


def too_much() -> OSError:
    """The refusal of a cell that puts out more than OUTPUT_LIMIT."""
    millions = OUTPUT_LIMIT // 1_000_000
    return OSError(errno.EFBIG, f"this cell puts out more than {millions} million bytes")
