"""When respondents answered and how long they took."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from copanalysis.twin.allocation import Flags
from copanalysis.twin.targets import WavePlan

DECAY = 4.0  # days in which the response to an invitation falls to a third
SPREAD = 0.38  # of the logarithm of the time taken


def answer_moments(
    rng: np.random.Generator, *, plan: WavePlan, fast: Flags
) -> dict[str, pd.Series]:
    """Columns started, submitted (datetimes) and seconds, one row per flag in ``fast``.

    Answers come in after the invitation and the reminder, on working days in office hours
    sooner; someone answers on the first and on the last day. ``fast`` takes 13 to 25 percent
    of the median time, everyone else at least 45 percent of it; a few leave the page open.
    """
    n = len(fast)
    days = pd.date_range(plan.first, plan.last, freq="D")
    day = np.sort(rng.choice(len(days), size=n, p=_day_weights(days, plan)))
    day[0], day[-1] = 0, len(days) - 1
    rng.shuffle(day)
    clock = np.clip(rng.normal(loc=12.8, scale=2.6, size=n), 7.5, 21.5) * 3600
    usual = np.clip(np.exp(rng.normal(scale=SPREAD, size=n)), 0.45, 3.0)
    usual = np.where(rng.random(n) < 0.03, np.minimum(usual * 8, 12), usual)
    share = np.where(fast, rng.uniform(0.13, 0.25, size=n), usual)
    seconds = np.round(share * plan.median_seconds)
    started = pd.Series(days[day]) + pd.to_timedelta(np.round(clock), unit="s")
    return {
        "started": started.astype("datetime64[us]"),
        "submitted": (started + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us]"),
        "seconds": pd.Series(seconds.astype("int64")),
    }


def _day_weights(days: pd.DatetimeIndex, plan: WavePlan) -> np.ndarray:
    def pulse(sent: date, size: float) -> np.ndarray:
        since = (days - pd.Timestamp(sent)).days.to_numpy()
        return np.where(since >= 0, size * np.exp(-since / DECAY), 0.0)

    weights = 0.1 + pulse(plan.first, 1.0) + pulse(plan.reminder, 0.8)
    weights = weights * np.where(days.day_of_week >= 5, 0.12, 1.0)
    return weights / weights.sum()
