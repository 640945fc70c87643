"""The prose check: all rules of prose_rules.csv over notebooks, Markdown or plain text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from copanalysis.errors import LEVELS
from copanalysis.evidence.prose.facts import contradicting_facts
from copanalysis.evidence.prose.findings import Finding
from copanalysis.evidence.prose.passages import read_passages
from copanalysis.evidence.prose.quantifiers import uncounted_quantifiers
from copanalysis.evidence.prose.sections import dead_references
from copanalysis.evidence.prose.spellings import variants_of_names
from copanalysis.evidence.prose.subjects import Subjects
from copanalysis.evidence.prose.sums import sums_that_do_not_add_up
from copanalysis.study.plan import Study


def check_prose(paths: Sequence[Path], *, study: Study) -> list[Finding]:
    """Everything the rules find in the prose of files read as one text, errors first.

    Of a notebook the Markdown and %%prose cells are read; its chapters are those of study.toml.
    The file names in the findings are as given.

    Raises
    ------
    CopanalysisError
        For files that are not there or hold no prose.
    """
    passages = read_passages(list(paths))
    rules = study.sheets["prose_rules.csv"].rows
    notebooks = any(path.suffix == ".ipynb" for path in paths)
    chapters = {page["chapter"] for page in study.settings["pages"]} if notebooks else set()
    found = [
        *contradicting_facts(passages, rules=rules, subjects=Subjects(study, rules)),
        *sums_that_do_not_add_up(passages, rules=rules),
        *dead_references(passages, rules=rules, chapters=chapters),
        *variants_of_names(passages, rules=rules, names=study.names),
        *uncounted_quantifiers(passages, rules=rules),
    ]
    return sorted(found, key=lambda finding: LEVELS.index(finding.level))
