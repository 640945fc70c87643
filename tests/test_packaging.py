"""One list of packages, told three times: pyproject.toml, environment.yml, requirements.lock."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
FIXED = {"jupyterlab", "pandas", "seaborn", "statsmodels", "nbconvert", "papermill", "pytest"}


def split(requirement: str) -> tuple[str, str]:
    name, bound = re.fullmatch(r"([A-Za-z0-9._-]+)(.*)", requirement.strip()).groups()
    return re.sub(r"[-_.]+", "-", name).lower(), bound.replace(" ", "")


def declared() -> dict[str, str]:
    extras = PROJECT["optional-dependencies"]
    return dict(split(r) for r in [*PROJECT["dependencies"], *extras["test"], *extras["build"]])


def in_conda() -> dict[str, str]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = re.findall(r"^ +- ([a-z][^:\n]*)$", text.partition("dependencies:")[2], re.M)
    return {n: b for n, b in map(split, lines) if n not in ("python", "pip")}


def locked() -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", LOCK, re.M))


def test_conda_and_pip_users_get_the_same_packages_and_bounds():
    assert in_conda() == declared()


def test_the_fixed_packages_are_declared():
    assert set(declared()) >= FIXED


@pytest.mark.parametrize("name", sorted(declared()))
def test_the_lock_satisfies_what_pyproject_asks(name):
    bound = declared()[name].removeprefix(">=")
    version = tuple(int(p) for p in re.findall(r"\d+", locked()[name])[:3])
    assert version >= tuple(int(p) for p in re.findall(r"\d+", bound)[:3])


def test_the_lock_holds_names_versions_and_hashes_only():
    pattern = r"([a-z0-9-]+==\S+( ; [^\\]+)? \\)|(    --hash=sha256:[0-9a-f]{64}( \\)?)"
    assert [line for line in LOCK.splitlines() if not re.fullmatch(pattern, line)] == []


def test_every_locked_package_has_a_hash():
    entries = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.M)[1:]
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_no_host_or_machine_path_stands_in_the_project_files():
    names = ["requirements.lock", "requirements-setup.lock", "environment.yml"]
    names += ["pyproject.toml", "Makefile", ".ci/run"]
    names += [f"tests/browser/{name}" for name in ("package.json", "package-lock.json", ".npmrc")]
    for name in names:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|index-url|(?<![\w.#])/(home|root|work)/", text), name


IMPORT_NAMES = {
    "IPython": "ipython",
    "docx": "python-docx",
    "jupyter_client": "jupyter-client",
    "PIL": "pillow",
    "python_calamine": "python-calamine",
}


def test_every_package_that_is_imported_is_declared():
    found = set()
    for path in (ROOT / "src" / "copanalysis").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    foreign = found - set(sys.stdlib_module_names) - {"copanalysis"}
    assert {IMPORT_NAMES.get(name, name) for name in foreign} - set(declared()) == set()
