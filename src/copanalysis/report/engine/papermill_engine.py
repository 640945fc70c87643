"""The papermill engine "copanalysis": cells run in a clean fork of this warm process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from papermill.engines import Engine, NBClientEngine
from papermill.exceptions import PapermillException
from papermill.log import logger

from copanalysis.report.engine.forking import can_fork

LANGUAGES = ("python", "ipython")


class ForkEngine(Engine):
    """Runs the cells of a notebook in a fork of this process instead of a new kernel.

    ``papermill --engine copanalysis``, or ``engine_name="copanalysis"``. The executed notebook
    is the one that the stock engine makes. What this process has imported and set is there in
    the child; nothing that the notebook does comes back. Where forking is not possible
    (Windows), not safe (macOS) or not safe now (this process runs threads), the stock engine
    runs the notebook.

    Options besides papermill's own: ``root`` (a project folder) and ``told``, a list that
    receives what the notebook read there and what it left (`parting`).
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        execution_timeout: float | None = None,
        root: Path | None = None,
        told: list[bytes] | None = None,
        **options: Any,
    ) -> Any:
        """Run the notebook of papermill's manager; see the class."""
        files = {"log_output": log_output, "stdout_file": stdout_file, "stderr_file": stderr_file}
        if not can_fork():
            logger.warning("this process cannot fork safely: the stock engine runs the notebook")
            return NBClientEngine.execute_managed_notebook(
                nb_man, kernel_name, execution_timeout=execution_timeout, **files, **options
            )
        language = nb_man.nb.metadata.get("kernelspec", {}).get("language", "python")
        if language.lower() not in LANGUAGES:
            raise PapermillException(f"the engine copanalysis runs Python, not {language}")
        from copanalysis.report.engine.client import ForkClient  # papermill loads every engine

        client = ForkClient(nb_man, timeout=execution_timeout, log=logger, **files)
        client.root, client.told = root, told
        return client.execute()
