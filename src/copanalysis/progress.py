"""What runs, what is done and what is left, on a terminal or as plain lines in a log."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import Any

WORDS = {"done": "ok    ", "failed": "failed"}


class ShownRuns:
    """The progress of named runs on stderr, as a context.

    Nothing is shown, and rich is not loaded, before the first run starts.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.states: dict[str, str] = {}
        self._context = ExitStack()

    def __enter__(self) -> ShownRuns:
        return self

    def __exit__(self, *error: object) -> None:
        self._context.close()

    @property
    def unchanged(self) -> int:
        """How many runs did not have to be done."""
        return list(self.states.values()).count("unchanged")

    def told(self, name: str, state: str) -> None:
        """Take note that a run is "started", "done", "failed" or "unchanged"."""
        self.states[name] = state
        if state in WORDS:
            self._bar.console.print(f"{WORDS[state]} {name}", highlight=False)
        if state != "unchanged":
            self._draw()

    def why(self, name: str, reason: str) -> None:
        """Print why a run has to be done."""
        self._bar.console.print(f"       {name}: {reason}", highlight=False, soft_wrap=True)

    @cached_property
    def _bar(self) -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True)
        columns = (BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn("{task.description}"))
        # refreshing by itself needs a thread, and a process with threads is not forked
        bar = Progress(
            *columns, console=console, disable=not console.is_terminal, auto_refresh=False
        )
        self._context.enter_context(bar)
        bar.add_task("", total=self.total)
        return bar

    def _draw(self) -> None:
        running = [name for name, state in self.states.items() if state == "started"]
        ended = len(self.states) - len(running)
        self._bar.update(0, completed=ended, description=" ".join(running))
        self._bar.refresh()
