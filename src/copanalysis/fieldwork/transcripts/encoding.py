"""The bytes of a text file turned into text, with what was decided about the encoding."""

from __future__ import annotations

import re

from copanalysis.errors import CopanalysisError, Problem

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
HEAD = 4096
MOSTLY, HARDLY = 0.6, 0.05  # share of NUL bytes that tells the two halves of UTF-16 apart
TWICE = re.compile("[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u2122]")


def decoded(data: bytes, *, name: str) -> tuple[str, list[Problem]]:
    """The text of UTF-8, UTF-16 (with or without a mark) or Windows-1252, and what to look at.

    Raises CopanalysisError for a file that is cut short, or is no text at all.
    """
    encoding = next((known for mark, known in MARKS if data.startswith(mark)), "")
    encoding = encoding or _unmarked_utf16(data) or "utf-8"
    problems: list[Problem] = []
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if encoding != "utf-8" or _is_cut_short(data, error):
            raise CopanalysisError(
                f"{name} breaks off in the middle of a letter: it is damaged or cut short. "
                "Copy or save it again."
            ) from error
        text, problems = _windows(data, name), [_windows_note(name)]
    if "\x00" in text:
        raise CopanalysisError(f"{name} holds NUL characters, so it is no text file.")
    if TWICE.search(text):
        problems.append(_twice(name))
    return text, problems


def _unmarked_utf16(data: bytes) -> str:
    head = data[: min(HEAD, len(data) // 2 * 2)]
    if not head or len(data) % 2:
        return ""
    even, odd = head[::2].count(0) / len(head) * 2, head[1::2].count(0) / len(head) * 2
    if odd > MOSTLY and even < HARDLY:
        return "utf-16-le"
    return "utf-16-be" if even > MOSTLY and odd < HARDLY else ""


def _is_cut_short(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether it is good UTF-8, with more than plain letters, up to the broken end."""
    return error.reason == "unexpected end of data" and not data[: error.start].isascii()


def _windows(data: bytes, name: str) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise CopanalysisError(
            f"{name} is neither UTF-8, UTF-16 nor Windows-1252 (byte {error.start}). "
            "Save it again as text in UTF-8."
        ) from error


def _windows_note(name: str) -> Problem:
    fix = "look whether letters with accents are right; if not, save it again as UTF-8"
    return Problem(name, "bytes that are not UTF-8, read as Windows-1252", "UTF-8", fix, "note")


def _twice(name: str) -> Problem:
    return Problem(
        name,
        "letters with accents that were encoded twice",
        "words such as Fryslân written right",
        "make the file again from its source",
        "warning",
    )
