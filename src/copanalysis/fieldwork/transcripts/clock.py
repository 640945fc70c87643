"""Times as transcripts write them, in seconds."""

from __future__ import annotations

import re

TIME = r"(?:\d{1,3}:)?[0-5]?\d:[0-5]\d(?:[.,]\d{1,3})?"
SET_OFF = rf"\[\s*{TIME}\s*\]|\(\s*{TIME}\s*\)|#\s*{TIME}(?:-\d)?\s*#"
MARK = rf"(?:{SET_OFF}|{TIME}(?=\s|$))"
ONLY_TIME = re.compile(rf"\s*(?P<mark>{MARK})(?:\s*(?:-|–|-->|tot)\s*{MARK})?\s*")
SET_OFF_FIRST = re.compile(rf"\s*(?P<mark>{SET_OFF})\s*")
TIME_FIRST = re.compile(rf"\s*(?P<mark>{MARK})[\s\-–]*")
HASH_LAST = re.compile(rf"(?P<mark>#\s*{TIME}(?:-\d)?\s*#)$")
DIGITS = re.compile(r"\d+(?::\d+)+(?:[.,]\d+)?")


def seconds(mark: str) -> float:
    """Seconds of "1:02:03", "00:12:31.250", "12:31" or one of these in brackets or hashes."""
    total = 0.0
    for part in DIGITS.search(mark)[0].replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(total, 3)
