"""Zip archives (xlsx, lsa) opened with bounds: sizes counted while unpacking, never trusted."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

from copanalysis.errors import CopanalysisError

MIB = 1024 * 1024
MAX_UNPACKED = 512 * MIB  # all wanted entries together
MAX_RATIO = 200  # unpacked : packed, looked at from RATIO_FROM on
RATIO_FROM = 16 * MIB
MAX_ENTRIES = 5_000
CHUNK = 1 * MIB
LOCAL_HEADER = 30
UNSAFE_NAME = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|[\x00-\x1f]")


def entry_names(data: bytes, *, where: str) -> tuple[str, ...]:
    """The names in an archive, or a CopanalysisError when it is damaged or unsafe."""
    return tuple(info.filename for info in _entries(data, where))


def unpack(data: bytes, *, where: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The wanted entries of an archive by name, unpacked in memory.

    Raises CopanalysisError when an entry is encrypted, is packed otherwise than deflate or
    stored, differs from the size or checksum it states, or when together they pass
    MAX_UNPACKED or MAX_RATIO. Unpacking stops at the bound, it does not run past it.
    """
    unpacked: dict[str, bytes] = {}
    total = packed = 0
    for info in _entries(data, where):
        if info.is_dir() or not wanted(info.filename):
            continue
        content = _content(data, info, where, MAX_UNPACKED - total)
        total += len(content)
        packed += info.compress_size
        if total > RATIO_FROM and total > MAX_RATIO * packed:
            raise _too_large(where)
        unpacked[info.filename] = content
    return unpacked


def stored_zip(entries: dict[str, bytes]) -> io.BytesIO:
    """A fresh archive in memory of entries that were checked, so that a reader sees only those."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    target.seek(0)
    return target


def _entries(data: bytes, where: str) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise _damaged(where) from error
    names = [info.filename for info in entries]
    if len(entries) > MAX_ENTRIES or len(set(names)) < len(names):
        raise CopanalysisError(
            f"{where} holds {len(entries)} entries, or two of one name, which no survey export "
            "does. It is refused; export it again from the survey tool."
        )
    if any(UNSAFE_NAME.search(info.orig_filename) for info in entries):
        raise CopanalysisError(
            f"{where} holds an entry whose name points outside the archive. It is refused; "
            "use the file as the survey tool made it."
        )
    return entries


def _content(data: bytes, info: zipfile.ZipInfo, where: str, room: int) -> bytes:
    if info.flag_bits & 1:
        raise CopanalysisError(
            f"{where} is locked with a password. Save a copy without a password and read that."
        )
    packed = _packed_bytes(data, info, where)
    if info.compress_type == zipfile.ZIP_STORED:
        content = packed
        if len(content) > room:
            raise _too_large(where)
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflated(packed, where, room)
    else:
        raise CopanalysisError(
            f"{where} is packed in an unusual way (method {info.compress_type}). "
            "Open it in Excel and save it again as .xlsx."
        )
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise _damaged(where)
    return content


def _packed_bytes(data: bytes, info: zipfile.ZipInfo, where: str) -> bytes:
    header = data[info.header_offset : info.header_offset + LOCAL_HEADER]
    if len(header) < LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise _damaged(where)
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    start = info.header_offset + LOCAL_HEADER + name_length + extra_length
    packed = data[start : start + info.compress_size]
    if len(packed) < info.compress_size:
        raise _damaged(where)
    return packed


def _inflated(packed: bytes, where: str, room: int) -> bytes:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    parts, size, rest = [], 0, packed
    try:
        while rest and not machine.eof:
            part = machine.decompress(rest, CHUNK)
            size += len(part)
            if size > room:
                raise _too_large(where)
            parts.append(part)
            rest = machine.unconsumed_tail
    except zlib.error as error:
        raise _damaged(where) from error
    if not machine.eof:
        raise _damaged(where)
    return b"".join(parts)


def _damaged(where: str) -> CopanalysisError:
    return CopanalysisError(
        f"{where} is a damaged or incomplete archive. Export or copy it again from the survey tool."
    )


def _too_large(where: str) -> CopanalysisError:
    return CopanalysisError(
        f"{where} unpacks to more than {MAX_UNPACKED // MIB} MiB, or to more than {MAX_RATIO} "
        "times its own size, which no survey export does. It is refused."
    )
