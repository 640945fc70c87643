"""Which chart shows a table of shares: by what identifies its rows."""

from __future__ import annotations

from copanalysis.report.figures import matrix, share_bars, wave_bars
from copanalysis.report.objects import Drawing, Released


def shares(table: Released, *, sort: bool = True) -> Drawing:
    """Shares per option: bars; beside each other for waves; a grid of tints for CoPs.

    ``table`` is a released table of shares per option (label, n, base, share, interval),
    possibly per wave or per CoP. ``sort`` puts the largest share first (bars and waves).
    """
    if "cop" in table.key:
        return matrix(table, rows="label", columns="cop_name", value="share")
    if "wave" in table.key:
        return wave_bars(table, series="wave_name", sort=sort)
    return share_bars(table, sort=sort)
