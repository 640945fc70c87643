"""What inspect says of a project, and the folder of tables that an import makes."""

import json

import pandas as pd
import pytest
from refi_writers import code, coding, guid, one_text, selection, tag
from test_refi_roundtrip import assert_same

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.coding import COLUMNS
from copanalysis.fieldwork.refi.inspection import inspect_project, project_text
from copanalysis.fieldwork.refi.reading import read_project
from copanalysis.fieldwork.refi.tables import export_tables, import_tables

C = guid("code", "C")


@pytest.fixture
def path(tmp_path):
    marks = [selection(0, 3, coding(C, user=guid("user"))), selection(4, 10)]
    return one_text(
        tmp_path / "p.qdpx",
        "Wij bellen",
        *marks,
        origin="MAXQDA 24",
        Codes=code("C", code("D")),
        Cases=tag("Case", guid=guid("case"), name="Anna"),
        Variables=tag("Variable", guid=guid("v"), name="Regio", typeOfVariable="Text"),
        Notes=tag("Note", tag("PlainTextContent", "Let op"), guid=guid("n")),
        Sets=tag("Set", guid=guid("set"), name="Groep"),
    )


def test_inspection_says_what_is_in_a_project(path):
    found = inspect_project(path)
    assert json.loads(json.dumps(found)) == found
    assert (found["kind"], found["format"]) == ("refi-qda", "qdpx")
    assert (found["origin"], found["profile"]) == ("MAXQDA 24", "MAXQDA")
    assert found["documents"] == {"count": 1, "names": ["T"]}
    assert [(c["name"], c["parent"]) for c in found["codes"]] == [("C", ""), ("D", "C")]
    assert (found["coders"], found["cases"], found["memos"]) == (["Ann"], ["Anna"], 1)
    assert found["variables"] == [{"name": "Regio", "type": "Text"}]
    first, second = found["segments"]
    names = {key: first[key] for key in ("document", "code", "coder", "start", "end", "text")}
    assert names == {
        **{"document": "T", "code": "C", "coder": "Ann"},
        **{"start": 0, "end": 3, "text": "Wij"},
    }
    assert (second["code"], second["text"]) == ("", "bellen")
    assert {"element": "Set", "count": 1}.items() <= found["losses"][0].items()
    assert found["problems"][0]["level"] == "note"


def test_the_text_of_an_inspection_names_the_same(path):
    text = project_text(inspect_project(path))
    for part in ("MAXQDA 24", "documents: 1", "D, under C", "T 0-3 [C, Ann] Wij", "[no code]"):
        assert part in text
    assert "note: p.qdpx" in text


def test_tables_go_out_to_a_folder_and_come_back(path, tmp_path):
    folder = tmp_path / "tables"
    import_tables(path, folder)
    files = {f"{table}.parquet" for table in COLUMNS} | {"problems.json"}
    assert {file.name for file in folder.iterdir()} == files
    about = json.loads((folder / "problems.json").read_text(encoding="utf-8"))
    assert about["losses"][0]["element"] == "Set"
    export_tables(folder, tmp_path / "ours.qdpx")
    assert_same(read_project(path), read_project(tmp_path / "ours.qdpx"))


def test_a_folder_with_something_in_it_is_left_alone(path, tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(CopanalysisError, match="not empty"):
        import_tables(path, folder)
    assert [file.name for file in folder.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(path, tmp_path):
    (tmp_path / "tables").mkdir()
    import_tables(path, tmp_path / "tables")
    assert (tmp_path / "tables" / "segments.parquet").is_file()


def test_an_import_that_fails_half_way_leaves_nothing(path, tmp_path, monkeypatch):
    def full(self, *args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(OSError, match="disk full"):
        import_tables(path, tmp_path / "tables")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("content", [None, b"no parquet"])
def test_a_folder_that_is_no_project_is_refused(path, tmp_path, content):
    folder = tmp_path / "tables"
    import_tables(path, folder)
    file = folder / "segments.parquet"
    file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(CopanalysisError, match=r"segments\.parquet"):
        export_tables(folder, tmp_path / "ours.qdpx")
    assert not (tmp_path / "ours.qdpx").exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"x": 1}'])
def test_a_broken_problems_file_is_refused(path, tmp_path, text):
    folder = tmp_path / "tables"
    import_tables(path, folder)
    (folder / "problems.json").write_text(text, encoding="utf-8")
    with pytest.raises(CopanalysisError, match=r"problems\.json"):
        export_tables(folder, tmp_path / "ours.qdpx")
