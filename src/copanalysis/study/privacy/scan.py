"""Whether files that go on or out hold what looks like a person, phone, address or number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.study.identifiers import DIRECT, find_by_rules, names_of_study
from copanalysis.study.plan import Study
from copanalysis.study.privacy.findings import Finding
from copanalysis.study.privacy.full_names import KnownNames
from copanalysis.study.privacy.textual_files import UNBROKEN, texts_in

OUTPUTS = ("data/processed", "reports")
SURE = {"known", "title", "initials", "full", "pattern"}
# A text without any of these cannot hold what is looked for.
WORTH = re.compile(r"@|\d{3}|[^\W\d_]{2}")
PLACES_TOLD = 3
KIND_NAMES = {
    "person": "a person's name",
    "phone": "a phone number",
    "email": "an e-mail address",
    "bsn": "a BSN",
    "iban": "an IBAN",
    "address": "an address",
    "date_of_birth": "a date of birth",
    "licence_plate": "a licence plate",
}


def scan_outputs(study: Study, *, people: Iterable[str] = ()) -> list[Problem]:
    """What looks like an identifier of a person in all that was made of a study's data.

    ``people`` are names of which every form is looked for (those of a key). See
    `scan_for_identifiers`.
    """
    names = names_of_study(study.names, people=people)
    folders = [study.root / name for name in OUTPUTS]
    return [problem for folder in folders for problem in scan_for_identifiers(folder, names=names)]


def scan_for_identifiers(folder: Path, *, names: KnownNames) -> list[Problem]:
    """What looks like an identifier of a person in the textual files of a folder.

    Parameters
    ----------
    folder : Path
        Parquet (text columns), CSV, JSON, notebooks with their outputs, HTML, SVG, Word, Excel,
        PDF and plain text are read, subfolders included; other files are left.
    names : KnownNames
        People whose every form is looked for (the names in a key, or planted ones), and names
        that are never an identifier. Other people are found only where a title, initials or a
        surname make a name sure.

    Returns
    -------
    list of Problem
        One per file and kind, with the first places and never the identifier itself; level
        "error". A file that cannot be read is a problem as well.
    """
    problems: list[Problem] = []
    seen: dict[str, list[Finding]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        where = path.relative_to(folder.parent).as_posix()
        try:
            problems += _problems(where, texts_in(path), names, seen)
        except (OSError, ValueError, CopanalysisError) as error:
            found = f"a file that cannot be read ({type(error).__name__})"
            problems.append(Problem(where, found, f"a {path.suffix} file", "make it again"))
    return problems


def _problems(
    where: str, texts: Iterable[tuple[str, str]], names: KnownNames, seen: dict[str, list[Finding]]
) -> Iterator[Problem]:
    places: dict[str, list[str]] = defaultdict(list)
    for place, text in texts:
        if text not in seen:
            seen[text] = _sure(text, names)
        for finding in seen[text]:
            places[finding.kind].append(place)
    for kind, met in places.items():
        told = "; ".join([*dict.fromkeys(met[:PLACES_TOLD]), *["..."][: len(met) > PLACES_TOLD]])
        yield Problem(
            f"{where} ({told})",
            f"{len(met)} time(s) what looks like {KIND_NAMES[kind]}",
            "nothing that identifies a person",
            "mask it at its source and run again; a name that anybody may read: names.csv, public",
        )


def _sure(text: str, names: KnownNames) -> list[Finding]:
    """The findings of which the rule that found them is seldom wrong."""
    if not WORTH.search(text) or (len(text) > UNBROKEN and not re.search(r"\s", text)):
        return []
    found = find_by_rules(text, names=names, wide=False)
    return [f for f in found if f.kind in DIRECT and not SURE.isdisjoint(f.source.split("+"))]
