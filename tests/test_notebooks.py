"""What every notebook in notebooks/ must be: parameterised, plain, without outputs."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from copanalysis.evidence.prose.check import check_prose
from copanalysis.report.pages import report_pages
from copanalysis.report.prose import POINTER, typed_numbers
from copanalysis.study.plan import load_study

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.While, ast.Lambda)
MAX_LINES = 10


def cells(path, kind):
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def code(path):
    return [c for c in cells(path, "code") if not c.source.startswith("%%")]


def prose(path):
    magic = [c.source.partition("\n")[2] for c in cells(path, "code") if c.source[:7] == "%%prose"]
    return magic + [c.source for c in cells(path, "markdown")]


def parameters(path):
    (cell,) = [c for c in code(path) if "parameters" in c.metadata.get("tags", [])]
    return {node.targets[0].id: node.value.value for node in ast.parse(cell.source).body}


each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 5


@each
def test_outputs_and_counts_are_stripped(path):
    assert all(not c.outputs and c.execution_count is None for c in cells(path, "code"))


@each
def test_cells_are_short_and_hold_no_machinery(path):
    for cell in code(path):
        lines = [line for line in cell.source.splitlines() if line.strip(" )]},")]
        assert len(lines) <= MAX_LINES, cell.source
        found = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, FORBIDDEN)]
        assert not found, cell.source


@each
def test_cells_hold_no_path_and_no_styling(path):
    for cell in code(path):
        assert not re.search(r"\bopen\(|pathlib|os\.path|\.\./|plt\.|sns\.|rcParams", cell.source)


@each
def test_one_import_cell_with_pandas_and_copanalysis(path):
    importing = [c.source for c in code(path) if re.search(r"^\s*(import|from)\s", c.source, re.M)]
    assert importing == ["import pandas as pd\n\nimport copanalysis as ca"]


@each
def test_the_first_cell_is_the_title(path):
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# \S", first.source)


@each
def test_parameters_are_typed_literals_with_a_comment(path):
    tagged = [c for c in code(path) if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) <= 1
    for cell in tagged:
        for line in cell.source.splitlines():
            assert re.fullmatch(r"\w+ = \S.*  # \S.*", line), line
            ast.literal_eval(ast.parse(line).body[0].value)


@each
def test_prose_holds_no_typed_number(path):
    assert [n for text in prose(path) for n in typed_numbers(text)] == []


def test_the_prose_check_finds_no_error():
    found = check_prose(NOTEBOOKS, study=load_study(ROOT))
    assert [str(finding) for finding in found if finding.level == "error"] == []


@each
def test_every_number_that_is_pointed_to_has_a_definition(path):
    rows = load_study(ROOT).table("definitions.csv").query("kind == 'column'")
    texts = [cell.source for cell in cells(path, "code")]
    found = [match for text in texts for match in POINTER.finditer(text) if match[3] == "."]
    columns = {match[4] for match in found if match[1] != "param"}
    words = {c for c in columns if c.endswith(("_name", "_label")) or c == "id"}
    missing = columns - words - set(rows["name"])
    assert not missing, "say in data/instruments/definitions.csv what these columns hold"


@each
def test_literal_ids_are_registered_once(path):
    for method in ("table", "figure"):
        calls = [
            node.args[0].value
            for cell in code(path)
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == method
            and isinstance(node.args[0], ast.Constant)
        ]
        assert len(calls) == len(set(calls))


def test_study_toml_states_the_defaults_of_each_notebook():
    pages = report_pages(load_study(ROOT))
    for path in NOTEBOOKS:
        own = [dict(page.parameters) for page in pages if page.notebook == path.stem]
        if own and own[0]:
            assert parameters(path) in own, path.stem


def test_every_page_has_its_notebook():
    names = {path.stem for path in NOTEBOOKS}
    assert {page.notebook for page in report_pages(load_study(ROOT))} <= names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("De Wi2021 en {got[a].share} in [§ 4.2.1] en `q4`.", []),
        ("## 4.2 Een kop met 2 cijfers\ntekst", []),
        ("Bij 62% van de deelnemers", ["62%"]),
        ("[tabel 3](#tab-x) en n=12", ["n=12"]),
    ],
)
def test_typed_numbers_are_found_and_only_those(text, found):
    assert typed_numbers(text) == found
