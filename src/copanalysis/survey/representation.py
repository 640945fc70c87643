"""Who answered beside who could have: response bias per wave and CoP, and what weighting does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from copanalysis.study.measurement import NotMeasured

Answers = pd.DataFrame | NotMeasured


def response_bias(rates: pd.DataFrame) -> pd.DataFrame:
    """How far each CoP is over- or under-represented among the respondents of each wave.

    Takes the table of ``funnel.response_rates``. Returns its rows of single CoPs with
    share_of_members and share_of_respondents (of the respondents that named a CoP; missing in
    a wave without any), bias (the latter minus the former) and weight (what one respondent
    counts for when weighted to members; missing without respondents).
    """
    rows = rates[rates["cop"].ne("")].reset_index(drop=True)
    sums = rows.groupby("wave", sort=False)[["members", "n"]].transform("sum")
    members = rows["members"] / sums["members"]
    people = rows["n"] / sums["n"].replace(0, np.nan)
    return rows.assign(
        share_of_members=members,
        share_of_respondents=people,
        bias=people - members,
        weight=members / people.replace(0, np.nan),
    )


def representation(rates: pd.DataFrame, *, resamples: int, seed: int) -> pd.DataFrame:
    """How representative the respondents of each wave are for the CoPs, in one row per wave.

    Takes the table of ``funnel.response_rates``.

    Returns
    -------
    DataFrame
        wave, base (respondents that named a CoP), members, cops, absent (CoPs without
        respondents), over (CoPs with more answers than members), r_indicator (1 is a response
        equal in all CoPs), statistic and p (goodness of fit of the respondents to the members),
        method, weighting.

    Notes
    -----
    R-indicator: 1 - 2 S of the response rates weighted by members (Schouten, Cobben and
    Bethlehem 2009, Survey Methodology 35:101-113); a rate above 1 counts as 1. p by
    ``resamples`` draws from a multinomial, as R ``chisq.test(simulate.p.value = TRUE)``,
    because the expected counts are small.
    """
    rows = rates[rates["cop"].ne("")]
    parts = rows.groupby("wave", sort=False, observed=True)
    table = pd.DataFrame([_wave(wave, part, resamples, seed) for wave, part in parts])
    method = f"chi-kwadraat, goodness of fit, {resamples} trekkingen"
    return table.assign(method=method, weighting="ongewogen")


def _wave(wave: str, part: pd.DataFrame, resamples: int, seed: int) -> dict[str, object]:
    n, members = part["n"].to_numpy(float), part["members"].to_numpy(float)
    rate, share = np.minimum(n / members, 1), members / members.sum()
    mean = (share * rate).sum()
    spread = np.sqrt((members * (rate - mean) ** 2).sum() / (members.sum() - 1))
    expected = n.sum() * share
    with np.errstate(invalid="ignore"):
        statistic = ((n - expected) ** 2 / expected).sum()
    drawn = np.random.default_rng(seed).multinomial(int(n.sum()), share, size=resamples)
    found = ((drawn - expected) ** 2 / np.maximum(expected, 1e-300)).sum(axis=1)
    extreme = (found >= statistic - 1e-9).sum()
    return {
        "wave": wave,
        "base": int(n.sum()),
        "members": int(members.sum()),
        "cops": len(part),
        "absent": int((n == 0).sum()),
        "over": int((n > members).sum()),
        "r_indicator": 1 - 2 * spread if n.sum() else np.nan,
        "statistic": statistic,
        "p": (extreme + 1) / (resamples + 1) if n.sum() else np.nan,
    }


def weighting_sensitivity(tables: Mapping[str, Answers]) -> Answers:
    """What weighting does to the shares of several items, in one row per item.

    Parameters
    ----------
    tables : mapping of a name to a DataFrame
        From ``design_estimates.weighted_shares``; those that are NotMeasured are left out.

    Returns
    -------
    DataFrame
        name, options, base, weighted_base, effective_base, coverage, n_sensitive (shares that
        shift more than the limit), largest_shift with largest_label, n_swaps (pairs of options
        that change places) and weighting. NotMeasured when no table is left.
    """
    rows = [_row(name, t) for name, t in tables.items() if isinstance(t, pd.DataFrame)]
    if not rows:
        return NotMeasured("weging", "geen van de vragen is gewogen")
    return pd.DataFrame(rows)


def _row(name: str, table: pd.DataFrame) -> dict[str, object]:
    largest = table.loc[table["shift"].abs().idxmax()]
    before, after = (table[c].to_numpy() for c in ("share", "weighted_share"))
    ahead = np.sign(before[:, None] - before[None, :])
    swapped = (ahead > 0) & (np.sign(after[:, None] - after[None, :]) < 0)
    return {
        "name": name,
        "options": len(table),
        **{c: table[c].iloc[0] for c in ("base", "weighted_base", "effective_base", "coverage")},
        "n_sensitive": int(table["sensitive"].sum()),
        "largest_shift": largest["shift"],
        "largest_label": largest["label"],
        "n_swaps": int(swapped.sum()),
        "weighting": table["weighting"].iloc[0],
    }


def weighting_note(table: Answers) -> list[str]:
    """What stands under a table of ``design_estimates.weighted_shares``, in Dutch."""
    if isinstance(table, NotMeasured):
        return []
    first = table.iloc[0]
    said = (
        f"Weging: {first['weighting']}. Gewogen zijn {first['weighted_base']} respondenten, die "
        f"zoveel zeggen als {first['effective_base']:.0f} met gelijk gewicht; CoP's zonder "
        f"antwoorden tellen niet mee ({1 - first['coverage']:.0%} van de leden)."
    )
    labels = "; ".join(f"“{label}”" for label in table.loc[table["sensitive"], "label"])
    return [said, f"Gevoelig voor weging: {labels or 'geen van de opties'}."]
