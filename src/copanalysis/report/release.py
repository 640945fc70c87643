"""From a result to a released table: disclosure control, Dutch names, headers and formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from copanalysis.errors import refuse_if_any
from copanalysis.report import columns as column_names
from copanalysis.report.cells import INTERVAL, UNCERTAIN, header_of
from copanalysis.report.disclosure.counts import Counted, Counts
from copanalysis.report.disclosure.exact_tests import exact_test_problems
from copanalysis.report.disclosure.kinds import told_counts
from copanalysis.report.disclosure.records import Told
from copanalysis.report.disclosure.rules import rules_of
from copanalysis.report.disclosure.table import Table
from copanalysis.report.disclosure.withholding import (
    hidden_cells,
    shown_counts,
    withheld_counts,
)
from copanalysis.report.numbers import show
from copanalysis.report.objects import Released
from copanalysis.study.plan import Study
from copanalysis.study.steps import steps_of

# a code is shown by its name, which stands in a column beside it
NAMED = {"wave": "wave_name", "cop": "cop_name", "direction": "direction_name"}


def release(
    data: pd.DataFrame,
    *,
    study: Study,
    cop: str,
    waves: Sequence[str],
    pattern: frozenset[Counted],
    key: Sequence[str],
    columns: Sequence[str] | Mapping[str, str],
    formats: Mapping[str, str],
    notes: Sequence[str],
    lone: Callable[[str], str] = lambda wave: "",
    page: str = "",
    **said: str | bool | Mapping[str, object],
) -> tuple[Released, Told]:
    """The table as it may be shown, and the counts of respondents that it tells.

    ``key`` and ``columns`` as in ``Chapter.table``; ``cop`` is the one CoP that all of it is
    about ("" for all), ``waves`` the waves where no column says them, ``pattern`` what the
    protection of the whole report hides on this page, ``lone`` the CoP of a wave in which only
    one answered, ``page`` the id of the page. ``said`` are the fields of Released that
    are passed on (id, number, title, base, source, question, synthetic, cell).

    Raises
    ------
    CopanalysisError
        For columns that would give hidden counts away (`exact_test_problems`), and as
        `told_counts`.
    """
    data = data.reset_index(drop=True)
    key = key or column_names.share_key(data)
    columns = columns or column_names.share_columns(data)
    own = columns if isinstance(columns, Mapping) else dict.fromkeys(columns, "")
    own = {NAMED.get(column, column): header for column, header in own.items()}
    exact = exact_test_problems(steps_of(data), own, table=str(said["id"]))
    refuse_if_any("This table would give hidden counts away", exact)
    shown_formats = column_names.formats(own, own=formats)
    about = {"waves": tuple(waves), "cop": cop, "name": str(said["id"]), "study": study}
    about |= {"lone": lone, "page": page}
    table = Table(data, key=tuple(key), formats=shown_formats, **about)
    shown, withheld, named, hidden = _protected(table, columns=own, pattern=pattern)
    order = _told_order(named, hidden, by=_ranked_by(data), key=key)
    if not order.equals(data.index):  # counts are known by their rows
        data = data.loc[order].reset_index(drop=True)
        table = replace(table, data=data)
        shown, withheld, named, hidden = _protected(table, columns=own, pattern=pattern)
    said["base"] = _counted(str(said["base"]), named.mask(hidden), study)
    released = Released(
        data=named.mask(hidden),
        key=tuple(key),
        columns=column_names.headers(
            own, own=own, confidence=study.confidence, table=str(said["id"])
        ),
        formats=shown_formats,
        notes=(
            *notes,
            *_population_note(data, own),
            *_uncertain_note(data, study),
            *_hidden_note(hidden, study),
        ),
        hidden=hidden,
        steps=_steps(data, study),
        **said,
    )
    headers = {column: header_of(released, column) for column in own if column != INTERVAL}
    return released, Told(shown, withheld, headers)


def _protected(
    table: Table, *, columns: Mapping[str, str], pattern: frozenset[Counted]
) -> tuple[Counts, frozenset[Counted], pd.DataFrame, pd.DataFrame]:
    """The counts that a table tells in these columns, those withheld, its rows with names, and
    which of their cells are hidden."""
    rules, told = rules_of(table.study), told_counts(table)
    shown = shown_counts(told, columns=columns)
    withheld = withheld_counts(shown, rules=rules, pattern=pattern, table=table.name)
    named = _with_names(table.data, table.study)
    cells = hidden_cells(named, told=told, shown=shown, withheld=withheld, rules=rules)
    return shown, withheld, named, cells


def _ranked_by(data: pd.DataFrame) -> str:
    """The column that the rows were ranked by, "" for a table in an order of its own."""
    ranks = [step["keywords"]["by"] for step in steps_of(data) if step["function"] == "ranked"]
    return ranks[-1] if ranks else ""


def _told_order(
    data: pd.DataFrame, hidden: pd.DataFrame, *, by: str, key: Sequence[str]
) -> pd.Index:
    """The rows as they may stand: where a ranked table hides a number its place would tell about
    it, so that such rows come after the others of their group, by their words."""
    if by not in hidden or not hidden[by].any():
        return data.index
    words = data["label"] if "label" in data else data[[*key]].astype(str).agg(" ".join, axis=1)
    order = pd.DataFrame({c: pd.factorize(data[c])[0] for c in ("wave", "cop") if c in data})
    order = order.reindex(data.index).assign(
        other=data["option"].eq("other") if "option" in data else False,
        secret=hidden[by],
        words=words.where(hidden[by], ""),
    )
    return order.sort_values(list(order), kind="stable").index


def _counted(base: str, data: pd.DataFrame, study: Study) -> str:
    """Who was counted, with how many they are: "(n = 74)", or from the least to the most.

    Says no number when a base is unknown, or too small to be shown.
    """
    bases = data["base"] if "base" in data else pd.Series(dtype=float)
    smallest = study.settings["disclosure"]["minimum_base"]
    if bases.empty or bases.isna().any() or bases.min() < smallest or "n = " in base:
        return base
    least, most = (show(value, "count") for value in (bases.min(), bases.max()))
    return f"{base.rstrip('. ')} (n = {least if least == most else f'{least} tot {most}'})"


def _steps(data: pd.DataFrame, study: Study) -> tuple[dict[str, object], ...]:
    """How the table came about, without counts of fewer respondents than the smallest base."""
    minimum = study.settings["disclosure"]["minimum_base"]
    few = {"rows": None, "respondents": f"minder dan {minimum}"}
    return tuple(
        step | few if step["respondents"] is not None and step["respondents"] < minimum else step
        for step in steps_of(data)
    )


def _with_names(data: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Names beside the codes of waves and CoPs, and directions in words; the codes stay."""
    out = data.copy()
    last = list(study.waves)[-1]
    if "wave" in out:
        out["wave_name"] = [study.wave(wave).name for wave in out["wave"]]
    if "cop" in out:
        waves = out["wave"] if "wave" in out else [last] * len(out)
        pairs = zip(out["cop"], waves, strict=True)
        out["cop_name"] = [study.cop_label(cop, wave=wave) for cop, wave in pairs]
    if "direction" in out:
        out["direction_name"] = out["direction"].map(study.settings["words"])
    return out


def _population_note(data: pd.DataFrame, shown: Mapping[str, str]) -> list[str]:
    """For which population the intervals shown were corrected; nothing when for none."""
    said = [step["keywords"].get("population") for step in steps_of(data)]
    members = [number for number in said if isinstance(number, int)]
    corrected = bool(members) and "base" in data and data["base"].le(members[-1]).all()
    if INTERVAL not in shown or not corrected:
        return []
    return [f"Interval gecorrigeerd voor een eindige populatie van {members[-1]} leden."]


def _uncertain_note(data: pd.DataFrame, study: Study) -> list[str]:
    if UNCERTAIN not in data or not data[UNCERTAIN].any():
        return []
    limit = show(study.settings["coding"]["threshold"], "number")
    return [
        "Grijs en cursief: de overeenstemming tussen de codeurs over deze code ligt onder "
        f"{limit} of is niet bekend; het aantal is een aanwijzing, geen bevinding."
    ]


def _hidden_note(hidden: pd.DataFrame, study: Study) -> list[str]:
    rules = study.settings["disclosure"]
    if not hidden.to_numpy().any():
        return []
    all_of_it = hidden.loc[:, hidden.any()].all(axis=None)
    larger = "" if all_of_it else "; wat niet is getoond, kan ook groter zijn dan wat er staat"
    return [
        f"Niet getoond: basis kleiner dan {rules['minimum_base']}, of een aantal dat naar personen "
        f"kan leiden (minder dan {rules['minimum_cell']}), of dat zo'n aantal door aftrekken "
        f"zou prijsgeven{larger}."
    ]
