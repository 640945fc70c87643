"""What a notebook asked of its chapter, in order: enough to make the page again without cells."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from copanalysis.study.usage import used

if TYPE_CHECKING:
    from copanalysis.report.chapter import Chapter

Given = ParamSpec("Given")
CALL = "copanalysis_call"  # in the metadata of an output: the number of the call that showed it


@dataclass(frozen=True)
class Call:
    """One thing asked: the method of the chapter, what it was given, and the cell that asked."""

    method: str
    given: Sequence[Any]
    named: Mapping[str, Any]
    cell: Mapping[str, Any]


class Journal:
    """The calls of a chapter, each as it was when it came: what the notebook does later with a
    table that it gave does not change it.

    It is not ``whole`` when something cannot be kept, such as a function of the notebook itself,
    or when the notebook looked at a table as released and may have gone by what it shows.
    ``current`` is the number of the call that is being done, from 1; 0 between calls.
    """

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self.whole = True
        self.current = 0

    def note(self, call: Call) -> None:
        """Keep a call."""
        own = [v for v in (*call.given, *call.named.values()) if _of_the_notebook(v)]
        given = [_as_defined(value) for value in call.given]
        try:
            self.calls.append(pickle.dumps(replace(call, given=given)))
        except (pickle.PicklingError, AttributeError, TypeError):
            self.calls.append(b"")
            own.append(call)
        self.whole = self.whole and not own


@dataclass(frozen=True)
class Left:
    """What a closed chapter leaves: its name, its parameters, its calls, and of what it read the
    files with their hashes, the origins of their folders and the names of the instruments."""

    notebook: str
    parameters: Mapping[str, Any]
    calls: Sequence[bytes]
    files: Mapping[str, str]
    origins: Mapping[str, Mapping[str, Any]]
    instruments: frozenset[str]


def left_of(chapter: Chapter) -> bytes:
    """What a chapter leaves, pickled; b"" when its page cannot be made again from that."""
    if not chapter.journal.whole:
        return b""
    page, data = chapter.page, chapter.data
    calls, read = chapter.journal.calls, (data.files, data.origins)
    return pickle.dumps(Left(page.notebook, page.parameters, calls, *read, frozenset(used())))


def journaled(
    method: Callable[Concatenate[Chapter, Given], None],
) -> Callable[Concatenate[Chapter, Given], None]:
    """A method of the chapter whose calls are noted."""

    @wraps(method)
    def noted(chapter: Chapter, *given: Given.args, **named: Given.kwargs) -> None:
        cell = chapter.source_cells.current
        chapter.journal.note(Call(method.__name__, given, named, cell))
        chapter.journal.current = len(chapter.journal.calls)
        try:
            method(chapter, *given, **named)
        finally:
            chapter.journal.current = 0

    return noted


def _as_defined(value: Any) -> Any:
    """A function as its module has it; what `copanalysis` hands out also notes steps."""
    if not hasattr(value, "__wrapped__"):
        return value
    return getattr(sys.modules[value.__module__], value.__name__)


def _of_the_notebook(value: Any) -> bool:
    return getattr(value, "__module__", "") == "__main__"
