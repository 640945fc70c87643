"""Which counts must not be shown: the primary rule, by the thresholds of study.toml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from copanalysis.report.disclosure.counts import ANY, LISTED, NONE, Counted, Counts
from copanalysis.study.plan import Study


class Kind(StrEnum):
    """What a count can give away.

    WHOLE: one answer among all CoPs together. FOLLOWED: an answer within another that the
    questionnaire itself led to. CROSSED: answers to two questions held together. IDENTIFYING:
    of some CoPs, or by another attribute of a person. LISTED: people of a CoP in a register or
    among those spoken to.
    """

    WHOLE = "whole"
    FOLLOWED = "followed"
    CROSSED = "crossed"
    IDENTIFYING = "identifying"
    LISTED = "listed"


@dataclass(frozen=True)
class Rules:
    """The thresholds of study.toml, and which items follow up which others."""

    minimum_base: int
    minimum_cell: int
    minimum_cell_whole: int
    minimum_range: int
    large_group: int
    items: frozenset[str]
    follow_ups: frozenset[frozenset[str]]

    def kind(self, of: Counted, base: int) -> Kind:
        """What a count can give away. Several CoPs that are many people together are no group
        in which anybody is known: they count as all CoPs."""
        if of.waves == LISTED:
            return Kind.LISTED
        given = {variable for variable, value in of.answers if value not in (ANY, NONE)}
        if len(of.cops) == 1 or (of.cops and base < self.large_group):
            return Kind.IDENTIFYING
        if len(given) < 2:
            return Kind.WHOLE
        items = frozenset(item.partition("@")[0] for item in of.items)
        if not items <= self.items:
            return Kind.IDENTIFYING
        return Kind.FOLLOWED if items in self.follow_ups else Kind.CROSSED

    def secret(self, of: Counted, n: int, base: int) -> bool:
        """Whether a count of ``n`` in ``base`` must be hidden by itself.

        Below the minimum base nothing is shown. Of CoPs (or by another attribute) a count under
        the minimum is hidden, and so is one that leaves fewer than that for the rest, zero
        included: nobody and everybody say as much as one. Where two questions are crossed a
        count under the minimum is hidden unless it is zero. Of one question over all CoPs a
        count points to nobody in particular; its minimum is apart in study.toml. Of people in a
        register only a count under the minimum is hidden, whatever their number: how many
        members a CoP has is no secret.
        """
        kind = self.kind(of, base)
        if kind is Kind.LISTED:
            return 0 < n < self.minimum_cell
        if base < self.minimum_base:
            return True
        if kind is Kind.IDENTIFYING:
            return min(n, base - n) < self.minimum_cell
        if kind is Kind.CROSSED:
            return 0 < n < self.minimum_cell
        return 0 < n < self.minimum_cell_whole

    def free(self, of: Counted, base: int) -> bool:
        """Whether a count may be hidden for the sake of others.

        One question over all CoPs is what the report is for: it stays, and what follows from it
        alone counts as public. Only where study.toml gives it a minimum of its own it may go.
        """
        whole = not of.cops and self.kind(of, base) in (Kind.WHOLE, Kind.FOLLOWED)
        return not whole or self.minimum_cell_whole > 1

    def range(self, of: Counted, base: int) -> int:
        """How wide the interval of a hidden count must be.

        One question over all CoPs with a base under the minimum is hidden because a percentage
        of so few says nothing, not because it points to a person.
        """
        return self.minimum_range if self.free(of, base) else 0


def rules_of(study: Study) -> Rules:
    """The rules of a study."""
    rules = study.settings["disclosure"]
    return Rules(
        minimum_base=rules["minimum_base"],
        minimum_cell=rules["minimum_cell"],
        minimum_cell_whole=rules["minimum_cell_whole"],
        minimum_range=rules["minimum_range"],
        large_group=rules["large_group"],
        items=frozenset(item.id for item in study.items),
        follow_ups=frozenset(
            frozenset({item.id, item.asked_if}) for item in study.items if item.asked_if
        ),
    )


def secret_counts(tables: Iterable[Counts], rules: Rules) -> set[Counted]:
    """The counts that the primary rule hides.

    In a crossed table also a cell with all of a small group: who is known to have given the one
    answer is known to have given the other.
    """
    tables = list(tables)
    counts = [count for table in tables for count in table.counts]
    found = {count.of for count in counts if rules.secret(count.of, count.n, count.base)}
    values = {count.of: count.n for count in counts}
    for total in (total for table in tables for total in table.sums):
        if total.total and total.rest == 0 and len(total.parts) > 2:
            alone = [of for of in total.parts if values.get(of, 0) > 0]
            if len(alone) == 1 and values[alone[0]] < rules.minimum_base:
                found |= set(alone)
    return found
