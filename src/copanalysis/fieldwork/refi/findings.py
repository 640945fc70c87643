"""What was found while reading: problems with their place, and losses counted by element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from copanalysis.errors import Problem

SHOWN = 20  # places told in full for one kind of problem; the rest is counted


class Findings:
    """Collects problems and losses; a kind of problem met very often is told SHOWN times."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._kinds: Counter[tuple[str, str, str]] = Counter()
        self._problems: list[Problem] = []
        self._losses: Counter[tuple[str, str]] = Counter()

    def add(
        self,
        place: etree._Element | str,
        found: str,
        expected: str,
        fix: str,
        level: str = "warning",
    ) -> None:
        """Note one problem at an element or a place named in words."""
        tag = place if isinstance(place, str) else str(place.tag)
        kind = (tag, expected, level)
        self._kinds[kind] += 1
        if self._kinds[kind] <= SHOWN:
            self._problems.append(Problem(self.where(place), found, expected, fix, level))

    def lose(self, element: str, what: str, count: int = 1) -> None:
        """Count something that no table keeps."""
        self._losses[element, what] += count

    def where(self, place: etree._Element | str) -> str:
        """The file and the place in it, as a reader can find it."""
        if isinstance(place, str):
            return f"{self.file}, {place}"
        line = f" (line {place.sourceline})" if place.sourceline else ""
        return f"{self.file}, {element_path(place)}{line}"

    def problems(self) -> tuple[Problem, ...]:
        """Every problem, errors first, with one line for those beyond the first SHOWN."""
        order = {"error": 0, "warning": 1, "note": 2}
        told = [*self._problems, *self._beyond()]
        return tuple(sorted(told, key=lambda problem: order[problem.level]))

    def losses(self) -> list[dict[str, str | int]]:
        """Rows of element, count and what, in the order of the element's name."""
        return [
            {"element": element, "count": count, "what": what}
            for (element, what), count in sorted(self._losses.items())
        ]

    def _beyond(self) -> Iterator[Problem]:
        for (tag, expected, level), count in self._kinds.items():
            if count > SHOWN:
                yield Problem(
                    f"{self.file}, {tag}",
                    f"the same at {count - SHOWN} more places",
                    expected,
                    "see the places named above",
                    level,
                )


def element_path(element: etree._Element) -> str:
    """The path from the root, with the number of the element among its namesakes."""
    steps = []
    for step in (element, *element.iterancestors()):
        parent = step.getparent()
        if parent is None or len(parent.findall(step.tag)) == 1:
            steps.append(str(step.tag))
        else:
            number = 1 + sum(1 for _ in step.itersiblings(step.tag, preceding=True))
            steps.append(f"{step.tag}[{number}]")
    return "/" + "/".join(reversed(steps))
