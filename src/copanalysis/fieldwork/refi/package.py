"""A file as it lies on disk: a .qdpx archive, or a .qde or .qdc with its sources beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.refi.archive import MAX_UNPACKED, open_archive

SOURCES = "sources"
UNSAFE_PATH = re.compile(r"(^|/)\.\.?(/|$)|\\|^/|:|[\x00-\x1f]|//")


@dataclass(frozen=True)
class Package:
    """The XML of a project or codebook and a reader of its source files.

    ``where`` names the XML in messages ("P.qdpx, project.qde"); ``source`` gives the bytes of
    a file in the sources folder, None when it is not there.
    """

    path: Path
    format: str
    where: str
    xml: bytes
    source: Callable[[str], bytes | None]


def open_package(path: Path) -> Package:
    """Open a .qdpx, .qde or .qdc; what it is, is told by its content."""
    path = Path(path)
    if not path.is_file():
        raise CopanalysisError(f"{path} is not a file.")
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(b"PK"):
        return _archived(path)
    if not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise CopanalysisError(
            f"{path.name} is no REFI-QDA file: it is neither a zip archive (.qdpx) nor XML "
            "(.qde, .qdc). Export the project as REFI-QDA from the analysis tool."
        )
    if path.stat().st_size > MAX_UNPACKED:
        raise CopanalysisError(f"{path.name} is larger than any REFI-QDA file; it is refused.")
    return Package(path, path.suffix[1:].lower(), path.name, path.read_bytes(), _beside(path))


def leaves_the_sources(name: str) -> bool:
    """Whether a name behind internal:// points out of the sources folder."""
    return UNSAFE_PATH.search(name) is not None


def _archived(path: Path) -> Package:
    archive = open_archive(path)
    roots = [name for name in archive.entries if "/" not in name and name.endswith(".qde")]
    name = "project.qde" if "project.qde" in roots else None
    if name is None and len(roots) == 1:
        name = roots[0]
    if name is None:
        raise CopanalysisError(
            f"{path.name} is a zip archive without project.qde, so no REFI-QDA project. "
            "Export the project as REFI-QDA from the analysis tool."
        )
    xml = archive.read(name) or b""
    return Package(
        path,
        "qdpx",
        f"{path.name}, {archive.entries[name].filename}",
        xml,
        lambda source: archive.read(f"{SOURCES}/{source}"),
    )


def _beside(path: Path) -> Callable[[str], bytes | None]:
    """Reads the sources of an unpacked project: plain files in the folder beside the .qde."""

    def read(name: str) -> bytes | None:
        for folder in (path.parent.resolve() / f for f in (SOURCES, SOURCES.capitalize())):
            file = (folder / name).resolve()
            if file.is_file() and file.is_relative_to(folder):  # a link leads nowhere else
                break
        else:
            return None
        if file.stat().st_size > MAX_UNPACKED:
            raise CopanalysisError(f"{file.name} is too large for a text; it is refused.")
        return file.read_bytes()

    return read
