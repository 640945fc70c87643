"""The response funnel: from the rows of a file to the answers that a table rests on."""

from __future__ import annotations

import pandas as pd

from copanalysis.study.plan import Study

ROWS, KEY_ITEM = "rows", "key_item"
STEP_LABELS = {
    ROWS: "Rijen in het bestand",
    "test": "Zonder proefinvullingen",
    "duplicate": "Zonder herhalingen",
    "empty": "Met een inhoudelijk antwoord",
    "speeder": "Zonder snelle invullers",
    "straightliner": "Zonder eentonige invullers",
}


def response_funnel(
    answers: pd.DataFrame, *, respondents: pd.DataFrame, study: Study
) -> pd.DataFrame:
    """Who is left after each step, per wave and CoP.

    Returns one row per wave, CoP ("" for all together) and step: position, n (left after the
    step), removed (by the step). Steps: "rows" (every row of the file), one step per rule of
    [cleaning] left_out in its order, and "key_item" (answered the item that study.toml names).
    A CoP's row counts those who named it; who named none is counted under "onbekend".
    """
    rules = study.settings["cleaning"]["left_out"]
    key = answers["item"].eq(study.settings["cleaning"]["key_item"]) & answers["state"].eq(
        "answered"
    )
    reached = respondents["respondent"].isin(answers.loc[key, "respondent"])
    frames = []
    left = pd.Series(True, index=respondents.index)
    for position, step in enumerate([ROWS, *rules, KEY_ITEM]):
        before = left
        if step in rules:
            left = left & respondents["left_out"].ne(step)
        elif step == KEY_ITEM:
            left = left & reached
        frames.append(_counts(respondents, left, before).assign(step=step, position=position))
    table = pd.concat(frames, ignore_index=True)
    columns = ["wave", "cop", "step", "position", "n", "removed"]
    return table[columns].sort_values(["wave", "cop", "position"], ignore_index=True)


def _counts(respondents: pd.DataFrame, left: pd.Series, before: pd.Series) -> pd.DataFrame:
    cop = respondents["cop"].astype("string").replace("", "onbekend")
    people = pd.DataFrame({"wave": respondents["wave"], "cop": cop, "n": left, "before": before})
    each = people.groupby(["wave", "cop"], observed=True)[["n", "before"]].sum().reset_index()
    total = people.groupby("wave", observed=True)[["n", "before"]].sum().reset_index()
    both = pd.concat([total.assign(cop=""), each], ignore_index=True)
    return both.assign(removed=both["before"] - both["n"]).drop(columns="before")


def funnel_steps(funnel: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """The funnel as a reader sees it: with a Dutch label per step and the share of all rows.

    Takes the table of ``response_funnel`` (of any waves); adds step_label and share (n of the rows
    of the same wave and CoP; missing without rows).
    """
    key = study.settings["cleaning"]["key_item"]
    short = next(item.short for item in study.items if item.id == key)
    labels = {**STEP_LABELS, KEY_ITEM: f"Beantwoordde de vraag naar: {short.lower()}"}
    rows = funnel["n"].where(funnel["step"].eq(ROWS))
    all_rows = rows.groupby([funnel["wave"], funnel["cop"]], observed=True).transform("max")
    return funnel.assign(
        step_label=[labels.get(step, step) for step in funnel["step"]],
        share=funnel["n"] / all_rows.replace(0, pd.NA),
    )


def response_rates(respondents: pd.DataFrame, *, study: Study) -> pd.DataFrame:
    """Respondents in the analysis per wave and CoP beside the members of the CoP.

    Returns wave, cop, label, n, members, rate (n of members; missing where there are more
    answers than members, which ``over`` says), one row for every CoP of the study in every
    wave that was measured, also without answers, and one per wave for all CoPs together (cop "").
    """
    used = respondents[respondents["used"]]
    members = {"": study.population(), **study.members()}
    rows = []
    for wave in [wave for wave in study.waves if respondents["wave"].eq(wave).any()]:
        cops = used.loc[used["wave"].eq(wave), "cop"].astype(str)
        counts = {**cops.value_counts().to_dict(), "": len(cops)}
        for cop in ("", *study.names.ids(kind="cop")):
            label = study.cop_label(cop, wave=wave) if cop else "Alle CoP's"
            rows.append((wave, cop, label, counts.get(cop, 0), members[cop]))
    table = pd.DataFrame(rows, columns=["wave", "cop", "label", "n", "members"])
    over = table["n"] > table["members"]
    return table.assign(over=over, rate=(table["n"] / table["members"]).mask(over))


def per_wave(rates: pd.DataFrame, *, value: str) -> pd.DataFrame:
    """One column of ``response_rates`` side by side per wave.

    Returns cop, label (the name in the last wave), members and a column per wave id; CoPs in
    the order of the study, all together first.
    """
    last = rates.drop_duplicates("cop", keep="last")[["cop", "label", "members"]]
    wide = rates.pivot(index="cop", columns="wave", values=value).reset_index()
    return last.merge(wide, on="cop")
