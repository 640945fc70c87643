"""The zip around a project, opened with bounds: names checked, sizes counted, nothing on disk."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from copanalysis.errors import CopanalysisError

MIB = 1024 * 1024
MAX_ENTRIES = 20_000
MAX_UNPACKED = 512 * MIB  # project.qde and all texts together; media are never unpacked
MAX_RATIO = 200  # unpacked : packed, looked at from RATIO_FROM on
RATIO_FROM = 8 * MIB
CHUNK = MIB
UNSAFE_NAME = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|[\x00-\x1f]")
LOCAL_HEADER = struct.Struct("<4s22xHH")
ENCRYPTED = 1


@dataclass
class Archive:
    """The entries of a checked zip by folded name, and how much was unpacked so far."""

    path: Path
    entries: dict[str, zipfile.ZipInfo]
    unpacked: int = field(default=0)

    def read(self, name: str) -> bytes | None:
        """One entry in memory, whatever the case of its name; None when there is none.

        Raises CopanalysisError when the entry is damaged, differs from the size or checksum it
        states, is packed otherwise than stored or deflated, or passes a bound.
        """
        info = self.entries.get(folded(name))
        if info is None:
            return None
        content = _content(self.path, info, MAX_UNPACKED - self.unpacked)
        self.unpacked += len(content)
        return content


def open_archive(path: Path) -> Archive:
    """The zip at ``path``, refused as a whole when any entry is unsafe, locked or repeated."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise _damaged(path) from error
    if len(infos) > MAX_ENTRIES:
        raise _refused(path, f"holds {len(infos)} entries, more than {MAX_ENTRIES}")
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        _check_entry(path, info)
        key = folded(info.orig_filename)
        if key in entries:
            raise _refused(path, f"holds two entries named {info.orig_filename!r}")
        entries[key] = info
    return Archive(path, {k: i for k, i in entries.items() if not k.endswith("/")})


def folded(name: str) -> str:
    """The name an entry is looked up by: some tools write backslashes or another case."""
    return name.replace("\\", "/").casefold()


def _check_entry(path: Path, info: zipfile.ZipInfo) -> None:
    if UNSAFE_NAME.search(info.orig_filename):
        raise _refused(path, f"holds an entry that points outside it: {info.orig_filename!r}")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(path, f"holds a link or device instead of a file: {info.orig_filename!r}")
    if info.flag_bits & ENCRYPTED:
        raise _refused(path, f"holds an entry locked with a password: {info.orig_filename!r}")


def _content(path: Path, info: zipfile.ZipInfo, room: int) -> bytes:
    packed = _packed(path, info)
    if info.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflated(path, packed, room)
    else:
        raise _refused(path, f"is packed with the unusual method {info.compress_type}")
    if len(content) > room:
        raise _too_large(path)
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise _damaged(path)
    return content


def _packed(path: Path, info: zipfile.ZipInfo) -> bytes:
    if info.compress_size > MAX_UNPACKED:
        raise _too_large(path)
    if info.header_offset < 0:
        raise _damaged(path)
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(LOCAL_HEADER.size)
        if len(header) < LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise _damaged(path)
        _, name_length, extra_length = LOCAL_HEADER.unpack(header)
        file.seek(name_length + extra_length, 1)
        packed = file.read(info.compress_size)
    if len(packed) < info.compress_size:
        raise _damaged(path)
    return packed


def _inflated(path: Path, packed: bytes, room: int) -> bytes:
    """Unpacks chunk by chunk and stops at the bound, whatever size the entry states."""
    bound = min(room, max(RATIO_FROM, MAX_RATIO * len(packed)))
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    parts, size, rest = [], 0, packed
    try:
        while not machine.eof:
            part = machine.decompress(rest, CHUNK)
            rest = machine.unconsumed_tail
            size += len(part)
            if size > bound:
                raise _too_large(path)
            if not part and not rest:  # all input used, and no end mark seen
                raise _damaged(path)
            parts.append(part)
    except zlib.error as error:
        raise _damaged(path) from error
    return b"".join(parts)


def _damaged(path: Path) -> CopanalysisError:
    return CopanalysisError(
        f"{path.name} is a damaged or incomplete archive. "
        "Export the project again from the analysis tool, or copy the file again."
    )


def _too_large(path: Path) -> CopanalysisError:
    return _refused(
        path,
        f"unpacks to more than {MAX_UNPACKED // MIB} MiB of text, "
        f"or to more than {MAX_RATIO} times its own size",
    )


def _refused(path: Path, what: str) -> CopanalysisError:
    return CopanalysisError(
        f"{path.name} {what}, which no REFI-QDA project does. It is refused, and nothing of it "
        "was written to disk; export the project again from the analysis tool."
    )
