"""Zip archives that are the same bytes on every machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date

NOON = (12, 0, 0)
PLAIN_FILE = 0o100644 << 16


def packed(parts: Mapping[str, str], *, day: date) -> bytes:
    """An archive of texts by name, in that order, dated at noon of a day.

    Nothing is compressed: what a compressor makes of a text differs between its versions.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, *NOON))
            info.create_system = 3
            info.external_attr = PLAIN_FILE
            archive.writestr(info, text.encode())
    return target.getvalue()
