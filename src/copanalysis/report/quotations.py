"""What was said, as a page shows it: codes with their sources, and quotes that point to nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from copanalysis.report.chapter import Chapter
from copanalysis.report.charts_bars import share_bars
from copanalysis.report.charts_matrix import matrix
from copanalysis.report.disclosure.quotes import (
    masked_quotes,
    masking_note,
    study_spellings,
    without_numbers,
)
from copanalysis.report.numbers import join_words
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Study

ATTRIBUTES = {"group": "groep", "organisation": "organisatie", "cop": "CoP"}
OTHER = "other"  # the organisation of names.csv that says nothing of a speaker
CODE_COLUMNS = ("label", "n_sources", "base", "share", "n_segments", "verdict")
ANSWER_COLUMNS = ("label", "n", "base", "share", "verdict")


def conversation_source(chapter: Chapter, *, group: str = "") -> str:
    """The source line of a table on what was said: kinds of conversation (with one group of
    speakers) and their numbers."""
    kinds = chapter.study.settings["fieldwork"]["kinds"]
    documents = chapter.read("documents")
    own = documents[documents["group"].eq(group)] if group else documents
    counts = own["kind"].astype("str").value_counts()
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
    about = {"base": base, "source": source or conversation_source(chapter), "question": question}
    about["waves"] = tuple(waves)
    own = ANSWER_COLUMNS if "n" in getattr(table, "columns", ()) else CODE_COLUMNS
    columns = [*([by] if by else []), *own]
    key = [*([by] if by else []), "code"]
    headers = dict.fromkeys(columns, "") | {"label": "Code"}
    chapter.table(id, table, title=title, **about, key=key, columns=headers)
    said = "antwoorden" if "n" in columns else "gesprekken"
    subtitle = f"{f'Aantal {said}' if by else f'Deel van de {said}'} waarin de code voorkomt"
    of = {"of": id, "title": headline, "subtitle": subtitle}
    if by:
        chapter.figure(id, matrix, **of, rows="label", columns=by, value="n_sources")
    else:
        chapter.figure(id, share_bars, **of, count="n" if "n" in columns else "n_sources")


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

    ``quotes`` has document, text, group, organisation and cop. ``columns`` are shown before the
    quote and its speaker; a note under the table says what was masked. Where a quote stands is
    not shown: what several quotes have in common would tell who it is.
    """
    said = {"title": title, "source": conversation_source(chapter), "question": question}
    said["base"] = "Passages gekozen volgens een vaste regel, gepseudonimiseerd"
    table, notes = safe_quotes(chapter, quotes)
    if table.empty:
        chapter.table(id, NotMeasured(id, "er is geen passage die getoond kan worden"), **said)
        return
    table = table.assign(quote=range(1, len(table) + 1))
    headers = {**columns, "text": "Citaat", "speaker": "Spreker"}
    chapter.table(id, table, **said, key=["quote"], columns=headers, notes=notes)


def safe_quotes(chapter: Chapter, quotes: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Quotes that point to nobody, to show beside something else: the table of
    ``quotation_table`` and the notes that must stand under it. None where with fewer people
    was spoken than minimum_people."""
    study = chapter.study
    population = speaker_population(chapter.read("documents"))
    if population["people"].sum() < study.settings["disclosure"]["minimum_people"]:
        quotes = quotes.iloc[:0]
    table, note = quotation_table(quotes, population=population, study=study)
    return table, [note] if note else []


def quotation_table(
    quotes: pd.DataFrame, *, population: pd.DataFrame, study: Study
) -> tuple[pd.DataFrame, str]:
    """Quotes with the speaker in words, and a Dutch sentence on what was masked ("" if nothing).

    ``quotes`` and ``population`` as `masked_quotes` takes them, with the attributes group,
    organisation and cop. The table has the columns of ``quotes`` and speaker; a quote that names
    what must be left out is not in it.
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
    words = "\u201c" + without_numbers(masked["text"].str.strip()) + "\u201d"
    note = masking_note(masked, minimum_people=minimum)
    return masked.assign(speaker=speakers, text=words), note


def speaker_population(documents: pd.DataFrame) -> pd.DataFrame:
    """How many people share group, organisation and CoP, for `masked_quotes`.

    They are those with whom was spoken, a person for a conversation: a report lists its
    conversations, so a reader need not look among all members. A talk with more people counts
    as one, the least there can be.
    """
    said = documents[[*ATTRIBUTES]].astype("object")
    return said.where(said.notna(), "").assign(people=1)


def _speaker(row: tuple, study: Study) -> str:
    last = max(wave.end for wave in study.waves.values())
    group = study.settings["fieldwork"]["speakers"].get(row.group, "spreker")
    known = row.organisation not in ("", OTHER)
    parts = [group, study.names.label(row.organisation, on=last) if known else ""]
    parts.append(f"CoP {study.names.label(row.cop, on=last)}" if row.cop else "")
    return ", ".join(part for part in parts if part)
