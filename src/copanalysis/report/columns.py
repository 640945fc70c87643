"""What the columns of result tables are called in Dutch, and how their values are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from copanalysis.errors import CopanalysisError

# column -> (Dutch header, format of FORMATS); "interval" stands for ci_low and ci_high together
KNOWN: dict[str, tuple[str, str]] = {
    "wave_name": ("Golf", "text"),
    "cop_name": ("CoP", "text"),
    "direction_name": ("Oordeel", "text"),
    "label": ("Antwoord", "text"),
    "n": ("Aantal", "count"),
    "base": ("Basis (n)", "count"),
    "share": ("Aandeel", "share"),
    "interval": ("{confidence}-interval", "share"),
    "asked": ("Kreeg de vraag", "count"),
    "answered": ("Beantwoord", "count"),
    "none_ticked": ("Niets aangevinkt", "count"),
    "skipped": ("Overgeslagen", "count"),
    "not_shown": ("Niet getoond", "count"),
    "dont_know": ("Weet niet", "count"),
    "item_nonresponse": ("Itemnonrespons", "share"),
    "ticked": ("Eerder aangevinkt", "count"),
    "share_of_ticked": ("Aandeel van wie het aanvinkte", "share"),
    "outside": ("Niet eerder aangevinkt", "count"),
    "share_first": ("Eerste meting", "share"),
    "base_first": ("Basis eerste (n)", "count"),
    "share_last": ("Laatste meting", "share"),
    "base_last": ("Basis laatste (n)", "count"),
    "difference": ("Verschil", "points"),
    "gap": ("Verschil", "points"),
    "only_first": ("Alleen gehoopt", "count"),
    "only_second": ("Alleen gekregen", "count"),
    "position": ("Volgorde", "count"),
    "step": ("Stap", "text"),
    "removed": ("Valt af", "count"),
}


def headers(
    columns: Iterable[str], *, own: Mapping[str, str], confidence: float, table: str
) -> dict[str, str]:
    """Dutch headers for columns: ``own`` ones first, then the known; one error names the rest."""
    columns = list(columns)
    unknown = [c for c in columns if c not in own and c not in KNOWN]
    if unknown:
        raise CopanalysisError(
            f"Table {table!r}: no Dutch header for {', '.join(unknown)}; "
            "give columns={'name': 'Kop', ...}."
        )
    percent = f"{round(confidence * 100, 1):g}%".replace(".", ",")
    return {c: own.get(c) or KNOWN[c][0].format(confidence=percent) for c in columns}


def formats(columns: Iterable[str], *, own: Mapping[str, str]) -> dict[str, str]:
    """The format of each column: ``own`` ones first, then the known, else text."""
    return {c: own.get(c) or KNOWN.get(c, ("", "text"))[1] for c in columns}
