"""Pseudonymisation of the twin's transcripts: what is found, measured on the marked mentions."""

import csv
import importlib.util
import logging
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from copanalysis.fieldwork.pseudonyms.deduction import deduce_alone, deduce_finder
from copanalysis.fieldwork.pseudonyms.files import pseudonymise_files
from copanalysis.fieldwork.pseudonyms.identifiers import find_identifiers
from copanalysis.fieldwork.transcript import read_transcript
from copanalysis.study.identifiers import known_names, names_of_study
from copanalysis.study.privacy.scan import scan_for_identifiers

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "raw" / "demo" / "fieldwork" / "transcripts"
SURE_KINDS = ("phone", "email", "bsn", "iban", "address", "date_of_birth")


@pytest.fixture(scope="module")
def benchmark():
    path = ROOT / "benchmarks" / "pseudonymisation.py"
    spec = importlib.util.spec_from_file_location("pseudonymisation_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def scores(benchmark, study):
    """Scores by method and kind on the gold standard."""
    texts, gold = benchmark.sources(), benchmark.mentions()
    by_id = {source.id: source.text for source in texts}
    methods = benchmark.by_method(texts, names_of_study(study.names))
    return {name: benchmark.scores(found, gold, by_id) for name, found in methods.items()}


@pytest.fixture(scope="module")
def written(tmp_path_factory, study):
    """The twin's transcripts pseudonymised, with the names of interviewers known."""
    folder = tmp_path_factory.mktemp("pseudonymised")
    with (FOLDER / "index.csv").open(encoding="utf-8", newline="") as file:
        labels = [row["interviewer_label"] for row in csv.DictReader(file)]
    roles = {name: "interviewer" for label in labels for name in label.split("; ")}
    report = pseudonymise_files(
        FOLDER,
        folder / "out",
        key_path=folder / "key.csv",
        project=ROOT,
        names=names_of_study(study.names),
        finder=deduce_finder(),
        roles=roles,
    )
    return folder / "out", report, roles


def share(scores, method, kind, part, whole):
    counts = scores[method][kind]
    return counts[part] / counts[whole]


@pytest.mark.parametrize("method", ["rules", "combined"])
def test_nearly_every_person_is_found_and_nearly_nothing_else(scores, method):
    assert share(scores, method, "person", "met", "mentions") >= 0.98
    assert share(scores, method, "person", "right", "found") >= 0.98
    assert share(scores, method, "place", "met", "mentions") >= 0.98
    assert share(scores, method, "place", "right", "found") >= 0.95


@pytest.mark.parametrize("kind", [*SURE_KINDS, "organisation"])
@pytest.mark.parametrize("method", ["rules", "combined"])
def test_every_number_address_and_small_organisation_is_found(scores, method, kind):
    assert share(scores, method, kind, "met", "mentions") == 1
    assert share(scores, method, kind, "right", "found") == 1


def test_together_they_find_more_than_deduce_alone(scores):
    for kind in ("person", "place"):
        for part, whole in (("met", "mentions"), ("right", "found")):
            better = share(scores, "combined", kind, part, whole)
            assert better > share(scores, "deduce", kind, part, whole)


def test_no_marked_name_or_number_is_left_in_what_is_written(written, benchmark):
    out, _, _ = written
    texts = {path.stem: path.read_text(encoding="utf-8") for path in out.iterdir()}
    whole = [m for m in benchmark.mentions() if m.kind in SURE_KINDS or " " in m.text]
    left = [m for m in whole if any(m.text in text for text in texts.values())]
    assert left == []
    words = {w for m in whole if m.kind == "person" for w in re.findall(r"[A-Z]\w{4,}", m.text)}
    found = {w for w in words for text in texts.values() if re.search(rf"\b{w}\b", text)}
    assert found == set()


def test_the_conversations_are_the_same_but_for_the_names(written):
    out, _, roles = written
    again = {**roles, "SPEAKER_00": "interviewer"}
    for path in sorted(FOLDER.glob("*.vtt")) + sorted(FOLDER.glob("*.srt")):
        before = read_transcript(path, roles=roles)
        after = read_transcript(out / path.name, roles=again)
        told = [[(t.role, t.start, t.end) for t in doc.turns] for doc in (before, after)]
        assert told[0] == told[1], path.name


def test_what_is_written_passes_the_scan(written, benchmark, study):
    out, _, _ = written
    people = [m.text for m in benchmark.mentions() if m.kind == "person" and " " in m.text]
    assert scan_for_identifiers(out, names=names_of_study(study.names, people=people)) == []


def test_every_transcript_is_written_and_the_list_is_left_out(written):
    out, report, _ = written
    transcripts = {p.stem for p in FOLDER.iterdir() if p.suffix not in (".csv", ".toml")}
    assert {path.stem for path in out.iterdir()} == transcripts
    left = {note.where for note in report.notes if "left out" in note.found}
    assert left == {"index.csv", "source.toml"}


def test_deduce_adds_names_that_begin_a_sentence():
    text = "Wie deed dat? Terpstra regelde alles."
    names = known_names([])
    assert find_identifiers(text, names=names, finder=None, wide=True) == []
    found = find_identifiers(text, names=names, finder=deduce_finder(), wide=True)
    assert [finding.text for finding in found] == ["Terpstra"]


def test_greetings_titles_and_organisations_are_taken_off_what_deduce_finds():
    text = "Goedemorgen Annelies. De mevrouw van Divosa belde. Niks. Van Hulst hoor ik niks."
    names = known_names([], never=["Divosa"])
    assert "Goedemorgen Annelies" in [f.text for f in deduce_alone(text)]
    found = find_identifiers(text, names=names, finder=deduce_finder(), wide=True)
    assert [(f.kind, f.text) for f in found] == [("person", "Annelies"), ("place", "Hulst")]


def test_loading_deduce_leaves_logging_and_warnings_alone():
    script = (
        "import logging, warnings\n"
        "from copanalysis.fieldwork.pseudonyms.deduction import deduce_finder\n"
        "log = logging.getLogger()\n"
        "before = log.handlers[:], log.level, warnings.filters[:]\n"
        "deduce_finder()\n"
        "assert before == (log.handlers[:], log.level, warnings.filters[:])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_deduce_is_not_imported_with_the_rules():
    script = (
        "import sys\n"
        "from copanalysis.fieldwork.pseudonyms.files import pseudonymise_files\n"
        "from copanalysis.study.identifiers import find_by_rules, known_names\n"
        "find_by_rules('Ik sprak met Petra.', names=known_names([]), wide=True)\n"
        "print('deduce' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "False\n"
    assert logging.getLogger().level != logging.DEBUG
    assert warnings.filters
