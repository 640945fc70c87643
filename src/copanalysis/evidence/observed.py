"""The observations row by row: what was to be measured, what was, and what was seen."""

from __future__ import annotations

import pandas as pd

from copanalysis.evidence.sources import Sources
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.registers import vocabulary_labels

CLOSED = ("choice", "choices")


def observation_coverage(sources: Sources) -> pd.DataFrame:
    """What was observed of each community: cop, scheme_row, row_name ("rij 1"), n_fields (to be
    measured at its meetings) and n_answered (with an answer); one row per community and row of the
    scheme, zero where it was never observed."""
    answers = sources.tables["observation_answers"]
    own = answers[answers["measured"].astype(bool)]
    keys = [own["cop"].astype(str), own["scheme_row"].astype(str)]
    fields, answered = own.groupby(keys).size(), own["answer"].notna().groupby(keys).sum()
    scheme = sources.study.table("observation_scheme.csv")
    pairs = pd.MultiIndex.from_product(
        [sources.study.names.ids(kind="cop"), scheme["row"]], names=["cop", "scheme_row"]
    )
    table = pd.DataFrame({"n_fields": fields, "n_answered": answered}).reindex(pairs, fill_value=0)
    names = "rij " + scheme.set_index("row")["position"].astype(str)
    return table.astype("int64").reset_index().assign(row_name=lambda t: t["scheme_row"].map(names))


def observed_communities(coverage: pd.DataFrame) -> pd.DataFrame:
    """One row: n_cops, n_observed, n_not_observed, and not_observed (the communities without any
    observation, as a list of ids separated by spaces)."""
    fields = coverage.groupby("cop", sort=False)["n_fields"].sum()
    absent = list(fields.index[fields.eq(0)])
    row = {"n_cops": len(fields), "n_observed": len(fields) - len(absent)}
    row |= {"n_not_observed": len(absent), "not_observed": " ".join(absent)}
    return pd.DataFrame([row])


def observation_fields(sources: Sources, *, row: str) -> pd.DataFrame | NotMeasured:
    """The counts, scales and choices of one row of the scheme, over all meetings.

    Returns field, label, n_meetings (at which the field was to be measured), n_answered, lowest,
    middle (median) and highest of counts and scales, and seen: the choices in Dutch with how often
    each was given ("" for other fields). NotMeasured when no meeting measured the row.
    """
    answers = sources.table("observation_answers")
    if isinstance(answers, NotMeasured):
        return answers
    fields = sources.study.table("observation_fields.csv").query("row == @row and type != 'text'")
    own = answers[answers["measured"] & answers["field"].isin(fields["field"])]
    if own.empty:
        return NotMeasured(row, "deze rij heeft geen telling of schaal, of is nergens gemeten")
    records = [
        _field(field, own[own["field"].eq(field["field"])], sources)
        for field in fields.to_dict("records")
    ]
    return pd.DataFrame(records)


def _field(field: dict[str, str], rows: pd.DataFrame, sources: Sources) -> dict[str, object]:
    numbers = rows["number"].dropna()
    spread = numbers.quantile([0, 0.5, 1]).tolist() if len(numbers) else [pd.NA] * 3
    return {
        "field": field["field"],
        "label": field["label"],
        "n_meetings": len(rows),
        "n_answered": int(rows["answer"].notna().sum()),
        **dict(zip(("lowest", "middle", "highest"), spread, strict=True)),
        "seen": _choices(field, rows, sources) if field["type"] in CLOSED else "",
    }


def _choices(field: dict[str, str], rows: pd.DataFrame, sources: Sources) -> str:
    labels = vocabulary_labels(sources.study.sheets, field["vocabulary"])
    counts = rows["answer"].dropna().astype(str).str.split().explode().value_counts()
    return "; ".join(f"{labels.get(code, code)} ({n})" for code, n in counts.items())


def observation_texts(sources: Sources, *, row: str) -> pd.DataFrame | NotMeasured:
    """What observers wrote at one row of the scheme: observation, field, phase_name, label, answer.

    Without the community or the place, by field and phase and then by their words: in order of
    the day they would tell of which meeting they are. Only of meetings with at least minimum_base
    of study.toml present. NotMeasured when nobody wrote anything.
    """
    answers, observations = sources.table("observation_answers"), sources.table("observations")
    for missing in (answers, observations):
        if isinstance(missing, NotMeasured):
            return missing
    fields = sources.study.table("observation_fields.csv").query("row == @row and type == 'text'")
    minimum = sources.study.settings["disclosure"]["minimum_base"]
    few = observations.loc[observations["present"].lt(minimum).fillna(False), "observation"]
    own = answers[answers["field"].isin(fields["field"]) & answers["answer"].notna()]
    own = own[~own["observation"].isin(few)]
    own = own.astype({"field": str}).merge(fields[["field", "label", "position"]], on="field")
    if own.empty:
        return NotMeasured(row, "bij deze rij heeft niemand iets opgeschreven")
    labels = {phase["id"]: phase["label"] for phase in sources.study.settings["phases"]}
    phases = observations.set_index("observation")["phase"].astype(str).map(labels)
    own = own.assign(phase_name=own["observation"].map(phases), place=own["position"].astype(int))
    shown = ["observation", "field", "phase_name", "label", "answer"]
    return own.sort_values(["place", "phase_name", "answer"], ignore_index=True)[shown]
