"""What evidence is looked up in: answers, coded conversations, observations, registers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from copanalysis.fieldwork.agreement import SUFFICIENT
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Study

PASSAGE = ["document", "start", "end"]
WITHOUT_COP = ("coded_answers",)  # of which nobody keeps whose they are
NOTHING = ("", "no", "none")  # answers of an observer that say that there was nothing
SCALE_MIDDLE = 3  # of the five-point scales of the scheme


@dataclass(frozen=True)
class Sources:
    """The data behind the ids of evidence.

    ``answers`` are tidy answers of used respondents of all waves; ``tables`` the processed
    tables of fieldwork and registers by name, as tables.csv describes them. What is not there
    makes the ids that name it "niet te meten".
    """

    study: Study
    answers: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]

    def table(self, name: str) -> pd.DataFrame | NotMeasured:
        """A table with rows, each thing once, or the reason why it cannot be looked in."""
        if name not in self.tables or self.tables[name].empty:
            names = self.study.settings["evidence"]["names"]
            return NotMeasured(name, f"{names.get(name, name).lower()}: geen gegevens")
        table = self.tables[name]
        return table[table["duplicate_of"].isna()] if "duplicate_of" in table else table

    def until(self, phase: str) -> Sources:
        """What was known when a phase ended ("" for everything): its waves and those before, and
        the rows of every table that are dated before its end. Signals were as old as they were
        then, and what was told of them later was not told yet; their state is that of now."""
        if not phase:
            return self
        own = next(p for p in self.study.settings["phases"] if p["id"] == phase)
        end = pd.Timestamp(own["end"])
        waves = [id for id, wave in self.study.waves.items() if pd.Timestamp(wave.end) <= end]
        tables = {
            name: table[table["date"].isna() | table["date"].lt(end)] if "date" in table else table
            for name, table in self.tables.items()
        }
        if "signals" in tables:
            tables["signals"] = _not_told_yet(tables["signals"], end)
        signals = self.study.settings["signals"]
        signals = {**signals, "reference": min(signals["reference"], end.date())}
        study = replace(self.study, settings={**self.study.settings, "signals": signals})
        return Sources(study, self.answers[self.answers["wave"].isin(waves)], tables)

    def of_cop(self, cop: str) -> Sources:
        """Only what is about one community: its answers, and its rows of tables that name it."""
        tables = {
            name: table[table["cop"].eq(cop)] if "cop" in table else table
            for name, table in self.tables.items()
            if name not in WITHOUT_COP
        }
        return Sources(self.study, self.answers[self.answers["cop"].eq(cop)], tables)

    def conversations(self, *, group: str, phase: str) -> pd.DataFrame | NotMeasured:
        """The coded conversations with a group, in a phase ("" for all)."""
        chosen = self._conversations
        if isinstance(chosen, NotMeasured):
            return chosen
        for column, value in (("group", group), ("phase", phase)):
            chosen = chosen[chosen[column].eq(value)] if value else chosen
        if chosen.empty:
            return NotMeasured("documents", "er zijn geen gesprekken met deze groep in deze fase")
        return chosen

    def observed(self, row: str, *, phase: str) -> pd.DataFrame | NotMeasured:
        """The meetings at which a row of the scheme was to be observed, and whether anything was.

        Returns observation and filled (bool): a count of the row is above zero, or a scale above
        its middle; in a row without counts and scales, that an answer says more than none.
        NotMeasured when no meeting of the phase ("" for all) measured the row.
        """
        measured, observations = self._measured_rows, self.table("observations")
        for missing in (measured, observations):
            if isinstance(missing, NotMeasured):
                return missing
        own = observations[observations["phase"].eq(phase)] if phase else observations
        rows = measured.get(row, pd.DataFrame(columns=["observation"]))
        rows = rows[rows["observation"].isin(own["observation"])]
        if rows.empty:
            return NotMeasured(row, "deze rij van het schema is niet gemeten")
        kind = rows["type"]
        numeric = kind.isin(["count", "scale"])
        if numeric.any():
            least = kind[numeric].map({"count": 0, "scale": SCALE_MIDDLE})
            filled = rows.loc[numeric, "number"].gt(least).fillna(False)
        else:
            filled = ~rows["answer"].fillna("").astype(str).isin(NOTHING)
        meetings = rows.loc[filled.index, "observation"]
        return filled.groupby(meetings).any().rename("filled").reset_index()

    def coded_documents(self, codes: Sequence[str], *, without: Collection[str]) -> set[str]:
        """The documents in which one passage carries all these codes, or codes under them.

        ``without`` are codes that do not count for a code above them.
        """
        shared = set.intersection(*(self.passages_of(code, without=without) for code in codes))
        return {document for document, *_ in shared}

    def written(self, item: str, *, wave: str) -> set[str] | NotMeasured:
        """The coded answers to an open question in a wave, as documents."""
        answers = self.table("coded_answers")
        for missing in (answers, self.coded):
            if isinstance(missing, NotMeasured):
                return missing
        own = answers[answers["item"].eq(item) & answers["wave"].astype(str).eq(wave)]
        if own.empty:
            return NotMeasured(item, "er zijn geen gecodeerde antwoorden op deze vraag")
        return set(own["document"])

    def documents_of(self, codes: Sequence[str]) -> set[str]:
        """All documents, answers in words too, that carry any of these codes or one under them."""
        under = set().union(*map(self._under, codes))
        return set(self.coded.loc[self.coded["code"].isin(under), "document"])

    def passages_of(self, code: str, *, without: Collection[str] = ()) -> set[tuple]:
        """Where a code or one under it stands in the conversations: (document, start, end)."""
        left_out = {under for other in without for under in self._under(other)}
        own = self._under(code) - left_out
        return {place for under in own for place in self._passages.get(under, ())}

    @cached_property
    def _measured_rows(self) -> dict[str, pd.DataFrame] | NotMeasured:
        """What was observed, by row of the scheme: observation, answer, number and type."""
        answers = self.table("observation_answers")
        if isinstance(answers, NotMeasured):
            return answers
        types = self.study.table("observation_fields.csv").set_index("field")["type"]
        rows = answers[answers["measured"]]
        rows = rows.assign(type=rows["field"].astype(str).map(types))
        columns = ["observation", "answer", "number", "type"]
        return {row: own[columns] for row, own in rows.groupby("scheme_row", observed=True)}

    @cached_property
    def tallied(self) -> dict[tuple, tuple]:
        """What was looked up before: instruments name the same ids of evidence again and again."""
        return {}

    @cached_property
    def coded(self) -> pd.DataFrame | NotMeasured:
        """The codes that the report uses: those of the layer that study.toml names."""
        segments = self.table("segments")
        if isinstance(segments, NotMeasured):
            return segments
        return segments[segments["coder"].eq(self.study.settings["coding"]["used"])]

    @cached_property
    def codes(self) -> frozenset[str]:
        """All codes of the codebook."""
        return frozenset(self.study.sheets["codebook.csv"].values("code"))

    @cached_property
    def reliable_codes(self) -> frozenset[str]:
        """The codes on which coders agreed enough; none where nobody compared them."""
        compared = self.table("code_agreement")
        if isinstance(compared, NotMeasured):
            return frozenset()
        return frozenset(compared.loc[compared["verdict"].eq(SUFFICIENT), "code"])

    @cached_property
    def _conversations(self) -> pd.DataFrame | NotMeasured:
        documents = self.table("documents")
        for missing in (documents, self.coded):
            if isinstance(missing, NotMeasured):
                return missing
        return documents[documents["document"].isin(self.coded["document"].unique())]

    @cached_property
    def _passages(self) -> dict[str, set[tuple]]:
        """Where each code stands itself, as (document, start, end)."""
        talks = self._conversations
        if isinstance(talks, NotMeasured):
            return {}
        inside = self.coded["document"].isin(talks["document"])
        rows = self.coded.loc[inside, ["code", *PASSAGE]].astype(object)
        found: dict[str, set[tuple]] = {}
        for code, *place in rows.itertuples(index=False, name=None):
            found.setdefault(code, set()).add(tuple(place))
        return found

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        codebook = self.study.table("codebook.csv")
        return codebook.groupby("parent")["code"].agg(list).to_dict()

    def _under(self, code: str) -> set[str]:
        """A code and all codes under it."""
        children = self._children.get(code, ())
        return {code}.union(*(self._under(child) for child in children))


def _not_told_yet(signals: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Signals as they stood on a day, as far as the register tells: without later feedback."""
    later = signals["feedback_on"].ge(end).fillna(False).astype(bool)
    return signals.assign(
        feedback=signals["feedback"].mask(later, "no"),
        feedback_on=signals["feedback_on"].mask(later),
    )
