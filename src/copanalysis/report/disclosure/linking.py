"""All counts of a report as one system: the same counts once, and every sum that links them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from copanalysis.report.disclosure.attack import System
from copanalysis.report.disclosure.counts import ANY, NONE, Counted, Counts, Sum

REST = "…"  # the CoPs that no table names


@dataclass
class Known:
    """What is known of one count: its base, and the bounds that its shown form leaves."""

    base: int
    low: int
    high: int

    def narrowed(self, low: int, high: int) -> None:
        self.low, self.high = max(self.low, low), min(self.high, high)


# base, the whole, and what is taken from it
Difference = tuple[int, Counted, tuple[Counted, ...]]


@dataclass
class Link:
    """The system of some tables while it is built: counts by who they are of, and sums."""

    released: dict[Counted, Known]
    respondents: dict[Counted, int]
    others: dict[Counted, int] = field(default_factory=dict)
    sums: list[tuple[Counted | int, tuple[Counted, ...], int]] = field(default_factory=list)
    bases: dict[tuple, int] = field(default_factory=dict)
    differences: dict[Counted, Difference] = field(default_factory=dict)


@dataclass(frozen=True)
class Linked:
    """A system with the names of its counts.

    ``names`` are in the order of the system's columns: first the ``released`` counts, then those
    that no table holds. ``differences`` are of the latter those that follow from what is
    released by subtraction.
    """

    system: System
    names: tuple[Counted, ...]
    released: int
    differences: Mapping[Counted, Difference]
    bases: Sequence[int]


def linked(
    known: Mapping[Counted, Known], tables: Iterable[Counts], *, limits: Mapping[Counted, tuple]
) -> Linked:
    """Counts of tables in one system.

    Parameters
    ----------
    known : mapping of Counted to Known
        The released counts.
    tables : iterable of Counts
        What the tables say of sums and of the respondents of CoPs.
    limits : mapping of Counted to (low, high)
        Bounds of counts from elsewhere (an earlier release), hidden or not.

    Returns
    -------
    Linked
        The sums of the tables; over CoPs, where one count is of others together; between an
        answer and the same answer among those who also answered another question.
    """
    tables = list(tables)
    respondents = {of: number for table in tables for of, number in table.respondents}
    link = Link(dict(sorted(known.items())), respondents)
    for of, one in link.released.items():
        for item in of.items:
            place = of.waves, of.cops, item
            link.bases[place] = max(link.bases.get(place, 0), one.base)
    for table in tables:
        for total in table.sums:
            _add_sum(link, total)
    _add_answered(link)
    _add_cops(link)
    return _as_system(link, limits)


def _add_sum(link: Link, total: Sum) -> None:
    for of in (*total.parts, *filter(None, [total.total])):
        if of not in link.released:
            link.others[of] = min(link.others.get(of, total.base), total.base)
    link.sums.append((total.total or total.base, total.parts, total.rest))


def _add_answered(link: Link) -> None:
    """An answer, the same among those who answered another question too, and among the rest."""
    for of in [*link.released, *link.others]:
        for pair in of.answers:
            wider = _without(of, pair)
            if pair[1] == ANY and wider in link.released:
                base = link.released[of].base if of in link.released else link.others[of]
                rest = link.released[wider].base - base
                if rest >= 0:
                    others = wider.with_answers((pair[0], NONE))
                    link.others[others] = rest
                    link.sums.append((wider, (of, others), 0))
                    if of in link.released:
                        link.differences[others] = rest, wider, (of,)


def _without(of: Counted, pair: tuple[str, str]) -> Counted:
    """The respondents of a count without one condition: when what is left is about one wave of
    people linked over two, all respondents of that wave."""
    left = tuple(answer for answer in of.answers if answer != pair)
    parts = [variable.partition(".")[0].partition("@") for variable, _ in left]
    waves = {wave for _, _, wave in parts}
    if len(waves) != 1 or "" in waves:
        return Counted(of.waves, of.cops, left)
    (wave,) = waves
    plain = tuple((variable.replace(f"@{wave}", "", 1), value) for variable, value in left)
    return Counted((wave,), of.cops, plain)


def _add_cops(link: Link) -> None:
    """The same answers of overlapping groups of CoPs: each group is the sum of its blocks."""
    groups: dict[tuple, list[Counted]] = defaultdict(list)
    for of in link.released:
        groups[of.waves, of.answers].append(of)
    named: dict[tuple, set[str]] = defaultdict(set)
    for of in [*link.released, *link.respondents]:
        named[of.waves].update(of.cops)
    for (waves, answers), members in sorted(groups.items()):
        if len(members) > 1 and answers:
            _add_blocks(link, waves, answers, members, sorted(named[waves]))


def _add_blocks(
    link: Link, waves: tuple, answers: tuple, members: Sequence[Counted], cops: Sequence[str]
) -> None:
    blocks: dict[tuple[bool, ...], list[str]] = defaultdict(list)
    whole = Counted(waves, tuple(cops), answers)
    for cop in (cop for cop in (*cops, REST) if _size(link, whole, cop) != 0):
        blocks[tuple(not of.cops or cop in of.cops for of in members)].append(cop)
    blocks.pop((False,) * len(members), None)
    names = {}
    for inside, parts in blocks.items():
        alone = [
            of
            for of, has in zip(members, inside, strict=True)
            if has and set(of.cops) == set(parts)
        ]
        names[inside] = alone[0] if alone else Counted(waves, tuple(parts), answers)
    for i, of in enumerate(members):
        parts = tuple(name for inside, name in names.items() if inside[i])
        if parts != (of,):
            link.sums.append((of, parts, 0))
    for inside, name in names.items():
        if name not in link.released:
            wholes = [of for of, has in zip(members, inside, strict=True) if has]
            link.others[name] = _block_base(link, name, wholes)
    _add_differences(link, members, names)


def _block_base(link: Link, block: Counted, wholes: Sequence[Counted]) -> int:
    """The most respondents in a block of CoPs: as many as are known of each, or of a whole."""
    whole = min(link.released[of].base for of in wholes)
    sizes = [_size(link, block, cop) for cop in block.cops]
    return min(whole, sum(sizes)) if None not in sizes else whole


def _size(link: Link, block: Counted, cop: str) -> int | None:
    one = [
        link.bases[block.waves, (cop,), item]
        for item in block.items
        if (block.waves, (cop,), item) in link.bases
    ]
    group = Counted(block.waves, (cop,))
    if group in link.respondents:
        one.append(link.respondents[group])
    everybody = link.respondents.get(Counted(block.waves))
    if cop == REST and everybody is not None:
        named = [n for of, n in link.respondents.items() if of.waves == block.waves and of.cops]
        one.append(max(0, everybody - sum(named)))
    return min(one) if one else None


def _add_differences(
    link: Link, members: Sequence[Counted], names: Mapping[tuple[bool, ...], Counted]
) -> None:
    """Blocks that no table holds and that subtraction gives, with the base that it gives."""
    for inside, name in names.items():
        for i, of in enumerate(members):
            parts = [n for has, n in names.items() if has[i] and n != name]
            if inside[i] and name not in link.released and all(p in link.released for p in parts):
                base = link.released[of].base - sum(link.released[p].base for p in parts)
                link.differences[name] = max(0, base), of, tuple(parts)


def _as_system(link: Link, limits: Mapping[Counted, tuple[int, int]]) -> Linked:
    names = [*link.released, *(of for of in sorted(link.others) if of not in link.released)]
    place = {of: i for i, of in enumerate(names)}
    bases = [link.released[of].base if of in link.released else link.others[of] for of in names]
    low, high = np.zeros(len(names)), np.array(bases, dtype=float)
    for of, (least, most) in limits.items():
        low[place[of]], high[place[of]] = max(0, least), min(high[place[of]], most)
    shown_low, shown_high = low.copy(), high.copy()
    for i, one in enumerate(link.released.values()):
        shown_low[i], shown_high[i] = max(low[i], one.low), min(high[i], one.high)
    sums = dict.fromkeys(link.sums)
    rows, columns, values, totals, rests = [], [], [], [], []
    for row, (total, parts, rest) in enumerate(sums):
        terms = [(part, 1.0) for part in parts]
        terms += [] if isinstance(total, int) else [(total, -1.0)]
        totals.append(total if isinstance(total, int) else 0)
        for of, value in terms:
            rows.append(row), columns.append(place[of]), values.append(value)
        if rest:
            rows.append(row), columns.append(len(names) + len(rests)), values.append(1.0)
            rests.append(rest)
    shape = len(totals), len(names) + len(rests)
    matrix = sparse.csr_array((values, (rows, columns)), shape=shape)
    spare = np.zeros(len(rests)), np.array(rests, dtype=float)
    system = System(
        matrix,
        np.array(totals, dtype=float),
        *(
            np.concatenate([part, spare[i % 2]])
            for i, part in enumerate((low, high, shown_low, shown_high))
        ),
    )
    return Linked(system, tuple(names), len(link.released), dict(link.differences), bases)
