"""The commands that know the registers."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from copanalysis.cli import app
from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.registers.preparation import PreparedRegisters

ROOT = Path(__file__).resolve().parents[2]
REGISTERS = ROOT / "data" / "raw" / "demo" / "registers"


def run(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(result.exception, CopanalysisError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_inspect_tells_which_register_a_file_is():
    path = REGISTERS / "Producten CoP's.xlsx"
    assert "register products, 14 rows, headers in row 2" in run("inspect", path)
    found = json.loads(run("inspect", path, "--json"))
    assert (found["kind"], found["sheets"][0]["register"]) == ("register", "products")


def test_inspect_reads_a_form_that_form_wrote(tmp_path):
    run("form", "observations", tmp_path / "form.xlsx")
    assert "register observation_answers" in run("inspect", tmp_path / "form.xlsx")


def test_there_is_one_form(tmp_path):
    with pytest.raises(CopanalysisError, match="no form 'signals'"):
        run("form", "signals", tmp_path / "form.xlsx")


def test_check_lists_the_findings_of_the_registers(monkeypatch):
    import copanalysis.fieldwork.registers.preparation as preparation

    real = preparation.prepare_registers
    seen: list[PreparedRegisters] = []
    monkeypatch.setattr(
        preparation, "prepare_registers", lambda *a, **k: seen.append(real(*a, **k)) or seen[0]
    )
    told = run("check")
    assert "Registers: cops 12, members 36" in told
    assert all(problem.where in told for problem in seen[0].problems)
