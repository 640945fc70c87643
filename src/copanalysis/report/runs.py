"""Two runs of the report side by side: which pages belong together, and what went in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.outputs import pages_folder, releases_folder

Manifest = Mapping[str, Any]
PLACES = (".", "pages", "reports/pages")
CAUSES = {
    "data": "gegevens",
    "code": "code",
    "instrument": "instrument",
    "parameter": "parameter",
}


@dataclass(frozen=True)
class PagePair:
    """One page in both runs; ``old`` or ``new`` is empty where only the other has it."""

    id: str
    old: Manifest
    new: Manifest

    @property
    def causes(self) -> dict[str, list[str]]:
        """What differs in what the page was made from: per cause the files, names or versions.

        "data" are raw files, "instrument" files of data/instruments, "code" this package, the
        notebook and other packages, "parameter" those of the page.
        """
        if not (self.old and self.new):
            return {}
        found = {cause: list(_different(cause, self.old, self.new)) for cause in CAUSES}
        return {cause: what for cause, what in found.items() if what}


def run_folder(name: str, *, root: Path) -> Path:
    """The folder of a run: of the release of this name, else the folder itself; "" is the report
    as it stands."""
    if not name:
        return pages_folder(root)
    released = releases_folder(root) / name
    return released if released.is_dir() else Path(name)


def read_run(folder: Path) -> dict[str, Manifest]:
    """The manifests of a run by page: of a release, a folder reports, or one page."""
    paths = [path for place in PLACES for path in sorted((folder / place).glob("*/manifest.json"))]
    paths = paths or [path for path in [folder / "manifest.json"] if path.is_file()]
    read = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    manifests = {manifest["page"]: manifest for manifest in read if "page" in manifest}
    if not manifests:
        expected = "a release, a folder reports, or the folder of a page"
        fix = "name a folder that copanalysis report or release wrote"
        problem = Problem(str(folder), "no manifest of a page", expected, fix)
        raise CopanalysisError("These runs cannot be compared.", [problem])
    return manifests


def paired_pages(old: Mapping[str, Manifest], new: Mapping[str, Manifest]) -> list[PagePair]:
    """The pages of two runs: by id, the rest by notebook and the most parameters in common.

    So a page with other parameters ("chapter_4_outcomes--wave-1") stands against the page that
    it is a variant of.
    """
    pairs = [PagePair(id, old[id], new[id]) for id in new if id in old]
    left = {id: manifest for id, manifest in old.items() if id not in new}
    for id in [id for id in new if id not in old]:
        near = [i for i, m in left.items() if m["notebook"] == new[id]["notebook"]]
        best = max(near, key=lambda i: _shared(left[i], new[id]), default="")
        pairs.append(PagePair(id, left.pop(best, {}), new[id]))
    return pairs + [PagePair(id, manifest, {}) for id, manifest in left.items()]


def _shared(first: Manifest, second: Manifest) -> int:
    return sum(second["parameters"].get(k) == v for k, v in first["parameters"].items())


def _different(cause: str, old: Manifest, new: Manifest) -> Iterator[str]:
    if cause == "data":
        if old["raw"] != new["raw"]:
            yield f"map {old['raw']} → {new['raw']}"
        yield from _changed_files(old["raw_inputs"], new["raw_inputs"])
    elif cause == "instrument":
        yield from _changed_files(old["instruments"], new["instruments"])
    elif cause == "parameter":
        for name in dict.fromkeys([*old["parameters"], *new["parameters"]]):
            before, after = (m["parameters"].get(name, "–") for m in (old, new))
            if before != after:
                yield f"{name} {before} → {after}"
    else:
        if old["code"] != new["code"]:
            yield "copanalysis"
        if old["notebook_hash"] != new["notebook_hash"]:
            yield f"notebook {new['notebook']}"
        for name, version in new["versions"].items():
            if old["versions"].get(name) != version and name != "copanalysis":
                yield f"{name} {old['versions'].get(name, '–')} → {version}"


def _changed_files(old: list, new: list) -> Iterator[str]:
    """Files whose hash differs, new ones and those that are gone."""
    before, after = dict(old), dict(new)
    for path in dict.fromkeys([*before, *after]):
        if before.get(path) != after.get(path):
            state = "" if path in before and path in after else " (nieuw)"
            yield f"{path}{state if path in after else ' (weg)'}"
