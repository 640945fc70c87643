"""The gate before codes are used: did two coders see the same in the same texts?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from copanalysis.fieldwork.agreement import (
    Bootstrap,
    agreement_by_code,
    agreement_table,
    coding_units,
    disagreements,
    overall_agreement,
)
from copanalysis.fieldwork.agreement_spans import Coders
from copanalysis.fieldwork.sources import members, with_ancestors
from copanalysis.fieldwork.unitizing import unitizing_by_code
from copanalysis.study.dictionary import framed
from copanalysis.study.plan import Study
from copanalysis.study.processed import read_source, write_processed

MATERIAL = {"conversations": "gesprekken", "answers": "open antwoorden"}
TABLES = ("code_agreement", "material_agreement", "disagreements")


def units_of_coding(turns: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """What is judged as a whole: each turn of somebody who was asked, each open answer.

    Returns unit, document, start, end and material (a key of MATERIAL). Turns of interviewers
    are left out: coders do not code questions, and counting them as agreed would flatter.
    """
    said = turns[turns["role"].ne("interviewer")].rename(columns={"turn": "unit"})
    written = answers.assign(unit=answers["document"], start=0, end=answers["text"].str.len())
    parts = {"conversations": said, "answers": written}
    return pd.concat(
        [t[["unit", "document", "start", "end"]].assign(material=m) for m, t in parts.items()],
        ignore_index=True,
    )


def shared_coders(given: pd.DataFrame, *, study: Study) -> Coders:
    """The coders of study.toml [coding] who handed in work, each with the documents they had."""
    had = members(given, of="document", by="coder")
    return {c: had[c] for c in study.settings["coding"]["coders"] if c in had}


def intercoder_reliability(
    segments: pd.DataFrame,
    *,
    documents: pd.DataFrame,
    turns: pd.DataFrame,
    answers: pd.DataFrame,
    given: pd.DataFrame,
    study: Study,
) -> dict[str, pd.DataFrame]:
    """Agreement between the coders of study.toml [coding], per code, overall and on passages.

    Parameters
    ----------
    segments, documents, turns, answers, given : DataFrame
        The processed tables of those names (``answers`` is coded_answers).
    study : Study
        Gives coders, coefficient, threshold, share of a unit, resamples and seed.

    Returns
    -------
    dict of str to DataFrame
        ``code_agreement``: ``agreement_table`` per active code and code above it, with u_alpha
        (``unitizing_by_code``, conversations only) and the coefficient on each material alone
        (alone_conversations, alone_answers); ``material_agreement``:
        ``overall_agreement`` per material; ``disagreements``: per pair of coders the units
        they coded differently. Columns as tables.csv gives them; without two coders no rows.
    """
    coders = shared_coders(given, study=study)
    found: dict[str, pd.DataFrame] = {name: pd.DataFrame() for name in TABLES}
    if len(coders) > 1:
        codebook = study.table("codebook.csv").query("status == 'active'")
        texts = pd.concat([t[["document", "text"]] for t in (documents, answers)])
        work = _Work(
            pd.concat(
                with_ancestors(own, codebook=codebook)
                for _, own in segments.groupby("coder", observed=True)
            ).query("coder in @coders"),
            units_of_coding(turns, answers),
            texts.astype("str"),
            coders,
            list(codebook["code"]),
            study,
        )
        found = {
            "code_agreement": work.by_code().merge(codebook[["code", "name"]], on="code"),
            "material_agreement": work.by_material(),
            "disagreements": work.differing(),
        }
    return {name: framed(rows, table=name, study=study) for name, rows in found.items()}


def write_reliability(tables: Mapping[str, pd.DataFrame], *, study: Study) -> Path:
    """Write the tables to data/processed/reliability/, with the origin of the fieldwork."""
    files = {"source": read_source(study, "fieldwork"), **tables}
    return write_processed(study, files, folder="reliability")


@dataclass(frozen=True)
class _Work:
    """What the coders did, and by which rules it is compared."""

    segments: pd.DataFrame
    units: pd.DataFrame
    texts: pd.DataFrame
    coders: Coders
    codes: list[str]
    study: Study

    @property
    def rules(self) -> Mapping[str, Any]:
        return self.study.settings["coding"]

    @property
    def bootstrap(self) -> Bootstrap:
        confidence = self.study.confidence
        return Bootstrap("document", self.rules["resamples"], self.rules["seed"], confidence)

    @cached_property
    def coding(self) -> pd.DataFrame:
        share = self.rules["minimum_share"]
        judged = {"coders": self.coders, "codes": self.codes, "minimum_share": share}
        return coding_units(self.segments, self.units, **judged)

    def by_code(self) -> pd.DataFrame:
        table = agreement_table(
            self.coding,
            coefficient=self.rules["coefficient"],
            threshold=self.rules["threshold"],
            bootstrap=self.bootstrap,
        )
        if len(self.coders) == 2:
            table = table.assign(
                all_coders=table["both"], some_coders=table["only_first"] + table["only_second"]
            )
        said = set(self.units.query("material == 'conversations'")["document"])
        passages = unitizing_by_code(
            self.segments[self.segments["document"].isin(said)],
            self.texts,
            coders={coder: set(had) & said for coder, had in self.coders.items()},
            codes=self.codes,
            bootstrap=None,
        )
        table = table.merge(passages[["code", "u_alpha"]], on="code")
        coefficient = self.rules["coefficient"]
        return table.assign(
            **{
                f"alone_{material}": table["code"].map(
                    agreement_by_code(own, coefficient=coefficient) if len(own) else {}
                )
                for material in MATERIAL
                for own in [self._of(material)]
            }
        )

    def by_material(self) -> pd.DataFrame:
        parts = [
            overall_agreement(self._of(material), bootstrap=self.bootstrap).assign(material=name)
            for material, name in MATERIAL.items()
            if len(self._of(material))
        ]
        return pd.concat(parts, ignore_index=True)

    def differing(self) -> pd.DataFrame:
        parts = [
            disagreements(self.coding, self.units, self.texts, first=a, second=b).assign(
                first=a, second=b
            )
            for a, b in combinations(self.coders, 2)
        ]
        table = pd.concat(parts, ignore_index=True)
        material = self.units.assign(material=self.units["material"].map(MATERIAL))
        return table.merge(material[["unit", "material"]], on="unit")

    def _of(self, material: str) -> pd.DataFrame:
        own = self.units.loc[self.units["material"].eq(material), "unit"]
        return self.coding[self.coding["unit"].isin(own)]
