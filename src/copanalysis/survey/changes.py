"""The cleaning log as a reader sees it: how often each rule changed or flagged something."""

from __future__ import annotations

import pandas as pd

from copanalysis.study.privacy.findings import DUTCH

RULES = {
    "spelling": "Andere schrijfwijze van hetzelfde antwoord",
    "non_answer": "Niet-antwoord bij een open vraag (nvt, -) als overgeslagen geteld",
    "spaces_removed": "Spaties om een open antwoord verwijderd",
    "dont_know": "Weet niet apart gezet",
    "no_option": "Waarde die geen antwoord is (zoals: geen antwoord) als overgeslagen geteld",
    "write_in_split_off": "Toelichting bij Anders losgemaakt van de aangekruiste opties",
    "order_or_spelling": "Aangekruiste opties in een andere volgorde of schrijfwijze",
    "write_in_move": "Toelichting bij Anders ondergebracht bij een bestaande optie",
    "write_in_clear": "Toelichting bij Anders zonder inhoud vervallen",
    **{f"masked_{kind}": f"Gemaskeerd: {label}" for kind, label in DUTCH.items()},
    "test": "Gemarkeerd: proefinvulling",
    "duplicate": "Gemarkeerd: herhaling van een eerdere rij",
    "empty": "Gemarkeerd: geen inhoudelijk antwoord",
    "speeder": "Gemarkeerd: veel sneller ingevuld dan de mediaan",
    "straightliner": "Gemarkeerd: alles hetzelfde ingevuld",
    "over_max": "Gemarkeerd: meer keuzes dan toegestaan",
    "link_malformed": "Niet te koppelen: een code van een andere vorm",
    "link_repeated": "Niet te koppelen: een code die meer rijen hebben",
    "outside_previous": "Gemarkeerd: keuze die eerder niet was aangekruist",
}


def log_counts(log: pd.DataFrame) -> pd.DataFrame:
    """How often each rule applied per wave: rule, label (Dutch), kind, wave, n.

    Rules that changed values come first, then those that flagged, then those that masked; a
    rule that never applied in any wave is left out.
    """
    counts = log.groupby(["kind", "rule", "wave"], observed=True).size().rename("n").reset_index()
    counts["label"] = [RULES.get(rule, rule) for rule in counts["rule"].astype(str)]
    order = list(RULES)
    place = [order.index(r) if r in order else len(order) for r in counts["rule"].astype(str)]
    counts = counts.assign(_place=place).sort_values(["kind", "_place", "wave"], ignore_index=True)
    return counts.drop(columns="_place")
