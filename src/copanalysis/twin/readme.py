"""The README of the demo data: what is in it, what is assumed, what is planted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from copanalysis.twin.targets import FOLDER, Targets

PLANTED = {
    "tests": "tests",
    "duplicates": "duplicates",
    "empty": "empty",
    "broke_off": "broke off before question 4",
    "speeders": "speeders",
    "straightliners": "straightliners",
    "four_picks": "four picks where three are allowed",
    "outside_picks": "picks in question 5 not ticked in 4",
}


def demo_readme(targets: Targets, *, seed: int, rows: Mapping[str, int]) -> str:
    """The text of README.md in Markdown; ``rows`` is the number of rows per wave as written."""
    files, planted = [], []
    for wave, plan in targets.waves.items():
        period = f"{plan.first} to {plan.last}"
        names = ", ".join(f"`{name}`" for name in (plan.file, plan.structure) if name)
        people = targets.respondents(wave)
        files.append([wave, plan.format, names, period, rows[wave], people])
        counts = {name: getattr(plan, name) for name in PLANTED}
        counts["empty"] += plan.empty_with_cop
        sizes = [len(c) if isinstance(c, tuple) else c for c in counts.values()]
        planted.append([wave, *sizes])
    template = (FOLDER / "demo_readme.md").read_text(encoding="utf-8")
    heading = ["wave", "format", "files", "fieldwork", "rows", "respondents"]
    tables = {
        "files": _table(heading, files),
        "planted": _table(["wave", *PLANTED.values()], planted),
    }
    return template.format(seed=seed, **tables)


def _table(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
