"""What a survey archive (xlsx, lsa) may unpack to, and the checked parts as a fresh archive."""

from __future__ import annotations

import io
import zipfile

from copanalysis.study.archive import MIB

MAX_UNPACKED = 512 * MIB  # all wanted entries together


def stored_zip(entries: dict[str, bytes]) -> io.BytesIO:
    """A fresh archive in memory of entries that were checked, so that a reader sees only those."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    target.seek(0)
    return target
