"""Files and folders of transcripts pseudonymised: whole, or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.fieldwork.pseudonyms.cast import Doubt
from copanalysis.fieldwork.pseudonyms.deduction import Finder
from copanalysis.fieldwork.pseudonyms.key import Key
from copanalysis.fieldwork.pseudonyms.keyfile import (
    check_key_place,
    key_bytes,
    read_key,
    write_private,
)
from copanalysis.fieldwork.pseudonyms.sources import Source, source_of
from copanalysis.fieldwork.pseudonyms.texts import (
    Pseudonymised,
    pseudonymise_names,
    pseudonymise_sources,
)
from copanalysis.study.privacy.full_names import KnownNames

# .doc and .rtf are refused with what to do about it, not left out.
TRANSCRIPTS = (".docx", ".odt", ".txt", ".pdf", ".vtt", ".srt", ".doc", ".rtf")


@dataclass(frozen=True)
class PseudonymReport:
    """What was done, without a name in it.

    ``replaced`` has a row per file and kind: file (as written), kind ("speaker": a label), n.
    ``notes`` tell of files left out, and of people who were linked or kept apart on little.
    ``new`` counts the entries that the key gained.
    """

    replaced: pd.DataFrame
    notes: tuple[Problem, ...]
    new: int


def pseudonymise_files(
    source: Path,
    out: Path,
    *,
    key_path: Path,
    project: Path,
    names: KnownNames,
    finder: Finder | None,
    roles: Mapping[str, str] | None = None,
) -> PseudonymReport:
    """Write transcripts with pseudonyms in the place of what identifies a person.

    Parameters
    ----------
    source : Path
        A transcript, or a folder of them, subfolders included. Formats: see `read_transcript`.
    out : Path
        The file or folder to write; it must not exist (an empty folder may). VTT, SRT and plain
        text keep their form, with every time as it was, in UTF-8; Word, OpenDocument and PDF
        become plain text with a line "SPEAKER: text" per turn, without lay-out and comments.
        Names in names of files and folders are replaced as well.
    key_path : Path
        The key (CSV), outside ``project``; made when it is not there, else kept to and extended.
    project : Path
        The project folder.
    names : KnownNames
        People to look for besides the speakers and the people in the key, and names that are
        never an identifier.
    finder : Finder or None
        Made by `deduce_finder`; None leaves it to rules and names.
    roles : mapping of str to str, optional
        Speakers who are known to be interviewers: see `read_transcript`. Without a role a
        speaker is "persoon", not "interviewer" or "respondent".

    Returns
    -------
    PseudonymReport

    Raises
    ------
    CopanalysisError
        With every problem found: a key inside the project, a file that is no transcript, a link,
        something in the way at ``out``. Then nothing is written, and the key is as it was.
    """
    source, out, key_path = Path(source), Path(out), Path(key_path)
    check_key_place(key_path, project=project)
    _check_ways(source, out, key_path)
    found = _content(key_path)
    before = read_key(key_path)
    sources, left = _sources(source, roles)
    done = pseudonymise_sources(sources, key=before, names=names, finder=finder)
    targets, key = _targets(sources, done, names, source, out)
    files = {target: done.texts[document] for document, target in targets.items()}
    if _content(key_path) != found:
        raise CopanalysisError("The key was changed meanwhile; nothing was done. Run again.")
    _write(files, out, key_path=key_path, data=key_bytes(key))
    told = {document: target.name for document, target in targets.items()}
    new = len(key.entries) - len(before.entries)
    return PseudonymReport(_table(done, told), (*left, *_notes(done.doubts, told)), new)


def _check_ways(source: Path, out: Path, key_path: Path) -> None:
    """Refuse when one of the three lies in the way of another."""
    if not source.exists():
        raise CopanalysisError(f"{source} does not exist.")
    here, there, key = source.resolve(), out.resolve(), key_path.resolve()
    problems = []
    if out.is_symlink() or (out.exists() and not (out.is_dir() and _is_empty(out))):
        fix = "remove it when it may go, or name another place"
        problems.append(Problem(str(out), "something that is there", "a new file or folder", fix))
    if not there.parent.is_dir():
        problems.append(Problem(str(out.parent), "no such folder", "a folder", "make it first"))
    if there.is_relative_to(here) or here.is_relative_to(there):
        fix = "name a place beside it"
        problems.append(Problem(str(out), "a place within the source", "another place", fix))
    if key.is_relative_to(here) or key.is_relative_to(there):
        fix = "keep the key elsewhere"
        problems.append(Problem("the key", "with the transcripts", "a place of its own", fix))
    refuse_if_any("Nothing was pseudonymised", problems)


def _is_empty(folder: Path) -> bool:
    return next(folder.iterdir(), None) is None


def _sources(source: Path, roles: Mapping[str, str] | None) -> tuple[list[Source], list[Problem]]:
    """Read every transcript; all problems in one refusal. Other files are left out, and told."""
    paths, others = ([source], []) if source.is_file() else _paths(source)
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in paths:
        id = path.stem if path == source else path.relative_to(source).with_suffix("").as_posix()
        try:
            if path.is_symlink():
                raise CopanalysisError("A link is not followed; put the file itself there.")
            sources.append(source_of(path, id=id, roles=roles))
        except CopanalysisError as error:
            fix = "mend it, or take it out of the folder"
            problems.append(Problem(path.name, error.summary, "a transcript", fix))
    ids = [read.id for read in sources]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        found = "two files that differ only in their ending"
        problems.append(Problem(id, found, "one file of a name", "rename one of them"))
    refuse_if_any("Nothing was pseudonymised", problems)
    if not sources:
        raise CopanalysisError(f"{source.name} holds no transcripts; nothing was pseudonymised.")
    return sources, [_left_out(path.relative_to(source).as_posix()) for path in others]


def _paths(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files of a folder that look like transcripts, and the others that people made."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    made = [path for path in found if not path.name.startswith((".", "~$"))]
    transcripts = [path for path in made if path.suffix.lower() in TRANSCRIPTS]
    return transcripts, [path for path in made if path not in set(transcripts)]


def _left_out(where: str) -> Problem:
    fix = "nothing when it belongs there; else look at the name"
    return Problem(where, "no transcript by its name; left out", "a transcript", fix, "note")


def _targets(
    sources: Sequence[Source], done: Pseudonymised, names: KnownNames, source: Path, out: Path
) -> tuple[dict[str, Path], Key]:
    """Where each document goes, and the key with what the names of files added to it."""
    if source.is_file():
        only = sources[0]
        if out.suffix.lower() != only.suffix:
            found = f"a name that ends in {out.suffix or 'nothing'}"
            fix = f"name it {out.stem}{only.suffix}"
            refuse_if_any("Nothing was pseudonymised", [Problem(str(out), found, only.suffix, fix)])
        return {only.id: out}, done.key
    named, key = pseudonymise_names([read.id for read in sources], done=done, names=names)
    targets = {
        read.id: out
        / PurePosixPath(named[read.id]).with_name(PurePosixPath(named[read.id]).name + read.suffix)
        for read in sources
    }
    return targets, key


def _write(files: dict[Path, str], out: Path, *, key_path: Path, data: bytes) -> None:
    """Write the key, then put everything in its place in one move; undo both on a failure."""
    staged = out.parent / f".{out.name}-{uuid.uuid4().hex}"
    before = _content(key_path)
    try:
        for path, text in files.items():
            target = staged / path.relative_to(out) if path != out else staged
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8"))
        write_private(key_path, data)
        if out.is_dir():
            out.rmdir()
        os.replace(staged, out)
    except BaseException as error:
        _undo(staged, key_path, before)
        if isinstance(error, OSError):
            why = error.strerror or type(error).__name__
            raise CopanalysisError(f"Writing failed ({why}); nothing was changed.") from error
        raise


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _undo(staged: Path, key_path: Path, before: bytes | None) -> None:
    if staged.is_dir():
        shutil.rmtree(staged)
    else:
        staged.unlink(missing_ok=True)
    if before is None:
        key_path.unlink(missing_ok=True)
    elif key_path.read_bytes() != before:
        write_private(key_path, before)


def _table(done: Pseudonymised, told: dict[str, str]) -> pd.DataFrame:
    counts = Counter((told[id], change.kind) for id, own in done.changes.items() for change in own)
    rows = sorted((file, kind, n) for (file, kind), n in counts.items())
    return pd.DataFrame(rows, columns=["file", "kind", "n"]).astype(
        {"file": "string", "kind": "string", "n": "int64"}
    )


def _notes(doubts: Iterable[Doubt], told: dict[str, str]) -> tuple[Problem, ...]:
    """A note per reason to doubt, with everybody whom it is about."""
    fix = "look in the key; give the row another pseudonym there and run again"
    about: dict[str, list[str]] = {}
    for doubt in doubts:
        about.setdefault(doubt.reason, []).append(f"{told[doubt.document]} {doubt.pseudonym}")
    return tuple(
        Problem(", ".join(places), reason, "a full name in the same document", fix, "note")
        for reason, places in about.items()
    )
