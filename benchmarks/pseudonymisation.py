"""Recall and precision of pseudonymisation on the marked mentions of the twin's transcripts.

Run as ``python benchmarks/pseudonymisation.py``; prints a Markdown table. A mention counts as
found when none of its letters is left but a title ("mevrouw"); something found counts as right
when it touches a mention. The speakers of all transcripts are known, as they are in a run. The
labels of speakers are no mentions here: they are replaced by the reader of the format.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from copanalysis.fieldwork.pseudonyms.deduction import deduce_alone, deduce_finder
from copanalysis.fieldwork.pseudonyms.sources import Source, speakers
from copanalysis.fieldwork.pseudonyms.texts import LABEL, identifiers_of_all, names_of_all
from copanalysis.fieldwork.transcript import read_transcript
from copanalysis.study.identifiers import find_by_rules, names_of_study
from copanalysis.study.plan import load_study
from copanalysis.study.privacy.findings import Finding
from copanalysis.study.privacy.full_names import KnownNames, full_name

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "data" / "pseudonymisation_gold.csv"
FOLDER = ROOT / "data" / "raw" / "demo" / "fieldwork" / "transcripts"
TITLE = re.compile(r"(?:de heer|meneer|mevrouw|mw\.?|mr\.?|meester)\s+", re.IGNORECASE)
Found = Mapping[str, Sequence[Finding]]


class Mention(NamedTuple):
    document: str
    start: int
    end: int
    kind: str
    text: str


def mentions(path: Path = GOLD) -> list[Mention]:
    """The gold standard: what identifies somebody, in code points of the text of a transcript."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] != "speaker"]
    return [
        Mention(r["document"], int(r["start"]), int(r["end"]), r["kind"], r["text"]) for r in rows
    ]


def sources(folder: Path = FOLDER) -> list[Source]:
    """The transcripts as the text that the gold standard counts in."""
    paths = sorted(path for path in folder.iterdir() if path.suffix not in (".csv", ".toml"))
    read = [read_transcript(path) for path in paths]
    return [Source(doc.id, doc.text, ".txt", speakers(doc)) for doc in read]


def by_method(texts: Sequence[Source], names: KnownNames) -> dict[str, Found]:
    """What deduce finds, what the rules find, and what both find with the names of all texts."""
    finder = deduce_finder()
    people = names_of_all(texts, names=names)
    labels = (full_name(label) for source in texts for label in source.names)
    listed = KnownNames((*names.people, *dict.fromkeys(labels)), names.never)
    return {
        "deduce": {s.id: deduce_alone(s.speech) for s in texts},
        "rules": {s.id: find_by_rules(s.speech, names=listed, wide=True) for s in texts},
        "combined": identifiers_of_all(texts, names=people, finder=finder),
    }


def scores(found: Found, gold: Iterable[Mention], texts: Mapping[str, str]) -> dict[str, Counter]:
    """By kind: mentions, mentions found, things found, and things found that are right."""
    marked: dict[str, set[int]] = defaultdict(set)
    covered = {
        document: {i for f in findings for i in range(f.start, f.end)}
        for document, findings in found.items()
    }
    counts: dict[str, Counter] = defaultdict(Counter)
    for mention in gold:
        marked[mention.document].update(range(mention.start, mention.end))
        title = TITLE.match(mention.text)
        letters = range(mention.start + (title.end() if title else 0), mention.end)
        text = texts[mention.document]
        left = any(text[i].isalnum() and i not in covered[mention.document] for i in letters)
        counts[mention.kind].update(mentions=1, met=not left)
    for document, findings in found.items():
        for finding in findings:
            if finding.source != LABEL:
                right = not marked[document].isdisjoint(range(finding.start, finding.end))
                counts[finding.kind].update(found=1, right=right)
    return counts


def table(results: Mapping[str, Mapping[str, Counter]], kinds: Sequence[str]) -> str:
    """The scores as Markdown: a row per kind, recall and precision per method."""
    head = "".join(f" {method} recall | {method} precision |" for method in results)
    lines = [f"| kind | mentions |{head}", "|---|---:|" + "---:|" * (2 * len(results))]
    for kind in kinds:
        counts = [result.get(kind, Counter()) for result in results.values()]
        cells = [
            _share(c[a], c[b]) for c in counts for a, b in (("met", "mentions"), ("right", "found"))
        ]
        lines.append(f"| {kind} | {counts[0]['mentions']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "-"


def main() -> None:
    gold, texts = mentions(), sources()
    names = names_of_study(load_study(ROOT).names)
    by_id = {source.id: source.text for source in texts}
    methods = by_method(texts, names)
    results = {method: scores(found, gold, by_id) for method, found in methods.items()}
    kinds = list(dict.fromkeys(mention.kind for mention in sorted(gold, key=lambda m: m.kind)))
    sys.stdout.write(table(results, kinds) + "\n")


if __name__ == "__main__":
    main()
