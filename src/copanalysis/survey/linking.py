"""The same person in several waves, by a token or a code of the respondent's own making.

A code never leaves this module: what is kept is a number per person, the same in every wave. The
raw code can name a person (initials and a birthday), and a hash of it could be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from copanalysis.errors import Problem
from copanalysis.survey.export import Export
from copanalysis.survey.tidying import LOG_COLUMNS

BETWEEN = re.compile(r"[\s.\-_/]+")
MALFORMED, REPEATED = "link_malformed", "link_repeated"


@dataclass(frozen=True)
class Links:
    """The codes of one wave by respondent, what is wrong with others, and that in log rows."""

    codes: Mapping[str, str]
    problems: tuple[Problem, ...]
    log: pd.DataFrame


def read_links(export: Export, *, people: pd.DataFrame, pattern: str) -> Links:
    """The usable codes of the respondents in the analysis.

    Capitals and what stands between letters and digits do not matter. A code that ``pattern`` (a
    regular expression; "" takes any) does not fit, and one that several respondents of the wave
    gave, is not used; both are told by row, without the code itself. ``people`` are the
    respondents in the order of the export (wave, respondent, row, used).
    """
    given = [BETWEEN.sub("", response.link).upper() for response in export.responses]
    rows = people[["wave", "respondent", "row"]].assign(code=given)
    rows = rows[people["used"].to_numpy()]
    answered = rows[rows["code"].ne("")]
    fits = answered["code"].str.fullmatch(pattern or ".+").astype(bool)
    repeated = answered["code"].duplicated(keep=False) & fits
    usable = answered[fits & ~repeated]
    wrong = {MALFORMED: answered[~fits], REPEATED: answered[repeated]}
    log = pd.concat([part.assign(kind="flag", rule=rule) for rule, part in wrong.items()])
    problems = _problems(export, rows, wrong) if len(answered) else ()
    codes = dict(zip(usable["respondent"], usable["code"], strict=True))
    return Links(codes, tuple(problems), log.reindex(columns=LOG_COLUMNS))


def _problems(
    export: Export, rows: pd.DataFrame, wrong: Mapping[str, pd.DataFrame]
) -> Sequence[Problem]:
    said = {
        MALFORMED: ("a code of another form", "a code that fits [linking] pattern of study.toml"),
        REPEATED: ("a code that another row has too", "a code of one respondent"),
    }
    fix = "these respondents are not linked; ask who they are, or leave it so"
    problems = [
        Problem(f"{export.path.name}, row {row}", said[rule][0], said[rule][1], fix, "warning")
        for rule, part in wrong.items()
        for row in part["row"]
    ]
    without = int(rows["code"].eq("").sum())
    if without:
        found = f"{without} of {len(rows)} respondents without a code"
        expected = "a token or code for everybody"
        problems.append(Problem(export.path.name, found, expected, fix, "warning"))
    return problems


def numbered(waves: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Per wave the number of each linked respondent; equal numbers are the same person.

    The order of the numbers is that of a hash, so that it tells nothing about the codes.
    """
    codes = {code for wave in waves for code in wave.values()}
    order = sorted(codes, key=lambda code: sha256(code.encode()).digest())
    width = len(str(len(order)))
    number = {code: f"P{place:0{width}d}" for place, code in enumerate(order, 1)}
    return [{who: number[code] for who, code in wave.items()} for wave in waves]
