"""What was said, as a page shows it: codes with their sources, and quotes that point to nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from copanalysis.report.chapter import Chapter
from copanalysis.report.charts_bars import share_bars
from copanalysis.report.charts_matrix import matrix
from copanalysis.report.disclosure.quotes import masked_quotes, masking_note, study_spellings
from copanalysis.report.numbers import join_words
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Study
from copanalysis.study.registers import vocabulary_labels

ATTRIBUTES = {"group": "groep", "organisation": "organisatie", "cop": "CoP"}
CODE_COLUMNS = ("label", "n_sources", "base", "share", "n_segments", "verdict")
ANSWER_COLUMNS = ("label", "n", "base", "share", "verdict")


def conversation_source(chapter: Chapter) -> str:
    """The source line of a table on what was said: kinds of conversation and their numbers."""
    kinds = chapter.study.settings["fieldwork"]["kinds"]
    counts = chapter.read("documents")["kind"].astype("str").value_counts()
    parts = [f"{name} ({counts[kind]})" for kind, name in kinds.items() if kind in counts]
    return f"Gesprekken: {join_words(parts)}" if parts else "Gesprekken: geen"


def show_codes(
    chapter: Chapter,
    id: str,
    table: pd.DataFrame | NotMeasured,
    *,
    title: str,
    headline: str,
    base: str,
    source: str = "",
    question: str = "",
    waves: Sequence[str] = (),
    by: str = "",
) -> None:
    """Register a table of ``code_shares`` or ``answer_shares`` and its figure.

    ``headline`` is the title of the figure and may point into the table. Broken down by a
    column the figure is a grid; else bars, from large to small.
    """
    said = {"base": base, "source": source or conversation_source(chapter), "question": question}
    said["waves"] = tuple(waves)
    own = ANSWER_COLUMNS if "n" in getattr(table, "columns", ()) else CODE_COLUMNS
    columns = [*([by] if by else []), *own]
    key = [*([by] if by else []), "code"]
    headers = dict.fromkeys(columns, "") | {"label": "Code"}
    chapter.table(id, table, title=title, **said, key=key, columns=headers)
    subtitle = (
        f"Deel van de {'antwoorden' if 'n' in columns else 'gesprekken'} waarin de code voorkomt"
    )
    about = {"of": id, "title": headline, "subtitle": subtitle}
    if by:
        chapter.figure(id, matrix, **about, rows="label", columns=by, value="n_sources")
    else:
        chapter.figure(id, share_bars, **about, count="n" if "n" in columns else "n_sources")


def show_quotes(
    chapter: Chapter,
    id: str,
    quotes: pd.DataFrame,
    *,
    title: str,
    columns: Mapping[str, str],
    question: str = "",
) -> None:
    """Release quotes as a table, each with its speaker as far as that points to nobody.

    ``quotes`` has document, turn, text, group, organisation and cop. ``columns`` are shown
    before the quote, its speaker and the turn where it can be found; a note under the table
    says what was masked.
    """
    said = {"title": title, "source": conversation_source(chapter), "question": question}
    said["base"] = "Passages gekozen volgens een vaste regel, gepseudonimiseerd"
    if quotes.empty:
        chapter.table(id, NotMeasured(id, "er is geen passage die getoond kan worden"), **said)
        return
    table, notes = safe_quotes(chapter, quotes)
    headers = {**columns, "text": "Citaat", "speaker": "Spreker", "turn": "Beurt"}
    chapter.table(id, table, **said, key=["turn", *columns], columns=headers, notes=notes)


def safe_quotes(chapter: Chapter, quotes: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Quotes that point to nobody, to show beside something else: the table of
    ``quotation_table`` and the notes that must stand under it."""
    study = chapter.study
    population = speaker_population(
        chapter.read("documents"), composition=chapter.read("composition"), study=study
    )
    table, note = quotation_table(quotes, population=population, study=study)
    return table, [note] if note else []


def quotation_table(
    quotes: pd.DataFrame, *, population: pd.DataFrame, study: Study
) -> tuple[pd.DataFrame, str]:
    """Quotes with the speaker in words, and a Dutch sentence on what was masked ("" if nothing).

    ``quotes`` and ``population`` as `masked_quotes` takes them, with the attributes group,
    organisation and cop. The table has the columns of ``quotes`` and speaker.
    """
    minimum = study.settings["disclosure"]["minimum_people"]
    masked = masked_quotes(
        quotes,
        population=population,
        attributes=ATTRIBUTES,
        spellings=study_spellings(study),
        minimum_people=minimum,
    )
    speakers = [_speaker(row, study) for row in masked[[*ATTRIBUTES]].itertuples(index=False)]
    words = "\u201c" + masked["text"].str.strip() + "\u201d"
    note = masking_note(masked, minimum_people=minimum)
    return masked.assign(speaker=speakers, text=words), note


def speaker_population(
    documents: pd.DataFrame, *, composition: pd.DataFrame, study: Study
) -> pd.DataFrame:
    """How many people share group, organisation and CoP, for `masked_quotes`.

    Members of the CoPs ("participant") come from the latest day of each CoP in the register
    ``composition`` (cop, date, organisation_type, people), or from population.csv for a CoP
    that it does not know, without organisation. Of the other groups only the number of
    conversations is known: it is the least there can be.
    """
    latest = composition[
        composition.groupby("cop", observed=True)["date"].transform("max").eq(composition["date"])
    ]
    known = pd.DataFrame(
        {
            "group": "participant",
            "organisation": latest["organisation_type"].astype("str").map(_organisations(study)),
            "cop": latest["cop"].astype("str"),
            "people": latest["people"],
        }
    )
    members = study.members()
    rest = [
        ("participant", "", cop, n) for cop, n in members.items() if cop not in set(known["cop"])
    ]
    others = documents[documents["group"].ne("participant")].groupby("group", observed=True).size()
    rest += [(group, "", "", n) for group, n in others.items()]
    return pd.concat([known, pd.DataFrame(rest, columns=list(known))], ignore_index=True)


def _organisations(study: Study) -> dict[str, str]:
    """The organisation of names.csv that each type in the register stands for ("" for none)."""
    labels = vocabulary_labels(study.sheets, "organisation_type")
    return {
        type: study.names.resolve(label, kind="organisation") or ""
        for type, label in labels.items()
    }


def _speaker(row: tuple, study: Study) -> str:
    last = max(wave.end for wave in study.waves.values())
    group = study.settings["fieldwork"]["speakers"].get(row.group, "spreker")
    parts = [group, study.names.label(row.organisation, on=last) if row.organisation else ""]
    parts.append(f"CoP {study.names.label(row.cop, on=last)}" if row.cop else "")
    return ", ".join(part for part in parts if part)
