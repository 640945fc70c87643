"""Tables of codes as chapters show them: names, sources, and whether coders agreed on the code."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from copanalysis.errors import CopanalysisError
from copanalysis.fieldwork.agreement import SUFFICIENT
from copanalysis.fieldwork.sources import code_by_source, members, with_ancestors
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Study
from copanalysis.study.registers import vocabulary_labels

UNCOMPARED = "niet vergeleken"


def used_segments(segments: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """The passages of the layer that the report uses (study.toml [coding] used)."""
    return segments[segments["coder"].eq(study.settings["coding"]["used"])]


def described(documents: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """Conversations with the Dutch names of their kind, group and organisation beside the ids."""
    words = study.settings["fieldwork"]
    last = max(wave.end for wave in study.waves.values())
    names = {id: study.names.label(id, on=last) for id in study.names.ids(kind="organisation")}
    return documents.assign(
        kind_name=documents["kind"].astype("str").map(words["kinds"]),
        group_name=documents["group"].astype("str").map(words["groups"]),
        organisation_name=documents["organisation"].astype("str").map(names).fillna(""),
    )


def grouped_speakers(documents: pd.DataFrame, *, study: Study, rest: str) -> pd.DataFrame:
    """Conversations with ``organisation_group`` and ``speaker_group``: the names of organisation
    and group, or ``rest`` for the smallest, together so many that no name is left with fewer
    conversations than minimum_people of study.toml, nor ``rest`` itself."""
    named = described(documents, study=study)
    minimum = study.settings["disclosure"]["minimum_people"]
    return named.assign(
        organisation_group=_large(named["organisation_name"], minimum=minimum, rest=rest),
        speaker_group=_large(named["group_name"], minimum=minimum, rest=rest),
    )


def _large(names: pd.Series, *, minimum: int, rest: str) -> pd.Series:
    """The names that come often enough; the others become ``rest``."""
    sizes = names.value_counts(ascending=True)
    before = sizes.cumsum() - sizes
    # the smallest go together, and with them the next until together they are large enough
    small = sizes.index[sizes.lt(minimum) | (before.gt(0) & before.lt(minimum))]
    return names.mask(names.isin(small), rest)


def code_shares(
    segments: pd.DataFrame,
    *,
    documents: pd.DataFrame,
    agreement: pd.DataFrame,
    study: Study,
    codes: Sequence[str] = (),
    under: str = "",
    by: str = "",
) -> pd.DataFrame | NotMeasured:
    """In how many sources each code occurs, with the coders' verdict on the code.

    Parameters
    ----------
    segments : DataFrame
        document, start, end, code: one layer. A code counts for the codes above it too.
    documents : DataFrame
        The sources that are the base: document, and the column ``by``.
    agreement : DataFrame
        The processed table code_agreement.
    codes, under
        The codes to show, in this order; or all children of the code ``under``.
    by : str
        A column of ``documents`` to break down by; "" for all together.

    Returns
    -------
    DataFrame or NotMeasured
        One row per (group and) code: ``by``, code, label, n_sources, n_segments, base, share
        (of sources), verdict (UNCOMPARED where no two coders had the code's texts), uncertain
        (the coders' agreement is not known to reach the threshold),
        n_reliable (n_sources, missing for uncertain codes).
        NotMeasured without any source.
    """
    if documents.empty:
        return NotMeasured("codes", "er zijn geen gesprekken van deze groep")
    codebook = study.table("codebook.csv").query("status == 'active'")
    chosen = chosen_codes(codebook, codes=codes, under=under)
    table = code_by_source(
        with_ancestors(segments, codebook=codebook), documents=documents, codebook=codebook, by=by
    )
    table = table[table["code"].isin(chosen)]
    rank = table["code"].map({code: i for i, code in enumerate(chosen)})
    table = table.assign(rank=rank).sort_values([*([by] if by else []), "rank"])
    verdict = agreement.set_index("code")["verdict"].astype("str")
    known = verdict.to_dict()
    table["verdict"] = [known.get(code, UNCOMPARED) for code in table["code"].astype("str")]
    table["uncertain"] = table["verdict"].ne(SUFFICIENT)
    table["n_reliable"] = table["n_sources"].mask(table["uncertain"])
    columns = ["code", "label", "n_sources", "n_segments", "base", "share"]
    columns += ["verdict", "uncertain", "n_reliable"]
    table = table.rename(columns={"name": "label"})
    return table[[*([by] if by else []), *columns]].reset_index(drop=True)


def answers_in_analysis(
    coded: pd.DataFrame, *, respondents: pd.DataFrame, answers: pd.DataFrame
) -> pd.DataFrame:
    """The coded answers that a respondent in the analysis gave, in these words.

    Codes are kept by row of the raw file: after another export a row may be gone, left out, or
    of somebody else. Names that one of both texts masks ("[plaats-3]") make no difference.

    Parameters
    ----------
    coded : DataFrame
        The processed table coded_answers.
    respondents : DataFrame
        wave, row, respondent, used: of the waves that were measured.
    answers : DataFrame
        Tidy answers: wave, respondent, item, state, text.

    Returns
    -------
    DataFrame
        The rows of ``coded`` that hold, in their order, with respondent.
    """
    keys = ["wave", "item"]
    people = respondents.loc[respondents["used"], ["wave", "row", "respondent"]]
    said = answers.loc[answers["state"].eq("answered"), [*keys, "respondent", "text"]]
    said = said.dropna(subset=["text"]).rename(columns={"text": "answer"})
    as_text = {"wave": str}
    found = coded.astype(dict.fromkeys(keys, str)).merge(people.astype(as_text), on=["wave", "row"])
    found = found.merge(said.astype(dict.fromkeys(keys, str)), on=[*keys, "respondent"])
    pairs = zip(found["text"], found["answer"], strict=True)
    return found[[_same_words(*pair) for pair in pairs]].drop(columns="answer")


def _same_words(one: str, other: str) -> bool:
    """Whether texts are alike but for names that one of them masks."""
    if one == other:
        return True
    ways = (re.sub(r"\\\[.*?\\\]", ".+?", re.escape(text)) for text in (one, other))
    return any(re.fullmatch(way, text) for way, text in zip(ways, (other, one), strict=True))


def answer_shares(
    segments: pd.DataFrame,
    *,
    answers: pd.DataFrame,
    agreement: pd.DataFrame,
    study: Study,
    codes: Sequence[str] = (),
    under: str = "",
) -> pd.DataFrame | NotMeasured:
    """How many open answers carry each code: ``code_shares`` with n for n_sources.

    ``answers`` are the coded answers to one question in one wave (coded_answers); they are the
    base: who answered in words.
    """
    table = code_shares(
        segments, documents=answers, agreement=agreement, study=study, codes=codes, under=under
    )
    if not isinstance(table, pd.DataFrame):
        return NotMeasured("codes", "er zijn geen gecodeerde antwoorden op deze vraag")
    return table.rename(columns={"n_sources": "n"}).drop(columns="n_segments")


def judged_codes(
    segments: pd.DataFrame,
    *,
    documents: pd.DataFrame,
    agreement: pd.DataFrame,
    study: Study,
    under: str,
    good: str,
    bad: str,
) -> pd.DataFrame | NotMeasured:
    """Codes with the sources that speak of them as something that works, and that does not.

    A source speaks well of a code when a passage carries the code and ``good``, badly when it
    carries the code and ``bad``; it may do both.

    Returns
    -------
    DataFrame or NotMeasured
        ``code_shares`` with n_good, n_bad, n_mixed (sources that do both), balance (n_good less
        n_bad), and share_good, share_bad and gap (their difference) of all sources.
    """
    table = code_shares(
        segments, documents=documents, agreement=agreement, study=study, under=under
    )
    if not isinstance(table, pd.DataFrame):
        return table
    codebook = study.table("codebook.csv").query("status == 'active'")
    rows = with_ancestors(segments, codebook=codebook)
    rows = rows[rows["document"].isin(documents["document"])]
    place = ["document", "start", "end"]
    sources = {}
    for name, sign in (("good", good), ("bad", bad)):
        signed = rows.loc[rows["code"].eq(sign), place]
        sources[name] = members(rows.merge(signed, on=place), of="document", by="code")
    pairs = [[sources[name].get(code, set()) for name in ("good", "bad")] for code in table["code"]]
    counts = [(len(g), len(b), len(g & b), len(g) - len(b)) for g, b in pairs]
    found = pd.DataFrame(counts, columns=["n_good", "n_bad", "n_mixed", "balance"])
    table = pd.concat([table, found], axis=1)
    parts = {f"share_{sign}": table[f"n_{sign}"] / table["base"] for sign in ("good", "bad")}
    return table.assign(**parts, gap=parts["share_good"] - parts["share_bad"])


def with_code_sources(
    frame: pd.DataFrame, *, segments: pd.DataFrame, documents: pd.DataFrame, study: Study
) -> pd.DataFrame:
    """Lessons or conditions with the number of sources that speak of what each rests on.

    ``frame`` is an instrument with group and evidence (ids of evidence, of which those that
    begin with "code:" count here; of codes joined by "+" one passage must have all). Returns its
    rows with group_name, works_name (where it has works), cop_names (where it has cops),
    n_sources (documents with any of what it names) and base.
    """
    codebook = study.table("codebook.csv").query("status == 'active'")
    rows = with_ancestors(segments, codebook=codebook)
    rows = rows[rows["document"].isin(documents["document"])]
    places: dict[str, set[tuple]] = {}
    for code, *place in rows[["code", "document", "start", "end"]].itertuples(index=False):
        places.setdefault(str(code), set()).add(tuple(place))

    def said(ids: str) -> set[str]:
        named = [together.split("+") for together in re.findall(r"code:([\w.+]+)", ids)]
        shared = [set.intersection(*(places.get(c, set()) for c in codes)) for codes in named]
        return {document for document, *_ in set().union(*shared)}

    out = frame.assign(
        n_sources=[len(said(ids)) for ids in frame["evidence"]],
        base=documents["document"].nunique(),
        group_name=frame["group"].map(vocabulary_labels(study.sheets, "frame_group")),
    )
    if "works" in out:
        labels = vocabulary_labels(study.sheets, "lesson_works")
        out = out.assign(works_name=out["works"].map(labels))
    if "cops" in out:
        last = list(study.waves)[-1]
        names = {id: study.cop_label(id, wave=last) for id in study.names.ids(kind="cop")}
        listed = [", ".join(names.get(id, id) for id in cops.split()) for cops in out["cops"]]
        out = out.assign(cop_names=listed)
    return out


def chosen_codes(codebook: pd.DataFrame, *, codes: Sequence[str], under: str) -> list[str]:
    """``codes``, or all children of the code ``under``; CopanalysisError for an unknown one."""
    unknown = [c for c in (*codes, *([under] if under else [])) if c not in set(codebook["code"])]
    if unknown:
        raise CopanalysisError(f"codebook.csv has no active code {', '.join(unknown)}.")
    return list(codes) or list(codebook.loc[codebook["parent"].eq(under), "code"])
