"""How the data were collected: one register behind paragraph 2.3 and appendix 3."""

from __future__ import annotations

import pandas as pd

from copanalysis.study.plan import Study

INTERVIEWS = "interview_"


def collection_summary(collected: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """The activities per phase and kind, in order of phase and of the register.

    Returns phase, phase_name, kind, n_activities (rows), n_people (the numbers of the register
    added, missing where none is given), start, end, who (communities and parties, in Dutch),
    in_summary and in_appendix (how many of the rows paragraph 2.3 and appendix 3 name).
    """
    labels = {phase["id"]: phase["label"] for phase in study.settings["phases"]}
    rows = [
        (
            phase,
            labels.get(phase, phase),
            kind,
            len(own),
            own["n"].sum(min_count=1),
            own["start"].min(),
            own["end"].fillna(own["start"]).max(),
            _who(own, study),
            int(own["in_summary"].eq("yes").sum()),
            int(own["in_appendix"].eq("yes").sum()),
        )
        for (phase, kind), own in collected.groupby(["phase", "kind"], observed=True, sort=False)
    ]
    columns = ["phase", "phase_name", "kind", "n_activities", "n_people", "start", "end", "who"]
    table = pd.DataFrame(rows, columns=[*columns, "in_summary", "in_appendix"])
    return table.sort_values("phase", kind="stable", ignore_index=True)


def collection_totals(collected: pd.DataFrame) -> pd.DataFrame:
    """One row: n_activities, n_interviews (all kinds of interview), n_calls (phone round),
    n_observed (communities), n_observed_other, n_focus, n_only_appendix (activities that only
    appendix 3 names), n_two_numbers (rows for which the report gives another number or name)."""
    kind, cop = collected["kind"].astype(str), collected["cop"].notna()
    row = {
        "n_activities": len(collected),
        "n_interviews": int(kind.str.startswith(INTERVIEWS).sum()),
        "n_calls": int((kind.eq("phone") & cop).sum()),
        "n_observed": int((kind.eq("observation") & cop).sum()),
        "n_observed_other": int((kind.eq("observation") & ~cop).sum()),
        "n_focus": int(kind.eq("focus_group").sum()),
        "n_only_appendix": int(collected["in_summary"].ne(collected["in_appendix"]).sum()),
        "n_two_numbers": int(collected["also_stated"].notna().sum()),
    }
    return pd.DataFrame([row])


def _who(rows: pd.DataFrame, study: Study) -> str:
    """The communities in one list, or the parties where there are none."""
    cops = rows["cop"].dropna().astype(str).drop_duplicates()
    if len(cops) == len(study.names.ids(kind="cop")):
        return "alle CoP's"
    last = list(study.waves)[-1]
    names = [study.cop_label(cop, wave=last) for cop in cops]
    parties = rows.loc[rows["cop"].isna(), "party"].dropna().drop_duplicates()
    return ", ".join([*names, *parties])
