"""One twin for all tests of it, and its rows read back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from twin_readback import answering, forms_rows, limesurvey_rows, spss_rows

from copanalysis.twin.survey import write_twin
from copanalysis.twin.wordings import FOLDER as TEXTS

SEED = 2021


@pytest.fixture(scope="session")
def twin(tmp_path_factory, study) -> Path:
    folder = tmp_path_factory.mktemp("twin") / "demo"
    write_twin(folder, study=study, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def rows(twin, study) -> dict[str, pd.DataFrame]:
    """Every row of the three files, as codes: one column per item, or per item and option."""
    return {
        "1": limesurvey_rows(twin, study),
        "2": forms_rows(twin, study),
        "3": spss_rows(twin, study),
    }


@pytest.fixture(scope="session")
def used(rows) -> dict[str, pd.DataFrame]:
    """Without tests, repeated rows and rows with nothing but a CoP."""
    return {wave: answering(table) for wave, table in rows.items()}


@pytest.fixture(scope="session")
def texts() -> pd.DataFrame:
    return pd.read_csv(TEXTS / "open_answers.csv", dtype=str, keep_default_na=False)
