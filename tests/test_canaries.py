"""Nothing that identifies a person of the twin stands in data/processed or reports."""

import base64
import binascii
import csv
import html
import json
import re
import zipfile
import zlib
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from readback import pdf_pages

from copanalysis.study.privacy.scan import scan_outputs

ROOT = Path(__file__).resolve().parents[1]
OPEN_ANSWERS = ROOT / "src/copanalysis/twin/texts/open_answers.csv"
GOLD = ROOT / "tests/data/pseudonymisation_gold.csv"
PEOPLE = ("speaker", "person", "phone", "email", "bsn", "iban", "address", "date_of_birth")
IN_ANSWERS = (
    *("Jolanda Terpstra", "Terpstra", "Jolanda", "06-00000012", "brieven@example.nl"),
    *("Farid Elmansour", "Elmansour", "farid.elmansour@example.nl"),
    *("marieke.dewinter@example.nl", "06-00000047", "Henk Boersma", "Boersma"),
    *("Sadia Verhoeven-Baksi", "Verhoeven-Baksi", "Sadia"),
)
# People and a place whose names are words as well: where they stand is tested with the marks.
WORDS = {"Wil", "Echt"}
PACKED = re.compile(r"[A-Za-z0-9+/]{200,}=*")  # base64: a picture, or the index of the search page
SHORTEST = 3  # letters: "Ed" and "S." are looked for in the tables, not in pages of references


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def planted() -> tuple[set[str], set[str]]:
    """What identifies people in transcripts and answers; places and small organisations."""
    by_kind = defaultdict(set)
    for row in rows(GOLD):
        by_kind["people" if row["kind"] in PEOPLE else "places"].add(row["text"])
    return (by_kind["people"] | set(IN_ANSWERS)) - WORDS, by_kind["places"] - WORDS


def strings(path: Path) -> str:
    """All that a file holds, as text, whatever its format."""
    if path.suffix == ".parquet":
        table = pd.read_parquet(path)
        cells = [table[column].astype("string").dropna().unique() for column in table]
        return "\n".join([*table.columns, *(cell for column in cells for cell in column)])
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".xml")]
            parts = [archive.read(name).decode("utf-8") for name in names]
        text = re.sub(r"</(?:w:p|a:p|si|is)>", "\n", "\n".join(parts))
        return html.unescape(re.sub(r"<[^<>]*>", "", text))
    if path.suffix == ".pdf":
        return "\n".join(pdf_pages(path.read_bytes()))
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".json", ".ipynb"):
        text = json.dumps(json.loads(text, object_hook=without_pictures), ensure_ascii=False)
    return html.unescape(PACKED.sub(unpacked, text))


def unpacked(found: re.Match) -> str:
    """The text that is packed in a page, or nothing for a picture."""
    try:
        return zlib.decompress(base64.b64decode(found[0])).decode("utf-8")
    except (binascii.Error, zlib.error):
        return " "


def without_pictures(outputs: dict) -> dict:
    return {kind: value for kind, value in outputs.items() if kind != "image/png"}


def left(folder: Path, names: set[str]) -> dict[str, set[str]]:
    """The names that stand as whole words in the files of a folder, by file."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix not in (".png", "")]
    assert files, folder
    found = {path.relative_to(folder).as_posix(): words(strings(path), names) for path in files}
    return {path: names for path, names in found.items() if names}


def words(text: str, names: set[str]) -> set[str]:
    """The names that stand as whole words in a text, of overlapping ones the longest."""
    there = sorted((name for name in names if name in text), key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, there))})(?!\w)"
    return set(re.findall(pattern, text)) if there else set()


def test_the_canaries_of_the_open_answers_are_all_of_them():
    texts = [row["text"] for row in rows(OPEN_ANSWERS) if row["canary"] == "yes"]
    assert len(texts) == 6
    assert all(any(name in text for name in IN_ANSWERS) for text in texts)
    assert all(any(name in text for text in texts) for name in IN_ANSWERS)
    people, places = planted()
    assert len(people) > 200
    assert {"Ommen", "Emmen"} <= places


def test_nothing_planted_that_identifies_a_person_is_left_in_the_tables(built):
    people, _ = planted()
    assert left(built / "data/processed", people) == {}


def test_nothing_planted_that_identifies_a_person_is_left_in_the_reports(built):
    people, _ = planted()
    assert left(built / "reports", {name for name in people if len(name) >= SHORTEST}) == {}


def test_no_place_of_a_conversation_is_left_in_the_tables_of_the_fieldwork(built):
    _, places = planted()
    assert left(built / "data/processed/fieldwork", places) == {}


def test_what_was_made_passes_the_scan_of_check(built, study):
    outputs = type(study)(built, study.settings, study.sheets)
    assert [str(problem) for problem in scan_outputs(outputs)] == []


def test_a_canary_would_be_found_in_the_index_of_the_search_page(tmp_path):
    text = "".join(f"{n} " for n in range(3000)) + "Sadia Verhoeven-Baksi"
    packed = base64.b64encode(zlib.compress(text.encode("utf-8"))).decode("ascii")
    (tmp_path / "a.html").write_text(f"<script>const index = '{packed}'</script>", "utf-8")
    people, _ = planted()
    assert left(tmp_path, people) == {"a.html": {"Sadia Verhoeven-Baksi"}}


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.json", "a.html", "a.ipynb", "a.docx"])
def test_a_canary_would_be_found_in_every_format(tmp_path, name):
    text, path = "Bel Sadia Verhoeven-Baksi, ze\u00ef.", tmp_path / name
    if path.suffix == ".parquet":
        pd.DataFrame({"text": pd.Categorical([text])}).to_parquet(path)
    elif path.suffix == ".docx":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", f"<p><t>{text[:12]}</t><t>{text[12:]}</t></p>")
    elif path.suffix in (".json", ".ipynb"):
        path.write_text(json.dumps({"text": text}), encoding="utf-8")
    else:
        path.write_text(f"<p>{text}</p>", encoding="utf-8")
    people, _ = planted()
    assert left(tmp_path, people) == {name: {"Sadia Verhoeven-Baksi"}}
    assert "\u00ef" in strings(path)
