"""Which instruments this process has used, so that a result knows what it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_used: set[str] = set()
_aside: list[bool] = []


def used() -> set[str]:
    """The names of what was used since the process began, or since `forget`."""
    return set(_used)


def forget() -> None:
    """Begin anew, in a process that goes on with other work."""
    _used.clear()


def note(name: str) -> None:
    """Say that something was used."""
    if not is_aside():
        _used.add(name)


@contextmanager
def aside() -> Iterator[None]:
    """What is used or read here says something of a result, and is not what it is made from."""
    _aside.append(True)
    try:
        yield
    finally:
        _aside.pop()


def is_aside() -> bool:
    """Whether what is read now is read aside."""
    return bool(_aside)


class Noted(dict):
    """A dictionary that notes each entry that is used, under ``prefix`` and its key."""

    def __init__(self, data: Mapping[str, Any], *, prefix: str) -> None:
        super().__init__(data)
        self.prefix = prefix

    def __getitem__(self, key: str) -> Any:
        note(self.prefix + key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The entry, or ``default``; noted also when there is none."""
        note(self.prefix + key)
        return super().get(key, default)

    def __iter__(self) -> Iterator[str]:
        for key in super().__iter__():
            note(self.prefix + key)
            yield key

    def values(self) -> list[Any]:
        """All entries, all noted."""
        return [self[key] for key in super().__iter__()]

    def items(self) -> list[tuple[str, Any]]:
        """All entries with their keys, all noted."""
        return [(key, self[key]) for key in super().__iter__()]
