"""What the columns of result tables are called in Dutch, and how their values are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

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
    "asked": ("Gekregen", "count"),
    "answered": ("Beantwoord", "count"),
    "none_ticked": ("Geen vakje", "count"),
    "skipped": ("Over\u00adgeslagen", "count"),
    "not_shown": ("Niet getoond", "count"),
    "dont_know": ("Weet niet", "count"),
    "item_nonresponse": ("Non\u00adrespons", "share"),
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
    "n_sources": ("Gesprekken", "count"),
    "n_segments": ("Passages", "count"),
    "n_mentions": ("Beurten", "count"),
    "n_names": ("Namen", "count"),
    "n_good": ("Werkt", "count"),
    "share_good": ("Als wat werkt", "share"),
    "n_bad": ("Werkt niet", "count"),
    "share_bad": ("Als wat niet werkt", "share"),
    "n_turns": ("Beurten", "count"),
    "n_codes": ("Codes", "count"),
    "n_mixed": ("Beide", "count"),
    "names": ("Zo genoemd", "text"),
    "group_name": ("Groep", "text"),
    "phase_name": ("Fase", "text"),
    "organisation_group": ("Organisatie", "text"),
    "speaker_group": ("Groep", "text"),
    "domain_label": ("Domein", "text"),
    "verdict": ("Overeenstemming van codeurs", "text"),
    "weighted_share": ("Gewogen aandeel", "share"),
    "weighted_interval": ("Gewogen interval", "share"),
    "shift": ("Verschuiving", "points"),
    "share_of_members": ("Aandeel van de leden", "share"),
    "share_of_respondents": ("Aandeel van de antwoorden", "share"),
    "bias": ("Vertekening", "points"),
    "weight": ("Gewicht", "number"),
    "r_indicator": ("R-indicator", "number"),
    "absent": ("Zonder antwoorden", "count"),
    "effective_base": ("Effectieve basis", "number"),
    "coverage": ("Dekking", "share"),
    "n_sensitive": ("Gevoelige opties", "count"),
    "largest_shift": ("Grootste verschuiving", "points"),
    "p": ("p", "p"),
    "odds_ratio": ("Kans\u00adverhouding", "number"),
    "p_proportional": ("p, proportio\u00adnaliteit", "p"),
    "p_adjusted": ("p, na correctie", "p"),
    "p_class": ("p, na correctie", "text"),
    "common_p_adjusted": ("p na correctie, CoP's in beide golven", "p"),
    "widest_p_adjusted": ("p na correctie, ongunstigste overlap", "p"),
    "common_difference": ("Verschil, CoP's in beide golven", "points"),
    "common_interval": ("Interval, CoP's in beide golven", "points"),
    "widest_interval": ("Interval bij de ongunstigste overlap", "points"),
    "clusters_p_adjusted": ("p na correctie, CoP's als clusters", "p"),
    "clusters_interval": ("Interval, CoP's als clusters", "points"),
    "weighted_difference": ("Gewogen verschil", "points"),
    "narrowest_interval": ("Interval bij de gunstigste overlap", "points"),
    "detectable": ("Aantoonbaar vanaf", "points"),
    "detectable_common": ("Aantoonbaar vanaf, CoP's in beide golven", "points"),
    "statistic": ("Toetsgrootheid", "number"),
    "rs2_statistic": ("Na Rao-Scott", "number"),
    "rs2_df": ("Vrijheids\u00adgraden", "number"),
    "p_rs2": ("p, Rao-Scott", "p"),
    "p_bootstrap": ("p, bootstrap", "p"),
    "p_bonferroni": ("p, Bonferroni", "p"),
    "effect": ("Effect (V)", "number"),
    "cramers_v": ("Effect (V)", "number"),
    "phi": ("Effect (phi)", "number"),
    "other_wording": ("Anders verwoord", "count"),
    "position": ("Volgorde", "count"),
    "step_label": ("Stap", "text"),
    "removed": ("Valt af", "count"),
    "number": ("Vraag", "text"),
    "short": ("Onderwerp", "text"),
    "statement": ("Stelling", "text"),
    "comparison": ("Vergelijking", "text"),
    "n_higher": ("Hoger percentage", "count"),
    "n_up": ("Aantoonbaar hoger", "count"),
    "n_down": ("Aantoonbaar lager", "count"),
    "n_unclear": ("Geen aantoonbaar verschil", "count"),
    "n_swaps": ("Verwisselde paren", "count"),
    "n_served": ("Met een enquêtevraag", "count"),
    "share_second": ("Tweede vraag", "share"),
    "share_of_all": ("Aandeel van allen", "share"),
    "largest_difference": ("Grootste verschil", "points"),
    "members": ("Leden", "count"),
    "rate": ("Respons", "share"),
    "over": ("Meer antwoorden dan leden", "text"),
    "section": ("Staat in", "text"),
    "as_printed": ("Gedrukt", "text"),
    "equal": ("Gelijk", "text"),
    "reason": ("Toelichting", "text"),
    "printed": ("Percentages", "text"),
    "base_stated": ("Genoemde basis", "count"),
    "possible_bases": ("Mogelijke bases", "text"),
    "implied_counts": ("Aantallen bij de naaste basis", "text"),
    "finding": ("Nr.", "text"),
    "title": ("Bevinding", "text"),
    "stated": ("Wat er staat, en waar", "text"),
    "measured": ("In de gegevens van nu", "text"),
    "consequence": ("Gevolg", "text"),
    "start": ("Van", "date"),
    "end": ("Tot en met", "date"),
}
BASE_COLUMNS = ("asked", "answered", "none_ticked", "skipped", "not_shown", "item_nonresponse")


def share_key(table: pd.DataFrame) -> list[str]:
    """What identifies a row of a table of shares: its groups and the option."""
    return [c for c in ("wave", "cop", "option") if c in table]


def share_columns(table: pd.DataFrame) -> list[str]:
    """What a table of shares shows: groups, answer, number, base, share and interval."""
    if not {"option", "label", "n", "base", "share"} <= set(table):
        raise CopanalysisError("This table is not one of shares per option: give key and columns.")
    groups = [c for c in ("wave", "cop") if c in table]
    return [*groups, "label", "n", "base", "share", *(["interval"] if "ci_low" in table else [])]


def headers(
    columns: Iterable[str], *, own: Mapping[str, str], confidence: float, table: str
) -> dict[str, str]:
    """Dutch headers for columns: ``own`` ones first, then the known; one error names the rest."""
    columns = list(columns)
    unknown = [c for c in columns if not own.get(c) and c not in KNOWN]
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
