"""Quotes that point to nobody: which attributes of a speaker must be left out, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.report.numbers import in_words
from copanalysis.study.plan import Study

Values = tuple[str, ...]
Spellings = Mapping[str, Mapping[str, Sequence[str]]]


def masked_quotes(
    quotes: pd.DataFrame,
    *,
    population: pd.DataFrame,
    attributes: Mapping[str, str],
    spellings: Spellings,
    minimum_people: int,
) -> pd.DataFrame:
    """Quotes as they may be shown: attributes of the speaker left out, the last named first.

    What stays shown is said of ``minimum_people`` people or more, not counting those of whom more
    would be said: a reader knows the rule. What has to go depends on the population alone, so all
    quotes of a speaker, on whatever page, leave out the same and a reader who lays them side by
    side learns no more. A quote whose text names what is left out is left out itself: a name
    taken out of a text still tells that it stood there.

    Parameters
    ----------
    quotes : DataFrame
        document, text and the columns of ``attributes`` (ids of what is known of the speaker,
        whether a page shows it or not; "" or missing: not known).
    population : DataFrame
        The same attribute columns and ``people``: how many people share them. Where a row
        leaves an attribute "", its people count only for quotes that do not show it.
    attributes : mapping of column to Dutch name
        In order of what a reader needs most, as {"role": "rol", "cop": "CoP"}.
    spellings : mapping of attribute to {id: ways to write it}
        How a text may name a value, as `study_spellings` gives; an attribute may be absent.
    minimum_people : int
        minimum_people of study.toml.

    Returns
    -------
    DataFrame
        The rows of ``quotes`` that may be shown, with "" for what is left out and two columns:
        masked (Dutch names of the attributes left out that were known, joined by ", ") and people
        (how many fit what is shown, over the whole population).

    Raises
    ------
    CopanalysisError
        For absent columns, and for a quote when the whole population is smaller than
        ``minimum_people``: then none can be shown.

    Notes
    -----
    k-anonymity by generalisation along one order of attributes (Samarati and Sweeney 1998), which
    withstands the minimality attack (Wong and others 2007): what is left out tells nothing.
    """
    columns = list(attributes)
    problems = _problems(quotes, population, columns, minimum_people)
    refuse_if_any("The quotes cannot be released", problems)
    people = _texts(population[columns]).assign(people=population["people"])
    speakers = _texts(quotes[columns])
    kept = _kept(people, minimum=minimum_people)
    rows, safe = [], []
    for text, *values in speakers.assign(text=quotes["text"])[["text", *columns]].to_numpy():
        number = max(n for n in range(len(values) + 1) if tuple(values[:n]) in kept)
        hidden = {name: v for name, v in list(zip(columns, values, strict=True))[number:] if v}
        fit = (people[columns[:number]] == values[:number]).all(axis=1)
        shown = [*values[:number], *[""] * (len(columns) - number)]
        rows.append(
            [*shown, ", ".join(map(attributes.get, hidden)), people.loc[fit, "people"].sum()]
        )
        safe.append(not _names_any(text, hidden, spellings))
    made = [*columns, "masked", "people"]
    out = pd.DataFrame(rows, index=quotes.index, columns=made)
    return quotes.assign(**{name: out[name] for name in made})[safe]


def study_spellings(study: Study) -> dict[str, dict[str, tuple[str, ...]]]:
    """How a text may name a CoP or an organisation, every alias of names.csv, and a group: its
    words in study.toml. By kind and id."""
    words = study.settings["fieldwork"]
    groups = {id: (one, words["groups"][id]) for id, one in words["speakers"].items()}
    return {"group": groups} | {
        kind: {id: study.names.aliases(id) for id in study.names.ids(kind=kind)}
        for kind in dict.fromkeys(name.kind for name in study.names.names)
    }


def masking_note(quotes: pd.DataFrame, *, minimum_people: int) -> str:
    """That something was left out of the speakers of a page, as a Dutch sentence; "" when nothing
    was. What it was, and how often, would tell who they are.

    Takes the result of `masked_quotes`.
    """
    if quotes["masked"].eq("").all():
        return ""
    return (
        f"Niet vermeld is wat minder dan {in_words(minimum_people)} van de mensen met wie is "
        "gesproken zou beschrijven."
    )


def without_numbers(texts: pd.Series) -> pd.Series:
    """Texts in which a pseudonym has no number ("[plaats]" for "[plaats-36]"): numbers run on
    through all conversations and would tell which is which."""
    return texts.str.replace(r"\[(\w+)-\d+\]", r"[\1]", regex=True)


def _kept(people: pd.DataFrame, *, minimum: int) -> frozenset[Values]:
    """The descriptions that may be shown, as values of the first attributes, () among them: each
    is said of ``minimum`` people or more of whom no more is said."""
    sizes: Counter[Values] = Counter()
    for *values, number in people.itertuples(index=False, name=None):
        sizes[tuple(values)] += number
    return frozenset(_split(sizes, (), minimum=minimum))


def _split(sizes: Mapping[Values, int], said: Values, *, minimum: int) -> Iterator[Values]:
    """What may be said of the people in ``sizes``, who share ``said``: of those with a value of
    the next attribute that enough have, that too; the others must be enough as well, else the
    fewest of those with such a value stay with them."""
    yield said
    groups: dict[str, dict[Values, int]] = {}
    for values, number in sizes.items():
        if len(values) > len(said):
            groups.setdefault(values[len(said)], {})[values] = number
    numbers = {value: sum(own.values()) for value, own in groups.items()}
    large = sorted((n, value) for value, n in numbers.items() if value and n >= minimum)
    rest = sum(numbers.values()) - sum(n for n, _ in large)
    while large and 0 < rest < minimum:
        rest += large.pop(0)[0]
    for _, value in large:
        yield from _split(groups[value], (*said, value), minimum=minimum)


def _names_any(text: str, hidden: Mapping[str, str], spellings: Spellings) -> bool:
    """Whether a text names a hidden value, in any way to write it."""
    ways = [way for name, v in hidden.items() for way in spellings.get(name, {}).get(v, ())]
    return any(re.search(rf"(?<!\w){re.escape(way)}(?!\w)", text, re.IGNORECASE) for way in ways)


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Attributes as text, "" where not known."""
    return table.astype("object").where(table.notna(), "").astype("str")


def _problems(
    quotes: pd.DataFrame, population: pd.DataFrame, columns: Sequence[str], minimum: int
) -> Iterable[Problem]:
    for where, table, needed in (
        ("quotes", quotes, ["document", "text", *columns]),
        ("population", population, ["people", *columns]),
    ):
        for column in needed:
            if column not in table:
                yield Problem(where, f"no column {column!r}", ", ".join(needed), "add it")
    number = int(population["people"].sum()) if "people" in population else minimum
    if len(quotes) and number < minimum:
        fix = "show no quotes of so small a group"
        yield Problem("population", f"{number} people", f"{minimum} or more", fix)
