"""What a closed chapter leaves behind: CSV, figure files and the manifest, whole or not at all."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copanalysis.report.datasheet import table_csv
from copanalysis.report.definitions import Definitions
from copanalysis.report.disclosure.records import PUBLIC, public_text, write_private
from copanalysis.report.objects import Figure, Released
from copanalysis.report.prose import Number
from copanalysis.report.record import RECORD, picture_files, record_json
from copanalysis.study.fingerprint import code_hash, instrument_hash
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.usage import used

if TYPE_CHECKING:
    from copanalysis.report.chapter import Chapter

MANIFEST_MIME = "application/vnd.copanalysis.manifest+json"
MANIFEST_FILE = "manifest.json"
PACKAGES = ("copanalysis", "pandas", "numpy", "scipy", "statsmodels", "matplotlib", "seaborn")


def manifest_of(chapter: Chapter) -> dict[str, Any]:
    """Where everything on a page came from; the same run gives the same manifest."""
    page, data, root = chapter.page, chapter.data, chapter.study.root
    definitions = Definitions(chapter.study)
    coverage = chapter.study.table("outline.csv").query("notebook == @page.notebook")
    covers = dict(
        zip(coverage["kind"] + ":" + coverage["output"], coverage["coverage"], strict=True)
    )
    return {
        "page": page.id,
        "notebook": page.notebook,
        "chapter": page.chapter,
        "variant": page.variant,
        "parameters": dict(page.parameters),
        "synthetic": data.synthetic,
        "raw": data.origin["name"],
        "data_date": data.data_date,
        "inputs": [[path, data.files[path]] for path in sorted(data.files)],
        "raw_inputs": data.raw_inputs,
        "instruments": [[name, instrument_hash(root, name)] for name in sorted(used())],
        "code": code_hash(),
        "notebook_hash": chapter.source_cells.hash,
        "commit": commit_of(root),
        "versions": versions(),
        "tables": [
            _entry(chapter, "table", id, table, covers) | _defined(table, definitions)
            for id, table in chapter.tables.items()
        ],
        "figures": [
            _entry(chapter, "figure", id, figure, covers) for id, figure in chapter.figures.items()
        ],
        "numbers": [
            number_entry(n, definitions.formula(n.column, chapter.registered(n.table).steps))
            for n in chapter.numbers
        ],
        "text": [*chapter.source_cells.markdown(), *chapter.texts],
    }


def pages_folder(root: Path) -> Path:
    """Where the pages of a project stand: a folder each, with a manifest."""
    return root / "reports" / "pages"


def releases_folder(root: Path) -> Path:
    """Where the frozen releases of a project stand, a folder each."""
    return root / "reports" / "releases"


def read_manifests(root: Path) -> dict[str, dict[str, Any]]:
    """The manifest of every page that was made, by page id."""
    paths = sorted(pages_folder(root).glob(f"*/{MANIFEST_FILE}"))
    return {path.parent.name: read_manifest(root, path.parent.name) for path in paths}


def read_manifest(root: Path, page: str) -> dict[str, Any]:
    """The manifest of one page, empty when it was not made."""
    path = pages_folder(root) / page / MANIFEST_FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def write_page(chapter: Chapter, manifest: dict[str, Any]) -> Path:
    """Write reports/pages/<id>/: tables/*.csv, figures/*.png, objects.json, manifest.json.

    And counts.json, what its tables tell; with the values that goes to data/processed.
    """
    target = pages_folder(chapter.study.root) / chapter.page.id
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".page-") as temporary:
        made = Path(temporary) / target.name
        (made / "tables").mkdir(parents=True)
        (made / "figures").mkdir()
        for id, table in chapter.tables.items():
            if isinstance(table, Released):
                (made / "tables" / f"{id}.csv").write_bytes(table_csv(table))
        for figure in chapter.figures.values():
            if isinstance(figure, Figure):
                for name, picture in picture_files(figure).items():
                    (made / "figures" / name).write_bytes(picture)
        (made / PUBLIC).write_text(public_text(chapter.told), encoding="utf-8")
        record = record_json(chapter.tables, chapter.figures)
        (made / RECORD).write_text(record, encoding="utf-8")
        (made / MANIFEST_FILE).write_text(sorted_json(manifest), encoding="utf-8")
        write_private(chapter.study.root, chapter.page.id, chapter.told)
        if target.exists():
            shutil.rmtree(target)
        made.replace(target)
    return target


def _entry(
    chapter: Chapter, kind: str, id: str, thing: Released | Figure | NotMeasured, covers: dict
) -> dict[str, Any]:
    entry = {"id": id, "coverage": covers.get(f"{kind}:{id}", "")}
    if isinstance(thing, NotMeasured):
        said = {"title": chapter.titles[kind, id], "not_measured": thing.reason}
        return {**entry, "number": chapter.references.number(kind, id), **said}
    entry |= {"number": thing.number, "title": thing.title, "base": thing.base}
    entry |= {"source": thing.source, "question": thing.question}
    if isinstance(thing, Figure):
        return {**entry, "table": thing.drawing.table.id, "alt": thing.drawing.alt}
    return {**entry, "rows": len(thing.data), "hidden": int(thing.hidden.to_numpy().sum())}


def _defined(table: Released | NotMeasured, definitions: Definitions) -> dict[str, Any]:
    return definitions.of_table(table) if isinstance(table, Released) else {}


def number_entry(number: Number, formula: str) -> dict[str, Any]:
    """A number of the text as the manifest has it; ``formula`` says what its column holds."""
    return {
        "id": number.id,
        "anchor": number.anchor,
        "table": number.table,
        "rows": list(number.rows),
        "column": number.column,
        "formula": formula,
        "shown": number.shown,
        "words": number.words,
        "in": number.of,
        "cell": dict(number.cell),
    }


def sorted_json(value: Any) -> str:
    """JSON whose bytes do not depend on the order of keys, as nbformat writes notebooks too."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@cache  # of a process, and with it of its forks
def versions() -> dict[str, str]:
    """The versions of Python and of the packages that a result depends on."""
    installed = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **installed}


def commit_of(root: Path) -> str:
    """The commit of the checkout, "" where there is none."""
    git = shutil.which("git")
    if git is None:
        return ""
    run = subprocess.run(
        [git, "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    return run.stdout.strip() if run.returncode == 0 else ""
