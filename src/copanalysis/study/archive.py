"""Zip archives unpacked in memory with bounds: sizes are counted while unpacking, never trusted."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

from copanalysis.errors import CopanalysisError

MIB = 1024 * 1024
MAX_RATIO = 200  # unpacked : packed, looked at from RATIO_FROM on
RATIO_FROM = 8 * MIB
MAX_ENTRIES = 20_000
ENCRYPTED = 1
LOCAL_HEADER = struct.Struct("<4s22xHH")
UNSAFE_NAME = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|[\x00-\x1f]")


def unpack(
    data: bytes, *, where: str, wanted: Callable[[str], bool], most: int
) -> dict[str, bytes]:
    """The wanted entries of an archive by name, unpacked in memory; nothing goes to disk.

    Parameters
    ----------
    data : bytes
        The archive.
    where : str
        Its name, for messages.
    wanted : callable
        Tells by its name whether an entry is unpacked.
    most : int
        Bytes that all wanted entries together may unpack to.

    Raises
    ------
    CopanalysisError
        When any entry has an unsafe name, is a link, is locked or stands twice in the archive;
        when a wanted entry is damaged, differs from the size or checksum it states or is packed
        otherwise than stored or deflated; when ``most`` or MAX_RATIO is passed. Unpacking stops
        at the bound, it does not run past it.
    """
    unpacked: dict[str, bytes] = {}
    total = 0
    for info in _entries(data, where):
        if not info.is_dir() and wanted(info.filename):
            unpacked[info.filename] = _content(data, info, where, (most - total, most))
            total += len(unpacked[info.filename])
    return unpacked


def entry_names(data: bytes, *, where: str) -> tuple[str, ...]:
    """The names in an archive, checked as `unpack` does."""
    return tuple(info.filename for info in _entries(data, where))


def _entries(data: bytes, where: str) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise _damaged(where) from error
    names = [info.filename for info in entries]
    if len(entries) > MAX_ENTRIES:
        raise _refused(where, f"holds {len(entries)} entries, more than {MAX_ENTRIES}")
    if len(set(names)) < len(names):
        raise _refused(where, "holds two entries of one name")
    for info in entries:
        _check_entry(info, where)
    return entries


def _check_entry(info: zipfile.ZipInfo, where: str) -> None:
    if UNSAFE_NAME.search(info.orig_filename):
        raise _refused(where, "holds an entry whose name points outside the archive")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(where, "holds a link or device instead of a file")
    if info.flag_bits & ENCRYPTED:
        raise CopanalysisError(f"{where} is locked with a password; save a copy without one.")


def _content(data: bytes, info: zipfile.ZipInfo, where: str, bounds: tuple[int, int]) -> bytes:
    """One entry unpacked; ``bounds`` are the bytes left for it and those for all together."""
    room, most = bounds
    packed = _packed(data, info, where)
    if info.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        bound = min(room, max(RATIO_FROM, MAX_RATIO * len(packed)))
        content = _inflated(packed, where, (bound, most))
    else:
        raise _refused(where, f"is packed in an unusual way (method {info.compress_type})")
    if len(content) > room:
        raise _too_large(where, most)
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise _damaged(where)
    return content


def _packed(data: bytes, info: zipfile.ZipInfo, where: str) -> bytes:
    header = data[info.header_offset : info.header_offset + LOCAL_HEADER.size]
    if len(header) < LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise _damaged(where)
    _, name_length, extra_length = LOCAL_HEADER.unpack(header)
    start = info.header_offset + LOCAL_HEADER.size + name_length + extra_length
    packed = data[start : start + info.compress_size]
    if len(packed) < info.compress_size:
        raise _damaged(where)
    return packed


def _inflated(packed: bytes, where: str, bounds: tuple[int, int]) -> bytes:
    bound, most = bounds
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = machine.decompress(packed, bound + 1)
    except zlib.error as error:
        raise _damaged(where) from error
    if len(content) > bound:
        raise _too_large(where, most)
    if not machine.eof:
        raise _damaged(where)
    return content


def _damaged(where: str) -> CopanalysisError:
    return CopanalysisError(
        f"{where} is a damaged or incomplete archive; save or copy the file again."
    )


def _too_large(where: str, most: int) -> CopanalysisError:
    bounds = f"more than {most // MIB} MiB, or more than {MAX_RATIO} times its packed size"
    return _refused(where, f"unpacks to far more than a file of its kind holds: {bounds}")


def _refused(where: str, what: str) -> CopanalysisError:
    return CopanalysisError(f"{where} {what}. It is refused; use the file as its program saved it.")
