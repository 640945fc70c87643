"""Frozen releases: a report made from scratch, checked, and kept whole or not at all."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any
from copanalysis.report.numbers import NBSP, show
from copanalysis.report.outputs import commit_of, read_manifests, releases_folder
from copanalysis.report.page_rules import page_problems
from copanalysis.report.staleness import present
from copanalysis.report.untold import untold_problems
from copanalysis.study.fingerprint import code_hash, file_hash
from copanalysis.study.plan import Study

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
MANIFEST, NOTE = "release.json", "LEESMIJ.txt"
REFUSED = "copanalysis: "  # what the command line begins a refusal with
KEPT = ("site", "downloads", "pages")
NOT_KEPT = ("made_from.json", "objects.json")
SYNTHETIC = (
    "Alles in deze map is gemaakt van de synthetische tweeling: antwoorden, gesprekken en\n"
    "registers zijn verzonnen. De uitkomsten zijn geen bevindingen."
)
REAL = "De uitkomsten in deze map komen van echte gegevens."


def freeze(
    study: Study, name: str, *, make: Callable[[Path], None], settings: Sequence[str] = ()
) -> Path:
    """Make the report anew in an empty project, check it, and keep it as reports/releases/NAME.

    ``make`` is given the root of a copy of the project that holds its instruments, notebooks
    and raw files and nothing made of them; it makes the report there and checks it with the
    commands that do. ``settings`` are written into the manifest (which parameters were set).

    A release never changes: making it again must give the same files, byte for byte.

    Returns
    -------
    Path
        The folder, with site, downloads, pages (manifests, tables and figures), release.json
        (inputs, outputs, environment) and LEESMIJ.txt.

    Raises
    ------
    CopanalysisError
        For a name that cannot be a folder, for everything that is not in order, and when a
        release of this name exists and differs.
    """
    if not NAME.fullmatch(name):
        problem = Problem("release", repr(name), "letters, digits, . _ -", "choose another name")
        raise CopanalysisError("This release cannot be made.", [problem])
    target = releases_folder(study.root) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".release-") as folder:
        root, kept = Path(folder) / "project", Path(folder) / "release"
        _copy_project(study.root, root)
        make(root)
        _keep(root / "reports", kept)
        refuse_if_any("This release is not in order", _problems(root, kept))
        _describe(study, name, root, kept, settings)
        if target.exists():
            refuse_if_any(f"Release {name} is frozen", _differences(target, kept))
        else:
            kept.replace(target)
    return target


def run_command(root: Path, *words: str) -> None:
    """Run a command of copanalysis in a project; its progress is passed on to stderr.

    Raises CopanalysisError with what it refused.
    """
    call = [sys.executable, "-c", "from copanalysis.cli import main; main()", *words]
    refused: list[str] = []
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(call, cwd=root, **streams) as run:
        for line in run.stderr or ():
            if refused or line.startswith(REFUSED):
                refused.append(line)
            else:
                sys.stderr.write(line)
    if run.returncode:
        said = "".join(refused).removeprefix(REFUSED).strip() or f"exit code {run.returncode}"
        raise CopanalysisError(f"copanalysis {words[0]} refused. {said}")


def _copy_project(source: Path, root: Path) -> None:
    for folder in ("data/instruments", "notebooks"):
        shutil.copytree(source / folder, root / folder)
    (root / "data" / "raw").mkdir()
    for folder in (source / "data" / "raw").iterdir():
        (root / "data" / "raw" / folder.name).symlink_to(folder.resolve())
    releases_folder(root).parent.mkdir()
    releases_folder(root).symlink_to(releases_folder(source).resolve())  # readers have them


def _keep(reports: Path, kept: Path) -> None:
    for folder in KEPT:
        if (reports / folder).is_dir():
            ignored = shutil.ignore_patterns(*NOT_KEPT)
            shutil.copytree(reports / folder, kept / folder, ignore=ignored)


def _problems(root: Path, kept: Path) -> Iterator[Problem]:
    manifests, now = read_manifests(root), present(root)
    if not manifests:
        yield Problem("release", "no pages", "at least one", "see what copanalysis report says")
    for page, manifest in manifests.items():
        for change in now.changes(manifest):
            yield Problem(f"page {page}", f"made before a change: {change}", "it", "run it again")
    for path in sorted([*kept.glob("site/*.html"), *kept.glob("downloads/*.html")]):
        yield from page_problems(path)
    processed = root / "data" / "processed"
    yield from untold_problems(kept, processed=processed, manifests=manifests.values())


def _describe(study: Study, name: str, root: Path, kept: Path, settings: Sequence[str]) -> None:
    """Write LEESMIJ.txt and release.json; nothing in them depends on when or where it was made."""
    manifests = read_manifests(root)
    synthetic = any(manifest["synthetic"] for manifest in manifests.values())
    days = [manifest["data_date"] for manifest in manifests.values()]
    title, date = study.settings["study"]["title"], max(days, default="")
    until = f"Gegevens tot en met {show(date or None, 'date')}.".replace(NBSP, " ")
    note = f"{title}: {name}\n\n{SYNTHETIC if synthetic else REAL}\n\n{until}\n"
    (kept / NOTE).write_text(note, encoding="utf-8")
    raw = sorted({tuple(pair) for m in manifests.values() for pair in m["raw_inputs"]})
    release: dict[str, Any] = {
        "release": name,
        "title": title,
        "synthetic": synthetic,
        "settings": list(settings),
        "data_date": date,
        "commit": commit_of(study.root),
        "code": code_hash(),
        "raw": sorted({manifest["raw"] for manifest in manifests.values()}),
        "raw_inputs": [list(pair) for pair in raw],
        "instruments": _hashes(root / "data" / "instruments"),
        "notebooks": _hashes(root / "notebooks"),
        "environment": _environment(),
        "files": _hashes(kept),
    }
    text = json.dumps(release, ensure_ascii=False, indent=1)
    (kept / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _environment() -> dict[str, str]:
    """Python and every installed package with its version."""
    packages = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}
    return {"python": platform.python_version(), **dict(sorted(packages.items()))}


def _hashes(folder: Path) -> list[list[str]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [[path.relative_to(folder).as_posix(), file_hash(path)] for path in paths]


def _differences(frozen: Path, made: Path) -> list[Problem]:
    before, after = dict(_hashes(frozen)), dict(_hashes(made))
    fix = "choose another name, or compare with copanalysis compare"
    return [
        Problem(path, "a file that is not the same any more", "the same bytes", fix)
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path)
    ]
