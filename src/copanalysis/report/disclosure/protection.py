"""Which counts of a set of tables are hidden: the primary rule, and what has to go with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from copanalysis.errors import CopanalysisError, Problem
from copanalysis.report.disclosure.counts import Counted, Counts, reading
from copanalysis.report.disclosure.linking import Known, Linked, linked
from copanalysis.report.disclosure.pattern import Pattern, Request, optimal_pattern
from copanalysis.report.disclosure.rules import Rules, secret_counts
from copanalysis.report.numbers import show

UNLIMITED = 10**9
Limits = Mapping[Counted, tuple[int, int]]


@dataclass(frozen=True)
class Protection:
    """The counts to hide, of which ``secret`` by themselves, and how good the choice is.

    ``gap`` is 0 when no cheaper choice exists. ``problems`` are counts that nothing protects.
    """

    hidden: frozenset[Counted]
    secret: frozenset[Counted]
    gap: float
    problems: tuple[Problem, ...]


def protection(
    tables: Mapping[str, Counts], *, rules: Rules, limits: Limits | None = None
) -> Protection:
    """What to hide in tables that are released together.

    Parameters
    ----------
    tables : mapping of name to Counts
        Every table with its counts and their values; the names serve messages.
    rules : Rules
    limits : mapping of Counted to (low, high)
        What readers know from elsewhere.

    Returns
    -------
    Protection
        Hidden are the counts that the primary rule names, and the fewest others (of as few, the
        smallest counts) such that no hidden count, and no difference of counts that the rule
        would hide, can be worked out to within ``minimum_range``. Where what may not be hidden
        already says more, it says as much. The order of the tables does not matter.

    Raises
    ------
    CopanalysisError
        When two tables give one count different values.
    """
    values = _values(tables)
    limits = {of: limit for of, limit in (limits or {}).items() if of in values}
    system = linked(known_counts(tables), tables.values(), limits=limits)
    secret = secret_counts(tables.values(), rules)
    differences = _secret_differences(system, values, rules)
    secrets = {of: values[of] for of in secret} | differences
    request = _request(system, values, rules, secrets, limits)
    pattern = optimal_pattern(system.system, request)
    hidden = {of for of, is_hidden in zip(system.names, pattern.hidden, strict=False) if is_hidden}
    problems = _unprotected(system, pattern, request, secrets, limits)
    return Protection(
        frozenset(hidden & set(values)), frozenset(secret), pattern.gap, tuple(problems)
    )


def _values(tables: Mapping[str, Counts]) -> dict[Counted, tuple[int, int]]:
    """Value and base of every count; the smallest base where tables differ in that."""
    values: dict[Counted, tuple[int, int]] = {}
    seen: dict[Counted, str] = {}
    problems = []
    for name, table in tables.items():
        for count in table.counts:
            n, base = values.get(count.of, (count.n, count.base))
            if n != count.n:
                found = f"{n} in {seen[count.of]}, {count.n} in {name}"
                fix = "make both tables again, or correct what one of them is about"
                problems.append(Problem(str(count.of), found, "the same number", fix))
            values[count.of] = n, min(base, count.base)
            seen.setdefault(count.of, name)
    if problems:
        raise CopanalysisError("Tables contradict each other.", problems)
    return dict(sorted(values.items()))


def known_counts(tables: Mapping[str, Counts]) -> dict[Counted, Known]:
    """What the shown form of every count leaves open."""
    known: dict[Counted, Known] = {}
    for table in tables.values():
        for count in table.counts:
            one = known.setdefault(count.of, Known(count.base, 0, count.base))
            one.base = min(one.base, count.base)
            if count.exact:
                one.narrowed(count.n, count.n)
            for how in set(count.tells.values()) - {"function"}:
                value = count.n if how == "count" else count.n / count.base if count.base else None
                one.narrowed(*reading(show(value, how), how, count.base))
    return known


def _secret_differences(
    system: Linked, values: Mapping[Counted, tuple[int, int]], rules: Rules
) -> dict[Counted, tuple[int, int]]:
    """Blocks that subtraction gives and that the rule would hide, with value and base."""
    place = {of: i for i, of in enumerate(system.names)}
    found = {}
    for of, (base, total, parts) in system.differences.items():
        n = values[total][0] - sum(values[part][0] for part in parts)
        if of in place and base > 0 and rules.secret(of, n, base):
            found[of] = n, base
    return found


def _request(
    system: Linked,
    values: Mapping[Counted, tuple[int, int]],
    rules: Rules,
    secret: Mapping[Counted, tuple[int, int]],
    limits: Limits,
) -> Request:
    size = len(system.system.low)
    must, may, cost, width = (np.zeros(size, dtype=t) for t in (bool, bool, float, float))
    scale = 1 + sum(n for n, _ in values.values())
    for i, of in enumerate(system.names):
        if of in values or of in secret:
            n, base = values.get(of) or secret[of]
            public = of in limits and limits[of][0] == limits[of][1]
            must[i] = of in secret
            may[i] = of in values and not public and rules.free(of, base)
            cost[i] = 1 + n / scale if of in values else 0
            width[i] = min(rules.range(of, base), _allowed(of, values))
    return Request(must, may, cost, width)


def _allowed(of: Counted, values: Mapping[Counted, tuple[int, int]]) -> int:
    """How wide the interval of a group can be when all CoPs together are known.

    What a count over all CoPs says of each of them (at most so many, at least all but so many)
    is no secret of one CoP.
    """
    everyone = Counted(of.waves, (), of.answers)
    if not of.cops or everyone not in values:
        return UNLIMITED
    n, base = values[everyone]
    return min(n, base - n)


def _unprotected(
    system: Linked,
    pattern: Pattern,
    request: Request,
    secrets: Mapping[Counted, tuple[int, int]],
    limits: Limits,
) -> Iterable[Problem]:
    """Counts that follow exactly from what may not be hidden; what was published before is out."""
    for i in np.flatnonzero(request.secret & (pattern.width < 1) & (request.width >= 1)):
        of = system.names[i]
        n, base = secrets[of]
        if limits.get(of) != (n, n):
            fix = "leave out one of the tables that give it away, or a CoP of it"
            found = f"{n} of {base}, to be worked out from counts that are never hidden"
            yield Problem(str(of), found, "a count that points to nobody", fix)
