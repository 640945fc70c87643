"""Which counts of respondents a result table tells, by the columns that the estimators give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from copanalysis.report.disclosure.counts import (
    ANY,
    Count,
    Counted,
    Counts,
    Difference,
    Sum,
)
from copanalysis.report.disclosure.listed import listed_counts
from copanalysis.report.disclosure.table import KEPT, Table


def told_counts(table: Table) -> Counts:
    """The counts that a table tells, with the sums between them.

    Known are the tables of ``single_choice`` and ``multiple_response`` (whatever columns were
    joined to them), ``wave_difference``, ``cross_table``, ``spmi_pairs``, ``given_ticked``,
    ``hoped_and_got`` and ``per_wave`` of respondents. Of another table with n and base every
    row counts as a number on its own. A table without these tells nothing of respondents, but
    may count people in registers and conversations (`listed_counts`).

    Raises
    ------
    CopanalysisError
        When the wave of a row is not known, and as `listed_counts`.
    """
    for needed, counts in KINDS:
        if needed <= set(table.data.columns):
            return counts(table)
    return listed_counts(table)


def _shares(table: Table) -> Counts:
    rows = [row for row in table.rows() if pd.notna(row["n"])]
    beside = [c for c in table.key if c not in KEPT] if _repeated(rows) else []
    counts, respondents, of_item = [], [], {}
    for row in rows:
        group = table.group(row).with_answers(*((c, str(row[c])) for c in beside))
        if table.study.is_cop_item(row["item"]):
            respondents.append((Counted(group.waves, (row["option"],)), int(row["n"])))
            continue
        of = group.with_answers(table.answer(row["item"], row["option"]))
        count = _count(of, row, {"n": "count", "share": "share"}, table.goes())
        counts.append(count)
        if table.types.get(row["item"]) in ("single", "scale"):
            of_item.setdefault((group, row["item"], count.base), []).append(count)
    sums = tuple(_partition(base, parts) for (_, _, base), parts in of_item.items())
    return Counts(tuple(counts), sums, tuple(respondents))


def _repeated(rows: Sequence[Mapping]) -> bool:
    """Whether wave, CoP, item and option do not tell the rows apart."""
    names = [tuple(row.get(c) for c in ("wave", "cop", "item", "option")) for row in rows]
    return len(set(names)) < len(names)


def _count(
    of: Counted, row: Mapping, tells: Mapping[str, str], goes: tuple[str, ...], n: str = "n"
) -> Count:
    tells = {column: how for column, how in tells.items() if column in row}
    return Count(of, int(row["base"]), row["row"], tells, goes, int(row[n]))


def _partition(base: int, parts: Sequence[Count]) -> Sum:
    """Options of one question: together the base, or less where some are not in the table."""
    whole = sum(count.n for count in parts) == base
    return Sum(base, tuple(count.of for count in parts), rest=0 if whole else base)


def _changes(table: Table) -> Counts:
    counts, differences = [], []
    common = tuple(c for c in table.data.columns if c.startswith("common_") and c not in KEPT)
    for row in table.rows():
        ends = [_end(table, row, end, common) for end in ("first", "last")]
        counts += ends
        differences.append(Difference(*(count.of for count in ends), row["row"], "difference"))
        if common and isinstance(row["common_cop_ids"], str):
            ends = [_common_end(table, row, end, common) for end in ("first", "last")]
            counts += ends
            of = (count.of for count in ends)
            differences.append(Difference(*of, row["row"], "common_difference"))
    return Counts(tuple(counts), differences=tuple(differences))


def _end(table: Table, row: Mapping, end: str, common: Sequence[str]) -> Count:
    """The count of one of the waves compared."""
    group = table.group(row, waves=(str(row[end]),))
    cops = tuple(str(row.get("cop_ids", "")).split()) or group.cops
    of = Counted(group.waves, cops, (table.answer(row["item"], row["option"]),))
    other = "last" if end == "first" else "first"
    goes = table.goes(but=(f"n_{other}", f"share_{other}", *common))
    tells = {f"n_{end}": "count", f"share_{end}": "share"}
    return _count(of, {**row, "base": row[f"base_{end}"]}, tells, goes, f"n_{end}")


def _common_end(table: Table, row: Mapping, end: str, common: Sequence[str]) -> Count:
    """The count of the CoPs in both waves, which only calculations tell."""
    cops = tuple(row["common_cop_ids"].split())
    of = Counted((str(row[end]),), cops, (table.answer(row["item"], row["option"]),))
    tells = dict.fromkeys((*common, "common_interval"), "function")
    n, base = int(row[f"common_n_{end}"]), int(row[f"common_base_{end}"])
    return Count(of, base, row["row"], tells, common, n)


def _crossed(table: Table) -> Counts:
    counts, margins, tables = [], {}, {}
    for row in table.rows():
        down = table.answer(row["row_item"], row["row_option"])
        across = table.answer(row["column_item"], row["column_option"])
        group = table.group(row)
        of = group.with_answers(down, across)
        base, tells = int(row["base"]), {"n": "count", "share_of_all": "share"}
        counts.append(_count(of, row, tells, table.goes(but=("row_n",))))
        margins.setdefault((group.with_answers(down, (across[0], ANY)), base), []).append(of)
        margins.setdefault((group.with_answers(across, (down[0], ANY)), base), []).append(of)
        tables.setdefault((group, down[0], across[0]), []).append(counts[-1])
        if "row_n" in row:
            margin = group.with_answers(down, (across[0], ANY))
            counts.append(
                _count(margin, row, {"row_n": "count"}, ("row_n", "share_of_row"), "row_n")
            )
    sums = [Sum(base, tuple(parts), of) for (of, base), parts in margins.items()]
    sums += [_partition(parts[0].base, parts) for parts in tables.values()]
    return Counts(tuple(counts), tuple(sums))


def _boxes(table: Table) -> Counts:
    """Two multiple-response items: of each pair of options who ticked both, or only one."""
    counts, sums = [], []
    own = ("share_with", "share_without", "difference", "interval", "statistic", "p", "phi")
    functions = dict.fromkeys((*own, "p_adjusted"), "function")
    for row in table.rows():
        group = table.group(row)
        down = [table.answer(row["row_item"], row["row_option"], value=v) for v in "10"]
        across = [table.answer(row["column_item"], row["column_option"], value=v) for v in "10"]
        both, only, other, neither = (group.with_answers(a, b) for a in down for b in across)
        one = group.with_answers(down[0], (row["column_item"], ANY))
        two = group.with_answers(across[0], (row["row_item"], ANY))
        base, n = int(row["base"]), int(row["n"])
        row |= {"only": row["row_n"] - n, "other": row["column_n"] - n}
        row |= {"neither": base - row["row_n"] - row["column_n"] + n}
        goes = table.goes(but=("row_n", "column_n"))
        told = functions | {"n": "function"}
        counts += [
            _count(both, row, functions | {"n": "count"}, goes),
            _count(only, row, told, goes, "only"),
            _count(other, row, told, goes, "other"),
            _count(neither, row, told, goes, "neither"),
            _count(one, row, {"row_n": "count"}, ("row_n",), "row_n"),
            _count(two, row, {"column_n": "count"}, ("column_n",), "column_n"),
        ]
        cells = (both, only, other, neither)
        sums += [Sum(base, cells[:2], one), Sum(base, cells[::2], two), Sum(base, cells)]
    return Counts(tuple(counts), tuple(sums))


def _followed(table: Table) -> Counts:
    counts, sums = [], []
    others = ("ticked", "n_of_ticked", "outside", "share_of_ticked")
    others += ("ticked_ci_low", "ticked_ci_high", "ticked_interval_method")
    for row in table.rows():
        group = table.group(row)
        chosen = group.with_answers(table.answer(row["item"], row["option"]))
        ticked = group.with_answers((row["item"], ANY), table.answer(row["among"], row["option"]))
        both = chosen.with_answers(table.answer(row["among"], row["option"]))
        only = chosen.with_answers(table.answer(row["among"], row["option"], value="0"))
        of_ticked = {**row, "base": row["ticked"]}
        shares = ("n_of_ticked", *others[3:])
        counts += [
            _count(chosen, row, {"n": "count", "share": "share"}, table.goes(but=others)),
            _count(ticked, row, {"ticked": "count"}, ("ticked", *shares), "ticked"),
            _count(
                both,
                of_ticked,
                {"n_of_ticked": "count", "share_of_ticked": "share"},
                shares,
                "n_of_ticked",
            ),
            _count(only, row, {"outside": "count"}, ("outside",), "outside"),
        ]
        base = int(row["base"])
        sums += [Sum(base, (both, only), chosen), Sum(base, (both,), ticked, int(row["ticked"]))]
    return Counts(tuple(counts), tuple(sums))


def _paired(table: Table) -> Counts:
    counts, sums, differences = [], [], []
    whole = table.goes(but=("share_first", "share_second"))
    for row in table.rows():
        first, second = row["first_item"], row["second_item"]
        linked = "first" in row and "last" in row
        group = table.both_waves(row) if linked else table.group(row)
        hoped = {v: table.answer(first, row["option"], value=v) for v in "10"}
        got = {v: table.answer(second, row["option"], value=v) for v in "10"}
        one = group.with_answers(hoped["1"], (second, ANY))
        two = group.with_answers(got["1"], (first, ANY))
        cells = {
            "both": group.with_answers(hoped["1"], got["1"]),
            "only_first": group.with_answers(hoped["1"], got["0"]),
            "only_second": group.with_answers(hoped["0"], got["1"]),
            "neither": group.with_answers(hoped["0"], got["0"]),
        }
        base = int(row["base"])
        row |= {"n_first": row["both"] + row["only_first"]}
        row |= {"n_second": row["both"] + row["only_second"]}
        counts += [
            _count(one, row, {"share_first": "share"}, ("share_first", *whole), "n_first"),
            _count(two, row, {"share_second": "share"}, ("share_second", *whole), "n_second"),
        ]
        counts += [_count(of, row, {name: "count"}, whole, name) for name, of in cells.items()]
        sums += [
            Sum(base, (cells["both"], cells["only_first"]), one),
            Sum(base, (cells["both"], cells["only_second"]), two),
            Sum(base, tuple(cells.values())),
        ]
        differences.append(Difference(one, two, row["row"], "gap"))
    return Counts(tuple(counts), tuple(sums), differences=tuple(differences))


def _respondents(table: Table) -> Counts:
    waves = [c for c in table.data.columns if c in table.study.waves]
    return Counts(
        respondents=tuple(
            (Counted((wave,), (row["cop"],) if row["cop"] else ()), int(row[wave]))
            for row in table.rows()
            for wave in waves
            if table.formats.get(wave) == "count" and pd.notna(row[wave])
        )
    )


def _others(table: Table) -> Counts:
    counts = []
    for row in table.rows():
        if pd.notna(row["n"]) and pd.notna(row["base"]):
            name = "|".join(str(row[c]) for c in table.key)
            of = table.group(row).with_answers((table.name, name))
            tells = {"n": "count", "share": "share"}
            counts.append(_count(of, row, tells, table.goes()))
    return Counts(tuple(counts))


KINDS: tuple[tuple[set[str], Callable[[Table], Counts]], ...] = (
    ({"item", "option", "first", "last", "n_first", "n_last", "base_first", "base_last"}, _changes),
    ({"row_option", "column_option", "row_n", "column_n", "n", "base"}, _boxes),
    ({"row_item", "row_option", "column_item", "column_option", "n", "base"}, _crossed),
    ({"item", "option", "among", "ticked", "n_of_ticked", "outside", "n", "base"}, _followed),
    ({"first_item", "second_item", "both", "only_first", "only_second", "base"}, _paired),
    ({"item", "option", "n", "base"}, _shares),
    ({"cop", "members"}, _respondents),
    ({"n", "base"}, _others),
)
