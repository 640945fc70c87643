"""The key on disk: a CSV outside the project that only its owner can read."""

from __future__ import annotations

import csv
import io
import os
import stat
import tempfile
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.fieldwork.pseudonyms.key import PARTS, Entry, Key
from copanalysis.study.privacy.findings import DUTCH

COLUMNS = ("pseudonym", "kind", "form", "document")
PRIVATE = stat.S_IRUSR | stat.S_IWUSR


def check_key_place(path: Path, *, project: Path) -> None:
    """Refuse a key inside the project, whatever links lead there.

    Raises CopanalysisError when the path as written, or the file that it leads to, lies in the
    project; when the file has a second name (a hard link) that may lie there; when its folder
    does not exist, or it is no plain file.
    """
    real = path.resolve()
    places = (Path(os.path.abspath(path)), real)
    roots = (Path(os.path.abspath(project)), project.resolve())
    inside = any(place.is_relative_to(root) for place in places for root in roots)
    if inside:
        raise CopanalysisError(
            "The key would lie inside the project folder, where it can be shared by accident. "
            "Name a file elsewhere, on a place that only you can read."
        )
    if not real.parent.is_dir():
        raise CopanalysisError("The folder for the key does not exist; make it first.")
    if path.is_symlink() and not real.exists():
        raise CopanalysisError("The key is a link that leads nowhere; name the file itself.")
    if not real.exists():
        return
    if not real.is_file():
        raise CopanalysisError("The key is not a file; name a file ending in .csv.")
    if real.stat().st_nlink > 1:
        raise CopanalysisError(
            "The key has a second name on the disk (a hard link), which may lie in the project. "
            "Copy it to a file of its own and remove the link."
        )


def read_key(path: Path) -> Key:
    """Read a key; an empty one when the file is not there yet.

    Raises CopanalysisError with every row that is not sound, told by its line, not its content.
    """
    if not path.exists():
        return Key()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CopanalysisError("The key is not UTF-8; save it as CSV UTF-8.") from error
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;", key=first.count))
    if tuple(next(rows, ())) != COLUMNS:
        raise CopanalysisError(
            f"The key does not begin with the columns {', '.join(COLUMNS)}; is it another file?"
        )
    entries, problems = [], []
    for cells in rows:
        where = f"key, line {rows.line_num}"
        found = _entry_problems(cells, where)
        problems += found
        entries += [] if found or not cells else [Entry(*cells)]
    refuse_if_any("The key is not sound", [*problems, *_contradictions(entries)])
    return Key(tuple(entries))


def key_bytes(key: Key) -> bytes:
    """A key as its file holds it (UTF-8 with a mark, for spreadsheets)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((e.pseudonym, e.kind, e.form, e.document) for e in key.entries)
    return out.getvalue().encode("utf-8-sig")


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read (mode 600), whole or not at all."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".key-")  # made with mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, PRIVATE)
        os.replace(name, target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _entry_problems(cells: list[str], where: str) -> list[Problem]:
    if not cells:
        return []
    fix = "restore the row from a copy of the key"
    if len(cells) != len(COLUMNS):
        return [Problem(where, f"{len(cells)} cells", f"{len(COLUMNS)} cells", fix)]
    problems = []
    if not PARTS.fullmatch(cells[0]):
        problems.append(Problem(where, "no pseudonym", "one such as persoon-07", fix))
    if cells[1] not in DUTCH:
        problems.append(Problem(where, "an unknown kind", " or ".join(DUTCH), fix))
    if not cells[2].strip():
        problems.append(Problem(where, "no form", "the name as written", fix))
    return problems


def _contradictions(entries: list[Entry]) -> list[Problem]:
    problems, forms, kinds = [], {}, {}
    for line, entry in enumerate(entries, 2):
        if forms.setdefault(entry.place, entry.pseudonym) != entry.pseudonym:
            found = "a form that has another pseudonym above"
            fix = "keep one of the two rows"
            problems.append(Problem(f"key, row {line}", found, "one pseudonym per form", fix))
        if kinds.setdefault(entry.pseudonym, entry.kind) != entry.kind:
            found = "a pseudonym that is of another kind above"
            fix = "correct the kind"
            problems.append(Problem(f"key, row {line}", found, "one kind per pseudonym", fix))
    return problems
