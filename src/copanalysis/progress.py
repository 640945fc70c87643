"""What runs, what is done and what is left, on a terminal or as plain lines in a log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def shown_runs(names: Sequence[str]) -> Iterator[Callable[[str, str], None]]:
    """Show the progress of named runs; yields a function to be told (name, state)."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    shown = console.is_terminal
    # without refreshing by itself: that needs a thread, and a process with threads is not forked
    with Progress(*columns, console=console, disable=not shown, auto_refresh=False) as bar:
        task = bar.add_task("Notebooks", total=len(names))

        def told(name: str, state: str) -> None:
            if state == "started":
                return
            console.print(f"{'ok    ' if state == 'done' else 'failed'} {name}", highlight=False)
            bar.advance(task)
            bar.refresh()

        yield told
