"""The report as a whole hides what it must, before anything of it is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from copanalysis.report.disclosure.places import PRIVATE, audited_path
from copanalysis.report.engine.history import Fingerprints
from copanalysis.report.pages import page_of
from copanalysis.report.planning import Run, page_runs
from copanalysis.study.fingerprint import combined_hash
from copanalysis.study.instruments import FOLDER

if TYPE_CHECKING:
    from copanalysis.study.plan import Study
    from copanalysis.study.settings import Project

ROUNDS = 3  # one is enough, unless a page says other things when it hides more


def protect(project: Project, again: Callable[[list[Run]], None], *, fresh: bool) -> None:
    """Have pages made ``again`` until the report as a whole hides what it must; then play the
    attacker. Nothing is done when all stands as the last audit found it, unless asked ``fresh``.

    Raises
    ------
    CopanalysisError
        When a count cannot be hidden, or can be worked out from what is shown.
    """
    audited = audited_path(project.root)
    if not fresh and audited.is_file() and audited.read_text() == audited_now(project):
        return
    from copanalysis.report.disclosure.audit import refuse_leaks
    from copanalysis.report.disclosure.whole import page_ids
    from copanalysis.report.outputs import pages_folder
    from copanalysis.study.plan import load_study

    study = load_study(project.root)
    for _ in range(ROUNDS):
        runs = runs_again(study)
        if not runs:
            break
        again(runs)
    if page_ids(pages_folder(project.root)):
        refuse_leaks(study, pages_folder(project.root))
        audited.write_text(audited_now(project))


def runs_again(study: Study) -> list[Run]:
    """Runs of the pages that must hide other counts, seen the report as a whole; none when all
    is safe. The counts that each page is to hide stand ready for these runs."""
    from copanalysis.report.disclosure.whole import protect_pages
    from copanalysis.report.outputs import pages_folder, read_manifests

    again = protect_pages(pages_folder(study.root), study=study)
    manifests = read_manifests(study.root)
    pages = [page_of(study, m["notebook"], m["parameters"]) for m in map(manifests.get, again)]
    return page_runs(study, pages)


def audited_now(project: Project) -> str:
    """One hash of all that protection and audit read: while it is the same, so is what they say."""
    root, now = project.root, Fingerprints(project.root)
    shown = ("pages/*", "releases/*/pages/*")
    found = [path for place in shown for path in (root / "reports").glob(f"{place}/counts.json")]
    found += [path for place in shown for path in (root / "reports").glob(f"{place}/tables/*.csv")]
    found += [*(root / PRIVATE).rglob("*.json"), *(root / FOLDER).iterdir()]
    names = sorted(path.relative_to(root).as_posix() for path in found)
    hashes = [(name, now.of(name)) for name in names]
    return combined_hash([("code", now.code), ("packages", now.packages), *hashes])
