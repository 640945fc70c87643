"""The shares that the published report printed, ready to hold against recomputed ones."""

from __future__ import annotations

import pandas as pd

from copanalysis.study.plan import Study


def published_shares(study: Study) -> pd.DataFrame:
    """The rows of published.csv that print a share, with numbers as numbers.

    Returns figure, section, item, option, label (of the option), as_printed, printed (percent;
    missing where the report gives words only), base_stated (missing where none is), wave (as
    stated, else as assumed) and note, one row per printed share.
    """
    table = study.table("published.csv").query("statistic == 'share'").reset_index(drop=True)
    wave = table["wave"].where(table["wave"].ne(""), table["wave_assumed"])
    labels = [
        study.options(item, wave=w).set_index("option")["label"].get(option, option)
        for item, option, w in zip(table["item"], table["option"], wave, strict=True)
    ]
    columns = ["figure", "section", "item", "option", "label", "as_printed", "printed"]
    return table.assign(
        wave=wave,
        label=labels,
        printed=pd.to_numeric(table["printed"].replace("", pd.NA)),
        base_stated=pd.to_numeric(table["base_stated"].replace("", pd.NA)).astype("Int64"),
    )[[*columns, "base_stated", "wave", "note"]]
