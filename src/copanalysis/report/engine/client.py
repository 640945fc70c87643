"""The client of an executed notebook, with a forked process in place of a kernel."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.ipkernel import IPythonKernel
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellExecutionError
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient

from copanalysis.report.engine.process import CellProcess, CellsEndedError


class ForkClient(PapermillNotebookClient):
    """papermill's client, with a `CellProcess` where it has a kernel behind sockets."""

    root: Path | None = None
    told: list[bytes] | None = None

    def execute(self, **_: Any) -> Any:
        """Run all cells; the executed notebook."""
        self.reset_execution_trackers()
        with contextlib.ExitStack() as stack:
            self.process = CellProcess(root=self.root)
            stack.callback(self.process.end)
            self.papermill_execute_cells()
            self._finish()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, **_: Any) -> Any:
        """Run one cell and keep what it puts out, as nbclient does.

        Raises
        ------
        CellExecutionError
            When the cell fails, or the process that runs it ends.
        """
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return cell
        if self.record_timing:
            cell.metadata["execution"] = {}
        self.code_cells_executed += 1
        cell.outputs, self.clear_before_next_output = [], False
        try:
            reply = self._reply(cell, cell_index)
        except CellsEndedError as error:
            raise _as_failure(cell, error) from error
        run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        return cell

    def _reply(self, cell: Any, cell_index: int) -> dict[str, Any]:
        reply: dict[str, Any] = {}
        for msg in self.process.run(cell.source, time_limit=self._get_timeout(cell)):
            if msg["msg_type"] == "execute_reply":
                reply = msg
                if self.record_timing:
                    cell.metadata["execution"]["shell.execute_reply"] = timestamp(msg)
            else:
                with contextlib.suppress(CellExecutionComplete):
                    self.process_message(msg, cell, cell_index)
        return reply

    def _finish(self) -> None:
        """Let the child go; when it went by itself, the last cell is to blame."""
        if self.nb.metadata.papermill.get("exception"):
            return
        try:
            told = self.process.stop()
        except CellsEndedError as error:
            index, cell = [(i, c) for i, c in enumerate(self.nb.cells) if c.cell_type == "code"][-1]
            self.nb_man.cell_exception(cell, cell_index=index, exception=_as_failure(cell, error))
            return
        if self.told is not None:
            self.told += told


def _as_failure(cell: Any, error: CellsEndedError) -> CellExecutionError:
    """The end of the process as the failure of a cell, and as its last output."""
    content = {"ename": "DeadKernelError", "evalue": error.why}
    content["traceback"] = [*error.traceback, f"DeadKernelError: {error.why}"]
    cell.outputs.append(nbformat.v4.new_output("error", **content))
    return CellExecutionError.from_cell_and_msg(cell, {"status": "error", **content})
