"""Contradictions of the published report beside what the data in use say of them.

The statements and their places are data (findings.csv, statements.csv); each finding names a
check, and the checks stand here. Nothing is repaired: both sides are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.study.plan import Study
from copanalysis.survey.plausibility import possible_bases

IN_TEXT_ONLY = "alleen in de tekst; de enquêtegegevens zeggen hier niets over"


@dataclass(frozen=True)
class Measured:
    """What the checks look at: tidy tables of all waves (used respondents in ``answers``)."""

    study: Study
    answers: pd.DataFrame
    respondents: pd.DataFrame
    funnel: pd.DataFrame
    spellings: pd.DataFrame

    @property
    def waves(self) -> list[str]:
        """The waves that were measured."""
        return [wave for wave in self.study.waves if self.respondents["wave"].eq(wave).any()]

    @property
    def used(self) -> pd.DataFrame:
        return self.respondents[self.respondents["used"]]

    def label(self, wave: str) -> str:
        return self.study.wave(wave).label

    def cop(self, cop: str, wave: str) -> str:
        return self.study.cop_label(cop, wave=wave)


def contradictions(
    study: Study,
    *,
    answers: pd.DataFrame,
    respondents: pd.DataFrame,
    funnel: pd.DataFrame,
    spellings: pd.DataFrame,
) -> pd.DataFrame:
    """Every finding of findings.csv on the survey: what was stated where, what the data say.

    Returns finding, title, stated (each value with its section), measured (Dutch text from
    the data in use), consequence; one row per finding, in the order of the file. Raises
    CopanalysisError for a check that does not exist.
    """
    data = Measured(study, answers, respondents, funnel, spellings)
    findings = study.table("findings.csv").query("data == 'survey'")
    unknown = sorted(set(findings["check"]) - set(CHECKS))
    if unknown:
        raise CopanalysisError(f"findings.csv names unknown checks: {', '.join(unknown)}.")
    statements = study.table("statements.csv")
    texts = statements["value"] + " (" + statements["section"] + ")"
    stated = texts.groupby(statements["finding"]).agg("; ".join)
    return findings.assign(
        stated=findings["finding"].map(stated).fillna(""),
        measured=[CHECKS[check](data) for check in findings["check"]],
    )[["finding", "title", "stated", "measured", "consequence"]]


def _joined(parts: Iterable[str], nothing: str) -> str:
    return "; ".join(parts) or nothing


def _funnel_wave_1(data: Measured) -> str:
    wave = next(iter(data.study.waves))
    steps = data.funnel[data.funnel["wave"].eq(wave) & data.funnel["cop"].eq("")]
    steps = steps.sort_values("position")
    words = {"rows": "rijen in het bestand", "key_item": "beantwoordden vraag 4"}
    words |= {"test": "zonder proefinvullingen", "duplicate": "zonder herhalingen"}
    words |= {"empty": "met inhoud"}
    return ", ".join(f"{row.n} {words.get(row.step, row.step)}" for row in steps.itertuples())


def _answers_over_members(data: Measured) -> str:
    members = data.study.members()
    counts = data.used.groupby(["wave", "cop"], observed=True).size()
    return _joined(
        (
            f"{data.label(wave)} {data.cop(cop, wave)}: {n} antwoorden, {members[cop]} leden"
            for (wave, cop), n in counts.items()
            if cop in members and n > members[cop]
        ),
        "geen CoP heeft meer antwoorden dan leden",
    )


def _cops_in(data: Measured, wave: str) -> set[str]:
    cops = data.used.loc[data.used["wave"].eq(wave), "cop"].astype(str)
    return set(cops) - {""}


def _cops_per_wave(data: Measured) -> str:
    total = len(data.study.names.ids(kind="cop"))
    return "; ".join(
        f"{data.label(w)}: {len(_cops_in(data, w))} van {total} CoP's" for w in data.waves
    )


def _cops_missing(data: Measured) -> str:
    wave = data.study.settings["study"]["figures_from_wave"]
    missing = set(data.study.names.ids(kind="cop")) - _cops_in(data, wave)
    names = ", ".join(sorted(data.cop(cop, wave) for cop in missing))
    return f"{data.label(wave)}: zonder {names}" if names else f"{data.label(wave)}: alle CoP's"


def _wave_comparison(data: Measured) -> str:
    first, last = next(iter(data.study.waves)), data.study.settings["study"]["figures_from_wave"]
    both = sorted(data.cop(c, last) for c in _cops_in(data, first) & _cops_in(data, last))
    return f"in beide golven: {', '.join(both) or 'geen enkele CoP'}"


def _field_periods(data: Measured) -> str:
    days = data.used.groupby("wave", observed=True)["submitted"].agg(["min", "max"]).dropna()
    return _joined(
        (
            f"{data.label(wave)}: ingezonden van {_day(row['min'])} tot en met {_day(row['max'])}"
            for wave, row in days.iterrows()
        ),
        "de bestanden geven geen datum van inzenden",
    )


def _day(moment: pd.Timestamp) -> str:
    return f"{moment.day}-{moment.month}-{moment.year}"


def _population_sizes(data: Measured) -> str:
    total = sum(data.study.members().values())
    return f"som van de CoP's in population.csv: {total}; gebruikt: {data.study.population()}"


def _response_rates(data: Measured) -> str:
    rates = []
    population = data.study.population()
    for wave in data.waves:
        n = int(data.used["wave"].eq(wave).sum())
        rates.append(f"{data.label(wave)}: {n} van {population}, {round(100 * n / population)}%")
    return "; ".join(rates)


def _plausible(figure: str) -> Callable[[Measured], str]:
    def check(data: Measured) -> str:
        rows = data.study.table("published.csv")
        rows = rows[rows["figure"].eq(figure) & rows["statistic"].eq("share")]
        printed = [int(p) if p else None for p in rows["printed"]]
        largest = data.study.population()
        bases = possible_bases(printed, smallest=1, largest=largest, sums_to_base=True)["base"]
        item = rows["item"].iloc[0]
        own = data.answers[data.answers["item"].eq(item) & data.answers["state"].eq("answered")]
        shown = ", ".join(str(b) for b in bases[:8]) + (" ..." if len(bases) > 8 else "")
        return f"mogelijke bases: {shown or 'geen'}; basis in deze data: {len(own)}"

    return check


def _outside_questionnaire(data: Measured) -> str:
    items = [item for item in data.study.items if item.origin == "report"]
    return _joined((f"{i.short} (golf {', '.join(i.waves)})" for i in items), "geen")


def _no_organisation(data: Measured) -> str:
    asked = any(item.scale == "organisation" for item in data.study.items)
    return "de vragenlijst vraagt het" if asked else "niet te meten: de vraag is niet gesteld"


def _no_link(data: Measured) -> str:
    waves = data.respondents.groupby("respondent", observed=True)["wave"].nunique()
    linked = int((waves > 1).sum())
    return f"{linked} respondenten in meer dan één golf te volgen"


def _wording_hoped_got(data: Measured) -> str:
    wave = data.study.settings["study"]["figures_from_wave"]
    hoped = data.study.options("q3_hoped", wave=wave).set_index("option")["label"]
    got = data.study.options("q4_got", wave=wave).set_index("option")["label"]
    both = hoped.index.intersection(got.index)
    n = int((hoped[both] != got[both]).sum())
    return f"{n} van de {len(both)} opties anders geformuleerd"


def _options_reported(data: Measured) -> str:
    options = data.study.options("q4_got", wave=data.study.settings["study"]["figures_from_wave"])
    return f"{int(options['kind'].eq('answer').sum())} opties naast Anders"


def _odd_midpoint(data: Measured) -> str:
    wave = data.study.settings["study"]["figures_from_wave"]
    labels = list(data.study.options("q9a_responsible", wave=wave)["label"])
    return f"label van het midden: {labels[len(labels) // 2]!r}, eerste label: {labels[0]!r}"


def _oddities(data: Measured) -> str:
    n = sum(bool(item.note) for item in data.study.items if item.origin == "questionnaire")
    return f"{n} vragen met een kanttekening"


def _without_figures(data: Measured) -> str:
    published = set(data.study.table("published.csv")["item"])
    closed = [i for i in data.study.items if i.type != "open" and i.origin == "questionnaire"]
    missing = [i.short for i in closed if i.id not in published and i.scale != "cop"]
    return f"zonder gedrukt cijfer: {', '.join(dict.fromkeys(missing))}"


def _alias_names(data: Measured) -> str:
    cops = {item.id for item in data.study.items if item.scale == "cop"}
    other = data.spellings[data.spellings["item"].isin(cops) & ~data.spellings["fielded"]]
    names = other.drop_duplicates(["wave", "written"])
    return _joined(
        (f"{row.written} ({data.label(row.wave)})" for row in names.itertuples()),
        "alle namen zoals in de vragenlijst",
    )


def _renamed_cop(data: Measured) -> str:
    names = data.study.names
    parts = []
    for cop in names.ids(kind="cop"):
        preferred = [n.alias for n in names.names if n.id == cop and n.preferred]
        if len(preferred) > 1:
            n = data.used.loc[data.used["cop"].eq(cop), "wave"].astype(str).value_counts()
            counts = ", ".join(f"{data.label(w)} {n.get(w, 0)}" for w in data.study.waves)
            parts.append(f"{' werd '.join(preferred)}: antwoorden {counts}")
    return _joined(parts, "geen CoP kreeg een andere naam")


def _answers_per_cop(data: Measured) -> str:
    wave = data.study.settings["study"]["figures_from_wave"]
    used, cops = int(data.used["wave"].eq(wave).sum()), len(_cops_in(data, wave))
    return f"{data.label(wave)}: gemiddeld {round(used / max(cops, 1))} antwoorden per CoP"


def _options_with_commas(data: Measured) -> str:
    scales = data.study.table("scales.csv")
    n = int(scales["label"].str.contains(",").sum())
    return f"{n} antwoordopties met een komma"


CHECKS: dict[str, Callable[[Measured], str]] = {
    "statements": lambda data: IN_TEXT_ONLY,
    "funnel_wave_1": _funnel_wave_1,
    "answers_over_members": _answers_over_members,
    "cops_per_wave": _cops_per_wave,
    "cops_missing_wave_3": _cops_missing,
    "wave_comparison": _wave_comparison,
    "field_periods": _field_periods,
    "population_sizes": _population_sizes,
    "response_rates": _response_rates,
    "plausible_satisfaction": _plausible("satisfaction"),
    "plausible_cooperation": _plausible("cooperation"),
    "plausible_pass_on": _plausible("pass_on"),
    "items_outside_questionnaire": _outside_questionnaire,
    "no_organisation_item": _no_organisation,
    "no_respondent_link": _no_link,
    "wording_hoped_got": _wording_hoped_got,
    "options_reported": _options_reported,
    "odd_midpoint": _odd_midpoint,
    "instrument_oddities": _oddities,
    "items_without_figures": _without_figures,
    "alias_names": _alias_names,
    "renamed_cop": _renamed_cop,
    "answers_per_cop": _answers_per_cop,
    "options_with_commas": _options_with_commas,
}
