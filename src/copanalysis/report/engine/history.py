"""What each run was made from and what it made, so that only what changed runs again."""

from __future__ import annotations

import hashlib
import json
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from copanalysis.report.disclosure.places import PRIVATE
from copanalysis.study.fingerprint import code_hash, instrument_hash, kept_hash, source_hash
from copanalysis.study.instruments import FOLDER

SUFFIX = ".run.json"
NOTEBOOK_CHANGED = "its notebook changed"
COUNTS = f"{PRIVATE}/counts/"
Hashes = Mapping[str, str]


@dataclass(frozen=True)
class Made:
    """One run: the hashes of its cells, of the code of this package and of the installed
    packages, its parameters, the hashes of what it read and of what it wrote, its seconds."""

    source: str
    code: str
    packages: str
    parameters: Mapping[str, object]
    inputs: Hashes
    outputs: Hashes
    seconds: float


class Fingerprints:
    """The hashes of a project as it lies there now, each found out once.

    Names are paths from the project folder; with "/" at the end they stand for the names in a
    folder, and those under data/instruments are as `instrument_hash` takes them.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.of = cache(self._of)
        self.source = cache(source_hash)

    @property
    def code(self) -> str:
        """The hash of this package."""
        return code_hash()

    @property
    def packages(self) -> str:
        """The hash of the names and versions of all installed packages, and of Python."""
        return _packages()

    def everything(self) -> list[str]:
        """All data of the project: what a run may have read of which nothing is known. The
        counts that pages leave for disclosure control are read by no notebook."""
        files = (p for p in sorted((self.root / "data").rglob("*")) if p.is_file())
        names = [path.relative_to(self.root).as_posix() for path in files]
        return [name for name in names if not name.startswith(COUNTS)]

    def _of(self, name: str) -> str:
        if name.startswith(f"{FOLDER}/"):
            return instrument_hash(self.root, name.removeprefix(f"{FOLDER}/"))
        path = self.root / name
        if name.endswith("/"):
            names = sorted(p.name for p in path.iterdir()) if path.is_dir() else [""]
            return hashlib.sha256("\n".join(names).encode()).hexdigest()
        return kept_hash(path) if path.is_file() else ""


@cache  # of a process, and with it of its forks: what was there when it began
def _packages() -> str:
    place = Path(sysconfig.get_path("purelib"))
    names = sorted(path.name for path in place.glob("*.dist-info"))
    return hashlib.sha256("\n".join([sys.version, *names]).encode()).hexdigest()


def reasons(
    made: Made | None, now: Fingerprints, *, source: str, parameters: Mapping
) -> Iterator[str]:
    """Why something has to be made again, one by one; none when it still follows from what lies
    there. ``source`` and ``parameters`` are those that it would be made with."""
    if made is None:
        yield "it has no result yet"
        return
    if made.source != source:
        yield NOTEBOOK_CHANGED
    for name in sorted({*made.parameters, *parameters}):
        if made.parameters.get(name) != parameters.get(name):
            yield f"parameter {name} changed"
    if made.code != now.code:
        yield "copanalysis changed"
    if made.packages != now.packages:
        yield "Python or an installed package changed"
    yield from _differences(made.inputs, now, "changed")
    yield from _differences(made.outputs, now, "is not as it was written")


def _differences(were: Hashes, now: Fingerprints, word: str) -> Iterator[str]:
    for name, was in were.items():
        is_now = now.of(name)
        if is_now != was:
            yield f"{name} {word if is_now else 'is gone'}"


def read_made(output: Path) -> Made | None:
    """What is known of the run that wrote this executed notebook; None when nothing is."""
    path = output.with_suffix(SUFFIX)
    if not path.is_file():
        return None
    try:
        return Made(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):  # of another version, or cut off
        return None


def write_made(output: Path, made: Made) -> None:
    """Keep it beside the executed notebook, whole or not at all."""
    write_whole(output.with_suffix(SUFFIX), json.dumps(asdict(made), ensure_ascii=False, indent=1))


def write_whole(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def marks(places: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """The files in folders, and files, each with what changes when it is written again."""
    files = [path for place in places for path in (place, *place.rglob("*")) if path.is_file()]
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}
