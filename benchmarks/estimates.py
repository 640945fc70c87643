"""Time and memory of estimates and tests on 350, 10 000 and 1 000 000 respondents.

Run as ``python benchmarks/estimates.py [file.md]`` on Linux; prints (and writes) a Markdown
table. Times are ratios to one estimate of 10 000 respondents in the same run, so that they do
not depend on the machine; growth is the exponent of time in respondents between the two largest
sizes (1 is linear). Memory is the peak above what the answers themselves take.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from copanalysis.survey.design_estimates import weighted_shares
from copanalysis.survey.estimates import multiple_response, single_choice
from copanalysis.survey.independence import mmi_test
from copanalysis.survey.ordinal import rank_test
from copanalysis.survey.verdicts import wave_verdicts

SIZES, GROUPS, WIDTH, POINTS = (350, 10_000, 1_000_000), (12, 400), 4, 5
UNIT = ("multiple_response by group", 10_000, 12)
MOST_CALIBRATED = 20_000_000  # svy holds a number per respondent and group
Call = Callable[[], object]


def options_of(item: str, count: int) -> pd.DataFrame:
    rows = [(item, f"o{k}", f"o{k}", k, "answer") for k in range(count)]
    return pd.DataFrame(rows, columns=["item", "option", "label", "position", "kind"])


def answers_of(people: int, groups: int) -> pd.DataFrame:
    """Tidy answers to one item with boxes and one scale, in two waves."""
    generator = np.random.default_rng(people + groups)
    cop, wave = generator.integers(groups, size=people), generator.integers(1, 3, size=people)
    names = np.array([f"c{k}" for k in range(groups)])
    ticks, points = (
        generator.integers(0, 2, (people, WIDTH)),
        generator.integers(POINTS, size=people),
    )
    respondent = pd.array(np.char.add("r", np.arange(people).astype(str)), dtype="string")
    who = {"wave": wave.astype(str), "respondent": respondent, "cop": names[cop]}
    who = pd.DataFrame(who).astype({"wave": "category", "cop": "category"})
    boxes = who.loc[who.index.repeat(WIDTH)].assign(
        item="boxes",
        option=np.tile([f"o{k}" for k in range(WIDTH)], people),
        value=ticks.ravel().astype(str),
        state=np.where(ticks.any(axis=1), "answered", "none_ticked").repeat(WIDTH),
    )
    names = np.array([f"o{k}" for k in range(POINTS)])
    scale = who.assign(item="scale", option="", value=names[points], state="answered")
    table = pd.concat([boxes, scale], ignore_index=True)
    return table.astype(dict.fromkeys(("item", "option", "value", "state"), "category"))


def calls(answers: pd.DataFrame, groups: int, people: int) -> Iterator[tuple[str, Call]]:
    one = answers[answers["wave"].eq("1")]
    boxes = {"item": "boxes", "options": options_of("boxes", WIDTH), "base": "answered"}
    scale = {"item": "scale", "options": options_of("scale", POINTS)}
    shares = {"population": None, "confidence": 0.95}
    never = {"expected": 0, "share": 1, "least": 0, "group": 0}
    tests = {"minimum_base": 30, "small": never, "resamples": 0, "seed": 1}
    rule = {"comparisons": ["all", "common", "widest"], "minimum_expected": 5}
    rule |= {"rise": "+", "fall": "-", "none": "0", "unknown": "?"}
    margins = {"cop": {f"c{k}": 3.0 * people / groups for k in range(groups)}}
    names = {"first": "1", "last": "2", "wordings": {"1": "w", "2": "w"}, "rule": rule}
    judged = {"minimum_base": 30, "power": 0.8, "family": "f", "correction": "holm"}
    weights = {"margins": margins, "weights": "members", "strata": "", "weight_shift": 0.05}
    ranks = {"by": "wave", "cluster": "cop", "confidence": 0.95} | tests | {"resamples": 199}
    yield UNIT[0], lambda: multiple_response(one, **boxes, by="cop", **shares)
    yield (
        "single_choice by group",
        lambda: single_choice(one, **scale, base="answered", by="cop", **shares),
    )
    yield "mmi_test over groups", lambda: mmi_test(one, **boxes, by="cop", **tests)
    yield "wave_verdicts", lambda: wave_verdicts(answers, **boxes, **names, **judged, **shares)
    yield "rank_test, groups as clusters", lambda: rank_test(answers, **scale, **ranks)
    yield "weighted_shares", lambda: weighted_shares(one, **boxes, **weights, **shares)


def memory(field: str) -> float:
    """A line of /proc/self/status in megabytes."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.split(f"{field}:")[1].split()[0]) / 1024


def measured(call: Call) -> tuple[float, float]:
    """Seconds of processor (best of up to three within a second) and peak megabytes of a call."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before, best, spent = memory("VmRSS"), np.inf, 0.0
    for _ in range(3):
        start = time.process_time()
        call()
        took = time.process_time() - start
        best, spent = min(best, took), spent + took
        if spent > 1:
            break
    return best, memory("VmHWM") - before


def results() -> pd.DataFrame:
    rows = []
    for people in SIZES:
        for groups in GROUPS:
            if groups > people:
                continue
            answers = answers_of(people, groups)
            for name, call in calls(answers, groups, people):
                if name == "weighted_shares" and people * groups > MOST_CALIBRATED:
                    continue
                seconds, peak = measured(call)
                rows.append((name, groups, people, seconds, peak))
    return pd.DataFrame(rows, columns=["what", "groups", "people", "seconds", "peak"])


def markdown(table: pd.DataFrame) -> str:
    unit = table.set_index(["what", "people", "groups"])["seconds"].loc[UNIT]
    heads = " | ".join(f"{people:,}" for people in SIZES)
    lines = [f"| what | groups | {heads} | growth | peak MB at the largest |"]
    lines.append("|---|---:|" + "---:|" * (len(SIZES) + 2))
    for (what, groups), rows in table.groupby(["what", "groups"], sort=False):
        times = rows.set_index("people")["seconds"]
        cells = [f"{times[n] / unit:.1f}" if n in times else "-" for n in SIZES]
        steps = np.diff(np.log(times)) / np.diff(np.log(times.index))
        growth = f"{steps[-1]:.2f}" if len(steps) else "-"
        peak = rows["peak"].iloc[-1]
        lines.append(f"| {what} | {groups} | {' | '.join(cells)} | {growth} | {peak:.0f} |")
    return "\n".join(lines) + f"\n\nThe unit took {unit * 1000:.0f} ms.\n"


def main() -> None:
    text = markdown(results())
    print(text)
    if len(sys.argv) > 1:
        head = (
            "# Time and memory of estimates and tests\n\nMade by `python benchmarks/estimates.py`: "
        )
        head += (
            "times as ratios to the unit (multiple_response, 10,000 respondents, 12 groups).\n\n"
        )
        Path(sys.argv[1]).write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
