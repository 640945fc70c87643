"""What the numbers of a table mean: how it was made, said in Dutch, for the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from copanalysis.report.cells import header_of, shown_cells
from copanalysis.report.numbers import join_words
from copanalysis.report.objects import Released
from copanalysis.study.plan import Study

Step = Mapping[str, Any]
UNWEIGHTED = "ongewogen"


class Definitions:
    """The meanings in definitions.csv, looked up by what made a table."""

    def __init__(self, study: Study) -> None:
        self.study = study
        rows = study.sheets["definitions.csv"].rows
        self._meanings = {(r["kind"], r["function"], r["name"]): r["meaning"] for r in rows}

    def formula(self, column: str, steps: Sequence[Step]) -> str:
        """What a column holds, by the last step that defines it, else in general ("" if never)."""
        column = "interval" if column in ("ci_low", "ci_high") else column
        for function in [*(step["function"] for step in reversed(steps)), ""]:
            if meaning := self._meanings.get(("column", function, column)):
                return meaning
        return ""

    def of_table(self, table: Released) -> dict[str, Any]:
        """The entry of a table in the manifest: its cells as shown and how they came about.

        Holds ``key`` (columns) and ``keys`` (of the rows, as pointers name them), ``cells`` (per
        shown column the texts), ``order`` (of the shown columns, which JSON does not keep),
        ``columns`` (header, format and formula of each), ``made`` (the steps in words),
        ``waves``, ``weighting`` and ``cell`` (of the notebook).
        """
        cells = shown_cells(table)
        return {
            "key": list(table.key),
            "keys": table.row_keys,
            "cells": {column: list(cells[column]) for column in cells},
            "order": list(table.columns),
            "columns": {
                column: {
                    "header": header_of(table, column).replace("\u00ad", ""),
                    "format": table.formats.get(column, "text"),
                    "formula": self.formula(column, table.steps),
                }
                for column in table.columns
            },
            "made": [self._in_words(step) for step in table.steps],
            "waves": self._waves(table),
            "weighting": _weighting(table.steps),
            "cell": dict(table.cell),
        }

    def _in_words(self, step: Step) -> dict[str, Any]:
        function, given = step["function"], step["keywords"].items()
        return {
            "function": function,
            "does": self._meanings.get(("function", function, ""), ""),
            "keywords": dict(step["keywords"]),
            "with": [words for pair in given if (words := self._keyword(function, *pair))],
            "rows": step["rows"],
            "respondents": step["respondents"],
        }

    def _keyword(self, function: str, name: str, value: Any) -> str:
        if value in (None, "", [], False):
            return ""
        whole = self._meanings.get(("keyword", "", f"{name}={value}"))
        words = join_words(map(str, value)) if isinstance(value, list | tuple) else value
        general = self._meanings.get(("keyword", "", name), "")
        pattern = self._meanings.get(("keyword", function, name), general)
        return whole or pattern.format(value=_decimal(words))

    def _waves(self, table: Released) -> list[str]:
        """The waves of the rows themselves, else those of the tables that went in."""
        own = set(table.data["wave"].dropna()) if "wave" in table.data else set()
        given = {wave for step in table.steps for wave in step["waves"]}
        return [wave.name for id, wave in self.study.waves.items() if id in (own or given)]


def _weighting(steps: Iterable[Step]) -> str:
    weights = [str(s["keywords"]["weights"]) for s in steps if s["keywords"].get("weights")]
    return f"gewogen met {join_words(dict.fromkeys(weights))}" if weights else UNWEIGHTED


def _decimal(value: Any) -> str:
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)
