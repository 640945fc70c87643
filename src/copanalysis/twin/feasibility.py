"""Whether the targets of the twin can be reached together: every contradiction, before a draw."""

from __future__ import annotations

from collections.abc import Iterator

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.study.plan import Item, Study
from copanalysis.twin.targets import ANSWERED, MARKS, NON_ANSWER, SPECIAL, Targets

FIX = "correct targets.csv or plan.toml of the twin"


def check_targets(targets: Targets, *, study: Study) -> None:
    """Raise one CopanalysisError with every target that no set of respondents can meet.

    Checked per wave and item: every item and option has a target and exists, no option has more
    answers than respondents reached the item, a coded item does not have more answers than
    respondents, a multiple item has ticks enough for everyone who answered it and not so many
    that others than the straightliners must tick everything, a compulsory item is answered by
    all, and everything planted fits the number of respondents.
    """
    problems: list[Problem] = []
    for wave, plan in targets.waves.items():
        known = {item.id for item in study.items_of(wave)}
        for name, item in targets.counts:
            if name == wave and item not in known:
                problems.append(_problem(wave, item, "targets", "an item of this wave"))
        for item in study.items_of(wave):
            problems += _item_problems(targets, study, wave, item)
        people, planted = targets.respondents(wave), plan.speeders + plan.straightliners
        planted += plan.four_picks + plan.outside_picks + plan.duplicates + len(plan.broke_off)
        if planted > people:
            found, expected = f"{planted} planted oddities", f"at most {people} respondents"
            problems.append(_problem(wave, "plan.toml", found, expected))
        for cop, label in plan.cop_labels.items():
            if study.names.resolve(label, kind="cop") != cop:
                problems.append(
                    _problem(wave, f"cop_labels {cop}", repr(label), "one of its names")
                )
    refuse_if_any("The targets of the twin contradict themselves or the study", problems)


def reached(targets: Targets, *, study: Study, wave: str, item: str) -> int:
    """How many respondents came as far as an item."""
    order = [i.id for i in study.items_of(wave)]
    stopped = [order.index(b["after"]) for b in targets.waves[wave].broke_off]
    return targets.respondents(wave) - sum(last < order.index(item) for last in stopped)


def _problem(wave: str, item: str, found: str, expected: str) -> Problem:
    return Problem(f"twin, wave {wave}, {item}", found, expected, FIX)


def _item_problems(targets: Targets, study: Study, wave: str, item: Item) -> Iterator[Problem]:
    n = reached(targets, study=study, wave=wave, item=item.id)
    counts = targets.of(wave, item.id)
    yield from _reference_problems(targets, study, wave, item)
    for option, count in counts.items():
        if count > n:
            found = f"{count} for {option}"
            yield _problem(wave, item.id, found, f"at most {n}, who reached the item")
    answered = counts.get(ANSWERED, n)
    if item.type in ("single", "scale"):
        answered = sum(targets.closed(wave, item.id).values())
    if item.type != "multiple" and sum(counts.values()) > n:
        yield _problem(wave, item.id, f"{sum(counts.values())} answers", f"at most {n}")
    if item.type == "multiple" and not item.asked_if:
        yield from _tick_problems(targets, wave, item, answered)
    if item.id in targets.forced and answered != n:
        yield _problem(wave, item.id, f"answered by {answered}", f"{n}: the item is compulsory")


def _reference_problems(targets: Targets, study: Study, wave: str, item: Item) -> Iterator[Problem]:
    counts = targets.of(wave, item.id)
    options = list(study.options(item.id, wave=wave)["option"])
    needed = {"multiple": [ANSWERED, *options], "open": [ANSWERED, NON_ANSWER]}
    if item.asked_if:
        needed["multiple"] = [ANSWERED]
    for option in needed.get(item.type, options[:1]):
        if option not in counts:
            yield _problem(wave, item.id, f"no target for {option}", "a row in targets.csv")
    for option in counts:
        if option not in options and option not in MARKS:
            yield _problem(wave, item.id, f"option {option!r}", "an option of this item")
    missing = sum(counts.get(f"({code})", 0) for code in SPECIAL)
    if missing and targets.waves[wave].format != "spss":
        yield _problem(wave, item.id, "user-missing answers", "none: only SPSS files have them")


def _tick_problems(targets: Targets, wave: str, item: Item, answered: int) -> Iterator[Problem]:
    closed = targets.closed(wave, item.id)
    other = closed.pop("other", 0)
    straight = targets.waves[wave].straightliners
    ticking = answered - min(targets.only_other, other)
    beside = sum(closed.values()) - straight * len(closed)
    if not ticking - straight <= beside <= (ticking - straight) * (len(closed) - 1):
        found = f"{sum(closed.values())} ticks by {answered} respondents"
        yield _problem(wave, item.id, found, "at least one each, and all only by straightliners")
    for option, count in closed.items():
        if not straight <= count <= ticking:
            expected = f"{straight} to {ticking} (straightliners tick it, only-Anders does not)"
            yield _problem(wave, item.id, f"{count} ticks of {option}", expected)
