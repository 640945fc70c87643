"""Time of disclosure control: the study's own tables, and 50 linked tables of 400 cells.

Run as ``python benchmarks/suppression.py``; prints a Markdown table. Every line is one run in
this process; "x" compares its seconds with those of the line before, beside how much larger it
is, so that both show how time grows with size.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import sparse

from copanalysis.report.disclosure.attack import System
from copanalysis.report.disclosure.counts import Counts
from copanalysis.report.disclosure.kinds import told_counts
from copanalysis.report.disclosure.pattern import Pattern, Request, optimal_pattern
from copanalysis.report.disclosure.protection import protection
from copanalysis.report.disclosure.rules import rules_of
from copanalysis.report.disclosure.table import Table
from copanalysis.study.plan import Study, load_study
from copanalysis.survey.estimates import multiple_response, single_choice
from copanalysis.survey.preparation import prepare_survey

ROOT = Path(__file__).resolve().parents[1]
SIDE = 20  # rows and columns of a table of 400 cells
WIDTH = 3


def study_tables(study: Study) -> dict[str, Counts]:
    """Every closed item of every wave: over all CoPs, and broken down by CoP."""
    tables = {}
    for wave in prepare_survey(study):
        people = wave.tables["respondents"]
        used = people.loc[people["used"], "respondent"]
        answers = wave.tables["answers"]
        answers = answers[answers["respondent"].isin(used)]
        for item in study.items_of(wave.wave):
            estimate = {"multiple": multiple_response, "single": single_choice}
            estimate["scale"] = single_choice
            if item.type not in estimate:
                continue
            for by in ("", "cop") if not study.is_cop_item(item.id) else ("",):
                asked = {**study.ask(item.id, wave=wave.wave), "base": "answered", "by": by}
                asked |= {"population": None, "confidence": study.confidence}
                data = estimate[item.type](answers, **asked)
                about = {"waves": (wave.wave,), "cop": "", "name": item.id, "study": study}
                table = Table(data, key=("cop", "option")[not by :], formats={}, **about)
                tables[f"{wave.wave} {item.id} {by}"] = told_counts(table)
    return tables


def linked_tables(number: int, seed: int = 7) -> tuple[System, Request]:
    """Two-way tables of 20 by 20 counts with their totals; the last column of each is the
    first of the next, so that no table can be protected by itself."""
    rng = np.random.default_rng(seed)
    wide = number * (SIDE - 1) + 1
    inner = rng.poisson(10, (SIDE, wide))
    place = np.arange(inner.size).reshape(inner.shape)
    values, rows, columns, factors = list(inner.ravel()), [], [], []
    for table in range(number):
        block = place[:, table * (SIDE - 1) : table * (SIDE - 1) + SIDE]
        for line in (*block, *block.T):
            sum_ = len(set(rows))
            rows += [sum_] * (SIDE + 1)
            columns += [*line, len(values)]
            factors += [1.0] * SIDE + [-1.0]
            values.append(sum(values[cell] for cell in line))
    values = np.array(values, dtype=float)
    inside = np.arange(len(values)) < inner.size
    sums = sparse.csr_array((factors, (rows, columns)))
    high = np.where(inside, 40.0, values)
    system = System(sums, np.zeros(sums.shape[0]), np.zeros(len(values)), high, values, values)
    secret = inside & (values < 4)
    cost = 1 + values / values.sum()
    return system, Request(secret, inside, cost, np.full(len(values), float(WIDTH)))


def timed(work: Callable[[], object]) -> tuple[object, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def linked_lines() -> list[str]:
    lines, before = [], None
    for number in (1, 5, 25, 50):
        system, request = linked_tables(number)
        found, seconds = timed(lambda s=system, r=request: optimal_pattern(s, r))
        growth = f"x{seconds / before[1]:.1f} for x{number / before[0]:.0f}" if before else ""
        lines.append(_line(f"{number} linked tables of 400 cells", found, request, seconds, growth))
        before = number, seconds
    return lines


def _line(name: str, found: Pattern, request: Request, seconds: float, growth: str) -> str:
    secret, hidden = int(request.secret.sum()), int(found.hidden.sum())
    return f"| {name} | {secret} | {hidden - secret} | {found.gap:.1%} | {seconds:.1f} | {growth} |"


def main() -> None:
    study = load_study(ROOT)
    tables = study_tables(study)
    found, seconds = timed(lambda: protection(tables, rules=rules_of(study)))
    cells = sum(len(table.counts) for table in tables.values())
    more = len(found.hidden) - len(found.secret)
    head = "| tables | secret | hidden beside | gap | seconds | growth |"
    head += "\n|---|---:|---:|---:|---:|---|"
    own = f"| the study: {len(tables)} tables, {cells} counts | {len(found.secret)} | {more} |"
    lines = [head, f"{own} {found.gap:.1%} | {seconds:.1f} | |", *linked_lines()]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write("\n".join(lines) + f"\n\nMost memory in use: {memory} MB\n")


if __name__ == "__main__":
    main()
