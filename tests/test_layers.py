"""The rooms of src/copanalysis and the arrows between them, read from the syntax tree."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "copanalysis"
MAY_IMPORT = {
    "errors": set(),
    "progress": set(),
    "study": {"errors"},
    "survey": {"errors", "study"},
    "fieldwork": {"errors", "study"},
    "evidence": {"errors", "study", "survey", "fieldwork"},
    "twin": {"errors", "study", "survey", "fieldwork"},  # reads what it wrote, as a coder would
    "report": {"errors", "study", "survey", "fieldwork", "evidence"},
    "cli": {"errors", "progress", "study", "survey", "fieldwork", "evidence", "twin", "report"},
    "__init__": set(),
}
# package -> the only places that may import it
LOCKS = {
    "matplotlib": {"report"},
    "seaborn": {"report"},
    "IPython": {"report"},
    "nbconvert": {"report"},
    "papermill": {"report/engine"},
    "ipykernel": {"report/engine"},
    "nbclient": {"report/engine"},
    "pyreadstat": {"survey/formats/spss.py", "twin"},
    "python_calamine": {"survey/formats", "fieldwork/registers/workbooks.py"},
    "docx": {"report/word.py", "report/word_markup.py", "report/word_prose.py"},
    "pypdf": {"fieldwork/transcripts/pdf.py", "report/pdf.py", "study/privacy/textual_files.py"},
    "xlsxwriter": {"report/workbook.py", "twin", "study/entry_form.py"},
    "polars": {"survey/design_estimates.py"},
    "svy": {"survey/design_estimates.py"},
    "typer": {"cli"},
    "rich": {"progress.py"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.append(node.module)
        elif isinstance(node, ast.ImportFrom):
            pytest.fail(f"{path}: relative import; name the package")
    return names


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def crossings(path: Path) -> list[str]:
    own = room(path)
    found = {name.split(".")[1] for name in imports(path) if name.startswith("copanalysis.")}
    return sorted(found - MAY_IMPORT[own] - {own})


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_the_rooms_below_it(path):
    assert crossings(path) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_locked_packages_stay_in_their_rooms(path):
    place = path.relative_to(PACKAGE).as_posix()
    for name in {name.split(".")[0] for name in imports(path)} & set(LOCKS):
        assert any(place == lock or place.startswith(f"{lock}/") for lock in LOCKS[name]), name


def test_only_the_modules_that_publish_write_to_reports():
    def names_reports(path: Path) -> bool:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        return any(isinstance(n, ast.Constant) and n.value == "reports" for n in ast.walk(tree))

    found = {p.relative_to(PACKAGE).as_posix() for p in MODULES if names_reports(p)}
    publishing = {
        "report/frozen.py",
        "report/outputs.py",
        "report/publication.py",
        "report/planning.py",
        "report/production.py",
        "report/site.py",
    }
    reading = {"study/privacy/scan.py", "report/comparison.py", "report/protecting.py"}
    reading |= {"report/order.py"}
    assert found <= publishing | reading


def test_every_room_is_known():
    assert {room(path) for path in MODULES} <= set(MAY_IMPORT)


def test_a_forbidden_arrow_is_found(tmp_path, monkeypatch):
    bad = tmp_path / "study" / "bad.py"
    bad.parent.mkdir()
    bad.write_text("from copanalysis.report.tables import table_html\n", encoding="utf-8")
    monkeypatch.setattr("test_layers.PACKAGE", tmp_path)
    assert crossings(bad) == ["report"]
