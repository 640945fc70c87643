"""From a result to a released table: disclosure control, Dutch names, headers and formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from copanalysis.report import columns as column_names
from copanalysis.report.cells import UNCERTAIN
from copanalysis.report.disclosure.primary import suppress_small_cells
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
    one_cop: bool,
    key: Sequence[str],
    columns: Sequence[str] | Mapping[str, str],
    formats: Mapping[str, str],
    notes: Sequence[str],
    **said: str | bool | Mapping[str, object],
) -> Released:
    """The table as it may be shown.

    ``key`` and ``columns`` as in ``Chapter.table``; ``one_cop`` says that all of it is about
    one CoP, which makes it identifying, as a CoP in ``key`` does. ``said`` are the fields of
    Released that are passed on (id, number, title, base, source, question, synthetic, cell).
    """
    data = data.reset_index(drop=True)
    key = key or column_names.share_key(data)
    columns = columns or column_names.share_columns(data)
    hidden = _suppressed(data, study, identifying=one_cop or "cop" in key)
    shown = _with_names(data, study)
    hidden = hidden.reindex(columns=shown.columns, fill_value=False)
    own = columns if isinstance(columns, Mapping) else dict.fromkeys(columns, "")
    own = {NAMED.get(column, column): header for column, header in own.items()}
    said["base"] = _counted(str(said["base"]), shown.mask(hidden), study)
    return Released(
        data=shown.mask(hidden),
        key=tuple(key),
        columns=column_names.headers(
            own, own=own, confidence=study.confidence, table=str(said["id"])
        ),
        formats=column_names.formats(own, own=formats),
        notes=(*notes, *_uncertain_note(data, study), *_hidden_note(hidden, study)),
        hidden=hidden,
        steps=_steps(data, study),
        **said,
    )


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


def _suppressed(data: pd.DataFrame, study: Study, *, identifying: bool) -> pd.DataFrame:
    rules = study.settings["disclosure"]
    types = {item.id: item.type for item in study.items}
    items = set(data["item"]) if "item" in data else set()
    return suppress_small_cells(
        data,
        groups=[c for c in ("wave", "cop", "item") if c in data],
        identifying=identifying,
        exhaustive=bool(items) and all(types.get(i) in ("single", "scale") for i in items),
        minimum_base=rules["minimum_base"],
        minimum_cell=rules["minimum_cell"],
    )


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


def _uncertain_note(data: pd.DataFrame, study: Study) -> list[str]:
    if UNCERTAIN not in data or not data[UNCERTAIN].any():
        return []
    limit = show(study.settings["coding"]["threshold"], "number")
    return [
        "Grijs en cursief: de overeenstemming tussen de codeurs over deze code ligt onder "
        f"{limit}; het aantal is een aanwijzing, geen bevinding."
    ]


def _hidden_note(hidden: pd.DataFrame, study: Study) -> list[str]:
    rules = study.settings["disclosure"]
    if not hidden.to_numpy().any():
        return []
    return [
        f"Niet getoond: basis kleiner dan {rules['minimum_base']}, of in een uitsplitsing een "
        f"aantal dat naar personen kan leiden (minder dan {rules['minimum_cell']})."
    ]
