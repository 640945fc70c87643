"""What the data say of each contradiction in the report: tables that are needed, and the count."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from copanalysis.evidence.communities import cop_overview, topic_overlap
from copanalysis.evidence.observed import observation_coverage, observed_communities
from copanalysis.evidence.signals import unique_signals
from copanalysis.evidence.sources import Sources
from copanalysis.evidence.tallies import evidence_tallies
from copanalysis.evidence.words import evidence_words
from copanalysis.fieldwork.registers.assumptions import assumption_checks
from copanalysis.study.overview import question_network

Check = Callable[[Sources], str]
INTERVIEWS = {"participant", "partner"}


def _names(sources: Sources, cops: object) -> str:
    last = list(sources.study.waves)[-1]
    return ", ".join(sources.study.cop_label(str(cop), wave=last) for cop in cops) or "geen"


def _phases(sources: Sources, counts: pd.Series) -> str:
    labels = {phase["id"]: phase["label"] for phase in sources.study.settings["phases"]}
    return ", ".join(f"{labels[str(p)]} {n}" for p, n in counts.items() if str(p) in labels)


def _told(sources: Sources, evidence: str) -> str:
    """Ids of evidence with their amounts."""
    rows = pd.DataFrame([{"id": "x", "evidence": evidence}])
    tallies = evidence_tallies(rows, id="id", sources=sources)
    return "; ".join(evidence_words(tallies, study=sources.study))


def _products(sources: Sources) -> str:
    products = sources.tables["products"]
    other = int(products["also_called"].notna().sum())
    moved = int(products["status"].astype(str).ne(products["listed_as"].astype(str)).sum())
    without = [c for c in sources.study.names.ids(kind="cop") if c not in set(products["cop"])]
    return (
        f"{len(products)} producten in {products['entry'].nunique()} regels; {other} met een "
        f"andere naam elders; {moved} onder een andere kop dan hun stand; zonder product: "
        f"{_names(sources, without)}"
    )


def _newsletters_cop(sources: Sources) -> str:
    own = sources.tables["newsletters"].dropna(subset=["cop"])
    return f"eigen nieuwsbrief: {_names(sources, own['cop'].drop_duplicates())}"


def _newsletters_divosa(sources: Sources) -> str:
    dates = sources.tables["newsletters"].query("cop.isna()")["date"].sort_values()
    days = dates.diff().dt.days.dropna()
    return f"{len(dates)} nummers; {days.min():.0f} tot {days.max():.0f} dagen ertussen"


def _frequency(sources: Sources) -> str:
    days = cop_overview(sources)["days_between"].dropna()
    return f"midden van de tussentijd per CoP: {days.min():.0f} tot {days.max():.0f} dagen"


def _online(sources: Sources) -> str:
    meetings = sources.tables["meetings"].query("kind == 'cop' and format == 'online'")
    return f"{len(meetings)} bijeenkomsten online, van {_names(sources, meetings['cop'].unique())}"


def _focus_groups(sources: Sources) -> str:
    rows = sources.tables["collected"].query("kind in ['focus_group', 'session']")
    one = int(rows["in_summary"].astype(str).ne(rows["in_appendix"].astype(str)).sum())
    return f"{len(rows)} in het register; {one} daarvan in maar een van beide plaatsen"


def _phone_round(sources: Sources) -> str:
    rows = sources.tables["collected"].query("kind == 'phone'")
    return (
        f"{int(rows['cop'].notna().sum())} trekkers met verslag; "
        f"{int(rows['cop'].isna().sum())} rij voor Divosa, zonder aantal"
    )


def _not_observed(sources: Sources) -> str:
    seen = observed_communities(observation_coverage(sources)).iloc[0]
    return f"niet geobserveerd: {_names(sources, seen['not_observed'].split())}"


def _fields_by_phase(sources: Sources) -> str:
    answers, observations = sources.tables["observation_answers"], sources.tables["observations"]
    phases = observations.set_index("observation")["phase"].astype(str)
    measured = answers[answers["measured"]]
    counts = measured["field"].groupby(measured["observation"].map(phases)).nunique()
    return f"velden gemeten: {_phases(sources, counts)}"


def _wrap_up(sources: Sources) -> str:
    answers = sources.tables["observation_answers"]
    asked = answers[answers["field"].astype(str).str.endswith("wrap_up")]
    counts = asked["answer"].notna().groupby(asked["scheme_row"].astype(str)).sum()
    answered = ", ".join(f"{row} {n} keer" for row, n in counts.items())
    return f"{len(counts)} slotvragen in het schema; beantwoord: {answered}"


def _scheme_numbers(sources: Sources) -> str:
    scheme = sources.study.table("observation_scheme.csv")
    numbers = scheme["row"].str.removeprefix("r")
    same = [
        n in {q.split("-")[-1] for q in qs.split()}
        for n, qs in zip(numbers, scheme["questions"], strict=True)
    ]
    return f"bij {sum(same)} van de {len(scheme)} rijen is het nummer dat van een vraag"


def _topics(sources: Sources) -> str:
    overlap = topic_overlap(sources.tables["topics"]).iloc[0]
    return (
        f"twee codeurs gaven bij {overlap['n_equal']:.0f} van de {overlap['n_topics']:.0f} "
        "onderwerpen dezelfde categorie"
    )


def _time_spent(sources: Sources) -> str:
    n = int(sources.tables["cops"]["time_spent"].notna().sum())
    return f"ingevuld bij {n} CoP's" if n else "niet te meten: bij geen enkele CoP ingevuld"


def _composition(sources: Sources) -> str:
    rows = sources.tables["composition"]
    return (
        f"{rows['organisation_type'].nunique()} soorten organisaties in {rows['cop'].nunique()} "
        f"CoP's; functies genoemd bij {int(rows['functions'].notna().sum())} van {len(rows)} rijen"
    )


def _perspective(sources: Sources) -> str:
    return _told(sources, "item:q4_got[perspective]@3 code:outcome.newcomer.perspective")


def _short_lines(sources: Sources) -> str:
    return _told(sources, "code:outcome.relations.short_lines[participant]")


def _newcomers(sources: Sources) -> str:
    phases = sources.study.settings["phases"]
    seen = [_told(sources, f"obs:r5@{phase['id']}") for phase in phases]
    meetings = sources.tables["meetings"].query("kind == 'cop' and newcomer_present == 'yes'")
    days = [sources.study.phase_of(day.date()) for day in meetings["date"].dropna()]
    counts = pd.Series(days, dtype=object).value_counts().sort_index()
    return f"{'; '.join(seen)}; erbij volgens het register: {_phases(sources, counts)}"


def _feedback(sources: Sources) -> str:
    signals = unique_signals(sources.tables["signals"])
    interim = sources.study.table("timeline.csv").set_index("event").at["interim", "end"]
    late = signals["date"].gt(pd.Timestamp(interim))
    parts = []
    for words, rows in (("voor", signals[~late]), ("na", signals[late])):
        n = int(rows["feedback"].eq("yes").sum())
        parts.append(f"{words} het tussenrapport {n} van {len(rows)} teruggekoppeld")
    return "; ".join(parts)


def _reach(sources: Sources) -> str:
    ids = "code:works.spread.national+works.yes code:works.spread.national+works.no"
    return _told(sources, f"{ids} code:outcome.wi2021.reach+works.no")


def _assumptions(sources: Sources) -> str:
    outcomes = assumption_checks(sources.tables, study=sources.study)["outcome"]
    counts = outcomes.value_counts()
    words = {"met": "voldaan", "not_met": "niet voldaan", "unknown": "onbekend"}
    told = ", ".join(f"{counts.get(o, 0)} keer {word}" for o, word in words.items())
    return f"uitgangspunten per CoP: {told}"


def _lcc(sources: Sources) -> str:
    rows = sources.tables["meetings"].query("kind == 'lcc'").dropna(subset=["date"])
    rows = rows.sort_values("date")
    own = rows[rows["groups"].fillna("").str.contains("facilitators")]
    if own.empty or len(own) == len(rows):
        return f"{len(own)} van {len(rows)} bijeenkomsten met procesbegeleiders"
    return f"procesbegeleiders het laatst op {own['date'].iloc[-1]:%d-%m-%Y}"


def _levels(sources: Sources) -> str:
    return f"{len(sources.study.table('levels.csv'))} niveaus in levels.csv, met de activiteiten"


def _tension_names(sources: Sources) -> str:
    rows = sources.study.table("tensions.csv")
    return f"{int(rows['printed_as'].ne('').sum())} van {len(rows)} spanningsvelden met twee namen"


def _repeated_events(sources: Sources) -> str:
    return _told(sources, "code:outcome.actions.worked_out code:outcome.cooperation.agreements")


def _question_links(sources: Sources) -> str:
    network = question_network(sources.study)
    return f"{int(network['item'].ne('').sum())} verbindingen tussen vragen en vragenlijst"


def _target_size(sources: Sources) -> str:
    checks = assumption_checks(sources.tables, study=sources.study)
    own = checks[checks["assumption"].eq("size")]
    return f"{int(own['outcome'].eq('met').sum())} van {len(own)} CoP's in de buurt van 20"


def _lower_frequency(sources: Sources) -> str:
    overview = cop_overview(sources)
    return f"laagst genoemd: {int(overview['meetings_low'].min())} bijeenkomsten per jaar"


def _minutes(sources: Sources) -> str:
    letters = sources.tables["newsletters"].dropna(subset=["cop", "recipients"])
    opened = letters["opened"].sum() / letters["recipients"].sum()
    codes = _told(sources, "code:outcome.pass_on.minutes code:outcome.pass_on.products")
    return f"{codes}; nieuwsbrieven van CoP's geopend door {opened:.0%} van de ontvangers"


def _coding(sources: Sources) -> str:
    coders = sources.tables["segments"]["coder"].nunique()
    codes = sources.study.table("codebook.csv")["status"].eq("active").sum()
    return f"{codes} codes, {coders} lagen; overeenstemming in de bijlage over coderen"


def _double_role(sources: Sources) -> str:
    documents = sources.tables["documents"].dropna(subset=["organisation"])
    groups = documents[documents["group"].isin(INTERVIEWS)].astype({"organisation": str})
    both = groups.groupby("organisation")["group"].nunique()
    names = [n.upper() if len(n) < 5 else n for n in both.index[both.gt(1)]]
    return f"in beide groepen: {', '.join(names) or 'geen'}"


def _no_newcomers(sources: Sources) -> str:
    groups = sources.study.settings["fieldwork"]["groups"]
    asked = sources.tables["documents"]["group"].astype(str).map(groups).value_counts()
    told = ", ".join(f"{name} {n}" for name, n in asked.items())
    return f"gesprekken met: {told}; met inburgeraars geen"


CHECKS: dict[str, tuple[tuple[str, ...], Check]] = {
    "products": (("products",), _products),
    "newsletters_cop": (("newsletters",), _newsletters_cop),
    "newsletters_divosa": (("newsletters",), _newsletters_divosa),
    "frequency": (("cops", "members", "meetings"), _frequency),
    "online": (("meetings",), _online),
    "focus_groups": (("collected",), _focus_groups),
    "phone_round": (("collected",), _phone_round),
    "not_observed": (("observation_answers",), _not_observed),
    "fields_by_phase": (("observation_answers", "observations"), _fields_by_phase),
    "wrap_up": (("observation_answers",), _wrap_up),
    "scheme_numbers": ((), _scheme_numbers),
    "topics": (("topics",), _topics),
    "time_spent": (("cops",), _time_spent),
    "composition": (("composition",), _composition),
    "perspective": ((), _perspective),
    "short_lines": ((), _short_lines),
    "newcomers": (("meetings",), _newcomers),
    "feedback": (("signals",), _feedback),
    "reach": ((), _reach),
    "assumptions": ((), _assumptions),
    "lcc": (("meetings",), _lcc),
    "levels": ((), _levels),
    "tension_names": ((), _tension_names),
    "repeated_events": ((), _repeated_events),
    "question_links": ((), _question_links),
    "target_size": (("members",), _target_size),
    "lower_frequency": (("cops", "members", "meetings"), _lower_frequency),
    "minutes": (("newsletters",), _minutes),
    "coding": (("segments",), _coding),
    "double_role": (("documents",), _double_role),
    "no_newcomers": (("documents",), _no_newcomers),
}
